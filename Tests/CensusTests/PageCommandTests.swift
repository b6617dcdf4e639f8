import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census report --format html`, in a browser.
@Suite struct PageCommandTests {
    private let desk: PageDesk
    private var directory: TemporaryDirectory { desk.directory }

    init() throws { desk = try PageDesk() }

    private func makePage(
        _ options: [String] = [], environment: [String: String] = [:]
    ) throws -> RunResult {
        try desk.makePage(options, environment: environment)
    }

    private func visit(_ steps: PageVisit.Step..., page: String = "audit.html") throws -> PageVisit
    {
        try PageVisit(of: page, in: directory, steps)
    }

    /// The cells of a column of a table, those of rows that are not hidden.
    private func column(_ column: Int, of section: String) -> PageVisit.Step {
        .evaluate(
            """
            Array.from(document.querySelectorAll("#\(section) tbody tr:not([hidden])"), \
            row => row.cells[\(column)].textContent)
            """)
    }

    @Test func loadsByItself() throws {
        let made = try makePage(["--case", "2026-17", "--examiner", "Ana <b>", "--note", "a\nb"])
        #expect(made.status == 0)
        #expect(made.output == "")
        #expect(made.error == "audit_test_3.csv: all 1731 rows; the page shows 500 at first\n")
        let visit = try visit(
            .evaluate("document.title"),
            .evaluate("document.querySelector('#case').innerText.includes('Ana <b>')"),
            .evaluate("document.querySelectorAll('#case b, [style], [onclick], img').length"),
            .evaluate("document.querySelectorAll('svg[role=img][aria-label]').length"),
            .evaluate("document.querySelectorAll('section table.rows').length"),
            .evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX"))
        #expect(
            visit.results == [
                .text("Census: 2026-17"), .flag(true), .number(0), .number(7), .number(8),
                .text("auto"),
            ])
        #expect(visit.log == [])
        #expect(visit.requests.count == 1 && visit.requests[0].hasSuffix("/audit.html"))
    }

    @Test func namesAreText() throws {
        _ = try makePage(["--limit", "2000"])
        let visit = try visit(
            .evaluate("document.querySelectorAll('script:not([type])').length"),
            .evaluate(
                """
                Array.from(document.querySelectorAll("#test_3 td"), cell => cell.textContent) \
                    .filter(text => text.includes("<"))
                """),
            .evaluate(
                """
                Array.from(document.querySelectorAll("#servers tr:last-child td")) \
                    .slice(1, 3).map(cell => cell.textContent)
                """))
        #expect(
            visit.results == [
                .number(1), .texts(["<script>alert(1)</script>", "--><!--"]),
                .texts(["<img src=x onerror=alert(1)>", "\" onclick='alert(1)"]),
            ])
        #expect(visit.log == [])
    }

    @Test func isSortedByClickAndKey() throws {
        _ = try makePage()
        let processes = "#test_4 th:last-child button"
        let heading = "document.querySelector('#test_4 th:last-child').ariaSort"
        let visit = try visit(
            column(3, of: "test_4"), .click(processes), column(3, of: "test_4"), .evaluate(heading),
            .press("Enter"), column(3, of: "test_4"), .evaluate(heading),
            .evaluate("document.querySelectorAll('#test_4 th[aria-sort=none]').length"),
            // From the last heading to the link of the first row.
            .press("Tab"), .evaluate("document.activeElement.hash"),
            .evaluate("document.querySelector('label[for=search_test_5]').innerText"))
        let unsorted = ["159", "165", "239", "237", "261", "249", "304", "115", "2"]
        let sorted = unsorted.sorted { Int($0)! < Int($1)! }
        #expect(
            visit.results == [
                .texts(unsorted), .texts(sorted), .text("ascending"), .texts(sorted.reversed()),
                .text("descending"), .number(3), .text("#host-3"),
                .text("Search in these rows"),
            ])
        #expect(visit.log == [])
    }

    @Test func isSearched() throws {
        _ = try makePage()
        let found = "document.querySelector('#test_1 output').value"
        let visit = try visit(
            .click("#search_test_1"), .type("ZEPPA"), column(3, of: "test_1"), .evaluate(found),
            .type("x"), column(3, of: "test_1"), .evaluate(found))
        #expect(
            visit.results == [
                .texts(["Aldo Zeppa", "Aldo Zeppa", "Aldo Zeppa", "Aldo Zeppa"]), .text("4 of 9"),
                .texts([]), .text("0 of 9"),
            ])
        #expect(visit.log == [])
    }

    /// Injected scripts are not executed.
    @Test func thePolicyRefusesWhatIsNotOfThePage() throws {
        _ = try makePage()
        let page = String(decoding: try directory.read("audit.html"), as: UTF8.self)
        #expect(!page.contains("unsafe-"))
        let injected = page.replacing(
            "<main>",
            with: """
                <main><script>document.title = 'owned'</script>\
                <p id="p" style="color: red" onclick="document.title = 'owned'">text</p>\
                <img src="picture.png"><script src="script.js"></script>
                """)
        try directory.write(Array("document.title = 'owned'".utf8), to: "script.js")
        try directory.write(Array(injected.utf8), to: "injected.html")
        let visit = try visit(
            .click("#p"), .evaluate("document.title"),
            .evaluate("getComputedStyle(document.querySelector('#p')).color === 'rgb(255, 0, 0)'"),
            page: "injected.html")
        #expect(visit.results == [.text("Census"), .flag(false)])
        #expect(visit.log.count { $0.contains("Content Security Policy") } >= 5, "\(visit.log)")
    }

    /// Same database and options, same bytes.
    @Test func isReproducible() throws {
        _ = try makePage(["--case", "a"])
        let page = try directory.read("audit.html")
        _ = try makePage(
            ["--case", "a"],
            environment: ["TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8"])
        #expect(try directory.read("audit.html") == page)
    }

    #if MySQL
        @Test func isTheSameFromAServer() throws {
            try GeneratedFleet(seed: 5, hosts: 40).write(to: directory)
            let server = try ServerDatabase()
            let paths = ["hostile.jsonl", "0", "1", "2", "3"]
            var pages: [[UInt8]] = []
            for database in ["two.sqlite", server.address] {
                let ingest = try run(
                    census, ["ingest", "--quiet", "--db", database] + paths, in: directory.path)
                #expect((ingest.status, ingest.error) == (0, ""))
                let receipts = "UPDATE Receipts SET Received_at = '2026-11-23 05:13:11'"
                if database == server.address {
                    _ = try server.sql(receipts)
                } else {
                    _ = try run("sqlite3", [database, receipts], in: directory.path)
                }
                #expect(try makePage(["--db", database]).status == 0)
                var bytes = try directory.read("audit.html")
                for name in ["test_3", "evidence"] {
                    let path = directory.path.appending("audit_\(name).csv")
                    guard FileManager.default.fileExists(atPath: path.string) else { continue }
                    bytes += try directory.read("audit_\(name).csv")
                }
                pages.append(bytes)
            }
            #expect(pages[0].count > 200_000)
            #expect(difference(pages[1], pages[0]) == nil)
        }
    #endif

    /// The digest is what the page says that it is.
    @Test func theDigestCanBeComputed() throws {
        _ = try makePage()
        let page = String(decoding: try directory.read("audit.html"), as: UTF8.self)
        let command = try #require(page.firstMatch(of: /<pre>(sqlite3 .*)\n/)).1
            .replacing("&quot;", with: "\"")
        let computed = try run("bash", ["-c", String(command)], in: directory.path)
        let digest = try #require(page.firstMatch(of: /<code class="digest">(.*?)<\/code>/)).1
        #expect(computed.output == "\(digest)  -\n")
    }

    @Test(arguments: [
        ([], "--format html requires -o FILE, such as -o audit.html."),
        (
            ["-o", "reports"],
            "-o reports is a directory: name a file in it, such as "
                + "-o reports/audit.html."
        ),
        (
            ["-o", "none/"],
            "-o none/ is a directory: name a file in it, such as -o none/audit.html."
        ),
    ])
    func needsAFile(_ options: [String], _ message: String) throws {
        try directory.write([], to: "reports/x")
        let result = try run(
            census, ["report", "--format", "html"] + options, in: directory.path)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("census: \(message)\n"))
        #expect(result.output == "")
    }

    @Test func theCaseIsOfThePageOnly() throws {
        let result = try run(census, ["report", "--case", "x"], in: directory.path)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("census: --case requires --format html.\n"))
    }
}
