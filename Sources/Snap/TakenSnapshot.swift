import Text

/// A snapshot that has been written.
package struct TakenSnapshot: Sendable, Equatable {
    /// The path of the new file; nil for standard output.
    package var path: String?
    /// The facts in one line.
    package let summary: String
    /// The SHA-256 digest of the file.
    let digest: [UInt8]
    /// What failed after the snapshot was complete, in words for the user: its line in the custody log
    /// is missing. Nil if nothing did.
    package var fault: String?

    /// The digest in one line, for paper.
    package var digestLine: String { "SHA-256 of the file: \(groupedHexadecimal(digest))" }
}
