package import Database
package import Query
import Records
import SQLScripts
import Text

/// A table of a census database, to be written as it is: all rows, or those that selected executions
/// refer to.
package struct TableExport: Sendable {
    /// Its name in the schema.
    private let table: String
    /// Its columns without those that the engine derives from others.
    private let columns: [String]

    /// The name of its file, without an extension.
    package var name: String { table.lowercased() }

    /// All tables of census, sorted by name, which are the same on every engine; and in clauses the tables
    /// and columns that others have added, which have no place in what census makes of a database, and
    /// whose values may be about any host.
    /// - Parameter schema: the columns of the tables of census, both in small letters.
    package static func all(
        in database: any Database, schema: [String: Set<String>]
    ) throws(DatabaseError) -> (tables: [TableExport], others: [String]) {
        var tables: [TableExport] = []
        var others: [String] = []
        for table in try database.tableNames().sorted(by: { $0.lowercased() < $1.lowercased() }) {
            guard let own = schema[table.lowercased()] else {
                others.append("\(table) is no table of census")
                continue
            }
            var columns: [String] = []
            for column in try database.prepare("SELECT * FROM \(table) LIMIT 0").columnNames {
                if own.contains(column.lowercased()) {
                    columns.append(column)
                } else if !database.derivedColumns.contains(column) {
                    others.append("\(column) is no column of census's table \(table)")
                }
            }
            tables.append(TableExport(table: table, columns: columns))
        }
        return (tables, others)
    }

    /// The rows, sorted by the table's key.
    /// - Parameter selection: nil for all rows, also those that no execution refers to.
    private func rows(
        of selection: ExecutionSelection?, in database: any Database
    ) throws(DatabaseError) -> any Statement {
        let order = columns.count > 1 ? "1, 2" : "1"
        func query(_ condition: String) -> String {
            """
            SELECT \(columns.joined(separator: ", ")) FROM \(table)
            \(condition) ORDER BY \(order)
            """
        }
        guard let selection else { return try database.prepare(query("")) }
        var condition = Self.conditions[table.lowercased()].map { "WHERE \($0)" } ?? ""
        if table.lowercased() == "receipts" {
            let origins = try Self.origins(of: selection, in: database)
            if !origins.isEmpty {
                condition +=
                    " OR Receipt_ID IN (\(origins.map(String.init).joined(separator: ", ")))"
            }
        }
        return try selection.prepare(query(condition), in: database)
    }

    /// The receipts of the databases through which the files of executions came; each of them leads to
    /// the next. MariaDB does not see the selection inside of a recursive query.
    private static func origins(
        of selection: ExecutionSelection, in database: any Database
    ) throws(DatabaseError) -> [Int64] {
        var origins: Set<Int64> = []
        let first = try selection.prepare(Scripts.Query.origins, in: database)
        while try first.step() { origins.insert(first.integer(0)) }
        let next = try database.prepare(Scripts.Query.receiptOrigin)
        var pending = Array(origins)
        while let id = pending.popLast() {
            try next.bind([.integer(id)])
            if let origin = try next.firstInteger(), origins.insert(origin).inserted {
                pending.append(origin)
            }
        }
        return origins.sorted()
    }

    /// Which rows selected executions refer to, by the table in small letters. `Executions` and
    /// `Servers` have no others then.
    private static let conditions: [String: String] = {
        func isOf(_ column: String) -> String { "\(column) IN (SELECT \(column) FROM Executions)" }
        let isOfExecution = isOf("Execution_ID")
        let isOfProcess = "FROM PROCESSES_PER_EXECUTION WHERE \(isOfExecution)"
        var conditions = [
            "ADDRESSES_PER_EXECUTION": isOfExecution,
            "PROCESSES_PER_EXECUTION": isOfExecution,
            "Processes": "Process_ID IN (SELECT Process_ID \(isOfProcess))",
            "OS": isOf("OS_ID"),
            "Processors": isOf("Processor_ID"),
            "Receipts": isOf("Receipt_ID"),
            // What was retracted is of no execution.
            "Retractions": "1 = 0",
        ]
        for kind in ListedKind.all {
            let isLinked = isOf(kind.linkColumn)
            conditions[kind.linkTable] = isLinked
            if let sets = kind.setTable { conditions[sets] = isLinked }
            let isUsed =
                "\(kind.idColumn) IN (SELECT \(kind.idColumn) FROM \(kind.linkTable) WHERE \(isLinked))"
            conditions[kind.table] =
                kind == .users ? "\(isUsed) OR User_ID IN (SELECT Owner_ID \(isOfProcess))" : isUsed
        }
        return Dictionary(uniqueKeysWithValues: conditions.map { ($0.key.lowercased(), $0.value) })
    }()

    // MARK: A file for each table

    /// The file of the table.
    package func kind(_ format: RowFormat) -> OutputKind { .rows(format, columns, of: name) }

    /// Writes the rows in chunks.
    /// - Parameter selection: nil for all rows, also those that no execution refers to.
    package func write(
        _ format: RowFormat, of selection: ExecutionSelection?, from database: any Database,
        to output: ([UInt8]) throws -> Void
    ) throws -> WrittenRows {
        try rows(of: selection, in: database).write(format, limit: nil, to: output)
    }

    // MARK: One script of all tables

    /// The file of a script.
    package static let script = OutputKind.text("SQL of a database", beginnings: [beginning])
    private static let beginning = "-- A census database as SQL, for sqlite3.\n"

    /// Writes a script that makes a database of SQLite with all tables and the rows.
    /// - Parameters:
    ///   - tables: all tables.
    ///   - selection: nil for all rows, also those that no execution refers to.
    package static func writeScript(
        of tables: [TableExport], _ selection: ExecutionSelection?, from database: any Database,
        to output: ([UInt8]) throws -> Void
    ) throws {
        var bytes = Array(beginning.utf8)
        bytes += "PRAGMA foreign_keys = OFF;\nBEGIN;\n".utf8
        for script in Scripts.sqliteSchema { bytes += script.utf8 }
        bytes +=
            """
            PRAGMA application_id = \(Scripts.sqliteApplicationID);
            PRAGMA user_version = \(Scripts.sqliteSchema.count);

            """.utf8
        for table in tables {
            let statement = try table.rows(of: selection, in: database)
            let start = Array(
                "INSERT INTO \(table.table) (\(table.columns.joined(separator: ", "))) VALUES ("
                    .utf8)
            while try statement.step() {
                bytes += start
                for column in table.columns.indices {
                    if column > 0 { bytes += ", ".utf8 }
                    appendSQLiteLiteral(statement, column, to: &bytes)
                }
                bytes += ");\n".utf8
                if bytes.count > 1 << 16 {
                    try output(bytes)
                    bytes.removeAll(keepingCapacity: true)
                }
            }
        }
        bytes += "COMMIT;\n".utf8
        try output(bytes)
    }
}
