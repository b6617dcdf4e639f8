import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census list`, and what `--host` means to every command.
@Suite struct ListCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Two hosts, of which one was renamed and moved, and a file that was cut off.
    private func fill(_ database: String) throws {
        let files = [
            SnapshotText(
                id: uuid(1), takenAt: "2026-01-01T00:00:00Z", hostID: "h-1", hostname: "old-name",
                ip: "192.0.2.1", users: [login("ana")]),
            SnapshotText(
                id: uuid(2), takenAt: "2026-02-01T00:00:00Z", hostID: "h-1",
                hostname: "web-01.example.org", ip: "192.0.2.2",
                processes: [process(1, "init"), process(2, "sshd")]),
            SnapshotText(
                id: uuid(3), takenAt: "2026-03-01T00:00:00Z", hostID: "h-2", hostname: "db-01",
                ip: "192.0.2.3"),
        ]
        for (index, file) in files.enumerated() {
            try directory.write(file.bytes, to: "stick/\(index + 1).jsonl")
        }
        try directory.write(files[0].bytes.dropLast(20), to: "stick/cut.jsonl")
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", database, "stick"], in: directory.path)
        try #require(ingest.status == 2)
    }

    private func list(_ arguments: [String], _ database: String) throws -> [String] {
        let result = try run(
            census, ["list"] + arguments + ["--format", "csv", "--db", database],
            in: directory.path)
        #expect((result.status, result.error) == (0, ""))
        return result.output.split(separator: "\r\n").map(String.init)
    }

    @Test(arguments: Engine.allCases) func whatIsListed(_ engine: Engine) throws {
        let database = try engine.database()
        try fill(database.name)
        #expect(
            try list(["hosts"], database.name) == [
                "Server_ID,Hostname,IP,Host_ID,Other_names,Other_addresses,System,First_visit,"
                    + "Last_visit,Executions",
                "1,web-01.example.org,192.0.2.2,h-1,old-name,192.0.2.1,Debian GNU/Linux 12,"
                    + "2026-01-01 00:00:00,2026-02-01 00:00:00,2",
                "2,db-01,192.0.2.3,h-2,,,Debian GNU/Linux 12,2026-03-01 00:00:00,"
                    + "2026-03-01 00:00:00,1",
            ])
        #expect(
            try list(["executions"], database.name) == [
                "Execution_ID,Server_ID,Hostname,IP,Exec_date,Processes,Users,Receipt_ID,File,"
                    + "Snapshot_ID",
                "1,1,old-name,192.0.2.1,2026-01-01 00:00:00,1,1,1,stick/1.jsonl,\(uuid(1))",
                "2,1,web-01.example.org,192.0.2.2,2026-02-01 00:00:00,2,0,2,stick/2.jsonl,\(uuid(2))",
                "3,2,db-01,192.0.2.3,2026-03-01 00:00:00,1,0,3,stick/3.jsonl,\(uuid(3))",
            ])
        let evidence = try list(["evidence"], database.name)
        #expect(evidence.count == 5)
        let digest = try run("sha256sum", ["stick/2.jsonl"], in: directory.path).output.prefix(64)
        let size = try contents(of: directory.path.appending("stick/2.jsonl")).count
        #expect(evidence[2].hasPrefix("2,stick/2.jsonl,\(digest),\(size),ingested,20"))
        #expect(evidence[2].contains(",2,1,web-01.example.org,2026-02-01 00:00:00,,"))
        #expect(evidence[4].hasPrefix("4,stick/cut.jsonl,"))
        #expect(evidence[4].contains(",rejected,") && evidence[4].contains("incomplete"))
        // Of a part there is only evidence of that part, and a host as that part saw it.
        #expect(try list(["evidence", "--host", "db-01"], database.name).count == 2)
        #expect(try list(["evidence", "--latest"], database.name).count == 3)
        let january = try list(["hosts", "--until", "2026-01-31"], database.name)
        #expect(january.count == 2)
        #expect(january[1].hasPrefix("1,old-name,192.0.2.1,h-1,,,"))
    }

    @Test func reportsAndRulesNeedNoDatabase() throws {
        let reports = try list(["reports"], "none.sqlite")
        #expect(reports.count == 19)
        #expect(reports[1].hasPrefix("1,User names per server and execution date,"))
        #if Rules
            let rules = try list(
                ["rules", "--rules", fixtures.appending("rules/example.yaml").string],
                "none.sqlite")
            #expect(rules[0] == "Rule,Severity,Requirement,Hosts,Sentence,Controls")
            #expect(rules.count == 13)
            #expect(rules.contains { $0.hasPrefix("remote-access,high,forbidden-processes,,") })
        #endif
        #expect(try directory.names() == [])
    }

    /// A host by any of its names, in each command that has `--host`.
    @Test(arguments: Engine.allCases) func hostsByAnyName(_ engine: Engine) throws {
        let database = try engine.database()
        try fill(database.name)
        for name in [
            "web-01.example.org", "WEB-01.Example.org", "web-01", "old-name", "OLD-*", "h-1", "1",
            "192.0.2.2", "192.0.2.1", "web*", "H-[1]", "*.example.org",
        ] {
            #expect(
                try list(["executions", "--host", name], database.name).count == 3, "\(name)")
            for command in [["report", "4"], ["diff"]] {
                let result = try run(
                    census, command + ["--host", name, "--db", database.name, "--format", "csv"],
                    in: directory.path)
                #expect(result.output.split(separator: "\r\n").count > 1, "\(command) \(name)")
            }
        }
        #expect(try list(["hosts", "--host", "web*", "--host", "2"], database.name).count == 3)
        for (arguments, status) in [(["list", "hosts"], 1), (["report"], 1), (["diff"], 2)] {
            let result = try run(
                census, arguments + ["--host", "old-nmae", "--db", database.name],
                in: directory.path)
            #expect((result.status, result.output) == (Int32(status), ""))
            #expect(
                result.error
                    == "census: no host matches old-nmae (see census list hosts). "
                    + "Did you mean 'old-name'?\n")
        }
        let none = try run(
            census, ["list", "hosts", "--host", "nobody*", "--db", database.name],
            in: directory.path)
        #expect(none.error == "census: no host matches nobody* (see census list hosts)\n")
    }

    @Test func outputFiles() throws {
        try fill("test.sqlite")
        for subject in ["hosts", "executions", "evidence", "reports"] {
            // Its own earlier output is overwritten.
            for _ in 0..<2 {
                let result = try run(
                    census,
                    [
                        "list", subject, "--db", "test.sqlite", "--format", "json", "-o",
                        "\(subject).json",
                    ],
                    in: directory.path)
                #expect((result.status, result.output, result.error) == (0, "", ""))
            }
            let printed = try run(
                census,
                ["list", subject, "--db", "test.sqlite", "--format", "json", "--output", "-"],
                in: directory.path)
            #expect(try directory.read("\(subject).json") == printed.outputBytes)
        }
        let before = try directory.read("test.sqlite")
        for (arguments, reason) in [
            (["hosts", "-o", "test.sqlite", "--force"], "it is the database in use"),
            (["hosts", "-o", "stick/1.jsonl"], "it is not an earlier table of hosts"),
            (["reports", "-o", "hosts.json"], "it is not an earlier table of reports"),
        ] {
            let result = try run(
                census, ["list"] + arguments + ["--db", "test.sqlite"], in: directory.path)
            #expect((result.status, result.output) == (1, ""))
            #expect(result.error.contains(reason), "\(result.error)")
        }
        #expect(try directory.read("test.sqlite") == before)
        let limited = try run(
            census, ["list", "hosts", "--db", "test.sqlite", "--limit", "1", "--format", "json"],
            in: directory.path)
        #expect(limited.error == "hosts: 1 more row (--limit all shows them)\n")
    }

    @Test(arguments: [
        [], ["servers"], ["hosts", "--host", "["], ["hosts", "--host", ""], ["hosts", "-o", ""],
        ["hosts", "--latest", "--all"],
        ["hosts", "--since", "2026-02-01", "--until", "2026-01-01"],
    ])
    func wrongUsage(_ arguments: [String]) throws {
        let result = try run(census, ["list"] + arguments, in: directory.path)
        #expect((result.status, result.output) == (64, ""))
    }

    /// Names that would drive a terminal, break a row or be a formula.
    @Test(arguments: Engine.allCases) func hostileNames(_ engine: Engine) throws {
        let database = try engine.database()
        let name = #"=1+\n\u001b[2J\u202e\""# + String(repeating: "x", count: 300)
        let text = SnapshotText(hostID: #"a\tb"#, hostname: name, ip: #"<b>&"#)
        try directory.write(text.bytes, to: "evil\n=x\u{1B}.jsonl")
        try #require(
            try run(census, ["ingest", "--quiet", "--db", database.name, "."], in: directory.path)
                .status == 0)
        for subject in ["hosts", "executions", "evidence"] {
            let table = try run(
                census, ["list", subject, "--db", database.name], in: directory.path)
            #expect(table.status == 0)
            #expect(table.output.split(separator: "\n").count == 6)
            #expect(!table.output.contains("\u{1B}") && !table.output.contains("\u{202E}"))
            let json = try run(
                census, ["list", subject, "--db", database.name, "--format", "json"],
                in: directory.path)
            let hostname = try run("jq", ["-r", ".[0].Hostname"], input: json.outputBytes).output
            #expect(hostname.hasPrefix("=1+\n\u{1B}[2J\u{202E}\"xxx"))
        }
        let show = try run(census, ["show", "1", "--db", database.name], in: directory.path)
        #expect(show.status == 0)
        #expect(!show.output.contains("\u{1B}") && !show.output.contains("\u{202E}"))
        #expect(show.output.contains(#"=1+\n\x1B[2J\u202E"xxx"#))
    }
}
