import Foundation
import SystemPackage
import TestSupport
import Testing

/// CSV that a spreadsheet would show only in part: the user is warned.
@Suite struct SpreadsheetCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    /// All commands that write CSV, and cells that are longer than those of a spreadsheet.
    @Test func longCells() throws {
        let before = SnapshotText(
            takenAt: "2026-11-22T05:13:11Z",
            processes: [#"{"record":"process","pid":1,"name":"init"}"#])
        let after = SnapshotText(
            id: "00000000-0000-4000-8000-000000000001", takenAt: "2026-11-23T05:13:11Z",
            processes: (10_000..<17_500).map { #"{"record":"process","pid":\#($0),"name":"w"}"# })
        var fleet: [UInt8] = []
        for number in 10_000..<11_000 {
            let id = "00000000-0000-4000-8000-0000000\(number)"
            fleet += SnapshotText(id: id, hostID: "id-\(id)").bytes
        }
        try directory.write(before.bytes + after.bytes, to: "a.jsonl")
        try directory.write(fleet, to: "fleet.jsonl")
        let rules = """
            rules:
              - {id: a, severity: low, sentence: \(String(repeating: "x", count: 40_000)),
                 forbidden-processes: [w]}
            """
        try directory.write(rules.utf8, to: "rules.yaml")
        #expect(try census("ingest", "--quiet", "a.jsonl", "fleet.jsonl").status == 0)
        func note(_ name: String, _ what: String) -> String {
            "\(name): \(what), of which a spreadsheet keeps only the first 32767; "
                + "use --format json for all of it\n"
        }
        let diff = try census("diff", "--host", "1", "--format", "csv")
        #expect(diff.error.hasPrefix(note("diff", "a cell of 44999 characters")))
        #if Rules
            let check = try census("check", "--rules", "rules.yaml", "--format", "csv")
            #expect(check.error.hasPrefix(note("check", "7500 cells of up to 40000 characters")))
        #endif
        let coverage = try census("coverage", "--format", "csv")
        #expect(coverage.error.contains(#/(?m)^coverage: a cell of \d{5} characters, of which a/#))
        // Other formats have no such limits.
        for format in ["table", "json"] {
            #expect(
                try !census("diff", "--host", "1", "--format", format).error.contains("spreadsheet")
            )
        }
    }

    /// As many rows as a sheet has, and one more.
    @Test func manyRows() throws {
        try directory.write(
            SnapshotText(users: [#"{"record":"user","user":"a"}"#]).bytes, to: "a.jsonl")
        #expect(try census("ingest", "--quiet", "a.jsonl").status == 0)
        func makeUsers(_ count: Int) throws {
            let made = try run(
                "sqlite3",
                [
                    "census.sqlite",
                    """
                    WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                    INSERT OR IGNORE INTO USERS SELECT i, 'u' || i FROM n;
                    INSERT OR IGNORE INTO USERS_PER_EXECUTION SELECT 1, User_ID FROM USERS;
                    """,
                ], in: directory.path)
            #expect((made.status, made.error) == (0, ""))
        }
        try makeUsers(1_048_575)
        let all = try census("report", "1", "--format", "csv", "-o", "out.csv")
        #expect((all.status, all.error) == (0, ""))
        try makeUsers(1_048_576)
        let note =
            "1048577 rows with the header, of which a spreadsheet opens only the first 1048576; select fewer rows with --host or --since, or use --format json\n"
        let more = try census("report", "1", "--format", "csv", "-o", "out.csv")
        #expect((more.status, more.error) == (0, "test_1: \(note)"))
        let page = try census("report", "1", "--format", "html", "-o", "a.html")
        #expect(
            (page.status, page.error) == (
                0,
                "a_test_1.csv: all 1048576 rows; the page shows 500 at first\na_test_1.csv: \(note)"
            ))
    }
}
