import Age
import Records

/// The result of reading a file.
package struct FileReading: Sendable {
    /// The size in bytes; nil if unknown.
    package private(set) var size: Int?
    /// SHA-256 of the file's bytes in lower-case hexadecimal; nil if the file was not read to its
    /// end.
    package private(set) var sha256: String?
    /// Why the file is bad; nil if it is not.
    package var error: SnapshotError?
    /// The number of snapshots in a file that has been loaded before, and is not parsed again; nil
    /// for any other file.
    package private(set) var knownSnapshots: Int?
    /// For which kinds of recipients the file is encrypted with age, such as `X25519`; nil if it is not
    /// encrypted, or was not decrypted.
    package private(set) var recipientKinds: [String]?

    init(
        size: Int? = nil, sha256: String? = nil, error: SnapshotError? = nil,
        knownSnapshots: Int? = nil
    ) {
        self.size = size
        self.sha256 = sha256
        self.error = error
        self.knownSnapshots = knownSnapshots
    }

    /// Reads a file to its end, or to its first error.
    /// - Parameters:
    ///   - identities: what an encrypted file is decrypted with.
    ///   - take: called with each snapshot; returns whether to continue.
    /// - Returns: nil if `take` stopped the reading.
    init?(
        _ input: consuming EvidenceInput, _ limits: SnapshotLimits, _ identities: AgeIdentities,
        _ buffers: inout SnapshotBuffers, _ take: (Snapshot) -> Bool
    ) {
        var file = SnapshotFile(
            input, limits: limits, identities: identities, buffers: buffers)
        var isWanted = true
        do throws(SnapshotError) {
            while isWanted, let snapshot = try file.next() { isWanted = take(snapshot) }
        } catch {
            self.error = error
        }
        if isWanted && error?.code != .unreadable {
            // A concurrent change of the file takes precedence over an error in its content.
            do throws(SnapshotError) { sha256 = try file.finishDigest() } catch {
                self.error = error
            }
        }
        size = file.sizeOnDisk ?? (sha256 == nil ? nil : file.size)
        recipientKinds = file.recipientKinds
        buffers = file.close()
        if !isWanted { return nil }
    }
}
