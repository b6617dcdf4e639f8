package import Database
import SQLScripts
import Text

/// A table of a census database, to be written as it is.
package struct TableExport: Sendable {
    /// Its name in the schema.
    private let table: String
    /// Its columns without those that the engine derives from others.
    private let columns: [String]

    /// The name of its file, without an extension.
    package var name: String { table.lowercased() }

    /// All tables, sorted by name. They are the same on every engine.
    package static func all(in database: any Database) throws(DatabaseError) -> [TableExport] {
        var tables: [TableExport] = []
        for table in try database.tableNames().sorted(by: { $0.lowercased() < $1.lowercased() }) {
            let columns = try database.prepare("SELECT * FROM \(table) LIMIT 0").columnNames
            tables.append(
                TableExport(
                    table: table,
                    columns: columns.filter { !database.derivedColumns.contains($0) }))
        }
        return tables
    }

    /// All rows, sorted by the table's key.
    private func rows(in database: any Database) throws(DatabaseError) -> any Statement {
        let order = columns.count > 1 ? "1, 2" : "1"
        return try database.prepare(
            "SELECT \(columns.joined(separator: ", ")) FROM \(table) ORDER BY \(order)")
    }

    // MARK: A file for each table

    /// The file of the table.
    package func kind(_ format: RowFormat) -> OutputKind { .rows(format, columns, of: name) }

    /// Writes all rows in chunks.
    package func write(
        _ format: RowFormat, from database: any Database, to output: ([UInt8]) throws -> Void
    ) throws -> WrittenRows {
        try rows(in: database).write(format, limit: nil, to: output)
    }

    // MARK: One script of all tables

    /// The file of a script.
    package static let script = OutputKind.text("SQL of a database", beginnings: [beginning])
    private static let beginning = "-- A census database as SQL, for sqlite3.\n"

    /// Writes a script that makes a database of SQLite with all tables and rows.
    /// - Parameter tables: all tables.
    package static func writeScript(
        of tables: [TableExport], from database: any Database,
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
            let statement = try table.rows(in: database)
            let start = Array(
                "INSERT INTO \(table.table) (\(table.columns.joined(separator: ", "))) VALUES ("
                    .utf8)
            while try statement.step() {
                bytes += start
                for column in table.columns.indices {
                    if column > 0 { bytes += ", ".utf8 }
                    appendLiteral(statement, column, to: &bytes)
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

    /// Appends a literal of SQLite ("SQL Language Expressions", 3).
    private static func appendLiteral(
        _ row: any Row, _ column: Int, to output: inout [UInt8]
    ) {
        if row.isNull(column) {
            output += "NULL".utf8
        } else if row.isInteger(column) {
            row.appendText(column, to: &output)
        } else {
            var text: [UInt8] = []
            row.appendText(column, to: &text)
            // sqlite3 reads a script up to a NUL, and without the CR of a CR LF.
            if text.contains(0) || text.contains(UInt8(ascii: "\r")) {
                let digits = hexadecimal(text)
                output += "CAST(X'\(digits)' AS TEXT)".utf8
                return
            }
            output.append(UInt8(ascii: "'"))
            for byte in text {
                if byte == UInt8(ascii: "'") { output.append(byte) }
                output.append(byte)
            }
            output.append(UInt8(ascii: "'"))
        }
    }
}
