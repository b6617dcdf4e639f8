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

    /// What `census coverage` has to know of a rejection: receipts have it as a value, as the words of a
    /// reason may change, and may be in a path.
    package enum Cause: String, Sendable {
        /// The custody log beside the file has its name with another digest.
        case otherDigest = "custody_digest"
        /// The custody log beside the file has it as signed, and there is no signature, or one by
        /// another key.
        case otherSigner = "custody_signature"
        /// Of a custody log: files that it has are not there.
        case missingFiles = "missing_files"
        /// A snapshot of the file is in the database with other content.
        case otherContent = "other_content"
        /// A snapshot of the file was retracted, and it has no others to load.
        case retracted

        /// Whether the file is not as the log beside it has it. What was accepted of the same name or the
        /// same bytes at another place says nothing against that.
        package var isContradictionByLog: Bool { self == .otherDigest || self == .otherSigner }
    }

    /// The kind of error.
    package var code: Code
    /// The line of the uncompressed text, counted from 1 over the whole file; nil if the error has
    /// no line.
    package var line: Int?
    /// What is wrong and what to do, in words for the user.
    package var reason: String
    /// The cause; nil if it is none of these.
    package private(set) var cause: Cause?

    /// An error with or without a line.
    package init(_ code: Code, line: Int? = nil, _ reason: String, cause: Cause? = nil) {
        self.code = code
        self.line = line
        self.reason = reason
        self.cause = cause
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
