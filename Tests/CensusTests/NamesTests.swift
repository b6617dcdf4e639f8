import Foundation
import SystemPackage
import TestSupport
import Testing

/// Malicious names.
@Suite struct NamesTests {
    static let names = [
        "'; DROP TABLE Servers; --", "\u{1B}[31m\u{1B}]0;owned\u{7}", "\u{202E}txt.exe\u{2066}",
        "=HYPERLINK(\"http://x\",\"y\")", "+1", "-2+3", "@SUM(A1)", "＝1", "a,b;c\td", "say \"hi\"",
        "two\nlines\r\nthree", "<script>alert(1)</script>", "| a | b |", "\u{85}\u{2028}x", "%s%n",
        "\\", "'", "NULL", "e\u{301}é", "\u{200B}", " lead and trail ", "日本😀", "\u{FFFD}",
    ]

    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for (index, name) in Self.names.enumerated() {
            var json = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
            json = String(json.dropFirst().dropLast())
            let text = SnapshotText(
                id: "00000000-0000-4000-8000-0000000000\(10 + index)", hostID: json,
                hostname: json, ip: json,
                processes: [
                    #"{"record":"process","pid":1,"name":"\#(json)","uid":1,"user":"\#(json)"}"#
                ], users: [#"{"record":"user","user":"\#(json)"}"#])
            try directory.write(text.bytes, to: "stick/\(10 + index).jsonl")
        }
        let ingest = try run(census, ["ingest", "--quiet", "stick"], in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
    }

    private func bytes(_ texts: [String]) -> Set<[UInt8]> { Set(texts.map { Array($0.utf8) }) }

    @Test func areExactInTheDatabase() throws {
        for column in [
            "Host_ID FROM Servers", "Hostname FROM Servers", "IP FROM Servers",
            "IP FROM Executions", "Process_Name FROM Processes", "User_Name FROM USERS",
        ] {
            let result = try run(
                "sqlite3",
                [
                    "census.sqlite",
                    "SELECT hex(\(column.replacing(" ", with: ") ", maxReplacements: 1))",
                ],
                in: directory.path)
            let hex = result.output.split(separator: "\n").map(String.init)
            #expect(
                Set(hex)
                    == Set(Self.names.map { $0.utf8.map { String(format: "%02X", $0) }.joined() }),
                "\(column)")
        }
    }

    /// Column of a report that holds names: the address and who was logged in, or the process.
    private static let columns = [
        (1, "IP"), (1, "Users"), (2, "IP"), (3, "Procesos Ejecutando"), (4, "IP"), (5, "IP"),
    ]

    @Test(arguments: columns) func areExactInJSON(_ report: Int, _ column: String) throws {
        let json = try run(
            "bash",
            [
                "-c",
                #""$census" report \#(report) --format json | jq '.test_\#(report) | map(."\#(column)")'"#,
            ],
            in: directory.path, environment: ["census": census])
        let texts = try JSONDecoder().decode([String].self, from: Data(json.outputBytes))
        #expect(bytes(texts) == bytes(Self.names))
    }

    /// To a spreadsheet the names are those names, with an apostrophe before what would be a formula.
    @Test(arguments: columns) func areTextsInCSV(_ report: Int, _ column: String) throws {
        let csv = try run(census, ["report", "\(report)", "--format", "csv"], in: directory.path)
        try directory.write(csv.outputBytes, to: "t.csv")
        let script = """
            import csv, json, sys
            rows = list(csv.DictReader(open('t.csv', newline='', encoding='utf-8'), strict=True))
            print(json.dumps([row[sys.argv[1]] for row in rows]))
            """
        let result = try run("python3", ["-c", script, column], in: directory.path)
        let texts = try JSONDecoder().decode([String].self, from: Data(result.outputBytes))
        #expect(bytes(texts) == bytes(Self.names.map { Self.isFormula($0) ? "'" + $0 : $0 }))
    }

    private static func isFormula(_ name: String) -> Bool {
        name.contains(/^[=+\-@＝]/)
    }

    /// On a terminal a name has one line and no control characters.
    @Test func areVisibleInTables() throws {
        let tables = try run(census, ["report"], in: directory.path)
        let texts = tables.output.unicodeScalars
        #expect(
            texts.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control: scalar == "\n"
                case .format, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            })
        for shown in [
            "'; DROP TABLE Servers; --", #"\x1B[31m\x1B]0;owned\x07"#, #"\u202Etxt.exe\u2066"#,
            #"two\nlines\r\nthree"#, #"\x85\u2028x"#, "<script>alert(1)</script>", #"\u200B"#,
        ] { #expect(tables.output.contains(" \(shown) "), "\(shown)") }
        // Each row of each table is as wide as its rule.
        for table in tables.output.split(separator: "Test ") {
            let lines = table.split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(lines.count == Self.names.count + 1)
        }
    }
}
