import Text

/// A name in a line of known_hosts, or a pattern of names.
struct HostPattern: Sendable {
    /// As it stands there, without its `!`.
    let text: String
    /// In small letters; of `[web-01]:2222` only `web-01`.
    let name: String
    /// Whether the line is not of such names.
    let isNegated: Bool

    init(_ pattern: Substring) {
        isNegated = pattern.hasPrefix("!")
        let text = pattern.dropFirst(isNegated ? 1 : 0)
        self.text = String(text)
        let end = text.hasPrefix("[") ? text.lastIndex(of: "]") : nil
        name = (end.map { text[..<$0].dropFirst() } ?? text).lowercased()
    }

    var isGlob: Bool { name.contains { "*?".contains($0) } }

    /// 2222 of `[web-01]:2222`.
    var port: UInt16? {
        guard let end = text.lastIndex(of: "]") else { return nil }
        return UInt16(text[end...].dropFirst(2))
    }

    /// - Parameter name: in small letters.
    func matches(_ name: String) -> Bool {
        guard isGlob else { return self.name == name }
        return FoldedGlob(self.name)?.matches(Array(name.utf8)[...]) ?? false
    }

    /// A name that it matches, in the way in which it is listed: with its port, and of no pattern with its
    /// capitals.
    func text(of name: String) -> String {
        if !isGlob { return text }
        guard text.hasPrefix("["), let end = text.lastIndex(of: "]") else { return name }
        return "[\(name)" + text[end...]
    }
}

extension [HostPattern] {
    /// A name as the patterns list it; nil if they do not.
    /// - Parameter name: in small letters.
    func text(of name: String) -> String? {
        if contains(where: { $0.isNegated && $0.matches(name) }) { return nil }
        return first { !$0.isNegated && $0.matches(name) }?.text(of: name)
    }
}
