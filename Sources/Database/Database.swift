import Text

/// The purpose for which a database is opened.
package enum DatabaseAccess: Sendable {
    /// Writing; the database is created if absent.
    case create
    /// Writing to a database that exists. What is deleted is overwritten, where the engine can.
    case write
    case read
}

/// A connection to a database of any engine. It must be used by the thread that opened it.
package protocol Database: AnyObject {
    /// The scripts of the schema in the engine's dialect; see `upgradeSchema`.
    var schemaScripts: [String] { get }

    /// The database as named by the user.
    var name: String { get }

    /// Whether the engine may roll back a transaction that conflicts with another one, with an
    /// error of code `conflict`. The transaction must then be repeated.
    var mayConflict: Bool { get }

    /// The approximate number of rows of PROCESSES_PER_EXECUTION to write in one transaction; more
    /// do not make it faster.
    var rowsPerTransaction: Int { get }

    /// The maximum length of a name in a key, in Unicode scalars; nil if there is no limit.
    var maxNameScalars: Int? { get }

    /// Whether the engine is in this process: a row is found by its key within a microsecond, and a
    /// statement may run while the rows of another are being read.
    var isEmbedded: Bool { get }

    /// The name of the table qualified with its schema. A query needs it where a common table
    /// expression hides the table.
    func qualifiedName(of table: String) -> String

    /// The names of all tables of the schema that hold data which does not follow from others.
    func tableNames() throws(DatabaseError) -> [String]

    /// Whether each column that refers to a row of another table has an index.
    var indexesReferences: Bool { get }

    /// The columns that this engine alone has, with values that follow from others of their rows.
    var derivedColumns: Set<String> { get }

    /// Runs one or more statements that return no rows.
    func execute(_ script: String) throws(DatabaseError)

    /// Prepares a statement that can be run many times.
    func prepare(_ sql: String) throws(DatabaseError) -> any Statement

    /// Inserts rows into a table.
    func insert(_ rows: Rows, into table: String, columns: [String]) throws(DatabaseError)

    /// Inserts rows into a table that assigns ids.
    /// - Returns: the id of each of `rows`, in their order.
    func insert(
        _ rows: Rows, into table: EntityTable, columns: [String]
    ) throws(DatabaseError) -> [Int64]

    /// Looks up rows by their keys.
    /// - Parameter keys: distinct keys.
    /// - Returns: the columns for each of `keys`, in their order; all of them null if there is no
    ///   such row.
    func find(
        _ columns: [String], in table: EntityTable, by keys: Rows
    ) throws(DatabaseError) -> Rows

    /// Leaves out the unique index of a table's keys until `makeKeyIndex` is called: a table is filled in less
    /// time without it. Nothing happens if the keys are a constraint of the table. Rows must be unique all the
    /// same.
    func dropKeyIndex(of table: EntityTable) throws(DatabaseError)

    /// Makes the unique index of a table's keys, if it was left out.
    func makeKeyIndex(of table: EntityTable) throws(DatabaseError)

    /// Upgrades the schema to the version equal to the number of `scripts`: the script at index n
    /// leads from version n to n + 1. The version is recorded after its whole script has taken
    /// effect, and an interrupted upgrade can be repeated. Several programs may upgrade at once.
    /// - Throws: also if the database belongs to another program, or is newer than `scripts`.
    func upgradeSchema(_ scripts: [String]) throws(DatabaseError)

    /// The version of the schema; 0 if there is none or it is still being created.
    /// - Throws: if the database belongs to another program.
    func schemaVersion() throws(DatabaseError) -> Int

    /// Begins a writing transaction. On an engine with one writer it waits until no other
    /// transaction writes.
    func beginWriting() throws(DatabaseError)

    /// Begins a read transaction in which all statements see one state of the database.
    func beginReading() throws(DatabaseError)

    /// Commits the transaction durably: its changes survive a power loss.
    func commit() throws(DatabaseError)

    /// Rolls back the transaction, if there is one.
    func rollback()

    /// Rewrites the files of the tables, so that nothing of deleted rows is left in them. On an
    /// engine with one file it is the whole database.
    func rewrite(_ tables: [String]) throws(DatabaseError)
}

