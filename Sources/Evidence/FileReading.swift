import Records

/// What there is to say of a file that was read.
package struct FileReading: Sendable {
    /// Bytes; nil where that is not known.
    package private(set) var size: Int?
    /// Of the file's bytes, in lower-case hexadecimal.
    package private(set) var sha256: String?
    package var error: SnapshotError?
    /// Of a file whose bytes have been loaded before: how many snapshots there are in it. They have
    /// not been read again.
    package private(set) var knownSnapshots: Int?

    init(
        size: Int? = nil, sha256: String? = nil, error: SnapshotError? = nil,
        knownSnapshots: Int? = nil
    ) {
        self.size = size
        self.sha256 = sha256
        self.error = error
        self.knownSnapshots = knownSnapshots
    }

    /// Reads a file to its end, or to its first fault.
    /// - Parameter take: is given each snapshot, and says whether to go on.
    /// - Returns: nil where it was not to go on.
    init?(
        _ input: consuming EvidenceInput, _ limits: SnapshotLimits,
        _ buffers: inout SnapshotBuffers, _ take: (Snapshot) -> Bool
    ) {
        var file = SnapshotFile(input, limits: limits, buffers: buffers)
        var isWanted = true
        do throws(SnapshotError) {
            while isWanted, let snapshot = try file.next() { isWanted = take(snapshot) }
        } catch {
            self.error = error
        }
        if isWanted && error?.code != .unreadable {
            // That somebody wrote to the file goes before what was wrong with what was there.
            do throws(SnapshotError) { sha256 = try file.finishDigest() } catch {
                self.error = error
            }
        }
        size = file.sizeOnDisk ?? (sha256 == nil ? nil : file.size)
        buffers = file.close()
        if !isWanted { return nil }
    }
}
