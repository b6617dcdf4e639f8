import Foundation
import SystemPackage
import TestSupport
import Testing

/// What is shown on a terminal: tables that fit it, fifty rows, and the pager.
@Suite struct TerminalTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let old = SnapshotText(takenAt: "2026-11-22T05:13:11Z")
        let new = SnapshotText(
            id: "00000000-0000-4000-8000-000000000001", takenAt: "2026-11-23T05:13:11Z",
            processes: (10..<70).map {
                #"{"record":"process","pid":\#($0),"name":"p\#($0)\#(String(repeating: "-x", count: 99))"}"#
            })
        try directory.write(old.bytes + new.bytes, to: "stick/a.jsonl")
        let ingest = try run(
            TestSupport.census, ["ingest", "--quiet", "stick"], in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
    }

    /// Runs a command of the shell on a terminal, where `census` is the program. The lines of both
    /// streams.
    private func terminal(
        _ command: String, columns: Int = 72, environment: [String: String] = [:]
    ) throws -> (status: Int32, lines: [String]) {
        let script = """
            stty cols \(columns)
            census() { '\(TestSupport.census)' "$@"; }
            \(command)
            """
        let result = try run(
            "script", ["-qec", script, "/dev/null"], in: directory.path, environment: environment)
        return (
            result.status,
            result.output.split(separator: "\r\n", omittingEmptySubsequences: false).dropLast()
                .map(String.init)
        )
    }

    @Test func tablesFitTheTerminal() throws {
        let (status, lines) = try terminal("census report 3 --limit 3")
        #expect(status == 0)
        #expect(
            lines == [
                "Test 3: Processes running per server and execution",
                "+-----------+---------------------+------------------------------------+",
                "| Server_ID | Exec_date           | Procesos Ejecutando                |",
                "+-----------+---------------------+------------------------------------+",
                "|         1 | 2026-11-22 05:13:11 | systemd                            |",
                "|         1 | 2026-11-23 05:13:11 | p10-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x… |",
                "|         1 | 2026-11-23 05:13:11 | p11-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x… |",
                "+-----------+---------------------+------------------------------------+",
                "61 rows in set, the first 3 shown and 58 more (--limit all shows them)",
                "test_3: shortened to the width of the terminal (--format vertical shows all)",
            ])
    }

    /// Elsewhere nothing is shortened.
    @Test func tablesInFilesAreWhole() throws {
        let (_, lines) = try terminal(
            "census report 3 --limit all > out; census report 3 --limit all -o a.txt; cmp out a.txt"
        )
        #expect(lines == [])
        #expect(
            String(decoding: try directory.read("out"), as: UTF8.self)
                .contains("p10\(String(repeating: "-x", count: 99)) |"))
    }

    /// The rows of `show` do, too, with whole dates.
    @Test func aSheetFitsTheTerminal() throws {
        let (status, lines) = try terminal("census show 1 --limit 3")
        #expect(status == 0)
        #expect(lines.allSatisfy { !$0.hasPrefix("  ") || $0.count <= 72 }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("  1  p10-x-x") && $0.contains("…") })
        #expect(lines.contains { $0.hasPrefix("  2026-11-23 05:13:11  execution 2  ") })
        #expect(
            lines.last == "show: shortened to the width of the terminal (-o FILE writes all)")
        let (_, others) = try terminal(
            "census show 1 > out; census show 1 -o a.txt; cmp out a.txt; grep -c '[^ ]…' out")
        #expect(others == ["0"])
    }

    /// So many columns do not fit beside each other.
    @Test func manyColumnsAreShownVertically() throws {
        let (status, lines) = try terminal("census diff", columns: 40)
        #expect(status == 1)
        #expect(lines.first == "**************** 1. row ****************")
        #expect(lines.contains("            Changes: 61"))
    }

    /// Nor do dates: none is cut.
    @Test(arguments: 20...60) func datesAreWhole(_ columns: Int) throws {
        let (status, lines) = try terminal(
            "census report 3 --limit 2; census list hosts", columns: columns)
        #expect(status == 0)
        let text = lines.joined(separator: "\n")
        #expect(text.matches(of: /2026-11-2[23] 05:13:11/).count == 4, "\(text)")
    }

    /// No line of any output is wider than the terminal, and nothing but texts is shortened.
    @Test(arguments: [20, 21, 25, 30, 39, 40, 60, 72]) func linesFitTheTerminal(_ columns: Int)
        throws
    {
        for command in [
            "show 1", "show 1 --limit 2", "report", "report 3 --limit 2", "list hosts",
            "list executions", "list evidence", "list reports", "find 'p1*'", "diff",
            "coverage", "report 4 packages",
        ] {
            let (status, lines) = try terminal("census \(command) 2>messages", columns: columns)
            #expect(status < 2, "\(command)")
            #expect(!lines.isEmpty)
            for line in lines { #expect(line.count <= columns, "\(command): \(line)") }
        }
        let (_, sheet) = try terminal("census show 1", columns: columns)
        #expect(sheet.contains { $0.contains("2026-11-22 05:13:11") })
    }

    @Test(arguments: [
        ("diff --host 1", "appeared,"), ("coverage --expected list", "missing,"),
        ("report 3", "1,2026-11-23"),
    ])
    func fiftyRowsAreShown(_ command: String, _ start: String) throws {
        let list = (0..<60).map { "h\($0)\n" }.joined()
        try directory.write("host\n\(list)".utf8, to: "list")
        for (options, count) in [("", 49...50), (" --limit 7", 6...7), (" --limit all", 60...60)] {
            let (_, lines) = try terminal("census \(command)\(options) --format csv")
            #expect(count.contains(lines.count { $0.hasPrefix(start) }), "\(lines)")
            let isLimited = lines.contains { $0.hasSuffix(" (--limit all shows them)") }
            #expect(isLimited == (count.upperBound < 60))
        }
        // Elsewhere all are.
        let all = try run(
            "bash", ["-c", "'\(TestSupport.census)' \(command) --format csv"], in: directory.path)
        #expect(all.output.split(separator: "\r\n").count { $0.hasPrefix(start) } == 60)
    }

    @Test func ingestShowsFiftyRowsEverywhere() throws {
        let result = try run(TestSupport.census, ["ingest", "stick"], in: directory.path)
        #expect(
            result.output.contains(
                "\n61 rows in set, the first 50 shown and 11 more (--limit all shows them)\n"))
        let all = try run(
            TestSupport.census, ["ingest", "stick", "--limit", "all"], in: directory.path)
        #expect(all.output.contains("\n61 rows in set\n"))
    }

    /// Output that leads to a pager, and output that does not.
    @Test(arguments: [
        (
            "census report 4", "tr a-z A-Z",
            "TEST 4: HOW MANY PROCESSES RAN, PER SERVER AND EXECUTION"
        ),
        ("census verify stick", "sed s/^/paged:/", "paged:complete    stick/a.jsonl: 2 snapshots"),
        ("census report 4", "", "Test 4: How many processes ran, per server and execution"),
        ("census report 4", "cat", "Test 4: How many processes ran, per server and execution"),
        (
            "census report 4", "no-such-pager",
            "Test 4: How many processes ran, per server and execution"
        ),
        ("census show 1", "sed s/^/paged:/", "paged:census show: web-01 (192.0.2.10)"),
        ("census show 1 --no-pager", "sed s/^/paged:/", "census show: web-01 (192.0.2.10)"),
        (
            "census report 4 --no-pager", "tr a-z A-Z",
            "Test 4: How many processes ran, per server and execution"
        ),
        (
            "census report 4 | cat", "tr a-z A-Z",
            "Test 4: How many processes ran, per server and execution"
        ),
        ("unset LESS LV; census report 4", "printenv LESS LV; cat >/dev/null", "FRX"),
        ("LESS=M; export LESS; census report 4", "printenv LESS; cat >/dev/null", "M"),
    ])
    func pager(_ command: String, _ pager: String, _ first: String) throws {
        let (status, lines) = try terminal(command, environment: ["PAGER": pager])
        #expect(status == 0)
        #expect(lines.first == first)
    }

    /// Messages are shown in their place, below the rows.
    @Test func messagesAreInThePager() throws {
        let (status, lines) = try terminal(
            "census diff --host 1", environment: ["PAGER": "sed 's/^/> /'"])
        #expect(status == 1)
        #expect(lines.allSatisfy { $0.hasPrefix("> ") })
        #expect(lines.last?.hasSuffix(": 61 differences") == true)
        let (_, apart) = try terminal(
            "census diff --host 1 2>err; tail -n 1 err", environment: ["PAGER": "sed 's/^/> /'"])
        #expect(apart.last?.hasSuffix(": 61 differences") == true)
        #expect(apart.last?.hasPrefix("> ") == false)
    }

    /// What a pager does not read is no error.
    @Test func aPagerThatEndsEarlyIsNoError() throws {
        let pager = ["PAGER": "head -n 1"]
        let report = try terminal("census report 3 --limit all", environment: pager)
        #expect((report.status, report.lines.count) == (0, 1))
        let diff = try terminal("census diff --host 1 --limit all", environment: pager)
        #expect((diff.status, diff.lines.count) == (1, 1))
    }

    /// A signal of the keyboard ends the input of the pager, which shows what it has.
    @Test func anInterruptWaitsForThePager() throws {
        let pager = """
            trap '' INT; head -n 1; kill -INT $PPID; cat >/dev/null; echo "the pager's end"
            """
        let (status, lines) = try terminal(
            "census report 3 --limit all; echo $?", environment: ["PAGER": pager])
        #expect(status == 0)
        #expect(lines.first == "Test 3: Processes running per server and execution")
        #expect(lines.suffix(2) == ["the pager's end", "130"])
    }
}
