import SystemPackage
import TestSupport
import Testing

/// Rows that somebody changed who may write to the database, such as the administrator of the server: what
/// shows it, as the article "Security" says, and what does not.
@Suite struct AlteredRowsTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// What shows that rows were changed.
    struct Notice: OptionSet, Sendable {
        let rawValue: Int

        /// The digest of the page is another one.
        static let digest = Notice(rawValue: 1)
        /// The files, given again, have a snapshot that is not in the database.
        static let files = Notice(rawValue: 2)
        /// Added to an empty database, it is refused.
        static let items = Notice(rawValue: 4)
        /// Added to a database that was made of the files, it has other snapshots.
        static let snapshots = Notice(rawValue: 8)
        /// The rows of the views are others than in a database that was made of the files.
        static let rows = Notice(rawValue: 16)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let notice: Notice
    }

    private static let changes = [
        Change(testDescription: "nothing", sql: "", notice: []),
        Change(
            testDescription: "a process that has another name",
            sql: "UPDATE Processes SET Process_Name = 'sshd' WHERE Process_Name = 'miner'",
            notice: .rows),
        Change(
            testDescription: "processes that are gone",
            sql: "DELETE FROM PROCESSES_PER_EXECUTION WHERE Execution_ID = 1", notice: .rows),
        Change(
            testDescription: "an execution of another date",
            sql: "UPDATE Executions SET Exec_date = '2026-01-09 00:00:00' WHERE Execution_ID = 1",
            notice: .rows),
        Change(
            testDescription: "a receipt of another file",
            sql: "UPDATE Receipts SET SHA256 = '\(String(repeating: "0", count: 64))'",
            notice: .rows),
        Change(
            testDescription: "a package of another version",
            sql: "UPDATE Packages SET Version = '9' WHERE Package_Name = 'openssl'",
            notice: [.items, .rows]),
        Change(
            testDescription: "a package that is gone",
            sql: """
                DELETE FROM PACKAGES_PER_SET WHERE Package_ID =
                    (SELECT Package_ID FROM Packages WHERE Package_Name = 'openssl')
                """,
            notice: [.items, .rows]),
        Change(
            testDescription: "an execution that is gone",
            sql: """
                DELETE FROM PROCESSES_PER_EXECUTION WHERE Execution_ID = 1;
                DELETE FROM ADDRESSES_PER_EXECUTION WHERE Execution_ID = 1;
                DELETE FROM Executions WHERE Execution_ID = 1
                """,
            notice: [.digest, .files, .rows]),
        Change(
            testDescription: "an execution that no file has",
            sql: """
                INSERT INTO Executions (Server_ID, Exec_date, Hostname, OS_ID, Processes_known,
                    Users_known, Snapshot_ID, Snapshot_SHA256, Receipt_ID)
                SELECT Server_ID, '2026-01-03 00:00:00', Hostname, OS_ID, Processes_known,
                    Users_known, '\(uuid(7))', Snapshot_SHA256, Receipt_ID
                FROM Executions WHERE Execution_ID = 1
                """,
            notice: [.digest, .snapshots, .rows]),
        Change(
            testDescription: "a snapshot of another digest",
            sql: """
                UPDATE Executions SET Snapshot_SHA256 = '\(String(repeating: "0", count: 64))'
                WHERE Execution_ID = 1
                """,
            notice: [.digest, .snapshots, .rows]),
    ]

    private static let questions = [
        "SELECT host, taken_at, pid, process, COALESCE(owner, '') FROM v_processes",
        "SELECT host, taken_at, type, package, version FROM v_packages",
        "SELECT host, taken_at, snapshot_id, snapshot_sha256, file_sha256 FROM v_executions",
    ]

    private func sql(_ script: String, _ database: NamedDatabase) throws -> String {
        #if MySQL
            if let server = database.server { return try server.sql(script) }
        #endif
        let result = try run(
            "sqlite3", ["-tabs", database.name, script], in: directory.path)
        try #require(result.status == 0, "\(result.error)")
        return result.output
    }

    private func rows(_ database: NamedDatabase) throws -> [[Substring]] {
        try Self.questions.map { try sql($0, database).split(separator: "\n").sorted() }
    }

    private func digest(_ database: String) throws -> Substring? {
        let page = try census("report", "--format", "html", "-o", "-", "--db", database)
        #expect(page.status == 0, "\(page.error)")
        return page.output.firstMatch(of: #/<code class="digest">([0-9a-f]{64})</#)?.1
    }

    @Test(arguments: Engine.allCases, changes)
    func whatShowsIt(_ engine: Engine, _ change: Change) throws {
        for number in 1...2 {
            var text = SnapshotText(
                id: uuid(number), takenAt: "2026-01-0\(number)T00:00:00Z", hostID: "h\(number)",
                hostname: "web-0\(number)", processes: [process(1, "init"), process(66, "miner")])
            text.lines += [package("bash", "5"), package("openssl", "3")]
            try directory.write(text.bytes, to: "stick/\(number).jsonl")
        }
        let database = try engine.database()
        for name in [database.name, "files.sqlite"] {
            let loaded = try census("ingest", "--quiet", "stick", "--db", name)
            #expect(loaded.status == 0, "\(loaded.error)")
        }
        let ofFiles = NamedDatabase(name: "files.sqlite")
        let before = try digest(database.name)
        #expect(try before != nil && before == digest("files.sqlite"))
        #expect(try rows(database) == rows(ofFiles))
        if !change.sql.isEmpty { _ = try sql(change.sql, database) }

        var notice: Notice = []
        if try digest(database.name) != before { notice.insert(.digest) }
        if try rows(database) != rows(ofFiles) { notice.insert(.rows) }
        let empty = try census("ingest", "--quiet", database.name, "--db", "empty.sqlite")
        if empty.status == 2 && empty.error.contains(" has a row with a wrong digest\n") {
            notice.insert(.items)
        }
        let joined = try census("ingest", "--limit", "0", database.name, "--db", "files.sqlite")
        if !joined.error.hasSuffix(
            ": 0 executions added with 0 processes, 2 already here\n")
            && joined.error.contains(
                /: 1 execution added|is in the database with other content/)
        {
            notice.insert(.snapshots)
        }
        // Last, as it loads what is gone.
        let again = try census("ingest", "--limit", "0", "stick", "--db", database.name)
        if again.error.contains(": 1 snapshot loaded ") { notice.insert(.files) }
        #expect(notice == change.notice, "\(joined.error)\(again.error)\(empty.error)")
    }
}
