import CMariaDB
package import Database
import Text

/// A census database on a server of the MySQL family, on its own or in a Galera cluster.
///
/// Writers work at READ COMMITTED: each statement sees what others have committed meanwhile. A
/// report sees one state of everything. Nothing relies on locks that hold on one node only.
package final class MySQLDatabase: Database {
    package let dialect = Dialect.mysql
    package let mayConflict = true
    package let rowsPerTransaction = 15_000
    /// The width of the columns of names, of which two fit into a key of InnoDB.
    package let maxNameScalars: Int? = 380
    /// `MariaDB Connector/C 3.3.18`.
    package static var library: String {
        "MariaDB Connector/C \(String(cString: mysql_get_client_info()))"
    }

    private let address: MySQLAddress
    private let connection: MySQLConnection
    private var preparedStatements: [String: MySQLStatement] = [:]
    /// How far the ids of two rows of one statement are apart: on Galera, the number of nodes.
    private var idIncrement: Int64

    /// Parameters of a statement at the most: a quarter of what the protocol has room for, or less
    /// where the server takes but small statements (`max_allowed_packet`, usually 1 MB and more).
    private let maxParameters: Int
    /// Bytes of a statement's texts, and of a statement of integers.
    private let textBytes: Int
    private let statementBytes: Int

    /// - Parameter password: nil for that of `~/.my.cnf` or else `$MYSQL_PWD`.
    package init(
        _ address: MySQLAddress, _ access: DatabaseAccess = .create, password: String?
    ) throws(DatabaseError) {
        self.address = address
        connection = try MySQLConnection(address, access, password: password)
        try connection.execute(Self.sessionSettings)
        try connection.execute(
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE")
        let limits = try MySQLStatement(
            "SELECT @@SESSION.auto_increment_increment, @@SESSION.max_allowed_packet",
            on: connection)
        _ = try limits.step()
        idIncrement = limits.integer(0)
        let packetBytes = Int(limits.integer(1))
        limits.reset()
        connection.maxStatementBytes = packetBytes
        // A parameter takes less than 32 bytes beside its text.
        maxParameters = min(16_384, max(packetBytes / 64, 1))
        textBytes = min(512 << 10, packetBytes / 4)
        statementBytes = min(128 << 10, packetBytes / 4)
    }

    /// Whatever the server's own settings are: nothing is to be cut or made to fit in silence, no
    /// rows are left out, no statement is refused or broken off for its size or duration, and a
    /// transaction ends when it is ended. A connection may rest for long while files are read, and a
    /// report in a pager. Servers sort by 1024 bytes unless they are told more, and a text of 380
    /// characters may have 1520.
    ///
    /// Any account may set these. What only administrators may set changes nothing that is read or
    /// written: `innodb_strict_mode`, `sql_require_primary_key` and the like.
    private static let sessionSettings = """
        SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
        NO_ENGINE_SUBSTITUTION',
            autocommit = 1, completion_type = 0, foreign_key_checks = 1, unique_checks = 1,
            sql_auto_is_null = 0, sql_safe_updates = 0, sql_big_selects = 1,
            sql_select_limit = 18446744073709551615, group_concat_max_len = 1048576,
            max_sort_length = 4096, sort_buffer_size = 2097152, wait_timeout = 28800,
            net_read_timeout = 3600, net_write_timeout = 3600, innodb_lock_wait_timeout = 50,
            time_zone = '+00:00', collation_connection = utf8mb4_bin, div_precision_increment = 4,
            default_storage_engine = InnoDB, lc_messages = 'en_US'
            /*M!, max_statement_time = 0, idle_transaction_timeout = 0,
            idle_readonly_transaction_timeout = 0, idle_write_transaction_timeout = 0,
            check_constraint_checks = 1, old_mode = '', tmp_disk_table_size = 18446744073709551615,
            max_session_mem_used = 9223372036854775807 */
            /*!80017, max_execution_time = 0, range_optimizer_max_mem_size = 0 */
        """

    private func readIDIncrement() throws(DatabaseError) {
        idIncrement = try prepare("SELECT @@SESSION.auto_increment_increment").firstInteger() ?? 1
    }

    package var name: String { address.text }

    package func qualifiedName(of table: String) -> String {
        "`\(address.database.replacing("`", with: "``"))`.\(table)"
    }

    package func execute(_ script: String) throws(DatabaseError) { try connection.execute(script) }

    package func prepare(_ sql: String) throws(DatabaseError) -> any Statement {
        try MySQLStatement(sql, on: connection)
    }

    /// A statement that is prepared once for each text.
    private func prepared(_ sql: String) throws(DatabaseError) -> MySQLStatement {
        if let statement = preparedStatements[sql] { return statement }
        let statement = try MySQLStatement(sql, on: connection)
        preparedStatements[sql] = statement
        return statement
    }

    package func insert(
        _ rows: Rows, into table: String, columns: [String]
    ) throws(DatabaseError) {
        if rows.hasText {
            for chunk in chunks(of: rows) { _ = try insert(chunk, of: rows, into: table, columns) }
        } else {
            try insertIntegers(rows, into: table, columns)
        }
    }

    package func insert(
        _ rows: Rows, into table: EntityTable, columns: [String]
    ) throws(DatabaseError) -> [Int64] {
        var ids: [Int64] = []
        for chunk in chunks(of: rows) {
            let first = try insert(chunk, of: rows, into: table.name, columns).firstInsertedID
            ids += chunk.indices.map { first + Int64($0 - chunk.lowerBound) * idIncrement }
            if chunk.count > 1 {
                try check(ids.last!, of: chunk.last!, of: rows, in: table, columns)
            }
        }
        return ids
    }

    /// Looks whether the row has this id: that follows from how servers number the rows of one
    /// statement (MySQL manual, "AUTO_INCREMENT Handling in InnoDB"), and a row must never be taken
    /// for another.
    private func check(
        _ id: Int64, of row: Int, of rows: Rows, in table: EntityTable, _ columns: [String]
    ) throws(DatabaseError) {
        let statement = try prepared(
            """
            SELECT COUNT(*) FROM \(table.name) WHERE \(table.idColumn) = ? AND \
            \(columns.map { "\($0) <=> ?" }.joined(separator: " AND "))
            """)
        statement.bind(id, at: 0)
        try statement.bind(rows, row, at: 1)
        if try statement.firstInteger() == 1 { return }
        try readIDIncrement()
        throw DatabaseError(
            .conflict, database: address.text,
            "rows of \(table.name) got other ids than auto_increment_increment tells")
    }

    /// Inserts rows with one statement.
    private func insert(
        _ chunk: Range<Int>, of rows: Rows, into table: String, _ columns: [String]
    ) throws(DatabaseError) -> MySQLStatement {
        let row = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
        let statement = try prepared(
            """
            INSERT INTO \(table) (\(columns.joined(separator: ", ")))
            VALUES \(repeatElement(row, count: chunk.count).joined(separator: ", "))
            """)
        for (index, row) in chunk.enumerated() {
            try statement.bind(rows, row, at: index * rows.columnCount)
        }
        _ = try statement.step()
        return statement
    }

    /// Inserts rows without text, by statements that hold the digits: half the time of binding.
    private func insertIntegers(
        _ rows: Rows, into table: String, _ columns: [String]
    ) throws(DatabaseError) {
        let start = Array(
            "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES ".utf8)
        var sql = start
        sql.reserveCapacity(statementBytes + 1024)
        for row in 0..<rows.count {
            sql.append(UInt8(ascii: sql.count == start.count ? "(" : ","))
            if sql.count > start.count + 1 { sql.append(UInt8(ascii: "(")) }
            for column in 0..<rows.columnCount {
                if column > 0 { sql.append(UInt8(ascii: ",")) }
                if let integer = rows.integer(row, column) {
                    sql.append(digitsOf: integer)
                } else {
                    sql += "NULL".utf8
                }
            }
            sql.append(UInt8(ascii: ")"))
            if sql.count >= statementBytes {
                try connection.execute(sql)
                sql = start
            }
        }
        if sql.count > start.count { try connection.execute(sql) }
    }

    package func find(
        _ columns: [String], in table: EntityTable, by keys: Rows
    ) throws(DatabaseError) -> Rows {
        let keyColumns = table.keyColumns
        let select = "SELECT \((columns + keyColumns).joined(separator: ", ")) FROM \(table.name)"
        // A list of keys is looked up faster than as many conditions, but finds no NULL.
        let list = "(\(keyColumns.joined(separator: ", "))) IN "
        let key = "(\(keyColumns.map { _ in "?" }.joined(separator: ", ")))"
        let condition = "(\(keyColumns.map { "\($0) <=> ?" }.joined(separator: " AND ")))"
        var found = Rows(columnCount: columns.count + keyColumns.count)
        for chunk in chunks(of: keys) {
            let statement = try prepared(
                "\(select) WHERE "
                    + (keys.hasNull
                        ? repeatElement(condition, count: chunk.count).joined(separator: " OR ")
                        : "\(list)(\(repeatElement(key, count: chunk.count).joined(separator: ", ")))")
            )
            for (index, row) in chunk.enumerated() {
                try statement.bind(keys, row, at: index * keys.columnCount)
            }
            while try statement.step() { found.append(rowOf: statement) }
        }
        return found.lookUp(keys)
    }

    private func chunks(of rows: Rows) -> [Range<Int>] {
        var maxRows = 1024
        while maxRows * rows.columnCount > maxParameters { maxRows /= 2 }
        return rows.chunks(maxRows: maxRows, maxTextBytes: textBytes)
    }

    package func beginWriting() throws(DatabaseError) {
        try execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        try execute("START TRANSACTION READ WRITE")
    }

    package func beginReading() throws(DatabaseError) {
        try execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    }

    package func commit() throws(DatabaseError) { try execute("COMMIT") }

    package func rollback() {
        // Where it fails the server is gone, and has undone the transaction by itself.
        do throws(DatabaseError) { try execute("ROLLBACK") } catch {}
    }
}

// The schema. Each statement of a script takes effect by itself, and can be run again; what says
// that a version is there comes last.
extension MySQLDatabase {
    package func upgradeSchema(_ scripts: [String]) throws(DatabaseError) {
        let version = try schemaVersion()
        if version > scripts.count { throw newerSchema(version, known: scripts.count) }
        if version == scripts.count { return }
        try requirePages()
        // From the first one on: an older census took a half-made schema for a whole one.
        let statements = scripts.flatMap { SQLScript($0).statements }
        // Another program may be doing the same. What it was faster with is then passed over, but for a
        // moment a procedure may be missing, or an old one there.
        var backoff = RetryBackoff()
        var attempts = 0
        while attempts < 8 {
            do throws(DatabaseError) {
                for statement in statements { try execute(statement) }
                if try schemaVersion() >= scripts.count { return }
                attempts += 1
                throw DatabaseError(.conflict, database: address.text, "others make its schema too")
            } catch {
                if version > 0 && error.code == .readOnly {
                    throw mayNotUpgrade(from: version, to: scripts.count, error)
                }
                try backoff.wait(after: error)
            }
        }
        throw DatabaseError(
            .notCensus, database: address.text,
            "there are tables by the names of a census whose text has another collation: "
                + "use a database of its own")
    }

    private func mayNotUpgrade(
        from version: Int, to newest: Int, _ error: DatabaseError
    ) -> DatabaseError {
        DatabaseError(
            .readOnly, database: address.text,
            "it has schema version \(version) and this account may not bring it to \(newest): an "
                + "administrator can, as the article \"Servers\" of the documentation says "
                + "(\(error.message.prefix { $0 != ";" }))")
    }

    /// - Throws: where InnoDB's pages are too small for two names in a key, 3040 bytes: MySQL manual,
    ///   "InnoDB Limits".
    private func requirePages() throws(DatabaseError) {
        let size = try prepare("SELECT @@innodb_page_size").firstInteger() ?? 0
        if size >= 16_384 { return }
        throw DatabaseError(
            .cannotOpen, database: address.text,
            "the server's innodb_page_size is \(size), which has no room for the keys of a census: "
                + "use a server whose data directory was made with 16384, the default, or more")
    }

    package func schemaVersion() throws(DatabaseError) -> Int {
        let marked = try prepare(
            """
            SELECT COUNT(*), COALESCE(SUM(LOWER(TABLE_NAME) = 'census_schema'), 0) > 0
            FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
            """)
        guard try marked.step() else { return 0 }
        let (tables, isCensus) = (marked.integer(0), marked.integer(1) != 0)
        marked.reset()
        if tables == 0 { return 0 }
        if !isCensus {
            throw DatabaseError(
                .notCensus, database: address.text,
                "this is not a census database: it has other tables")
        }
        return Int(try prepare("SELECT MAX(Version) FROM Census_schema").firstInteger() ?? 0)
    }
}
