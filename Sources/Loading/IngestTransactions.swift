import Database
import Evidence
import Records

/// Collects files into batches, and batches into transactions. A transaction holds the database for
/// a few seconds at most, and never while input is awaited; but a file larger than a batch is one
/// transaction.
///
/// A server may roll back a transaction that conflicts with another one, and it is then repeated.
/// On a server a transaction is therefore one batch, or one large file whose parts are kept until
/// the commit.
///
/// If the database refuses a value, the transaction is rolled back too. The files written in it are
/// read again, and the batch is written in halves until the refused file is alone.
struct IngestTransactions {
    private let database: any Database
    private let limits: SnapshotLimits
    private let checks: EvidenceChecks
    private let onProgress: (Ingest.Summary) -> Void
    private let onRejection: (String, SnapshotError) -> Void
    private let isInterrupted: () -> Bool
    private var loader: Loader

    /// The digests of the files that were read, if there is a custody log to compare them with.
    private var digests: Set<ContentDigest> = []
    /// The files whose signatures are not good.
    private(set) var signatures = DoubtfulSignatures()
    /// The counts of what is committed.
    private(set) var summary = Ingest.Summary()
    /// Complete files pending to be written.
    private var batch: [EvidenceFile] = []
    private var batchRows = 0
    private var batchBytes = 0
    private var isInTransaction = false
    private var transactionStart = ContinuousClock.now
    /// Whether the transaction holds a part of a large file.
    private var isInsideFile = false
    /// The counts of the open transaction.
    private var loaded = Ingest.Summary()
    /// The complete files that are written but not committed.
    private var uncommitted: [EvidenceSearch.Source] = []
    /// Those of them that are rejected, and why.
    private var rejections: [(path: String, error: SnapshotError)] = []
    /// The parts of a large file that are written but not committed, if the transaction may have to
    /// be repeated.
    private var written: [EvidenceFile] = []

    private static let filesPerBatch = 2_000
    /// The larger the batch, the fewer pages are read twice of an index that exceeds the cache.
    private static let rowsPerBatch = 300_000
    private static let bytesPerBatch = 16 << 20
    private static let transactionDuration = Duration.seconds(2)

    init(
        _ database: any Database, _ limits: SnapshotLimits, _ checks: EvidenceChecks,
        _ options: Ingest.Options,
        onProgress: @escaping (Ingest.Summary) -> Void,
        onRejection: @escaping (String, SnapshotError) -> Void,
        isInterrupted: @escaping () -> Bool
    ) throws(DatabaseError) {
        self.database = database
        self.limits = limits
        self.checks = checks
        self.onProgress = onProgress
        self.onRejection = onRejection
        self.isInterrupted = isInterrupted
        loader = try Loader(database, options)
    }

