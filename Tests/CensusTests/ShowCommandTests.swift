import SystemPackage
import TestSupport
import Testing

/// `census show`.
@Suite struct ShowCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func fill(_ database: String) throws {
        func snapshot(_ number: Int, _ hostname: String, _ lines: [String]) -> SnapshotText {
            SnapshotText(
                id: uuid(number), takenAt: "2026-0\(number)-01T00:00:00Z", hostID: "h-1",
                hostname: hostname, ip: "192.0.2.1", processes: lines)
        }
        let daemons = (1...30).map { process($0, "daemon-\($0)", #","user":"root""#) }
        let packages = [package("bash", "5.2"), package("zlib", "1.3")]
        let accounts = [
            #"{"record":"account","username":"ana","uid":1000,"is_enabled":true,"password_status":"set"}"#,
            #"{"record":"account","username":"bob","uid":1001}"#,
        ]
        let port =
            #"{"record":"listening_port","port":22,"protocol":"tcp","family":"ipv6","address":"::","process":"sshd"}"#
        try directory.write(snapshot(1, "old-name", daemons + packages).bytes, to: "1.jsonl")
        try directory.write(
            snapshot(
                2, "web-01",
                daemons + [
                    process(666, "xmrig", #","user":"www""#),
                    process(667, "xmrig", #","user":"www""#),
                ]
                    + packages + accounts + [port]
            ).bytes, to: "2.jsonl")
        try directory.write(
            SnapshotText(id: uuid(3), hostID: "h-2", hostname: "web-01", ip: "192.0.2.2").bytes,
            to: "3.jsonl")
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", database, "."], in: directory.path)
        try #require((ingest.status, ingest.error) == (0, ""))
    }

    @Test(arguments: Engine.allCases) func aPage(_ engine: Engine) throws {
        let database = try engine.database()
        try fill(database.name)
        var arguments = ["show", "h-1", "--db", database.name]
        #if Rules
            try directory.write(
                """
                rules:
                - {id: miners, severity: high, sentence: None., forbidden-processes: 'xmrig*'}
                - {id: others, severity: low, sentence: None., hosts: 'db-*', forbidden-processes: x}
                """.utf8, to: "rules.yaml")
            arguments += ["--rules", "rules.yaml"]
        #endif
        let page = try run(census, arguments, in: directory.path)
        #expect((page.status, page.error) == (0, ""))
        let lines = page.output.split(separator: "\n").map(String.init)
        #expect(lines[0] == "census show: web-01 (192.0.2.1)")
        let digest = try run("sha256sum", ["2.jsonl"], in: directory.path).output.prefix(64)
        for line in [
            "Identity", "  Server_ID      1", "  Host id        h-1",
            "  Earlier names  old-name", "  System         Debian GNU/Linux 12",
            "  Processor      Intel(R) N100",
            "Evidence: 2 executions, 2026-01-01 00:00:00 to 2026-02-01 00:00:00",
            "  2026-02-01 00:00:00  execution 2  \(digest)  unsigned  ./2.jsonl  ",
            "Processes: 32", "  2  xmrig      www", "  1  daemon-1   root",
            "  … and 11 more (see --limit; census report 3 --latest --host 1)",
            "Packages: 2", "  deb  2", "Accounts: 2",
            "  ana  uid 1000  enabled  password set  ∅",
            "  bob  uid 1001  ∅        ∅             ∅",
            "Listeners: 1", "  tcp  [::]:22  sshd",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(
            lines.contains { $0.hasPrefix("Changes since 2026-01-01 00:00:00: 2; not compared: ") })
        #expect(
            lines.contains {
                $0.hasPrefix("  changed   hostname") && $0.hasSuffix("old-name > web-01")
            })
        #expect(
            lines.contains {
                $0.hasPrefix("  appeared  process   xmrig (www)") && $0.hasSuffix("0 > 2")
            })
        #if Rules
            #expect(
                lines.contains("Rules of rules.yaml: 1 for this host, 2 violated, 0 not checked"))
            #expect(
                lines.contains("  violated  high  miners  xmrig (PID 666, owner www)"))
        #endif
        let whole = try run(census, arguments + ["--limit", "100"], in: directory.path)
        #expect(whole.output.contains("daemon-30") && !whole.output.contains("more (see"))
    }

    /// What is not known looks like no name, also beside others.
    @Test func unknownValues() throws {
        for (number, kernel) in [(1, "null"), (2, #""6.1""#), (3, #""∅""#)] {
            var text = SnapshotText(
                id: uuid(number), takenAt: "2026-0\(number)-01T00:00:00Z", hostID: "h",
                hostname: "∅", ip: "192.0.2.1")
            text.lines[1].replace(#""hostname""#, with: #""kernel":\#(kernel),"hostname""#)
            text.lines.insert(
                #"{"record":"collection","euid":0,"unreadable":["a; b: x","c: y"]}"#, at: 4)
            try directory.write(text.bytes, to: "\(number).jsonl")
            let ingest = try run(
                census, ["ingest", "--quiet", "\(number).jsonl"], in: directory.path)
            try #require(ingest.status == 0, "\(ingest.error)")
            let sheet = try run(census, ["show", "h"], in: directory.path)
            let lines = sheet.output.split(separator: "\n")
            #expect(lines.first == #"census show: \u2205 (192.0.2.1)"#)
            #expect(lines.contains { $0.hasSuffix("  could not read a; b: x, c: y") })
            let changes = lines.filter { $0.hasPrefix("  changed") }.map {
                $0.split(separator: " ").joined(separator: " ")
            }
            // What was unknown has not changed.
            #expect(
                changes == (number < 3 ? [] : [#"changed kernel 6.1 > \u2205"#]),
                "\(sheet.output)")
        }
    }

    @Test(arguments: Engine.allCases) func whichHost(_ engine: Engine) throws {
        let database = try engine.database()
        try fill(database.name)
        func show(_ host: String) throws -> RunResult {
            try run(census, ["show", host, "--db", database.name], in: directory.path)
        }
        for name in ["1", "h-1", "H-1", "192.0.2.1", "old-name", "Old-Name"] {
            #expect(try show(name).output.hasPrefix("census show: web-01 (192.0.2.1)\n"), "\(name)")
        }
        for (name, error) in [
            (
                "web-01",
                "web-01 is ambiguous: it matches the Server_IDs 1 (h-1), 2 (h-2): give one of these"
            ),
            ("wbe-01", "no host matches wbe-01 (see census list hosts). Did you mean 'web-01'?"),
            ("web-*", "no host matches web-* (see census list hosts)"),
            ("9", "no host matches 9 (see census list hosts)"),
        ] {
            let result = try show(name)
            #expect((result.status, result.output) == (1, ""))
            #expect(result.error.hasPrefix("census: \(error)"), "\(result.error)")
        }
    }

    @Test func outputFile() throws {
        try fill("test.sqlite")
        let arguments = ["show", "h-1", "--db", "test.sqlite"]
        for _ in 0..<2 {
            let result = try run(census, arguments + ["-o", "page.txt"], in: directory.path)
            #expect((result.status, result.output, result.error) == (0, "", ""))
        }
        #expect(
            try directory.read("page.txt")
                == run(census, arguments, in: directory.path).outputBytes)
        // The beginning of ssh_config(5).
        try directory.write("Host web-01\n".utf8, to: "config")
        let refused = try run(census, arguments + ["-o", "config"], in: directory.path)
        #expect(refused.status == 1)
        #expect(try directory.read("config") == Array("Host web-01\n".utf8))
    }
}
