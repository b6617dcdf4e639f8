#if Spreadsheet
    import Database
    import Foundation
    import Output
    import SystemPackage
    import TestSupport
    import Testing

    @testable import Spreadsheet

    /// Workbooks as Python's openpyxl and LibreOffice read them.
    @Suite struct XLSXTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func write(_ tables: [(name: String, table: RowTable)], maxRows: Int = 9999) throws
        {
            let workbook = try XLSXWorkbook(maxRows: maxRows)
            for (name, table) in tables {
                _ = try table.write(to: workbook, named: name, limit: nil)
            }
            final class Output { var bytes: [UInt8] = [] }
            let output = Output()
            try workbook.finish { output.bytes += $0 }
            try directory.write(output.bytes, to: "t.xlsx")
        }

        /// A sheet: its rows, with the type of each value, what is frozen and what is filtered.
        private struct Sheet: Decodable, Equatable {
            let name: String
            let rows: [[String]]
            let frozen: String
            let filter: String
        }

        private func read() throws -> [Sheet] {
            let script = """
                import json, openpyxl
                def text(value):
                    if value is None: return 'nothing'
                    return type(value).__name__ + ' ' + str(value)
                print(json.dumps([{
                    'name': sheet.title, 'frozen': sheet.freeze_panes, 'filter': sheet.auto_filter.ref,
                    'rows': [[text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)],
                } for sheet in openpyxl.load_workbook('t.xlsx')]))
                """
            let result = try run("/usr/bin/python3", ["-c", script], in: directory.path)
            #expect(result.error == "")
            return try JSONDecoder().decode([Sheet].self, from: Data(result.outputBytes))
        }

        @Test func valuesKeepTheirTypes() throws {
            let table = RowTable(
                ["Server_ID", "Exec_date", "Name"],
                [
                    [.integer(7), .text("2026-11-23 05:13:11"), .text("2026-11-23 05:13:11")],
                    [.null, .null, .null],
                    [.integer(-999_999_999_999_999), .text("1900-02-28 00:00:00"), .text("")],
                    [.integer(.max), .text("2026-02-30 00:00:00"), .text("7")],
                ])
            try write([("test_1", table)])
            #expect(
                try read() == [
                    Sheet(
                        name: "test_1",
                        rows: [
                            ["str Server_ID", "str Exec_date", "str Name"],
                            [
                                "int 7", "datetime 2026-11-23 05:13:11",
                                "str 2026-11-23 05:13:11",
                            ],
                            ["nothing", "nothing", "nothing"],
                            ["int -999999999999999", "str 1900-02-28 00:00:00", "nothing"],
                            ["str 9223372036854775807", "str 2026-02-30 00:00:00", "str 7"],
                        ], frozen: "A2", filter: "A1:C5")
                ])
        }

        @Test func aTableGoesOnInTheNextSheet() throws {
            let numbers = RowTable(["A"], (1...7).map { [.integer($0)] })
            try write([("a", numbers), ("b", RowTable(["B"]))], maxRows: 4)
            func rows(_ title: String, _ numbers: Int...) -> [[String]] {
                [["str \(title)"]] + numbers.map { ["int \($0)"] }
            }
            #expect(
                try read() == [
                    Sheet(name: "a", rows: rows("A", 1, 2, 3), frozen: "A2", filter: "A1:A4"),
                    Sheet(name: "a (2)", rows: rows("A", 4, 5, 6), frozen: "A2", filter: "A1:A4"),
                    Sheet(name: "a (3)", rows: rows("A", 7), frozen: "A2", filter: "A1:A2"),
                    Sheet(name: "b", rows: rows("B"), frozen: "A2", filter: "A1"),
                ])
        }

        private static let names = [
            "00123", "1E10", "=x", "=HYPERLINK(\"http://x\",\"y\")", "+1", "-2+3", "@SUM(A1)", "'a",
            "TRUE", "1/2", "http://x", "a,b;c", "say \"hi\"", "<b>&amp;", "]]>", " lead and trail ",
            "日本😀", "_x0041_", "_x005F_x0041_", "_x_", "__x0041__", "NULL", "∅", "#N/A", "12:30",
        ]

        /// A text is the same text to LibreOffice, which opens the file without a question.
        @Test func textsStayTexts() throws {
            try write([("a", RowTable(["A", "B"], Self.names.map { [.text($0), .integer(1)] }))])
            let result = try run(
                "soffice",
                [
                    "-env:UserInstallation=file://\(directory.path.appending("profile"))",
                    "--headless", "--convert-to",
                    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false", "t.xlsx",
                ], in: directory.path)
            #expect(result.status == 0, "\(result.error)")
            let script = """
                import csv, json
                print(json.dumps(list(csv.reader(open('t.csv', newline='', encoding='utf-8')))))
                """
            let csv = try run("/usr/bin/python3", ["-c", script], in: directory.path)
            let rows = try JSONDecoder().decode([[String]].self, from: Data(csv.outputBytes))
            #expect(rows == [["A", "B"]] + Self.names.map { [$0, "1"] })
        }

        /// As in tables.
        @Test func controlCharactersAreEscaped() throws {
            let names = ["two\nlines\r\n", "\u{1B}[31m\u{7}", "\u{202E}a", "\u{FFFE}", "a\u{0}b"]
            try write([("a", RowTable(["A"], names.map { [.text($0)] }))])
            #expect(
                try read()[0].rows.dropFirst() == [
                    ["str two\\nlines\\r\\n"], ["str \\x1B[31m\\x07"], ["str \\u202Ea"],
                    ["str \\uFFFE"], ["str a\\x00b"],
                ])
        }

        @Test(arguments: ["x", "😀", "_x0041_"]) func longTexts(_ part: String) throws {
            let long = String(repeating: part, count: 40_000)
            let workbook = try XLSXWorkbook()
            let written = try RowTable(["A"], [[.text(long)], [.text("b")]]).write(
                to: workbook, named: "a", limit: nil)
            #expect(
                written.excess?.descriptions == [
                    "a cell of \(long.utf16.count) characters, of which a spreadsheet keeps only the "
                        + "first 32767"
                ])
            try workbook.finish { try directory.write($0, to: "t.xlsx") }
            let rows = try read()[0].rows
            #expect(rows[2] == ["str b"])
            #expect(rows[1][0].utf16.count <= 4 + 32_767)
            #expect(rows[1][0].utf16.count > 30_000)
        }
    }
#endif
