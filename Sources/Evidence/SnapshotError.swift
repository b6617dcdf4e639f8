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

    static func wrongType(_ key: String, _ type: String) -> SnapshotError {
        .corrupt("\"\(key)\" is not \(type)")
    }

    static func tooLong(_ key: String, _ limits: SnapshotLimits) -> SnapshotError {
        SnapshotError(
            .tooLarge(.text), "\"\(key)\" is longer than \(limits.textBytes) bytes")
    }

    static func nameTooLong(_ key: String, _ limits: SnapshotLimits) -> SnapshotError {
        SnapshotError(
            .tooLarge(.name), "\"\(key)\" is longer than \(limits.nameScalars) characters")
    }

    static func corrupt(_ reason: String) -> SnapshotError { SnapshotError(.corrupt, reason) }
}
