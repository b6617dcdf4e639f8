import TestSupport
import Testing

/// The findings and the views of hosts in a page, and a page about one host.
@Suite struct PageHostTests {
    private let desk: PageDesk

    init() throws {
        desk = try PageDesk()
        let host = SnapshotText(
            id: uuid(8), hostID: "host-8", hostname: "miner-8", ip: "192.0.2.8",
            processes: [
                #"{"record":"collection","euid":1000}"#,
                process(1, "systemd", #","user":"root""#), process(7, "xmrig", #","user":"eve""#),
            ], users: [login("eve")])
        try desk.directory.write(host.bytes, to: "miner.jsonl")
        try desk.directory.write(
            """
            rules:
            - {id: miners, severity: critical, sentence: No miners., forbidden-processes: 'xmrig*'}
            - {id: audit, severity: low, sentence: Audit., hosts: 'miner-*', required-processes: auditd}
            - {id: nowhere, severity: high, sentence: None., hosts: 'db-*', forbidden-processes: x}
            """.utf8, to: "rules.yaml")
        try desk.directory.write("miner-8\nabsent-1\n".utf8, to: "hosts.txt")
        let ingest = try run(
            census, ["ingest", "--quiet", "miner.jsonl", damaged.string], in: desk.directory.path)
        #expect(ingest.status == 2, "\(ingest.error)")
    }

    private let damaged = fixtures.appending("damaged")

    private func rows(_ section: String) -> PageVisit.Step {
        .evaluate(
            """
            Array.from(document.querySelectorAll("\(section) .rows tbody tr"), \
            row => Array.from(row.cells, cell => cell.textContent).join("|"))
            """)
    }

    private func digest(_ path: String) throws -> String {
        String(try run("sha256sum", [path], in: desk.directory.path).output.prefix(64))
    }

    private func texts(_ value: PageVisit.Value) throws -> [String] {
        guard case .texts(let texts) = value else { throw NoTexts(value: value) }
        return texts
    }

    private struct NoTexts: Error { let value: PageVisit.Value }

    #if Rules
        /// What stands out comes first, worst first, with its host, file and digest.
        @Test func findingsComeFirst() throws {
            let made = try desk.makePage(["--rules", "rules.yaml", "--expected", "hosts.txt"])
            #expect(made.status == 0, "\(made.error)")
            let visit = try desk.visit(
                .evaluate("Array.from(document.querySelectorAll('main > section[id]'), s => s.id)"),
                rows("#findings"),
                .evaluate(
                    "Array.from(document.querySelectorAll('#findings .plain tbody tr'), row => Array.from(row.cells, c => c.textContent).join('|'))"
                ),
                .evaluate("document.querySelector('#findings').innerText"))
            #expect(
                try texts(visit.results[0]).filter { $0 != "case" && $0 != "host" } == [
                    "findings", "pictures", "servers", "changes", "test_1", "test_2", "test_3",
                    "test_4", "test_5", "evidence",
                ])
            let found = try texts(visit.results[1])
            #expect(
                found.first == "critical|miners|6|miner-8|192.0.2.8|2026-11-23 05:13:11|"
                    + "xmrig (PID 7, owner eve)|miner.jsonl|\(try digest("miner.jsonl"))")
            #expect(found.contains { $0.hasPrefix("high|missing|∅|absent-1|∅|∅|") })
            let truncated = "ivan-pc_20200225T090000Z_0badcafe.jsonl.gz"
            let rejected = try #require(found.first { $0.hasPrefix("high|rejected|") })
            #expect(
                rejected.hasSuffix(
                    "\(truncated)|\(try digest(damaged.appending(truncated).string))"),
                "\(rejected)")
            #expect(found.contains { $0.hasPrefix("low|audit|6|miner-8|") })
            #expect(
                found.last
                    == "not checked|nowhere|∅|∅|∅|∅|no host matches its hosts|∅|∅"
            )
            let order = found.map { $0.prefix { $0 != "|" } }
            let severities = ["critical", "high", "medium", "low", "info", "not checked"]
            #expect(
                order.map { severities.firstIndex(of: String($0))! }
                    == order.map { severities.firstIndex(of: String($0))! }.sorted())
            let groups = try texts(visit.results[2])
            #expect(groups.first == "critical|miners|No miners.|1|1")
            guard case .text(let summary) = visit.results[3] else { return }
            #expect(summary.contains("Rules of rules.yaml: 6 hosts, 3 rules: 2 violations"))
            #expect(summary.contains("Coverage: 6 hosts seen, 2 expected; 1 missing"))
        }

        /// The files of the options are read, and not overwritten.
        @Test func optionsOfFindings() throws {
            for option in ["--rules", "--expected"] {
                let result = try run(
                    census, ["report", option, "rules.yaml"], in: desk.directory.path)
                #expect(result.status == 64)
                #expect(
                    result.error.hasPrefix("census: \(option) requires --format html.\n"),
                    "\(result.error)")
                let refused = try desk.makePage([
                    option, "rules.yaml", "-o", "rules.yaml", "--force",
                ])
                #expect(refused.status == 1)
                #expect(
                    refused.error.contains("cannot write rules.yaml: it is the "),
                    "\(refused.error)")
            }
        }
    #endif

    /// A click on a server shows what is known of it, and nothing else.
    @Test func aHostIsShownByItself() throws {
        try desk.makePage()
        let visit = try desk.visit(
            .click("#servers tbody tr:last-child td:nth-child(2) a"),
            .wait("document.querySelector('#host h2')"),
            .evaluate("location.hash"),
            .evaluate("document.querySelector('#host h2').textContent"),
            .evaluate("Array.from(document.querySelectorAll('#host h3'), h => h.textContent)"),
            rows("#host"),
            .evaluate(
                "Array.from(document.querySelectorAll('main > section')).filter(s => s.checkVisibility()).map(s => s.id)"
            ),
            .click("#host .back a"), .wait("!document.querySelector('#host h2')"),
            .evaluate(
                "Array.from(document.querySelectorAll('main > section')).filter(s => s.checkVisibility()).length > 8"
            ),
            .evaluate("location.hash = '#host-99', null"),
            .wait("document.querySelector('#host h2')"),
            .evaluate("document.querySelector('#host').textContent"))
        #expect(visit.log == [])
        #expect(visit.results[0] == .text("#host-6"))
        #expect(visit.results[1] == .text("miner-8 (192.0.2.8)"))
        let titles = try texts(visit.results[2])
        for title in [
            "What stands out: 1", "Identity", "Processes: 2", "Users: 1",
            "Evidence: 1 execution, 2026-11-23 05:13:11 to 2026-11-23 05:13:11",
            "Changes: no earlier execution to compare with",
        ] {
            #expect(titles.contains(title), "\(titles)")
        }
        let rows = try texts(visit.results[3])
        let digest = try digest("miner.jsonl")
        for row in [
            "low|partial|not run as root|2026-11-23 05:13:11|miner.jsonl|\(digest)",
            "Server_ID|6", "Processor|Intel(R) N100", "1|xmrig|eve",
            "2026-11-23 05:13:11|execution \(10)|\(digest)|unsigned|miner.jsonl|",
        ] {
            #expect(rows.contains(row), "\(row): \(rows)")
        }
        #expect(visit.results[4] == .texts(["host"]))
        #expect(visit.results[5] == .flag(true))
        #expect(
            visit.results[7]
                == .text(
                    "All serversServer 99This page has no view of this server: "
                        + "census show 99 --format html makes a page of it."))
    }

    /// A view is opened by its address, and changes since the execution before are in it.
    @Test func aHostHasAnAddress() throws {
        try desk.makePage()
        let visit = try desk.visit(
            .evaluate("location.hash = '#host-1', null"),
            .wait("document.querySelector('#host h2')"),
            rows("#host"),
            .evaluate("document.querySelector('#host h3:last-of-type') !== null"))
        let rows = try texts(visit.results[1])
        #expect(rows.contains("restarted|process|python.exe (Ale)|1|1"), "\(rows)")
        #expect(visit.log == [])
    }

    /// `census show --format html`.
    @Test(arguments: Engine.allCases) func aPageAboutOneHost(_ engine: Engine) throws {
        let database = try engine.database()
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", database.name, "miner.jsonl", "hostile.jsonl"],
            in: desk.directory.path)
        #expect(ingest.status == 0, "\(ingest.error)")
        var arguments = ["show", "miner-8", "--db", database.name, "--format", "html"]
        #if Rules
            arguments += ["--rules", "rules.yaml"]
        #endif
        for _ in 0..<2 {
            let made = try run(census, arguments + ["-o", "host.html"], in: desk.directory.path)
            #expect((made.status, made.output, made.error) == (0, "", ""))
        }
        let printed = try run(census, arguments + ["-o", "-"], in: desk.directory.path)
        #expect(printed.outputBytes == (try desk.directory.read("host.html")))
        let visit = try desk.visit(
            .evaluate("document.title"),
            .evaluate("Array.from(document.querySelectorAll('h2'), h => h.textContent)"),
            rows("main"), .click("#part_3 th:nth-child(2) button"), rows("#part_3"),
            .click("#search_part_3"), .type("xm"), rows("#part_3"), .pdf("host.pdf"),
            page: "host.html")
        #expect(visit.log == [])
        #expect(visit.results[0] == .text("miner-8 (192.0.2.8)"))
        let titles = try texts(visit.results[1])
        #expect(
            Array(titles.dropFirst().prefix(3).map { $0.prefix(9) }) == [
                "Identity", "Evidence:", "Processes",
            ])
        #expect(visit.results[3] == .texts(["1|systemd|root", "1|xmrig|eve"]))
        #expect(visit.results[4] == .texts(["1|xmrig|eve"]))
        let rows = try texts(visit.results[2])
        let digest = try digest("miner.jsonl")
        #if Rules
            #expect(titles[0] == "What stands out: 3")
            #expect(
                rows[0]
                    == "critical|miners|xmrig (PID 7, owner eve)|2026-11-23 05:13:11|miner.jsonl|\(digest)"
            )
        #endif
        #expect(
            rows.contains("low|partial|not run as root|2026-11-23 05:13:11|miner.jsonl|\(digest)"))
        let pages = try printedPages("host.pdf", in: desk.directory)
        #expect(pages[0].contains("Page 1 of \(pages.count)"))
        #expect(pages.last!.contains("Signature"))
        let missing = try run(
            census, ["show", "miner-8", "--format", "html", "--db", database.name],
            in: desk.directory.path)
        #expect(missing.status == 64)
        #expect(
            missing.error.hasPrefix(
                "census: --format html requires -o FILE, such as -o host.html.\n"))
    }
}
