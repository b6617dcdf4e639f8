package import Database
import Linux
package import Snapshot

/// One run of loading files into a database.
package struct Ingest {
    /// What has been done, so far or altogether.
    package struct Summary: Sendable, Equatable {
        package var files = 0
        package var loadedSnapshots = 0
        package var knownSnapshots = 0
        package var rejectedFiles = 0
        package var processes = 0
        package var users = 0

        package init() {}
    }

    /// Called after each file and each transaction.
    package var onProgress: (Summary) -> Void = { _ in }
    /// Called for each file of which nothing lands, with its path and what is wrong.
    package var onRejection: (String, SnapshotError) -> Void = { _, _ in }
    private let limits: SnapshotLimits

    package init(limits: SnapshotLimits = SnapshotLimits()) { self.limits = limits }

    /// Loads what is new in the files. A file that is bad is reported and passed over whole.
    /// - Throws: where the database fails; files before stay loaded.
    package func run(
        _ sources: [EvidenceSearch.Source], into database: any Database
    ) throws(DatabaseError) -> Summary {
        var transactions = try IngestTransactions(
            database, onProgress: onProgress, onRejection: onRejection)
        let readAhead = ReadAhead(
            sources, limits: limits,
            known: try Loader.knownFiles(in: database, given: sources.count))
        defer { readAhead.cancel() }
        do {
            for source in sources { try transactions.load(source.path, from: readAhead) }
            try transactions.finish()
        } catch {
            database.rollback()
            // That a file is bad is true all the same.
            transactions.tellRejections()
            throw error
        }
        return transactions.summary
    }
}

/// Collects files until there are enough of them to be written together, and writes them until there
/// is enough for a transaction. The database is held for a few seconds at the most, and never while
/// nothing comes in; but a file that is larger than a batch is one transaction.
///
/// Where several programs write to a server at once it may undo the transaction of one of them.
/// That one then does all of it again. So a transaction there is one batch, or one large file, whose
/// parts are kept until it is committed.
private struct IngestTransactions {
    private let database: any Database
    private let onProgress: (Ingest.Summary) -> Void
    private let onRejection: (String, SnapshotError) -> Void
    private var loader: Loader

    /// Of what is committed.
    private(set) var summary = Ingest.Summary()
    /// Whole files that wait for being written together.
    private var batch: [EvidenceFile] = []
    private var batchRows = 0
    private var batchBytes = 0
    private var isInTransaction = false
    private var transactionStart = ContinuousClock.now
    /// Whether what is in the transaction is a part of a large file.
    private var isInsideFile = false
    /// What the transaction has loaded so far.
    private var loaded = Ingest.Summary()
    /// Parts of a large file that are written but not committed, where that may have to be done
    /// again.
    private var written: [EvidenceFile] = []

    private static let filesPerBatch = 2_000
    /// The more, the fewer pages of an index that is larger than the cache are gone through again.
    private static let rowsPerBatch = 300_000
    private static let bytesPerBatch = 16 << 20
    private static let transactionDuration = Duration.seconds(2)

    init(
        _ database: any Database, onProgress: @escaping (Ingest.Summary) -> Void,
        onRejection: @escaping (String, SnapshotError) -> Void
    ) throws(DatabaseError) {
        self.database = database
        self.onProgress = onProgress
        self.onRejection = onRejection
        loader = try Loader(database)
    }

    /// Takes the next file from the reader.
    mutating func load(_ path: String, from reader: ReadAhead) throws(DatabaseError) {
        let file = try nextPart(of: path, from: reader)
        if file.reading != nil {
            try append(file)
        } else {
            try finish()
            try loadLarge(file, from: reader)
        }
    }

    private mutating func append(_ file: EvidenceFile) throws(DatabaseError) {
        batch.append(file)
        batchRows += file.rowCount
        batchBytes += file.byteCount
        let isFull = batch.count >= Self.filesPerBatch || isEnough(batchRows, batchBytes)
        if isFull { try writeBatch() } else { tellProgress(files: batch.count) }
    }

    private func isEnough(_ rows: Int, _ bytes: Int) -> Bool {
        rows >= min(Self.rowsPerBatch, database.rowsPerTransaction) || bytes >= Self.bytesPerBatch
    }

