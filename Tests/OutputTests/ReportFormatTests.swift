import DatabaseSupport
import Evidence
import Foundation
import Output
import TestSupport
import Testing

/// The formats, over names that somebody on an audited host chose.
@Suite struct ReportFormatTests {
    private func reports(_ engine: Engine, _ names: [String]) throws -> TestDatabase {
        let test = try TestDatabase(engine)
        let json = try names.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        let file = SnapshotText(
            processes: json.enumerated().map {
                #"{"record":"process","pid":\#($0 + 1),"name":\#($1)}"#
            })
        #expect(try test.ingest(("a.jsonl", file.bytes)).rejections == [])
        return test
    }

    /// The cell that each name makes, from the last column.
    private func cells(
        _ engine: Engine, _ names: [String], _ format: RowFormat
    ) throws -> String {
        try reports(engine, names).report(3, format)
    }

    @Test(arguments: Engine.allCases) func table(_ engine: Engine) throws {
        let names = [
            "plain", "tab\there", "\u{1B}[2Jgone", "日本", "e\u{301}", "evil\u{202E}txt.exe", "a|b\n",
            "NULL",
        ]
        #expect(
            try cells(engine, names, .table) == """
                +-----------+---------------------+---------------------+
                | Server_ID | Exec_date           | Procesos Ejecutando |
                +-----------+---------------------+---------------------+
                |         1 | 2026-11-23 05:13:11 | plain               |
                |         1 | 2026-11-23 05:13:11 | tab\\there           |
                |         1 | 2026-11-23 05:13:11 | \\x1B[2Jgone         |
                |         1 | 2026-11-23 05:13:11 | 日本                |
                |         1 | 2026-11-23 05:13:11 | e\u{301}                   |
                |         1 | 2026-11-23 05:13:11 | evil\\u202Etxt.exe   |
                |         1 | 2026-11-23 05:13:11 | a|b\\n               |
                |         1 | 2026-11-23 05:13:11 | NULL                |
                +-----------+---------------------+---------------------+
                8 rows in set

                """)
    }

    @Test(arguments: Engine.allCases) func tableOfNothing(_ engine: Engine) throws {
        #expect(try TestDatabase(engine).report(1, .table) == "Empty set\n")
        #expect(
            try TestDatabase(engine).report(1, .csv) == "Server_ID,IP,Exec_date,Users\r\n")
        #expect(try TestDatabase(engine).report(1, .json) == "[]\n")
    }

    @Test(arguments: Engine.allCases) func tableWithALimit(_ engine: Engine) throws {
        let test = try reports(engine, ["a", "b", "a longer name than is shown", "c"])
        #expect(
            try test.report(3, .table, limit: 2) == """
                +-----------+---------------------+---------------------+
                | Server_ID | Exec_date           | Procesos Ejecutando |
                +-----------+---------------------+---------------------+
                |         1 | 2026-11-23 05:13:11 | a                   |
                |         1 | 2026-11-23 05:13:11 | b                   |
                +-----------+---------------------+---------------------+
                4 rows in set, the first 2 shown and 2 more (--limit all shows them)

                """)
        #expect(try test.report(3, .table, limit: 4).hasSuffix("\n4 rows in set\n"))
        #expect(
            try test.report(3, .table, limit: 0)
                == "4 rows in set, the first 0 shown and 4 more (--limit all shows them)\n")
        #expect(try test.report(2, .table).hasSuffix("\n1 row in set\n"))
    }

    @Test(
        arguments: Engine.allCases,
        [
            ("plain", "plain"), ("", "\"\""), ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""), ("cr\rhere", "\"cr\rhere\""),
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@sum", "'@sum"),
            ("\tx", "'\tx"), ("\nx", "\"'\nx\""), ("＝1", "'＝1"), ("＠x", "'＠x"), ("｀x", "｀x"),
            ("\rx", "\"'\rx\""), ("=a,b", "\"'=a,b\""), ("a=b", "a=b"),
            ("'=1+1", "''=1+1"), ("''@x", "'''@x"), ("'", "'"), ("''", "''"), ("'＝1", "''＝1"),
            ("'\nx", "\"''\nx\""), ("'quoted", "'quoted"),
            ("'; DROP TABLE USERS; --", "'; DROP TABLE USERS; --"),
            ("naïve 日本", "naïve 日本"),
        ])
    func csv(_ engine: Engine, _ example: (name: String, field: String)) throws {
        #expect(
            Array(try cells(engine, [example.name], .csv).utf8)
                == Array(
                    "Server_ID,Exec_date,Procesos Ejecutando\r\n1,2026-11-23 05:13:11,\(example.field)\r\n"
                        .utf8))
    }

    @Test(arguments: Engine.allCases) func aSpreadsheetReadsTheCSV(_ engine: Engine) throws {
        let names = ["a,b", "\"", "line\nbreak", "=cmd|'/c calc'!A0", "日本", " lead", "x\r\ny"]
        let test = try reports(engine, names)
        try test.directory.write(Array(try test.report(3, .csv).utf8), to: "t.csv")
        let script = """
            import csv, json
            rows = list(csv.reader(open('t.csv', newline='', encoding='utf-8'), strict=True))
            print(json.dumps([row[2] for row in rows]))
            """
        let result = try run("python3", ["-c", script], in: test.directory.path)
        #expect(result.error == "")
        let cells = try JSONDecoder().decode([String].self, from: Data(result.outputBytes))
        #expect(
            cells == ["Procesos Ejecutando"]
                + names.map { $0.hasPrefix("=") ? "'" + $0 : $0 })
    }

    @Test(arguments: Engine.allCases) func jsonIsExact(_ engine: Engine) throws {
        let names = [
            "\u{1B}]0;x\u{7}", "\"\\/\u{8}", "\u{202E}", "日本", "\u{7F}", "=1+1", "e\u{301}",
        ]
        struct Row: Decodable {
            var server: Int
            var name: String
            enum CodingKeys: String, CodingKey {
                case server = "Server_ID"
                case name = "Procesos Ejecutando"
            }
        }
        let json = try cells(engine, names, .json)
        let rows = try JSONDecoder().decode([Row].self, from: Data(json.utf8))
        #expect(rows.map { Array($0.name.utf8) } == names.map { Array($0.utf8) })
        #expect(rows.allSatisfy { $0.server == 1 })
        #expect(
            try cells(engine, ["x"], .json) == """
                [
                {"Server_ID": 1, "Exec_date": "2026-11-23 05:13:11", "Procesos Ejecutando": "x"}
                ]

                """)
    }
}

/// The titles and columns in the heads of the report files.
@Suite struct ReportTests {
    @Test func theHeadOfAFile() throws {
        #expect(Report.usual.map(\.word) == ["1", "2", "3", "4", "5"])
        #expect(Report.all.prefix(5).map(\.isUsual) == Array(repeating: true, count: 5))
        #expect(Set(Report.all.map(\.word)).count == Report.all.count)
        let packages = try #require(Report.all.first { $0.word == "package-versions" })
        #expect(packages.name == "package_versions")
        #expect(packages.heading == "How many servers have which version of each package")
        #expect(packages.columns == ["Type", "Package", "Version", "Arch", "Servers"])
        let second = try #require(Report.all.dropFirst().first)
        #expect(second.name == "test_2")
        #expect(second.title == "Operating system and processor of each server")
        #expect(second.columns == ["IP", "OS_Name", "Brand"])
        #expect(second.heading == "Test 2: Operating system and processor of each server")
    }
}
