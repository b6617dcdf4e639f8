import Foundation
import SystemPackage
import TestSupport
import Testing

/// File permissions of output that contains secrets.
@Suite struct SecretsTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func bash(_ script: String) throws -> RunResult {
        try run("bash", ["-c", script], in: directory.path, environment: ["census": census])
    }

    /// Whatever the umask.
    @Test(arguments: ["000", "022", "077"]) func filesAreTheirOwnersAlone(_ mask: String) throws {
        let result = try bash(
            """
            umask \(mask)
            "$census" snap -o host.jsonl.gz
            "$census" ingest --quiet --csv csv host.jsonl.gz
            "$census" report --format json -o json
            find . -type f -printf '%m %p\\n' | sort
            """)
        let lines = result.output.split(separator: "\n").filter { $0 != "host.jsonl.gz" }
        #expect(lines.count == 12)
        #expect(lines.allSatisfy { $0.hasPrefix("600 ") }, "\(lines)")
    }

    /// Nor is the journal, in which SQLite keeps what a transaction changes.
    @Test func theJournalIsItsOwnersAlone() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        let result = try bash(
            """
            umask 0; "$census" ingest --quiet a.jsonl
            sqlite3 census.sqlite BEGIN \
                "UPDATE Servers SET Hostname = 'x'" \
                '.system stat -c "%a %n" census.sqlite census.sqlite-journal' ROLLBACK
            """)
        #expect(result.output.hasSuffix("600 census.sqlite\n600 census.sqlite-journal\n"))
    }

    @Test func commandLinesAndEnvironmentsAreNotCollected() throws {
        let secret = "correct-horse-\(UInt32.random(in: .min ... .max))"
        let child = Process()
        child.executableURL = URL(filePath: "/usr/bin/env")
        child.arguments = ["python3", "-c", "import time; time.sleep(600)", "--password=\(secret)"]
        child.environment = [
            "SECRET": secret, "PATH": ProcessInfo.processInfo.environment["PATH"]!,
        ]
        try child.run()
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        let result = try bash(
            """
            until grep -q python3 /proc/\(child.processIdentifier)/comm; do sleep 0.01; done
            grep -c '\(secret)' /proc/\(child.processIdentifier)/cmdline
            "$census" snap -o x.jsonl.gz 2>&1 >/dev/null | grep -c '\(secret)'
            zcat x.jsonl.gz | grep -c '\(secret)'
            zcat x.jsonl.gz | grep -c '"pid":\(child.processIdentifier),"name":"python3'
            """)
        #expect(result.output == "1\n0\n0\n1\n")
    }
}
