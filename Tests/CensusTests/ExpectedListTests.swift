import TestSupport
import Testing

/// Lists of hosts as spreadsheets save them, given to `census coverage`.
@Suite struct ExpectedListTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(SnapshotText(hostname: "büro-01").bytes, to: "a.jsonl")
        #expect(try run(census, ["ingest", "--quiet", "a.jsonl"], in: directory.path).status == 0)
    }

    private func coverage(_ list: [UInt8]) throws -> RunResult {
        try directory.write(list, to: "hosts.csv")
        return try run(
            census, ["coverage", "--expected", "hosts.csv", "--format", "csv"], in: directory.path)
    }

    /// In Windows-1252, as a desk without Unicode saves it.
    @Test func theEncodingIsToldWhereItIsAGuess() throws {
        let text = "Nombre;Sitio\r\nb\u{FC}ro-01;K\u{F6}ln\r\nweb-02;x\r\n"
        let result = try coverage(text.unicodeScalars.map { UInt8($0.value) })
        #expect(
            result.error.hasPrefix(
                "hosts.csv:2: not UTF-8; read as Windows-1252\n1 host seen, 2 expected; 1 missing"
            ))
        #expect(result.output.contains("missing,,web-02,"))
        #expect(!result.output.contains("unexpected"))
        let plain = try coverage(Array(text.utf8))
        #expect(plain.output == result.output)
        #expect(plain.error.hasPrefix("1 host seen"))
    }

    @Test func aRowWithoutAHostIsTold() throws {
        let result = try coverage(Array("Host;Place\nb\u{FC}ro-01;x\n;y\n\n;z\n".utf8))
        #expect(
            result.error.hasPrefix(
                "hosts.csv:3: no host in this row; skipped, and 1 more row\n"
            ))
    }

    /// A list that another program writes.
    @Test func standardInput() throws {
        let named = try coverage(Array("b\u{FC}ro-01\nweb-02\n".utf8))
        let piped = try run(
            census, ["coverage", "--expected", "-", "--format", "csv"], in: directory.path,
            input: Array("b\u{FC}ro-01\nweb-02\n".utf8))
        #expect(piped.output.contains("missing,,web-02,"))
        #expect((piped.status, piped.output, piped.error) == (1, named.output, named.error))
        let faulty = try run(
            census, ["coverage", "--expected", "-"], in: directory.path, input: Array("\"a".utf8))
        #expect(faulty.error == "census: standard input:1: a quote is not closed\n")
        // It is not written to.
        let both = try run(
            "bash", ["-c", #""$census" coverage --expected - <hosts.csv >>hosts.csv"#],
            in: directory.path, environment: ["census": census])
        #expect(
            both.error
                == "census: standard output is the list of --expected: redirect it elsewhere\n")
        #expect(try run(census, ["coverage", "--expected", ""], in: directory.path).status == 64)
    }

    @Test func aWorkbookIsNamedAndALineCounted() throws {
        let workbook = try coverage([0x50, 0x4B, 3, 4, 0x14, 0, 6, 0])
        #expect(
            workbook.error
                == "census: hosts.csv: this is a workbook, such as .xlsx, .ods or .numbers, or a zip "
                + "archive; save the list as CSV UTF-8 and use that file\n")
        let quote = try coverage(Array("sep=;\r\n\"a\r\nb\";x\r\n\"c;x\r\n".utf8))
        #expect(quote.error == "census: hosts.csv:4: a quote is not closed\n")
        #expect((workbook.status, quote.status) == (2, 2))
    }
}
