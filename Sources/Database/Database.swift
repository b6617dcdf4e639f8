/// Which SQL an engine speaks, where scripts differ.
package enum Dialect: Sendable { case sqlite }

/// What a database is opened for.
package enum DatabaseAccess: Sendable {
    /// To write; it is made if it is not there.
    case create
    case read
}

/// A connection to a database, on whatever engine. It belongs to the thread that opened it.
package protocol Database: AnyObject {
    var dialect: Dialect { get }

    /// Whether the engine may undo a transaction that meets another one's, with an error whose
    /// code is `conflict`. What was in it is then to be done again.
    var mayConflict: Bool { get }

    /// How many rows of links to write in a transaction: enough for speed, few enough to keep
    /// others waiting for a moment only.
    var rowsPerTransaction: Int { get }

    /// Runs statements that give no rows.
    func execute(_ script: String) throws(DatabaseError)

    /// Makes a statement that can be run many times.
    func prepare(_ sql: String) throws(DatabaseError) -> any Statement

    /// Adds rows to a table.
    func insert(_ rows: Rows, into table: String, columns: [String]) throws(DatabaseError)

    /// The ids of things by their keys; what is new is added.
    /// - Parameter keys: no two of them the same.
    /// - Returns: an id for each of `keys`, in their order.
    func ids(of keys: Rows, in table: EntityTable) throws(DatabaseError) -> [Int64]

    /// The id that the last insertion into a table with ids of its own gave.
    var lastInsertedID: Int64 { get }

    /// Brings the schema to the version that is the number of `scripts`: the script at index n
    /// leads from version n to n + 1, and takes effect together with the new version or not at
    /// all. Several programs may do this at once.
    /// - Throws: also where the database is another program's, or newer than `scripts`.
    func upgradeSchema(_ scripts: [String]) throws(DatabaseError)

    /// - Throws: unless the database holds a census's schema of exactly this version.
    func requireSchema(version: Int) throws(DatabaseError)

    /// Begins a transaction that may write, once no other writes.
    func beginWriting() throws(DatabaseError)

    /// Begins a transaction in which all statements see the same state.
    func beginReading() throws(DatabaseError)

    /// Makes what the transaction wrote durable: it survives the loss of power from here on.
    func commit() throws(DatabaseError)

    /// Undoes the transaction, if there is one.
    func rollback()
}

/// A prepared statement. Parameters and columns are counted from 0.
package protocol Statement: AnyObject {
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

    // The present row.
    func isNull(_ column: Int) -> Bool
    func isInteger(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    /// Appends the UTF-8 of a column, a number in digits and NULL as nothing.
    func appendText(_ column: Int, to bytes: inout [UInt8])
}

extension Statement {
    /// Binds a row.
    package func bind(_ rows: Rows, _ row: Int) throws(DatabaseError) {
        for column in 0..<rows.columnCount {
            switch rows.cells[row * rows.columnCount + column] {
            case .null: try bindNull(at: column)
            case .integer(let integer): try bind(integer, at: column)
            case .text(let range): try bind(rows.text(range), at: column)
            }
        }
    }

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

    /// Runs a query of which only the first row matters.
    /// - Returns: what `read` makes of that row, nil if there is none.
    package func first<Result>(
        _ values: [Value], _ read: (any Statement) -> Result
    ) throws(DatabaseError) -> Result? {
        try bind(values)
        guard try step() else { return nil }
        defer { reset() }
        return read(self)
    }

    package func text(_ column: Int) -> String {
        var bytes: [UInt8] = []
        appendText(column, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
