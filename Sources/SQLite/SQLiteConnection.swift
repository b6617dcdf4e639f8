import CSQLite
import Database
import Files
import SystemPackage

/// An open database file, closed when neither the database nor a statement needs it any more.
final class SQLiteConnection {
    let handle: OpaquePointer
    private let path: FilePath

    /// Opens a file that is there.
    init(path: FilePath) throws(DatabaseError) {
        self.path = path
        var handle: OpaquePointer?
        // For reading too, since a journal that a crash left behind must be rolled back first. On
        // a file that may not be written SQLite opens it for reading.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        // A path that begins with a dash or `file:` is a path.
        let name = path.isAbsolute ? path.string : "./" + path.string
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

    func notCensus() -> DatabaseError {
        DatabaseError(.notCensus, database: path.string, "this is not a census database")
    }

    /// The one place that turns a result code of SQLite into an error.
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
                "another program is using it, an ingest or a report that is not at its end; "
                    + "try again when it is")
        case SQLITE_FULL: return failed(.full, "the disk is full")
        case SQLITE_NOTADB: return notCensus()
        case SQLITE_CORRUPT: return failed(.damaged, "the file is damaged (\(message))")
        case SQLITE_READONLY where result == SQLITE_READONLY | 3 << 8:  // …_ROLLBACK
            return failed(
                .readOnly,
                "a program died while it wrote to it: open it once as somebody who may write")
        case SQLITE_READONLY: return failed(.readOnly, "it cannot be written (\(message))")
        case SQLITE_IOERR:
            return failed(.other, "the file cannot be read or written (\(message))")
        case SQLITE_CANTOPEN where usesWriteAheadLog:
            return failed(
                .cannotOpen,
                "another program has set it to write-ahead logging, with which it can be read only "
                    + "where files can be written beside it: copy it there")
        case SQLITE_CANTOPEN, SQLITE_PERM: return failed(.cannotOpen, message)
        case SQLITE_CONSTRAINT where Self.refusals.contains(result), SQLITE_MISMATCH, SQLITE_TOOBIG:
            return refused(message)
        case SQLITE_ERROR where message.hasPrefix("no such "):
            return failed(.damaged, "its tables are not those of a census (\(message))")
        default: return DatabaseError(.other, database: path.string, message, sql: sql)
        }
    }

    /// `SQLITE_CONSTRAINT_…` of `CHECK`, `NOT NULL`, a trigger's `RAISE`, and a `STRICT` table's type.
    private static let refusals: Set<CInt> = [1, 5, 7, 12].reduce(into: []) {
        $0.insert(SQLITE_CONSTRAINT | $1 << 8)
    }

    /// By the file's header ("Database File Format", 1.3.3).
    private var usesWriteAheadLog: Bool {
        do throws(FileError) {
            return try OpenFile(reading: path).part(at: 18, count: 2) == [2, 2]
        } catch {
            return false
        }
    }

    /// A column is named as in `NOT NULL constraint failed: Executions.Kernel`.
    private func refused(_ message: String) -> DatabaseError {
        let column = message.hasPrefix("NOT NULL") ? message.split(separator: ".").last : nil
        return DatabaseError(
            .valueRefused, database: path.string, "a value is refused (\(message))",
            column: column.map(String.init))
    }
}
