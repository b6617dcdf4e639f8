import Database
import DatabaseSupport
import SQLScripts
import SQLite
import SystemPackage
import TestSupport
import Testing

@testable import Loading

/// The index of the keys of processes, which the first load leaves out until its end.
@Suite struct KeyIndexTests {
    private func hasIndex(_ test: TestDatabase) throws -> Bool {
        let columns = try test.rows(
            """
            SELECT i."unique", c.name FROM pragma_index_list('Processes') i, pragma_index_info(i.name) c
            ORDER BY i.seq, c.seqno
            """)
        if !columns.isEmpty { #expect(columns == ["1|PID", "1|Process_Name"]) }
        return !columns.isEmpty
    }

    private func resolve(
        _ keys: [(UInt32, String)], _ processes: inout EntityIDs<ProcessKeys>, _ test: TestDatabase
    ) throws -> [Int64] {
        let numbers = keys.map { processes.keys.number(of: $0.0, $0.1.utf8.span) }
        try processes.resolve(in: test.database)
        return numbers.map(processes.id)
    }

    @Test func itIsThereBeforeAndAfterALoad() throws {
        let test = try TestDatabase()
        #expect(try hasIndex(test))
        for number in 1...2 {
            let text = SnapshotText(
                id: uuid(number), hostID: "h\(number)",
                processes: (1...500).map { process($0 * number, "p\($0)") })
            #expect(try test.ingest(("\(number).jsonl", text.bytes)).rejections == [])
            #expect(try hasIndex(test))
        }
        #expect(try test.rows("PRAGMA integrity_check") == ["ok"])
        #expect(
            try test.rows("SELECT COUNT(*), COUNT(DISTINCT PID || Process_Name) FROM Processes")
                == ["1000|1000"])
    }

    /// A load that brings nothing new, and one whose only file is bad.
    @Test func itIsThereIfNothingIsLoaded() throws {
        let test = try TestDatabase()
        #expect(try test.ingest(("bad.jsonl", Array("{\n".utf8))).rejections.count == 1)
        #expect(try hasIndex(test))
        let empty = SnapshotText(processes: [])
        #expect(try test.ingest(("empty.jsonl", empty.bytes)).rejections == [])
        #expect(try hasIndex(test))
    }

    @Test func itIsLeftOutWhileAnEmptyTableIsFilled() throws {
        let test = try TestDatabase()
        var processes = EntityIDs(.processes, ProcessKeys())
        #expect(try resolve([(2, "b"), (1, "a")], &processes, test) == [2, 1])
        #expect(try !hasIndex(test))
        #expect(try resolve([(1, "a"), (3, "c"), (1, "b")], &processes, test) == [1, 4, 3])
        #expect(try !hasIndex(test))
        try processes.makeKeyIndex(in: test.database)
        #expect(try hasIndex(test))
    }

    /// What is forgotten has to be looked up.
    @Test func itIsMadeBeforeKeysAreLookedUp() throws {
        let test = try TestDatabase()
        var processes = EntityIDs(.processes, ProcessKeys())
        _ = try resolve([(1, "a"), (2, "b")], &processes, test)
        processes.forget()
        #expect(try !hasIndex(test))
        #expect(try resolve([(2, "b"), (3, "c"), (1, "a")], &processes, test) == [2, 3, 1])
        #expect(try hasIndex(test))
    }

