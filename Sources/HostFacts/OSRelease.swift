import Snapshot

/// What os-release(5) says of the operating system.
struct OSRelease: Equatable {
    private var fields: [String: String] = [:]

    /// Reads the assignments of a file that a shell could read: `NAME=value`, the value bare or
    /// in double or single quotes, with a backslash before `$`, quotes, back quotes and backslashes.
    /// What is no assignment is passed over.
    init(_ bytes: [UInt8]) {
        for line in RawText(bytes).repaired.split(whereSeparator: \.isNewline) {
            let line = line.trimmingWhitespace()
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            fields[String(line[..<equals])] = Self.unquoted(line[line.index(after: equals)...])
        }
    }

    /// An empty value says no more than none.
    subscript(_ name: String) -> String? {
        guard let value = fields[name], !value.isEmpty else { return nil }
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

    /// The record for the file's facts.
    /// - Parameter kernel: the kernel's release, the version where there is no file at all.
    static func record(_ release: OSRelease?, kernel: String?) -> OSVersionRecord {
        guard let release else {
            var record = OSVersionRecord(name: "Linux")
            record.version = kernel
            return record
        }
        // os-release(5): NAME defaults to "Linux". A rolling release has no VERSION_ID.
        var record = OSVersionRecord(name: release["NAME"] ?? "Linux")
        record.version =
            release["VERSION_ID"] ?? release["VERSION"] ?? release["BUILD_ID"]
            ?? release["VERSION_CODENAME"]
        record.platform = release["ID"]
        record.platformLike = release["ID_LIKE"]
        record.codename = release["VERSION_CODENAME"]
        return record
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