extension Database {
    /// The first column of a query, as texts.
    package func texts(_ sql: String) throws(DatabaseError) -> [String] {
        let statement = try prepare(sql)
        var texts: [String] = []
        while try statement.step() { texts.append(statement.text(0)) }
        return texts
    }

    /// An error for rows that are inconsistent, as census never writes them.
    /// - Parameter what: what is wrong, as a clause.
    package func damaged(_ what: String) -> DatabaseError {
        DatabaseError(.damaged, database: name, "the database is damaged: \(what)")
    }

    /// Checks the version of the schema.
    /// - Throws: `empty`, `olderSchema` or `newerSchema` unless it is `version`.
    package func requireSchema(_ version: Int) throws(DatabaseError) {
        let found = try schemaVersion()
        if found > version { throw newerSchema(found, known: version) }
        if found == 0 {
            throw DatabaseError(
                .empty, database: name, "the database is empty; load files with `census ingest`")
        }
        if found < version {
            throw DatabaseError(
                .olderSchema, database: name,
                "the database has schema version \(found) of an older census, and this one reads "
                    + "\(version): "
                    + "upgrade it by running `census ingest` on any file")
        }
    }

    /// The error for a database of a newer census.
    /// - Parameter known: the newest version that this census knows.
    package func newerSchema(_ version: Int, known: Int) -> DatabaseError {
        DatabaseError(
            .newerSchema, database: name,
            "the database has schema version \(version), and this census knows \(known): "
                + "use a newer one"
        )
    }

    /// Whether the table has no rows.
    package func isEmpty(_ table: EntityTable) throws(DatabaseError) -> Bool {
        try prepare("SELECT \(table.idColumn) FROM \(table.name) LIMIT 1").firstInteger() == nil
    }

    /// The rows with ids greater than `id`, in order of id: the id and the columns of each.
    package func rows(of table: EntityTable, after id: Int64) throws(DatabaseError) -> Rows {
        let columns = [table.idColumn] + table.columns
        let statement = try prepare(
            """
            SELECT \(columns.joined(separator: ", ")) FROM \(table.name)
            WHERE \(table.idColumn) > ? ORDER BY \(table.idColumn)
            """)
        try statement.bind(id, at: 0)
        var rows = Rows(columnCount: columns.count)
        while try statement.step() { rows.append(rowOf: statement) }
        return rows
    }

    /// The ids of rows by their keys. New rows are inserted.
    ///
    /// Keys are looked up before they are inserted. `INSERT OR IGNORE` and the like would hide
    /// other errors and use up ids.
    /// - Parameter rows: the table's columns of rows with distinct keys.
    /// - Returns: an id for each of `rows`, in their order.
    package func ids(of rows: Rows, in table: EntityTable) throws(DatabaseError) -> [Int64] {
        let keys = rows.prefix(columns: table.keyColumns.count)
        let found = try find([table.idColumn], in: table, by: keys)
        var missing = Rows(columnCount: rows.columnCount)
        for row in 0..<rows.count where found.integer(row, 0) == nil {
            missing.append(row: row, of: rows)
        }
        let new = try insert(missing, into: table, columns: table.columns)
        var next = 0
        return (0..<rows.count).map { row in
            if let id = found.integer(row, 0) { return id }
            next += 1
            return new[next - 1]
        }
    }
}

/// One row of a result. Columns are counted from 0.
package protocol Row {
    /// Whether a column is NULL.
    func isNull(_ column: Int) -> Bool
    /// Whether a column is stored as an integer.
    func isInteger(_ column: Int) -> Bool
    /// Appends the UTF-8 of a column: a number in digits, NULL as nothing.
    func appendText(_ column: Int, to bytes: inout [UInt8])
    /// Does the same, and says what the column is.
    func append(_ column: Int, to bytes: inout [UInt8]) -> CellKind
}

/// What a value is, as far as a format has to know.
package enum CellKind: Sendable {
    /// NULL, and a value that is stored as an integer.
    case null, integer
    /// All others.
    case text
}

