import CSQLite
import Database
import Text

/// A prepared statement of SQLite (sqlite3_stmt).
final class SQLiteStatement: Statement {
    private let statement: OpaquePointer
    private let connection: SQLiteConnection

    init(_ statement: OpaquePointer, of connection: SQLiteConnection) {
        self.statement = statement
        self.connection = connection
    }

    deinit { sqlite3_finalize(statement) }

    var columnNames: [String] {
        (0..<sqlite3_column_count(statement)).map {
            String(cString: sqlite3_column_name(statement, $0))
        }
    }

    func bind(_ value: Int64, at index: Int) throws(DatabaseError) {
        try check(sqlite3_bind_int64(statement, CInt(index + 1), value))
    }

    func bindNull(at index: Int) throws(DatabaseError) {
        try check(sqlite3_bind_null(statement, CInt(index + 1)))
    }

    func bind(_ utf8: ArraySlice<UInt8>, at index: Int) throws(DatabaseError) {
        try check(
            utf8.withUnsafeBytes {
                census_bind_text(statement, CInt(index + 1), $0.baseAddress, CInt($0.count))
            })
    }

    func step() throws(DatabaseError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            reset()
            return false
        case let result:
            reset()
            try check(result)
            return false
        }
    }

    // sqlite3_reset() returns the error of the last step, which has been checked.
    func reset() { sqlite3_reset(statement) }

    /// Runs an `INSERT` of the rows in the range.
    /// - Parameter firstID: the value before the columns of the first row, increased by one for
    ///   each further row; nil for none.
    func insert(
        _ rows: Rows, _ range: Range<Int>, firstID: Int64?
    ) throws(DatabaseError) {
        let result = rows.bytes.withUnsafeBytes { text in
            var index: CInt = 0
            var result = SQLITE_OK
            for row in range {
                if let firstID {
                    index += 1
                    result |= sqlite3_bind_int64(statement, index, firstID + Int64(row))
                }
                for column in 0..<rows.columnCount {
                    index += 1
                    switch rows[row, column] {
                    case .null: result |= sqlite3_bind_null(statement, index)
                    case .integer(let integer):
                        result |= sqlite3_bind_int64(statement, index, integer)
                    case .text(let place):
                        let range = place.range
                        result |= census_bind_static_text(
                            statement, index, text.baseAddress.map { $0 + range.lowerBound },
                            CInt(range.count))
                    }
                }
            }
            return result == SQLITE_OK ? sqlite3_step(statement) : result
        }
        reset()
        if rows.hasText { sqlite3_clear_bindings(statement) }
        if result != SQLITE_DONE { try check(result) }
    }

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, CInt(column)) == SQLITE_NULL
    }

    func isInteger(_ column: Int) -> Bool {
        sqlite3_column_type(statement, CInt(column)) == SQLITE_INTEGER
    }

    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement, CInt(column)) }

    func storage(_ column: Int) -> StorageClass {
        switch sqlite3_column_type(statement, CInt(column)) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real(sqlite3_column_double(statement, CInt(column)))
        case SQLITE_BLOB: .blob
        default: .text
        }
    }

    func read(_ count: Int, into rows: inout Rows) throws(DatabaseError) -> Bool {
        for _ in 0..<count {
            guard try step() else { return false }
            for column in 0..<rows.columnCount {
                let value = value(column)
                switch sqlite3_value_type(value) {
                case SQLITE_INTEGER: rows.append(sqlite3_value_int64(value))
                case SQLITE_NULL: rows.append(nil as Int64?)
                default: rows.append { Self.append(value, to: &$0) }
                }
            }
        }
        return true
    }

    func appendText(_ column: Int, to bytes: inout [UInt8]) { _ = append(column, to: &bytes) }

    func append(_ column: Int, to bytes: inout [UInt8]) -> CellKind {
        let value = value(column)
        switch sqlite3_value_type(value) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER:
            bytes.append(digitsOf: sqlite3_value_int64(value))
            return .integer
        default:
            Self.append(value, to: &bytes)
            return .text
        }
    }

    /// The value of a column. Its type and content can be asked for in a fraction of the time that it takes
    /// by the column, but only by the thread of the connection (SQLite, "Result Values From A Query").
    private func value(_ column: Int) -> OpaquePointer? {
        sqlite3_column_value(statement, CInt(column))
    }

    /// Appends a value that is neither NULL nor an integer.
    private static func append(_ value: OpaquePointer?, to bytes: inout [UInt8]) {
        // SQLite gives 15 digits only.
        if sqlite3_value_type(value) == SQLITE_FLOAT {
            bytes += "\(sqlite3_value_double(value))".utf8
        } else if let text = sqlite3_value_text(value) {
            let count = Int(sqlite3_value_bytes(value))
            bytes.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
        }
    }

    private func check(_ result: CInt) throws(DatabaseError) {
        if result == SQLITE_OK { return }
        try connection.check(result, sql: String(cString: sqlite3_sql(statement)))
    }
}
