import Foundation
import SystemPackage
import TestSupport
import Testing

/// Names that another program made of bytes that are not UTF-8, and that differ only in these.
@Suite struct BadBytesTests {
    let directory: TemporaryDirectory

    /// A lone continuation, an overlong form, a surrogate as of CESU-8, and ends of longer sequences. Each
    /// pair is one text where the bad bytes are replaced.
    private static let processes: [(old: [UInt8], new: [UInt8])] = [
        ([0x41, 0x80, 0x42], [0x41, 0x81, 0x42]), ([0x42, 0xC0, 0xAF], [0x42, 0xC1, 0xAF]),
        ([0x43, 0xED, 0xA0, 0x80, 0x42], [0x43, 0xED, 0xA0, 0x81, 0x42]),
        ([0x44, 0xE2, 0x82], [0x44, 0xE2, 0x83]),
        ([0x45, 0xF0, 0x9F, 0x98], [0x45, 0xF0, 0x9F, 0x99]),
    ]
    private static let users: [[UInt8]] = [[0x75, 0xFE], [0x75, 0xFF]]
    private static let versions: [[UInt8]] = [[0x31, 0x2E, 0xBF], [0x31, 0x2E, 0xBE]]
    private static let hosts: [[UInt8]] = [[0x68, 0xFE], [0x68, 0xFF]]
    private static let processNames = processes.flatMap { [$0.old, $0.new] }

    init() throws {
        directory = try TemporaryDirectory()
        func snapshot(_ number: Int, _ host: String, _ word: String) -> SnapshotText {
            let names = Self.processes.indices.map { process($0 + 1, "\(word)\($0)") }
            return SnapshotText(
                id: uuid(number), takenAt: "2026-0\(number)-01T00:00:00Z", hostID: host,
                hostname: host, ip: "192.0.2.\(host == "x" ? 1 : 2)",
                processes: names + [package("bash", word)], users: [login("user-\(word)")])
        }
        let snapshots = [
            snapshot(1, "x", "old"), snapshot(2, "x", "new"), snapshot(3, "y", "other"),
        ]
        let ingest = try run(
            TestSupport.census, ["ingest", "--quiet", "-"], in: directory.path,
            input: snapshots.flatMap(\.bytes))
        try #require((ingest.status, ingest.error) == (0, ""))
        func text(_ bytes: [UInt8]) -> String {
            "CAST(x'\(bytes.map { String(format: "%02x", $0) }.joined())' AS TEXT)"
        }
        func rename(_ table: String, _ column: String, _ name: String, _ bytes: [UInt8]) -> String {
            "UPDATE \(table) SET \(column) = \(text(bytes)) WHERE \(column) = '\(name)';\n"
        }
        var script = ""
        for (index, name) in Self.processes.enumerated() {
            script += rename("Processes", "Process_Name", "old\(index)", name.old)
            script += rename("Processes", "Process_Name", "new\(index)", name.new)
        }
        for (index, word) in ["old", "new"].enumerated() {
            script += rename("USERS", "User_Name", "user-\(word)", Self.users[index])
            script += rename("Packages", "Version", word, Self.versions[index])
            script += """
                UPDATE Executions SET Hostname = \(text(Self.hosts[index]))
                WHERE Exec_date LIKE '2026-0\(index + 1)%';
                UPDATE Servers SET Hostname = \(text(Self.hosts[1 - index])) WHERE Server_ID = \(index + 1);

                """
        }
        script +=
            "UPDATE Executions SET Hostname = \(text(Self.hosts[0])) WHERE Exec_date LIKE '2026-03%'"
        let altered = try run(
            "sqlite3", ["-bail", "census.sqlite", script], in: directory.path)
        try #require((altered.status, altered.error) == (0, ""))
    }

    private func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    /// `A\x80B`.
    private static func shown(_ name: [UInt8]) -> String {
        name.map { $0 < 0x80 ? String(UnicodeScalar($0)) : String(format: "\\x%02X", $0) }.joined()
    }

