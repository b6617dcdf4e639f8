import Foundation
import SystemPackage
import TestSupport
import Testing

/// The collector for the processor of this machine does as `census snap` does.
@Suite struct CollectorCommandTests {
    let directory: TemporaryDirectory
    private let collector = fixtures.removingLastComponent()
        .appending("dist/collectors/linux-x86_64").string

    init() throws { directory = try TemporaryDirectory() }

    private func both(_ arguments: [String]) throws -> (collector: RunResult, census: RunResult) {
        (
            try run(collector, arguments, in: directory.path),
            try run(census, ["snap"] + arguments, in: directory.path)
        )
    }

    /// What both print, with the name of one program in the place of the other's, and without the
    /// time and the id.
    private func comparable(_ text: String) -> String {
        text.replacing("census snap", with: "linux-x86_64")
            .replacing(/_\d{8}T\d{6}Z_[0-9a-f]{8}/, with: "_TIME_ID")
    }

    @Test(arguments: [
        ["-d"], ["-o"], ["--root"], ["--host-id"], ["--host-id="], ["-x"], ["--rot", "/x"],
        ["--hots-id", "x"], ["--halp"], ["--VERSION"], ["--bogus"], ["x"],
        ["-d", ".", "x"], ["--", "x"], ["-d", ".", "-o", "x"], ["-d", ""], ["-o", ""],
        ["--root", ""], ["--host-id", ""], ["-d", "-"], ["-o", "x/"], ["-o", "full"],
        ["--host-id", String(repeating: "x", count: 256)], ["--root=no"], ["--root", "no"],
        ["-d", "no"], ["-o", "no/x"], ["-o", "directory"], ["-o", "link"], ["-o", "fifo"],
        ["-o", "/dev/full"], ["--root", "directory", "-o", "y"], ["-o", "."], ["-o", ".."],
        ["-d", "full"], ["-o", "full/x"], ["-o", "\u{1B}[2J/x"], ["-d", "-o", "x"],
        ["-d", "--root"], ["--no-sgin"], ["--no-sign=yes"], ["--no-sign", "x"],
        ["-o", String(repeating: "n", count: 300)], ["--only", "x"], ["--without", ""],
        ["--only", "user", "--without", "user"], ["--onyl", "user"],
        ["--output-dir"], ["--output"], ["--output="], ["--output-dir=", "no"], ["--outptu", "x"],
        ["--output-dri", "x"], ["--output", "full"], ["--output=no/x"], ["--output-dir", "no"],
        ["--output-dir", ".", "--output", "x"], ["-d=no"], ["-o=full"], ["--output-dir", "-"],
        ["-d="], ["-o="], ["-d=", "-o", "x"], ["-d=.", "-o="], ["--root="], ["--only="],
        ["--without="], ["--only", ""], ["-d=-"], ["-o=full/"], ["-x="], ["--bogus="], ["--="],
        ["=x"], ["-d=="], ["-d=", "x"], ["x", "-d="], ["-d=", "--bad"], ["x", "-d"],
        ["--bad", "-d"],
        ["--bad", "--no-sign=x"], ["x", "--bad"], ["--bad", "x", "-d", "q"],
        ["x", "--", "-d=", "z"],
        ["--bad", "--", "-d="], ["--only", "nonsense", "x"],
        ["x", "y", "-", "--no-sgin", "--worse"], ["-d=", ""], ["-d", "", "-o", ""], ["-o=", "x"],
        ["-="],
        ["-=x"], ["-=="], ["-=-"], ["-=x="], ["-=x=y"], ["---"], ["----"], ["---x"], ["---=x"],
        ["---="], ["---output"], ["-dx"], ["-dx=y"], ["-dd"], ["-do"], ["-do=x"], ["-oé"],
        ["-Rx"], ["-1"], ["-é"], ["-x=y"], ["--=x"], ["-d", ".", "-="], ["--root=", ""],
        ["-o", "signed", "--root", "no"], ["-o", "signed", "--no-sign"],
        ["-o", "./signed.gz", "--root", "no"], ["--recipient"], ["--recipient="], ["-R"],
        ["--recipients-file", "-d"], ["--recipient", "age1x"], ["--recipient=", ""], ["-R", ""],
        ["--recipient", "age1x", "-d", ""], ["--recipient", "ssh-rsa AAAA"], ["-R", "no"],
        ["--recipient", "AGE-SECRET-KEY-1X"], ["--recipient", "age1yubikey1x"],
        ["-R", "directory"],
        ["--recipient", "ssh-ed25519"], ["--recipients-file=link"], ["-R=no"], ["--recipint", "x"],
        ["--recipient-file", "x"], ["-r", "age1x"], ["-o", "signed.age", "-R", "no"],
    ])
    func mistakes(arguments: [String]) throws {
        let set = try run(
            "bash",
            [
                "-c",
                "mkdir directory; ln -s no link; mkfifo fifo; echo mine >full; echo >signed.sig; mkdir signed.gz.sig",
            ],
            in: directory.path)
        #expect(set.status == 0)
        let before = try directory.names()
        let (collector, census) = try both(arguments)
        #expect(comparable(collector.error) == comparable(census.error))
        #expect(collector.status == census.status)
        #expect(collector.status != 0)
        #expect((collector.output, census.output) == ("", ""))
        #expect(try directory.names() == before)
    }

