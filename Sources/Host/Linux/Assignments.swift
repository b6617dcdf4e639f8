import Text

/// A file of assignments that a shell could read, `NAME=value` a line, as os-release(5) describes
/// it and systemd-logind writes it.
struct Assignments: Equatable {
    private var values: [String: String] = [:]

    /// Takes a value bare or in double or single quotes, with a backslash before `$`, quotes, back
    /// quotes and backslashes, and a comment behind it. What is no assignment is passed over.
    init(_ bytes: [UInt8]) {
        for line in textLines(bytes) {
            let line = line.trimmingWhitespace()
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            let name = line[..<equals].trimmingWhitespace()
            values[String(name)] = Self.unquoted(line[line.index(after: equals)...])
        }
    }

    /// Those of one section, `[System]`, of a file that has several.
    init(section: String, _ bytes: [UInt8]) {
        let lines = textLines(bytes).map { $0.trimmingWhitespace() }
        let start = lines.firstIndex(of: "[\(section)]") ?? lines.endIndex
        let text = lines[start...].dropFirst().prefix { !$0.hasPrefix("[") }
        self.init(Array(text.joined(separator: "\n").utf8))
    }

    var isEmpty: Bool { values.isEmpty }

    /// An empty value says no more than none.
    subscript(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// A value without its quotes and backslashes. Read as Python's `freedesktop_os_release` does,
    /// which os-release(5) names as an example: a backslash counts within single quotes too. As in
    /// a shell, quoted parts follow one another and a comment begins behind a blank.
    private static func unquoted(_ value: Substring) -> String {
        var result = ""
        /// Up to where blanks count, because they were quoted.
        var kept = 0
        var quote: Character?
        /// A quote within a bare word is a part of it: `Bob's`.
        var mayOpen = true
        var isEscaped = false
        for character in value.trimmingWhitespace() {
            if character == "\\" && !isEscaped {
                isEscaped = true
                continue
            }
            if isEscaped {
                if !"$\"'`\\".contains(character) { result.append("\\") }
                isEscaped = false
            } else if character == quote {
                (quote, mayOpen) = (nil, true)
                kept = result.count
                continue
            } else if quote == nil && mayOpen && (character == "\"" || character == "'") {
                quote = character
                continue
            } else if quote == nil && character == "#" && result.last.map(isBlank) ?? false
                && result.count > kept
            {
                break
            } else {
                mayOpen = false
            }
            result.append(character)
        }
        if isEscaped { result.append("\\") }
        while result.count > kept, let last = result.last, isBlank(last) { result.removeLast() }
        return result
    }

    private static func isBlank(_ character: Character) -> Bool { character.isWhitespace }
}
