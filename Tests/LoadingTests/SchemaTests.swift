import Database
import Evidence
import Foundation
import Loading
import Output
import SQLScripts
import SQLite
import SystemPackage
import TestSupport
import Testing

/// How `census` handles files given as databases.
@Suite struct SchemaTests {
    let directory: TemporaryDirectory
    private let newest = Scripts.sqliteSchema.count
    var path: FilePath { directory.path.appending("x.sqlite") }

    init() throws { directory = try TemporaryDirectory() }

    private func sqlite3(_ sql: String) throws -> String {
        let result = try run("sqlite3", [path.string], input: Array(sql.utf8))
        #expect(result.error == "")
        return result.output
    }

    private func install() throws {
        try Schema.install(in: SQLiteDatabase(path: path, .create))
    }

    private func failure(_ body: () throws -> Void) -> DatabaseError? {
        #expect(throws: DatabaseError.self) { try body() }
    }

    @Test func aNewDatabaseSaysWhoseItIs() throws {
        try install()
        #expect(
            try sqlite3("PRAGMA application_id; PRAGMA user_version; PRAGMA journal_mode")
                == "1128615507\n\(newest)\ndelete\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(
            try sqlite3("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
                == """
                ACCOUNTS_PER_SET
                ACCOUNT_SETS
                ADDRESSES_PER_EXECUTION
                AUTHORIZED_KEYS_PER_SET
                AUTHORIZED_KEY_SETS
                Accounts
                Authorized_keys
                Executions
                FIND_NAMES
                FIND_RUNS
                FIND_UPDATES
                LISTENING_PORTS_PER_EXECUTION
                Listening_ports
                OS
                PACKAGES_PER_SET
                PACKAGE_SETS
                PATCHES_PER_SET
                PATCH_SETS
                PRIVILEGES_PER_SET
                PRIVILEGE_SETS
                PROCESSES_PER_EXECUTION
                Packages
                Patches
                Privileges
                Processes
                Processors
                Receipts
                Retractions
                SSH_HOST_KEYS_PER_SET
                SSH_HOST_KEY_SETS
                SSH_host_keys
                Servers
                USERS
                USERS_PER_EXECUTION

                """)
    }

    @Test func installingAgainChangesNothing() throws {
        try install()
        let before = try contents(of: path)
        try install()
        #expect(try contents(of: path) == before)
    }

    @Test func anEmptyFileIsTakenAndAnothersIsNot() throws {
        try directory.write([], to: "x.sqlite")
        try install()
        try FileManager.default.removeItem(atPath: path.string)

        _ = try sqlite3("CREATE TABLE accounts (name TEXT)")
        let before = try contents(of: path)
        let error = failure(install)
        #expect(error?.code == .notCensus)
        #expect(error?.description == "\(path): this is not a census database")
        #expect(try contents(of: path) == before)
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        try directory.write(
            Array("-- a text that is long enough to have a header\n".utf8)
                + Array(repeating: 65, count: 5000), to: "x.sqlite")
        #expect(failure(install)?.code == .notCensus)
    }

    @Test func anEmptyDatabaseOfAnotherApplicationIsRefused() throws {
        _ = try sqlite3("PRAGMA application_id = 7; CREATE TABLE t (x)")
        #expect(failure(install)?.code == .notCensus)
    }

