import Database
import Foundation
import Output
import TestSupport
import Testing

/// The formats for people and scripts, over names that somebody on an audited host chose.
@Suite struct RowFormatTests {
    private static let table = RowTable(
        ["Server_ID", "Name"],
        [
            [.integer(1), .null], [.integer(12), .text("NULL")], [.null, .text("∅")],
            [.integer(3), .text("a\n\u{1B}[2J\u{202E}b")], [.integer(4), .text("")],
        ])

    private func text(_ table: RowTable, _ format: RowFormat, limit: Int? = nil) -> String {
        String(decoding: table.bytes(format, limit: limit), as: UTF8.self)
    }

    /// A name in a cell with others does not look so, either.
    @Test(
        arguments: [
            (.table, #"a, \u2205, b\u2205"#), (.vertical, #"a, \u2205, b\u2205"#),
            (.markdown, #"a, \\u2205, b\\u2205"#), (.csv, "a, ∅, b∅"), (.json, "a, ∅, b∅"),
        ] as [(RowFormat, String)])
    func severalNamesInACell(_ format: RowFormat, expected: String) {
        let text = text(RowTable(["Hosts"], [[.text("a, ∅, b∅")]]), format)
        #expect(text.contains(expected), "\(text)")
    }

    /// What is not known looks like no name.
    @Test(
        arguments: [
            (
                .table,
                #"""
                +-----------+-------------------+
                | Server_ID | Name              |
                +-----------+-------------------+
                |         1 | ∅                 |
                |        12 | NULL              |
                |         ∅ | \u2205            |
                |         3 | a\n\x1B[2J\u202Eb |
                |         4 |                   |
                +-----------+-------------------+
                5 rows in set

                """#
            ),
            (
                .vertical,
                #"""
                *************************** 1. row ***************************
                Server_ID: 1
                     Name: ∅
                *************************** 2. row ***************************
                Server_ID: 12
                     Name: NULL
                *************************** 3. row ***************************
                Server_ID: ∅
                     Name: \u2205
                *************************** 4. row ***************************
                Server_ID: 3
                     Name: a\n\x1B[2J\u202Eb
                *************************** 5. row ***************************
                Server_ID: 4
                     Name: 
                5 rows in set

                """#
            ),
            (
                .markdown,
                #"""
                | Server_ID | Name |
                | ---: | --- |
                | 1 | ∅ |
                | 12 | NULL |
                | ∅ | \\u2205 |
                | 3 | a\\n\\x1B\[2J\\u202Eb |
                | 4 |  |

                """#
            ),
            (
                .jsonLines,
                #"""
                {"Server_ID": 1, "Name": null}
                {"Server_ID": 12, "Name": "NULL"}
                {"Server_ID": null, "Name": "∅"}
                {"Server_ID": 3, "Name": "a\n\u001b[2J\#u{202E}b"}
                {"Server_ID": 4, "Name": ""}

                """#
            ),
        ] as [(RowFormat, String)])
    func unknownValues(_ format: RowFormat, _ expected: String) {
        #expect(text(Self.table, format) == expected)
    }

    @Test(
        arguments: [
            (
                .vertical, "Empty set\n",
                "2 rows in set, the first 0 shown and 2 more (--limit all shows them)\n"
            ),
            (.markdown, "| A |\n| --- |\n", "| A |\n| --- |\n"), (.jsonLines, "", ""),
        ] as [(RowFormat, String, String)])
    func nothing(_ format: RowFormat, _ nothing: String, _ limited: String) {
        #expect(text(RowTable(["A"]), format) == nothing)
        #expect(text(RowTable(["A"], [[.null], [.null]]), format, limit: 0) == limited)
    }

    /// A table as wide as the terminal, or narrower.
    private func fitted(_ width: Int, _ columns: [String], _ rows: [[Value]]) -> (
        text: String, isShortened: Bool
    ) {
        var format = RowFormat.table
        format.layout.terminalWidth = width
        let (bytes, written) = RowTable(columns, rows).formatted(format)
        return (String(decoding: bytes, as: UTF8.self), written.isShortened)
    }

    private static let columns = ["Server_ID", "Exec_date", "Name", "Text"]
    private static let rows: [[Value]] = [
        [
            .integer(1_234_567), .text("2026-11-23 05:13:11"), .text("init"),
            .text(String(repeating: "x", count: 70)),
        ],
        [
            .integer(2), .text("2026-11-23 05:13:11"), .text("日本日本日本日本日本日本日本日本"),
            .text("e\u{301}\n"),
        ],
    ]

    @Test func theWidestTextsAreShortened() {
        let narrow = fitted(72, Self.columns, Self.rows)
        #expect(
            narrow.text == """
                +-----------+---------------------+-----------------+-----------------+
                | Server_ID | Exec_date           | Name            | Text            |
                +-----------+---------------------+-----------------+-----------------+
                |   1234567 | 2026-11-23 05:13:11 | init            | xxxxxxxxxxxxxx… |
                |         2 | 2026-11-23 05:13:11 | 日本日本日本日… | e\u{301}\\n             |
                +-----------+---------------------+-----------------+-----------------+
                2 rows in set

                """)
        #expect(narrow.isShortened)
        let wide = fitted(143, Self.columns, Self.rows)
        #expect(wide.text == text(RowTable(Self.columns, Self.rows), .table))
        #expect(!wide.isShortened)
    }

    @Test(arguments: 30...150) func noLineIsWrapped(_ width: Int) {
        let (text, _) = fitted(width, Self.columns, Self.rows)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("|") || $0.hasPrefix("+") }
        let isVertical = text.hasPrefix("****")
        #expect(isVertical == (width < 55))
        #expect(lines.isEmpty == isVertical)
        // A wide character takes two cells.
        let widths = lines.map { line in
            line.unicodeScalars.reduce(0) { $0 + ($1 == "\u{301}" ? 0 : $1.value > 0x3000 ? 2 : 1) }
        }
        #expect(widths.allSatisfy { $0 == widths[0] && $0 <= width })
        #expect(text.contains("1234567"))
        #expect(text.split(separator: "2026-11-23 05:13:11").count == 3)
    }

    /// Numbers and dates are whole at any width, also those that are texts, or stand beside words.
    @Test(arguments: 20...90) func numbersAndDatesAreWhole(_ width: Int) {
        let whole = [
            "1", "-12345678901234567", "2026-11-23 05:13:11", "2020-02-24", "198.51.100.200",
            "05:13",
        ]
        let words = String(repeating: "word", count: 12)
        let rows: [[Value]] =
            whole.map { [.text($0), .text(words), .text($0)] }
            + [[.text(words), .integer(-9_007_199_254_740_993), .null]]
        let (text, isShortened) = fitted(width, ["Mixed", "Words", "Date_and_number"], rows)
        for value in whole + ["-9007199254740993"] {
            #expect(text.contains(value), "\(value)")
            if value.count > 1 { #expect(!text.contains("\(value.dropLast())…")) }
        }
        #expect(text.matches(of: /[0-9]…/).isEmpty)
        #expect(isShortened == text.contains("…"))
    }

    @Test(arguments: RowLayout.Delimiter.allCases) func delimiters(_ delimiter: RowLayout.Delimiter)
        throws
    {
        let texts = ["a,b", "a;b", "a|b", "a\tb", "\"", "x\ny", "plain"]
        var format = RowFormat.csv
        format.layout.delimiter = delimiter
        format.layout.hasByteOrderMark = true
        let directory = try TemporaryDirectory()
        let bytes = RowTable(["A", "B"], texts.map { [.text($0), .integer(1)] }).bytes(format)
        try directory.write(bytes, to: "t.csv")
        let script = """
            import csv, json, sys
            rows = list(csv.reader(open('t.csv', newline='', encoding='utf-8-sig'),
                                   delimiter=sys.argv[1], strict=True))
            print(json.dumps(rows))
            """
        let result = try run(
            "python3", ["-c", script, delimiter.rawValue], in: directory.path)
        let rows = try JSONDecoder().decode([[String]].self, from: Data(result.outputBytes))
        #expect(rows == [["A", "B"]] + texts.map { [$0, "1"] })
        #expect(bytes.starts(with: "\u{FEFF}A".utf8))
    }

    /// A converter of Markdown makes of each cell the text that a table shows, and no markup.
    @Test func markdownShowsNames() throws {
        let names = [
            "plain", "| a | b |", #"\"#, #"\\|"#, #"a\|b"#, "`code` ``",
            "*a* **b** _c_ __d__ ~~e~~",
            "<script>alert(1)</script>", "&lt; &amp; &#65;", "[a](http://x)", "![a](b)", "[a]: b",
            "http://evil.example/x", "https://a", "www.evil.example", "# a", "- a", "1. a", "> a",
            "a_b_c", "_a", "a_", "$x$", " lead and trail ", "日本😀", "---", ":--", "a\\", "|", "`",
            "`|`",
        ]
        let table = RowTable(["A|B_c", "B"], names.map { [.text($0), .integer(1)] })
        let html = try run(
            "cmark-gfm", ["-e", "table", "-e", "autolink", "-e", "strikethrough"],
            input: table.bytes(.markdown))
        let script = """
            import html.parser, json, sys
            class Parser(html.parser.HTMLParser):
                cells, tags = [], set()
                def handle_starttag(self, tag, attributes):
                    self.tags.add(tag)
                    if tag in ('td', 'th'): self.cells.append('')
                def handle_data(self, data):
                    if self.cells: self.cells[-1] += data.strip('\\n')
            parser = Parser()
            parser.feed(sys.stdin.read())
            print(json.dumps({'cells': parser.cells, 'tags': sorted(parser.tags)}))
            """
        let result = try run("python3", ["-c", script], input: html.outputBytes)
        struct Page: Decodable {
            let cells: [String]
            let tags: [String]
        }
        let page = try JSONDecoder().decode(Page.self, from: Data(result.outputBytes))
        #expect(page.tags == ["table", "tbody", "td", "th", "thead", "tr"])
        #expect(page.cells == ["A|B_c", "B"] + names.flatMap { [$0, "1"] })
    }
}
