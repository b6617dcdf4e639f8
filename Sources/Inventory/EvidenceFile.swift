import Snapshot

/// A file of snapshots on its way into the database, or the next part of one that is large.
struct EvidenceFile: Sendable {
    let path: String
    private(set) var snapshots: [Snapshot] = []
    /// What there is to say of the file; nil where more of it is to come.
    var reading: FileReading?

    /// Processes and users in `snapshots`.
    private(set) var rowCount = 0
    /// Bytes of memory, about.
    private(set) var byteCount = 256

    init(path: String, reading: FileReading? = nil) {
        self.path = path
        self.reading = reading
    }

    mutating func append(_ snapshot: Snapshot) {
        snapshots.append(snapshot)
        rowCount += snapshot.processes.rows.count + snapshot.users.count
        byteCount += 1024 + snapshot.byteCount
    }
}

/// Files that need not be read.
struct KnownFiles: Sendable {
    /// How many snapshots there are in each.
    var snapshots: [FileDigest: Int] = [:]
    /// Bytes; a file of another size is none of them.
    var sizes: Set<Int> = []
}
