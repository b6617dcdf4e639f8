package import Database
import Evidence
import Text

/// Adds the executions of another census database that are not here yet, with their receipts. They
/// are known by their snapshots.
package struct DatabaseJoin {
    /// What was added.
    package struct Summary: Sendable {
        /// Executions that were added.
        package fileprivate(set) var executions = 0
        /// Processes of these.
        package fileprivate(set) var processes = 0
        /// Executions that were here already.
        package fileprivate(set) var known = 0
        /// Why executions were refused.
        package fileprivate(set) var refusals: [String] = []
        /// Executions that stored procedures added there. Nothing identifies them here.
        package fileprivate(set) var withoutSnapshot = 0
        /// Retractions of the other database, which are not copied.
        package fileprivate(set) var retractions = 0
        /// Executions that the user did not wait for.
        package fileprivate(set) var left = 0
    }

    /// The other database, for its receipt.
    package struct Origin: Sendable {
        /// As the user named it.
        package var path: String
        /// Nil for one on a server, or if unknown.
        package var absolutePath: String?
        /// In bytes; nil for one on a server.
        package var size: Int?
        /// Of the file; nil for a database on a server.
        package var sha256: String?

        /// - Parameter path: as the user named it.
        package init(
            path: String, absolutePath: String? = nil, size: Int? = nil, sha256: String? = nil
        ) {
            self.path = path
            self.absolutePath = absolutePath
            self.size = size
            self.sha256 = sha256
        }
    }

    private let source: any Database
    private let target: any Database
    private let origin: Origin
    private let desk: Ingest.Desk
    private let areRetractedLoaded: Bool
    /// Whether the user has asked for the run to stop. What has been added until then is kept.
    package var isInterrupted: () -> Bool = { false }
    private var summary = Summary()
    private var tables: JoinedTables
    /// The receipt of the other database; nil before it is committed.
    private var receipt: Int64?

    /// Prepares to add what is in `source` to `target`. Both have the newest schema, and the caller has
    /// begun a transaction in `source`.
    /// - Parameter again: whether executions that were retracted here are added again.
    package init(
        _ source: any Database, _ origin: Origin, into target: any Database, at desk: Ingest.Desk,
        again: Bool
    ) throws(DatabaseError) {
        self.source = source
        self.target = target
        self.origin = origin
        self.desk = desk
        areRetractedLoaded = again
        tables = try JoinedTables(source, target)
    }

    /// Adds the executions, each transaction some hundred of them whole.
    /// - Throws: if a database fails; what was committed before stays.
    package mutating func run() throws(DatabaseError) -> Summary {
        let all = try source.prepare(
            """
            SELECT Execution_ID, Snapshot_ID, Snapshot_SHA256, Exec_date FROM Executions
            ORDER BY Execution_ID
            """)
        var executions: [JoinedExecution] = []
        while try all.step() {
            guard let snapshot = all.textOrNil(1), let digest = all.textOrNil(2) else {
                summary.withoutSnapshot += 1
                continue
            }
            guard ContentDigest(hexadecimal: digest) != nil,
                Timestamp(sqlText: all.text(3)) != nil
            else {
                summary.refusals.append(
                    "execution \(all.integer(0)) has a digest or a date that census never writes")
                continue
            }
            executions.append(
                JoinedExecution(id: all.integer(0), snapshot: snapshot, digest: digest))
        }
        let retractions = try source.prepare("SELECT COUNT(*) FROM Retractions")
        summary.retractions = Int(try retractions.firstInteger() ?? 0)
        let processes = try source.prepare(
            """
            SELECT Execution_ID, Process_ID, Owner_ID FROM PROCESSES_PER_EXECUTION
            WHERE Execution_ID = ?
            """)
        let known = try knownDigests(of: executions)
        var batch = Batch()
        let enough = min(Self.rowsPerBatch, target.rowsPerTransaction)
        for (index, execution) in executions.enumerated() {
            if isInterrupted() {
                summary.left = executions.count - index + batch.executions.count
                return summary
            }
            batch.executions.append(execution)
            if known[execution.snapshot] == nil { try batch.read(execution, processes) }
            if batch.processes.count >= enough || batch.executions.count >= Self.executionsPerBatch
            {
                try write(batch, processes)
                batch = Batch()
            }
        }
        if !batch.executions.isEmpty || receipt == nil { try write(batch, processes) }
        return summary
    }

    private static let rowsPerBatch = 300_000
    private static let executionsPerBatch = 2_000

    private struct Batch {
        var executions: [JoinedExecution] = []
        /// `Execution_ID`, `Process_ID` and `Owner_ID` there.
        private(set) var processes = Rows(columnCount: 3)
        /// The executions of which `processes` has the rows.
        private var areRead: Set<Int64> = []

        /// Reads the processes of an execution, unless they have been read.
        mutating func read(
            _ execution: JoinedExecution, _ statement: any Statement
        ) throws(DatabaseError) {
            guard areRead.insert(execution.id).inserted else { return }
            try statement.bind([.integer(execution.id)])
            while try statement.step() { processes.append(rowOf: statement) }
        }
    }

    /// The digests of snapshots that are here, by their ids.
    private func knownDigests(
        of executions: [JoinedExecution]
    ) throws(DatabaseError) -> [String: String] {
        var ids = Rows(columnCount: 1)
        for snapshot in Set(executions.map(\.snapshot)).sorted() { ids.append(snapshot) }
        let found = try target.find(["Snapshot_SHA256"], in: .executions, by: ids)
        var known: [String: String] = [:]
        for row in 0..<ids.count { known[ids.string(row, 0)!] = found.string(row, 0) }
        return known
    }

    /// Writes a batch in one transaction, which is repeated after a conflict.
    /// - Parameter processes: of an execution.
    private mutating func write(
        _ batch: Batch, _ processes: any Statement
    ) throws(DatabaseError) {
        var backoff = RetryBackoff()
        let (summaryBefore, receiptBefore) = (summary, receipt)
        while true {
            do throws(DatabaseError) {
                try target.beginWriting()
                try add(batch, processes)
                try target.commit()
                return
            } catch {
                target.rollback()
                tables.forget()
                (summary, receipt) = (summaryBefore, receiptBefore)
                try backoff.wait(after: error)
            }
        }
    }

    private mutating func add(
        _ batch: Batch, _ processes: any Statement
    ) throws(DatabaseError) {
        var batch = batch
        let known = try knownDigests(of: batch.executions)
        var retracted = try RetractedSnapshots(target, areLoaded: areRetractedLoaded)
        _ = try retracted.haveChanged()
        var ids = Rows(columnCount: 1)
        for execution in batch.executions { ids.append(execution.snapshot) }
        let reasons = try retracted.reasons(ids, besides: known)
        var new: [JoinedExecution] = []
        for execution in batch.executions {
            if let digest = known[execution.snapshot] {
                if digest == execution.digest {
                    summary.known += 1
                } else {
                    summary.refusals.append(
                        "snapshot \(execution.snapshot) is in the database with other content")
                }
            } else if let reason = reasons[execution.snapshot] {
                summary.refusals.append(reason)
            } else {
                new.append(execution)
                // It was here when the batch was read, and was retracted meanwhile.
                try batch.read(execution, processes)
            }
        }
        try tables.resolve(new.map(\.id), batch.processes)
        if receipt == nil {
            let new = try insertReceipt(isNew: !new.isEmpty)
            receipt = new
            try tables.copyRejected(through: new)
        }
        guard let receipt else { return }
        if let refusal = summary.refusals.first {
            let count = summary.refusals.count
            try target.prepare("UPDATE Receipts SET Reason = ? WHERE Receipt_ID = ?").run([
                .text("\(counted(count, "execution")) refused; the first: \(refusal)"),
                .integer(receipt),
            ])
        }
        if new.isEmpty { return }
        summary.processes += try tables.add(new.map(\.id), batch.processes, through: receipt)
        summary.executions += new.count
    }

    /// `Timestamp.now()` is nil only after the year 9999.
    private func insertReceipt(isNew: Bool) throws(DatabaseError) -> Int64 {
        var row = Rows(columnCount: 9)
        row.append(origin.path)
        row.append(origin.size)
        row.append(origin.sha256)
        row.append(isNew ? "ingested" : "duplicate")
        row.append(Timestamp.now()!.sqlText)
        row.append(origin.absolutePath)
        row.append(desk.user)
        row.append(desk.machine)
        row.append(desk.program)
        return try target.insert(
            row, into: .receipts,
            columns: [
                "Path", "Size_bytes", "SHA256", "Verdict", "Received_at", "Absolute_path",
                "Ingested_by", "Ingested_on", "Ingested_with",
            ])[0]
    }
}

/// An execution of another database.
struct JoinedExecution {
    /// Its `Execution_ID` there.
    let id: Int64
    let snapshot: String
    let digest: String
}
