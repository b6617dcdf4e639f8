package import Age
package import Records

/// Verifies snapshot files without a database.
package struct Verification: ~Copyable {
    /// What is said of a file.
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
    }

    /// The result of verifying one file.
    package struct VerifiedFile: Sendable {
        /// The path as given, or as found in a directory; `-` for standard input.
        package let path: String
        /// The result of reading the file.
        package let reading: FileReading
        /// The number of complete snapshots; in a bad file, of those before the error.
        package let snapshots: Int

        /// The verdict that the error stands for.
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
    private let identities: AgeIdentities
    private var buffers = SnapshotBuffers()
    /// The digest of each snapshot so far and the path of its file, by the snapshot's id.
    private var seen: [String: (sha256: String, path: String)] = [:]

    /// Begins without any snapshot seen.
    /// - Parameters:
    ///   - limits: the limits of the reader.
    ///   - identities: what encrypted files are decrypted with.
    package init(limits: SnapshotLimits, identities: AgeIdentities = AgeIdentities()) {
        self.limits = limits
        self.identities = identities
    }

    /// Reads a file to its end, or to its first error. A snapshot whose id has been seen with
    /// another digest is an error too.
    package mutating func verify(_ source: EvidenceSearch.Source) -> VerifiedFile {
        var snapshots = 0
        var conflict: SnapshotError?
        let path = source.path
        func count(_ snapshot: Snapshot) -> Bool {
            snapshots += 1
            let id = snapshot.header.id
            if let other = seen[id], other.sha256 != snapshot.sha256 {
                conflict = SnapshotError(
                    .corrupt, "the snapshot \(id) has different content in \(other.path)")
            } else {
                seen[id] = (snapshot.sha256, path)
            }
            return true
        }
        var reading: FileReading?
        do throws(SnapshotError) {
            reading = FileReading(try source.open(), limits, identities, &buffers, count)
        } catch {
            reading = FileReading(error: error)
        }
        if reading?.error == nil { reading?.error = conflict }
        return VerifiedFile(path: path, reading: reading!, snapshots: snapshots)
    }
}
