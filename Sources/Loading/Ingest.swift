package import Database
package import Evidence
package import Records
package import SystemPackage

/// One run of loading files into a database.
package struct Ingest {
    /// The counts of a run, in progress or complete.
    package struct Summary: Sendable, Equatable {
        /// Files that have been read.
        package var files = 0
        /// Snapshots that were new and have been loaded.
        package var loadedSnapshots = 0
        /// Snapshots that were in the database already.
        package var knownSnapshots = 0
        /// Files that were rejected.
        package var rejectedFiles = 0
        /// Processes of the loaded snapshots.
        package var processes = 0
        /// Items of lists in the loaded snapshots, for each of `ListedKind.all`.
        package var items = ListedKind.all.map { _ in 0 }
        /// The files whose signatures are not good.
        package var signatures = DoubtfulSignatures()
        /// Whether the user interrupted the run before its end.
        package var isInterrupted = false

        /// All counts are 0.
        package init() {}
    }

    /// Who loads the files and where, for their receipts. Nil means unknown.
    package struct Desk: Sendable {
        /// The login name, or the user id in digits.
        package var user: String?
        /// The name of the machine.
        package var machine: String?
        /// The program and its version.
        package var program: String?
        /// The working directory, without symbolic links.
        package var directory: FilePath?

        /// Nil means unknown.
        package init(
            user: String? = nil, machine: String? = nil, program: String? = nil,
            directory: FilePath? = nil
        ) {
            self.user = user
            self.machine = machine
            self.program = program
            self.directory = directory
        }
    }

    /// Called after each file and each transaction.
    package var onProgress: (Summary) -> Void = { _ in }
    /// Called when all files are loaded, before the index of a new database is made.
    package var onIndexing: () -> Void = {}
    /// Called for each rejected file, with its path and the reason.
    package var onRejection: (String, SnapshotError) -> Void = { _, _ in }
    /// Whether the user has asked for the run to stop. What has been read until then is kept.
    package var isInterrupted: () -> Bool = { false }
    private let limits: SnapshotLimits
    private let checks: EvidenceChecks
    private let options: Options

    /// How files are loaded.
    struct Options {
        /// For the receipts.
        let desk: Desk
        /// Whether snapshots that were retracted are loaded.
        let areRetractedLoaded: Bool
    }

    /// Prepares a run.
    /// - Parameters:
    ///   - limits: the limits of the reader.
    ///   - checks: what the files are compared with, and decrypted with.
    ///   - again: whether snapshots that were retracted are loaded again, and not rejected.
    package init(
        limits: SnapshotLimits = SnapshotLimits(), _ checks: EvidenceChecks = EvidenceChecks(),
        at desk: Desk = Desk(), again: Bool = false
    ) {
        self.limits = limits
        self.checks = checks
        options = Options(desk: desk, areRetractedLoaded: again)
    }

    /// Loads the new snapshots of the files. A bad file, or one with a value that the database
    /// refuses, is reported and skipped as a whole.
    /// - Throws: if the database fails; files loaded before stay loaded.
    package func run(
        _ sources: [EvidenceSearch.Source], into database: any Database
    ) throws(DatabaseError) -> Summary {
        var checks = checks
        if !checks.custody.isEmpty {
            checks.custody.compare(with: try Receipts.custodyLogs(in: database)) { path in
                EvidenceFile(.file(path, followingLink: false))
                    .absolutePath(in: options.desk.directory)
            }
            checks.custody.add(
                loaded: try Receipts.accepted(checks.custody.digests, in: database))
        }
        var transactions = try IngestTransactions(
            database, limits, checks, options, onProgress: onProgress, onRejection: onRejection,
            isInterrupted: isInterrupted)
        let reader = SnapshotReader(
            sources, limits: limits,
            known: try Receipts.knownFiles(in: database, given: sources.count), checks)
        defer { reader.cancel() }
        var isInterrupted = false
        do {
            for source in sources {
                isInterrupted = self.isInterrupted()
                if !isInterrupted { isInterrupted = try !transactions.load(source, from: reader) }
                if isInterrupted { break }
            }
            try transactions.finish()
            onIndexing()
            try Self.makeKeyIndex(&transactions)
        } catch {
            database.rollback()
            // That a file is bad is true all the same.
            transactions.tellRejections()
            throw error
        }
        var summary = transactions.summary
        summary.isInterrupted = isInterrupted
        summary.signatures = transactions.signatures
        return summary
    }

    private static func makeKeyIndex(
        _ transactions: inout IngestTransactions
    ) throws(DatabaseError) {
        do throws(DatabaseError) { try transactions.makeKeyIndex() } catch {
            var failure = error
            failure.message +=
                "; what was loaded stays, and the next ingest makes the index that is missing"
            throw failure
        }
    }
}
