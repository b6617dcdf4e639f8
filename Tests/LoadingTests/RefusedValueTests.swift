import Database
import DatabaseSupport
import Output
import TestSupport
import Testing

/// A value that an engine refuses rejects its file and does not end the run.
@Suite struct RefusedValueTests {
    /// How an engine is made to refuse a value of `kernel`.
    enum Fault: String, CaseIterable {
        case column, rule

        /// Makes the database refuse only a kernel `bad-…`.
        func apply(to test: TestDatabase) throws {
            switch (test.isOnServer, self) {
            case (true, .column):
                try test.database.execute("ALTER TABLE Executions MODIFY Kernel VARCHAR(4)")
            case (true, .rule):
                try test.database.execute(
                    "ALTER TABLE Executions ADD CHECK (Kernel NOT LIKE 'bad%')")
            case (false, _):
                try test.database.execute(
                    """
                    CREATE TRIGGER refuse BEFORE INSERT ON Executions WHEN NEW.Kernel LIKE 'bad%'
                    BEGIN SELECT RAISE(ABORT, 'no'); END
                    """)
            }
        }

        /// MySQL and MariaDB have different numbers for a violated constraint.
        func reason(on engine: Engine, _ test: TestDatabase) throws -> String {
            #if MySQL
                if engine == .server {
                    switch self {
                    case .column:
                        return
                            "the database refuses \"kernel\" of the record \"host\": a text "
                            + "is too long for its column (error 1406)"
                    case .rule:
                        let isMariaDB = try test.rows("SELECT VERSION()")[0].contains("MariaDB")
                        return "the database refuses a value of the file: a value breaks a rule of "
                            + "the database (error \(isMariaDB ? 4025 : 3819))"
                    }
                }
            #endif
            return "the database refuses a value of the file: a value is refused (no)"
        }
    }

    private func file(
        _ number: Int, isBad: Bool = false, processes: Int = 1
    ) -> (name: String, bytes: [UInt8]) {
        var text = SnapshotText(
            id: uuid(number), hostID: "h\(number)",
            processes: (1...processes).map { process($0, "p\(number)") })
        text.lines[1].removeLast()
        text.lines[1] += #","kernel":"\#(isBad ? "bad-6" : "6")"}"#
        return ("\(number).jsonl", text.bytes)
    }

    private func run(
        _ test: TestDatabase, _ files: [(name: String, bytes: [UInt8])]
    ) throws -> TestDatabase.Run {
        try test.ingest(
            files.map { try test.directory.write($0.bytes, to: "evidence/\($0.name)").string })
    }

