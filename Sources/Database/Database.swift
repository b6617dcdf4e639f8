/// Which SQL an engine speaks, where scripts differ.
package enum Dialect: Sendable { case sqlite, mysql }

/// What a database is opened for.
package enum DatabaseAccess: Sendable {
    /// To write; it is made if it is not there.
    case create
    case read
}

/// A connection to a database, on whatever engine. It belongs to the thread that opened it.
package protocol Database: AnyObject {
    var dialect: Dialect { get }

    /// As the user named it.
    var name: String { get }

    /// Whether the engine may undo a transaction that meets another one's, with an error whose
    /// code is `conflict`. What was in it is then to be done again.
    var mayConflict: Bool { get }

    /// How many rows of links, about, to write in a transaction: more of them gain no speed.
    var rowsPerTransaction: Int { get }

    /// Unicode scalars of the longest name that a key holds; nil where there is no limit.
    var maxNameScalars: Int? { get }

    /// The table's name with that of its schema: what a query calls the table behind a common table
    /// expression of its name.
    func qualifiedName(of table: String) -> String

    /// Runs statements that give no rows.
    func execute(_ script: String) throws(DatabaseError)

    /// Makes a statement that can be run many times.
    func prepare(_ sql: String) throws(DatabaseError) -> any Statement

    /// Adds rows to a table.
    func insert(_ rows: Rows, into table: String, columns: [String]) throws(DatabaseError)

    /// Adds rows to a table that gives them ids.
    /// - Returns: the id of each of `rows`, in their order.
    func insert(
        _ rows: Rows, into table: EntityTable, columns: [String]
    ) throws(DatabaseError) -> [Int64]

    /// Looks rows up by their keys.
    /// - Parameter keys: no two of them the same.
    /// - Returns: these columns for each of `keys`, in their order; all of them null where there is
    ///   no such row.
    func find(
        _ columns: [String], in table: EntityTable, by keys: Rows
    ) throws(DatabaseError) -> Rows

    /// Brings the schema to the version that is the number of `scripts`: the script at index n
    /// leads from version n to n + 1. That version is not there before all of the script is, and
    /// it can be done again after an interruption. Several programs may do this at once.
    /// - Throws: also where the database is another program's, or newer than `scripts`.
    func upgradeSchema(_ scripts: [String]) throws(DatabaseError)

    /// The version of the schema: 0 where there is none, or where it is still being made.
    /// - Throws: where the database is another program's.
    func schemaVersion() throws(DatabaseError) -> Int

    /// Begins a transaction that may write, once no other writes.
    func beginWriting() throws(DatabaseError)

    /// Begins a transaction in which all statements see the same state.
    func beginReading() throws(DatabaseError)

    /// Makes what the transaction wrote durable: it survives the loss of power from here on.
    func commit() throws(DatabaseError)

    /// Undoes the transaction, if there is one.
    func rollback()
}

extension Database {
    /// That its rows do not go together, as census never writes them.
    package func damaged(_ what: String) -> DatabaseError {
        DatabaseError(.damaged, database: name, "the database is damaged: \(what)")
    }

    /// - Throws: unless the database holds a census's schema of this version.
    package func requireSchema(_ version: Int) throws(DatabaseError) {
        let found = try schemaVersion()
        if found > version { throw newerSchema(found, known: version) }
        if found == 0 {
            throw DatabaseError(
                .empty, database: name, "there is nothing in it yet; `census ingest` fills it")
        }
        if found < version {
            throw DatabaseError(
                .olderSchema, database: name,
                "it has schema version \(found), of an older census, and this one reads \(version): "
                    + "`census ingest`, given any file, upgrades it")
        }
    }

    /// That the database is of a newer census.
    /// - Parameter known: the newest version that this one knows.
    package func newerSchema(_ version: Int, known: Int) -> DatabaseError {
        DatabaseError(
            .newerSchema, database: name,
            "it has schema version \(version) and this census knows \(known): use a newer one")
    }

