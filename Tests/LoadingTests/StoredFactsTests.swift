import Database
import DatabaseSupport
import TestSupport
import Testing

/// What the tables say of a snapshot.
@Suite struct StoredFactsTests {
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

    /// NULL: the collector does not say what it could not read. An empty list: it has read everything.
    @Test(
        arguments: Engine.allCases,
        [
            (#""euid":0"#, "NULL"), (#""sources":[]"#, "[]"),
            (
                #""failed_sources":["account shadow etc/a b: x y","odd"]"#,
                #"["etc/a b: x y","odd"]"#
            ),
            (
                #""unreadable":["a; b: x","[\"c\"]: y\n\u0001\u007f"]"#,
                #"["a; b: x","[\"c\"]: y\n\u0001\u007f"]"#
            ),
            (
                #""unreadable":["etc/passwd: x"],"failed_sources":["account passwd etc/passwd: x"]"#,
                #"["etc/passwd: x"]"#
            ),
        ])
    func whatCouldNotBeRead(_ engine: Engine, _ one: (collection: String, text: String)) throws {
        let test = try TestDatabase(engine)
        var text = SnapshotText(id: uuid(1))
        text.lines.insert(#"{"record":"collection",\#(one.collection)}"#, at: 4)
        try test.ingest(("a.jsonl", text.bytes))
        #expect(try test.rows("SELECT Unread_files FROM Executions") == [one.text])
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
