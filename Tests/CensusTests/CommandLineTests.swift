import SystemPackage
import TestSupport
import Testing

/// The help and version output, and the messages about unknown words.
@Suite struct CommandLineTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write([], to: "evidence/web-01.jsonl.gz")
        try directory.write([], to: "audit.sqlite")
    }

    private func census(_ arguments: [String]) throws -> RunResult {
        try run(
            TestSupport.census, arguments, in: directory.path, environment: ["CENSUS_DB": ""])
    }

    @Test(arguments: [
        ("snp", "No such command 'snp'. Did you mean 'snap'?"),
        ("vrify evidence", "No such command 'vrify'. Did you mean 'verify'?"),
        ("lsit", "No such command 'lsit'. Did you mean 'list'?"),
        ("help lsit", "No such command 'lsit'. Did you mean 'list'?"),
        ("lsit --db x", "No such command 'lsit'. Did you mean 'list'?"),
        ("help inget", "No such command 'inget'. Did you mean 'ingest'?"),
        ("frobnicate", "No such command 'frobnicate'."),
        ("lsit --help", "No such command 'lsit'. Did you mean 'list'?"),
        ("frobnicate -h", "No such command 'frobnicate'."),
        ("help frobnicate", "No such command 'frobnicate'."),
        ("list hsots", "The value 'hsots' is invalid for '<subject>'. Did you mean 'hosts'?"),
        ("--versoin", "Unknown option '--versoin'. Did you mean '--version'?"),
        ("report --fromat csv", "Unknown option '--fromat'. Did you mean '--format'?"),
        ("report --Format=csv 1", "Unknown option '--Format'. Did you mean '--format'?"),
        ("report -format csv", "Unknown option '-format'. Did you mean '--format'?"),
        ("verify --max-nmae 3 x", "Unknown option '--max-nmae'. Did you mean '--max-name'?"),
        ("verify --quiet x", "Unknown option '--quiet', which other commands have: ingest."),
        (
            "diff --since 2026-01-01",
            "Unknown option '--since', which other commands have: list, find, report, check, export."
        ),
        (
            "--latest",
            "Unknown option '--latest', which other commands have: list, find, report, check, export."
        ),
        // No option is near enough.
        ("report 1 --csw", "Unknown option '--csw'"),
        ("report --format cvs", "The value 'cvs' is invalid for '--format'. Did you mean 'csv'?"),
        (
            "report --format xml",
            "The value 'xml' is invalid for '--format <format>'. Please provide one of the following:"
        ),
    ])
    func aMistypedWordGetsASuggestion(_ line: String, _ complaint: String) throws {
        let result = try census(line.split(separator: " ").map(String.init))
        #expect(result.status == 64)
        #expect(result.output == "")
        let lines = result.error.split(separator: "\n")
        #expect(lines.first == "census: \(complaint)")
        #expect(lines.contains { $0.hasPrefix("Usage: census ") })
        #expect(lines.last?.hasPrefix("  See 'census ") == true)
    }

    /// Also where a command finds it out after all arguments were read.
    @Test func wrongUsageNamesTheCommand() throws {
        try directory.write("age1x\n".utf8, to: "key.txt")
        for line in [
            "verify --identity key.txt evidence", "snap -R audit.sqlite -o x.jsonl.gz.age",
        ] {
            let words = line.split(separator: " ").map(String.init)
            let result = try census(words)
            #expect(result.status == 64, "\(line)")
            let lines = result.error.split(separator: "\n")
            #expect(
                lines.contains { $0.hasPrefix("Usage: census \(words[0]) ") }, "\(result.error)")
            #expect(lines.last == "  See 'census \(words[0]) --help' for more information.")
        }
    }

    @Test(arguments: [
        (
            ["verify", "evidence/wbe-01.jsonl.gz"], "cannot read evidence/wbe-01.jsonl.gz",
            "evidence/web-01.jsonl.gz"
        ),
        (
            ["ingest", "./evidnce/web-01.jsonl"], "cannot read ./evidnce/web-01.jsonl",
            "./evidence/web-01.jsonl.gz"
        ),
        (["snap", "-o", "evdence/x.jsonl.gz"], "cannot create evdence/x.jsonl.gz", "evidence"),
        (["report", "--db", "audti.sqlite"], "audti.sqlite", "audit.sqlite"),
        (["verify", "elsewhere"], "cannot read elsewhere", nil),
        (["verify", "elsewhere/web-01.jsonl.gz"], "cannot read elsewhere/web-01.jsonl.gz", nil),
        (["report", "--db", "x"], "x", nil),
    ])
    func aMistypedFileGetsASuggestion(
        _ arguments: [String], _ complaint: String, _ meant: String?
    ) throws {
        let result = try census(arguments)
        #expect(result.status == 1)
        #expect(result.output == "")
        let suggestion = meant.map { ". Did you mean '\($0)'?" } ?? ""
        #expect(result.error == "census: \(complaint): No such file or directory\(suggestion)\n")
    }

    @Test func theVersionTellsTheCommitAndTheLibraries() throws {
        let result = try census(["--version"])
        #expect(result.status == 0)
        let text = /census \d+\.\d+\.\d+ \((unknown|\S*[0-9a-f]{8,}(-dirty)?)\)\n(.*)\n/
        let match = try #require(result.output.wholeMatch(of: text))
        let sqlite = try run("sqlite3", ["--version"]).output.prefix { $0 != " " }
        let libraries = match.3.split(separator: ", ").map(String.init)
        #expect(libraries.first == "SQLite \(sqlite)")
        var expected = ["zlib", "libdeflate"]
        #if MySQL
            expected.append("MariaDB Connector/C")
        #endif
        #if Spreadsheet
            expected.append("libxlsxwriter")
        #endif
        #expect(
            libraries.dropFirst().map { $0.replacing(#/ [0-9.]+$/#, with: "") } == expected)
    }

    @Test(arguments: commandNames) func eachCommandHasExamplesThatItTakes(_ command: String) throws
    {
        let help = try census(["help", command]).output
        let examples = help.split(separator: "\n").filter { $0.hasPrefix("  census ") }
        #expect(examples.count >= 2)
        // Each example with an unknown option is rejected for that option only.
        for example in examples {
            let words = example.prefix { !">|".contains($0) }.split(separator: " ").dropFirst()
            let result = try census(words.map(String.init) + ["--no-such-option"])
            #expect(result.error.hasPrefix("census: Unknown option '--no-such-option'\n"))
        }
    }

    /// What a command is mostly used with comes first, whatever way its help is asked for.
    @Test(arguments: commandNames) func theMainOptionsComeFirst(_ command: String) throws {
        let help = try census(["help", command])
        #expect(help.status == 0)
        let lines = help.output.split(separator: "\n", omittingEmptySubsequences: false)
        let sections = lines.drop { !$0.hasPrefix("USAGE: ") }.filter {
            $0.last == ":" && $0 == $0.uppercased() && $0.first != " "
        }
        #expect(sections.first { $0 != "ARGUMENTS:" } == "OPTIONS:", "\(sections)")
        #expect(sections.count == Set(sections).count)
        // None is lost.
        let options = help.output.split(whereSeparator: { !($0.isLetter || $0 == "-") })
        let usage = help.output.split(separator: "USAGE: ")[1].split(separator: "\n\n")[0]
        for match in usage.matches(of: /--[a-z0-9-]+/) where command != "manual" {
            #expect(options.count { $0 == match.output } >= 2, "\(match.output)")
        }
        for arguments in [[command, "--help"], [command, "-h"]] {
            #expect(try census(arguments).output == help.output)
        }
    }

    /// A title that does not fit one line goes on in its column.
    @Test func theTitlesOfReportsStayInTheirColumn() throws {
        let help = try census(["help", "report"]).output
        let list = help.split(separator: "only by name:\n")[1].split(separator: "\n\n")[0]
        let lines = list.split(separator: "\n")
        let start = try #require(lines.first?.firstRange(of: /[ ]{2,}/)?.upperBound)
        let column = list.distance(from: list.startIndex, to: start)
        #expect(lines.contains { $0.hasPrefix(" ") })
        for line in lines {
            let (before, title) = (line.prefix(column), line.dropFirst(column))
            #expect(before.hasSuffix("  ") && title.first?.isWhitespace == false, "\(line)")
            #expect(line.count <= 80)
        }
    }

    @Test func aTerminalGetsNoColour() throws {
        for command in ["ingest --db x.sqlite '\(referenceFleet)'", "--help", "verify evidence"] {
            let result = try run(
                "script", ["-qc", "'\(TestSupport.census)' \(command)", "/dev/null"],
                in: directory.path)
            #expect(result.output.contains("\r\n"))
            #expect(!result.output.contains(/\x1B\[[0-9;]*m/))
        }
    }
}

/// The commands of the tested build, in the order of the help.
let commandNames: [String] = {
    var names = [
        "snap", "verify", "manifest", "ingest", "list", "show", "find", "report", "diff",
        "coverage",
    ]
    #if Rules
        names.append("check")
    #endif
    names += ["retract", "export"]
    return names
}()