    @Test(arguments: [#"$'\xff'"#, #"-d $'a\xff'"#, #"-o x --host-id $'\xc3'"#, #"--root=$'\xff'"#])
    func whatIsNotUTF8(arguments: String) throws {
        let result = try run("bash", ["-c", #""$0" \#(arguments)"#, collector], in: directory.path)
        #expect(result.status == 64)
        #expect(
            result.error.contains(/^census: argument \d is not UTF-8; rename the file, or give/))
        #expect(try directory.names() == [])
    }

    @Test func help() throws {
        let (collector, census) = try both(["--help"])
        #expect(collector.status == 0)
        // The options, and what stands before the examples.
        let lines = census.output.split(separator: "\n", omittingEmptySubsequences: false)
        let options = lines[(lines.firstIndex(of: "OPTIONS:")!)...].joined(separator: "\n")
        #expect(collector.output.hasSuffix(options.trimmingCharacters(in: .newlines) + "\n"))
        let words = collector.output.split(whereSeparator: \.isWhitespace)
        let beginning = lines.prefix { $0 != "Examples:" }.joined(separator: "\n")
            .split(whereSeparator: \.isWhitespace)
        #expect(words.starts(with: beginning))
        #expect(collector.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        for word in ["-h", "--help=", "--help=x", "-h=", "-h=x"] {
            let asked = try both([word])
            #expect(asked.collector.output == collector.output, "\(word)")
            #expect(asked.census.output == census.output, "\(word)")
        }
    }

    /// The long names mean what the short ones do.
    @Test func longNames() throws {
        for program in [[collector], [census, "snap"]] {
            let arguments = program.dropFirst() + ["--no-sign", "--only", "user"]
            for (options, file) in [
                (["--output", "x"], "x"), (["--output=y"], "y"), (["--output-dir", "z"], nil),
                (["--output-dir=z"], nil),
            ] {
                let made = try run("mkdir", ["-p", "z"], in: directory.path)
                #expect(made.status == 0)
                let result = try run(program[0], arguments + options, in: directory.path)
                #expect(result.status == 0, "\(result.error)")
                #expect(file == nil ? result.output.hasPrefix("z/") : result.output == "\(file!)\n")
            }
            #expect(
                try run("rm", ["-r", "x", "y", "z"], in: directory.path).status == 0)
        }
    }

    @Test func version() throws {
        let output = try run(collector, ["--version"]).output
        #expect(output.contains(/^census \S+ \(.+\), collector for linux-x86_64\n$/))
        let census = try run(census, ["--version"]).output
        #expect(output.split(separator: " ")[1] == census.split(separator: " ")[1])
    }

    /// The same facts of the running host, but for processes that began or ended meanwhile.
    @Test func thisHost() throws {
        func records(_ name: String) throws -> [String] {
            let result = try run(
                "bash",
                [
                    "-c",
                    #"zcat "$0" | jq -cS 'select(.record != "snapshot" and .record != "end")'"#,
                    name,
                ],
                in: directory.path)
            return result.output.split(separator: "\n").map(String.init)
        }
        func snap(_ program: String, _ arguments: [String]) throws {
            #expect(try run(program, arguments, in: directory.path).status == 0)
        }
        try snap(census, ["snap", "-o", "1.gz"])
        try snap(collector, ["-o", "2.gz"])
        try snap(census, ["snap", "-o", "3.gz"])
        let (before, ours, after) = (try records("1.gz"), try records("2.gz"), try records("3.gz"))
        #expect(ours.count > 5)
        // The kernel renames its own workers: `kworker/1:15-events`.
        let steady = Set(before).intersection(after).filter { !$0.contains(#""name":"kworker/"#) }
        #expect(steady.subtracting(ours) == [])
        let heads = ours.filter { !$0.contains(#""record":"process""#) }
        #expect(heads.allSatisfy(steady.contains))
    }

    @Test func closedStreamsDoNotEndUpInTheFile() throws {
        let result = try run(
            "bash", ["-c", #""$0" -o x.jsonl.gz <&- >&- 2>&-"#, collector], in: directory.path)
        #expect(result.status == 1)  // nobody could be told the path
        let ingest = try run(census, ["ingest", "--quiet", "x.jsonl.gz"], in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
    }

    /// A pipe whose reader has gone away, and one to a reader.
    @Test func pipes() throws {
        let result = try run(
            "bash",
            [
                "-c",
                #""$0" -o - 2>/dev/null | zcat | tail -n 1; "$0" -o - | true; echo "${PIPESTATUS[0]}""#,
                collector,
            ], in: directory.path)
        #expect(result.output.hasPrefix(#"{"record":"end","#))
        let status = result.output.split(separator: "\n").last
        #expect(["0", "1", "141"].contains(status), "SIGPIPE is signal 13")
    }

    /// A medium that fails after the file has its name: the file is removed, unless another program
    /// has put its own file there.
    @Test(arguments: [
        ("", "1\n", "census: cannot flush x.gz: Input/output error\n"),
        (
            "until [ -e x.gz ]; do sleep 0.01; done; echo mine >y; mv y x.gz; wait", "1\nmine\n",
            "census: cannot flush x.gz: Input/output error\n"
        ),
    ])
    func theDirectoryCannotBeFlushed(meanwhile: String, output: String, error: String) throws {
        let result = try run(
            "bash",
            [
                "-c",
                #"""
                (strace --output=/dev/null --trace=fsync \
                    --inject=fsync:error=EIO:delay_enter=1000000:when=2 "$0" -o x.gz --no-sign; echo $?) &
                \#(meanwhile)
                wait
                [ ! -e x.gz ] || cat x.gz
                """#, collector,
            ], in: directory.path)
        #expect((result.output, result.error) == (output, error))
    }
}
