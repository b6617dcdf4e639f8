import CMariaDB
package import Database
import Files
import SQLScripts
import Text

/// A census database on a MySQL or MariaDB server, standalone or in a Galera cluster.
///
/// Writers use READ COMMITTED: each statement sees what others have committed meanwhile. A report
/// sees one state of all tables. Nothing relies on locks, which hold on one node only.
package final class MySQLDatabase: Database {
    /// SQL of MySQL and MariaDB.
    package let schemaScripts = Scripts.mysqlSchema
    /// Transactions run concurrently.
    package let mayConflict = true
    /// Small, so that a conflict repeats little.
    package let rowsPerTransaction = 15_000
    /// InnoDB has one for each foreign key.
    package let indexesReferences = true
    /// It is another process, often on another host.
    package let isEmbedded = false
    /// The width of the columns of names. Two of them fit into a key of InnoDB (MySQL manual,
    /// "InnoDB Limits").
    package let maxNameScalars: Int? = 380
    /// `MariaDB Connector/C 3.3.18`.
    package static var library: String {
        "MariaDB Connector/C \(String(cString: mysql_get_client_info()))"
    }

    let address: MySQLAddress
    private let connection: MySQLConnection
    private var preparedStatements: [String: MySQLStatement] = [:]
    /// The difference between the ids of two consecutive rows of one statement: on Galera the
    /// number of nodes.
    private var idIncrement: Int64

    /// The maximum number of parameters of a statement: a quarter of the protocol's limit, or less
    /// if the server accepts only short statements (`max_allowed_packet`, usually 1 MB or more).
    private let maxParameters: Int
    /// The maximum number of bytes of the texts of a statement, and of a statement of integers.
    private let textBytes: Int
    private let statementBytes: Int

    /// Connects to a server and sets up the session.
    /// - Parameter password: nil for that of `~/.my.cnf`, or else `$MYSQL_PWD`.
    /// - Throws: `cannotOpen`, `accessDenied` or another error of connecting.
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
        // A parameter takes less than 32 bytes in addition to its text.
        maxParameters = min(16_384, max(packetBytes / 64, 1))
        textBytes = min(512 << 10, packetBytes / 4)
        statementBytes = min(128 << 10, packetBytes / 4)
    }

    /// Overrides the settings of the server. Values are not truncated or converted silently, no
    /// rows are omitted, no statement is refused or aborted for its size or duration, and
    /// transactions end only explicitly. A connection may be idle for a long time while files are
    /// read, and a report in a pager. Servers sort by 1024 bytes by default, but a text of 380
    /// characters may have 1520.
    ///
    /// Any account may set these variables. Those that only administrators may set do not affect
    /// what is read or written: `innodb_strict_mode`, `sql_require_primary_key` and the like.
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

    /// The address as given, which has no password.
    package var name: String { address.text }

    /// The table qualified with the quoted name of the database.
    package func qualifiedName(of table: String) -> String {
        "`\(address.database.replacing("`", with: "``"))`.\(table)"
    }

    /// What the unique keys of tables need besides; see the schema.
    package let derivedColumns: Set<String> = [
        "Date_without_snapshot", "Version_is_known", "Version_or_empty",
    ]

    /// From the information schema, without the tables of the schema's version and its upgrade, and
    /// without the index of names.
    package func tableNames() throws(DatabaseError) -> [String] {
        try texts(
            """
            SELECT TABLE_NAME FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'
              AND LOWER(TABLE_NAME) NOT IN ('census_schema', 'census_upgrade')
            """
        ).filter { !NameIndexTables.all.contains($0.uppercased()) }
    }

    /// Runs the statement.
    package func execute(_ script: String) throws(DatabaseError) { try connection.execute(script) }

    /// Prepares a statement on the server.
    package func prepare(_ sql: String) throws(DatabaseError) -> any Statement {
        try MySQLStatement(sql, on: connection)
    }

    /// Returns the statement for this SQL, prepared once.
    private func prepared(_ sql: String) throws(DatabaseError) -> MySQLStatement {
        if let statement = preparedStatements[sql] { return statement }
        let statement = try MySQLStatement(sql, on: connection)
        preparedStatements[sql] = statement
        return statement
    }

    /// Inserts rows with as few statements as the limits allow.
    package func insert(
        _ rows: Rows, into table: String, columns: [String]
    ) throws(DatabaseError) {
        if rows.hasText {
            for chunk in chunks(of: rows) { _ = try insert(chunk, of: rows, into: table, columns) }
        } else {
            try insertIntegers(rows, into: table, columns)
        }
    }

    /// Inserts rows and computes their ids from the first id of each statement.
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

    /// Checks that the row has this id. It follows from how servers number the rows of one
    /// statement (MySQL manual, "AUTO_INCREMENT Handling in InnoDB"), but rows must never be
    /// confused.
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
            "rows of \(table.name) have ids that contradict auto_increment_increment")
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

    /// Inserts rows without text, with literal digits: in half the time of binding.
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

    /// Looks up many keys with each statement.
    package func find(
        _ columns: [String], in table: EntityTable, by keys: Rows
    ) throws(DatabaseError) -> Rows {
        let keyColumns = table.keyColumns
        let select = "SELECT \((columns + keyColumns).joined(separator: ", ")) FROM \(table.name)"
        // `IN` with a list of keys is faster than a condition for each key, but does not find NULL.
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

    /// Begins a transaction at READ COMMITTED. It does not wait for others.
    package func beginWriting() throws(DatabaseError) {
        try execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        try execute("START TRANSACTION READ WRITE")
    }

    /// Begins a read-only transaction with a consistent snapshot at REPEATABLE READ.
    package func beginReading() throws(DatabaseError) {
        try execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    }

    /// Commits.
    /// - Throws: also `conflict`, in a cluster.
    package func commit() throws(DatabaseError) {
        try Interruption.withoutStopping { () throws(DatabaseError) in try execute("COMMIT") }
    }

    /// Rolls back; errors are ignored.
    package func rollback() {
        // If it fails, the connection is lost, and the server has rolled back by itself.
        do throws(DatabaseError) { try execute("ROLLBACK") } catch {}
    }

    /// Nothing: the keys are constraints.
    package func dropKeyIndex(of table: EntityTable) {}

    /// Nothing: the keys are constraints.
    package func makeKeyIndex(of table: EntityTable) {}

    /// Rewrites the tables with OPTIMIZE TABLE.
    package func rewrite(_ tables: [String]) throws(DatabaseError) {
        let statement = try prepare("OPTIMIZE TABLE \(tables.joined(separator: ", "))")
        while try statement.step() {
            // The columns are Table, Op, Msg_type and Msg_text.
            guard statement.text(2).lowercased() == "error" else { continue }
            throw DatabaseError(
                .other, database: address.text,
                "the server did not rewrite \(statement.text(0)): \(statement.text(3))")
        }
    }
}
