import Foundation
import TestSupport
import Testing

/// What other programs do to a database that has an index of names.
extension FindCommandTests {
    /// Executions that were deleted by hand, and an id that was given again.
    @Test func whatElseChangesTheDatabase() throws {
        try ingest("x.sqlite", fleet)
        #expect(try rows(["init"], "x.sqlite").count == 1)
        let delete = try run(
            "sqlite3",
            [
                "x.sqlite",
                """
                DELETE FROM PROCESSES_PER_EXECUTION WHERE Execution_ID = 3;
                DELETE FROM Executions WHERE Execution_ID = 3
                """,
            ], in: directory.path)
        try #require(delete.status == 0)
        try ingest("x.sqlite", [snapshot(6, "w", "2026-06-01", [process(1, "other")])])
        #expect(
            try rows(["init"], "x.sqlite") == [
                "process,init,,1,name-x,2026-01-01 00:00:00,2026-03-01 00:00:00"
            ])
        #expect(try rows(["other"], "x.sqlite").count == 1)
    }

    /// Alters a database by hand.
    private func alter(_ database: String, _ script: String) throws {
        let result = try run("sqlite3", ["-bail", database, script], in: directory.path)
        try #require(result.status == 0, "\(result.error)")
    }

    /// Ids that census would not give: the search ends, is right, and leaves the file as it is.
    @Test(arguments: ["-5", "0", "4294967295", "4294967300", "9223372036854775807"])
    func idsOfExecutionsThatWereAltered(_ id: String) throws {
        let many = (1...250).map { process($0, "p\($0)") }
        try ingest("x.sqlite", fleet + [snapshot(4, "z", "2026-04-01", many)])
        #expect(try rows(["init"], "x.sqlite").count == 1)
        try alter(
            "x.sqlite",
            """
            UPDATE PROCESSES_PER_EXECUTION SET Execution_ID = \(id)
            WHERE Execution_ID = (SELECT Execution_ID FROM Executions WHERE Exec_date > '2026-03-15');
            UPDATE Executions SET Execution_ID = \(id) WHERE Exec_date > '2026-03-15'
            """)
        let before = try directory.read("x.sqlite")
        let date = "2026-04-01 00:00:00"
        let row = "process,p250,,1,name-z,\(date),\(date)"
        #expect(try rows(["p250", "--in", "processes"], "x.sqlite") == [row])
        // More names than are searched for by the engine.
        let all = try rows(["*", "--in", "processes"], "x.sqlite")
        #expect(all.count == 253)
        #expect(all.contains(row))
        #expect(try directory.read("x.sqlite") == before)
    }

    /// Ids of processes and owners at the ends of the integers.
    @Test func idsOfNamesThatWereAltered() throws {
        try ingest("x.sqlite", fleet)
        for (name, id) in [("init", "9223372036854775807"), ("SSHd", "(-9223372036854775807 - 1)")]
        {
            try alter(
                "x.sqlite",
                """
                UPDATE PROCESSES_PER_EXECUTION SET Process_ID = \(id) WHERE Process_ID =
                    (SELECT Process_ID FROM Processes WHERE Process_Name = '\(name)');
                UPDATE Processes SET Process_ID = \(id) WHERE Process_Name = '\(name)'
                """)
        }
        try alter(
            "x.sqlite",
            """
            UPDATE PROCESSES_PER_EXECUTION SET Owner_ID = 9223372036854775806
            WHERE Owner_ID = (SELECT User_ID FROM USERS WHERE User_Name = 'ana');
            UPDATE USERS SET User_ID = 9223372036854775806 WHERE User_Name = 'ana'
            """)
        // The first time the index is made.
        for _ in 1...2 {
            #expect(
                try rows(["init", "--in", "processes"], "x.sqlite") == [
                    #"process,init,,2,"name-x, name-y",2026-01-01 00:00:00,2026-03-01 00:00:00"#
                ])
            #expect(try rows(["sshd", "--in", "processes"], "x.sqlite").count == 2)
            let owned = try rows(["ana", "--in", "users"], "x.sqlite")
            #expect(
                owned.contains(
                    "user,ana,owner of processes,1,name-x,2026-03-01 00:00:00,2026-03-01 00:00:00"))
        }
    }

    /// Names that are not UTF-8 are found with the index, and in a database that can have none; and
    /// each is shown as it is.
    @Test func namesThatAreNotUTF8() throws {
        try ingest("x.sqlite", fleet)
        try alter(
            "x.sqlite",
            """
            UPDATE Processes SET Process_Name = CAST(x'FF41' AS TEXT) WHERE Process_Name = 'init';
            UPDATE Processes SET Process_Name = CAST(x'FE41' AS TEXT) WHERE Process_Name = 'SSHd';
            UPDATE USERS SET User_Name = CAST(x'C328' AS TEXT) WHERE User_Name = 'ana';
            UPDATE Packages SET Version = CAST(x'312E80' AS TEXT) WHERE Package_Name = 'bash';
            UPDATE Servers SET Hostname = CAST(x'79FF' AS TEXT) WHERE Hostname = 'name-y'
            """)
        func found(_ format: String) throws -> [UInt8] {
            let result = withoutGaps(
                try run(
                    census, ["find", "*", "--format", format, "--db", "x.sqlite"],
                    in: directory.path))
            #expect((result.status, result.error) == (0, ""))
            return result.outputBytes
        }
        func expect() throws {
            let csv = try found("csv")
            for text in [
                [0xFE, 0x41], [0xFF, 0x41], [0xC3, 0x28], [0x31, 0x2E, 0x80], [0x79, 0xFF],
            ] as [[UInt8]] {
                #expect(csv.firstRange(of: text) != nil, "\(text)")
            }
            for format in ["table", "vertical", "markdown"] {
                let text = String(decoding: try found(format), as: UTF8.self)
                // Markdown escapes the backslash.
                let shown = text.replacing(#"\\"#, with: #"\"#)
                for name in [#"\xFEA"#, #"\xFFA"#, #"\xC3("#, #"1.\x80"#, #"name-x, y\xFF"#] {
                    #expect(shown.contains(name), "\(format) \(name)")
                }
                #expect(!text.contains("\u{FFFD}"))
            }
            for format in ["json", "jsonl"] {
                let text = String(decoding: try found(format), as: UTF8.self)
                for name in [#""\uDCFEA""#, #""\uDCFFA""#, #""\uDCC3(""#, #""1.\uDC80""#] {
                    #expect(text.contains(name), "\(format) \(name)")
                }
            }
        }
        try expect()
        let indexed = try found("csv")
        try alter(
            "x.sqlite",
            """
            UPDATE PROCESSES_PER_EXECUTION SET Execution_ID = -1 WHERE Execution_ID = 1;
            UPDATE Executions SET Execution_ID = -1 WHERE Execution_ID = 1
            """)
        try expect()
        let processes = try find(["*A", "--in", "processes"], "x.sqlite")
        #expect(processes.outputBytes.count < indexed.count)
        #expect(indexed.firstRange(of: processes.outputBytes.dropFirst(70)) != nil)
    }

    /// Whatever was deleted or changed by hand, a search finds what one without the index does.
    @Test(arguments: [
        "DELETE FROM PROCESSES_PER_EXECUTION WHERE Execution_ID = 1",
        """
        DELETE FROM PROCESSES_PER_EXECUTION
        WHERE Process_ID = (SELECT Process_ID FROM Processes WHERE Process_Name = 'SSHd')
        """,
        """
        UPDATE PROCESSES_PER_EXECUTION
        SET Process_ID = (SELECT Process_ID FROM Processes WHERE Process_Name = 'SSHd')
        WHERE Execution_ID = 3
            AND Process_ID = (SELECT Process_ID FROM Processes WHERE Process_Name = 'sshd' AND PID = 3)
        """,
        "UPDATE PROCESSES_PER_EXECUTION SET Owner_ID = NULL WHERE Execution_ID = 2",
        "UPDATE Processes SET Process_Name = 'other' WHERE Process_Name = 'init'",
        "DELETE FROM Processes WHERE Process_Name = 'SSHd'",
        "UPDATE USERS SET User_Name = 'eva' WHERE User_Name = 'ana'",
        "DELETE FROM USERS WHERE User_Name = 'root'",
        "DELETE FROM Executions WHERE Execution_ID = 2",
        """
        UPDATE Executions SET Execution_ID = 9 WHERE Execution_ID = 1;
        UPDATE Executions SET Execution_ID = 1 WHERE Execution_ID = 2;
        UPDATE Executions SET Execution_ID = 2 WHERE Execution_ID = 9;
        """,
    ])
    func whatWasAlteredByHand(_ script: String) throws {
        try ingest("x.sqlite", fleet)
        let search = ["*", "--in", "processes,users", "--each-host"]
        let before = try rows(search, "x.sqlite")
        try alter("x.sqlite", script)
        let copy = try run("cp", ["x.sqlite", "y.sqlite"], in: directory.path)
        try #require(copy.status == 0)
        try alter(
            "y.sqlite", "DELETE FROM FIND_UPDATES; DELETE FROM FIND_RUNS; DELETE FROM FIND_NAMES")
        let found = try rows(search, "x.sqlite")
        #expect(found == (try rows(search, "y.sqlite")))
        #expect(found != before)
        // With the index that was made anew.
        #expect(try rows(search, "x.sqlite") == found)
    }
}
