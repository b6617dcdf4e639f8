package import Database
import Query
import Records
package import Text

/// Takes executions out of a database, with all that nothing else refers to then, and records who
/// did so, when and why. Receipts stay.
package struct Retraction {
    /// What was deleted.
    package struct Summary: Sendable, Equatable {
        /// Executions.
        package fileprivate(set) var executions = 0
        /// Hosts of which no execution is left.
        package fileprivate(set) var hosts = 0
        /// Rows that nothing refers to any more, by their table; only tables that lost some.
        package fileprivate(set) var unused: [(table: String, count: Int)] = []

        /// Whether all counts are the same.
        package static func == (a: Summary, b: Summary) -> Bool {
            a.executions == b.executions && a.hosts == b.hosts
                && a.unused.elementsEqual(b.unused, by: ==)
        }
    }

    private let reason: String
    private let desk: Ingest.Desk
    private let date: Timestamp

    /// Prepares a retraction.
    /// - Parameters:
    ///   - reason: why, in the words of the user.
    ///   - desk: who does it, and where.
    ///   - date: when.
    package init(for reason: String, by desk: Ingest.Desk, at date: Timestamp) {
        self.reason = reason
        self.desk = desk
        self.date = date
    }

    /// Deletes the executions in one transaction, which is repeated after a conflict.
    /// - Parameter ids: their `Execution_ID`; those that are gone already are skipped.
    package func run(
        _ ids: [Int64], in database: any Database
    ) throws(DatabaseError) -> Summary {
        var backoff = RetryBackoff()
        while true {
            do throws(DatabaseError) {
                try database.beginWriting()
                var deletion = Deletion(database)
                let summary = try delete(ids, &deletion)
                try database.commit()
                return summary
            } catch {
                database.rollback()
                try backoff.wait(after: error)
            }
        }
    }

    private func delete(
        _ ids: [Int64], _ deletion: inout Deletion
    ) throws(DatabaseError) -> Summary {
        var summary = Summary()
        let servers = try deletion.distinct("Server_ID", of: "Executions", "Execution_ID", ids)
        // Locked in this order, before anything else of them: programs that load wait.
        for server in servers.sorted() { try deletion.lock(server) }
        summary.executions = try record(ids, deletion)
        let index = try NameIndex.takeOut(ids, in: deletion.database)
        try deletion.delete(executions: ids)
        for server in servers.sorted() {
            if try !deletion.update(server) { summary.hosts += 1 }
        }
        summary.unused = try deletion.deleteUnused()
        // Last: on SQLite the triggers would delete it with the processes and users that nothing refers to.
        try index?.finish(in: deletion.database)
        return summary
    }

    /// Adds a row of `Retractions` for each execution.
    /// - Returns: the number of executions.
    private func record(_ ids: [Int64], _ deletion: Deletion) throws(DatabaseError) -> Int {
        var rows = Rows(columnCount: Self.columns.count)
        for chunk in idLists(of: ids) {
            let statement = try deletion.database.prepare(
                """
                SELECT Receipt_ID, Snapshot_ID, Snapshot_SHA256 FROM Executions
                WHERE Execution_ID IN (\(chunk)) ORDER BY Execution_ID
                """)
            while try statement.step() {
                for column in 0..<3 { rows.append(column, of: statement) }
                rows.append(date.sqlText)
                rows.append(reason)
                rows.append(desk.user)
                rows.append(desk.machine)
                rows.append(desk.program)
            }
        }
        _ = try deletion.database.insert(rows, into: .retractions, columns: Self.columns)
        return rows.count
    }

    private static let columns = [
        "Receipt_ID", "Snapshot_ID", "Snapshot_SHA256", "Retracted_at", "Reason", "Retracted_by",
        "Retracted_on", "Retracted_with",
    ]

    /// The tables that a retraction deletes rows of.
    package static let tables: [String] = {
        var tables = ["PROCESSES_PER_EXECUTION", "ADDRESSES_PER_EXECUTION"]
        for kind in ListedKind.all {
            tables += [kind.linkTable, kind.table]
            if let sets = kind.setTable { tables.append(sets) }
        }
        return tables + ["Executions", "Servers", "Processes", "OS", "Processors"]
            + NameIndexTables.all
    }()
}
