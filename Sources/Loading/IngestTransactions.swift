import Database
import Evidence
import Records

/// Collects files until there are enough of them to be written together, and writes them until there
/// is enough for a transaction. The database is held for a few seconds at the most, and never while
/// nothing comes in; but a file that is larger than a batch is one transaction.
///
/// Where several programs write to a server at once it may undo the transaction of one of them.
/// That one then does all of it again. So a transaction there is one batch, or one large file, whose
/// parts are kept until it is committed.
///
/// Where the database refuses a value the transaction is undone as well. What was in it before is
/// then read again, and the batch is written in halves until the file at fault is alone.
struct IngestTransactions {
    private let database: any Database
    private let limits: SnapshotLimits
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
    /// What the transaction has done so far.
    private var loaded = Ingest.Summary()
    /// The whole files that are written but not committed.
    private var uncommitted: [EvidenceSearch.Source] = []
    /// Those of them that are bad, and why.
    private var rejections: [(path: String, error: SnapshotError)] = []
    /// Parts of a large file that are written but not committed, where that may have to be done
    /// again.
    private var written: [EvidenceFile] = []

    private static let filesPerBatch = 2_000
    /// The more, the fewer pages of an index that is larger than the cache are gone through again.
    private static let rowsPerBatch = 300_000
    private static let bytesPerBatch = 16 << 20
    private static let transactionDuration = Duration.seconds(2)

    init(
        _ database: any Database, _ limits: SnapshotLimits, _ desk: Ingest.Desk,
        onProgress: @escaping (Ingest.Summary) -> Void,
        onRejection: @escaping (String, SnapshotError) -> Void
    ) throws(DatabaseError) {
        self.database = database
        self.limits = limits
        self.onProgress = onProgress
        self.onRejection = onRejection
        loader = try Loader(database, desk)
    }

    /// Takes the next file from the reader.
    mutating func load(
        _ source: EvidenceSearch.Source, from reader: SnapshotReader
    ) throws(DatabaseError) {
        let file = try nextPart(of: source, from: reader)
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
        of source: EvidenceSearch.Source, from reader: SnapshotReader
    ) throws(DatabaseError) -> EvidenceFile {
        var part = EvidenceFile(source)
        while !isEnough(part.rowCount, part.byteCount) {
            switch try nextStep(from: reader) {
            case .snapshot(let snapshot): part.append(snapshot)
            case .fileEnd(let reading):
                part.finish(reading)
                return part
            }
        }
        part.finish(nil)
        return part
    }

    /// Others may write while nothing comes in, unless what is written is a part of a file.
    private mutating func nextStep(from reader: SnapshotReader) throws(DatabaseError) -> ReadingStep {
        if isInTransaction && !isInsideFile {
            if let step = reader.nextSoon() { return step }
            try commit()
        }
        return reader.next()
    }

    /// Loads a file that is too large to be held in memory, part by part in one transaction.
    private mutating func loadLarge(
        _ firstPart: EvidenceFile, from reader: SnapshotReader
    ) throws(DatabaseError) {
        var part = firstPart
        isInsideFile = true
        defer { isInsideFile = false }
        while true {
            if let error = try fault(ofPart: part) {
                undo()
                written = []
                while part.reading == nil { part = try nextPart(of: part.source, from: reader) }
                return try append(part.rejected(error))
            }
            if part.reading != nil { break }
            tellProgress(files: 0)
            part = try nextPart(of: part.source, from: reader)
        }
        summary.files += 1
        tellProgress(files: 0)
    }

    /// Writes a part of a large file.
    /// - Returns: why the file is bad, if it is.
    private mutating func fault(ofPart part: EvidenceFile) throws(DatabaseError) -> SnapshotError? {
        do throws(DatabaseError) {
            return try write([part], isPart: true)[0].error
        } catch {
            guard error.code == .valueRefused else { throw error }
            return SnapshotError(error)
        }
    }

    /// Writes and commits what there is.
    mutating func finish() throws(DatabaseError) {
        try writeBatch()
        if isInTransaction { try commit() }
    }