    @Test func aNewerSchemaIsRefusedForReadingAndWriting() throws {
        try install()
        _ = try sqlite3("PRAGMA user_version = 999")
        let error = failure(install)
        #expect(error?.code == .newerSchema)
        #expect(
            error?.message
                == "the database has schema version 999, and this census knows \(newest): "
                + "use a newer one")
        let reading = failure { try Schema.require(in: SQLiteDatabase(path: path, .read)) }
        #expect(reading?.code == .newerSchema)
    }

    @Test func aDatabaseWhoseInsidesAreNotACensusIsRefused() throws {
        try install()
        _ = try sqlite3("PRAGMA user_version = -1")
        #expect(failure(install)?.code == .notCensus)
        _ = try sqlite3("PRAGMA user_version = \(newest); DROP TABLE PROCESSES_PER_EXECUTION")
        let error = failure {
            try Report.all[2].write(
                .csv, limit: nil, from: SQLiteDatabase(path: path, .read), to: { _ in })
        }
        #expect(error?.code == .damaged)
        #expect(
            error?.message == "the tables are not those of census "
                + "(no such table: PROCESSES_PER_EXECUTION)")
    }

    @Test func readingNeedsADatabaseWithASchemaInIt() throws {
        let missing = failure { _ = try SQLiteDatabase(path: path, .read) }
        #expect(missing?.description == "\(path): No such file or directory")
        #expect(!FileManager.default.fileExists(atPath: path.string))

        try directory.write([], to: "x.sqlite")
        let empty = failure { try Schema.require(in: SQLiteDatabase(path: path, .read)) }
        #expect(empty?.code == .empty)
    }

    @Test func aSchemaLandsWholeOrNotAtAll() throws {
        let database = try SQLiteDatabase(path: path, .create)
        #expect(throws: DatabaseError.self) {
            try database.upgradeSchema(["CREATE TABLE a (x); CREATE TABLE b (;"])
        }
        #expect(try sqlite3("SELECT COUNT(*) FROM sqlite_master") == "0\n")
        // The next version starts where the last one left off.
        try database.upgradeSchema(["CREATE TABLE a (x)"])
        try database.upgradeSchema(["CREATE TABLE a (x)", "CREATE TABLE b (x)"])
        #expect(try sqlite3("SELECT name FROM sqlite_master; PRAGMA user_version") == "a\nb\n2\n")
    }

    /// Of each older version, with hosts whose newest execution is of a date that is more than a minute
    /// after its receipt, that have no other dates, and that have no execution.
    @Test(arguments: 1..<Scripts.sqliteSchema.count) func anOlderDatabaseIsBroughtToTheNewest(
        _ version: Int
    ) throws {
        let scripts = try (1...version).map {
            let name = "sql/sqlite/sqlite_schema_\($0).sql"
            let script = try contents(of: fixtures.removingLastComponent().appending(name))
            return String(decoding: script, as: UTF8.self)
        }
        _ = try sqlite3(
            scripts.prefix(2).joined() + """
                PRAGMA application_id = 1128615507; PRAGMA user_version = \(version);
                INSERT INTO OS VALUES (1, 'Linux', NULL);
                INSERT INTO Receipts (Receipt_ID, Path, Verdict, Received_at)
                VALUES (1, 'x', 'ingested', '2026-01-05 00:00:00'), (2, 'y', 'ingested', '');
                INSERT INTO Servers (Server_ID, Host_ID, Hostname, OS_ID)
                VALUES (1, 'h1', 'ahead', 1), (2, 'h2', 'last', 1), (3, 'h3', 'none left', 1);
                INSERT INTO Executions (
                    Server_ID, Exec_date, Hostname, OS_ID, Processes_known, Users_known, Snapshot_ID,
                    Snapshot_SHA256, Receipt_ID)
                VALUES (1, '2026-01-05 00:01:00', 'tied', 1, 1, 1, 'b', 'x', 1),
                       (1, '2026-01-05 00:01:00', 'newest', 1, 1, 1, 'c', 'x', 1),
                       (1, '2026-01-04 00:00:00', 'old', 1, 1, 1, 'd', 'x', 1),
                       (1, '2026-01-05 00:01:01', 'just', 1, 1, 1, 'e', 'x', 1),
                       (1, '2099-01-01 00:00:00', 'ahead', 1, 1, 1, 'f', 'x', 1),
                       (2, '2099-01-01 00:00:00', 'first', 1, 1, 1, 'g', 'x', 1),
                       (2, '2099-01-02 00:00:00', 'last', 1, 1, 1, 'h', 'x', 1)
                """)
        if version > 1 {
            // From version 2 on, the loader records the age.
            _ = try sqlite3(
                """
                UPDATE Servers SET Newest_Exec_date = '2099-01-01 00:00:00', Newest_Snapshot_ID = 'f'
                WHERE Server_ID = 1;

                """ + scripts.dropFirst(2).joined())
        }
        let error = failure { try Schema.require(in: SQLiteDatabase(path: path, .read)) }
        #expect(error?.code == .olderSchema)
        #expect(
            error?.message
                == "the database has schema version \(version) of an older census, and this one reads "
                + "\(newest): upgrade it by running `census ingest` on any file")
        try install()
        #expect(
            try sqlite3(
                """
                SELECT Server_ID, Hostname, Newest_date_is_possible, Newest_Exec_date,
                       Newest_Snapshot_ID FROM Servers;
                SELECT Hostname FROM Executions WHERE Date_is_possible = 0;
                SELECT Absolute_path, Ingested_by, Ingested_on, Ingested_with FROM Receipts;
                PRAGMA user_version; PRAGMA integrity_check; PRAGMA foreign_key_check
                """) == """
                    1|newest|1|2026-01-05 00:01:00|c
                    2|last|0|2099-01-02 00:00:00|h
                    3|none left|1||
                    just
                    ahead
                    first
                    last
                    |||
                    |||
                    \(newest)
                    ok

                    """)
    }

    @Test func manyMayInstallAtOnce() async throws {
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try Schema.install(in: SQLiteDatabase(path: path, .create))
                }
            }
            try await group.waitForAll()
        }
        #expect(try sqlite3("PRAGMA user_version; PRAGMA integrity_check") == "\(newest)\nok\n")
    }

    @Test func errorsHoldNoValues() throws {
        try install()
        let database = try SQLiteDatabase(path: path, .create)
        let insert = try database.prepare("INSERT INTO USERS (User_Name) VALUES (?)")
        try insert.run([.text("secret")])
        let error = failure { try insert.run([.text("secret")]) }
        #expect(
            error?.description
                == "\(path): UNIQUE constraint failed: USERS.User_Name "
                + "(in: INSERT INTO USERS (User_Name) VALUES (?))")
    }

    @Test func aDatabaseIsClosedWhenNobodyNeedsItAnyMore() throws {
        weak var leftOver: SQLiteDatabase?
        do {
            let database = try SQLiteDatabase(path: path, .create)
            try Schema.install(in: database)
            let evidence = try directory.write(SnapshotText().bytes, to: "a.jsonl").string
            let summary = try Ingest().run(EvidenceSearch([evidence]).sources, into: database)
            #expect(summary.loadedSnapshots == 1)
            leftOver = database
        }
        #expect(leftOver == nil)
    }

    @Test func foreignKeysAreOn() throws {
        try install()
        let database = try SQLiteDatabase(path: path, .create)
        func expectChecks() {
            #expect(throws: DatabaseError.self) {
                try database.execute("INSERT INTO USERS_PER_EXECUTION VALUES (1, 1)")
            }
        }
        expectChecks()
        // In writing transactions they are off.
        try database.beginWriting()
        try database.commit()
        expectChecks()
        try database.beginWriting()
        database.rollback()
        expectChecks()
        // A second connection holds the lock: the begin fails.
        let other = try SQLiteDatabase(path: path, .create)
        try other.beginWriting()
        try database.execute("PRAGMA busy_timeout = 0")
        #expect(throws: DatabaseError.self) { try database.beginWriting() }
        other.rollback()
        expectChecks()
    }

    @Test func foreignKeysStayOffWhereTheyWereOff() throws {
        try install()
        let database = try SQLiteDatabase(path: path, .create)
        try database.execute("PRAGMA foreign_keys = OFF")
        try database.beginWriting()
        try database.commit()
        #expect(try database.prepare("PRAGMA foreign_keys").firstInteger() == 0)
        try database.beginWriting()
        database.rollback()
        #expect(try database.prepare("PRAGMA foreign_keys").firstInteger() == 0)
    }
}
