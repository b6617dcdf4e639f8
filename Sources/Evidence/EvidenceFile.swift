import Files
package import SystemPackage
package import Text

/// A file of snapshots on its way into the database, or the next part of one that is large.
package struct EvidenceFile: Sendable {
    package let source: EvidenceSearch.Source
    /// As the user gave it, or as it was found.
    package let path: String
    package private(set) var snapshots: [Snapshot] = []
    /// What there is to say of the file; nil where more of it is to come.
    package private(set) var reading: FileReading?
    /// When it had been read so far, by this machine's clock.
    package private(set) var receivedAt: Timestamp

    /// Processes and users in `snapshots`.
    package private(set) var rowCount = 0
    /// Bytes of memory, about.
    package private(set) var byteCount = 256

    package init(_ source: EvidenceSearch.Source) {
        self.source = source
        path = source.path
        receivedAt = Self.now
    }

    /// Linux has no clock that is beyond a year of four digits.
    private static var now: Timestamp { Timestamp.now()! }

    package mutating func append(_ snapshot: Snapshot) {
        snapshots.append(snapshot)
        rowCount += snapshot.processes.rows.count + snapshot.users.count
        byteCount += 1024 + snapshot.byteCount
    }

    /// Notes that what there is has been read by now.
    /// - Parameter reading: nil where more of the file is to come.
    package mutating func finish(_ reading: FileReading?) {
        self.reading = reading
        receivedAt = Self.now
    }

    /// The same without what is in it.
    package func rejected(_ error: SnapshotError) -> EvidenceFile {
        var file = EvidenceFile(source)
        file.reading = reading
        file.reading?.error = error
        file.receivedAt = receivedAt
        return file
    }

    /// Whether a snapshot can be of this moment.
    package func isPossible(_ date: Timestamp) -> Bool {
        date.unixSeconds <= receivedAt.unixSeconds + ClockTolerance.seconds
    }

    /// Where the file lay, from the root on; nil for standard input.
    /// - Parameter directory: the working directory; nil where it is not known.
    package func absolutePath(in directory: FilePath?) -> String? {
        switch source {
        case .standardInput: return nil
        case .file(let path, _), .unreadable(let path, _):
            let directory = path.isAbsolute ? "/" : directory
            return directory.map { path.absolute(in: $0).text }
        }
    }
}

/// Files that need not be read.
package struct KnownFiles: Sendable {
    /// How many snapshots there are in each.
    package var snapshots: [FileDigest: Int] = [:]
    /// Bytes; a file of another size is none of them.
    package var sizes: Set<Int> = []

    package init() {}
}
