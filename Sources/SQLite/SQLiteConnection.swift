import CSQLite
import Database
import Files
import SystemPackage

/// A connection to a database file, closed when neither the database nor a statement uses it any
/// more.
final class SQLiteConnection {
    let handle: OpaquePointer
    private let path: FilePath

    /// Opens an existing file.
    /// - Parameter isInMemory: whether it is an empty database in memory instead, of that name.
    init(path: FilePath, isInMemory: Bool = false) throws(DatabaseError) {
        self.path = path
        var handle: OpaquePointer?
        // Read-write even for reading, because a journal left by a crash must be rolled back first.
        // SQLite falls back to read-only for a file that cannot be written.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        // With `./` in front, a path that begins with `file:` is not taken for a URI.
        let file = path.isAbsolute ? path.string : "./" + path.string
        let name = isInMemory ? ":memory:" : file
        let result = sqlite3_open_v2(name, &handle, flags, nil)
        guard result == SQLITE_OK, let handle else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(handle)
            var error = DatabaseError(.cannotOpen, database: path.string, message)
            error.number = result
            throw error
        }
        self.handle = handle
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs the statements with sqlite3_exec().
    func execute(_ script: String) throws(DatabaseError) {
        try check(sqlite3_exec(handle, script, nil, nil, nil), sql: script)
    }

    /// Prepares a statement.
    /// - Throws: also if there is no statement in the text.
    func prepare(_ sql: String) throws(DatabaseError) -> SQLiteStatement {
        var statement: OpaquePointer?
        try check(
            sqlite3_prepare_v3(
                handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil), sql: sql)
        guard let statement else {
            throw DatabaseError(.other, database: path.string, "no statement", sql: sql)
        }
        return SQLiteStatement(statement, of: self)
    }

    func notCensus() -> DatabaseError {
        DatabaseError(.notCensus, database: path.string, "this is not a census database")
    }

    /// Converts a result code of SQLite into an error. All calls go through it. ("Result and Error
    /// Codes")
    func check(_ result: CInt, sql: String? = nil) throws(DatabaseError) {
        if result == SQLITE_OK { return }
        var error = error(result, sql: sql)
        error.number = result
        throw error
    }

    private func error(_ result: CInt, sql: String?) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(handle))
        func failed(_ code: DatabaseError.Code, _ message: String) -> DatabaseError {
            DatabaseError(code, database: path.string, message)
        }
        switch result & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return failed(
                .busy,
                "the database is locked by another program, such as an ingest or a report; "
                    + "try again when it has ended")
        case SQLITE_FULL: return failed(.full, "the disk is full")
        case SQLITE_NOTADB: return notCensus()
        case SQLITE_CORRUPT: return failed(.damaged, "the file is damaged (\(message))")
        case SQLITE_READONLY where result == SQLITE_READONLY | 3 << 8:  // …_ROLLBACK
            return failed(
                .readOnly,
                "a program was interrupted while writing to it; open it once as a user with "
                    + "write access"
            )
        case SQLITE_READONLY: return failed(.readOnly, "the file cannot be written (\(message))")
        case SQLITE_IOERR:
            return failed(.other, "the file cannot be read or written (\(message))")
        case SQLITE_CANTOPEN where usesWriteAheadLog:
            return failed(
                .cannotOpen,
                "the database is in WAL mode, set by another program, and can be read only "
                    + "in a directory that is writable; copy it to one")
        case SQLITE_CANTOPEN, SQLITE_PERM: return failed(.cannotOpen, message)
        case SQLITE_CONSTRAINT where Self.refusals.contains(result), SQLITE_MISMATCH, SQLITE_TOOBIG:
            return refused(message)
        case SQLITE_ERROR where message.hasPrefix("no such "):
            return failed(.damaged, "the tables are not those of census (\(message))")
        default: return DatabaseError(.other, database: path.string, message, sql: sql)
        }
    }

    /// `SQLITE_CONSTRAINT_CHECK`, `_NOTNULL`, `_TRIGGER` (`RAISE`) and `_DATATYPE` (a `STRICT`
    /// table).
    private static let refusals: Set<CInt> = [1, 5, 7, 12].reduce(into: []) {
        $0.insert(SQLITE_CONSTRAINT | $1 << 8)
    }

    /// Whether the header of the file says so ("Database File Format", 1.3.3).
    private var usesWriteAheadLog: Bool {
        do throws(FileError) {
            return try OpenFile(reading: path).part(at: 18, count: 2) == [2, 2]
        } catch {
            return false
        }
    }

    /// The message names the column: `NOT NULL constraint failed: Executions.Kernel`.
    private func refused(_ message: String) -> DatabaseError {
        let column = message.hasPrefix("NOT NULL") ? message.split(separator: ".").last : nil
        return DatabaseError(
            .valueRefused, database: path.string, "a value is refused (\(message))",
            column: column.map(String.init))
    }
}
