import SystemPackage
import TestSupport
import Testing

/// Findings in a fleet: exactly the planted ones are found, on SQLite and on a server.
@Suite struct PlantedFleetTests {
    private static let fleet = try! LoadedFleet()

    /// Runs a command on each engine.
    /// - Returns: the output, which must be the same on each engine.
    private func census(_ arguments: String...) throws -> RunResult {
        try Self.fleet.census(arguments)
    }

    /// The lines of CSV behind the header.
    private func rows(_ result: RunResult) -> [String] {
        result.output.split(separator: "\r\n").dropFirst().map(String.init)
    }

    // MARK: diff

    @Test func whatChangedOnEachHost() throws {
        let result = try census("diff", "--format", "csv")
        #expect(result.status == 1)
        func line(_ host: Int, _ ip: String, to: String = "2026-10-15", _ counts: String) -> String
        {
            "\(host + 1),\(PlantedFleet.name(host)),\(ip),2026-09-15 06:00:00,\(to) 06:00:00,\(counts)"
        }
        #expect(
            rows(result) == [
                "121,copy,10.9.9.9,2026-09-15 06:00:00,2026-10-15 06:00:00,2,0,0,0,0,2",
                line(17, "10.0.0.17", "1,1,0,0,0,0"), line(42, "10.0.0.42", "1,0,0,0,1,0"),
                line(77, "10.0.0.77", "1,0,0,0,0,1"), line(88, "172.16.0.9", "1,0,0,0,0,1"),
                line(23, "10.0.0.23", "0,0,0,1,0,0"),
            ])
        #expect(
            result.error == """
                1 execution dated after the file was loaded; such executions are compared only with each other (see census coverage)
                6 hosts of 200 changed

                """)
    }

    @Test(arguments: [
        (PlantedFleet.Plant.miner, "appeared,process,xmrig,www-data,0,2,,666 667"),
        (PlantedFleet.Plant.restarted, "restarted,process,daemon-4,root,1,1,40,4711"),
        (PlantedFleet.Plant.stranger, "appeared,user,mallory,,,,,"),
        (PlantedFleet.Plant.newKernel, "changed,kernel,,,6.1.0-1,6.1.0-2,,"),
        (PlantedFleet.Plant.moved, "changed,ip,,,10.0.0.88,172.16.0.9,,"),
    ])
    func whatChangedOnOneHost(_ host: Int, _ row: String) throws {
        let name = PlantedFleet.name(host)
        let result = try census("diff", "--host", name, "--format", "csv")
        #expect((result.status, rows(result)) == (1, [row]))
        // By its id too, from a day, and from an execution; the other way round it is gone again.
        let dated = try census(
            "diff", "--host", "id-\(host)", "--from", "2026-03-15", "--to", "2026-12-01T00:00",
            "--format", "csv")
        #expect(rows(dated) == [row])
        let before = try census("diff", "--host", name, "--to", "2026-10-14", "--format", "csv")
        #expect((before.status, rows(before)) == (0, []))
        let json = try census("diff", "--host", name, "--format", "json")
        #expect(json.output.contains(#"{"Change": ""#) && json.status == 1)
    }

    @Test func executionsMayBeNamedByTheirIDs() throws {
        let host = PlantedFleet.Plant.miner
        let name = PlantedFleet.name(host)
        let last = host * 10 + 10  // ids are given in the order of the files
        let result = try census(
            "diff", "--host", name, "--from", "\(last)", "--to", "\(last - 1)", "--format", "csv")
        #expect(rows(result) == ["gone,process,xmrig,www-data,2,0,666 667,"])
        let other = try census("diff", "--host", "web-1000", "--from", "\(last)")
        #expect(other.status == 2)
        #expect(
            other.error == "census: execution \(last) is not an execution of web-1000 (10.0.0.0)\n")
        let none = try census("diff", "--host", "web-1000", "--from", "99999")
        #expect(
            (none.status, none.error) == (
                2, "census: there is no execution 99999 (see census list executions)\n"
            ))
    }

    @Test func twoHosts() throws {
        let result = try census(
            "diff", "--host", "web-1000", "--against", PlantedFleet.name(PlantedFleet.Plant.miner),
            "--format", "csv")
        #expect(
            rows(result) == [
                "changed,hostname,,,web-1000,web-1017,,", "changed,ip,,,10.0.0.0,10.0.0.17,,",
                "appeared,process,xmrig,www-data,0,2,,",
            ])
    }

    @Test(arguments: [
        (["diff", "--host", "nobody"], "census: no host matches nobody (see census list hosts)\n"),
        (
            ["diff", "--host", PlantedFleet.name(PlantedFleet.Plant.twins.0)],
            "census: web-1121 is ambiguous: it matches the Server_IDs 122 (id-121), 123 (id-122): give one of these\n"
        ),
        (
            ["diff", "--host", "web-1000", "--from", "2020-01-01"],
            "census: web-1000 (10.0.0.0) has no execution up to 2020-01-01 23:59:59\n"
        ),
        (
            ["diff", "--host", "web-1000", "--to", "2026-01-20"],
            "census: web-1000 (10.0.0.0) has no execution before that of 2026-01-15 06:00:00\n"
        ),
    ])
    func whatCannotBeCompared(_ arguments: [String], _ error: String) throws {
        let result = try run(
            TestSupport.census, arguments + ["--db", "fleet.sqlite"], in: Self.fleet.path)
        #expect((result.status, result.output, result.error) == (2, "", error))
    }

    // MARK: coverage

    @Test func whatStandsOut() throws {
        let result = try census(
            "coverage", "--expected", "hosts.csv", "--max-age", "60d", "--as-of", "2026-11-01",
            "--format", "csv")
        #expect(result.status == 1)
        let last = "2026-10-15 06:00:00"
        #expect(
            rows(result) == [
                "missing,,web-1122,,,expected but never seen",
                "missing,,ghost-1,,,expected but never seen",
                "missing,,ghost-2,,,expected but never seen",
                "unexpected,161,web-1160,10.0.1.60,\(last),seen but not expected",
                "ambiguous,,web-1121,,,\"matches 2 servers: 122 (id-121), 123 (id-122)\"",
                "stale,101,web-1100,10.0.1.0,2026-07-15 06:00:00,not seen since 2026-09-02 23:59:59",
                "several_ids,122,web-1121,10.0.1.21,\(last),"
                    + "\"2 servers have this name: 122 (id-121), 123 (id-122)\"",
                "shared_id,121,copy,10.9.9.9,\(last),"
                    + "\"web-1120 10.0.1.20 on 2026-01-15 06:00:00, copy 10.9.9.9 on 2026-02-15 06:00:00, "
                    + "web-1120 10.0.1.20 on 2026-03-15 06:00:00\"",
                "clock,131,web-1130,10.0.1.30,\(last),"
                    + "\"taken at \(last), before the host booted at 2030-03-17 17:46:40\"",
            ] + clockOfTheFuture(result) + [
                "partial,141,web-1140,10.0.1.40,\(last),not run as root",
                "partial,142,web-1141,10.0.1.41,\(last),some processes hidden",
            ])
        #expect(
            result.error
                == "200 hosts seen, 201 expected; 3 missing; 1 unexpected; 1 ambiguous; 1 stale; "
                + "1 several_ids; 1 shared_id; 2 clock; 2 partial\n")
    }

    /// The one line with the time at which the file was loaded.
    private func clockOfTheFuture(_ result: RunResult) -> [String] {
        let lines = rows(result).filter {
            $0.hasPrefix(
                "clock,132,web-1131,10.0.1.31,2026-09-15 06:00:00,"
                    + "\"taken at 2106-01-01 00:00:00, after it was loaded at ")
        }
        #expect(lines.count == 1)
        return lines
    }

    @Test func nothingStandsOutAfterAll() throws {
        let directory = try TemporaryDirectory()
        let text = SnapshotText(users: [#"{"record":"user","user":"anna"}"#])
        try directory.write(text.bytes, to: "a.jsonl")
        try directory.write("WEB-01.example.org\n\n".utf8, to: "hosts.txt")
        let result = try run(
            "bash",
            ["-c", #""$census" ingest --quiet a.jsonl; "$census" coverage --expected hosts.txt"#],
            in: directory.path, environment: ["census": TestSupport.census])
        #expect(
            (result.status, result.output, result.error)
                == (0, "Empty set\n", "1 host seen, 1 expected; no findings\n"))
    }

    // MARK: Reports of a part

    @Test func reportsOfAPart() throws {
        func lines(_ arguments: String...) throws -> [String] {
            let results = try Self.fleet.databases.map {
                try run(
                    TestSupport.census, ["report", "--format", "csv", "--db", $0] + arguments,
                    in: Self.fleet.path)
            }
            #expect(results.allSatisfy { $0.output == results[0].output && $0.error == "" })
            return rows(results[0])
        }
        #expect(try lines("4").count == 1997)
        #expect(try lines("4", "--latest").count == 200)
        #expect(try lines("4", "--since", "2026-10-15").count == 199)
        #expect(try lines("4", "--until", "2026-01-15").count == 200)
        #expect(
            try lines("4", "--since", "2026-02-01", "--until", "2026-03-31", "--host", "web-100?")
                .count == 20)
        #expect(
            try lines("1", "--host", "web-1042", "--latest") == [
                "43,10.0.0.42,2026-10-15 06:00:00,anna", "43,10.0.0.42,2026-10-15 06:00:00,mallory",
            ])
        #expect(try lines("3", "--host", "10.0.0.17", "--latest").count == 14)
        #expect(try lines("5", "--host", "id-17", "--since", "2026-10-01").count == 1)
        // A server is as it was seen last in the part.
        #expect(try lines("2", "--host", "web-1088")[0].hasPrefix("172.16.0.9,"))
        #expect(
            try lines("2", "--host", "web-1088", "--until", "2026-09-30")[0]
                .hasPrefix("10.0.0.88,"))
        #expect(try lines("2", "--since", "2026-10-15").count == 199)
        let none = try run(
            TestSupport.census, ["report", "--host", "nobody*", "--db", "fleet.sqlite"],
            in: Self.fleet.path)
        #expect(
            (none.status, none.error) == (
                1, "census: no host matches nobody* (see census list hosts)\n"
            ))
    }

    /// A page is of the part as well: its tables, its pictures, and what changed.
    @Test func aPageOfAPart() throws {
        for database in Self.fleet.databases {
            func page(_ arguments: String...) throws -> String {
                let directory = try TemporaryDirectory()
                let result = try run(
                    TestSupport.census,
                    [
                        "report", "--format", "html", "--db", database, "-o",
                        directory.path.appending("page.html").string,
                    ] + arguments, in: Self.fleet.path)
                #expect(result.status == 0)
                return String(decoding: try directory.read("page.html"), as: UTF8.self)
            }
            let one = try page("--host", "web-1017")
            #expect(one.contains("1 servers, 10 executions") || one.contains("1 server, 10 "))
            // The evidence and the digest are of all that was loaded.
            #expect(one.contains("xmrig") && one.contains("fleet/web-1018.jsonl"))
            #expect(!one.contains(">web-1018<") && !one.contains("10.0.0.18<"))
            #expect(one.contains("processes +1 −0, users 0, facts 0</text>"))
            let before = try page("--host", "web-1017", "--until", "2026-09-30")
            #expect(!before.contains("xmrig"))
            #expect(!before.contains("2026-10-15"))
            #expect(before.contains("No changes between the last two executions of any server."))
        }
    }

    @Test func whatCannotBeCoveredOrRead() throws {
        for (arguments, error) in [
            (["coverage", "--db", "none"], "census: none: No such file or directory\n"),
            (
                ["coverage", "--expected", "none", "--db", "fleet.sqlite"],
                "census: cannot open none: No such file or directory\n"
            ),
            (["diff", "--db", "none"], "census: none: No such file or directory\n"),
        ] {
            let result = try run(TestSupport.census, arguments, in: Self.fleet.path)
            #expect((result.status, result.output, result.error) == (2, "", error))
        }
    }

    @Test(arguments: [
        ["report", "--since", "yesterday"], ["report", "--host", "[a"], ["diff", "--from", "3"],
        ["report", "--since", "2026-02-01", "--until", "2026-01-01"], ["diff", "--against", "x"],
        ["coverage", "--max-age", "x"], ["coverage", "--as-of", "2026-01-01"],
    ])
    func wrongUsage(_ arguments: [String]) throws {
        let result = try run(TestSupport.census, arguments, in: Self.fleet.path)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("census: "))
    }

    /// The same database gives the same bytes, whatever the locale and the time zone.
    @Test func reportsAreReproducible() throws {
        let results = try [
            ["LC_ALL": "C", "TZ": "UTC"], ["LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"],
            ["LANG": "de_DE.UTF-8", "TZ": "America/St_Johns", "COLUMNS": "20"],
        ].map { environment in
            try run(
                "bash",
                [
                    "-c",
                    #"for c in report diff "coverage --max-age 1d --as-of 2026-11-01"; do "$census" $c; done 2>&1"#,
                ],
                in: Self.fleet.path,
                environment: environment.merging(
                    ["census": TestSupport.census, "CENSUS_DB": "fleet.sqlite"]) { $1 })
        }
        #expect(results[0].output.utf8.count > 1_000_000)
        #expect(results.allSatisfy { $0.outputBytes == results[0].outputBytes })
    }
}
