import Snapshot

/// A file of assignments that a shell could read, `NAME=value` a line, as os-release(5) describes
/// it and systemd-logind writes it.
struct Assignments: Equatable {
    private var values: [String: String] = [:]

    /// Takes a value bare or in double or single quotes, with a backslash before `$`, quotes, back
    /// quotes and backslashes. What is no assignment is passed over.
    init(_ bytes: [UInt8]) {
        for line in RawText(bytes).repaired.split(whereSeparator: \.isNewline) {
            let line = line.trimmingWhitespace()
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            values[String(line[..<equals])] = Self.unquoted(line[line.index(after: equals)...])
        }
    }

    /// An empty value says no more than none.
    subscript(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// A value without its quotes and backslashes. Read as Python's `freedesktop_os_release` does,
    /// which os-release(5) names as an example: a backslash counts within single quotes too.
    private static func unquoted(_ value: Substring) -> String {
        var value = value
        if let quote = value.first, quote == "\"" || quote == "'", value.count > 1,
            value.last == quote
        {
            value = value.dropFirst().dropLast()
        }
        var result = ""
        var isEscaped = false
        for character in value {
            if character == "\\" && !isEscaped {
                isEscaped = true
                continue
            }
            if isEscaped && !"$\"'`\\".contains(character) { result.append("\\") }
            result.append(character)
            isEscaped = false
        }
        return result
    }
}

extension StringProtocol {
    func trimmingWhitespace() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
