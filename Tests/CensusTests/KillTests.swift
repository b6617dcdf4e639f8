import Foundation
import SystemPackage
import TestSupport
import Testing

/// The state after the program was killed.
@Suite struct KillTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Starts the program and kills it after so many microseconds.
    private func kill(after microseconds: Int, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: census)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: directory.path.string)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        usleep(useconds_t(microseconds))
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    @Test func aSnapshotIsWholeOrAbsent() throws {
        let start = ContinuousClock.now
        #expect(try run(census, ["snap", "-d", "."], in: directory.path).status == 0)
        let duration = Int((ContinuousClock.now - start) / .microseconds(1))
        for attempt in 0..<60 { try kill(after: duration * attempt / 50, "snap", "-d", ".") }
        let names = try directory.names().filter {
            $0 != "custody.jsonl" && !$0.hasSuffix(".sig")
        }
        let log = CustodyChain(try directory.read("custody.jsonl"))
        #expect(log.broken == [] && log.logs.count == 1)
        #expect(log.numbers == Array(1...log.numbers.count))
        let whole = names.filter { $0.hasSuffix(".jsonl.gz") }
        // One may have been killed before it wrote its line.
        #expect(Set(log.files).isSubset(of: whole))
        // Some were killed in time, some not.
        #expect(whole.count < 61)
        for name in names where !whole.contains(name) { #expect(name.hasSuffix(".partial")) }
        let verify = try run(census, ["verify", "."], in: directory.path)
        #expect(verify.status == 0)
        #expect(
            verify.error.contains(/\.partial: a snapshot that census snap did not finish\n/)
                == (whole.count < names.count))
        #expect(
            verify.error.split(separator: "\n").last?.hasPrefix(
                // The custody log is one of them.
                "\(counted(whole.count + 1, "file")): \(whole.count + 1) complete") == true)
        let ingest = try run(census, ["ingest", "."], in: directory.path)
        #expect(ingest.status == 0)
        #expect(ingest.error.contains(" \(counted(whole.count, "snapshot")) loaded"))
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    @Test func anExecutionIsWholeOrAbsent() throws {
        // Large enough that SQLite writes to the file long before a transaction ends.
        let snapshots = 40
        let processes = 3000
        for number in 0..<snapshots {
            let text = SnapshotText(
                id: "00000000-0000-4000-8000-0000000000\(10 + number)", hostID: "h\(number)",
                processes: (0..<processes).map {
                    #"{"record":"process","pid":\#($0),"name":"p\#($0 * number)","uid":\#($0 % 7)}"#
                }, users: [#"{"record":"user","user":"u\#(number)"}"#])
            try directory.write(text.bytes, to: "stick/\(10 + number).jsonl")
        }
        func sqlite3(_ sql: String) throws -> String {
            let result = try run("sqlite3", ["x.sqlite", sql], in: directory.path)
            #expect(result.error == "")
            return result.output
        }
        let start = ContinuousClock.now
        #expect(
            try run(
                census, ["ingest", "--quiet", "stick", "--db", "whole.sqlite"], in: directory.path
            )
            .status == 0)
        let duration = Int((ContinuousClock.now - start) / .microseconds(1))

        for _ in 0..<12 {
            try kill(
                after: .random(in: 0...duration), "ingest", "--quiet", "stick", "--db", "x.sqlite")
            guard
                FileManager.default.fileExists(atPath: directory.path.appending("x.sqlite").string)
            else { continue }
            // A reader that may write first undoes what was left half-done.
            #expect(try sqlite3("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok\n")
            guard try sqlite3("PRAGMA user_version") != "0\n" else { continue }
            #expect(
                try sqlite3(
                    """
                    SELECT COUNT(*) FROM Executions e
                    WHERE (SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION x
                           WHERE x.Execution_ID = e.Execution_ID) <> \(processes)
                       OR (SELECT COUNT(*) FROM USERS_PER_EXECUTION x
                           WHERE x.Execution_ID = e.Execution_ID) <> 1
                    """) == "0\n")
        }
        #expect(
            try run(census, ["ingest", "--quiet", "stick", "--db", "x.sqlite"], in: directory.path)
                .status == 0)
        let reports = try ["x.sqlite", "whole.sqlite"].map {
            try run(census, ["report", "--format", "json", "--db", $0], in: directory.path).output
        }
        #expect(reports[0] == reports[1])
        #expect(reports[0].utf8.count > 1_000_000)
    }
}