    @Test(
        arguments: Engine.allCases,
        [[1], [9], [5], [1, 9], [4, 5, 6], Array(1...9)])
    func itsFileOnlyIsRejected(_ engine: Engine, _ bad: [Int]) throws {
        for fault in Fault.allCases {
            let test = try TestDatabase(engine)
            try fault.apply(to: test)
            let reason = try fault.reason(on: engine, test)
            let damaged = ("0.jsonl", Array(file(0).bytes.dropLast(5)))
            let result = try run(
                test, [damaged] + (1...9).map { file($0, isBad: bad.contains($0)) })
            #expect(
                result.rejections
                    == ["0.jsonl: line 6: the line is incomplete"]
                    + bad.map { "\($0).jsonl: \(reason)" })
            #expect(result.summary.files == 10)
            #expect(result.summary.rejectedFiles == 1 + bad.count)
            #expect(result.summary.loadedSnapshots == 9 - bad.count)
            let good = (1...9).filter { !bad.contains($0) }
            #expect(
                try test.rows("SELECT Host_ID FROM Servers ORDER BY Server_ID")
                    == good.map { "h\($0)" })
            // Nothing remains of the rolled back transaction.
            #expect(try test.count("Processes") == good.count)
            #expect(
                try test.rows("SELECT Verdict, Reason FROM Receipts ORDER BY Receipt_ID")
                    == ["rejected|line 6: the line is incomplete"]
                    + (1...9).map {
                        bad.contains($0)
                            ? "rejected|\(reason)" : "ingested|NULL"
                    })
            // A repeated ingest finds all snapshots known.
            let again = try run(test, (1...9).map { file($0, isBad: bad.contains($0)) })
            #expect(again.summary.knownSnapshots == good.count)
            #expect(again.summary.rejectedFiles == bad.count)
        }
    }

    /// On SQLite a transaction has several batches; the earlier ones are rolled back too.
    @Test(arguments: Engine.allCases) func batchesBeforeItStay(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        try Fault.rule.apply(to: test)
        let reason = try Fault.rule.reason(on: engine, test)
        let damaged = ("0.jsonl", Array(file(0).bytes.dropLast(5)))
        let result = try run(
            test, [damaged] + (1...4100).map { file($0, isBad: $0 == 4090) })
        #expect(
            result.rejections == [
                "0.jsonl: line 6: the line is incomplete",
                "4090.jsonl: \(reason)",
            ])
        #expect((result.summary.files, result.summary.loadedSnapshots) == (4101, 4099))
        #expect(try test.count("Executions") == 4099)
        #expect(try test.count("Receipts") == 4101)
        #expect(try test.count("Processes") == 4099)
    }

    @Test(arguments: Engine.allCases) func ofALargeFileNothingLands(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        try Fault.rule.apply(to: test)
        let reason = try Fault.rule.reason(on: engine, test)
        let large = (2...8).flatMap { file($0, isBad: $0 == 7, processes: 60_000).bytes }
        let result = try run(test, [file(1), ("large.jsonl", large), file(9)])
        #expect(result.rejections == ["large.jsonl: \(reason)"])
        #expect((result.summary.files, result.summary.loadedSnapshots) == (3, 2))
        #expect(try test.rows("SELECT Host_ID FROM Servers ORDER BY Server_ID") == ["h1", "h9"])
        #expect(try test.count("Processes") == 2)
        #expect(
            try test.rows("SELECT Verdict FROM Receipts ORDER BY Receipt_ID")
                == ["ingested", "rejected", "ingested"])
    }

    /// The database refuses even the receipt of the rejection.
    @Test(arguments: Engine.allCases) func aReceiptThatIsRefused(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        if test.isOnServer {
            try test.database.execute(
                """
                CREATE TRIGGER refuse BEFORE INSERT ON Receipts FOR EACH ROW
                IF NEW.Path LIKE '%2.jsonl' THEN SIGNAL SQLSTATE '45000'; END IF
                """)
        } else {
            try test.database.execute(
                """
                CREATE TRIGGER refuse BEFORE INSERT ON Receipts WHEN NEW.Path LIKE '%2.jsonl'
                BEGIN SELECT RAISE(ABORT, 'no'); END
                """)
        }
        let result = try run(test, (1...3).map { file($0) })
        #expect(result.rejections.count == 1)
        #expect(result.rejections[0].hasPrefix("2.jsonl: the database refuses a value of the file"))
        #expect(result.summary.files == 3)
        #expect(try test.rows("SELECT Host_ID FROM Servers ORDER BY Server_ID") == ["h1", "h3"])
    }

    /// An engine that stores an empty text as NULL.
    @Test(arguments: Engine.allCases) func emptyTexts(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        var text = SnapshotText(
            processes: [process(1, "", #","user":"""#), process(2, "")])
        text.lines[1] =
            #"{"record":"host","host_id":"h","hostname":"","ip":"","addresses":["","192.0.2.1",""]}"#
        var other = SnapshotText(id: uuid(2), processes: [process(3, "")])
        other.lines[1] = #"{"record":"host","host_id":"h","hostname":"","ip":"","addresses":[""]}"#
        let result = try test.ingest(("a.jsonl", text.bytes), ("b.jsonl", other.bytes))
        #expect(result.rejections == [])
        #expect(try test.rows("SELECT Address FROM ADDRESSES_PER_EXECUTION") == ["192.0.2.1"])
        #expect(
            try test.rows("SELECT PID, Process_Name FROM Processes ORDER BY PID")
                == ["1|", "2|", "3|"])
        #expect(try test.rows("SELECT Hostname, IP FROM Servers") == ["NULL|NULL"])

        // Each engine separately, with empty texts only.
        var rows = Rows(columnCount: 2)
        for _ in 1...3 {
            rows.append(1 as Int64)
            rows.append("")
        }
        var keys = Rows(columnCount: 1)
        keys.append("")
        let users = EntityTable(name: "USERS", idColumn: "User_ID", keyColumns: ["User_Name"])
        let id = try test.database.ids(of: keys, in: users)
        #expect(try test.database.ids(of: keys, in: users) == id)
        #expect(try test.rows("SELECT User_Name FROM USERS") == [""])
        try test.database.execute("CREATE TABLE texts (n INT NOT NULL, t VARCHAR(9) NOT NULL)")
        try test.database.insert(rows, into: "texts", columns: ["n", "t"])
        #expect(try test.rows("SELECT n, t FROM texts") == ["1|", "1|", "1|"])
    }

    /// A row that census would not have written is reported as an error and does not crash.
    @Test func aDamagedServer() throws {
        let test = try TestDatabase()
        try test.ingest(file(1))
        try test.database.execute(
            "PRAGMA ignore_check_constraints = ON; UPDATE Servers SET Newest_date_is_possible = 'x'"
        )
        let newer = SnapshotText(id: uuid(2), takenAt: "2026-11-24T00:00:00Z", hostID: "h1")
        let error = #expect(throws: DatabaseError.self) {
            try test.ingest(("b.jsonl", newer.bytes))
        }
        #expect(error?.code == .damaged)
        #expect(
            error?.message
                == "the database is damaged: the row of Servers with Server_ID 1 has no date")
    }

    @Test func aServerIsMissing() throws {
        let test = try TestDatabase()
        try test.ingest(file(1), file(2), file(3))
        for missing in 1...3 {
            try test.database.execute(
                """
                PRAGMA foreign_keys = OFF; BEGIN; DELETE FROM Servers WHERE Server_ID = \(missing)
                """)
            let page = Page(Report.all, CaseInfo(), generator: "census", limit: 5)
            let error = #expect(throws: DatabaseError.self) {
                try page.write(to: .stream { _ in }, from: test.database)
            }
            #expect(error?.code == .damaged)
            #expect(
                error?.message == "the database is damaged: execution \(missing) refers to a "
                    + "missing server, or to one without operating system")
            try test.database.execute("ROLLBACK")
        }
    }
}
