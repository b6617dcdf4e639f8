import SystemPackage
import TestSupport
import Testing

/// The whole output and the exit codes of `coverage` and `diff`.
@Suite struct CoverageCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(_ arguments: String..., input: [UInt8] = []) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path, input: input)
    }

    private func expect(
        _ result: RunResult, _ status: Int32, _ output: String, _ error: String,
        _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, sourceLocation: place)
        #expect(result.output == output, sourceLocation: place)
        #expect(result.error == error, sourceLocation: place)
    }

    private let header = "Finding,Server_ID,Host,IP,Last_seen,Detail\r\n"

    private func snapshot(
        _ number: Int, day: Int = 1, collection: String? = nil, processes: [String] = [],
        users: [String] = []
    ) -> [UInt8] {
        var text = SnapshotText(
            id: "0000000\(number)-0000-4000-8000-000000000000",
            takenAt: "2026-11-0\(day)T00:00:00Z",
            processes: processes, users: users.map { #"{"record":"user","user":"\#($0)"}"# })
        if let collection {
            text.lines.insert(#"{"record":"collection",\#(collection)}"#, at: 4)
        }
        return text.bytes
    }

    // MARK: coverage

    /// A database without executions.
    @Test(arguments: Engine.allCases)
    func nothingInTheDatabase(engine: Engine) throws {
        let database = try engine.database()
        // Its only file is truncated.
        try directory.write(
            snapshot(1).dropLast(9), to: "web-01_20261101T000000Z_00000001.jsonl")
        let ingest = try census("ingest", "--quiet", "--db", database.name, ".")
        #expect(ingest.status == 2)
        let rejected =
            "rejected,,web-01,,,\"\(try path("web-01_20261101T000000Z_00000001.jsonl", database)) "
            + "was rejected (line 5: the line is incomplete) and was not replaced by a valid file; its "
            + "name is that of host web-01, taken at 2026-11-01 00:00:00, from which nothing was loaded\"\r\n"
        expect(
            try census("coverage", "--db", database.name, "--format", "csv"), 2,
            header + rejected,
            "census: \(database.name) contains no hosts: 0 hosts seen; 1 rejected; missing hosts are not reported without --expected\n"
        )
        try directory.write("web-01\n".utf8, to: "hosts")
        let missing = try census(
            "coverage", "--db", database.name, "--format", "csv", "--expected", "hosts")
        #expect(missing.status == 1)
        #expect(missing.error == "0 hosts seen, 1 expected; 1 missing; 1 rejected\n")
        #expect(missing.output.hasPrefix(header + "missing,,web-01,,,expected but never seen; "))
        #expect(missing.output.hasSuffix(".jsonl\r\n" + rejected))
        // A valid file replaces it.
        try directory.write(
            snapshot(1, users: ["anna"]), to: "web-01_20261101T000000Z_00000001.jsonl")
        #expect(try census("ingest", "--quiet", "--db", database.name, ".").status == 0)
        expect(
            try census("coverage", "--db", database.name, "--format", "csv", "--expected", "hosts"),
            0, header, "1 host seen, 1 expected; no findings\n")
    }

    /// The path as in the receipt.
    private func path(_ name: String, _ database: NamedDatabase) throws -> String {
        let json = try census("coverage", "--db", database.name, "--format", "json").output
        return try #require(json.firstMatch(of: #/"Detail": "(.*) was rejected/#)).1.description
    }

    @Test func aDatabaseOfTablesOnly() throws {
        let made = try run(
            "bash", ["-c", #"head -c 0 /dev/null | "$census" ingest --quiet -"#],
            in: directory.path, environment: ["census": TestSupport.census])
        #expect(made.status == 2)
        let emptied = try run(
            "sqlite3", ["census.sqlite", "DELETE FROM Receipts"], in: directory.path)
        #expect(emptied.status == 0)
        expect(
            try census("coverage"), 2, "",
            "census: census.sqlite contains no hosts: 0 hosts seen; missing hosts are not reported without --expected\n"
        )
    }

    @Test func aDamagedDatabase() throws {
        for number in 1...3 {
            var text = SnapshotText(
                id: "0000000\(number)-0000-4000-8000-000000000000", hostID: "h\(number)",
                hostname: "h\(number)", users: [#"{"record":"user","user":"anna"}"#])
            text.lines[2] = #"{"record":"os_version","name":"\#(number)","version":null}"#
            try directory.write(text.bytes, to: "\(number).jsonl")
        }
        #expect(try census("ingest", "--quiet", "1.jsonl", "2.jsonl", "3.jsonl").status == 0)
        let damage = "DELETE FROM Servers WHERE Server_ID = 2; DELETE FROM OS WHERE OS_ID = 3"
        #expect(try run("sqlite3", ["census.sqlite", damage], in: directory.path).status == 0)
        expect(
            try census("coverage", "--format", "csv"), 1,
            header
                + "partial,,,,,\"the database is damaged: Server_ID 2 has executions, but no row "
                + "in Servers\"\r\n",
            "2 hosts seen; 1 partial; missing hosts are not reported without --expected\n")
    }

    /// A pipe as the help recommends: the snapshot is complete only after the command was started.
    @Test func aSnapshotThatTakesItsTime() throws {
        let result = try run(
            "bash",
            [
                "-c",
                """
                (sleep 3; "$census" snap -o - --host-id h) 2>/dev/null | "$census" ingest --quiet -
                "$census" coverage --format csv
                """,
            ], in: directory.path, environment: ["census": TestSupport.census])
        #expect(!result.output.contains("clock"))
    }

    // MARK: diff

    /// Two dates between which the host was not examined: whether it changed is unknown.
    @Test(arguments: Engine.allCases)
    func oneExecutionIsNotComparedWithItself(engine: Engine) throws {
        let database = try engine.emptyDatabase(in: directory)
        try directory.write(snapshot(1) + snapshot(2, day: 2), to: "1.jsonl")
        #expect(try census("ingest", "--quiet", "--db", database.name, "1.jsonl").status == 0)
        for arguments in [
            ["--from", "2026-11-03", "--to", "2026-11-05"], ["--from", "2"],
            ["--from", "2", "--to", "2"], ["--against", "web-01"],
        ] {
            expect(
                try run(
                    TestSupport.census,
                    ["diff", "--host", "web-01", "--db", database.name] + arguments,
                    in: directory.path), 2, "",
                "census: both select execution 2 of web-01 (192.0.2.10), dated 2026-11-02 00:00:00: "
                    + "nothing was compared\n")
        }
    }

    @Test(arguments: Engine.allCases)
    func nothingToCompare(engine: Engine) throws {
        let database = try engine.emptyDatabase(in: directory)
        expect(
            try census("diff", "--db", database.name), 2, "",
            "census: the database contains no hosts: nothing was compared\n")
        try directory.write(snapshot(1), to: "1.jsonl")
        #expect(try census("ingest", "--quiet", "--db", database.name, "1.jsonl").status == 0)
        expect(
            try census("diff", "--db", database.name), 2, "",
            "census: no host could be compared: 1 host, 1 with nothing to compare with\n")
        // All comparable facts of the second are unknown.
        try directory.write(
            snapshot(2, day: 2, collection: #""session_source":"none""#), to: "2.jsonl")
        #expect(try census("ingest", "--quiet", "--db", database.name, "2.jsonl").status == 0)
        expect(
            try census("diff", "--db", database.name), 2, "",
            "census: no host could be compared: 1 host, 1 with incomplete data\n")
        expect(
            try census("diff", "--host", "web-01", "--db", database.name, "--format", "csv"), 2,
            "Change,What,Name,Owner,From,To,PIDs_gone,PIDs_new\r\n",
            "web-01 (192.0.2.10) 2026-11-01 00:00:00 > web-01 (192.0.2.10) 2026-11-02 00:00:00: "
                + "0 differences\n"
                + "users are not compared: they are unknown in one of the executions\n"
                + "processes are not compared: they are unknown in one of the executions\n")
    }

    @Test func whatIsKnownToBeTheSame() throws {
        let process = #"{"record":"process","pid":1,"name":"systemd"}"#
        let utmp = #""session_source":"utmp","processes_hidden":false"#
        for day in 1...2 {
            try directory.write(
                snapshot(day, day: day, collection: utmp, processes: [process]), to: "\(day).jsonl")
        }
        #expect(try census("ingest", "--quiet", "1.jsonl", "2.jsonl").status == 0)
        expect(try census("diff"), 0, "Empty set\n", "0 hosts of 1 changed\n")
        #expect(try census("diff", "--host", "web-01").status == 0)
        // The users are unknown.
        try directory.write(
            snapshot(
                3, day: 3, collection: #""session_source":"none","processes_hidden":false"#,
                processes: [process]), to: "3.jsonl")
        #expect(try census("ingest", "--quiet", "3.jsonl").status == 0)
        expect(
            try census("diff"), 0, "Empty set\n",
            "0 hosts of 1 changed, 1 with incomplete data\n")
        let one = try census("diff", "--host", "web-01")
        #expect((one.status, one.output) == (2, "Empty set\n"))
        #expect(
            one.error.hasSuffix(
                "users are not compared: they are unknown in one of the executions\n"))
    }

    /// Findings about some hosts, and about entries of the list that a pattern matches.
    @Test func coverageOfSomeHosts() throws {
        for (number, name) in ["web-01", "web-02", "db-01"].enumerated() {
            let text = SnapshotText(id: uuid(number + 1), hostID: name, hostname: name)
            try directory.write(text.bytes, to: "stick/\(number).jsonl")
        }
        try directory.write(Array("web-01\nweb-09\ndb-09\n".utf8), to: "hosts")
        _ = try census("ingest", "--quiet", "stick")
        func findings(_ patterns: String...) throws -> (Int32, [String], String) {
            let result = try run(
                TestSupport.census,
                ["coverage", "--expected", "hosts", "--format", "jsonl"]
                    + patterns.flatMap { ["--host", $0] }, in: directory.path)
            let names = try run(
                "jq", ["-r", "\"\\(.Finding) \\(.Host)\""], input: result.outputBytes)
            return (
                result.status, names.output.split(separator: "\n").map(String.init), result.error
            )
        }
        #expect(
            try findings("WEB-*") == (
                1, ["missing web-09", "unexpected web-02"],
                "WEB-*: 2 hosts seen, 2 expected; 1 missing; 1 unexpected\n"
            ))
        #expect(
            try findings("web-01") == (
                0, [], "web-01: 1 host seen, 1 expected; no findings\n"
            ))
        #expect(try findings("web-09", "db-01").1 == ["missing web-09", "unexpected db-01"])
        #expect(try findings("none").0 == 2)
    }
}