extension Row {
    /// Asks for each.
    package func append(_ column: Int, to bytes: inout [UInt8]) -> CellKind {
        if isNull(column) { return .null }
        appendText(column, to: &bytes)
        return isInteger(column) ? .integer : .text
    }
}

/// The rows of a result, one after the other, which is also its current row.
package protocol RowCursor: AnyObject, Row {
    /// The names of the columns, in their order.
    var columnNames: [String] { get }

    /// Moves to the next row.
    /// - Returns: false if there are no more rows. The next step is then to the first one again.
    func step() throws(DatabaseError) -> Bool

    /// Discards the remaining rows, so that the next step is to the first one.
    func reset()

    /// Discards the remaining rows, and counts them.
    func countRest() throws(DatabaseError) -> Int
}

extension RowCursor {
    /// Steps over them.
    package func countRest() throws(DatabaseError) -> Int {
        var count = 0
        while try step() { count += 1 }
        return count
    }
}

/// A prepared statement, which is also the current row of its result. Parameters and columns are
/// counted from 0.
package protocol Statement: RowCursor {
    /// Binds an integer.
    func bind(_ value: Int64, at index: Int) throws(DatabaseError)
    /// Binds NULL.
    func bindNull(at index: Int) throws(DatabaseError)
    /// Binds text given as UTF-8.
    func bind(_ utf8: ArraySlice<UInt8>, at index: Int) throws(DatabaseError)

    /// An integer column of the current row.
    func integer(_ column: Int) -> Int64

    /// How a column of the current row is stored. It must be asked before any text of the column.
    func storage(_ column: Int) -> StorageClass

    /// Appends the next rows to `rows`: `count` of them, or as many as there are.
    /// - Returns: false if there are no more rows. The next step is then to the first one again.
    func read(_ count: Int, into rows: inout Rows) throws(DatabaseError) -> Bool
}

/// How a value is stored. Census stores no real numbers and no BLOBs; in SQLite other programs may.
package enum StorageClass: Sendable {
    /// No value, and a 64-bit integer.
    case null, integer
    /// A floating-point number, with its value.
    case real(Double)
    /// UTF-8, and bytes.
    case text, blob
}

extension Statement {
    /// A text, unless the column is NULL or an integer.
    package func storage(_ column: Int) -> StorageClass {
        isNull(column) ? .null : isInteger(column) ? .integer : .text
    }

    /// Steps through them.
    package func read(_ count: Int, into rows: inout Rows) throws(DatabaseError) -> Bool {
        for _ in 0..<count {
            guard try step() else { return false }
            rows.append(rowOf: self)
        }
        return true
    }

    /// Binds the columns of a row to the parameters from `start` on.
    package func bind(_ rows: Rows, _ row: Int, at start: Int = 0) throws(DatabaseError) {
        for column in 0..<rows.columnCount {
            switch rows[row, column] {
            case .null: try bindNull(at: start + column)
            case .integer(let integer): try bind(integer, at: start + column)
            case .text(let place): try bind(rows.text(place), at: start + column)
            }
        }
    }

    /// Binds all parameters, in order.
    package func bind(_ values: [Value]) throws(DatabaseError) {
        for (index, value) in values.enumerated() {
            switch value {
            case .null: try bindNull(at: index)
            case .integer(let integer): try bind(integer, at: index)
            case .text(let text): try bind(text.carriedBytes[...], at: index)
            case .bytes(let text): try bind(text[...], at: index)
            }
        }
    }

    /// Binds all parameters and runs a statement that returns no rows.
    package func run(_ values: [Value]) throws(DatabaseError) {
        try bind(values)
        while try step() {}
    }

    /// The first column of the first row of a query; nil if there are no rows or it is NULL.
    package func firstInteger() throws(DatabaseError) -> Int64? {
        guard try step() else { return nil }
        defer { reset() }
        return integer(0)
    }

    /// A column of the current row as text, which carries bytes that are not UTF-8; empty for NULL.
    package func text(_ column: Int) -> String { String(carrying: bytes(column)) }

    /// The bytes of a text, which another program may have stored without their being UTF-8; none for
    /// NULL.
    package func bytes(_ column: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        appendText(column, to: &bytes)
        return bytes
    }

    /// A column of the current row as text; nil for NULL.
    package func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
}
