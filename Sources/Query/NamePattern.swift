package import Text

/// A pattern of names, as `--host` and `census find` have it. Capitals do not count. A name also matches
/// in the way in which tables show it, with escapes such as `\xE9` and `\u202E`, and what it has as a
/// name matches itself, whatever it means as a pattern.
package struct NamePattern: Sendable {
    /// The pattern, as it was given.
    package let text: String
    private let glob: Glob
    /// Whether capitals count in the pattern, which has no meaning in small letters.
    private let isExact: Bool
    /// Compares bytes; nil for a pattern that needs more.
    private let folded: FoldedGlob?
    /// The text in small letters, and the pattern in which the escapes of `readable` are themselves; nil
    /// if these are nothing else than the pattern.
    private let shown: (text: ExactText, glob: Glob?)?

    /// Reads a pattern of glob(7).
    /// - Throws: if the pattern is malformed.
    package init(_ text: String) throws(Glob.InvalidPattern) {
        self.text = text
        let exact = try Glob(text)
        do throws(Glob.InvalidPattern) {
            glob = try Glob(text.lowercased())
            isExact = false
        } catch {
            glob = exact  // a range such as [A-z]
            isExact = true
        }
        folded = FoldedGlob(text)
        let small = text.lowercased()
        // The beginning of one may be followed by a wildcard. Any other backslash takes the next character
        // for what it is, also another backslash.
        let escaped = small.replacing(#/\\(.)/#) {
            ("nrtux".contains($0.output.1) ? "\\" : "") + $0.output.0
        }
        shown =
            small.contains { "[\\".contains($0) }
            ? (ExactText(small), escaped == small ? nil : try? Glob(escaped)) : nil
    }

    /// Whether it is the name of something, without `*`, `?` or a set.
    package var isLiteral: Bool { !text.contains { "*?[\\".contains($0) } }

    /// Whether the whole text matches.
    package func matches(_ name: String) -> Bool {
        glob.matches(name.lowercased()) || isExact && glob.matches(name) || matchesShown(name)
    }

    private func matchesShown(_ name: String) -> Bool {
        guard let shown else { return false }
        let name = readable(name).lowercased()
        return ExactText(name) == shown.text || shown.glob?.matches(name) == true
    }

    /// The same of UTF-8, for a pattern that is compared with very many names.
    func matches(_ utf8: ArraySlice<UInt8>) -> Bool {
        if let isMatch = folded?.matches(utf8) { return isMatch }
        return matches(
            shown == nil ? String(decoding: utf8, as: UTF8.self) : String(carrying: Array(utf8)))
    }
}
