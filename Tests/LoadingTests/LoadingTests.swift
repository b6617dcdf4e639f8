import Database
import DatabaseSupport
import TestSupport
import Testing

@Suite struct LoadingTests {
    @Test(arguments: Engine.allCases) func aSecondLoadingChangesNothing(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let file = SnapshotText(
            processes: [process(1, "systemd", #","user":"root""#)], users: [login("anna")])
        #expect(try test.ingest(("a.jsonl", file.bytes)).summary.loadedSnapshots == 1)
        let tables = [
            "OS", "Processors", "Servers", "Executions", "Processes", "PROCESSES_PER_EXECUTION",
            "USERS", "USERS_PER_EXECUTION", "ADDRESSES_PER_EXECUTION",
        ]
        let before = try tables.map { try test.rows("SELECT * FROM \($0)") }

        let again = try test.ingest(("copy.jsonl", file.bytes), ("a.jsonl", file.bytes))
        #expect(again.summary.loadedSnapshots == 0)
        #expect(again.summary.knownSnapshots == 2)
        #expect(again.rejections == [])
        #expect(try tables.map { try test.rows("SELECT * FROM \($0)") } == before)
    }

    @Test(arguments: Engine.allCases) func everyFileLeavesAReceiptAndEveryExecutionPointsToIts(
        _ engine: Engine
    ) throws {
        let test = try TestDatabase(engine)
        let good = SnapshotText().bytes
        let bad = Array(good.dropLast(10))
        let (goodSum, badSum) = (try sha256sum(good), try sha256sum(bad))
        try test.ingest(("a.jsonl", bad), ("b.jsonl", good), ("c.jsonl", good))

        #expect(
            try test.rows(
                """
                SELECT Receipt_ID, Size_bytes, SHA256, Verdict, Reason FROM Receipts
                ORDER BY Receipt_ID
                """) == [
                    "1|\(bad.count)|\(badSum)|rejected|line 6: the line is incomplete",
                    "2|\(good.count)|\(goodSum)|ingested|NULL",
                    "3|\(good.count)|\(goodSum)|duplicate|NULL",
                ])
        #expect(
            try test.rows("SELECT Receipt_ID, Snapshot_SHA256 FROM Executions")
                == ["2|\(SnapshotText().sha256)"])
        let paths = try test.rows("SELECT Path FROM Receipts ORDER BY Receipt_ID")
        #expect(paths.map { $0.suffix(7) } == ["a.jsonl", "b.jsonl", "c.jsonl"])
        #expect(
            try test.rows(
                """
                SELECT COUNT(*) FROM Receipts
                WHERE Received_at NOT LIKE '____-__-__ __:__:__'
                """) == ["0"])
    }

    private func sha256sum(_ bytes: [UInt8]) throws -> String {
        try String(run("sha256sum", [], input: bytes).output.prefix(64))
    }

