import Foundation
import SystemPackage
import TestSupport
import Testing

/// The receipt of a file: its path, the time of reading, and the user and program that loaded it.
@Suite struct ReceiptTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func sqlite3(_ query: String, _ database: String = "x.sqlite") throws -> [String] {
        let result = try run("sqlite3", [database, query], in: directory.path)
        #expect(result.error == "")
        return result.output.split(separator: "\n").map(String.init)
    }

    private func shell(_ script: String) throws -> RunResult {
        try run("sh", ["-c", script], in: directory.path, environment: ["CENSUS": census])
    }

    /// A host that takes its time: the file ends when the pipe does.
    @Test func ofAPipeTheTimeIsThatOfItsEnd() throws {
        let result = try shell(
            """
            (sleep 3; "$CENSUS" snap --host-id here -o - 2>/dev/null) | "$CENSUS" ingest --quiet --db x.sqlite -
            """)
        #expect((result.status, result.error) == (0, ""))
        #expect(
            try sqlite3(
                """
                SELECT r.Received_at >= e.Exec_date, e.Date_is_possible, r.Path,
                       r.Absolute_path IS NULL
                FROM Executions e JOIN Receipts r USING (Receipt_ID)
                """) == ["1|1|-|1"])
        let coverage = try run(
            census, ["coverage", "--db", "x.sqlite", "--format", "csv"], in: directory.path)
        #expect(!coverage.output.contains("clock"))
    }

    /// The same where there is so much of it that its receipt is written before its end.
    @Test func ofALargePipeTheTimeIsThatOfItsEnd() throws {
        for number in 1...6 {
            let text = SnapshotText(
                id: "00000000-0000-4000-8000-00000000000\(number)", hostID: "h\(number)",
                processes: (0..<60_000).map {
                    #"{"record":"process","pid":\#($0),"name":"p"}"#
                })
            try directory.write(text.bytes, to: "\(number).jsonl")
        }
        let result = try shell(
            """
            (cat [1-6].jsonl; sleep 3; "$CENSUS" snap --host-id here -o - 2>/dev/null | gunzip) |
                "$CENSUS" ingest --quiet --db x.sqlite -
            """)
        #expect((result.status, result.error) == (0, ""))
        #expect(
            try sqlite3(
                """
                SELECT COUNT(*), MIN(r.Received_at >= e.Exec_date), MIN(e.Date_is_possible)
                FROM Executions e JOIN Receipts r USING (Receipt_ID)
                """) == ["7|1|1"])
    }

    @Test func whereAFileLay() throws {
        // The working directory is what is left when all links to it are followed.
        let real = try FilePath(#require(realpath(directory.path.string)))
        try FileManager.default.createDirectory(
            atPath: directory.path.appending("real/deep").string, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path.appending("link").string, withDestinationPath: "real/deep")
        func snapshot(_ number: Int) -> [UInt8] {
            SnapshotText(id: "00000000-0000-4000-8000-00000000000\(number)").bytes
        }
        try directory.write(snapshot(1), to: "real/a.jsonl")
        try directory.write(snapshot(2), to: "real/deep/b.jsonl")
        try directory.write(snapshot(3), to: "real/deep/in/c.jsonl")
        let odd = try shell(
            "printf '%s' '\(String(decoding: snapshot(4), as: UTF8.self))' | sed '$a\\' "
                + #">"$(printf 'real/deep/in/d\377\\x.jsonl')""#)
        #expect(odd.status == 0)
        let result = try run(
            "sh",
            [
                "-c",
                #"cd link && exec "$CENSUS" ingest --quiet --db ../../x.sqlite "$@""#, "sh",
                "../a.jsonl", "./b.jsonl", "in/../b.jsonl", "in", "\(real)/real/./a.jsonl", "-",
            ], in: directory.path, input: snapshot(5), environment: ["CENSUS": census])
        #expect((result.status, result.error) == (0, ""))
        #expect(
            try sqlite3("SELECT Path, Absolute_path FROM Receipts ORDER BY Receipt_ID") == [
                "../a.jsonl|\(real)/real/a.jsonl",
                "./b.jsonl|\(real)/real/deep/b.jsonl",
                // `in` might be a link.
                "in/../b.jsonl|\(real)/real/deep/in/../b.jsonl",
                "in/c.jsonl|\(real)/real/deep/in/c.jsonl",
                #"in/d\xFF\\x.jsonl|\#(real)/real/deep/in/d\xFF\\x.jsonl"#,
                "\(real)/real/./a.jsonl|\(real)/real/a.jsonl",
                "-|",
            ])
    }

    private func realpath(_ path: String) -> String? {
        guard let resolved = Foundation.realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    @Test func aWorkingDirectoryThatIsGone() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        try FileManager.default.createDirectory(
            atPath: directory.path.appending("gone").string, withIntermediateDirectories: true)
        let result = try shell(
            """
            root=$PWD; exec 3<a.jsonl; cd gone; rmdir ../gone
            "$CENSUS" ingest --quiet --db "$root/x.sqlite" "$root/a.jsonl" /dev/fd/../fd/3
            """)
        #expect(result.status == 0 || result.status == 2, "\(result.error)")
        #expect(
            try sqlite3("SELECT Absolute_path FROM Receipts WHERE Receipt_ID = 1")
                == ["\(directory.path)/a.jsonl"])
    }

    @Test func whoLoadedItWhereAndWithWhat() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        let version = try run(census, ["--version"]).output.split(separator: "\n")[0]
        let machine = try run("uname", ["-n"]).output.dropLast()
        let user = try shell(
            "awk -F: -v id=$(id -u) '$3 == id { print $1; exit }' /etc/passwd"
        ).output.dropLast()
        func ingest(_ command: [String], _ database: String) throws {
            let result = try run(
                command[0],
                command.dropFirst() + ["ingest", "--quiet", "--db", database, "a.jsonl"],
                in: directory.path)
            #expect((result.status, result.error) == (0, ""))
        }
        try ingest([census], "x.sqlite")
        let query = "SELECT Ingested_by, Ingested_on, Ingested_with FROM Receipts"
        #expect(try sqlite3(query) == ["\(user)|\(machine)|\(version)"])
        if geteuid() == 0 {
            // A user without a name; who that is, and not who was before.
            chmod(directory.path.string, 0o777)
            try ingest(["setpriv", "--euid=54321", census], "y.sqlite")
            #expect(try sqlite3(query, "y.sqlite") == ["54321|\(machine)|\(version)"])
        }
    }
}
