import CSQLite
package import Database
import Files
import SQLScripts
package import SystemPackage

/// A census database in an SQLite file.
///
/// It uses SQLite's default journal, a rollback journal that is deleted at each commit, with
/// `synchronous=FULL`. The database is therefore a single file whenever no program writes to it, on
/// any file system, and committed changes survive a power loss.
package final class SQLiteDatabase: Database {
    /// SQL of SQLite.
    package let schemaScripts = Scripts.sqliteSchema
    /// Writers wait for each other.
    package let mayConflict = false
    /// Large, because each commit waits for the disk.
    package let rowsPerTransaction = 1_000_000
    /// Those of the processes of executions have none: loading would take longer.
    package let indexesReferences = false
    /// It is a library.
    package let isEmbedded = true
    /// No limit.
    package let maxNameScalars: Int? = nil
    /// `SQLite 3.40.1`.
    package static var library: String { "SQLite \(String(cString: sqlite3_libversion()))" }

    private let path: FilePath
    private let connection: SQLiteConnection
    private var preparedStatements: [String: SQLiteStatement] = [:]
    private var insertions: [InsertionKey: SQLiteStatement] = [:]
    /// The value of `foreign_keys` before `beginWriting`; nil outside such a transaction.
    private var foreignKeysBefore: Int64?

    private struct InsertionKey: Hashable {
        let table: String
        let columns: [String]
        let rows: Int
    }

    /// Inserting 64 rows with one statement takes a quarter of the time of 64 statements; more rows
    /// are not faster.
    private static let rowsPerStatement = 64

    /// Opens a database, or creates it for `.create`. A new file is readable only by its owner.
    /// - Throws: `cannotOpen`, `notCensus`, `busy` or `damaged`.
    package init(path: FilePath, _ access: DatabaseAccess) throws(DatabaseError) {
        self.path = path
        try Self.requireRegularFile(at: path)
        try Self.requireOwnJournals(of: path)
        do throws(FileError) {
            switch access {
            case .create: try OpenFile.makePrivate(at: path)
            // SQLite would not report the reason.
            case .read, .write: _ = try OpenFile(reading: path)
            }
        } catch {
            throw DatabaseError(.cannotOpen, database: path.string, error.errno.description)
        }
        try Self.requireOwnJournals(of: path)  // for a new file that a link points to
        connection = try SQLiteConnection(path: path)
        // SQLite's own busy handler retries ten times a second, which is too seldom for the gap
        // that a writer leaves between two transactions, see `commit`.
        let askAgain: @convention(c) (UnsafeMutableRawPointer?, CInt) -> CInt = { _, attempt in
            LockWait.noteAttempt()
            if Interruption.stopsStatements { return 0 }
            CallingProcess.sleep(milliseconds: 2)
            return attempt < 30_000 ? 1 : 0  // for one minute
        }
        try connection.check(sqlite3_busy_handler(connection.handle, askAgain, nil))
        // So often that a long statement ends within milliseconds, and so seldom that it costs nothing.
        sqlite3_progress_handler(
            connection.handle, 10_000, { _ in Interruption.stopsStatements ? 1 : 0 }, nil)
        // The first statement that reads the file fails if it is not a database.
        let isEmpty = try pragma("schema_version") == 0
        let id = try pragma("application_id")
        if id != Scripts.sqliteApplicationID && !(isEmpty && id == 0) {
            throw connection.notCensus()
        }
        try execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL")
        try execute("PRAGMA temp_store = FILE")
        // Most queries read tables in their order: SQLite's usual cache of 2 MB is enough for them, and to
        // have the memory of a larger one takes longer than it saves.
        let largeCache = "PRAGMA cache_size = -32768"
        switch access {
        case .read: try execute("PRAGMA query_only = ON")
        case .write: try execute("\(largeCache); PRAGMA secure_delete = ON")
        case .create: try execute(largeCache)
        }
    }

    /// Opening a FIFO would block, and data written to a device is lost.
    private static func requireRegularFile(at path: FilePath) throws(DatabaseError) {
        guard let status = try status(at: path, followingLink: true, of: path) else { return }
        if status.type == .regular { return }
        throw DatabaseError(
            .cannotOpen, database: path.string,
            "it is \(status.type.rawValue), not a regular file; give another name")
    }

    /// SQLite rolls back or deletes any file with the name of a journal or write-ahead log of the
    /// database, whatever its content ("Database File Format", 3 and 4). A file of another program
    /// must not be lost in this way.
    private static func requireOwnJournals(of path: FilePath) throws(DatabaseError) {
        let magics: [(suffix: String, beginnings: [[UInt8]])] = [
            // The header is zero until the journal is on the medium.
            (
                "-journal",
                [[0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7], [0, 0, 0, 0, 0, 0, 0, 0]]
            ),
            ("-wal", [[0x37, 0x7F, 0x06, 0x82], [0x37, 0x7F, 0x06, 0x83]]),
        ]
        // Journals are in the directory of the link's target.
        let isLink = try status(at: path, followingLink: false, of: path)?.type == .symbolicLink
        let file = isLink ? path.resolved ?? path : path
        for (suffix, beginnings) in magics {
            let journal = file.withSuffix(suffix)
            guard let status = try status(at: journal, followingLink: false, of: path) else {
                continue
            }
            var isOwn = status.type == .regular
            if isOwn && status.size > 0 {
                do throws(FileError) {
                    let start = try OpenFile(reading: journal).beginning(count: 8)
                    isOwn = start.isEmpty || beginnings.contains { start.starts(with: $0) }
                } catch {
                    // The file may have been deleted meanwhile; an unreadable one is left alone.
                }
            }
            if isOwn { continue }
            throw DatabaseError(
                .cannotOpen, database: path.string,
                "\(journal.text) is not a journal of SQLite, which would delete it; "
                    + "move that file away, or give another name")
        }
    }

    private static func status(
        at file: FilePath, followingLink: Bool, of path: FilePath
    ) throws(DatabaseError) -> OpenFile.Status? {
        do throws(FileError) {
            return try OpenFile.status(at: file, followingLink: followingLink)
        } catch {
            throw DatabaseError(.cannotOpen, database: path.string, error.errno.description)
        }
    }

    /// The path as given.
    package var name: String { path.string }

    /// The table in the schema `main`.
    package func qualifiedName(of table: String) -> String { "main.\(table)" }

    /// None.
    package let derivedColumns: Set<String> = []

    /// From the schema table, without SQLite's own tables and the index of names.
    package func tableNames() throws(DatabaseError) -> [String] {
        try texts(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        ).filter { !NameIndexTables.all.contains($0) }
    }

    /// The columns of each table of a new census database, both in small letters.
    package static func columnsOfTables() throws(DatabaseError) -> [String: Set<String>] {
        let connection = try SQLiteConnection(path: "the schema", isInMemory: true)
        for script in Scripts.sqliteSchema { try connection.execute(script) }
        let statement = try connection.prepare(
            """
            SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
            WHERE t.type = 'table'
            """)
        var columns: [String: Set<String>] = [:]
        while try statement.step() {
            columns[statement.text(0).lowercased(), default: []].insert(
                statement.text(1).lowercased())
        }
        return columns
    }

    /// Runs the statements with sqlite3_exec().
    package func execute(_ script: String) throws(DatabaseError) {
        try connection.execute(script)
    }

    /// Prepares a statement.
    /// - Throws: also if there is no statement in the text.
    package func prepare(_ sql: String) throws(DatabaseError) -> any Statement {
        try connection.prepare(sql)
    }

    /// Inserts rows, 64 with each statement.
    package func insert(
        _ rows: Rows, into table: String, columns: [String]
    ) throws(DatabaseError) {
        try insert(rows, into: table, columns, firstID: nil)
    }

    /// Inserts rows with ids that follow the greatest id of the table.
    /// - Throws: `damaged` if no ids are left.
    package func insert(
        _ rows: Rows, into table: EntityTable, columns: [String]
    ) throws(DatabaseError) -> [Int64] {
        if rows.isEmpty { return [] }
        // No other program writes, so these are the ids that SQLite would assign.
        let last = try prepared("SELECT MAX(\(table.idColumn)) FROM \(table.name)").firstInteger()
        let (end, overflow) = (last ?? 0).addingReportingOverflow(Int64(rows.count) + 1)
        if overflow {
            throw DatabaseError(
                .damaged, database: path.string, "there are no ids left in \(table.name)")
        }
        let ids = end - Int64(rows.count)..<end
        try insert(rows, into: table.name, [table.idColumn] + columns, firstID: ids.lowerBound)
        return Array(ids)
    }

    private func insert(
        _ rows: Rows, into table: String, _ columns: [String], firstID: Int64?
    ) throws(DatabaseError) {
        for chunk in rows.chunks(maxRows: Self.rowsPerStatement) {
            try insertion(into: table, columns, rows: chunk.count)
                .insert(rows, chunk, firstID: firstID)
        }
    }

    /// Looks up one key after another.
    package func find(
        _ columns: [String], in table: EntityTable, by keys: Rows
    ) throws(DatabaseError) -> Rows {
        let statement = try prepared(
            """
            SELECT \(columns.joined(separator: ", ")) FROM \(table.name)
            WHERE \(table.keyColumns.map { "\($0) IS ?" }.joined(separator: " AND "))
            """)
        var rows = Rows(columnCount: columns.count)
        for key in 0..<keys.count {
            try statement.bind(keys, key)
            if try statement.step() {
                rows.append(rowOf: statement)
                statement.reset()
            } else {
                rows.appendNulls()
            }
        }
        return rows
    }

    private func insertion(
        into table: String, _ columns: [String], rows: Int
    ) throws(DatabaseError) -> SQLiteStatement {
        let key = InsertionKey(table: table, columns: columns, rows: rows)
        if let statement = insertions[key] { return statement }
        let row = "(\(repeatElement("?", count: columns.count).joined(separator: ", ")))"
        // An insert that fails ends the transaction in any case. With OR ROLLBACK SQLite knows
        // this; otherwise it keeps a copy of each changed page in a file, to undo the statement
        // alone.
        let statement = try connection.prepare(
            """
            INSERT OR ROLLBACK INTO \(table) (\(columns.joined(separator: ", ")))
            VALUES \(repeatElement(row, count: rows).joined(separator: ", "))
            """)
        insertions[key] = statement
        return statement
    }

    /// Returns the statement for this SQL, prepared once.
    private func prepared(_ sql: String) throws(DatabaseError) -> SQLiteStatement {
        if let statement = preparedStatements[sql] { return statement }
        let statement = try connection.prepare(sql)
        preparedStatements[sql] = statement
        return statement
    }

    /// Drops the index if it has one of its own.
    package func dropKeyIndex(of table: EntityTable) throws(DatabaseError) {
        if let index = table.keyIndex { try execute("DROP INDEX IF EXISTS \(index)") }
    }

    /// Sorts the keys, with temporary files if they are many, in a transaction of its own unless there is one.
    package func makeKeyIndex(of table: EntityTable) throws(DatabaseError) {
        guard let index = table.keyIndex,
            try texts("SELECT name FROM sqlite_schema WHERE name = '\(index)'").isEmpty
        else { return }
        let columns = table.keyColumns.joined(separator: ", ")
        let script = "CREATE UNIQUE INDEX IF NOT EXISTS \(index) ON \(table.name) (\(columns))"
        if sqlite3_get_autocommit(connection.handle) == 0 { return try execute(script) }
        try beginWriting()
        do {
            try execute(script)
            try commit()
        } catch {
            rollback()
            throw error
        }
    }

    /// Runs the scripts that the database does not have yet, and sets `user_version`, in one transaction.
    package func upgradeSchema(_ scripts: [String]) throws(DatabaseError) {
        func version() throws(DatabaseError) -> Int {
            let version = try schemaVersion()
            if version > scripts.count { throw newerSchema(version, known: scripts.count) }
            return version
        }
        if try version() == scripts.count { return }
        try beginWriting()
        do {
            // Another program may have upgraded it meanwhile.
            for script in scripts[try version()...] { try execute(script) }
            try execute(
                """
                PRAGMA application_id = \(Scripts.sqliteApplicationID);
                PRAGMA user_version = \(scripts.count)
                """)
            try commit()
        } catch {
            rollback()
            throw error
        }
    }

    /// Reads `user_version`.
    package func schemaVersion() throws(DatabaseError) -> Int {
        let version = try pragma("user_version")
        if version < 0 { throw connection.notCensus() }
        return Int(version)
    }

    /// Foreign keys are not checked in the transaction: the checks took half the time of a load.
    /// Referenced rows have been written or found before, and only those are deleted that nothing
    /// refers to. `commit` and `rollback` restore the setting.
    package func beginWriting() throws(DatabaseError) {
        foreignKeysBefore = try pragma("foreign_keys")
        do throws(DatabaseError) {
            try execute("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE")
        } catch {
            restoreForeignKeys()
            throw error
        }
    }

    /// Sets `foreign_keys` to what it was before `beginWriting`. SQLite ignores the pragma inside a
    /// transaction ("PRAGMA foreign_keys"), so this follows its end.
    private func restoreForeignKeys() {
        guard let value = foreignKeysBefore else { return }
        sqlite3_exec(connection.handle, "PRAGMA foreign_keys = \(value)", nil, nil, nil)
        foreignKeysBefore = nil
    }

    /// Begins a deferred transaction, which sees one state from its first statement on ("Isolation
    /// In SQLite").
    package func beginReading() throws(DatabaseError) { try execute("BEGIN") }

    /// Commits, and sleeps for 5 ms.
    package func commit() throws(DatabaseError) {
        // Ctrl-C may stop it: if it fails, nothing is committed.
        try execute("COMMIT")
        restoreForeignKeys()
        // Gives waiting programs a chance: SQLite's locks are not fair.
        CallingProcess.sleep(milliseconds: 5)
    }

    /// Rolls back if SQLite has not done so.
    package func rollback() {
        // Some errors have already rolled it back; an error of the rollback itself cannot be
        // handled.
        if sqlite3_get_autocommit(connection.handle) == 0 {
            sqlite3_exec(connection.handle, "ROLLBACK", nil, nil, nil)
        }
        restoreForeignKeys()
    }

    /// Rewrites the database with VACUUM, which needs room for a copy of it.
    package func rewrite(_ tables: [String]) throws(DatabaseError) { try execute("VACUUM") }

    private func pragma(_ name: String) throws(DatabaseError) -> Int64 {
        try prepare("PRAGMA \(name)").firstInteger() ?? 0
    }
}
