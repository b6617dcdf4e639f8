import Foundation
import Loading
import SystemPackage
import TestSupport
import Testing

@testable import census

@Suite struct IngestCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(
        _ arguments: String..., options: [String] = [], input: [UInt8] = []
    ) throws -> RunResult {
        try run(TestSupport.census, arguments + options, in: directory.path, input: input)
    }

    @Test func aBadFileIsNamedAndTheOthersLand() throws {
        let good = SnapshotText(id: SnapshotText.id)
        var wrong = SnapshotText()
        wrong.lines[4] = #"{"record":"process","name":"x"}"#
        try directory.write(good.bytes, to: "stick/a.jsonl")
        try directory.write(gzip(good.bytes).dropLast(4), to: "stick/b.jsonl.gz")
        try directory.write(wrong.bytes, to: "stick/c\u{1B}[2J.jsonl")
        try directory.write([], to: "stick/notes.txt")

        let result = try census("ingest", "stick", "--limit", "1")
        #expect(result.status == 2)
        let lines = result.error.split(separator: "\n")
        #expect(
            lines.dropLast() == [
                "stick/b.jsonl.gz: line 6: the file ends in the middle of its gzip data",
                #"stick/c\x1B[2J.jsonl: line 5: "pid" is missing"#,
            ])
        let summary = try #require(lines.last)
        #expect(summary.hasPrefix("3 files read in "))
        #expect(
            summary.hasSuffix(
                " s: 1 snapshot loaded with 1 process and 0 logins, 2 files rejected, "
                    + "1 other file skipped"))
        #expect(result.output.contains("Test 5: "))
        // The database is the default one, here.
        #expect(try directory.names() == ["census.sqlite", "stick"])
    }

    @Test func theDamagedFixturesAreRejected() throws {
        let result = try census("ingest", "--quiet", fixtures.appending("damaged").string)
        #expect(result.status == 2)
        #expect(
            result.error.contains(
                /ivan-pc_20200225T090000Z_0badcafe.jsonl.gz: line \d+: the file ends in the middle/)
        )
    }

    @Test func standardInput() throws {
        let bytes = SnapshotText().bytes
        #expect(try census("ingest", "-", input: bytes).status == 0)
        let twice = try census("ingest", "--quiet", "-", input: try gzip(bytes) + gzip(bytes))
        #expect(twice.status == 0)
        let paths = try run(
            "sqlite3", ["census.sqlite", "SELECT Path, Verdict FROM Receipts"], in: directory.path)
        #expect(paths.output == "-|ingested\n-|duplicate\n")
    }

    @Test func quietSaysNothingButErrors() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        let good = try census("ingest", "--quiet", "--csv", "out", "a.jsonl")
        #expect((good.status, good.output, good.error) == (0, "", ""))
        #expect(try directory.read("out/test_4.csv").count > 50)
        try directory.write([], to: "b.jsonl")
        let bad = try census("ingest", "--quiet", "a.jsonl", "b.jsonl")
        #expect((bad.status, bad.output, bad.error) == (2, "", "b.jsonl: the file is empty\n"))
    }

    /// Other files on a stick or a share: which are skipped, why, and which of them are reported
    /// without --verbose.
    @Test func whatIsPassedOver() throws {
        let appleDouble: [UInt8] = [0, 5, 0x16, 7, 0, 2, 0, 0] + Array("Mac OS X        ".utf8)
        let zip: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 40)
        let good = SnapshotText().bytes
        for (name, bytes) in [
            ("$RECYCLE.BIN/S-1-5-21/$R1.jsonl.gz", good), (".DS_Store", [0, 0, 0, 1]),
            (".Trash-1000/files/x.jsonl", good), ("._x.jsonl.gz", appleDouble),
            ("System Volume Information/x.jsonl", good), ("a.jsonl", good), ("notes.txt", []),
            ("photos.zip", zip), ("x.jsonl.gz.5e6f7a8b.partial", []),
            ("x.jsonl.sha256", Array("00  x.jsonl\n".utf8)),
        ] as [(String, [UInt8])] { try directory.write(bytes, to: "stick/\(name)") }
        try FileManager.default.createSymbolicLink(
            atPath: directory.path.appending("stick/x.jsonl").string,
            withDestinationPath: "a.jsonl")
        let unasked = [
            "skipped stick/x.jsonl: a symbolic link",
            "skipped stick/x.jsonl.gz.5e6f7a8b.partial: "
                + "a snapshot that census snap did not finish",
        ]
        let asked = [
            "skipped stick/$RECYCLE.BIN/S-1-5-21/$R1.jsonl.gz: in a trash folder",
            "skipped stick/.DS_Store: not a snapshot's name",
            "skipped stick/.Trash-1000/files/x.jsonl: in a trash folder",
            "skipped stick/._x.jsonl.gz: this is macOS metadata (AppleDouble)",
            "skipped stick/System Volume Information/x.jsonl: "
                + "in a folder of the operating system",
            "skipped stick/notes.txt: not a snapshot", unasked[0], unasked[1],
            "skipped stick/x.jsonl.sha256: not a snapshot",
        ]
        let archive = "this is a zip archive; unpack it and give the folder"
        for (option, lines) in [([], unasked), (["--verbose"], asked)] {
            let verify = try census("verify", "stick", options: option)
            #expect(
                verify.output == """
                    complete    stick/a.jsonl: 1 snapshot
                    unsupported stick/photos.zip: \(archive)

                    """)
            #expect(
                verify.error.split(separator: "\n").map(String.init) == lines + [
                    "2 files: 1 complete, 1 unsupported, 9 other files skipped"
                ])
            let ingest = try census("ingest", "stick", "--limit", "0", options: option)
            #expect(ingest.status == 2)
            let told = ingest.error.split(separator: "\n").map(String.init)
            #expect(told.dropLast() == lines + ["stick/photos.zip: \(archive)"])
            #expect(told.last?.hasSuffix(", 1 file rejected, 9 other files skipped") == true)
        }
        let quiet = try census("ingest", "--quiet", "stick")
        #expect(quiet.error == "stick/photos.zip: \(archive)\n")
        // A file named by the user is read, wherever it is.
        let named = try census(
            "verify", "stick/.Trash-1000", "stick/$RECYCLE.BIN/S-1-5-21/$R1.jsonl.gz",
            "stick/x.jsonl", "stick/._x.jsonl.gz")
        #expect(
            named.output == """
                complete    stick/.Trash-1000/files/x.jsonl: 1 snapshot
                complete    stick/$RECYCLE.BIN/S-1-5-21/$R1.jsonl.gz: 1 snapshot
                complete    stick/x.jsonl: 1 snapshot
                corrupt     stick/._x.jsonl.gz: this is macOS metadata (AppleDouble); \
                give the file beside it

                """)
    }

    /// One that was ended half-way, given by name.
    @Test func whatSnapDidNotFinish() throws {
        let bytes = SnapshotText().bytes
        try directory.write(bytes.dropLast(9), to: "x.jsonl.gz.1a2b3c4d.partial")
        try directory.write(bytes, to: "y.jsonl.gz.1a2b3c4d.partial")
        let result = try census(
            "verify", "x.jsonl.gz.1a2b3c4d.partial", "y.jsonl.gz.1a2b3c4d.partial")
        #expect(
            result.output == """
                truncated   x.jsonl.gz.1a2b3c4d.partial: line 6: census snap did not finish this \
                snapshot: the line is incomplete
                complete    y.jsonl.gz.1a2b3c4d.partial: 1 snapshot

                """)
    }

    /// An empty mount point is an error.
    @Test(arguments: [
        (["empty"], ["empty"]), (["empty", "notes"], ["empty", "notes"]), (["notes/"], ["notes/"]),
        (["--csv", "out", "--quiet", "empty"], ["empty"]),
    ])
    func nothingToLoad(arguments: [String], named: [String]) throws {
        try directory.write([], to: "notes/a.txt")
        try FileManager.default.createDirectory(
            atPath: directory.path.appending("empty/more").string, withIntermediateDirectories: true
        )
        let error = named.map { "no snapshot file in \($0)\n" }.joined()
        for database in ["none.sqlite", "there.sqlite"] {
            if database == "there.sqlite" {
                try directory.write(SnapshotText().bytes, to: "a.jsonl")
                #expect(try census("ingest", "--quiet", "--db", database, "a.jsonl").status == 0)
            }
            let result = try run(
                TestSupport.census, ["ingest", "--db", database] + arguments, in: directory.path)
            #expect((result.status, result.output, result.error) == (2, "", error))
        }
        #expect(try directory.names() == ["a.jsonl", "empty", "notes", "there.sqlite"])
        let verified = try run(
            TestSupport.census, ["verify"] + named, in: directory.path)
        #expect(
            (verified.status, verified.output, verified.error.hasPrefix(error)) == (2, "", true))
    }

    /// Each path is checked separately.
    @Test func oneOfTheSticksIsEmpty() throws {
        try directory.write(SnapshotText().bytes, to: "one/a.jsonl")
        try directory.write([], to: "two/notes.txt")
        let named = "no snapshot file in two\n"
        let result = try census("ingest", "--quiet", "one", "two")
        #expect((result.status, result.output, result.error) == (2, "", named))
        let loaded = try run(
            "sqlite3", ["census.sqlite", "SELECT COUNT(*) FROM Executions"], in: directory.path)
        #expect(loaded.output == "1\n")
        let verified = try census("verify", "two", "one")
        #expect(verified.status == 2)
        #expect(verified.output == "complete    one/a.jsonl: 1 snapshot\n")
        #expect(verified.error.hasPrefix(named + "1 file: 1 complete"))
        #expect(try census("ingest", "--quiet", "one", "one/a.jsonl").status == 0)
        #expect(try census("verify", "one").status == 0)
    }

    @Test func standardInputWithNothingInIt() throws {
        let result = try census("ingest", "--quiet", "-")
        #expect((result.status, result.output, result.error) == (2, "", "-: the file is empty\n"))
        let verified = try census("verify", "-")
        #expect(verified.status == 2)
    }

    @Test func whatCannotBeDone() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        try directory.write(Array(repeating: 65, count: 4096), to: "text")
        let cases: [(arguments: [String], status: Int32, error: String)] = [
            (["ingest", "nowhere"], 1, "census: cannot read nowhere: No such file or directory\n"),
            (
                ["ingest", "a.jsonl", "--db", "text"], 1,
                "census: text: this is not a census database\n"
            ),
            (
                ["ingest", "a.jsonl", "--db", "no/x"], 1,
                "census: no/x: No such file or directory\n"
            ),
            (
                ["ingest", "a.jsonl", "--csv", "no/where"], 1,
                "census: cannot create no/where: No such file or directory\n"
            ),
            (["report", "--db", "none"], 1, "census: none: No such file or directory\n"),
        ]
        for (arguments, status, error) in cases {
            let result = try run(TestSupport.census, arguments, in: directory.path)
            #expect(result.status == status)
            #expect(result.error == error)
            #expect(result.output == "")
        }
        // Nothing was begun.
        #expect(try directory.names() == ["a.jsonl", "text"])
    }

    @Test(arguments: [
        ["ingest"], ["report", "6"], ["report", "x"], ["report", "--format", "xml"],
        ["report", "--format", "csv"], ["report", "--limit", "-1"], ["snap", "extra"],
        ["snap", "-d", ".", "-o", "x"], ["ingest", "--db", "mysql://desk", "."],
        ["ingest", "--db", "mysql://anna:secret@desk/census", "."],
        ["ingest", "--db", "", "."], ["nonsense"], ["snap", "-o", "dir/"], ["snap", "-o", ""],
        ["ingest", "--quiet", "--verbose", "."], ["snap", "--root", ""],
        ["snap", "--host-id", String(repeating: "x", count: 256)],
    ])
    func wrongUsage(arguments: [String]) throws {
        let result = try run(TestSupport.census, arguments, in: directory.path)
        #expect(result.status == 64)
        #expect(result.output == "")
        #expect(result.error.hasPrefix("census: "))
        #expect(try directory.names() == [])
    }

    @Test func theDatabaseMayComeFromTheEnvironment() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        let result = try run(
            TestSupport.census, ["ingest", "a.jsonl"], in: directory.path,
            environment: ["CENSUS_DB": "named.sqlite"])
        #expect(result.status == 0)
        #expect(try directory.names() == ["a.jsonl", "named.sqlite"])
    }

    @Test func whoWaitsForInputKeepsNobodyWaiting() throws {
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        let other = SnapshotText(id: "00000000-0000-4000-8000-000000000001", hostID: "other")
        try directory.write(other.bytes, to: "b.jsonl")
        let result = try run(
            "bash",
            [
                "-c",
                """
                mkfifo pipe
                "$census" ingest --quiet - <pipe & waiting=$!
                exec 3>pipe
                sleep 1.5  # longer than it waits before it gives up the database
                "$census" ingest --quiet a.jsonl || echo "failed"
                cat b.jsonl >&3
                "$census" ingest --quiet a.jsonl || echo "failed"
                exec 3>&-
                wait $waiting && sqlite3 census.sqlite 'SELECT Host_ID FROM Servers'
                """,
            ], in: directory.path, environment: ["census": TestSupport.census])
        #expect((result.status, result.output, result.error) == (0, "host-1\nother\n", ""))
    }

    @Test func severalMayIngestAndReadAtOnce() throws {
        for number in 10..<40 {
            let text = SnapshotText(
                id: "00000000-0000-4000-8000-0000000000\(number)", hostID: "h\(number)",
                processes: (0..<500).map {
                    #"{"record":"process","pid":\#($0),"name":"p\#($0 % 31)"}"#
                })
            try directory.write(text.bytes, to: "\(number % 3)/\(number).jsonl")
        }
        let result = try run(
            "bash",
            [
                "-c",
                """
                "$census" ingest --quiet 0 || exit
                for sticks in '0 1' '1 2' '2 0' '0 1 2'; do "$census" ingest --quiet $sticks & done
                for _ in 1 2 3 4 5; do "$census" report 4 >/dev/null & done
                for job in $(jobs -p); do wait $job || echo "failed: $?"; done
                sqlite3 census.sqlite 'PRAGMA integrity_check; SELECT COUNT(*) FROM Executions;
                    SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION; SELECT COUNT(*) FROM Processes;
                    SELECT COUNT(*), COUNT(DISTINCT Verdict) FROM Receipts'
                """,
            ], in: directory.path, environment: ["census": TestSupport.census])
        #expect(result.error == "")
        #expect(result.output == "ok\n30\n15000\n500\n100|2\n")
    }

    @Test func aReaderOfMessagesThatGoesAwayDoesNotStopTheLoading() throws {
        for number in 0..<50 { try directory.write([], to: "stick/a\(number).jsonl") }
        try directory.write(SnapshotText().bytes, to: "stick/b.jsonl")
        let result = try run(
            "bash", ["-c", #""$census" ingest stick 2>&1 >/dev/null | head -n 1"#],
            in: directory.path, environment: ["census": TestSupport.census])
        #expect(result.output == "stick/a0.jsonl: the file is empty\n")
        let loaded = try run(
            "sqlite3", ["census.sqlite", "SELECT COUNT(*) FROM Executions"], in: directory.path)
        #expect(loaded.output == "1\n")
    }

    @Test func aPathCannotForgeAMessage() throws {
        let result = try census("ingest", "no\nFAKE: all is well")
        #expect(
            result.error
                == "census: cannot read no\\nFAKE: all is well: No such file or directory\n")
    }
}
