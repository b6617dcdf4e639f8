import Files
package import SystemPackage
package import Text

/// A file of snapshots to be loaded, or one part of a large file.
package struct EvidenceFile: Sendable {
    /// Where the bytes come from.
    package let source: EvidenceSearch.Source
    /// The path as given by the user, or as found in a directory; `-` for standard input.
    package let path: String
    /// The snapshots of the file, or of this part, in the order of the file.
    package private(set) var snapshots: [Snapshot] = []
    /// The result of reading the file; nil if more parts follow.
    package private(set) var reading: FileReading?
    /// When the file, or this part of it, had been read, by this machine's clock.
    package private(set) var receivedAt: Timestamp

    /// Number of processes and items of lists in `snapshots`.
    package private(set) var rowCount = 0
    /// Approximate memory use in bytes.
    package private(set) var byteCount = 256

    /// Begins a file, or the next part of one, without snapshots.
    package init(_ source: EvidenceSearch.Source) {
        self.source = source
        path = source.path
        receivedAt = Self.now
    }

    /// `Timestamp.now()` is nil only after the year 9999.
    private static var now: Timestamp { Timestamp.now()! }

    /// Adds a snapshot and updates `rowCount` and `byteCount`.
    package mutating func append(_ snapshot: Snapshot) {
        snapshots.append(snapshot)
        rowCount += snapshot.rowCount
        byteCount += 1024 + snapshot.byteCount
    }

    /// Records the time at which the file, or this part of it, had been read.
    /// - Parameter reading: the result of reading; nil if more parts follow.
    package mutating func finish(_ reading: FileReading?) {
        self.reading = reading
        receivedAt = Self.now
    }

    /// The same file without its snapshots, rejected with `error`.
    package func rejected(_ error: SnapshotError) -> EvidenceFile {
        var file = EvidenceFile(source)
        file.reading = reading
        file.reading?.error = error
        file.receivedAt = receivedAt
        return file
    }

    /// Whether `date` is not later than the time of reading, apart from the tolerance for clocks
    /// that differ (`ClockTolerance`).
    package func isPossible(_ date: Timestamp) -> Bool {
        date.unixSeconds <= receivedAt.unixSeconds + ClockTolerance.seconds
    }

    /// The absolute path of the file; nil for standard input, or if the path is relative and the
    /// working directory is unknown.
    /// - Parameter directory: the working directory; nil if unknown.
    package func absolutePath(in directory: FilePath?) -> String? {
        switch source {
        case .standardInput: return nil
        case .file(let path, _), .unreadable(let path, _):
            let directory = path.isAbsolute ? "/" : directory
            return directory.map { path.absolute(in: $0).text }
        }
    }
}

/// Files that have been loaded before and need not be parsed again.
package struct KnownFiles: Sendable {
    /// The number of snapshots in each file, by the file's digest.
    package var snapshots: [ContentDigest: Int] = [:]
    /// The sizes of the files in bytes. Only a file of one of these sizes needs to be hashed.
    package var sizes: Set<Int> = []

    /// No known files.
    package init() {}
}