    /// Whether the table has no row.
    package func isEmpty(_ table: EntityTable) throws(DatabaseError) -> Bool {
        try prepare("SELECT \(table.idColumn) FROM \(table.name) LIMIT 1").firstInteger() == nil
    }

    /// The rows with ids greater than `id`, in their order: of each its id and key columns.
    package func rows(of table: EntityTable, after id: Int64) throws(DatabaseError) -> Rows {
        let columns = [table.idColumn] + table.keyColumns
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

    /// The ids of things by their keys; what is new is added.
    ///
    /// Nothing is inserted on the chance that it may be there: that would hide other errors than
    /// the one it is meant for, and use up ids.
    /// - Parameter keys: no two of them the same.
    /// - Returns: an id for each of `keys`, in their order.
    package func ids(of keys: Rows, in table: EntityTable) throws(DatabaseError) -> [Int64] {
        let found = try find([table.idColumn], in: table, by: keys)
        var missing = Rows(columnCount: keys.columnCount)
        for row in 0..<keys.count where found.integer(row, 0) == nil {
            missing.append(row: row, of: keys)
        }
        let new = try insert(missing, into: table, columns: table.keyColumns)
        var next = 0
        return (0..<keys.count).map { row in
            if let id = found.integer(row, 0) { return id }
            next += 1
            return new[next - 1]
        }
    }
}

/// One row of a result. Columns are counted from 0.
package protocol Row {
    func isNull(_ column: Int) -> Bool
    func isInteger(_ column: Int) -> Bool
    /// Appends the UTF-8 of a column, a number in digits and NULL as nothing.
    func appendText(_ column: Int, to bytes: inout [UInt8])
}

/// A prepared statement; as a row, the one of its result at which it stands. Parameters and columns
/// are counted from 0.
package protocol Statement: AnyObject, Row {
    var columnNames: [String] { get }

    func bind(_ value: Int64, at index: Int) throws(DatabaseError)
    func bindNull(at index: Int) throws(DatabaseError)
    /// Binds text that is given as UTF-8.
    func bind(_ utf8: ArraySlice<UInt8>, at index: Int) throws(DatabaseError)

    /// Goes to the next row.
    /// - Returns: false when there are no more. The statement can then be run again.
    func step() throws(DatabaseError) -> Bool

    /// Leaves the rows that have not been read, so that the statement can be run again.
    func reset()

    /// A column of the present row.
    func integer(_ column: Int) -> Int64
}

extension Statement {
    /// Binds a row, its first column at `start`.
    package func bind(_ rows: Rows, _ row: Int, at start: Int = 0) throws(DatabaseError) {
        for column in 0..<rows.columnCount {
            switch rows[row, column] {
            case .null: try bindNull(at: start + column)
            case .integer(let integer): try bind(integer, at: start + column)
            case .text(let place): try bind(rows.text(place), at: start + column)
            }
        }
    }

    /// Binds all parameters, in their order.
    package func bind(_ values: [Value]) throws(DatabaseError) {
        for (index, value) in values.enumerated() {
            switch value {
            case .null: try bindNull(at: index)
            case .integer(let integer): try bind(integer, at: index)
            case .text(let text): try bind(ArraySlice(text.utf8), at: index)
            }
        }
    }

    /// Runs a statement that gives no rows.
    package func run(_ values: [Value]) throws(DatabaseError) {
        try bind(values)
        while try step() {}
    }

    /// The first column of a query's first row, nil if there is none.
    package func firstInteger() throws(DatabaseError) -> Int64? {
        guard try step() else { return nil }
        defer { reset() }
        return integer(0)
    }

    /// A column of the present row as text; empty for NULL.
    package func text(_ column: Int) -> String {
        var bytes: [UInt8] = []
        appendText(column, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same; nil for NULL.
    package func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
}
