package import Snapshot

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
    package struct Finding: Sendable {
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

    package init(limits: SnapshotLimits) { self.limits = limits }

    /// Reads a file to its end, or to its first fault.
    package mutating func verify(_ source: EvidenceSearch.Source) -> Finding {
        var snapshots = 0
        func count(_: Snapshot) -> Bool {
            snapshots += 1
            return true
        }
        var reading: FileReading?
        do throws(SnapshotError) {
            reading = FileReading(try source.open(), limits, &buffers, count)
        } catch {
            reading = FileReading(error: error)
        }
        return Finding(path: source.path, reading: reading!, snapshots: snapshots)
    }
}
