package import Records

/// What is wrong with a snapshot file.
package struct SnapshotError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The file stops before its end.
        case truncated
        /// The bytes are not what a collector writes, or not those that it wrote.
        case corrupt
        /// A later format, or a snapshot of a kind that this version does not read.
        case unsupported
        /// More than the reader's limits allow.
        case tooLarge(SnapshotLimits.Limit)
        /// The operating system does not give the bytes.
        case unreadable
    }

    package var code: Code
    /// The line of the uncompressed text, counted from 1 over the whole file.
    package var line: Int?
    package var reason: String

    package init(_ code: Code, line: Int? = nil, _ reason: String) {
        self.code = code
        self.line = line
        self.reason = reason
    }

    /// `line 12: "pid" is missing`.
    package var description: String { line.map { "line \($0): \(reason)" } ?? reason }

    // Keys are their UTF-8.

    static func wrongType(_ key: [UInt8], _ type: String) -> SnapshotError {
        .corrupt("\(quoted(key)) is not \(type)")
    }

    static func outOfRange(_ key: [UInt8]) -> SnapshotError {
        .corrupt("\(quoted(key)) is out of range")
    }

    static func twice(_ key: [UInt8]) -> SnapshotError {
        .corrupt("\(quoted(key)) stands there twice")
    }

    static func holdsNUL(_ key: [UInt8]) -> SnapshotError {
        .corrupt("\(quoted(key)) holds a NUL")
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
