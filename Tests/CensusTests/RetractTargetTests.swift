import SystemPackage
import TestSupport
import Testing

/// What a file means to `census retract`: one content, and not all that ever had its name.
@Suite struct RetractTargetTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    private func load(_ number: Int, _ path: String) throws -> String {
        let text = SnapshotText(id: uuid(number), hostID: "h\(number)", hostname: "host-\(number)")
        try directory.write(text.bytes, to: path)
        let ingest = try census("ingest", "--quiet", path)
        try #require(ingest.status == 0, "\(ingest.error)")
        return String(try run("sha256sum", [path], in: directory.path).output.prefix(64))
    }

    private func executions() throws -> String {
        try run(
            "sqlite3", ["census.sqlite", "SELECT group_concat(Execution_ID) FROM Executions"],
            in: directory.path
        ).output
    }

    /// Two sticks have a file of one name; one mount point has had two sticks.
    @Test(arguments: [
        ("a/x.jsonl", "b/x.jsonl", "x.jsonl"), ("a/x.jsonl", "a/x.jsonl", "a/x.jsonl"),
    ])
    func filesOfOneName(_ first: String, _ second: String, _ name: String) throws {
        let digests = [try load(1, first), try load(2, second)]
        let refused = try census("retract", name, "--reason", "r")
        #expect(refused.status == 1)
        #expect(
            refused.error
                == "census: \(name) is ambiguous: it is the file \(first) and the file \(second): give "
                + "\(digests[0]) or \(digests[1])\n")
        #expect(try executions() == "1,2\n")
        #expect(try census("retract", digests[1], "--reason", "r").status == 0)
        #expect(try executions() == "1\n")
        // One content is left that anything came from.
        #expect(try census("retract", name, "--reason", "r").status == 0)
        #expect(try executions() == "\n")
    }

    /// A file can be given as the tables show it.
    @Test(arguments: [
        ("a\nb.jsonl", #"a\nb.jsonl"#), ("d/\u{202E}.jsonl", #"d/\u202E.jsonl"#),
        ("d/\u{202E}.jsonl", #"\u202E.jsonl"#),
    ])
    func filesAsTablesShowThem(_ name: String, _ shown: String) throws {
        _ = try load(1, name)
        #expect(try census("list", "evidence").output.contains(" \(shown) ") || name.contains("/"))
        #expect(try census("retract", "b.jsonl", "--reason", "r").status == 1)
        let result = try census("retract", shown, "--reason", "r")
        #expect(result.status == 0, "\(result.error)")
        #expect(try executions() == "\n")
    }

    /// The same bytes under two names are one content.
    @Test func copiesOfAFile() throws {
        _ = try load(1, "a.jsonl")
        _ = try load(1, "b.jsonl")
        #expect(try census("retract", "b.jsonl", "--reason", "r").status == 0)
        #expect(try executions() == "\n")
    }

    /// What else a refused file has is not forgotten by `coverage`.
    @Test func whatElseIsInARefusedFile() throws {
        _ = try load(1, "a.jsonl")
        #expect(try census("retract", "a.jsonl", "--reason", "r").status == 0)
        #expect(try census("ingest", "--quiet", "a.jsonl").status == 2)
        #expect(try !census("coverage").output.contains("rejected"))
        let one = SnapshotText(id: uuid(1), hostID: "h1", hostname: "host-1")
        let two = SnapshotText(id: uuid(2), hostID: "h2", hostname: "host-2")
        try directory.write(one.bytes + two.bytes, to: "both.jsonl")
        #expect(try census("ingest", "--quiet", "both.jsonl").status == 2)
        let coverage = try census("coverage", "--format", "csv")
        #expect(
            coverage.output.contains(
                "both.jsonl was rejected (snapshot \(uuid(1)) was retracted on ")
                && coverage.output.contains("; another snapshot of the file was not loaded)"),
            "\(coverage.output)")
    }
}
