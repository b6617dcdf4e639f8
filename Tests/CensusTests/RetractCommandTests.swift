import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census retract`: what goes, what stays, and that the file is refused afterwards.
@Suite struct RetractCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    /// A snapshot of a host with what all have, and what only this one has.
    private func snapshot(_ number: Int, host: String, _ date: String) -> SnapshotText {
        SnapshotText(
            id: uuid(number), takenAt: "\(date)T00:00:00Z", hostID: host, hostname: "name-\(host)",
            ip: "192.0.2.\(number)",
            processes: [
                process(1, "init"),
                process(100 + number, "secret-\(number)", #","user":"u\#(number)""#),
                package("bash", "5.2"), package("only-\(number)", "1"),
                #"{"record":"account","username":"a\#(number)"}"#,
                #"{"record":"listening_port","port":\#(1000 + number),"protocol":"tcp","family":"ipv4","address":"0.0.0.0"}"#,
            ], users: [login("ana"), login("l\(number)")])
    }

    /// Of host `x` three snapshots, two of which are in one file, and one of host `y`.
    private func write() throws {
        try directory.write(snapshot(1, host: "x", "2026-01-01").bytes, to: "a.jsonl")
        try directory.write(
            snapshot(2, host: "x", "2026-03-01").bytes + snapshot(3, host: "x", "2026-02-01").bytes,
            to: "stick/b.jsonl")
        try directory.write(snapshot(4, host: "y", "2026-01-01").bytes, to: "c.jsonl")
    }

    private func ingest(_ database: String, _ paths: [String], status: Int32 = 0) throws {
        let result = try run(
            TestSupport.census, ["ingest", "--quiet", "--db", database] + paths,
            in: directory.path)
        try #require(result.status == status, "\(result.error)")
    }

    private func rows(_ result: RunResult) -> [String] {
        result.output.split(separator: "\r\n").dropFirst().map(String.init)
    }

    #if MySQL
        private func tables(_ database: NamedDatabase) -> CensusContents {
            if let server = database.server { return .server { try server.sql($0) } }
            return .file(directory.path.appending(database.name))
        }

        /// After a retraction the tables are as if the rest alone had been loaded.
        @Test(
            arguments: Engine.allCases,
            [
                (["1"], ["stick/b.jsonl", "c.jsonl"]), (["2"], nil), (["execution:1"], nil),
                (["name-x"], ["c.jsonl"]), (["y"], ["a.jsonl", "stick/b.jsonl"]),
                (["host:1"], ["c.jsonl"]),
                (["stick/b.jsonl"], ["a.jsonl", "c.jsonl"]), (["b.jsonl"], ["a.jsonl", "c.jsonl"]),
                (["x", "c.jsonl"], []),
            ] as [([String], [String]?)])
        func theRestIsAsIfItWereAlone(
            _ engine: Engine, _ example: (targets: [String], rest: [String]?)
        ) throws {
            try write()
            let database = try engine.database()
            try ingest(database.name, ["a.jsonl", "stick/b.jsonl", "c.jsonl"])
            let result = try run(
                TestSupport.census,
                ["retract"] + example.targets + ["--reason", "r", "--db", database.name],
                in: directory.path)
            guard let rest = example.rest else {
                // A number that is an execution and a host; `execution:` says which.
                if example.targets == ["2"] {
                    #expect((result.status, result.output) == (1, ""))
                    #expect(
                        result.error
                            == "census: 2 is ambiguous: it is execution 2 and the host name-y "
                            + "(192.0.2.4): give execution:2 or host:2\n")
                } else {
                    #expect(result.status == 0, "\(result.error)")
                }
                return
            }
            if example.targets == ["1"] {
                #expect(result.status == 1)
                return
            }
            #expect(result.status == 0, "\(result.error)")
            let other = try engine.emptyDatabase(in: directory)
            if !rest.isEmpty { try ingest(other.name, rest) }
            #expect(try tables(other).differences(from: tables(database)) == [])
            if engine == .sqlite {
                let check = try run(
                    "sqlite3",
                    [database.name, "PRAGMA integrity_check; PRAGMA foreign_key_check"],
                    in: directory.path)
                #expect(check.output == "ok\n")
            }
        }
    #endif

    @Test(arguments: Engine.allCases) func whatIsSaid(_ engine: Engine) throws {
        try write()
        let database = try engine.database()
        try ingest(database.name, ["a.jsonl", "stick/b.jsonl", "c.jsonl"])
        let dry = try census(
            "retract", "name-x", "--reason", "r", "--dry-run", "--db", database.name, "--format",
            "csv")
        #expect(dry.status == 0)
        #expect(rows(dry).map { $0.prefix(9) } == ["1,1,name-", "3,1,name-", "2,1,name-"])
        #expect(
            dry.error == """
                3 executions to delete, all there are of name-x (192.0.2.2)
                nothing was deleted (--dry-run)

                """)
        #expect(
            rows(try census("list", "executions", "--db", database.name, "--format", "csv")).count
                == 4)

        let result = try census(
            "retract", "stick/b.jsonl", "--reason", "not ours\n=1", "--db", database.name,
            "--format", "csv")
        #expect(result.status == 0)
        #expect(rows(result).count == 2)
        #expect(
            result.error == """
                2 executions to delete
                2 executions deleted, and what only they had: 2 rows of Processes, 4 of USERS, 2 of Packages, 2 of Accounts, 2 of Listening_ports

                """)
        // The host is again as its newest execution that is left saw it.
        let hosts = try census("list", "hosts", "--db", database.name, "--format", "csv")
        #expect(rows(hosts)[0].hasPrefix("1,name-x,192.0.2.1,x,,,Debian GNU/Linux 12,2026-01-01 "))

        // The receipt stays, with who, when and why.
        let evidence = try census("list", "evidence", "--db", database.name, "--format", "json")
        let receipt = try run(
            "jq",
            [
                "-r",
                """
                [.[] | select(.File == "stick/b.jsonl")] | length, (.[0] | .Verdict, .Execution_ID,
                .Retracted_for, .Retracted_by, .Retracted_on, (.Retracted_at | length))
                """,
            ], input: evidence.outputBytes)
        let user = try run("id", ["-un"]).output.trimmingCharacters(in: .newlines)
        let machine = try run("hostname", []).output.trimmingCharacters(in: .newlines)
        #expect(receipt.output == "2\ningested\nnull\nnot ours\n=1\n\(user)\n\(machine)\n19\n")
    }

    @Test(arguments: Engine.allCases) func theFileIsRefusedUnlessAskedFor(_ engine: Engine) throws {
        try write()
        let database = try engine.database()
        try ingest(database.name, ["a.jsonl", "stick/b.jsonl", "c.jsonl"])
        #expect(
            try census("retract", "a.jsonl", "--reason", "altered", "--db", database.name).status
                == 0)
        // The same file, a copy of another name, and a file that has more.
        try directory.write(gzip(directory.read("a.jsonl")), to: "copy.jsonl.gz")
        try directory.write(
            directory.read("a.jsonl") + snapshot(5, host: "z", "2026-01-01").bytes, to: "more.jsonl"
        )
        let reason =
            #/^\S+: snapshot \S+ was retracted on \S+ \S+ by \S+ \(altered\); use --again to load it(.*)\n$/#
        for (path, rest) in [
            ("a.jsonl", ""), ("copy.jsonl.gz", ""),
            ("more.jsonl", "; another snapshot of the file was not loaded"),
        ] {
            let again = try census("ingest", "--quiet", "--db", database.name, path)
            #expect(again.status == 2)
            let match = try #require(try reason.firstMatch(in: again.error), "\(again.error)")
            #expect(match.1 == rest)
        }
        #expect(
            rows(try census("list", "executions", "--db", database.name, "--format", "csv")).count
                == 3)
        // What was retracted is no gap of the audit, and what was with it is one.
        let coverage = try census("coverage", "--db", database.name, "--format", "csv")
        let rejected = rows(coverage).filter { $0.hasPrefix("rejected") }
        #expect(rejected.count == 1 && rejected[0].contains("more.jsonl was rejected"))

        #expect(
            try census("ingest", "--quiet", "--again", "--db", database.name, "a.jsonl").status == 0
        )
        #expect(
            rows(try census("list", "executions", "--db", database.name, "--format", "csv")).count
                == 4)
        // Loaded again it is known, and can be retracted again.
        #expect(try census("ingest", "--quiet", "--db", database.name, "a.jsonl").status == 0)
        #expect(
            try census("retract", "a.jsonl", "--reason", "r", "--db", database.name).status == 0)
        #expect(try census("ingest", "--quiet", "--db", database.name, "a.jsonl").status == 2)
        let nothing = try census("retract", "a.jsonl", "--reason", "r", "--db", database.name)
        #expect(
            (nothing.status, nothing.error) == (
                1,
                "census: no execution in the database came from a.jsonl (see census list evidence)\n"
            ))
    }

    /// With `--vacuum` nothing of it is left in the file; without it nothing that can be read.
    @Test(arguments: [["--vacuum"], []]) func erased(_ options: [String]) throws {
        try write()
        try ingest("test.sqlite", ["a.jsonl", "stick/b.jsonl", "c.jsonl"])
        // The index of names has them, too.
        #expect(try census("find", "secret-2", "--db", "test.sqlite").status == 0)
        func isThere(_ text: String) throws -> Bool {
            let file = try contents(of: directory.path.appending("test.sqlite"))
            return file.firstRange(of: Array(text.utf8)) != nil
        }
        #expect(try isThere("secret-2") && isThere("only-3"))
        let result = try run(
            TestSupport.census,
            ["retract", "b.jsonl", "--reason", "r", "--db", "test.sqlite"] + options,
            in: directory.path)
        #expect(result.status == 0)
        #expect(result.error.hasSuffix("rewritten\n") == !options.isEmpty)
        for text in ["secret-2", "secret-3", "only-2", "only-3", "192.0.2.3"] {
            #expect(try !isThere(text), "\(text)")
        }
        #expect(try isThere("secret-1") && isThere("b.jsonl"))
        #expect(try directory.names().allSatisfy { !$0.hasPrefix("test.sqlite-") })
    }

    /// A program that loads meanwhile does not refer to rows that were deleted.
    @Test(arguments: Engine.allCases) func besideALoad(_ engine: Engine) throws {
        let database = try engine.database()
        func snapshot(_ number: Int, host: String) -> SnapshotText {
            SnapshotText(
                id: uuid(number), hostID: host,
                processes: [process(7, "shared", #","user":"root""#), package("bash", "5.2")],
                users: [login("ana")])
        }
        try directory.write(snapshot(1, host: "x").bytes, to: "a.jsonl")
        try directory.write(snapshot(2, host: "y").bytes, to: "b.jsonl")
        // With as many files as are written at once the load waits for its input between two
        // transactions.
        for number in 1000..<3000 {
            let text = SnapshotText(id: uuid(number), hostID: "n", processes: [process(1, "init")])
            try directory.write(text.bytes, to: "many/\(number).jsonl")
        }
        let loading = try RunningCommand(
            "bash",
            [
                "-c",
                #"(while [ ! -e go ]; do sleep 0.1; done; cat b.jsonl) | "$0" ingest --quiet --db "$1" a.jsonl many -"#,
                TestSupport.census, database.name,
            ], in: directory.path)
        while try census("list", "executions", "--host", "x", "--db", database.name).status != 0 {
            try #require(loading.isRunning)
            usleep(100_000)
        }
        #expect(
            try census("retract", "a.jsonl", "--reason", "r", "--db", database.name).status == 0)
        // Others take the ids that have become free.
        let other = SnapshotText(
            id: uuid(3), hostID: "z", processes: [process(8, "other", #","user":"o""#)])
        try directory.write(other.bytes, to: "z.jsonl")
        try ingest(database.name, ["z.jsonl"])
        try directory.write([], to: "go")
        let loaded = try loading.wait()
        #expect((loaded.status, loaded.error) == (0, ""))
        let report = try census(
            "report", "3", "--host", "y", "--db", database.name, "--format", "csv")
        #expect(rows(report).count == 1)
        #expect(rows(report)[0].contains("shared"), "\(report.output)")
        if engine == .sqlite {
            let check = try run(
                "sqlite3", [database.name, "PRAGMA foreign_key_check"], in: directory.path)
            #expect(check.output == "")
        }
    }

    @Test(arguments: [
        ["retract", "1"], ["retract", "--reason", "r"], ["retract", "1", "--reason", " "],
        ["retract", "1", "--reason", "r", "--dry-run", "--vacuum"],
    ])
    func wrongUsage(_ arguments: [String]) throws {
        let result = try run(TestSupport.census, arguments, in: directory.path)
        #expect((result.status, result.output) == (64, ""))
    }

    @Test func whatCannotBeFound() throws {
        try write()
        try ingest("test.sqlite", ["a.jsonl"])
        for (target, error) in [
            (
                "nam-x",
                "there is no execution, host or file nam-x (see census list executions, hosts or "
                    + "evidence). Did you mean 'name-x'?"
            ),
            (
                "99",
                "there is no execution, host or file 99 (see census list executions, hosts or evidence)"
            ),
        ] {
            let result = try census("retract", target, "--reason", "r", "--db", "test.sqlite")
            #expect((result.status, result.output) == (1, ""))
            #expect(result.error == "census: \(error)\n")
        }
        let missing = try census("retract", "1", "--reason", "r", "--db", "none.sqlite")
        #expect(missing.status == 1)
        #expect(try !directory.names().contains("none.sqlite"))
    }

    /// Killed at any time, all of it is done or nothing.
    @Test func killed() throws {
        for number in 1...40 {
            let text = SnapshotText(
                id: uuid(number), hostID: "h\(number % 2)",
                processes: (0..<3000).map { process($0, "p\($0 * number)") })
            try directory.write(text.bytes, to: "stick/\(number).jsonl")
        }
        try ingest("full.sqlite", ["stick"])
        func copy() throws { _ = try run("cp", ["full.sqlite", "x.sqlite"], in: directory.path) }
        func counts() throws -> String {
            let result = try run(
                "sqlite3",
                [
                    "x.sqlite",
                    """
                    PRAGMA integrity_check; PRAGMA foreign_key_check;
                    SELECT (SELECT COUNT(*) FROM Executions), (SELECT COUNT(*) FROM Servers),
                           (SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION),
                           (SELECT COUNT(*) FROM Processes), (SELECT COUNT(*) FROM Retractions)
                    """,
                ], in: directory.path)
            #expect(result.error == "")
            return result.output
        }
        try copy()
        let before = try counts()
        let arguments = ["retract", "h1", "--reason", "r", "--db", "x.sqlite", "--vacuum"]
        let start = ContinuousClock.now
        #expect(try run(TestSupport.census, arguments, in: directory.path).status == 0)
        let duration = Int((ContinuousClock.now - start) / .microseconds(1))
        let after = try counts()
        #expect(before != after)
        for _ in 0..<12 {
            try copy()
            let process = Process()
            process.executableURL = URL(filePath: TestSupport.census)
            process.arguments = arguments
            process.currentDirectoryURL = URL(filePath: directory.path.string)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(useconds_t(Int.random(in: 0...duration)))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(try [before, after].contains(counts()))
            for name in try directory.names() where name.hasPrefix("x.sqlite-") {
                _ = try run("rm", ["-f", name], in: directory.path)
            }
        }
    }

    #if MySQL
        /// The rights that the article names are enough, and without them it is said which are.
        @Test func rightsOnAServer() throws {
            try write()
            let server = try ServerDatabase()
            try ingest(server.address, ["a.jsonl", "c.jsonl"])
            let account = try ServerAccount("SELECT", on: server)
            func retract(_ options: String...) throws -> RunResult {
                try run(
                    TestSupport.census,
                    ["retract", "a.jsonl", "--reason", "r", "--db", account.address] + options,
                    in: directory.path, environment: ["MYSQL_PWD": account.password])
            }
            #expect(try retract("--dry-run").status == 0)
            let refused = try retract()
            #expect(refused.status == 1)
            #expect(refused.error.contains("SELECT, INSERT, UPDATE, DELETE"), "\(refused.error)")
            #expect(try server.sql("SELECT COUNT(*) FROM Executions") == "2\n")
            try account.grant("INSERT, UPDATE, DELETE")
            let done = try retract("--vacuum")
            #expect(done.status == 0, "\(done.error)")
            #expect(try server.sql("SELECT COUNT(*) FROM Executions") == "1\n")
        }
    #endif
}