    /// Loads the next file of the reader.
    /// - Returns: false if the user interrupted that; nothing of the file is loaded.
    mutating func load(
        _ source: EvidenceSearch.Source, from reader: SnapshotReader
    ) throws(DatabaseError) -> Bool {
        guard let file = try nextPart(of: source, from: reader) else { return false }
        if file.reading != nil {
            try append(file)
            return true
        }
        try finish()
        return try loadLarge(file, from: reader)
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

    /// Reads to the end of the file, or until a batch is full.
    /// - Returns: nil if the user interrupted that.
    private mutating func nextPart(
        of source: EvidenceSearch.Source, from reader: SnapshotReader
    ) throws(DatabaseError) -> EvidenceFile? {
        var part = EvidenceFile(source)
        while !isEnough(part.rowCount, part.byteCount) {
            switch try nextStep(from: reader) {
            case nil: return nil
            case .snapshot(let snapshot): part.append(snapshot)
            case .fileEnd(let reading):
                signatures.add(reading)
                digests.add(of: reading, if: checks)
                part.finish(reading)
                return part
            }
        }
        part.finish(nil)
        return part
    }

    /// Commits while input is awaited, so that other programs may write, unless the transaction
    /// holds a part of a file.
    /// - Returns: nil if the user interrupted that.
    private mutating func nextStep(
        from reader: SnapshotReader
    ) throws(DatabaseError) -> ReadingStep? {
        while true {
            if let step = reader.nextSoon() { return step }
            if isInterrupted() { return nil }
            if isInTransaction && !isInsideFile { try commit() }
        }
    }

    /// Loads a file that exceeds a batch, part by part in one transaction.
    private mutating func loadLarge(
        _ firstPart: EvidenceFile, from reader: SnapshotReader
    ) throws(DatabaseError) -> Bool {
        var part = firstPart
        isInsideFile = true
        defer { isInsideFile = false }
        while true {
            if let error = try fault(ofPart: part) {
                undo()
                written = []
                while part.reading == nil {
                    guard let next = try nextPart(of: part.source, from: reader) else {
                        return false
                    }
                    part = next
                }
                try append(part.rejected(error))
                return true
            }
            if part.reading != nil { break }
            tellProgress(files: 0)
            guard let next = try nextPart(of: part.source, from: reader) else {
                undo()
                written = []
                return false
            }
            part = next
        }
        summary.files += 1
        tellProgress(files: 0)
        return true
    }

    /// Writes a part of a large file.
    /// - Returns: why the file is rejected; nil if it is not.
    private mutating func fault(ofPart part: EvidenceFile) throws(DatabaseError) -> SnapshotError? {
        do throws(DatabaseError) {
            return try write([part], isPart: true)[0].error
        } catch {
            guard error.code == .valueRefused else { throw error }
            return SnapshotError(error)
        }
    }

    /// Writes and commits everything pending.
    mutating func finish() throws(DatabaseError) {
        try writeBatch()
        if isInTransaction { try commit() }
    }

    /// Makes the index that was left out while a new database was filled.
    mutating func makeKeyIndex() throws(DatabaseError) { try loader.makeKeyIndex() }

    /// Writes the pending files.
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

    /// Reads and writes again the files of a transaction that was rolled back.
    private mutating func reload(_ sources: [EvidenceSearch.Source]) throws(DatabaseError) {
        if sources.isEmpty { return }
        let reader = SnapshotReader(
            sources, limits: limits, known: KnownFiles(), checks, besides: digests)
        defer { reader.cancel() }
        for source in sources { if try !load(source, from: reader) { break } }
        try finish()
    }

    /// Writes files of which at least one has a value that the database refuses. That file is
    /// rejected.
    private mutating func writeDivided(_ files: [EvidenceFile]) throws(DatabaseError) {
        var pending = [files[...]]
        while let part = pending.popLast() {
            // Bad files in it are reported even if the database fails.
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
            // The database refuses even the receipt.
            count([rejected], [Loader.Outcome(error: rejected.reading?.error)])
            settle()
        }
    }

    /// Reports the bad files that are not committed.
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

    /// Writes files and commits if the transaction is large enough; or writes a part of a large
    /// file, whose last part commits it unless it has an error.
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
                        // Another program has loaded different content under one of its ids.
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
                    // They are valid even if the database fails. (After a refused value they are
                    // determined again.)
                    if error.code != .valueRefused { rejections = earlierRejections }
                    throw error
                }
            }
        }
    }

    /// Counts complete files as written.
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
        loader.forget()  // it caches ids of rolled back rows
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
    /// Whether it cannot be read again.
    fileprivate var isGone: Bool { source == .standardInput }
}

extension Ingest.Summary {
    fileprivate mutating func add(_ other: Self) {
        files += other.files
        loadedSnapshots += other.loadedSnapshots
        knownSnapshots += other.knownSnapshots
        rejectedFiles += other.rejectedFiles
        processes += other.processes
        for kind in items.indices { items[kind] += other.items[kind] }
    }
}
