import DatabaseSupport
import Output
import SystemPackage
import TestSupport
import Testing

/// The page as text. The command's tests check it in a browser.
@Suite struct PageTests {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\" onload='x'", "&quot; onload=&#39;x&#39;"), ("a & b &amp;", "a &amp; b &amp;amp;"),
        ("日本 é", "日本 é"), ("\u{202E}txt.exe\u{0}", "\\u202Etxt.exe\\x00"), ("a\nb", "a\\nb"),
        ("\u{FFFF}\u{FEFF}", "\\uFFFF\\uFEFF"), ("", ""),
    ])
    func namesAreText(_ name: String, _ html: String) {
        let markup: Markup = "<td title=\"\(name)\">\(name)</td>"
        #expect(
            String(decoding: markup.utf8, as: UTF8.self) == "<td title=\"\(html)\">\(html)</td>")
    }

    @Test(arguments: [
        (0.0, "0"), (1.04, "1"), (1.05, "1.1"), (-0.26, "-0.3"), (1040, "1040"), (0.96, "1"),
    ])
    func coordinatesHaveATenth(_ coordinate: Double, _ text: String) {
        let markup: Markup = "\(coordinate)"
        #expect(String(decoding: markup.utf8, as: UTF8.self) == text)
    }

    private func page(
        _ test: TestDatabase, limit: Int = 500, _ reports: [Report] = Report.usual
    ) throws -> String {
        let path = test.directory.path.appending("page.html")
        let files = OutputFiles(sparing: FilesInUse())
        _ = try Page(reports, CaseInfo(), generator: "census", limit: limit)
            .write(to: .file(path, files), from: test.database)
        try files.publish()
        return String(decoding: try test.directory.read("page.html"), as: UTF8.self)
    }

    /// The rows of a section's table, their cells joined by `|`.
    private func rows(_ page: String, _ section: String) -> [String] {
        let body = page.split(separator: "<section id=\"\(section)\">", maxSplits: 1).last!
            .split(separator: "</section>", maxSplits: 1)[0]
        return body.split(separator: "<tr>").dropFirst(2).map { row in
            row.split(separator: "</tr>", maxSplits: 1)[0]
                .replacing(#/<svg.*?</svg> /#, with: "").replacing(#/<td[^>]*>/#, with: "")
                .split(separator: "</td>", omittingEmptySubsequences: false).dropLast()
                .joined(separator: "|")
        }
    }

    @Test(arguments: Engine.allCases) func ofNothing(_ engine: Engine) throws {
        let page = try page(TestDatabase(engine))
        #expect(page.contains("<dd>0 servers, 0 executions, 0 process rows, 0 logins</dd>"))
        // SHA-256 of nothing.
        #expect(page.contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
        #expect(!page.contains("<svg"))
    }

    /// Data of a single time gets no chart over time.
    @Test func ofASingleMoment() throws {
        let test = try TestDatabase()
        try test.ingest(("a.jsonl", SnapshotText().bytes))
        let page = try page(test)
        #expect(page.contains("All data is from one time, 2026-11-23 05:13:11."))
        #expect(page.contains("aria-label=\"Operating systems\""))
        #expect(!page.contains("aria-label=\"Servers seen over time"))
    }

    /// Two executions of a server, the newer one loaded first.
    private func changed(_ engine: Engine) throws -> TestDatabase {
        func owned(_ pid: Int, _ name: String, _ user: String) -> String {
            process(pid, name, #","user":"\#(user)""#)
        }
        let test = try TestDatabase(engine)
        let newer = SnapshotText(
            id: uuid(1), takenAt: "2026-11-24T05:13:11Z",
            processes: [
                owned(1, "systemd", "root"), owned(9, "sshd", "root"), owned(20, "miner", "eve"),
                owned(21, "miner", "eve"), owned(22, "SSHD", "root"),
            ])
        let older = SnapshotText(
            id: uuid(2), takenAt: "2026-11-23T05:13:11Z",
            processes: [
                owned(1, "systemd", "root"), owned(5, "sshd", "ana"), owned(6, "cron", "root"),
                owned(7, "sshd", "bob"), process(8, "nobody's"),
            ], users: [login("ana")])
        // Not comparable: the processes of one execution are unknown.
        let unseen = SnapshotText(
            id: uuid(3), takenAt: "2026-11-23T05:13:11Z", hostID: "host-2",
            processes: [
                #"{"record":"collection","session_source":"utmp"}"#
            ])
        let other = SnapshotText(id: uuid(4), takenAt: "2026-11-22T05:13:11Z", hostID: "host-2")
        let run = try test.ingest(
            ("newer.jsonl", newer.bytes), ("older.jsonl", older.bytes),
            ("unseen.jsonl", unseen.bytes), ("other.jsonl", other.bytes))
        #expect(run.rejections == [])
        return test
    }

    @Test(arguments: Engine.allCases) func changesBetweenTheLastTwoExecutions(
        _ engine: Engine
    ) throws {
        let page = try page(changed(engine))
        // New: miner, SSHD, and sshd of root; gone: cron, nobody's, and sshd of ana and of bob; ana
        // is no longer logged in. Of host-2 it is not known what ran.
        #expect(
            rows(page, "changes") == [
                "1|web-01|192.0.2.10|2026-11-23 05:13:11|2026-11-24 05:13:11|8|3|4|0|1|0",
                "2|web-01|192.0.2.10|2026-11-22 05:13:11|2026-11-23 05:13:11|0|∅|∅|∅|0|0",
            ])
        #expect(page.contains("processes +3 −4, users 1, facts 0</text>"))
        #expect(
            rows(page, "servers") == [
                "1|web-01|192.0.2.10|2|5|0|2026-11-23 05:13:11|2026-11-24 05:13:11|"
                    + "Debian GNU/Linux 12|Intel(R) N100",
                "2|web-01|192.0.2.10|2|∅|0|2026-11-22 05:13:11|2026-11-23 05:13:11|"
                    + "Debian GNU/Linux 12|Intel(R) N100",
            ])
    }

    @Test(arguments: Engine.allCases) func theFirstRowsOnly(_ engine: Engine) throws {
        let test = try changed(engine)
        let page = try page(test, limit: 2, [Report.all[2]])
        #expect(rows(page, "test_3").count == 2)
        let section = page.split(separator: "<section id=\"test_3\">").last!
            .split(separator: "</section>")[0]
        let note = section.split(separator: "<p class=\"note\">").last!.prefix { $0 != "\n" }
        #expect(
            note == "<span class=\"shown\">The first 2 of 11 rows.</span>"
                + "<span class=\"searched\"> Search and sorting cover all of them.</span> "
                + "All of them: <a href=\"./page_test_3.csv\">page_test_3.csv</a></p>")
        #expect(
            String(decoding: try test.directory.read("page_test_3.csv"), as: UTF8.self)
                == (try test.report(3, .csv)))
        #expect(!page.contains("id=\"test_1\""))
        // Where all rows are shown there is no file.
        let files = try run("ls", [], in: test.directory.path).output
        #expect(files.contains("page_evidence.csv"))
        #expect(!files.contains("page_servers.csv"))
    }

    /// Where there is no room for all rows and hosts, the page says so.
    @Test(arguments: Engine.allCases) func whatHasNoRoomIsSaid(_ engine: Engine) throws {
        let test = try changed(engine)
        func page(size: Int) throws -> String {
            let path = test.directory.path.appending("page.html")
            let files = OutputFiles(sparing: FilesInUse(), isForced: true)
            _ = try Page(
                [Report.all[2]], CaseInfo(), generator: "census", limit: 2, size: size
            )
            .write(to: .file(path, files), from: test.database)
            try files.publish()
            return String(decoding: try test.directory.read("page.html"), as: UTF8.self)
        }
        let whole = try page(size: 100_000)
        #expect(whole.matches(of: #/<script type="application/json" id="view_\d+">/#).count == 2)
        #expect(!whole.contains("data-elsewhere") && !whole.contains("has room for"))
        // Rows after the first two; a value as above is `true`.
        #expect(
            whole.contains(
                """
                id="rows_test_3">[
                [1,"2026-11-23 05:13:11","cron"],
                [1,true,"sshd"],
                """), "\(whole)")
        let cut = try page(size: 200)
        #expect(!cut.contains("id=\"view_"))
        #expect(cut.contains("This page has room for the first 0 of 2;"))
        #expect(
            cut.contains(
                "<p class=\"note\" data-elsewhere=\"6 more are only in page_test_3.csv\">"),
            "\(cut.split(separator: "test_3").dropFirst().joined())")
        #expect(cut.contains("Search and sorting cover the first 5.</span>"))
    }
}
