import Foundation
import SystemPackage
import TestSupport
import Testing

/// The destinations of `-o` and similar options.
@Suite struct DestinationTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        let ingest = try run(
            TestSupport.census, ["ingest", "--quiet", referenceFleet.string], in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
    }

    private func census(_ arguments: [String]) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    /// The files of a run, below the directory.
    @Test(arguments: [
        ("report 3 --format csv -o out.csv", ["out.csv"]),
        ("report 3 --format json -o out", ["out"]), ("report 3 3 -o a.b", ["a.b"]),
        ("report 3 --format csv -o new/", ["new/test_3.csv"]),
        ("report 3 --format csv -o there", ["there/test_3.csv"]),
        ("report 1 3 --format csv -o new", ["new/test_1.csv", "new/test_3.csv"]),
        ("report 1 3 --format json -o new", ["new/test_1.json", "new/test_3.json"]),
        ("report 1 3 --format json -o there", ["there/test_1.json", "there/test_3.json"]),
        ("report 1 3 --format json -o out.json", ["out.json"]),
        ("report 1 3 -o out.txt", ["out.txt"]), ("report 1 3 -o OUT.TXT", ["OUT.TXT"]),
        ("report 1 3 -o there.csv", ["there.csv/test_1.txt", "there.csv/test_3.txt"]),
        ("report 1 --format html --limit 2000 -o a.html", ["a.html"]),
    ])
    func files(_ command: String, _ files: [String]) throws {
        let setUp = try run("mkdir", ["there", "there.csv"], in: directory.path)
        #expect(setUp.status == 0)
        let result = try census(command.split(separator: " ").map(String.init))
        #expect((result.status, result.output, result.error) == (0, "", ""))
        let found = try run(
            "bash", ["-c", "find . -type f ! -name census.sqlite -printf '%P\\n' | sort"],
            in: directory.path)
        #expect(found.output.split(separator: "\n").map(String.init) == files)
    }

    /// A file is written in the format that is asked for, and what its name promises is another one.
    @Test(arguments: [
        ("list hosts -o hosts.CSV", "hosts.CSV is written as table, not as csv"),
        ("report 3 -o out.xlsx", "out.xlsx is written as table, not as xlsx"),
        ("show ale-laptop -o host.html", "host.html is written as text, not as html"),
        ("list hosts --format csv -o a.json", "a.json is written as csv, not as json"),
        ("report 3 --format jsonl -o a.ndjson", nil), ("report 3 --format jsonl -o a.jsonl", nil),
        ("list hosts --format csv -o a.txt", nil), ("list hosts -o a.out", nil),
    ])
    func aNameOfAnotherFormat(_ command: String, _ note: String?) throws {
        let result = try census(command.split(separator: " ").map(String.init))
        #expect(result.status == 0)
        #expect(result.error == (note.map { "\($0) (see --format)\n" } ?? ""))
    }

    /// `-` is standard output, and no file of that name.
    @Test(arguments: [
        "report 3 --format csv", "report 3 --format json", "report --format json", "report",
    ])
    func aDashIsStandardOutput(_ command: String) throws {
        let arguments = command.split(separator: " ").map(String.init)
        let plain = try census(arguments)
        let dash = try census(arguments + ["-o", "-"])
        #expect((dash.status, dash.error) == (0, plain.error))
        #expect(dash.outputBytes == plain.outputBytes)
        #expect(dash.outputBytes.count > 1000)
        #expect(try directory.names() == ["census.sqlite"])
    }

    @Test func aPageToStandardOutput() throws {
        let page = try census(["report", "--format", "html", "-o", "-"])
        #expect(page.status == 0)
        #expect(
            page.error == "test_3: 1229 more rows than the page shows (see --limit, or -o FILE)\n")
        #expect(page.output.hasPrefix("<!DOCTYPE html>\n") && page.output.hasSuffix("</html>\n"))
        #expect(!page.output.contains("test_3.csv"))
        #expect(page.output.contains("The first 500 of 1,729 rows.</span>"))
        #expect(try directory.names() == ["census.sqlite"])
        #expect(
            try census(["report", "--format", "html", "-o", "a.html", "--limit", "9999"]).status
                == 0)
        #expect(
            try census(["report", "--format", "html", "-o", "-", "--limit", "9999"]).outputBytes
                == directory.read("a.html"))
    }

    @Test(arguments: [
        (
            "report --format csv -o out.csv",
            "A CSV file holds one report: name it, such as census report 3 --format csv -o out.csv, or "
                + "give a directory, such as -o reports/."
        ),
        (
            "report -o out.csv",
            "-o out.csv has the extension of another format: give --format csv, or a directory, "
                + "such as -o reports/."
        ),
        (
            "report --format csv -o out.txt",
            "-o out.txt has the extension of another format: give --format table, or a directory, "
                + "such as -o reports/."
        ),
        ("report 3 --db -", "--db takes a database, not -."),
        (
            "report --format csv -o -",
            "CSV to standard output takes one report: name it, or give -d DIR for one file per report."
        ),
        (
            "ingest --csv - x",
            "--output-dir takes a directory; for standard output use census report 3 --format csv."
        ),
        ("snap -d -", "-d takes a directory; use -o - for standard output."),
    ])
    func wrongUsage(_ command: String, _ message: String) throws {
        let result = try census(command.split(separator: " ").map(String.init))
        #expect((result.status, result.output) == (64, ""))
        #expect(result.error.hasPrefix("census: \(message)\n"))
        #expect(try directory.names() == ["census.sqlite"])
    }

    @Test(arguments: [
        "report --format csv -o file", "report 3 -o file/", "ingest --csv file REFERENCE",
    ])
    func aFileIsNoDirectory(_ command: String) throws {
        try directory.write("mine".utf8, to: "file")
        let arguments = command.replacing("REFERENCE", with: referenceFleet.string)
        let result = try census(arguments.split(separator: " ").map(String.init))
        #expect((result.status, result.output) == (1, ""))
        #expect(
            result.error
                == "census: cannot write file: it is a regular file, not a directory; give the name of a directory\n"
        )
        #expect(try directory.read("file") == Array("mine".utf8))
    }

    /// Bytes that are not UTF-8 would name another file.
    @Test(arguments: [
        ("ingest --db $'x\\xff' .", 3, "x\\xFF"), ("ingest $'\\xe9.jsonl'", 2, "\\xE9.jsonl"),
        ("report --db=$'\\xff'", 2, "--db=\\xFF"), ("report 3 -o $'a\\\\\\xc3'", 4, "a\\\\\\xC3"),
        ("snap -d $'\\xff'", 3, "\\xFF"), ("verify $'\\xff'", 2, "\\xFF"),
        ("coverage --expected $'\\xff'", 3, "\\xFF"), ("check --rules $'\\xff'", 3, "\\xFF"),
        ("diff --host $'\\xff'", 3, "\\xFF"), ("help $'\\xff'", 2, "\\xFF"),
        ("$'\\xff'", 1, "\\xFF"),
        ("report --format html -o x --note $'\\xff'", 7, "\\xFF"),
    ])
    func argumentsAreUTF8(_ arguments: String, _ number: Int, _ shown: String) throws {
        let result = try run(
            "bash", ["-c", "\"$census\" \(arguments)"], in: directory.path,
            environment: ["census": TestSupport.census])
        #expect((result.status, result.output) == (64, ""))
        #expect(
            result.error
                == "census: argument \(number) is not UTF-8: \(shown); rename the file, or give the "
                + "directory it is in\n")
        #expect(try directory.names() == ["census.sqlite"])
    }

    @Test(
        arguments: ["report", "ingest .", "list hosts", "diff", "coverage", "check --rules x"]
            .filter {
                commandNames.contains(String($0.prefix { $0 != " " }))
            })
    func theVariableIsUTF8(_ command: String) throws {
        func run(_ more: String) throws -> RunResult {
            try TestSupport.run(
                "bash", ["-c", "CENSUS_DB=$'x\\xff' \"$census\" \(command) \(more)"],
                in: directory.path, environment: ["census": TestSupport.census])
        }
        let result = try run("")
        #expect((result.status, result.output) == (64, ""))
        #expect(
            result.error.hasPrefix(
                "census: $CENSUS_DB is not UTF-8: x\\xFF; give it another name.\n"))
        #expect(try directory.names() == ["census.sqlite"])
        #expect(try !run("--db census.sqlite").error.contains("CENSUS_DB"))
    }
}