    /// The first program goes on without it, and sees what the second adds.
    @Test func anotherProgramMakesIt() throws {
        let test = try TestDatabase()
        var first = EntityIDs(.processes, ProcessKeys())
        #expect(try resolve([(1, "a"), (2, "b")], &first, test) == [1, 2])
        let other = try test.reopened()
        #expect(try hasIndex(other))
        var second = EntityIDs(.processes, ProcessKeys())
        #expect(try resolve([(2, "b"), (3, "c")], &second, other) == [2, 3])
        #expect(try resolve([(3, "c"), (4, "d"), (1, "a")], &first, test) == [3, 4, 1])
        #expect(try resolve([(4, "d"), (5, "e")], &second, other) == [4, 5])
        try first.makeKeyIndex(in: test.database)
        #expect(
            try test.rows("SELECT PID, Process_Name FROM Processes ORDER BY Process_ID")
                == ["1|a", "2|b", "3|c", "4|d", "5|e"])
        #expect(try hasIndex(test))
    }

    /// A load fills the database while another one is added to it.
    @Test func aJoinMakesIt() throws {
        let test = try TestDatabase()
        var loaded = EntityIDs(.processes, ProcessKeys())
        #expect(try resolve([(1, "a"), (2, "b")], &loaded, test) == [1, 2])
        let source = try TestDatabase()
        try source.database.execute(
            "INSERT INTO Processes (Process_ID, PID, Process_Name) VALUES (7, 2, 'b'), (9, 3, 'c')")
        var joined = JoinedIDs(.processes)
        try joined.resolve([7, 9], from: source.database, into: test.database)
        #expect([joined[7], joined[9]] == [2, 3])
        #expect(try hasIndex(test))
        #expect(try resolve([(3, "c"), (4, "d")], &loaded, test) == [3, 4])
    }

    /// A transaction that left it out is rolled back.
    @Test func aRollbackBringsItBack() throws {
        let test = try TestDatabase()
        var processes = EntityIDs(.processes, ProcessKeys())
        try test.database.beginWriting()
        _ = try resolve([(1, "a")], &processes, test)
        test.database.rollback()
        processes.forget()
        #expect(try hasIndex(test))
        #expect(try resolve([(2, "b"), (1, "a")], &processes, test) == [2, 1])
        #expect(try hasIndex(test))
    }

    /// Two rows of one key, which another program has added meanwhile, are no reason to lose rows; they are
    /// reported.
    @Test func aKeyThatIsThereTwiceIsAnError() throws {
        let test = try TestDatabase()
        var processes = EntityIDs(.processes, ProcessKeys())
        _ = try resolve([(1, "a")], &processes, test)
        try test.database.execute("INSERT INTO Processes (PID, Process_Name) VALUES (1, 'a')")
        let error = #expect(throws: DatabaseError.self) {
            try processes.makeKeyIndex(in: test.database)
        }
        #expect(error?.message.contains("UNIQUE constraint failed") == true)
        #expect(try test.rows("SELECT COUNT(*) FROM Processes") == ["2"])
    }

    /// Of the version before, with processes, an index of `find`, and the views that name the table.
    @Test func anOlderDatabaseKeepsItsProcesses() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("old.sqlite")
        let database = try SQLiteDatabase(path: path, .create)
        try database.upgradeSchema(Array(Scripts.sqliteSchema.prefix(15)))
        try database.execute(
            """
            INSERT INTO Processes (Process_ID, PID, Process_Name)
            VALUES (7, 1, 'systemd'), (3, 4294967295, ''), (9, 2, 'Systemd'), (4, 1, 'a');
            INSERT INTO OS VALUES (1, 'Linux', NULL);
            INSERT INTO Receipts (Receipt_ID, Path, Verdict, Received_at) VALUES (1, 'x', 'ingested', '');
            INSERT INTO Servers (Server_ID, Host_ID, OS_ID) VALUES (1, 'h', 1);
            INSERT INTO Executions (
                Execution_ID, Server_ID, Exec_date, OS_ID, Processes_known, Users_known, Snapshot_ID,
                Snapshot_SHA256, Receipt_ID)
            VALUES (5, 1, '2026-01-05 00:01:00', 1, 1, 1, 'b', 'x', 1);
            INSERT INTO PROCESSES_PER_EXECUTION VALUES (5, 7, NULL), (5, 3, NULL);
            """)
        try Schema.install(in: database)
        #expect(
            try run(
                "sqlite3",
                [
                    path.string,
                    """
                    SELECT * FROM Processes; SELECT pid, process FROM v_processes ORDER BY pid;
                    PRAGMA foreign_key_check; PRAGMA integrity_check;
                    SELECT "table" FROM pragma_foreign_key_list('PROCESSES_PER_EXECUTION') ORDER BY 1;
                    SELECT name FROM sqlite_schema WHERE tbl_name = 'Processes' ORDER BY 1;
                    INSERT INTO Processes (PID, Process_Name) VALUES (1, 'a');
                    """,
                ]
            ).output == """
                3|4294967295|
                4|1|a
                7|1|systemd
                9|2|Systemd
                1|systemd
                4294967295|
                ok
                Executions
                Processes
                USERS
                Find_after_process_change
                Find_after_process_deletion
                Processes
                Processes_by_key

                """)
    }
}
