import TestSupport
import Testing

/// The rows of a page beyond those that it shows at first.
@Suite struct PageRowsTests {
    private let desk: PageDesk

    init() throws { desk = try PageDesk() }

    private func count(_ section: String) -> PageVisit.Step {
        .evaluate("document.querySelectorAll('#\(section) tbody tr').length")
    }

    private func text(_ selector: String) -> PageVisit.Step {
        .evaluate("document.querySelector(\"\(selector)\")?.textContent ?? null")
    }

    /// Search and sorting find rows that were not shown.
    @Test func allRowsAreSearchedAndSorted() throws {
        try desk.makePage(["3", "4", "--limit", "8"])
        let visit = try desk.visit(
            count("test_3"), text("#test_3 .shown"),
            .click("#search_test_3"), .type("<script>"), count("test_3"),
            text("#test_3 tbody td:last-child"),
            text("#test_3 output"), text("#test_3 .shown"),
            count("test_4"), .click("#test_4 .more"), count("test_4"), text("#test_4 .shown"),
            .click("#test_4 th:last-child button"),
            text("#test_4 tbody tr:first-child td:last-child"),
            .click("#test_4 th:last-child button"),
            text("#test_4 tbody tr:first-child td:last-child"), text(".cut"))
        #expect(
            visit.results == [
                .number(8), .text("The first 8 of 1,731 rows."), .number(1),
                .text("<script>alert(1)</script>"), .text("1 of 1,731"),
                .text("1 row found, all shown."), .number(8), .number(9),
                .text("9 rows, all shown."), .text("2"), .text("304"), .null,
            ])
        #expect(visit.log == [])
    }

    /// The script has what the page's rows as JSON stand for.
    @Test func rowsAsJSONAreTheRows() throws {
        let all = "Array.from(document.querySelectorAll('#test_3 tbody td'), c => c.textContent)"
        try desk.makePage(["3", "--limit", "2000"])
        let whole = try desk.visit(
            .evaluate(all), .click("#test_3 th:last-child button"), .evaluate(all))
        try desk.makePage(["3", "--limit", "600"])
        let parts = try desk.visit(
            .click("#test_3 .more"), .click("#test_3 .more"), .evaluate(all),
            .click("#test_3 th:last-child button"), .evaluate(all),
            .evaluate("document.querySelector('#test_3 .more').hidden"))
        #expect(whole.results == Array(parts.results.prefix(2)))
        #expect(parts.results.last == .flag(true))
        guard case .texts(let cells) = whole.results[0] else { throw Unexpected() }
        #expect(cells.count == 1731 * 3)
    }

    private struct Unexpected: Error {}

    /// Where there was no room for all rows, the page says which are not searched.
    @Test func whatIsNotSearchedIsSaid() throws {
        try desk.makePage(["3", "--limit", "8"])
        let page = String(decoding: try desk.directory.read("audit.html"), as: UTF8.self)
        let rest = "1,000 more are only in audit_test_3.csv"
        let cut = page.replacing(
            "<p class=\"note\"><span class=\"shown cut-on-paper\">The first 8 of 1,731 rows.",
            with:
                "<p class=\"note\" data-elsewhere=\"\(rest)\"><span class=\"shown cut-on-paper\">The first 8 of 1,731 rows."
        )
        #expect(cut != page)
        try desk.directory.write(Array(cut.utf8), to: "cut.html")
        let visit = try desk.visit(
            .click("#search_test_3"), .type("zzz"), text("#test_3 output"),
            .click("#test_3 th:last-child button"), text("#test_3 .cut"), page: "cut.html")
        #expect(
            visit.results == [
                .text("0 of the 1,731 rows in this page; \(rest)"),
                .text("Sorted: the 1,731 rows in this page only; \(rest)"),
            ])
    }

    /// Names that would end an element, a string or a line are text, also as JSON.
    @Test func hostileNamesAreText() throws {
        let names = [
            "</script><script>document.title='owned'</script>", "<!--<script>", "]]>",
            "a\\\"b'c\\\\",
            "\\u202Etxt.exe", "\\u2028", "\\u0001x", "\\ufeff", "&lt;&quot;",
        ]
        let lines = names.enumerated().map {
            #"{"record":"process","pid":\#($0 + 1),"name":"\#($1)","user":"\#($1)"}"#
        }
        let host = SnapshotText(
            id: uuid(77), hostID: "h-77", hostname: "</script><b>", ip: "]]>", processes: lines)
        try desk.directory.write(host.bytes, to: "names.jsonl")
        let ingest = try run(census, ["ingest", "--quiet", "names.jsonl"], in: desk.directory.path)
        #expect(ingest.status == 0, "\(ingest.error)")
        try desk.makePage(["3", "--limit", "0"])
        let cells = "Array.from(document.querySelectorAll('td:last-child'), c => c.textContent)"
        let visit = try desk.visit(
            .click("#search_test_3"), .type("2026"),
            .evaluate(cells.replacing("td", with: "#test_3 td")),
            .evaluate("location.hash = '#host-6', document.title"),
            .wait("document.querySelector('#host h2')"),
            .evaluate("document.querySelector('#host h2').textContent"),
            .evaluate(
                "Array.from(document.querySelectorAll('#host section:has(h3)')).find(s => s.textContent.startsWith('Processes')).querySelectorAll('b, script, style').length"
            ),
            .evaluate("document.querySelectorAll('#host table').length > 2"),
            .evaluate("document.title"))
        #expect(visit.log == [])
        guard case .texts(let shown) = visit.results[0] else { throw Unexpected() }
        for name in [
            "</script><script>document.title='owned'</script>", "<!--<script>", "]]>", "a\"b'c\\",
            "\\u202Etxt.exe", "\\u2028", "&lt;&quot;",
        ] {
            #expect(shown.contains(name), "\(name): \(shown)")
        }
        #expect(
            Array(visit.results.dropFirst()) == [
                .text("Census"), .text("</script><b> (]]>)"), .number(0), .flag(true),
                .text("Census"),
            ])
    }

    /// Names that were not UTF-8 on the host, and those that another program has put into the database, are
    /// shown apart, searched and sorted, whether the page shows the row at first or not.
    @Test(arguments: ["3", "100"]) func namesThatAreNotUTF8(_ limit: String) throws {
        let host = SnapshotText(
            id: uuid(78), hostID: "h-78", hostname: "bytes",
            processes: [
                process(1, "\u{FFFD}\u{FFFD}", #","name_base64":"//4=""#), process(2, "n2"),
                process(3, "n3"), process(4, "n4"), process(5, "n5"),
            ])
        try desk.directory.write(host.bytes, to: "bytes.jsonl")
        let alter = """
            "$0" ingest --quiet bytes.jsonl && sqlite3 census.sqlite "
                UPDATE Processes SET Process_Name = CAST(x'FFFE' AS TEXT) WHERE Process_Name = 'n2';
                UPDATE Processes SET Process_Name = CAST(x'FEFF' AS TEXT) WHERE Process_Name = 'n3';
                UPDATE Processes SET Process_Name = CAST(x'61E92862' AS TEXT) WHERE Process_Name = 'n4'"
            """
        let made = try run("bash", ["-c", alter, census], in: desk.directory.path)
        try #require((made.status, made.error) == (0, ""))
        try desk.makePage(["3", "--limit", limit, "--host", "bytes"])
        let names = PageVisit.Step.evaluate(
            "Array.from(document.querySelectorAll('#test_3 tbody td:last-child'), c => c.textContent)"
        )
        let search = PageVisit.Step.click("#search_test_3")
        let escapes = try desk.visit(
            search, .type(#"\x"#), text("#test_3 output"),
            .click("#test_3 th:last-child button"), names,
            .click("#test_3 th:last-child button"), names)
        let sorted = [#"\xFE\xFF"#, #"\xFF\xFE"#, #"a\xE9(b"#]
        #expect(escapes.results == [.text("3 of 5"), .texts(sorted), .texts(sorted.reversed())])
        let replaced = try desk.visit(search, .type("\u{FFFD}"), text("#test_3 output"), names)
        #expect(replaced.results == [.text("1 of 5"), .texts(["\u{FFFD}\u{FFFD}"])])
        #expect(escapes.log + replaced.log == [])
    }

    /// The page sorts as the databases do: integers of any length as such, texts by their bytes, what is
    /// unknown last. It shows that as other outputs do.
    @Test(arguments: ["100", "2"]) func theOrderOfTheDatabase(_ limit: String) throws {
        // U+FF71 is after U+1F600 by UTF-16, and before it by its bytes.
        let names = ["\u{1F600}", "\u{FF71}", "\u{E9}", "e\u{301}", "Z", "z", "zz", "\u{2205}"]
        let accounts = names.enumerated().map {
            #"{"record":"account","username":"\#($1)","uid":\#($0)}"#
        }
        let host = SnapshotText(
            id: uuid(79), hostID: "h-79", hostname: "order",
            processes: accounts + [#"{"record":"account","username":"none"}"#])
        try desk.directory.write(host.bytes, to: "order.jsonl")
        let alter = """
            "$0" ingest --quiet order.jsonl && sqlite3 census.sqlite "
                UPDATE Accounts SET UID = 9007199254740992 WHERE UID = 6;
                UPDATE Accounts SET UID = 9007199254740993 WHERE UID = 7;
                UPDATE Accounts SET UID = 10 WHERE UID = 5"
            """
        let made = try run("bash", ["-c", alter, census], in: desk.directory.path)
        try #require((made.status, made.error) == (0, ""))
        try desk.makePage(["accounts", "--limit", limit, "--host", "order"])
        func cells(_ column: Int) -> PageVisit.Step {
            let selector = "#accounts tbody td:nth-child(\(column))"
            return .evaluate(
                "Array.from(document.querySelectorAll('\(selector)'), c => c.textContent)")
        }
        let more = PageVisit.Step.evaluate(
            """
            (() => {
                const more = document.querySelector('#accounts .more');
                while (!more.hidden) more.click();
            })()
            """)
        let (name, uid) = ("#accounts th:nth-child(5) button", "#accounts th:nth-child(6) button")
        let visit = try desk.visit(
            more, .click(name), cells(5), .click(uid), cells(6), .click(uid), cells(6),
            .evaluate("document.querySelector('footer').textContent.includes('∅ is unknown')"))
        let shown = (names + ["none"]).map { $0 == "\u{2205}" ? #"\u2205"# : $0 }
        let integers = ["0", "1", "2", "3", "4", "10", "9007199254740992", "9007199254740993"]
        #expect(
            visit.results == [
                .null,
                .texts(shown.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }),
                .texts(integers + ["∅"]), .texts(integers.reversed() + ["∅"]), .flag(true),
            ])
        #expect(visit.log == [])
    }
}