    /// Reads to the file's end, or until there is enough to be written.
    private mutating func nextPart(
        of path: String, from reader: ReadAhead
    ) throws(DatabaseError) -> EvidenceFile {
        var part = EvidenceFile(path: path)
        while !isEnough(part.rowCount, part.byteCount) {
            switch try nextStep(from: reader) {
            case .snapshot(let snapshot): part.append(snapshot)
            case .fileEnd(let reading):
                part.reading = reading
                return part
            }
        }
        return part
    }

    /// Others may write while nothing comes in, unless what is written is a part of a file.
    private mutating func nextStep(from reader: ReadAhead) throws(DatabaseError) -> ReadingStep {
        if isInTransaction && !isInsideFile {
            if let step = reader.nextSoon() { return step }
            try commit()
        }
        return reader.next()
    }

    /// Loads a file that is too large to be held in memory, part by part in one transaction.
    private mutating func loadLarge(
        _ firstPart: EvidenceFile, from reader: ReadAhead
    ) throws(DatabaseError) {
        var part = firstPart
        isInsideFile = true
        defer { isInsideFile = false }
        while true {
            if let error = try write([part], isPart: true)[0].error {
                undo()
                written = []
                while part.reading == nil { part = try nextPart(of: part.path, from: reader) }
                part.reading?.error = error
                return try append(EvidenceFile(path: part.path, reading: part.reading))
            }
            if part.reading != nil { break }
            tellProgress(files: 0)
            part = try nextPart(of: part.path, from: reader)
        }
        summary.files += 1
        tellProgress(files: 0)
    }

    /// Writes and commits what there is.
    mutating func finish() throws(DatabaseError) {
        try writeBatch()
        if isInTransaction { try commit() }
    }

    /// Writes the files that wait.
    private mutating func writeBatch() throws(DatabaseError) {
        if batch.isEmpty { return }
        let outcomes = try write(batch)
        for (index, outcome) in outcomes.enumerated() {
            summary.files += 1
            if let error = outcome.error {
                summary.rejectedFiles += 1
                onRejection(batch[index].path, error)
            }
        }
        batch = []
        batchRows = 0
        batchBytes = 0
        tellProgress(files: 0)
    }

    /// Tells which of the files that wait are bad.
    func tellRejections() {
        for file in batch {
            if let error = file.reading?.error { onRejection(file.path, error) }
        }
    }

    /// - Parameter files: how many have been read but are not committed.
    private func tellProgress(files: Int) {
        var sum = summary
        sum.add(loaded)
        sum.files += files
        onProgress(sum)
    }

    /// Writes files, and commits them if there is enough in the transaction; or a part of a large one,
    /// whose last part commits it unless it has an error.
    private mutating func write(
        _ files: [EvidenceFile], isPart: Bool = false
    ) throws(DatabaseError) -> [Loader.Outcome] {
        var conflict = Conflict()
        while true {
            do throws(DatabaseError) {
                if !isInTransaction {
                    try database.beginWriting()
                    isInTransaction = true
                    transactionStart = .now
                    for part in written {
                        let outcome = try loader.load([part])[0]
                        // Another program has loaded something else under one of its ids.
                        if outcome.error != nil { return [outcome] }
                        loaded.add(outcome.loaded)
                    }
                }
                let outcomes = try loader.load(files)
                for outcome in outcomes { loaded.add(outcome.loaded) }
                if isPart && (files[0].reading == nil || outcomes[0].error != nil) {
                    if database.mayConflict { written += files }
                } else if isPart || database.mayConflict || isLong {
                    try commit()
                }
                return outcomes
            } catch {
                undo()
                try conflict.wait(after: error)
            }
        }
    }

    private var isLong: Bool {
        loaded.processes >= database.rowsPerTransaction
            || .now - transactionStart > Self.transactionDuration
    }

    private mutating func commit() throws(DatabaseError) {
        try database.commit()
        isInTransaction = false
        summary.add(loaded)
        loaded = Ingest.Summary()
        written = []
    }

    private mutating func undo() {
        database.rollback()
        loader.forget()  // it remembers what has been undone
        isInTransaction = false
        loaded = Ingest.Summary()
    }
}

extension Ingest.Summary {
    fileprivate mutating func add(_ other: Self) {
        files += other.files
        loadedSnapshots += other.loadedSnapshots
        knownSnapshots += other.knownSnapshots
        rejectedFiles += other.rejectedFiles
        processes += other.processes
        users += other.users
    }
}
