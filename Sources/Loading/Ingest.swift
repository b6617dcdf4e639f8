package import Database
package import Evidence
package import Records
package import SystemPackage

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

    /// Who loads the files, and where: for their receipts. Nil is not known.
    package struct Desk: Sendable {
        /// The login name, or the user id in digits.
        package var user: String?
        /// The name of the machine.
        package var machine: String?
        /// The program and its version.
        package var program: String?
        /// The working directory, without symbolic links.
        package var directory: FilePath?

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
    /// Called for each file of which nothing lands, with its path and what is wrong.
    package var onRejection: (String, SnapshotError) -> Void = { _, _ in }
    private let limits: SnapshotLimits
    private let desk: Desk

    package init(limits: SnapshotLimits = SnapshotLimits(), at desk: Desk = Desk()) {
        self.limits = limits
        self.desk = desk
    }

    /// Loads what is new in the files. A file that is bad, or that has a value which the database does
    /// not take, is reported and passed over whole.
    /// - Throws: where the database fails; files before stay loaded.
    package func run(
        _ sources: [EvidenceSearch.Source], into database: any Database
    ) throws(DatabaseError) -> Summary {
        var transactions = try IngestTransactions(
            database, limits, desk, onProgress: onProgress, onRejection: onRejection)
        let reader = SnapshotReader(
            sources, limits: limits,
            known: try Receipts.knownFiles(in: database, given: sources.count))
        defer { reader.cancel() }
        do {
            for source in sources { try transactions.load(source, from: reader) }
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
