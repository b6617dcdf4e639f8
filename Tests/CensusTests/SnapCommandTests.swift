import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census snap` on the host that runs the tests, and on the trees under `fixtures/hosts`.
@Suite struct SnapCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    /// What `jq` makes of the snapshot in a file, text after text.
    private func jq(_ filter: String, _ file: String) throws -> [String] {
        let result = try run(
            "bash", ["-c", #"zcat < "$1" | jq -r "$2""#, "-", file, filter], in: directory.path)
        #expect(result.error == "")
        return result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    private func shell(_ command: String) throws -> String {
        let result = try run("bash", ["-c", command], in: directory.path)
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func thisHost() throws {
        let snap = try census("snap", "-d", ".", "--no-sign")
        #expect(snap.status == 0)
        let files = try directory.names()
        #expect(files.count == 2 && files.contains("custody.jsonl"))
        let file = try #require(files.first { $0 != "custody.jsonl" })
        #expect(snap.output == "./\(file)\n")
        // The facts, and the digest in groups.
        let lines = snap.error.split(separator: "\n")
        #expect(lines.count == 2)
        let groups = try shell("sha256sum \(file) | cut -c 1-64 | sed 's/..../& /g'")
        #expect(lines.last.map(String.init) == "SHA-256 of the file: \(groups)")
        #expect(file.contains(/^[A-Za-z0-9._-]+_\d{8}T\d{6}Z_[0-9a-f]{8}\.jsonl\.gz$/))

        let name = try jq(#"select(.record == "host").hostname"#, file)
        #expect(name == [try shell("uname -n")])
        #expect(
            try jq(#"select(.record == "os_version").version"#, file)
                == [try shell(". /etc/os-release; echo $VERSION_ID")])
        #expect(
            try jq(#"select(.record == "cpu_info").logical_processors"#, file)
                == [try shell("lscpu --parse | grep -vc '^#'")])
        #expect(
            try jq(#"select(.record == "cpu_info").model"#, file)
                == [try shell("LC_ALL=C lscpu | sed -n 's/^Model name: *//p' | head -n 1")])
        // Addresses as `hostname -I` has them: no loopback, no link-local ones.
        #expect(
            try Set(jq(#"select(.record == "host").addresses[]"#, file))
                == Set(
                    try shell(
                        """
                        ip -o addr show | awk '{print $4}' | cut -d/ -f1 \
                            | grep -v -e '^127' -e '^::1$' -e '^fe80' -e '^169.254'; true
                        """
                    ).split(separator: "\n").map(String.init)))
        #expect(
            try jq(#"select(.record == "collection").euid"#, file) == [try shell("id -u")])
    }

    @Test func processesAgreeWithPs() throws {
        // A name longer than the kernel keeps.
        let program = "a-program-with-a-long-name"
        #expect(
            try run("cp", [shell("command -v sleep"), program], in: directory.path).status == 0)
        let child = Process()
        child.executableURL = URL(filePath: directory.path.appending(program).string)
        child.arguments = ["60"]
        try child.run()
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        func ps() throws -> Set<String> {
            Set(
                try shell("ps -A -ww -o pid=,ppid=,euid=,comm= | awk '{print $1, $2, $3}'").split(
                    separator: "\n"
                ).map(String.init))
        }
        let before = try ps()
        #expect(try census("snap", "-o", "x.jsonl.gz").status == 0)
        let after = try ps()
        let ours = Set(
            try jq(#"select(.record == "process") | "\(.pid) \(.parent) \(.uid)""#, "x.jsonl.gz"))
        // What ran all the time is there, and nothing else but what began and ended meanwhile.
        let all = before.intersection(after)
        #expect(all.count > 3)
        #expect(all.subtracting(ours) == [])
        #expect(
            try jq(
                """
                select(.record == "process" and .pid == \(child.processIdentifier)) \
                | [.name, .path, .parent] | map(tostring) | join(" ")
                """, "x.jsonl.gz")
                == ["\(program) \(directory.path)/\(program) \(getpid())"])
    }

    @Test func theFileGoesToAPipeAndIntoADatabase() throws {
        let result = try shell(
            """
            '\(TestSupport.census)' snap -o - 2>/dev/null \
                | '\(TestSupport.census)' ingest --db x.sqlite - 2>&1 >/dev/null
            """)
        #expect(result.contains(/1 snapshot loaded with \d+ processes/))
        let snap = try census("snap", "-o", "-")
        #expect(snap.outputBytes.prefix(2) == [0x1F, 0x8B])
    }

    @Test func anExistingFileIsNeverTouched() throws {
        try directory.write(Array("mine".utf8), to: "x.jsonl.gz")
        let snap = try census("snap", "-o", "x.jsonl.gz")
        #expect(snap.status == 1)
        #expect(snap.output == "")
        #expect(snap.error == "census: cannot create x.jsonl.gz: File exists\n")
        #expect(try directory.names() == ["x.jsonl.gz"])
        #expect(try directory.read("x.jsonl.gz") == Array("mine".utf8))
    }

    /// What was not asked for is unknown at the desk, and not absent.
    @Test(arguments: [
        (["--without", "user,package"], "1|0|0", "users omitted, packages omitted"),
        (["--only", "package"], "0|0|1", "processes omitted, users omitted, 7 packages"),
        (["--without=process"], "0|1|1", "processes omitted, 2 logins, 7 packages"),
        ([], "1|1|1", "16 processes, 2 logins, 7 packages"),
    ])
    func kindsOfRecords(_ options: [String], _ known: String, _ summary: String) throws {
        let tree = fixtures.appending("hosts/debian-12-x86_64")
        let snap = try run(
            TestSupport.census, ["snap", "--root", tree.string, "-o", "x.jsonl.gz"] + options,
            in: directory.path)
        #expect(snap.status == 0)
        #expect(snap.error.contains(summary), "\(snap.error)")
        let ingest = try census("ingest", "--quiet", "x.jsonl.gz")
        #expect((ingest.status, ingest.error) == (0, ""))
        let query = "SELECT Processes_known, Users_known, Packages_known FROM Executions"
        let rows = try run(
            "sqlite3", ["-nullvalue", "NULL", "census.sqlite", query], in: directory.path)
        #expect(rows.output == known + "\n")
    }

    @Test(arguments: [
        (["--only", "proces"], "--only takes kinds of records, separated by commas: process, "),
        (["--without", ","], "--without takes kinds of records"),
        (["--without", "users"], "--without takes kinds of records"),
        (["--only", "user", "--without", "user"], "--only and --without cannot be used together"),
    ])
    func kindsThatThereAreNot(_ options: [String], _ error: String) throws {
        let result = try run(TestSupport.census, ["snap"] + options, in: directory.path)
        #expect(result.status == 64)
        #expect(result.error.hasPrefix("census: \(error)"), "\(result.error)")
        #expect(try directory.names() == [])
    }

    @Test func aMissingDirectoryIsAnError() throws {
        let snap = try census("snap", "-d", "usb")
        #expect(snap.status == 1)
        #expect(snap.error.contains(/^census: cannot create usb\/.*: No such file or directory\n$/))
        #expect(try directory.names() == [])
        let root = try census("snap", "--root", "no")
        #expect(root.error == "census: cannot open no: No such file or directory\n")
    }

    @Test func withoutRootItSeesLessAndSaysSo() throws {
        // The program and where it writes must be open to a stranger.
        let open = directory.path.appending("open").string
        let result = try shell(
            """
            mkdir -m 777 '\(open)' && cp '\(TestSupport.census)' '\(open)/census' && chmod 755 . && \
            if [ "$(id -u)" = 0 ]; then as='setpriv --reuid=65534 --regid=65534 --clear-groups'; fi; \
            cd '\(open)' && $as ./census snap -o x.jsonl.gz 2>&1
            """)
        #expect(result.contains(", not run as root, unsigned: "))
        let euid = try jq(#"select(.record == "collection").euid"#, "open/x.jsonl.gz")
        #expect(euid == [try shell("[ $(id -u) = 0 ] && echo 65534 || id -u")])
        let paths = try jq(
            #"select(.record == "process" and .pid == 1) | "\(.name) \(.path)""#, "open/x.jsonl.gz")
        #expect(paths.first?.hasSuffix(" null") == true)
    }

    @Test func aTreeWithNothingToTellItByNeedsAHostID() throws {
        try FileManager.default.createDirectory(
            atPath: directory.path.appending("empty").string, withIntermediateDirectories: false)
        let snap = try census("snap", "--root", "empty", "-o", "-")
        #expect(snap.status == 1)
        #expect(
            snap.error == """
                census: nothing under empty identifies the host (no machine-id, no product UUID, no \
                hostname of its own): give --host-id

                """)
        let named = try census("snap", "--root", "empty", "--host-id", "disk-7", "-o", "x.jsonl.gz")
        #expect(named.status == 0)
        #expect(
            named.error == "disk-7: Linux, processor unknown, address unknown, processes unknown, "
                + "users unknown, packages unknown\(asWhom), unsigned: not the running system\n"
                + "SHA-256 of the file: "
                + (try shell("sha256sum x.jsonl.gz | cut -c 1-64 | sed 's/..../& /g'")) + "\n")
        #expect(
            try jq(
                #"select(.record == "host") | "\(.host_id) \(.host_id_source) \(.hostname)""#,
                "x.jsonl.gz")
                == ["disk-7 option null"])
        #expect(try census("ingest", "--quiet", "x.jsonl.gz").status == 0)
    }

    @Test func everyFixtureTreeGivesASnapshotThatIsIngested() throws {
        let trees = try FileManager.default.contentsOfDirectory(
            atPath: fixtures.appending("hosts").string)
        #expect(trees.count > 10)
        for tree in trees {
            let root = fixtures.appending("hosts").appending(tree).string
            #expect(try census("snap", "--root", root, "-d", ".").status == 0)
        }
        let ingest = try census("ingest", ".")
        #expect(ingest.status == 0)
        #expect(ingest.error.contains(": \(trees.count) snapshots loaded with "))
    }
}

/// How `snap`'s message ends where the tests do not run as root.
let asWhom = geteuid() == 0 ? "" : ", not run as root"