    @Test(arguments: Engine.allCases) func theSameIdWithOtherContentIsAnErrorOfThatFile(
        _ engine: Engine
    ) throws {
        let test = try TestDatabase(engine)
        let first = SnapshotText()
        let forged = SnapshotText(processes: [process(2, "other")])
        let result = try test.ingest(("a.jsonl", first.bytes), ("b.jsonl", forged.bytes))
        #expect(
            result.rejections == [
                "b.jsonl: snapshot \(SnapshotText.id) is in the database with other content"
            ])
        #expect(try test.rows("SELECT Process_Name FROM Processes") == ["systemd"])
        #expect(try test.rows("SELECT Verdict FROM Receipts") == ["ingested", "rejected"])
    }

    @Test(arguments: Engine.allCases) func ofAFileWithOneBadSnapshotNothingLands(_ engine: Engine)
        throws
    {
        let test = try TestDatabase(engine)
        let first = SnapshotText(id: uuid(1), hostID: "h1", processes: [process(7, "first")])
        var second = SnapshotText(id: uuid(2), hostID: "h2", processes: [process(8, "second")])
        second.end = #"{"record":"end","processes":1,"users":0,"sha256":"00"}"#
        let good = SnapshotText(
            id: uuid(3), hostID: "h3", processes: [process(7, "first"), process(9, "third")])

        let result = try test.ingest(
            ("a.jsonl", first.bytes + second.bytes), ("b.jsonl", good.bytes))
        #expect(
            result.rejections == [
                "a.jsonl: line 12: the digest in \"end\" does not match the lines before it"
            ])
        #expect(result.summary.loadedSnapshots == 1)
        // A rolled back snapshot is not known.
        #expect(try test.rows("SELECT Host_ID FROM Servers") == ["h3"])
        #expect(
            try test.rows("SELECT Process_ID, Process_Name FROM Processes")
                == ["1|first", "2|third"])
        #expect(try test.count("PROCESSES_PER_EXECUTION") == 2)
    }

    /// Snapshots with more rows in total than are held in memory at once.
    private func large(_ ids: Int..., damaged: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids {
            var text = SnapshotText(
                id: uuid(id), hostID: "h\(id)",
                processes: (0..<60_000).map { process($0, "p\($0 % 3)") },
                users: [login("u\(id)")])
            if damaged && id == ids.last { text.end = #"{"record":"end"}"# }
            bytes += text.bytes
        }
        return bytes
    }

    @Test(arguments: Engine.allCases) func aLargeFileIsWholeOrAbsent(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let small = SnapshotText(id: uuid(1)).bytes
        let result = try test.ingest(
            ("a.jsonl", small), ("b.jsonl", large(2, 3, 4, damaged: true)),
            ("c.jsonl", large(5, 6, 5, 7)), ("d.jsonl", small))
        #expect(result.rejections == ["b.jsonl: line 180018: \"processes\" is missing"])
        #expect(result.summary.files == 4)
        #expect(result.summary.loadedSnapshots == 4)
        #expect(result.summary.knownSnapshots == 2)
        #expect(result.summary.processes == 180_001)
        #expect(
            try test.rows("SELECT Host_ID FROM Servers ORDER BY Server_ID")
                == ["host-1", "h5", "h6", "h7"])
        #expect(try test.count("Processes") == 60_001)
        #expect(try test.count("PROCESSES_PER_EXECUTION") == 180_001)
        #expect(
            try test.rows("SELECT User_Name FROM USERS ORDER BY User_Name") == ["u5", "u6", "u7"])
        #expect(
            try test.rows("SELECT Verdict, Size_bytes IS NULL FROM Receipts ORDER BY Receipt_ID")
                == ["ingested|0", "rejected|0", "ingested|0", "duplicate|0"])
        #expect(
            try test.rows(
                """
                SELECT e.Snapshot_ID, r.Path LIKE '%/c.jsonl' FROM Executions e
                JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID ORDER BY e.Execution_ID
                """) == ["\(uuid(1))|0"] + [5, 6, 7].map { "\(uuid($0))|1" })

        // A contradicting snapshot, found after a part has been written.
        let again = try test.ingest(
            ("e.jsonl", large(8, 9) + SnapshotText(id: uuid(1), hostID: "other").bytes))
        #expect(
            again.rejections
                == ["e.jsonl: snapshot \(uuid(1)) is in the database with other content"])
        #expect(try test.count("Executions") == 4)
        #expect(try test.count("USERS") == 3)
    }

    @Test(arguments: Engine.allCases) func severalSnapshotsInAFileShareItsReceipt(_ engine: Engine)
        throws
    {
        let test = try TestDatabase(engine)
        let file = SnapshotText(id: uuid(1)).bytes + SnapshotText(id: uuid(2)).bytes
        let result = try test.ingest(("both.jsonl.gz", try gzip(file)))
        #expect(result.summary.loadedSnapshots == 2)
        #expect(
            try test.rows("SELECT Snapshot_ID, Receipt_ID FROM Executions")
                == ["\(uuid(1))|1", "\(uuid(2))|1"])
        // A file that is new in part is ingested.
        let more = file + SnapshotText(id: uuid(3)).bytes
        #expect(try test.ingest(("more.jsonl", more)).summary.knownSnapshots == 2)
        #expect(try test.rows("SELECT Verdict FROM Receipts") == ["ingested", "ingested"])
    }

    /// The digest identifies a loaded file. Deleted snapshots are loaded again.
    @Test(arguments: Engine.allCases) func aFileThatIsGivenAgain(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let snapshots = (1...3).map { SnapshotText(id: uuid($0), processes: [process(1, "init")]) }
        let both = ("both.jsonl.gz", try gzip(snapshots[0].bytes + snapshots[1].bytes))
        try test.ingest(both)
        let again = try test.ingest(both).summary
        #expect((again.files, again.knownSnapshots, again.loadedSnapshots) == (1, 2, 0))
        #expect(again.processes == 0 && again.items == [0])
        // Two files with the same known snapshots, and one with more.
        try test.ingest(("other.jsonl", snapshots[1].bytes + snapshots[2].bytes))
        #expect(try test.ingest(("copy.jsonl.gz", both.1)).summary.knownSnapshots == 2)
        let other = try test.ingest(("other.jsonl", snapshots[1].bytes + snapshots[2].bytes))
        #expect((other.summary.knownSnapshots, other.summary.loadedSnapshots) == (2, 0))
        #expect(
            try test.rows("SELECT Verdict, Snapshots FROM Receipts ORDER BY Receipt_ID") == [
                "ingested|2", "duplicate|2", "ingested|2", "duplicate|2", "duplicate|2",
            ])
        for table in ["PROCESSES_PER_EXECUTION", "Executions"] {
            try test.database.execute("DELETE FROM \(table) WHERE Execution_ID = 2")
        }
        let missing = try test.ingest(both).summary
        #expect((missing.knownSnapshots, missing.loadedSnapshots, missing.processes) == (1, 1, 1))
        #expect(try test.count("Executions") == 3)
        // Another file under the same name.
        let changed = try test.ingest(("both.jsonl.gz", Array(both.1.dropLast())))
        #expect(changed.summary.rejectedFiles == 1)
    }

    /// Rows of other programs can cause an error, but no crash.
    @Test func idsThatCensusDoesNotGive() throws {
        let test = try TestDatabase()
        try test.ingest(("a.jsonl", SnapshotText(id: uuid(1)).bytes))
        try test.database.execute(
            """
            INSERT INTO Receipts (Receipt_ID, Path, Verdict, Received_at)
            VALUES (9223372036854775807, '', 'rejected', '')
            """)
        let error = #expect(throws: DatabaseError.self) {
            try test.ingest(("b.jsonl", SnapshotText(id: uuid(2)).bytes))
        }
        #expect(error?.message == "there are no ids left in Receipts")
        #expect(try test.count("Executions") == 1)
    }

    @Test(arguments: Engine.allCases, [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
    func aServerHasTheNewestFactsByDateInWhateverOrderTheyCome(
        _ engine: Engine, order: [Int]
    ) throws {
        let test = try TestDatabase(engine)
        let files = [
            SnapshotText(
                id: uuid(1), takenAt: "2026-01-01T00:00:00Z", hostname: "old", ip: "192.0.2.1"),
            // Of two at the same second the greater id is the newer.
            SnapshotText(
                id: uuid(2), takenAt: "2026-01-02T00:00:00Z", hostname: "twin", ip: "192.0.2.2"),
            SnapshotText(
                id: uuid(3), takenAt: "2026-01-02T00:00:00Z", hostname: "new", ip: "192.0.2.3"),
        ]
        for index in order { try test.ingest(("\(index).jsonl", files[index].bytes)) }
        #expect(try test.rows("SELECT Hostname, IP FROM Servers") == ["new|192.0.2.3"])
        #expect(
            try test.rows("SELECT Hostname, IP FROM Executions ORDER BY Snapshot_ID")
                == ["old|192.0.2.1", "twin|192.0.2.2", "new|192.0.2.3"])
    }

    @Test(arguments: Engine.allCases) func namesAreTheSameOnlyIfTheirBytesAre(_ engine: Engine)
        throws
    {
        let test = try TestDatabase(engine)
        let names = ["a", "A", "a ", " a", "é", "e\u{301}", "ａ", "", "ß", "ss", "\\u0061b"]
        let file = SnapshotText(
            processes: names.map { process(5, $0, #","user":"\#($0)""#) },
            users: names.filter { !$0.isEmpty }.map(login))
        let result = try test.ingest(("a.jsonl", file.bytes))
        #expect(result.rejections == [])
        #expect(try test.count("Processes") == names.count)
        #expect(try test.count("PROCESSES_PER_EXECUTION") == names.count)
        #expect(try test.count("USERS") == names.count - 1)
        #expect(try test.count("USERS_PER_EXECUTION") == names.count - 1)
        #expect(
            try test.rows("SELECT Process_Name FROM Processes WHERE Process_Name = 'ab'") == ["ab"])
        // The same facts under another id find all rows, also with an empty cache.
        let again = try test.reopened()
        let copy = SnapshotText(
            id: uuid(2), processes: file.lines.filter { $0.contains("process") })
        try again.ingest(("b.jsonl", copy.bytes))
        #expect(try again.count("Processes") == names.count)
        #expect(try again.count("Executions") == 2)
    }

    @Test(arguments: Engine.allCases) func aProcessHasItsOwnerAsPsShowsIt(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let file = SnapshotText(processes: [
            process(1, "named", #","uid":0,"user":"root""#),
            process(2, "number", #","uid":4242"#),
            process(3, "unknown"),
            process(4, "null", #","uid":null,"user":null"#),
            process(5, "windows", #","user":"NT AUTHORITY\\SYSTEM""#),
        ])
        try test.ingest(("a.jsonl", file.bytes))
        #expect(
            try test.rows(
                """
                SELECT p.Process_Name, u.User_Name FROM PROCESSES_PER_EXECUTION x
                JOIN Processes p ON p.Process_ID = x.Process_ID
                LEFT JOIN USERS u ON u.User_ID = x.Owner_ID ORDER BY p.PID
                """) == [
                    "named|root", "number|4242", "unknown|NULL", "null|NULL",
                    "windows|NT AUTHORITY\\SYSTEM",
                ])
        #expect(try test.count("USERS_PER_EXECUTION") == 0)
    }

    @Test(arguments: Engine.allCases) func theSamePidAndNameIsOneProcessOnAllServers(
        _ engine: Engine
    ) throws {
        let test = try TestDatabase(engine)
        try test.ingest(
            (
                "a.jsonl",
                SnapshotText(
                    id: uuid(1), hostID: "h1",
                    processes: [
                        process(4, "System"), process(4, "System", #","user":"SYSTEM""#),
                        process(4, "init"),
                    ]
                ).bytes
            ),
            (
                "b.jsonl",
                SnapshotText(id: uuid(2), hostID: "h2", processes: [process(4, "System")]).bytes
            )
        )
        #expect(try test.rows("SELECT PID, Process_Name FROM Processes") == ["4|System", "4|init"])
        // Listed twice, linked once, with the known owner.
        #expect(
            try test.rows(
                """
                SELECT Execution_ID, Process_ID, Owner_ID FROM PROCESSES_PER_EXECUTION
                ORDER BY Execution_ID, Process_ID
                """)
                == ["1|1|1", "1|2|NULL", "2|1|NULL"])
    }

    @Test(arguments: Engine.allCases) func whatIsNotKnownIsNullAndNotZero(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        func text(_ number: Int, _ collection: String?) -> (String, [UInt8]) {
            var text = SnapshotText(id: uuid(number), hostID: "h\(number)", processes: [])
            if let collection {
                text.lines.append(#"{"record":"collection"\#(collection)}"#)
            }
            return ("\(number).jsonl", text.bytes)
        }
        try test.ingest(
            text(1, nil),
            text(2, #","session_source":"none","processes_hidden":false"#),
            text(3, #","session_source":"utmp""#))
        #expect(
            try test.rows("SELECT Processes_known, Users_known FROM Executions")
                == ["1|1", "1|0", "0|1"])
        #expect(
            try test.report(4, .csv).split(separator: "\r\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false).last!
            }
                == ["Cantidad de Procesos Ejecutando", "0", "0", ""])
        #expect(
            try test.report(5, .csv).split(separator: "\r\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false).last!
            }
                == ["Cantidad de usuarios por servidor y ejecucion", "0", "", "0"])
    }

    @Test(arguments: Engine.allCases) func anUnknownVersionProcessorAddressAndNameAreNull(
        _ engine: Engine
    ) throws {
        let test = try TestDatabase(engine)
        for number in 1...2 {
            var text = SnapshotText(id: uuid(number))
            text.lines[1] = #"{"record":"host","host_id":"h","hostname":null,"ip":null}"#
            text.lines[2] = #"{"record":"os_version","name":"Linux","version":null}"#
            text.lines[3] = #"{"record":"cpu_info","model":null}"#
            try test.ingest(("\(number).jsonl", text.bytes))
        }
        #expect(try test.rows("SELECT OS_ID, OS_Name, OS_Version FROM OS") == ["1|Linux|NULL"])
        #expect(
            try test.rows("SELECT Host_ID, Hostname, IP, OS_ID, Processor_ID FROM Servers")
                == ["h|NULL|NULL|1|NULL"])
        #expect(try test.report(2, .csv) == "IP,OS_Name,Brand\r\n,Linux,\r\n")
    }

    @Test(arguments: Engine.allCases) func anExecutionKeepsWhatWasObserved(_ engine: Engine) throws
    {
        let test = try TestDatabase(engine)
        var text = SnapshotText()
        text.lines[0] =
            #"{"record":"snapshot","format":1,"id":"\#(uuid(1))","taken_at":"2026-11-23T05:13:11Z","#
            + #""utc_offset_seconds":-10800,"generator":"test"}"#
        text.lines[1] =
            #"{"record":"host","host_id":"h","host_id_source":"dmi","hostname":"web","#
            + #""ip":"192.0.2.1","addresses":["192.0.2.1","2001:db8::1","192.0.2.1"],"#
            + #""boot_time":1700000000,"kernel":"6.1.0","arch":"riscv64","container":"lxc"}"#
        text.lines[2] =
            #"{"record":"os_version","name":"Debian","version":"12","platform":"debian","#
            + #""platform_like":"unix","codename":"bookworm"}"#
        text.lines[3] =
            #"{"record":"cpu_info","model":"M","manufacturer":"V","sockets":2,"#
            + #""number_of_cores":8,"logical_processors":16,"max_clock_speed_mhz":3200}"#
        text.lines.insert(
            #"{"record":"collection","euid":1000,"session_source":"logind","#
                + #""processes_hidden":true,"processes_unreadable":3}"#, at: 4)
        try test.ingest(("a.jsonl", text.bytes))
        #expect(
            try test.rows(
                """
                SELECT Execution_ID, Server_ID, Exec_date, Hostname, IP, OS_ID, Processor_ID,
                    Processes_known, Users_known, Host_ID_source, Boot_time, UTC_offset_seconds,
                    Kernel, Arch, Container, Platform, Platform_like, Codename, Manufacturer,
                    Sockets, Number_of_cores, Logical_processors, Max_clock_speed_MHz,
                    Collector_euid, Session_source, Processes_hidden, Processes_unreadable,
                    Generator, Snapshot_ID, Snapshot_SHA256, Receipt_ID
                FROM Executions
                """) == [
                    "1|1|2026-11-23 05:13:11|web|192.0.2.1|1|1|1|1|dmi|2023-11-14 22:13:20|-10800|"
                        + "6.1.0|riscv64|lxc|debian|unix|bookworm|V|2|8|16|3200|1000|logind|1|3|test|"
                        + "\(uuid(1))|\(text.sha256)|1"
                ])
        #expect(
            try test.rows("SELECT Address FROM ADDRESSES_PER_EXECUTION")
                == ["192.0.2.1", "2001:db8::1"])
    }

    @Test(arguments: Engine.allCases) func theSameInputGivesTheSameDatabase(_ engine: Engine) throws
    {
        let test = try TestDatabase(engine)
        var files: [(String, [UInt8])] = []
        for number in 0..<40 {
            files.append(
                (
                    "\(number).jsonl",
                    SnapshotText(
                        id: uuid(number), hostID: "h\(number % 7)",
                        processes: (0..<50).map {
                            process($0 * number % 31, "p\($0 % 11)", #","uid":\#($0 % 3)"#)
                        },
                        users: [login("u\(number % 5)")]
                    ).bytes
                ))
        }
        let paths = try files.map { try test.directory.write($0.1, to: "evidence/\($0.0)").string }
        let other = try TestDatabase(engine)
        _ = try test.ingest(paths)
        _ = try other.ingest(paths)
        func dump(_ database: TestDatabase) throws -> [String] {
            try [
                "OS", "Processors", "Servers", "Executions", "Processes", "USERS",
                "PROCESSES_PER_EXECUTION", "USERS_PER_EXECUTION",
            ]
            .flatMap { try database.rows("SELECT * FROM \($0)") }
        }
        #expect(try dump(test) == dump(other))
        if engine == .sqlite {
            #expect(try test.rows("PRAGMA foreign_key_check") == [])
            #expect(try test.rows("PRAGMA integrity_check") == ["ok"])
        }
    }

    @Test(arguments: Engine.allCases) func aFileThatCannotBeReadIsRejected(_ engine: Engine) throws
    {
        let test = try TestDatabase(engine)
        let path = try test.directory.write([], to: "evidence/empty.jsonl.gz")
        let result = try test.ingest([path.string])
        #expect(result.rejections == ["empty.jsonl.gz: the file is empty"])
        #expect(try test.rows("SELECT Size_bytes, Verdict FROM Receipts") == ["0|rejected"])
    }
}
