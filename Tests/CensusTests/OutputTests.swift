import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Output never destroys data.
@Suite struct OutputTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let ingest = try run(
            TestSupport.census, ["ingest", "--quiet", referenceFleet.string], in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
    }

    private func census(
        _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> RunResult {
        try run(
            TestSupport.census, arguments, in: directory.path, input: input,
            environment: environment)
    }

    private func bash(_ script: String) throws -> RunResult {
        try run(
            "bash", ["-c", script], in: directory.path,
            environment: ["census": TestSupport.census])
    }

    /// Names, kinds, contents and link targets of all files, for comparison.
    private func state() throws -> String {
        try bash(
            #"find . -mindepth 1 -printf '%p %y %i %l\n' | sort; find . -type f | sort | xargs -d '\n' sha256sum"#
        ).output
    }

    /// Commands that write each kind of output to a file of that name.
    private static let writers = [
        "report 3 --format csv -o NAME", "report 3 --format json -o NAME", "report 3 -o NAME",
        "report --format html -o NAME", "snap -o NAME",
    ]

    /// Files that are never overwritten, how they are created, and the messages about them.
    private static let occupants: [(make: String, reason: String)] = [
        ("ln census.sqlite NAME", "it is the database in use"),
        ("cp census.sqlite NAME", "it is an SQLite database"),
        ("ln -s census.sqlite NAME", "it is a symbolic link"),
        ("ln -s nowhere NAME", "it is a symbolic link"),
        (#""$census" report 3 --format csv -o t; ln -s t NAME"#, "it is a symbolic link"),
        ("mkfifo NAME", "it is a FIFO"),
        (
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"NAME\")'",
            "it is a socket"
        ),
    ]

    @Test(arguments: writers, occupants)
    func isNeverOverwritten(_ writer: String, _ occupant: (make: String, reason: String)) throws {
        let name = "out.txt"
        #expect(try bash(occupant.make.replacing("NAME", with: name)).status == 0)
        let before = try state()
        let command = writer.replacing("NAME", with: name).split(separator: " ").map(String.init)
        for arguments in [command, command + ["--force"]] {
            if arguments.last == "--force" && command[0] == "snap" { continue }
            let result = try run(TestSupport.census, arguments, in: directory.path)
            #expect(result.status == 1)
            #expect(result.output == "")
            if command[0] == "snap" && occupant.reason.contains("database") {
                #expect(result.error == "census: cannot create out.txt: File exists\n")
            } else {
                #expect(
                    result.error.hasPrefix("census: cannot write out.txt: \(occupant.reason); "))
                #expect(result.error.split(separator: "\n").count == 1)
            }
            #expect(try state() == before)
        }
    }

    /// Character and block devices, as /dev/stdout and a disk are.
    @Test(
        .enabled("mknod(2) is not allowed here") {
            let directory = try TemporaryDirectory()
            return mknod(directory.path.appending("x").string, S_IFCHR | 0o600, 0x103) == 0
        }, arguments: writers, ["c 1 3", "b 7 255"])
    func devicesAreNeverOverwritten(_ writer: String, _ device: String) throws {
        #expect(try bash("mknod device \(device)").status == 0)
        let before = try state()
        let arguments = writer.replacing("NAME", with: "device").split(separator: " ")
        let result = try run(TestSupport.census, arguments.map(String.init), in: directory.path)
        let kind = device.hasPrefix("c") ? "character" : "block"
        #expect(result.status == 1)
        #expect(
            result.error
                == "census: cannot write device: it is a \(kind) device; give the name of a file, or "
                + "- for standard output\n")
        #expect(try state() == before)
    }

    /// Names of the database, and of what SQLite makes beside it, whether it is there or not.
    @Test(arguments: [
        ("census.sqlite", "the database in use"), ("./census.sqlite", "the database in use"),
        ("sub/../census.sqlite", "the database in use"),
        ("away/census.sqlite", "the database in use"),
        ("census.sqlite-journal", "the journal of the database in use"),
        ("sub/../census.sqlite-wal", "the write-ahead log of the database in use"),
        ("away/census.sqlite-shm", "the shared memory of the database in use"),
    ])
    func theDatabaseIsNeverOverwritten(_ name: String, _ use: String) throws {
        #expect(try bash("mkdir sub; ln -s . away; ln -s census.sqlite link").status == 0)
        let before = try state()
        for writer in Self.writers where !writer.hasPrefix("snap") {
            let command = writer.replacing("NAME", with: name).split(separator: " ")
                .map(String.init)
            for (more, environment) in [
                (["--force"], [:]), (["--db", "link", "--force"], [:]),
                (["--force"], ["CENSUS_DB": "sub/../link"]),
            ] as [([String], [String: String])] {
                let result = try run(
                    TestSupport.census, command + more, in: directory.path,
                    environment: environment)
                #expect(result.status == 1)
                #expect(
                    result.error
                        == "census: cannot write \(name): it is \(use); give another name\n")
                #expect(try state() == before)
            }
        }
    }

    /// Files that are not an earlier output of the same kind, and the messages about them.
    private static let strangers: [(bytes: String, isEmpty: Bool)] = [
        ("", true), ("mine\n", false), ("Server_ID,Exec_date\r\n1,2\r\n", false),
        ("Server_ID,Exec_date,Procesos Ejecutando,Mine\r\n", false),
        ("<!DOCTYPE html>\n<title>mine</title>\n", false),
        ("<!DOCTYPE html>\n<meta name=\"generator\" content=\"other 1.0\">\n", false),
        ("[]", false), ("[{}]\n", false), ("{}\n", false), ("[\n{\"Server_ID\": 1}\n]\n", false),
        ("{\n\"test_1\": []\n}\n", false), ("Test 3: mine\n", false),
        ("+---+\n| a |\n+---+\n", false), ("Empty set\nmine\n", false),
        ("Empty set\n\nmine\n", false), ("[]\nmine\n[]\n", false),
        ("1 row in set, the first 0 shown and 1 more (--limit all shows them)\nmine\n", false),
        ("Test 4: How many processes ran, per server and execution\nEmpty set\n", false),
    ]

    @Test(arguments: writers, strangers)
    func filesOfOthersAreOverwrittenOnlyByForce(
        _ writer: String, _ stranger: (bytes: String, isEmpty: Bool)
    ) throws {
        try directory.write(stranger.bytes.utf8, to: "out")
        let before = try state()
        let command = writer.replacing("NAME", with: "out").split(separator: " ").map(String.init)
        let result = try run(TestSupport.census, command, in: directory.path)
        #expect(result.status == 1)
        if command[0] == "snap" {
            #expect(result.error == "census: cannot create out: File exists\n")
        } else {
            let reason =
                stranger.isEmpty ? "an empty file not written by census" : "not an earlier "
            #expect(result.error.hasPrefix("census: cannot write out: it is \(reason)"))
            #expect(result.error.hasSuffix("; give another name, or use --force to overwrite it\n"))
        }
        #expect(try state() == before)
        if command[0] == "snap" { return }
        let forced = try run(TestSupport.census, command + ["--force"], in: directory.path)
        #expect(forced.status == 0)
        #expect(try directory.read("out").count > 1000)
    }

    /// `bare.sqlite` knows of no process and of no user.
    private static let rows = ["", "--db bare.sqlite", "--limit 0", "--limit 3"]

    /// A run overwrites the output of another run of the same kind, but not of another kind.
    @Test(arguments: ["csv", "json", "jsonl", "markdown", "table", "vertical"], rows)
    func earlierOutputsAreOverwritten(_ format: String, _ rows: String) throws {
        let options = ["--format", format] + rows.split(separator: " ").map(String.init)
        try directory.write(SnapshotText(processes: []).bytes, to: "bare.jsonl")
        let bare = ["ingest", "--quiet", "--db", "bare.sqlite", "bare.jsonl"]
        #expect(try run(TestSupport.census, bare, in: directory.path).status == 0)
        let isOfOneReport = ["csv", "jsonl"].contains(format)
        let suffix = ["table": "txt", "vertical": "txt", "markdown": "md"][format] ?? format
        for reports in [["3"], ["1", "3"]] where !isOfOneReport || reports.count == 1 {
            let name = "out\(reports.count).\(suffix)"
            func write(_ arguments: [String]) throws -> RunResult {
                try run(
                    TestSupport.census, ["report"] + arguments + ["-o", name], in: directory.path)
            }
            #expect(try write(reports + options).status == 0)
            let first = try directory.read(name)
            #expect(
                try run(TestSupport.census, ["report"] + reports + options, in: directory.path)
                    .outputBytes == first)
            #expect(try write(reports + ["--format", format]).status == 0)
            #expect(try write(reports + options).status == 0)
            #expect(try directory.read(name) == first)
            if first.isEmpty { continue }  // JSON Lines of no rows
            let other = try write((reports.count == 1 ? ["4"] : ["2", "5"]) + options)
            #expect(other.status == 1)
            #expect(try directory.read(name) == first)
        }
        // The same in a directory.
        func write(_ options: [String]) throws {
            let result = try run(
                TestSupport.census, ["report", "-o", "reports"] + options, in: directory.path)
            #expect(result.status == 0)
            let files = try FileManager.default.contentsOfDirectory(
                atPath: directory.path.appending("reports").string)
            #expect(files.count == 5)
        }
        try write(options)
        try write(["--format", format])
        try write(options)
    }

    /// All files of a run are checked before any is written.
    @Test func allOrNone() throws {
        try directory.write("mine".utf8, to: "out/test_5.csv")
        try directory.write("mine".utf8, to: "audit_test_3.csv")
        try directory.write("mine".utf8, to: "audit_test_1.csv")  // the page has all of its rows
        let before = try state()
        for (command, file) in [
            (["report", "--format", "csv", "-o", "out"], "out/test_5.csv"),
            (["ingest", "--csv", "out", referenceFleet.string], "out/test_5.csv"),
            (["report", "--format", "html", "-o", "audit.html"], "audit_test_3.csv"),
        ] {
            let result = try run(TestSupport.census, command, in: directory.path)
            #expect((result.status, result.output) == (1, ""))
            #expect(
                result.error.hasPrefix("census: cannot write \(file): it is not an earlier CSV"))
            #expect(result.error.hasSuffix("; move it away, or use --force to overwrite it\n"))
            #expect(try state() == before)
        }
        #expect(
            try census("report", "--format", "html", "-o", "audit.html", "--limit", "2000").status
                == 0)
        #expect(try directory.read("audit_test_1.csv") == Array("mine".utf8))
        #expect(try census("ingest", "--csv", "out", "--force", referenceFleet.string).status == 0)
        #expect(try directory.names().allSatisfy { !$0.hasSuffix(".partial") })
    }

    /// A directory that was made for files that then were not written is not left behind.
    @Test func noDirectoryIsLeftBehind() throws {
        try directory.write("no database".utf8, to: "text")
        let before = try state()
        let result = try census("ingest", "--csv", "new", "--db", "text", referenceFleet.string)
        #expect(result.status == 1)
        #expect(try state() == before)
    }

    /// Evidence is not overwritten while it is read, whatever `--force` says, nor made a database.
    @Test func evidenceIsNeverWrittenTo() throws {
        let script = """
            mkdir csv
            cp '\(referenceFleet)'/ivan*.jsonl csv/test_3.csv
            : >empty.jsonl; ln empty.jsonl other; mkfifo fifo
            """
        #expect(try bash(script).status == 0)
        let before = try state()
        func expect(_ result: RunResult, _ error: String) throws {
            #expect((result.status, result.output) == (1, ""))
            #expect(result.error == "census: \(error)\n")
            #expect(try state() == before)
        }
        try expect(
            census("ingest", "--csv", "csv", "--force", "--db", "new", "csv/test_3.csv"),
            "cannot write csv/test_3.csv: it is the evidence file csv/test_3.csv; give another place"
        )
        for database in ["empty.jsonl", "./empty.jsonl", "other"] {
            try expect(
                census("ingest", "--db", database, "."),
                "cannot write \(database): the database would be written to the evidence file "
                    + "./empty.jsonl; give --db another name")
        }
        try expect(
            census("ingest", "empty.jsonl", environment: ["CENSUS_DB": "other"]),
            "cannot write other: the database would be written to the evidence file empty.jsonl; "
                + "give --db another name")
        try expect(
            bash(#""$census" ingest --db other - <empty.jsonl"#),
            "cannot write other: the database would be written to the evidence on standard input; "
                + "give --db another name")
        try expect(
            bash(#": >x-journal; "$census" ingest --db x x-journal; s=$?; rm x-journal; exit $s"#),
            "cannot write x: the database would be written to the evidence file x-journal; give --db "
                + "another name")
    }

    /// Neither is a database: nothing is waited for, nothing goes nowhere.
    @Test(arguments: [
        ("fifo", "a FIFO"), ("/dev/null", "a character device"), (".", "a directory"),
        ("link", "a FIFO"),
    ])
    func aDatabaseIsARegularFile(_ name: String, _ kind: String) throws {
        #expect(try bash("mkfifo fifo; ln -s fifo link").status == 0)
        for command in [
            ["ingest", referenceFleet.string], ["report"], ["diff"], ["coverage"],
        ] {
            let result = try run(
                TestSupport.census, command + ["--db", name], in: directory.path)
            #expect(result.status == (["diff", "coverage"].contains(command[0]) ? 2 : 1))
            #expect(
                result.error
                    == "census: \(name): it is \(kind), not a regular file; give another name\n")
        }
    }

    /// SQLite would delete what is no journal of its own.
    @Test(arguments: ["-journal", "-wal"]) func filesBesideTheDatabaseStay(_ suffix: String) throws
    {
        for database in ["census.sqlite", "new"] {
            try directory.write("keep me".utf8, to: database + suffix)
            let before = try state()
            for command in [["ingest", referenceFleet.string], ["report", "2"]] {
                let result = try run(
                    TestSupport.census, command + ["--db", database], in: directory.path)
                #expect(result.status == 1)
                #expect(
                    result.error
                        == "census: \(database): \(database)\(suffix) is not a journal of SQLite, "
                        + "which would delete it; move that file away, or give another name\n")
                #expect(try state() == before)
            }
        }
    }

    /// Standard output is never redirected to an input file.
    @Test(arguments: [
        (#""$census" report 3 --format csv >>census.sqlite"#, 1),
        (#""$census" report 3 --format csv 1<>census.sqlite"#, 1),
        (#""$census" diff >>census.sqlite"#, 2), (#""$census" coverage >>census.sqlite"#, 2),
        (#""$census" coverage --expected list >>list"#, 2),
        (#""$census" check --rules list >>list"#, 64),
        (#""$census" verify evidence.jsonl --format csv >>evidence.jsonl"#, 1),
        (#""$census" ingest evidence.jsonl >>evidence.jsonl"#, 1),
        (#""$census" report 3 2>>census.sqlite"#, 1), (#""$census" diff 2>>census.sqlite"#, 2),
    ])
    func streamsThatLeadToAFileInUse(_ script: String, _ status: Int32) throws {
        try directory.write(SnapshotText().bytes, to: "evidence.jsonl")
        try directory.write("host\nivan-pc\n".utf8, to: "list")
        let before = try state()
        let result = try bash(script)
        #expect(result.status == status)
        #expect(try state() == before)
    }

    @Test func aFullDiskLeavesWhatWasThere() throws {
        let script = """
            "$census" report 3 --format csv -o out.csv && cp out.csv before.csv
            trap '' XFSZ; ulimit -f 8
            "$census" report 3 --format csv -o out.csv; echo $?
            "$census" report --format html -o p.html; echo $?
            ulimit -f unlimited 2>/dev/null; cmp out.csv before.csv && ls
            """
        let result = try bash(script)
        #expect(
            result.output == "1\n1\nbefore.csv\ncensus.sqlite\nout.csv\n")
        #expect(
            result.error
                == "census: cannot write out.csv: File too large\n"
                + "census: cannot write p.html: File too large\n")
    }
}
