import TestSupport
import Testing

/// `census verify --files0-from`.
@Suite struct PathListTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for (number, name) in ["a.jsonl", "b c", "line\nfeed", "=1"].enumerated() {
            try directory.write(SnapshotText(id: uuid(number)).bytes, to: name)
        }
    }

    private func verify(_ arguments: [String], _ list: [UInt8] = []) throws -> RunResult {
        try run(census, ["verify"] + arguments, in: directory.path, input: list)
    }

    @Test func aList() throws {
        let list = Array("b c\0./line\nfeed\0=1\0".utf8)
        let result = try verify(["--format", "csv", "--files0-from", "-", "a.jsonl"], list)
        #expect(result.status == 0)
        #expect(result.error == "4 files: 4 complete\n")
        let rows = result.output.replacing("\r\n", with: "|").split(separator: "|")
        let starts = rows.map { String($0.prefix { $0 != "," }) }
        #expect(starts == ["Path", "a.jsonl", "b c", "\"./line\nfeed\"", "'=1"])
        try directory.write(list, to: "list")
        #expect(try verify(["--files0-from", "list"]).error == "3 files: 3 complete\n")
        // As its last name has none.
        #expect(
            try verify(["--files0-from", "-"], list.dropLast()).error == "3 files: 3 complete\n")
        try directory.write([], to: "list")
        let nothing = try verify(["--format", "csv", "--files0-from", "list"])
        #expect((nothing.status, nothing.error) == (2, "0 files\n"))
        #expect(nothing.output.hasPrefix("Path,Verdict,"))
    }

    @Test(arguments: [
        ([], "Missing expected argument '<path> ...'"),
        (["--files0-from", ""], "--files0-from is empty."),
        (
            ["--files0-from", "-", "-"],
            "standard input cannot be --files0-from and something else."
        ),
        (
            ["--files0-from", "-", "--known-hosts", "-"],
            "standard input cannot be --files0-from and something else."
        ),
    ])
    func wrongUsage(_ arguments: [String], _ message: String) throws {
        let result = try verify(arguments)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("census: \(message)\n"))
    }

    @Test func namesThatAreNone() throws {
        let bytes = try verify(["--files0-from", "-"], [0x61, 0xFF, 0])
        #expect((bytes.status, bytes.error) == (1, "census: standard input: not UTF-8: a\\xFF\n"))
        let dash = try verify(["--files0-from", "-"], Array("a.jsonl\0-\0".utf8))
        #expect(
            (dash.status, dash.error) == (1, "census: standard input: - is not a path in a list\n"))
        let missing = try verify(["--files0-from", "-"], Array("nothing\0".utf8))
        #expect(
            (missing.status, missing.error) == (
                1, "census: cannot read nothing: No such file or directory\n"
            ))
        // The list is no output.
        try directory.write(Array("a.jsonl\0".utf8), to: "list")
        let output = try verify(["--files0-from", "list", "--format", "csv", "-o", "list"])
        #expect(output.status == 1)
        #expect(try directory.read("list") == Array("a.jsonl\0".utf8))
    }

    /// A snapshot of a damaged file is nobody's, for `ingest` as for `verify`.
    @Test func theIDOfASnapshotInADamagedFile() throws {
        let text = SnapshotText()
        try directory.write(text.bytes + [UInt8(ascii: "{")], to: "more/1.jsonl")
        try directory.write(SnapshotText(hostname: "other").bytes, to: "more/2.jsonl")
        let result = try verify(["more"])
        #expect(
            result.output == """
                truncated   more/1.jsonl: line 7: the line is incomplete
                complete    more/2.jsonl: 1 snapshot

                """)
        let ingest = try run(census, ["ingest", "--quiet", "more"], in: directory.path)
        #expect(ingest.error == "more/1.jsonl: line 7: the line is incomplete\n")
    }
}
