import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census find`: where something occurs, with the index of names and without it.
@Suite struct FindCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The result of a search, without the notes on lists that no snapshot has, of which there are
    /// many here.
    func find(_ arguments: [String], _ database: String) throws -> RunResult {
        withoutGaps(
            try run(
                census, ["find"] + arguments + ["--format", "csv", "--db", database],
                in: directory.path))
    }

    func withoutGaps(_ result: RunResult) -> RunResult {
        var result = result
        let gap = /(some )?(packages|accounts|listeners) are unknown on .*\n/
        result.errorBytes = Array(result.error.replacing(gap, with: "").utf8)
        return result
    }

    /// The rows of a search that finds something, without the titles.
    func rows(_ arguments: [String], _ database: String) throws -> [String] {
        let result = try find(arguments, database)
        #expect((result.status, result.error) == (0, ""))
        return result.output.split(separator: "\r\n").dropFirst().map(String.init)
    }

    func names(in folder: String) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(atPath: directory.path.appending(folder).string).sorted()
    }

    func snapshot(
        _ number: Int, _ host: String, _ date: String, _ records: [String], users: [String] = []
    ) -> SnapshotText {
        SnapshotText(
            id: uuid(number), takenAt: "\(date)T00:00:00Z", hostID: host, hostname: "name-\(host)",
            ip: "192.0.2.\(number)", processes: records, users: users)
    }

    private static let listener =
        #"{"record":"listening_port","port":22,"protocol":"tcp","family":"ipv4","#
        + #""address":"0.0.0.0","process":"sshd"}"#

    func ingest(_ database: String, _ snapshots: [SnapshotText]) throws {
        let bytes = snapshots.flatMap(\.bytes)
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", database, "-"], in: directory.path, input: bytes)
        try #require(ingest.status == 0, "\(ingest.error)")
    }

    var fleet: [SnapshotText] {
        [
            snapshot(
                1, "x", "2026-01-01",
                [
                    process(1, "init", #","user":"root""#), process(9, "SSHd", #","user":"root""#),
                    package("openssl", "3.0.11"), package("bash", "5.2"),
                    #"{"record":"account","username":"sshd","uid":105}"#, Self.listener,
                ], users: [login("ana")]),
            snapshot(
                2, "x", "2026-03-01",
                [process(1, "init"), process(8, "sshd", #","user":"ana""#), Self.listener]),
            snapshot(
                3, "y", "2026-02-01",
                [process(1, "init"), process(3, "sshd"), package("openssl", "3.0.17")]),
        ]
    }

    @Test(arguments: Engine.allCases) func whatIsFound(_ engine: Engine) throws {
        let database = try engine.database()
        try ingest(database.name, fleet)
        // The first time the index is made.
        for _ in 1...2 {
            let all = try find(["SSHD"], database.name)
            #expect(
                all.output.split(separator: "\r\n") == [
                    "Kind,Name,Detail,Servers,Hosts,First_seen,Last_seen",
                    "process,SSHd,,1,name-x,2026-01-01 00:00:00,2026-01-01 00:00:00",
                    #"process,sshd,,2,"name-x, name-y",2026-02-01 00:00:00,2026-03-01 00:00:00"#,
                    "port,tcp/0.0.0.0/22,sshd,1,name-x,2026-01-01 00:00:00,2026-03-01 00:00:00",
                    "account,sshd,uid 105,1,name-x,2026-01-01 00:00:00,2026-01-01 00:00:00",
                ])
        }
        #expect(
            try rows(["*ssl", "--in", "packages"], database.name) == [
                "package,openssl,3.0.11,1,name-x,2026-01-01 00:00:00,2026-01-01 00:00:00",
                "package,openssl,3.0.17,1,name-y,2026-02-01 00:00:00,2026-02-01 00:00:00",
            ])
        #expect(
            try rows(["ana", "--in", "users"], database.name) == [
                "user,ana,logged in,1,name-x,2026-01-01 00:00:00,2026-01-01 00:00:00",
                "user,ana,owner of processes,1,name-x,2026-03-01 00:00:00,2026-03-01 00:00:00",
            ])
        #expect(try rows(["22", "--in", "accounts,ports"], database.name).count == 1)
        #expect(
            try rows(["init", "--each-host"], database.name) == [
                "process,init,,1,name-x,2026-01-01 00:00:00,2026-03-01 00:00:00",
                "process,init,,2,name-y,2026-02-01 00:00:00,2026-02-01 00:00:00",
            ])
        // A part.
        #expect(try rows(["ssh?", "--in", "processes", "--latest"], database.name).count == 1)
        #expect(
            try rows(["[a-i]nit", "--host", "Y", "--since", "2026-01-15"], database.name) == [
                "process,init,,1,name-y,2026-02-01 00:00:00,2026-02-01 00:00:00"
            ])

        // What is loaded and retracted afterwards.
        try ingest(database.name, [snapshot(4, "z", "2026-04-01", [process(1, "init")])])
        #expect(
            try rows(["init"], database.name) == [
                #"process,init,,3,"name-x, name-y, name-z",2026-01-01 00:00:00,2026-04-01 00:00:00"#
            ])
        for target in ["name-z", "name-y"] {
            let retract = try run(
                census, ["retract", target, "--reason", "r", "--db", database.name],
                in: directory.path)
            try #require(retract.status == 0, "\(retract.error)")
        }
        try ingest(database.name, [snapshot(5, "v", "2026-05-01", [process(1, "new")])])
        #expect(
            try rows(["*n*", "--in", "processes"], database.name) == [
                "process,init,,1,name-x,2026-01-01 00:00:00,2026-03-01 00:00:00",
                "process,new,,1,name-v,2026-05-01 00:00:00,2026-05-01 00:00:00",
            ])
    }

    @Test(arguments: Engine.allCases) func whatIsNotFound(_ engine: Engine) throws {
        let database = try engine.database()
        try ingest(database.name, fleet)
        let none = try find(["ssh", "--in", "processes,packages"], database.name)
        #expect(none.status == 1)
        #expect(
            none.error
                == "nothing matches ssh among 6 names of processes, packages; '*ssh*' also matches "
                + "parts of names\n")
        let part = try find(["ssh", "--host", "name-x", "--in", "processes"], database.name)
        #expect(
            part.error
                == "nothing of a host matching name-x matches ssh among 3 names of processes; '*ssh*' "
                + "also matches parts of names\n")
        let host = try find(["ssh", "--host", "name-q"], database.name)
        #expect((host.status, host.output) == (2, ""))
    }

    /// Capitals do not count in a set that is negated, either; and a list that is unknown is not empty.
    @Test func setsAndLists() throws {
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", "fleet.sqlite", referenceFleet.string],
            in: directory.path)
        #expect(ingest.status == 0)
        let names = try find(
            ["[!a-z]*", "--in", "processes"], "fleet.sqlite")
        let firsts = names.output.split(separator: "\r\n").dropFirst().map {
            $0.split(separator: ",")[1].first!
        }
        #expect(firsts.contains("("))
        #expect(firsts.filter { $0.isASCII && $0.isLetter } == [])
        let packages = try run(
            census, ["find", "openssl", "--in", "packages", "--db", "fleet.sqlite"],
            in: directory.path)
        #expect(packages.status == 1)
        #expect(
            packages.error
                == "packages are unknown on 8 executions\n"
                + "nothing matches openssl among 0 names of packages\n")
    }

    @Test func wrongUsage() throws {
        for (arguments, error) in [
            (
                ["x", "--in", "packges"],
                "--in takes processes, packages, users, ports, accounts, and not 'packges'. "
                    + "Did you mean 'packages'?"
            ),
            (["x["], #"the pattern "x[": "[" has no "]"; "\[" is the character itself"#),
            ([""], "The pattern is empty."),
        ] {
            let result = try find(arguments, "none.sqlite")
            #expect(result.status == 64)
            #expect(result.error.hasPrefix("census: \(error)\n"), "\(result.error)")
        }
    }

    /// Names that would end a line of the index, or are not ASCII.
    @Test(arguments: Engine.allCases) func namesOfAllCharacters(_ engine: Engine) throws {
        let database = try engine.database()
        let names = [#"a\nb"#, #"a\\nb"#, #"a\\"#, "Ünïcode", "\u{212A}elvin", #"tab\tx"#]
        try ingest(
            database.name,
            [snapshot(1, "x", "2026-01-01", names.enumerated().map { process($0 + 1, $1) })])
        for _ in 1...2 {
            let result = try run(
                census,
                ["find", "*", "--in", "processes", "--format", "json", "--db", database.name],
                in: directory.path)
            let found = try run("jq", ["-c", ".[].Name"], input: result.outputBytes).output
            #expect(
                found.split(separator: "\n").map(String.init)
                    == [
                        #""a\nb""#, #""a\\""#, #""a\\nb""#, #""tab\tx""#, "\"Ünïcode\"",
                        "\"\u{212A}elvin\"",
                    ])
        }
        for pattern in ["ünÏcode", "kelvin", "a?b", #"a\\nb"#, "TAB?x"] {
            #expect(try rows([pattern], database.name).count == 1, "\(pattern)")
        }
    }

    /// The index gives what SQL gives, whatever was loaded when.
    @Test func theIndexIsRight() throws {
        try PlantedFleet.write(to: directory, withLists: true)
        let files = try names(in: "fleet")
        for (index, part) in [files.prefix(3), files.dropFirst(3)].enumerated() {
            let ingest = try run(
                census,
                ["ingest", "--quiet", "--db", "fleet.sqlite"] + part.map { "fleet/\($0)" },
                in: directory.path)
            try #require(ingest.status == 0, "\(index) \(ingest.error)")
            let found = try rows(["*", "--in", "processes"], "fleet.sqlite")
            let expected = try run(
                "sqlite3",
                [
                    "fleet.sqlite",
                    """
                    SELECT 'process,' || Process_Name || ',,' || COUNT(DISTINCT Server_ID)
                    FROM PROCESSES_PER_EXECUTION JOIN Processes USING (Process_ID)
                    JOIN Executions USING (Execution_ID)
                    GROUP BY Process_Name ORDER BY Process_Name
                    """,
                ], in: directory.path
            ).output.split(separator: "\n")
            #expect(found.count == expected.count && found.count > 10)
            for (row, start) in zip(found, expected) {
                #expect(row.replacing("\"", with: "").hasPrefix("\(start),"), "\(row) \(start)")
            }
        }
    }

    /// The index is no part of what is handed over.
    @Test func theIndexIsNotExported() throws {
        try ingest("x.sqlite", fleet)
        #expect(try rows(["init"], "x.sqlite").count == 1)
        let export = try run(
            census, ["export", "out", "--db", "x.sqlite"], in: directory.path)
        #expect(export.status == 0)
        #expect(try names(in: "out").filter { $0.hasPrefix("find") } == [])
    }

    /// A file that cannot be written is searched all the same.
    @Test(.enabled("mounts are not allowed here") { try mayMount() })
    func aFileThatCannotBeWritten() throws {
        try ingest("x.sqlite", fleet)
        let result = try run(
            "bash",
            [
                "-c",
                """
                \(ownMounts) bash -c 'mount --bind . . && mount -o remount,bind,ro . && cd "$PWD" && \
                "$0" find sshd --in processes --format csv --db x.sqlite' "$0"
                """, census,
            ], in: directory.path)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.split(separator: "\r\n").count == 3)
        #expect(
            result.error.hasPrefix(
                "the index of names is not up to date and cannot be written, which makes the search "
                    + "slow: "), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
    }

    #if MySQL
        /// An account that may only read finds the same, and says what is missing only while the
        /// index is not up to date.
        @Test func anAccountThatMayOnlyRead() throws {
            let server = try ServerDatabase()
            try ingest(server.address, fleet)
            let account = try ServerAccount("SELECT", on: server)
            func search() throws -> RunResult {
                try withoutGaps(
                    run(
                        census, ["find", "*", "--format", "csv", "--db", account.address],
                        in: directory.path, environment: ["MYSQL_PWD": account.password]))
            }
            let slow = try search()
            #expect(
                slow.error.hasPrefix(
                    "the index of names is not up to date and cannot be written, which makes the "
                        + "search slow: INSERT command denied to "), "\(slow.error)")
            let desk = try ServerAccount("SELECT, INSERT, UPDATE", on: server)
            let update = try withoutGaps(
                run(
                    census, ["find", "init", "--db", desk.address], in: directory.path,
                    environment: ["MYSQL_PWD": desk.password]))
            #expect((update.status, update.error) == (0, ""))
            let quick = try search()
            #expect((quick.status, quick.error) == (0, ""))
            #expect(quick.output == slow.output)
            // What is new is read from the processes themselves.
            try ingest(
                server.address, [snapshot(7, "u", "2026-07-01", [process(1, "init")])])
            let both = try search()
            #expect(both.output.contains(#"process,init,,3,"name-x, name-y, name-u","#))
        }

        /// Stored procedures add processes to executions that exist.
        @Test func executionsOfStoredProcedures() throws {
            let server = try ServerDatabase()
            try ingest(server.address, fleet)
            _ = try server.sql(
                """
                CALL Insert_os_data('Linux', NULL);
                CALL Insert_servers_data('p', 'by-hand', NULL, 'Linux', NULL, NULL, '2026-01-02')
                """)
            #expect(try rows(["init"], server.address)[0].hasPrefix("process,init,,2,"))
            try ingest(
                server.address, [snapshot(8, "u", "2026-08-01", [process(1, "init")])])
            for (number, name) in ["init", "sshd"].enumerated() {
                _ = try server.sql(
                    "CALL Insert_processes_data('p', '2026-01-02', \(number), '\(name)', NULL)")
                let found = try rows(
                    [name, "--in", "processes", "--each-host"], server.address)
                let date = "2026-01-02 00:00:00"
                #expect(found.contains("process,\(name),,3,by-hand,\(date),\(date)"))
            }
            #expect(try rows(["init"], server.address)[0].hasPrefix("process,init,,4,"))
        }
    #endif
}
