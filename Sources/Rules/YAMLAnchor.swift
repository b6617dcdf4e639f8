/// The search for anchors of YAML, which rules must not contain.
enum YAMLAnchor {
    /// The position of a possible anchor, such as `&a`; nil if there is certainly none.
    ///
    /// Without an anchor no alias is valid. Anchors are rejected before the YAML is parsed: a few
    /// lines of aliases can expand beyond any memory ("billion laughs"). After a letter or digit,
    /// `&` is part of a text.
    static func first(in text: String) -> RulesFile.Fault.Position? {
        var line = 1
        var column = 1
        var previous: Unicode.Scalar = "\n"
        var ampersand: RulesFile.Fault.Position?
        for scalar in text.unicodeScalars {
            if let ampersand, isWord(scalar) { return ampersand }
            ampersand = nil
            if scalar == "&" && !isWord(previous) { ampersand = .init(line: line, column: column) }
            column += 1
            if scalar == "\n" { (line, column) = (line + 1, 1) }
            previous = scalar
        }
        return nil
    }

    /// Whether libyaml allows the character in an anchor name.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }
}
