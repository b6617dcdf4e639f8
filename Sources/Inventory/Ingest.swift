package import Database
import Dispatch
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

    /// Called after each snapshot and each file.
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
        let readAhead = ReadAhead(sources, limits: limits)
        defer { readAhead.cancel() }
        var transaction = IngestTransaction(
            database, readAhead, onProgress: onProgress, onRejection: onRejection)
        do {
            for source in sources {
                if !readAhead.hasStep(within: .seconds(1)) {
                    // It may take long; others may write meanwhile.
                    try transaction.commit()
                    readAhead.waitForStep()
                }
                try transaction.load(source.path)
            }
            try transaction.commit()
        } catch {
            database.rollback()
            // That a file is bad is true all the same.
            transaction.tellRejections()
            throw error
        }
        return transaction.summary
    }
}

/// The files that are loaded in one transaction, one transaction after the other.
///
/// Where two programs write to a server at once it may undo the transaction of one of them. That
/// one then does all of it again: what it read since the last commit is kept until the next.
private struct IngestTransaction {
    private let database: any Database
    private let readAhead: ReadAhead
    private let onProgress: (Ingest.Summary) -> Void
    private let onRejection: (String, SnapshotError) -> Void
    private var loader: Loader?

    /// Of what is committed.
    private(set) var summary = Ingest.Summary()
    /// Of the files that have been loaded since.
    private var uncommitted = Ingest.Summary()
    private var files: [File] = []

    private struct File {
        let path: String
        /// What was read of it, where it may be needed again.
        var steps: [ReadingStep] = []
        var outcome = Ingest.Summary()
        var error: SnapshotError?
    }

    private static let maxAttempts = 20

    init(
        _ database: any Database, _ readAhead: ReadAhead,
        onProgress: @escaping (Ingest.Summary) -> Void,
        onRejection: @escaping (String, SnapshotError) -> Void
    ) {
        self.database = database
        self.readAhead = readAhead
        self.onProgress = onProgress
        self.onRejection = onRejection
    }

    /// Loads the next file.
    mutating func load(_ path: String) throws(DatabaseError) {
        files.append(File(path: path))
        try untilItSucceeds { (transaction, isAgain) throws(DatabaseError) in
            let new = transaction.files.count - 1
            for index in (isAgain ? 0 : new)...new { try transaction.loadFile(index) }
            if transaction.loader!.isTransactionFull { try transaction.loader!.commit() }
        }
        if !loader!.isInTransaction { finishFiles() }
    }

    mutating func commit() throws(DatabaseError) {
        try untilItSucceeds { (transaction, isAgain) throws(DatabaseError) in
            if isAgain {
                for index in transaction.files.indices { try transaction.loadFile(index) }
            }
            try transaction.loader?.commit()
        }
        finishFiles()
    }

    /// What is committed is told, and need not be kept.
    private mutating func finishFiles() {
        for file in files { summary.add(file.outcome) }
        tellRejections()
        files = []
        uncommitted = Ingest.Summary()
        onProgress(summary)
    }

    func tellRejections() {
        for file in files {
            if let error = file.error { onRejection(file.path, error) }
        }
    }

    /// - Parameter body: is told whether the transaction has been undone and all of its files are
    ///   to be loaded again.
    private mutating func untilItSucceeds(
        _ body: (inout Self, _ isAgain: Bool) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        for attempt in 1... {
            do throws(DatabaseError) { return try body(&self, attempt > 1) } catch {
                guard error.code == .conflict && attempt < Self.maxAttempts else { throw error }
                database.rollback()
                loader = nil  // it remembers what has been undone
                uncommitted = Ingest.Summary()
                // Each waits another time, so that the same two do not meet again.
                CallingProcess.sleep(milliseconds: .random(in: 1...10 * attempt))
            }
        }
    }

    private mutating func loadFile(_ index: Int) throws(DatabaseError) {
        if loader == nil { loader = try Loader(database) }
        let path = files[index].path
        files[index].outcome = Ingest.Summary()
        files[index].error = nil
        try loader!.beginFile(path: path)
        var conflict: SnapshotError?
        var position = 0
        while true {
            let step: ReadingStep
            if position < files[index].steps.count {
                step = files[index].steps[position]
            } else {
                step = readAhead.next()
                if database.mayConflict { files[index].steps.append(step) }
            }
            position += 1
            switch step {
            case .snapshot(let snapshot):
                if conflict != nil { continue }  // nothing of the file will land
                switch try loader!.load(snapshot) {
                case .loaded:
                    files[index].outcome.loadedSnapshots += 1
                    files[index].outcome.processes += snapshot.processes.rows.count
                    files[index].outcome.users += snapshot.users.count
                case .known: files[index].outcome.knownSnapshots += 1
                case .conflicting:
                    conflict = SnapshotError(
                        .corrupt,
                        "snapshot \(snapshot.header.id) is in the database with other content")
                }
                showProgress(files[index].outcome)
            case .fileEnd(let reading):
                let error = reading.error ?? conflict
                try loader!.endFile(
                    path: path, reading, hasNews: files[index].outcome.loadedSnapshots > 0,
                    rejection: error?.description)
                if error != nil {
                    files[index].outcome = Ingest.Summary()
                    files[index].outcome.rejectedFiles = 1
                    files[index].error = error
                }
                files[index].outcome.files = 1
                uncommitted.add(files[index].outcome)
                return showProgress()
            }
        }
    }

    /// - Parameter file: what is done of a file that is not at its end.
    private func showProgress(_ file: Ingest.Summary = Ingest.Summary()) {
        var sum = summary
        sum.add(uncommitted)
        sum.add(file)
        onProgress(sum)
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
