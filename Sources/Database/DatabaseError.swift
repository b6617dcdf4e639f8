/// What went wrong in a database. Holds no bound values: they are the user's data.
package struct DatabaseError: Error, Equatable, CustomStringConvertible {
    /// What kind of fault it is, for what a caller does about it.
    package enum Code: Sendable {
        /// Another program has been holding it for too long.
        case busy
        /// The transaction met another one's, and has been undone.
        case conflict
        /// The disk is full.
        case full
        case cannotOpen
        /// The server does not know the user, or it is another password.
        case accessDenied
        /// The server has ended the connection.
        case connectionLost
        case readOnly
        /// The file is no database, or another program's.
        case notCensus
        /// The database was written by a newer version of census.
        case newerSchema
        /// It was written by an older one, and has not been brought up to date since.
        case olderSchema
        /// There is no schema in it yet.
        case empty
        /// The engine finds its own files damaged, or they hold what census would not write.
        case damaged
        /// The engine does not take a value that was given to it, see `column`.
        case valueRefused
        /// The rest, and with it mistakes in this program.
        case other
    }

    /// What kind of fault it is.
    package var code: Code
    /// The library's own number: SQLite's extended result code, or the error number of the server or
    /// of its client library. Nil where census itself found the fault.
    package var number: Int32?
    /// The database, as the user named it.
    package var database: String
    /// What is wrong, and what to do about it, in words for the user.
    package var message: String
    /// The statement, where it tells something.
    package var sql: String?
    /// Of a value that was refused: its column, where that is known.
    package var column: String?

    /// Without the number of a library.
    package init(
        _ code: Code, database: String, _ message: String, sql: String? = nil,
        column: String? = nil
    ) {
        self.code = code
        self.database = database
        self.message = message
        self.sql = sql
        self.column = column
    }

    /// `census.sqlite: the disk is full`.
    package var description: String {
        guard let sql else { return "\(database): \(message)" }
        let lines = sql.split(separator: "\n").filter { !$0.hasPrefix("--") }
        let words = lines.joined(separator: " ").split(whereSeparator: \.isWhitespace)
        let statement = words.joined(separator: " ")
        let shown = statement.count > 200 ? statement.prefix(200) + "…" : statement[...]
        return "\(database): \(message) (in: \(shown))"
    }
}
