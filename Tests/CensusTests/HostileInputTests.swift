import Foundation
import SystemPackage
import TestSupport
import Testing

/// Malicious files: each is rejected with a reason, in bounded memory, and the other files are
/// loaded.
@Suite struct HostileInputTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The lines of a snapshot before its processes.
    private static let head = SnapshotText(processes: []).lines.map { $0 + "\n" }.joined()

    private static func file(processes: String...) -> [UInt8] {
        SnapshotText(processes: processes).bytes
    }

    /// A process with a further key, of which only the value is said.
    private static func later(_ value: String) -> [UInt8] {
        file(processes: #"{"record":"process","pid":1,"name":"x","later":\#(value)}"#)
    }

    private static let digits = String(repeating: "9", count: 400)
    private static let brackets = String(repeating: "[", count: 500_000)

    static let refused: [(bytes: [UInt8], line: String)] = [
        (
            file() + Array("\n".utf8),
            "corrupt     f: line 6: not JSON: the line is empty"
        ),
        (
            file(processes: "[1]"), "corrupt     f: line 5: not JSON: expected an object"
        ),
        (
            file(processes: #"{"record":"process","pid":4294967296,"name":"x"}"#),
            #"corrupt     f: line 5: "pid" is out of range"#
        ),
        (
            file(processes: #"{"record":"process","pid":18446744073709551617,"name":"x"}"#),
            #"corrupt     f: line 5: "pid" is not an integer"#
        ),
        (
            file(processes: #"{"record":"process","pid":1e999,"name":"x"}"#),
            #"corrupt     f: line 5: "pid" is not an integer"#
        ),
        (
            file(processes: #"{"record":"process","pid":\#(digits),"name":"x"}"#),
            #"corrupt     f: line 5: "pid" is not an integer"#
        ),
        (
            file(processes: #"{"record":"process","pid":1,"name":"x","pid":2}"#),
            #"corrupt     f: line 5: "pid" is given twice"#
        ),
        (
            file(processes: #"{"record":"process","pid":1,"name":"a","n\u0061me":"b"}"#),
            #"corrupt     f: line 5: "name" is given twice"#
        ),
        (
            file(processes: #"{"record":"process","pid":1,"name":"a\u0000b"}"#),
            #"corrupt     f: line 5: "name" contains a NUL"#
        ),
        (
            file(processes: "{\"record\":\"process\",\"pid\":1,\"name\":\"a\u{0}b\"}"),
            "corrupt     f: line 5: not JSON: a control character in a string"
        ),
        (
            file(processes: #"{"record":"process","pid":1,"name":"\ud800"}"#),
            "corrupt     f: line 5: not JSON: half a surrogate pair"
        ),
        (
            later(brackets),
            "unsupported f: line 5: nested deeper than 32 (see --max-depth)"
        ),
        (
            later(String(repeating: #"{"a":"#, count: 33)),
            "unsupported f: line 5: nested deeper than 32 (see --max-depth)"
        ),
        (
            file(
                processes:
                    #"{"record":"process","pid":1,"name":"\#(String(repeating: "é", count: 381))"}"#
            ),
            #"unsupported f: line 5: "name" is longer than 380 characters (see --max-name)"#
        ),
    ]

    @Test(arguments: refused) func refusesWithLineAndReason(
        _ example: (bytes: [UInt8], line: String)
    ) throws {
        for (name, bytes) in [("f", example.bytes), ("f", try gzip(example.bytes))] {
            try directory.write(bytes, to: name)
            let verify = try run(census, ["verify", "f"], in: directory.path)
            #expect(verify.output == example.line + "\n")
            #expect(verify.status == 2)
            let ingest = try run(census, ["ingest", "--quiet", "f"], in: directory.path)
            #expect(ingest.error == example.line.dropFirst(12) + "\n")
            #expect(ingest.status == 2)
        }
    }

    /// Overlong forms, halves of surrogates and bytes that begin nothing.
    @Test(arguments: [[0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xFF], [0xC3]])
    func refusesWhatIsNotUTF8(_ letter: [UInt8]) throws {
        let line = #"{"record":"process","pid":1,"name":""#.utf8 + letter + "\"}\n".utf8
        try directory.write(Self.head.utf8 + line, to: "f")
        let verify = try run(census, ["verify", "f"], in: directory.path)
        #expect(verify.output == "corrupt     f: line 5: not UTF-8\n")
    }

    /// Unusual but harmless input is accepted.
    @Test(arguments: [
        later("1e999"), later("-\(digits)"), later(#"{"a":{"a":1},"b":[[]]}"#),
        later(#""\ud83d\ude00""#),
        file(processes: "{\"pid\":1, \t\"name\" : \"x\",\"record\":\"process\"}\r"),
    ])
    func takesWhatIsOdd(_ bytes: [UInt8]) throws {
        try directory.write(bytes, to: "f")
        let verify = try run(census, ["verify", "f"], in: directory.path)
        #expect(verify.output == "complete    f: 1 snapshot\n")
    }

    /// Each limit that a few bytes exceed, and that its option raises it.
    @Test(arguments: [
        (
            "--max-depth", "40",
            later(String(repeating: "[", count: 40) + String(repeating: "]", count: 40))
        ),
        (
            "--max-depth", "1M",
            later(String(repeating: "[", count: 400_000) + String(repeating: "]", count: 400_000))
        ),
        ("--max-line", "4M", later("\"\(String(repeating: "x", count: 3_000_000))\"")),
        (
            "--max-name", "1000",
            file(
                processes:
                    #"{"record":"process","pid":1,"name":"\#(String(repeating: "x", count: 999))"}"#
            )
        ),
        (
            "--max-text", "20K",
            file(
                processes:
                    #"{"record":"process","pid":1,"name":"x","path":"\#(String(repeating: "x", count: 20_000))"}"#
            )
        ),
    ])
    func anOptionRaisesALimit(_ option: String, _ value: String, _ bytes: [UInt8]) throws {
        try directory.write(bytes, to: "f")
        #expect(try run(census, ["verify", "f"], in: directory.path).status == 2)
        for command in [["verify"], ["ingest", "--quiet"]] {
            let result = try run(
                census, command + ["f", option, value], in: directory.path)
            #expect((result.status, result.error.contains("rejected")) == (0, false))
        }
    }

    /// The other three, at which an option is put below what is there, and then above it.
    @Test(arguments: [
        ("--max-snapshot", "2K", "1G", "a snapshot of more than 2048 bytes"),
        ("--max-records", "99", "100", "more than 99 records"),
        ("--max-memory", "1K", "1M", "texts of more than 1024 bytes in all records"),
    ])
    func anOptionSetsALimit(
        _ option: String, _ low: String, _ high: String, _ reason: String
    ) throws {
        let text = SnapshotText(
            processes: (0..<50).map { #"{"record":"process","pid":\#($0),"name":"p"}"# },
            users: (0..<50).map { #"{"record":"user","user":"u\#($0)"}"# })
        try directory.write(text.bytes, to: "f")
        let refused = try run(census, ["verify", "f", option, low], in: directory.path)
        #expect(refused.output.contains(": \(reason) (see \(option))\n"))
        #expect(try run(census, ["verify", "f", option, high], in: directory.path).status == 0)
    }

    /// Gzip members with nothing in them, and a header that does not end.
    @Test(arguments: [
        "gzip.compress(b'') * 5000", "b'\\x1f\\x8b\\x08\\x08' + bytes(6) + b'x' * (1 << 20)",
    ])
    func gzipWithoutEnd(_ bytes: String) throws {
        let script = """
            import gzip, sys
            piece = \(bytes)
            while True:
                sys.stdout.buffer.write(piece)
                if piece[3] == 8: piece = b'x' * (1 << 20) + b'zzzz'
            """
        try directory.write(script.utf8, to: "endless.py")
        let result = try run(
            "bash",
            ["-c", #"python3 endless.py 2>/dev/null | "$census" verify --max-snapshot 20M -"#],
            in: directory.path, environment: ["census": census])
        #expect(
            result.output
                == "unsupported -: more than 20971520 bytes of gzip data without any text "
                + "(see --max-snapshot)\n")
    }

    /// Which of the two is genuine cannot be determined.
    @Test func twoContentsOfOneID() throws {
        let text = SnapshotText()
        try directory.write(text.bytes, to: "a.jsonl")
        try directory.write(text.bytes, to: "b.jsonl")
        try directory.write(SnapshotText(hostname: "other").bytes, to: "c.jsonl")
        let result = try run(census, ["verify", "."], in: directory.path)
        #expect(
            result.output == """
                complete    ./a.jsonl: 1 snapshot
                complete    ./b.jsonl: 1 snapshot
                corrupt     ./c.jsonl: the snapshot \(SnapshotText.id) has different content in ./b.jsonl

                """)
        #expect(result.status == 2)
    }

    @Test func nothingToVerify() throws {
        let result = try run(census, ["verify", "."], in: directory.path)
        #expect((result.status, result.output) == (2, ""))
        #expect(result.error == "no snapshot file in .\n0 files\n")
    }

    /// How much memory a command took, in MB, with what it printed.
    private func measured(_ script: String) throws -> (result: RunResult, megabytes: Int) {
        let result = try run(
            "bash",
            ["-c", #"measure() { /usr/bin/time -o time -f %M "$census" "$@"; }; \#(script)"#],
            in: directory.path, environment: ["census": census])
        let time = String(decoding: try directory.read("time"), as: UTF8.self)
        return (result, (Int(time.split(separator: "\n").last ?? "") ?? .max) / 1024)
    }

    private static func most(_ megabytes: Int) -> Int {
        // AddressSanitizer keeps a shadow, and what was freed.
        ProcessInfo.processInfo.environment["CENSUS_SANITIZED"] == nil ? megabytes : .max
    }

    /// Ten gigabytes in a file of ten megabytes: of zeros, of lines that say nothing, of snapshots.
    @Test func gzipBombs() throws {
        try directory.write(Self.head.utf8, to: "head")
        let bombs = try measured(
            """
            head -c 16M /dev/zero | gzip > zeros.gz
            { gzip < head; for _ in $(seq 640); do cat zeros.gz; done; } > zeros.jsonl.gz
            yes '{"record":"later","later":"'$(head -c 100K /dev/zero | tr '\\0' a)'"}' \
                | head -c 16777120 | head -n -1 | gzip > lines.gz
            { gzip < head; for _ in $(seq 640); do cat lines.gz; done; } > lines.jsonl.gz
            measure verify --max-snapshot 200M zeros.jsonl.gz lines.jsonl.gz
            measure ingest --quiet --max-snapshot 200M zeros.jsonl.gz lines.jsonl.gz
            """)
        #expect(
            bombs.result.output.split(separator: "\n") == [
                "unsupported zeros.jsonl.gz: line 5: a line of more than 1048576 bytes (see --max-line)",
                "unsupported lines.jsonl.gz: line 2052: a snapshot of more than 209715200 bytes (see --max-snapshot)",
            ])
        #expect(bombs.megabytes < Self.most(200))
    }

    @Test func aLineOfAGigabyte() throws {
        let line = try measured(
            """
            { printf '{"record":"snapshot","x":"'; head -c 1G /dev/zero | tr '\\0' a; } \
                | measure verify -
            """)
        #expect(
            line.result.output
                == "unsupported -: line 1: a line of more than 1048576 bytes (see --max-line)\n")
        #expect(line.megabytes < Self.most(200))
    }

    /// Ten million of them; and as many names as long as they may be.
    @Test func tooManyUsers() throws {
        try directory.write(Self.head.utf8, to: "head")
        let users = try measured(
            """
            yes '{"record":"user","user":"u"}' 2>/dev/null | head -n 100000 | gzip > users.gz
            { gzip < head; for _ in $(seq 100); do cat users.gz; done; } > users.jsonl.gz
            measure ingest --quiet users.jsonl.gz
            """)
        #expect(
            users.result.error
                == "users.jsonl.gz: line 1000005: more than 1000000 records (see --max-records)\n"
        )
        #expect(users.megabytes < Self.most(200))
        let names = try measured(
            """
            { cat head; seq 1000000 | sed 's/.*/{"record":"process","pid":&,"name":"'"$(
                head -c 370 /dev/zero | tr '\\0' n)"'&"}/'; } | measure ingest --quiet -
            """)
        #expect(names.result.error.contains("(see --max-memory)\n"))
        #expect(names.megabytes < Self.most(200))
    }

    /// Many files at the edge of what is taken: what is kept of several at once is bounded too.
    @Test func manyLargeFiles() throws {
        for number in 10..<20 {
            let text = SnapshotText(
                id: "00000000-0000-4000-8000-0000000000\(number)", hostID: "h\(number)",
                processes: (0..<32_000).map {
                    let name = String(repeating: "n", count: 370) + "\($0)-\(number)"
                    return #"{"record":"process","pid":\#($0),"name":"\#(name)"}"#
                })
            try directory.write(text.bytes, to: "stick/\(number).jsonl")
        }
        let result = try measured("measure ingest --quiet stick")
        #expect((result.result.status, result.result.error) == (0, ""))
        #expect(result.megabytes < Self.most(200))
    }
}
