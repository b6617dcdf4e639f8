import Foundation
import Loading
import SystemPackage
import TestSupport
import Testing

@testable import census

/// The progress that `census ingest` shows on a terminal.
@Suite struct ProgressTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A script that gives `files` to `census ingest - stick` once its clock runs: when it has opened
    /// standard input, which it then has twice, and more than the tenth of a second has gone by after
    /// which it shows a line. A shell that is about to become census has it twice for a moment too.
    private func ingestOnceItWaits(_ files: String, _ arguments: String = "") -> String {
        """
        mkfifo input
        '\(TestSupport.census)' ingest - stick \(arguments) <input &
        exec 3>input
        waits() {
            test ! /proc/$1/exe -ef /proc/$$/exe &&
                test "$(ls -l /proc/$1/fd | grep -c '/input$')" -ge 2
        }
        for attempt in $(seq 3000); do
            kill -0 $! && ! waits $! || break
            sleep 0.1
        done
        sleep 0.3
        cat \(files) >&3
        exec 3>&-
        wait $!
        """
    }

    @Test func onATerminalThereIsProgressAndNothingIsLeftOfIt() throws {
        for number in 10..<20 {
            let text = SnapshotText(
                id: "00000000-0000-4000-8000-0000000000\(number)", hostID: "h\(number)")
            try directory.write(text.bytes, to: "stick/\(number).jsonl")
        }
        // The line comes when a tenth of a second has gone by, here at the first file's end.
        let terminal = try run(
            "script",
            [
                "-qec",
                ingestOnceItWaits("stick/10.jsonl stick/11.jsonl", "--limit 1 2>&1 >/dev/null"),
                "/dev/null",
            ], in: directory.path)
        let parts = terminal.output.split(separator: "\r\u{1B}[K")
        #expect(parts.first?.contains(/^1 of 11 files, 0 rows, 0 rows\/s, \d+ s left$/) == true)
        #expect(
            parts.last?.hasSuffix(
                " s: 10 snapshots loaded with 10 processes and 0 logins, 2 already ingested\r\n")
                == true)
    }

    /// A file may not grow beyond 500 KiB here (1,000 blocks of 512 bytes: ulimit in POSIX), which is
    /// enough for the empty schema and too little for what comes second.
    @Test(
        .enabled("a sanitizer wants larger files") {
            ProcessInfo.processInfo.environment["CENSUS_SANITIZED"] == nil
        })
    func anErrorGetsALineOfItsOwnAndOnlyWholeSnapshotsStay() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        for number in 10..<20 {
            let text = SnapshotText(
                id: "00000000-0000-4000-8000-0000000000\(number)", hostID: "h\(number)",
                processes: (0..<3000).map {
                    #"{"record":"process","pid":\#($0),"name":"p\#($0 * number)"}"#
                })
            try directory.write(text.bytes, to: "stick/\(number).jsonl")
        }
        try directory.write(Array("{\"cut".utf8), to: "stick/09.jsonl")
        let terminal = try run(
            "script",
            [
                "-qec",
                "trap '' XFSZ; ulimit -f 1000\n" + ingestOnceItWaits("a.jsonl"), "/dev/null",
            ], in: directory.path)
        let lines = terminal.output.split(separator: "\r\u{1B}[K").map(String.init)
        #expect(lines.first?.hasPrefix("1 of 12 files") == true)
        #expect(
            lines.filter { !$0.contains(" of 12 files") }.joined()
                == "stick/09.jsonl: line 1: the line is incomplete\r\n"
                + "census: census.sqlite: the file cannot be read or written (disk I/O error)\r\n")
        let rows = try run(
            "sqlite3",
            ["census.sqlite", "PRAGMA integrity_check; SELECT COUNT(*) FROM Executions"],
            in: directory.path)
        #expect(rows.output == "ok\n0\n")
    }

    @Test(arguments: [
        (0, 0, 0.5, "0 of 50 files, 0 rows, 0 rows/s"),
        (0, 3000, 0.5, "0 of 50 files, 3000 rows, 6000 rows/s"),
        (1, 3000, 0.5, "1 of 50 files, 3000 rows, 6000 rows/s, 25 s left"),
        (50, 1, 2, "50 of 50 files, 1 row, 1 rows/s, 0 s left"),
        (0, 0, 0, "0 of 50 files, 0 rows"),
    ])
    func progress(files: Int, processes: Int, seconds: Double, line: String) {
        var summary = Ingest.Summary()
        summary.files = files
        summary.processes = processes
        #expect(progressLine(summary, files: 50, seconds: seconds) == line)
    }
}