    /// `A\uDC80B`.
    private static func json(_ name: [UInt8]) -> String {
        shown(name).replacing(#"\x"#, with: #"\uDC"#)
    }

    /// Expects that an output has all names, in the way of its format.
    private func expect(
        _ names: [[UInt8]], in output: [UInt8], _ format: String,
        _ location: SourceLocation = #_sourceLocation
    ) {
        if format == "csv" {
            for name in names {
                #expect(
                    output.firstRange(of: name) != nil, "\(name)", sourceLocation: location)
            }
            return
        }
        let text = String(decoding: output, as: UTF8.self)
        #expect(!text.contains("\u{FFFD}"), sourceLocation: location)
        #expect(!output.contains(0), sourceLocation: location)
        // Markdown and a script escape the backslash.
        let plain = text.replacing(#"\\"#, with: #"\"#)
        for name in names {
            let isJSON = ["json", "jsonl", "sarif"].contains(format)
            let expected = isJSON ? Self.json(name) : Self.shown(name)
            #expect(plain.contains(expected), "\(format): \(expected)", sourceLocation: location)
        }
    }

    private static let formats = ["table", "vertical", "markdown", "csv", "json", "jsonl"]

    @Test(arguments: formats) func differences(_ format: String) throws {
        let result = try census("diff", "--host", "1", "--format", format)
        #expect(result.status == 1)
        #expect(result.error.contains(#"h\xFF (192.0.2.1) 2026-01-01 00:00:00 > h\xFF"#))
        // 5 processes and a user are gone, others have appeared; a version and the hostname changed.
        #expect(result.error.contains(": 14 differences\n"), "\(result.error)")
        expect(
            Self.processNames + Self.users + Self.versions + Self.hosts, in: result.outputBytes,
            format)
        let fleet = try census("diff", "--format", format)
        expect([Self.hosts[1]], in: fleet.outputBytes, format)
    }

    @Test(arguments: formats) func hostsOfOtherNames(_ format: String) throws {
        // The two hosts have not the same name.
        let coverage = try census("coverage", "--format", "csv")
        #expect(!coverage.output.contains("several_ids"), "\(coverage.output)")
        let stale = try census("coverage", "--max-age", "1d", "--format", format)
        expect(Self.hosts, in: stale.outputBytes, format)
        for list in ["hosts", "executions"] {
            let listed = try census("list", list, "--format", format)
            #expect(listed.status == 0)
            expect(Self.hosts, in: listed.outputBytes, format)
        }
    }

    /// A name can be given as the tables show it.
    @Test func asTablesShowThem() throws {
        for (pattern, ids) in [
            (#"h\xFF"#, "1"), (#"h\xFE"#, "1 2"), (#"H\xfe"#, "1 2"), (#"h\xF*"#, "1 2"),
        ] {
            let hosts = try census("list", "hosts", "--host", pattern, "--format", "csv")
            #expect((hosts.status, hosts.error) == (0, ""))
            let rows = hosts.output.split(separator: "\r\n").dropFirst()
            #expect(rows.map { $0.prefix { $0 != "," } }.joined(separator: " ") == ids)
        }
        #expect(try census("show", #"h\xFF"#).output.contains("Server_ID      1"))
        for name in Self.processNames + Self.users {
            let found = try census("find", Self.shown(name), "--format", "csv")
            #expect(found.status == 0, "\(Self.shown(name)): \(found.error)")
            expect([name], in: found.outputBytes, "csv")
            #expect(found.output.split(separator: "\r\n").count >= 2)
        }
    }

    @Test func aHost() throws {
        let new = Self.processes.map(\.new)
        let sheet = try census("show", "1", "--limit", "all")
        #expect((sheet.status, sheet.error) == (0, ""))
        expect(
            Self.processNames + Self.users + Self.versions + Self.hosts, in: sheet.outputBytes,
            "table")
        let page = try census("show", "1", "--format", "html", "-o", "-")
        #expect(page.status == 0)
        expect(new + [Self.hosts[1], Self.users[1]], in: page.outputBytes, "html")
    }

    @Test func thePage() throws {
        let page = try census("report", "--format", "html", "-o", "-")
        #expect(page.status == 0)
        expect(Self.processNames + Self.users + Self.hosts, in: page.outputBytes, "html")
    }

    #if Rules
        @Test(arguments: formats + ["junit", "sarif"]) func rules(_ format: String) throws {
            let rules = """
                rules:
                - {id: p, severity: high, sentence: None runs., forbidden-processes: '?*'}
                - {id: u, severity: high, sentence: None is here., forbidden-users: 'u?'}
                """
            let result = try run(
                TestSupport.census, ["check", "--rules", "-", "--all", "--format", format],
                in: directory.path, input: Array(rules.utf8))
            #expect(result.status == 1, "\(result.error)")
            expect(
                Self.processNames + Self.users + Self.hosts, in: result.outputBytes, format)
        }
    #endif

    #if Spreadsheet
        @Test func aWorkbook() throws {
            let written = try run(
                "bash", ["-c", #""$census" diff --host 1 --format xlsx >diff.xlsx"#],
                in: directory.path, environment: ["census": TestSupport.census])
            #expect(written.status == 1)
            let cells = try run(
                "/usr/bin/python3",
                [
                    "-c",
                    """
                    import openpyxl
                    for row in openpyxl.load_workbook('diff.xlsx').active.iter_rows(values_only=True):
                        print(*row)
                    """,
                ], in: directory.path)
            #expect(cells.error == "")
            expect(
                Self.processNames + Self.users + Self.versions + Self.hosts,
                in: cells.outputBytes, "xlsx")
        }
    #endif
}
