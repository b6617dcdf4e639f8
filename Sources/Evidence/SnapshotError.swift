import Age
package import Records

/// Why a snapshot file is bad.
package struct SnapshotError: Error, Equatable, CustomStringConvertible {
    /// The kind of error.
    package enum Code: Sendable, Equatable {
        /// The file ends early.
        case truncated
        /// The content is not what a collector writes, or was altered.
        case corrupt
        /// A newer format, or content that this version does not read.
        case unsupported
        /// The content exceeds a limit of the reader.
        case tooLarge(SnapshotLimits.Limit)
        /// The operating system cannot read the bytes.
        case unreadable
        /// The file is whole, but not signed or listed as the user or its custody log requires.
        case untrusted
    }

    /// The kind of error.
    package var code: Code
    /// The line of the uncompressed text, counted from 1 over the whole file; nil if the error has
    /// no line.
    package var line: Int?
    /// What is wrong and what to do, in words for the user.
    package var reason: String

    /// An error with or without a line.
    package init(_ code: Code, line: Int? = nil, _ reason: String) {
        self.code = code
        self.line = line
        self.reason = reason
    }

    /// `line 12: "pid" is missing`.
    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }

    init(_ error: AgeError) {
        let code: Code =
            switch error.kind {
            case .noMatch, .unsupported, .version: .unsupported
            case .truncated, .truncatedHeader: .truncated
            case .header, .armor, .mac, .payload, .key, .tooLong: .corrupt
            }
        self.init(code, error.reason)
    }

    // Keys are given as UTF-8.

    static func wrongType(_ key: [UInt8], _ type: String) -> SnapshotError {
        .corrupt("\(quoted(key)) is not \(type)")
    }

    static func outOfRange(_ key: [UInt8]) -> SnapshotError {
        .corrupt("\(quoted(key)) is out of range")
    }

    static func twice(_ key: [UInt8]) -> SnapshotError {
        .corrupt("\(quoted(key)) is given twice")
    }

    static func holdsNUL(_ key: [UInt8]) -> SnapshotError {
        .corrupt("\(quoted(key)) contains a NUL")
    }

    static func missing(_ key: StaticString) -> SnapshotError {
        .corrupt("\"\(key)\" is missing")
    }

    static func tooLong(_ key: [UInt8], _ limits: SnapshotLimits) -> SnapshotError {
        SnapshotError(
            .tooLarge(.text), "\(quoted(key)) is longer than \(limits.textBytes) bytes")
    }

    static func nameTooLong(_ key: [UInt8], _ limits: SnapshotLimits) -> SnapshotError {
        SnapshotError(
            .tooLarge(.name), "\(quoted(key)) is longer than \(limits.nameScalars) characters")
    }

    static func corrupt(_ reason: String) -> SnapshotError { SnapshotError(.corrupt, reason) }
}

private func quoted(_ key: [UInt8]) -> String { "\"\(String(decoding: key, as: UTF8.self))\"" }
