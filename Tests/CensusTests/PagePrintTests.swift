import TestSupport
import Testing

/// A page on paper, as Chromium prints it and pdftotext reads it.
@Suite struct PagePrintTests {
    private let desk: PageDesk

    init() throws { desk = try PageDesk() }

    /// The pages have the case and their numbers, results come before evidence, and at the end is a
    /// place for a signature.
    @Test func isInOrder() throws {
        try desk.makePage(["--case", "2026-17 \"a\\b\"", "--examiner", "A. Turing"])
        _ = try desk.visit(.pdf("audit.pdf"))
        let pages = try printedPages("audit.pdf", in: desk.directory)
        #expect(pages.count > 2)
        for (index, page) in pages.enumerated() {
            #expect(page.contains("Page \(index + 1) of \(pages.count)"), "\(page)")
            #expect(page.contains("Census: 2026-17 \"a\\b\""), "\(page)")
        }
        let text = pages.joined()
        var rest = text[...]
        for heading in [
            "What stands out", "Pictures", "Servers", "What changed on each server",
            "Test 1: User names", "Test 5: How many users", "Evidence", "Signed for the database",
        ] {
            guard let place = rest.firstRange(of: heading) else {
                Issue.record("\(heading) is not in its place: \(text)")
                return
            }
            rest = rest[place.upperBound...]
        }
        for field in ["Name", "A. Turing", "Date", "Place", "Signature"] {
            #expect(rest.contains(field), "\(field)")
        }
        #expect(!text.contains("Search in these rows") && !text.contains("Show more"))
        #expect(text.contains("Printed: the first 25 of 1,731 rows."))
        #expect(text.contains("All of them: audit_test_3.csv"))
    }

    /// The headings of a table are on each page that it is on, also with buttons in them.
    @Test func headingsAreOnEachPage() throws {
        try desk.makePage(["3", "--limit", "400"])
        _ = try desk.visit(.click("#whole"), .pdf("audit.pdf"))
        let pages = try printedPages("audit.pdf", in: desk.directory)
        let rows = pages.filter { $0.matches(of: #/2020-02-23 20:4\d:\d\d +\S/#).count > 20 }
        #expect(rows.count > 2)
        for page in rows { #expect(page.contains("Procesos Ejecutando"), "\(page)") }
    }

    /// A search is printed as it is shown.
    @Test func printsWhatIsFound() throws {
        try desk.makePage(["3"])
        _ = try desk.visit(.click("#search_test_3"), .type("<script>"), .pdf("audit.pdf"))
        let text = try printedPages("audit.pdf", in: desk.directory).joined()
        #expect(text.contains("1 row found."))
        #expect(text.contains("<script>alert(1)</script>"))
        #expect(!text.contains("chrome.exe"))
    }

    /// Names without a space are wrapped, so that nothing is cut off at the edge of A4.
    @Test func longNamesAreWrapped() throws {
        let name = String(repeating: "x", count: 300) + "end"
        let host = SnapshotText(
            id: uuid(9), takenAt: "2020-01-01T00:00:00Z", hostID: "h-9",
            hostname: String(repeating: "h", count: 60),
            processes: [process(1, name, #","user":"\#(String(repeating: "u", count: 60))""#)],
            users: [login(String(repeating: "u", count: 120) + "end")])
        try desk.directory.write(host.bytes, to: "long.jsonl")
        let ingest = try run(census, ["ingest", "--quiet", "long.jsonl"], in: desk.directory.path)
        #expect(ingest.status == 0, "\(ingest.error)")
        try desk.makePage(["--host", "h-9"])
        let visit = try desk.visit(
            .size(703, 900), .print,
            .evaluate("document.documentElement.scrollWidth"),
            .evaluate(
                """
                Array.from(document.querySelectorAll("td, dd, svg")).filter(e =>
                  e.getBoundingClientRect().right > 703.5).map(e => e.textContent.slice(0, 40))
                """), .pdf("audit.pdf"))
        #expect(visit.results == [.number(703), .texts([])])
        let text = try printedPages("audit.pdf", in: desk.directory).joined()
        #expect(text.matches(of: #/end\b/#).count >= 2, "\(text)")
    }

    /// The printed page of a middling fleet: 200 hosts, 6 executions of each.
    @Test func aFleetIsFewPages() throws {
        let directory = desk.directory
        for host in 1...200 {
            let snapshots = (1...6).map { visit in
                let host = SnapshotText(
                    id: uuid(host * 10 + visit), takenAt: "2026-0\(visit)-1\(host % 10)T05:13:11Z",
                    hostID: "host-\(host)", hostname: "server-\(host).site-a.example.org",
                    ip: "192.0.\(host).10",
                    processes: (1...20).map {
                        process($0, "daemon-\($0)", #","user":"\#($0 < 9 ? "root" : "www")""#)
                    } + (visit == 6 ? [process(99, "new-\(host)", #","user":"root""#)] : [])
                        + (1...10).map { package("package-\($0)", "1.\(visit).\(host % 3)") }
                        + [
                            #"{"record":"account","username":"ana","uid":1000,"is_enabled":true}"#,
                            #"{"record":"listening_port","port":22,"protocol":"tcp","family":"ipv4","address":"0.0.0.0","process":"sshd"}"#,
                        ], users: [login("ana"), login("bob")])
                return host.bytes
            }
            try directory.write(Array(snapshots.joined()), to: "fleet/\(host).jsonl")
        }
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", "fleet.sqlite", "fleet"], in: directory.path)
        #expect(ingest.status == 0, "\(ingest.error)")
        try desk.makePage(["--db", "fleet.sqlite"])
        _ = try desk.visit(.pdf("audit.pdf"))
        let pages = try printedPages("audit.pdf", in: directory)
        #expect((4..<20).contains(pages.count), "\(pages.count)")
        #expect(pages.joined().contains("Printed: the first 25 of 200 rows."))
    }
}
