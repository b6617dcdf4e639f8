import Database
import Records

/// Deletes executions, and then what only they referred to, in the caller's transaction.
struct Deletion {
    let database: any Database
    /// The ids of rows that the deleted rows referred to, by table.
    private var candidates: [String: Set<Int64>] = [:]

    init(_ database: any Database) { self.database = database }

    /// A table with ids, and the columns that refer to it.
    private struct Target {
        let table: String
        let idColumn: String
        let references: [(table: String, column: String)]
    }

    /// The distinct values of a column but NULL, in the rows of which another column is one of
    /// `ids`.
    func distinct(
        _ column: String, of table: String, _ idColumn: String, _ ids: some Collection<Int64>
    ) throws(DatabaseError) -> Set<Int64> {
        var values: Set<Int64> = []
        for chunk in idLists(of: ids) {
            let statement = try database.prepare(
                """
                SELECT DISTINCT \(column) FROM \(table)
                WHERE \(idColumn) IN (\(chunk)) AND \(column) IS NOT NULL
                """)
            while try statement.step() { values.insert(statement.integer(0)) }
        }
        return values
    }

    private func delete(
        _ table: String, _ idColumn: String, _ ids: some Collection<Int64>
    ) throws(DatabaseError) {
        for chunk in idLists(of: ids) {
            try database.execute("DELETE FROM \(table) WHERE \(idColumn) IN (\(chunk))")
        }
    }

    // MARK: Executions and hosts

    /// Deletes the executions with their links.
    mutating func delete(executions: [Int64]) throws(DatabaseError) {
        func collect(_ table: String, _ column: String, of source: String) throws(DatabaseError) {
            let ids = try distinct(column, of: source, "Execution_ID", executions)
            candidates[table, default: []].formUnion(ids)
        }
        try collect("Processes", "Process_ID", of: "PROCESSES_PER_EXECUTION")
        try collect("USERS", "Owner_ID", of: "PROCESSES_PER_EXECUTION")
        try collect("OS", "OS_ID", of: "Executions")
        try collect("Processors", "Processor_ID", of: "Executions")
        for kind in ListedKind.all {
            if let sets = kind.setTable {
                try collect(sets, kind.linkColumn, of: "Executions")
            } else {
                try collect(kind.table, kind.idColumn, of: kind.linkTable)
                try delete(kind.linkTable, "Execution_ID", executions)
            }
        }
        try delete("PROCESSES_PER_EXECUTION", "Execution_ID", executions)
        try delete("ADDRESSES_PER_EXECUTION", "Execution_ID", executions)
        try delete("Executions", "Execution_ID", executions)
    }

    /// Keeps others from changing a host, on an engine where several programs write at once.
    func lock(_ server: Int64) throws(DatabaseError) {
        try database.execute("UPDATE Servers SET Server_ID = Server_ID WHERE Server_ID = \(server)")
    }

    /// Gives a host the facts of its newest execution, or deletes it if none is left.
    /// - Returns: whether it has an execution.
    mutating func update(_ server: Int64) throws(DatabaseError) -> Bool {
        for (table, column) in [("OS", "OS_ID"), ("Processors", "Processor_ID")] {
            let ids = try distinct(column, of: "Servers", "Server_ID", [server])
            candidates[table, default: []].formUnion(ids)
        }
        if try database.updateNewestFacts(ofServer: server) { return true }
        try delete("Servers", "Server_ID", [server])
        return false
    }

    // MARK: What nothing refers to

    /// Deletes the rows that the executions referred to and nothing refers to any more.
    /// - Returns: the number of rows by their table; only of tables that lost some.
    mutating func deleteUnused() throws(DatabaseError) -> [(table: String, count: Int)] {
        var counts: [(table: String, count: Int)] = []
        for kind in ListedKind.all {
            guard let sets = kind.setTable else { continue }
            let unused = try findUnused(
                Target(
                    table: sets, idColumn: kind.linkColumn,
                    references: [("Executions", kind.linkColumn)]))
            candidates[kind.table, default: []].formUnion(
                try distinct(kind.idColumn, of: kind.linkTable, kind.linkColumn, unused))
            try delete(kind.linkTable, kind.linkColumn, unused)
            try delete(sets, kind.linkColumn, unused)
        }
        for target in Self.targets {
            let unused = try findUnused(target)
            try delete(target.table, target.idColumn, unused)
            if !unused.isEmpty { counts.append((target.table, unused.count)) }
        }
        return counts
    }

    private static let targets: [Target] =
        [
            Target(
                table: "Processes", idColumn: "Process_ID",
                references: [("PROCESSES_PER_EXECUTION", "Process_ID")])
        ]
        + ListedKind.all.map { kind in
            Target(
                table: kind.table, idColumn: kind.idColumn,
                references: [(kind.linkTable, kind.idColumn)]
                    + (kind == .users ? [("PROCESSES_PER_EXECUTION", "Owner_ID")] : []))
        }
        + [("OS", "OS_ID"), ("Processors", "Processor_ID")].map { table, column in
            Target(
                table: table, idColumn: column,
                references: [("Executions", column), ("Servers", column)])
        }

    /// The number of ids that one statement of an engine without a limit has at the most.
    private static let fewIDs = 20_000

    /// The candidates that nothing refers to. Each is looked up where the references have indexes;
    /// elsewhere the table with the references is read once.
    private func findUnused(_ target: Target) throws(DatabaseError) -> Set<Int64> {
        let candidates = candidates[target.table] ?? []
        if candidates.isEmpty { return [] }
        let (table, idColumn) = (target.table, target.idColumn)
        /// - Parameter ids: a list of some candidates; nil for all rows.
        func find(_ ids: String?) throws(DatabaseError) -> Set<Int64> {
            let conditions = target.references.map { reference in
                let (source, column) = (reference.table, reference.column)
                // A server may read the whole table for NOT IN and NOT EXISTS, but not for a LIMIT.
                return database.indexesReferences
                    ? """
                    (SELECT 1 FROM \(source) r WHERE r.\(column) = \(table).\(idColumn) LIMIT 1) IS NULL
                    """
                    : """
                    \(idColumn) NOT IN (
                        SELECT \(column) FROM \(source)
                        WHERE \(column) \(ids.map { "IN (\($0))" } ?? "IS NOT NULL"))
                    """
            }
            let candidate = ids.map { ["\(idColumn) IN (\($0))"] } ?? []
            let statement = try database.prepare(
                """
                SELECT \(idColumn) FROM \(table)
                WHERE \((candidate + conditions).joined(separator: " AND "))
                """)
            var found: Set<Int64> = []
            while try statement.step() { found.insert(statement.integer(0)) }
            return found
        }
        if !database.indexesReferences {
            let isFew = candidates.count <= Self.fewIDs
            return try find(isFew ? candidates.map(String.init).joined(separator: ", ") : nil)
                .intersection(candidates)
        }
        var unused: Set<Int64> = []
        for ids in idLists(of: candidates) { unused.formUnion(try find(ids)) }
        return unused
    }
}