    /// Writes the files that wait.
    private mutating func writeBatch() throws(DatabaseError) {
        if batch.isEmpty { return }
        let before = uncommitted
        do throws(DatabaseError) {
            _ = try write(batch)
        } catch {
            guard error.code == .valueRefused else { throw error }
            let files = batch
            emptyBatch()
            try reload(before)
            try writeDivided(files)
        }
        emptyBatch()
        tellProgress(files: 0)
    }

    private mutating func emptyBatch() {
        batch = []
        batchRows = 0
        batchBytes = 0
    }

    /// Reads and writes again what was in a transaction that has been undone.
    private mutating func reload(_ sources: [EvidenceSearch.Source]) throws(DatabaseError) {
        if sources.isEmpty { return }
        let reader = SnapshotReader(sources, limits: limits, known: KnownFiles())
        defer { reader.cancel() }
        for source in sources { try load(source, from: reader) }
        try finish()
    }

    /// Writes files of which at least one has a value that the database refuses. It is rejected.
    private mutating func writeDivided(_ files: [EvidenceFile]) throws(DatabaseError) {
        var pending = [files[...]]
        while let part = pending.popLast() {
            // What is bad of it is told even if the database fails.
            batch = Array(part)
            do throws(DatabaseError) {
                _ = try write(batch)
                if isInTransaction { try commit() }
            } catch {
                guard error.code == .valueRefused else { throw error }
                if part.count > 1 {
                    let middle = part.startIndex + part.count / 2
                    pending += [part[middle...], part[..<middle]]
                } else {
                    try reject(part[part.startIndex], SnapshotError(error))
                }
            }
        }
    }

    private mutating func reject(
        _ file: EvidenceFile, _ error: SnapshotError
    ) throws(DatabaseError) {
        let rejected = file.rejected(error)
        do throws(DatabaseError) {
            _ = try write([rejected])
            if isInTransaction { try commit() }
        } catch {
            guard error.code == .valueRefused else { throw error }
            // Not even its receipt is taken.
            count([rejected], [Loader.Outcome(error: rejected.reading?.error)])
            settle()
        }
    }

    /// Tells which files are bad of those that are not committed.
    func tellRejections() {
        for (path, error) in rejections { onRejection(path, error) }
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
        var conflict = RetryBackoff()
        let earlierRejections = rejections
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
                if isPart {
                    loaded.add(outcomes[0].loaded)
                    if files[0].reading != nil && outcomes[0].error == nil {
                        try commit()
                    } else if database.mayConflict {
                        written += files
                    }
                } else {
                    count(files, outcomes)
                    if database.mayConflict || isLong || files.contains(where: \.isGone) {
                        try commit()
                    }
                }
                return outcomes
            } catch {
                undo()
                do throws(DatabaseError) { try conflict.wait(after: error) } catch {
                    // They are true even where the database fails. (After a refusal they are found
                    // anew.)
                    if error.code != .valueRefused { rejections = earlierRejections }
                    throw error
                }
            }
        }
    }

    /// Counts whole files as written.
    private mutating func count(_ files: [EvidenceFile], _ outcomes: [Loader.Outcome]) {
        for (file, outcome) in zip(files, outcomes) {
            loaded.add(outcome.loaded)
            loaded.files += 1
            uncommitted.append(file.source)
            if let error = outcome.error {
                loaded.rejectedFiles += 1
                rejections.append((file.path, error))
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
        settle()
    }

    private mutating func settle() {
        summary.add(loaded)
        for (path, error) in rejections { onRejection(path, error) }
        forgetTransaction()
        written = []
    }

    private mutating func undo() {
        database.rollback()
        loader.forget()  // it remembers what has been undone
        isInTransaction = false
        forgetTransaction()
    }

    private mutating func forgetTransaction() {
        loaded = Ingest.Summary()
        uncommitted = []
        rejections = []
    }
}

extension EvidenceFile {
    /// Whether it cannot be read a second time.
    fileprivate var isGone: Bool { source == .standardInput }
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
