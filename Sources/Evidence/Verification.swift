package import Records

/// Reads snapshot files without a database, and says of each whether it is whole.
package struct Verification: ~Copyable {
    package enum Verdict: String, Sendable, CaseIterable {
        /// All of its snapshots are whole, as they were written.
        case complete
        /// It stops before its end.
        case truncated
        /// Its bytes are not what a collector writes, or not those that it wrote.
        case corrupt
        /// It needs a newer version, or larger limits.
        case unsupported
        /// The operating system does not give its bytes.
        case unreadable
    }

    /// What was found of one file.
    package struct VerifiedFile: Sendable {
        package let path: String
        package let reading: FileReading
        /// How many whole snapshots it holds, if it is complete, or up to where it is not.
        package let snapshots: Int

        package var verdict: Verdict {
            switch reading.error?.code {
            case nil: .complete
            case .truncated: .truncated
            case .corrupt: .corrupt
            case .unsupported, .tooLarge: .unsupported
            case .unreadable: .unreadable
            }
        }
    }

    private let limits: SnapshotLimits
    private var buffers = SnapshotBuffers()
    /// The snapshots so far by their id: the digest of each, and the file it was in.
    private var seen: [String: (sha256: String, path: String)] = [:]

    package init(limits: SnapshotLimits) { self.limits = limits }

    /// Reads a file to its end, or to its first fault.
    package mutating func verify(_ source: EvidenceSearch.Source) -> VerifiedFile {
        var snapshots = 0
        var conflict: SnapshotError?
        let path = source.path
        func count(_ snapshot: Snapshot) -> Bool {
            snapshots += 1
            let id = snapshot.header.id
            if let other = seen[id], other.sha256 != snapshot.sha256 {
                conflict = SnapshotError(
                    .corrupt, "the snapshot \(id) has other content in \(other.path)")
            } else {
                seen[id] = (snapshot.sha256, path)
            }
            return true
        }
        var reading: FileReading?
        do throws(SnapshotError) {
            reading = FileReading(try source.open(), limits, &buffers, count)
        } catch {
            reading = FileReading(error: error)
        }
        if reading?.error == nil { reading?.error = conflict }
        return VerifiedFile(path: path, reading: reading!, snapshots: snapshots)
    }
}
