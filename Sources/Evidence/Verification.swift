package import Files
package import Records

/// Verifies snapshot files without a database.
package struct Verification: ~Copyable {
    /// The verdict on a file.
    package enum Verdict: String, Sendable, CaseIterable {
        /// All snapshots are complete and unaltered.
        case complete
        /// The file ends early.
        case truncated
        /// The content is not what a collector writes, or was altered.
        case corrupt
        /// A newer version or larger limits are needed.
        case unsupported
        /// The operating system cannot read the file.
        case unreadable
        /// The file is whole, but not signed or listed as the user requires, or as its custody log has
        /// it; or a custody log has files that are not there.
        case untrusted
    }

    /// The result of verifying one file.
    package struct VerifiedFile: Sendable {
        /// The path as given, or as found in a directory; `-` for standard input.
        package let path: String
        /// The result of reading the file.
        package let reading: FileReading
        /// The number of complete snapshots; in a bad file, of those before the error.
        package let snapshots: Int
        /// The host and the time of the first snapshot: `web-01, 2026-11-30T09:00:00Z`; nil if there is
        /// none.
        package let first: String?
        /// Whether it is a log and no snapshot file.
        package let isCustodyLog: Bool

        /// The verdict that the error stands for.
        package var verdict: Verdict {
            switch reading.error?.code {
            case nil: .complete
            case .truncated: .truncated
            case .corrupt: .corrupt
            case .unsupported, .tooLarge: .unsupported
            case .unreadable: .unreadable
            case .untrusted: .untrusted
            }
        }
    }

    private let limits: SnapshotLimits
    private let checks: EvidenceChecks
    private var buffers = SnapshotBuffers()
    /// Of the files that were read, if there is a custody log.
    private var digests: Set<ContentDigest> = []
    /// The digest of each snapshot of a complete file so far and the path of that, by the snapshot's
    /// id.
    private var seen: [String: (sha256: String, path: String)] = [:]

    /// Begins without any snapshot seen.
    /// - Parameters:
    ///   - limits: the limits of the reader.
    ///   - checks: what the files are compared with, and decrypted with.
    package init(limits: SnapshotLimits, _ checks: EvidenceChecks = EvidenceChecks()) {
        self.limits = limits
        self.checks = checks
    }

    /// Reads a file to its end, or to its first error. A snapshot whose id has been seen with
    /// another digest, in this file or in a complete one, is an error too.
    /// - Throws: `Interrupted` after Ctrl-C, if that is expected.
    package mutating func verify(
        _ source: EvidenceSearch.Source
    ) throws(Interrupted) -> VerifiedFile {
        try Interruption.check()
        var snapshots = 0
        var conflict: SnapshotError?
        var first: String?
        let path = source.path
        var ofFile: [String: (sha256: String, path: String)] = [:]
        func count(_ snapshot: Snapshot) -> Bool {
            snapshots += 1
            if first == nil {
                let host = snapshot.host.hostname ?? snapshot.host.hostID
                first = "\(host), \(snapshot.header.takenAt)"
            }
            let id = snapshot.header.id
            if let other = ofFile[id] ?? seen[id], other.sha256 != snapshot.sha256 {
                conflict = SnapshotError(
                    .corrupt, "the snapshot \(id) has different content in \(other.path)")
            } else {
                ofFile[id] = (snapshot.sha256, path)
            }
            return !Interruption.hasHappened
        }
        if var log = checks.custody.reading(of: source, besides: digests) {
            checks.complete(&log, of: source)
            return VerifiedFile(
                path: path, reading: log, snapshots: 0, first: nil, isCustodyLog: true)
        }
        guard var reading = FileReading(source, limits, checks, &buffers, count) else {
            throw Interrupted()
        }
        digests.add(of: reading, if: checks)
        if reading.error == nil { reading.error = conflict }
        if reading.error == nil { seen.merge(ofFile) { $1 } }
        return VerifiedFile(
            path: path, reading: reading, snapshots: snapshots, first: first, isCustodyLog: false)
    }
}
