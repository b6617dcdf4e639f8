import Text

/// A file of assignments that a shell could read, `NAME=value` a line, as os-release(5) describes
/// it and systemd-logind writes it.
struct Assignments: Equatable {
    private var values: [String: String] = [:]

    /// Takes a value bare or in double or single quotes, with a backslash before `$`, quotes, back
    /// quotes and backslashes, and a comment behind it. What is no assignment is skipped.
    init(_ bytes: [UInt8]) {
        for line in textLines(bytes) {
            let line = line.trimmingWhitespace()
            guard !line.begins(with: "#"), let (name, value) = line.divided(at: "=") else {
                continue
            }
            values[String(name)] = Self.unquoted(value)
        }
    }

    /// Those of one section, `[System]`, of a file that has several.
    init(section: String, _ bytes: [UInt8]) {
        let lines = textLines(bytes).map { $0.trimmingWhitespace() }
        let start = lines.firstIndex(of: "[\(section)]") ?? lines.endIndex
        let text = lines[start...].dropFirst().prefix { !$0.begins(with: "[") }
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
        var result = String.UnicodeScalarView()
        /// The length up to where blanks count, because they were quoted.
        var kept = 0
        var quote: Unicode.Scalar?
        /// A quote within a bare word is a part of it: `Bob's`.
        var mayOpen = true
        var isEscaped = false
        for scalar in value.unicodeScalars {
            if scalar == "\\" && !isEscaped {
                isEscaped = true
                continue
            }
            if isEscaped {
                if !"$\"'`\\".unicodeScalars.contains(scalar) { result.append("\\") }
                isEscaped = false
            } else if scalar == quote {
                (quote, mayOpen) = (nil, true)
                kept = result.count
                continue
            } else if quote == nil && mayOpen && (scalar == "\"" || scalar == "'") {
                quote = scalar
                continue
            } else if quote == nil && scalar == "#" && result.last.map(isBlank) ?? false
                && result.count > kept
            {
                break
            } else {
                mayOpen = false
            }
            result.append(scalar)
        }
        if isEscaped { result.append("\\") }
        while result.count > kept, let last = result.last, isBlank(last) { result.removeLast() }
        return String(result)
    }
}
