/// An error of a database. It contains no bound values: they are the user's data.
package struct DatabaseError: Error, Equatable, CustomStringConvertible {
    /// The kind of error, for what a caller does about it.
    package enum Code: Sendable {
        /// Another program has held the lock for too long.
        case busy
        /// The transaction conflicted with another one and was rolled back.
        case conflict
        /// The disk is full.
        case full
        /// The file cannot be opened, or the server cannot be reached or refuses the account.
        case cannotOpen
        /// The server does not know the user, or the password is wrong.
        case accessDenied
        /// The connection to the server was lost.
        case connectionLost
        /// The file or the server does not accept changes.
        case readOnly
        /// The file is not a database, or belongs to another program.
        case notCensus
        /// The database was written by a newer version of census.
        case newerSchema
        /// The database was written by an older version of census and has not been upgraded.
        case olderSchema
        /// The database has no schema yet.
        case empty
        /// The engine reports damaged files, or the rows are inconsistent.
        case damaged
        /// The engine refuses a value; see `column`.
        case valueRefused
        /// Any other error, including a bug in census.
        case other
    }

    /// The kind of error.
    package var code: Code
    /// The number given by the library: SQLite's extended result code, or the error number of the
    /// server or of its client library. Nil if census itself found the error.
    package var number: Int32?
    /// The database, as the user named it.
    package var database: String
    /// What is wrong and what to do, in words for the user.
    package var message: String
    /// The SQL statement, if it helps to find the cause.
    package var sql: String?
    /// The column of a refused value, if known.
    package var column: String?

    /// An error without the number of a library.
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
