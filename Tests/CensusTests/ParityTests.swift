#if MySQL
    import SystemPackage
    import TestSupport
    import Testing

    /// A server gives what SQLite gives, byte by byte.
    @Suite struct ParityTests {
        let directory: TemporaryDirectory
        let server: ServerDatabase

        init() throws {
            directory = try TemporaryDirectory()
            server = try ServerDatabase()
        }

        /// Loads the paths into both and compares all that either says of them.
        private func expectParity(of paths: [String]) throws {
            let databases = ["sqlite": "test.sqlite", "server": server.address]
            var output: [String: [UInt8]] = [:]
            for (engine, database) in databases {
                let result = try run(
                    census,
                    ["ingest", "--csv", engine, "--limit", "300", "--db", database] + paths,
                    in: directory.path)
                try #require(result.status == 0, "\(result.error)")
                output[engine] = result.outputBytes
            }
            #expect(difference(output["server"]!, output["sqlite"]!) == nil)
            #expect(output["sqlite"]!.count > 1000)
            for number in 1...5 {
                let bytes = try directory.read("sqlite/test_\(number).csv")
                #expect(bytes.count > 100)
                #expect(try difference(directory.read("server/test_\(number).csv"), bytes) == nil)
            }
            // A table is as wide as its longest name: all rows would take long.
            for options in [["--format", "json"], ["--format", "table", "--limit", "300"]] {
                let reports = try databases.mapValues {
                    try run(
                        census, ["report", "--db", $0] + options, in: directory.path)
                }
                #expect(reports["server"]!.status == 0)
                #expect(reports["server"]!.error == "")
                #expect(
                    difference(reports["server"]!.outputBytes, reports["sqlite"]!.outputBytes)
                        == nil)
            }
            let contents = CensusContents.file(directory.path.appending("test.sqlite"))
            let differences = try CensusContents.server(server.sql).differences(from: contents)
            #expect(differences == [])
        }

        /// Loads the paths into the server again and sees that only receipts are added.
        private func expectNothingNew(from paths: [String], files: Int) throws {
            let tables = [
                "OS", "Processors", "Servers", "Executions", "ADDRESSES_PER_EXECUTION", "Processes",
                "USERS", "PROCESSES_PER_EXECUTION", "USERS_PER_EXECUTION",
            ]
            let checksum = "CHECKSUM TABLE \(tables.joined(separator: ", "))"
            let before = try server.sql(checksum)
            let report = ["--limit", "300", "--db", server.address]
            let reports = try run(census, ["report"] + report).outputBytes
            let again = try run(
                census, ["ingest"] + report + paths, in: directory.path)
            #expect(again.status == 0)
            #expect(again.error.contains(" 0 snapshots loaded with 0 processes and 0 logins, "))
            #expect(try server.sql(checksum) == before)
            #expect(difference(again.outputBytes, reports) == nil)
            #expect(
                try server.sql("SELECT Verdict, COUNT(*) FROM Receipts GROUP BY Verdict ORDER BY 1")
                    == "duplicate\t\(files)\ningested\t\(files)\n")
        }

        @Test func theReferenceFleet() throws {
            try expectParity(of: [referenceFleet.string])
            #expect(
                try server.sql("SELECT Server_ID, IP FROM Servers ORDER BY Server_ID")
                    == "1\t192.168.0.64\n2\t192.168.56.1\n3\t192.168.1.153\n4\t127.0.1.1\n")
            let reports = try run(
                census, ["report", "1", "2", "4", "5", "--db", server.address]
            ).output
            let expected = [
                ReferenceFleetTests.test1, ReferenceFleetTests.test2, ReferenceFleetTests.test4,
                ReferenceFleetTests.test5,
            ]
            #expect(reports == expected.joined(separator: "\n"))
            try expectNothingNew(from: [referenceFleet.string], files: 8)
        }

        /// The edges of what a snapshot may hold: no engine refuses any of it, and both keep it.
        @Test func valuesAtTheirEdges() throws {
            let most = Int64.max
            let long = String(repeating: "😀", count: 379)
            var number = 0
            func write(
                takenAt: String = "2026-01-01T00:00:00Z", host: String = "",
                os: String = "", cpu: String = "", collection: String = "",
                processes: [String] = [], users: [String] = []
            ) throws {
                number += 1
                var text = SnapshotText(
                    id: "00000000-0000-4000-8000-0000000000\(number + 10)", takenAt: takenAt,
                    hostID: "host \(number)", processes: processes, users: users)
                text.lines[1] = text.lines[1].dropLast() + host + "}"
                text.lines[2] = text.lines[2].dropLast() + os + "}"
                text.lines[3] = text.lines[3].dropLast() + cpu + "}"
                if !collection.isEmpty {
                    text.lines.insert(#"{"record":"collection"\#(collection)}"#, at: 4)
                }
                try directory.write(text.bytes, to: "edges/\(number).jsonl")
            }
            for date in [
                "0001-01-01T00:00:00Z", "0999-12-31T23:59:59Z", "1000-01-01T00:00:00Z",
                "1582-10-10T00:00:00Z", "1969-12-31T23:59:59Z", "2038-01-19T03:14:08Z",
                "9999-12-31T23:59:59Z",
            ] { try write(takenAt: date) }
            for seconds in [
                Int64.min, -62_135_596_801, -62_135_596_800, -1, 0, 2_147_483_648, 4_294_967_296,
                253_402_300_799, 253_402_300_800, most,
            ] { try write(host: #","boot_time":\#(seconds)"#) }
            for integer in [0, 1, 2_147_483_648, 4_294_967_296, most] {
                try write(
                    cpu: #","sockets":\#(integer),"number_of_cores":\#(integer),"#
                        + #""logical_processors":\#(integer),"max_clock_speed_mhz":\#(integer)"#,
                    collection: #","euid":\#(integer),"processes_unreadable":\#(integer)"#,
                    processes: [
                        #"{"record":"process","pid":\#(min(integer, 4_294_967_295)),"name":"p","#
                            + #""uid":\#(integer),"parent":\#(integer),"start_time":\#(integer)}"#
                    ],
                    users: [
                        #"{"record":"user","user":"u","time":\#(integer),"pid":\#(integer)}"#
                    ])
            }
            for name in [
                "\(long)😁", "\\uFFFF", "\\uFDD0", "\\uDBFF\\uDFFF", "a ", " a", "\u{3000}",
                "\u{85}",
                "\u{FEFF}a", "\u{E000}", "\\u0001", "'", "\\\\", "`", "?", "; -- ", "NULL",
                "0", "e\u{301}", "é",
            ] {
                try write(
                    host: #","host_id_source":"\#(name)","addresses":["\#(name)","","x"],"#
                        + #""kernel":"\#(name)","arch":"\#(name)","container":"\#(name)""#,
                    os: #","platform":"\#(name)","platform_like":"\#(name)","codename":"\#(name)""#,
                    cpu: #","manufacturer":"\#(name)""#,
                    collection: #","session_source":"\#(name)""#,
                    processes: [
                        #"{"record":"process","pid":1,"name":"\#(name)","user":"\#(name)"}"#
                    ], users: [#"{"record":"user","user":"\#(name)"}"#])
            }
            // Of names that identify something too.
            for name in ["\(long)😁", "\(long)😂", "a ", "a"] {
                number += 1
                var text = SnapshotText(
                    id: "00000000-0000-4000-8000-0000000000\(number + 10)", hostID: name,
                    hostname: name, ip: name)
                text.lines[2] = #"{"record":"os_version","name":"\#(name)","version":"\#(name)"}"#
                text.lines[3] = #"{"record":"cpu_info","model":"\#(name)"}"#
                try directory.write(text.bytes, to: "edges/\(number).jsonl")
            }
            try expectParity(of: ["edges"])
            #expect(try server.sql("SELECT COUNT(*) FROM Executions") == "\(number)\n")
        }

        @Test func aServerThatCannotTakeTheIsolation() throws {
            let server = try MariaDBServer(options: ["--log-bin=log", "--binlog-format=STATEMENT"])
            _ = try server.sql("CREATE DATABASE census")
            let address = "mysql://root@127.0.0.1:\(server.port)/census"
            let result = try run(
                census, ["ingest", "--quiet", "--db", address, referenceFleet.string])
            #expect(result.status == 1)
            #expect(
                result.error
                    == "census: \(address): the server's binlog_format is STATEMENT, which "
                    + "does not support READ COMMITTED; an administrator can set it to ROW or "
                    + "MIXED\n")
        }

        @Test func aFleetOfNamesThatLookAlike() throws {
            let fleet = GeneratedFleet(seed: 20_261_123)
            #expect(fleet.snapshots == 1000)
            try fleet.write(to: directory)
            let folders = ["0", "1", "2", "3"]
            try expectParity(of: folders)
            try expectNothingNew(from: folders, files: fleet.files.count)
        }
    }
#endif
