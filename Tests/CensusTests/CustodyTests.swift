import Foundation
import SystemPackage
import TestSupport
import Testing

/// The custody log that `census snap` keeps on a medium.
@Suite struct CustodyTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(Array("web-01\n".utf8), to: "tree/etc/hostname")
    }

    private func bash(_ script: String) throws -> RunResult {
        try run(
            "bash", ["-c", script], in: directory.path, environment: ["census": TestSupport.census])
    }

    private func snap(_ options: String = "-d usb") throws -> RunResult {
        try bash(#"mkdir -p usb; "$census" snap --root tree \#(options)"#)
    }

    private func log(_ path: String = "usb/custody.jsonl") throws -> CustodyLog {
        CustodyLog(try directory.read(path))
    }

    @Test func eachSnapshotHasALine() throws {
        for _ in 0..<3 { #expect(try snap().status == 0) }
        let log = try log()
        #expect(log.isWhole && log.broken == [])
        #expect(log.numbers == [1, 2, 3])
        #expect(log.logs.count == 1)
        let user = try run("id", ["-un"]).output.dropLast()
        let version = try run(census, ["--version"]).output.split(separator: " ")[1]
        for record in log.records {
            let record = try #require(record)
            let file = try #require(record["file"] as? String)
            #expect(file.hasPrefix("web-01_") && file.hasSuffix(".jsonl.gz"))
            let sum = try run("sha256sum", ["usb/\(file)"], in: directory.path).output
            #expect(record["sha256"] as? String == String(sum.prefix(64)))
            #expect(record["size"] as? Int == (try directory.read("usb/\(file)")).count)
            #expect(record["user"] as? String == String(user))
            #expect(record["host"] as? String == "web-01")
            #expect(record["generator"] as? String == "census \(version)")
            #expect(record["signature"] is NSNull)
            // The snapshot's own time and identifier.
            let facts = try bash(
                """
                zcat usb/\(file) | jq -r 'select(.record == "snapshot").taken_at,
                    select(.record == "host").host_id'
                """
            ).output.split(separator: "\n").map(String.init)
            #expect([record["time"], record["host_id"]] as? [String] == facts)
        }
        let keys = try bash("jq -c keys_unsorted usb/custody.jsonl | sort -u").output
        #expect(
            keys == """
                ["record","log","number","previous","time","user","host","host_id","file","size",\
                "sha256","signature","generator"]

                """)
        let digits = try bash("jq -r .log usb/custody.jsonl | grep -cxE '[0-9a-f]{16}'").output
        #expect(digits == "3\n")
    }

    /// Each directory has a log of its own; a file that is named has none.
    @Test func whereTheLogIs() throws {
        #expect(try snap("-o usb/x.gz").status == 0)
        #expect(try bash("ls usb").output == "x.gz\n")
        #expect(try bash(#"cd usb; "$census" snap --root ../tree"#).status == 0)
        #expect(try log().numbers == [1])
        #expect(try snap("-d .").status == 0)
        let logs = try (log().logs, log("custody.jsonl").logs)
        #expect(logs.0.isDisjoint(with: logs.1) && logs.0.count == 1 && logs.1.count == 1)
        #expect(try bash("stat -c %a usb/custody.jsonl").output == "600\n")
    }

    /// Names that need escapes, and a user that has no name.
    @Test(.enabled("only root can be another user", { getuid() == 0 }))
    func oddNames() throws {
        try directory.write(Array(#"a"b\c\#u{1}"#.utf8), to: "tree/etc/hostname")
        let result = try bash(
            """
            chmod 755 .; mkdir -m 777 open; cp "$census" open; cd open
            setpriv --reuid=54321 --regid=54321 --clear-groups ./census snap --root ../tree --host-id '"'
            """)
        #expect(result.status == 0, "\(result.error)")
        let record = try #require(try log("open/custody.jsonl").records.first ?? nil)
        #expect(record["user"] as? String == "uid 54321")
        #expect(record["host"] as? String == "a\"b\\c\u{1}")
        #expect(record["host_id"] as? String == "\"")
    }

    /// A stick that was pulled out while a line was written: the chain goes on over what is there.
    @Test func aTornLine() throws {
        for _ in 0..<2 { #expect(try snap().status == 0) }
        let whole = try directory.read("usb/custody.jsonl")
        let first = try #require(whole.firstIndex(of: 10)) + 1
        for (count, numbers) in [
            (whole.count - 1, [1, 2, 3]), (whole.count - 2, [1, 2]), (first + 100, [1, 2]),
            (first + 1, [1, 2]), (first, [1, 2]), (first - 1, [1, 2]), (first - 2, [1]), (30, [1]),
            (1, [1]), (0, [1]),
        ] {
            try directory.write(whole[..<count], to: "usb/custody.jsonl")
            #expect(try snap().status == 0)
            let bytes = try directory.read("usb/custody.jsonl")
            // Nothing that was there is changed.
            #expect(bytes.starts(with: whole[..<count]))
            let log = CustodyLog(bytes)
            #expect(log.isWhole && log.broken == [], "\(count)")
            #expect(log.numbers == numbers, "\(count)")
            #expect(log.logs.count == 1)
            #expect(try snap().status == 0)
            let next = CustodyLog(try directory.read("usb/custody.jsonl"))
            #expect(next.broken == [] && next.numbers == numbers + [numbers.last! + 1])
        }
    }

    /// What a medium may have written instead of the last sectors.
    @Test func zerosAndForeignText() throws {
        for text in [
            "\0\0\0\0", "\n\n\n", "x\ny\n", "{}\n", "\u{FEFF}",
            String(repeating: "z\n", count: 9999),
        ] {
            try directory.write(Array(text.utf8), to: "usb/custody.jsonl")
            #expect(try snap().status == 0)
            let log = try log()
            #expect(log.isWhole && log.broken == [])
            #expect(log.numbers == [1])
        }
    }

    /// What cannot be the log is not touched; the snapshot is there.
    @Test(arguments: [
        ("ln -s ../target usb/custody.jsonl", "it is a symbolic link"),
        ("ln -s nowhere usb/custody.jsonl", "it is a symbolic link"),
        ("mkdir usb/custody.jsonl", "it is a directory"),
        ("mkfifo usb/custody.jsonl", "it is a FIFO"),
        (
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"usb/custody.jsonl\")'",
            "it is a socket"
        ),
        ("ln target usb/custody.jsonl", "it has a second name, or is no regular file"),
        (
            "head -c 70000 /dev/zero >usb/custody.jsonl",
            "its last line is longer than 65536 bytes"
        ),
    ])
    func whatIsNoLog(setUp: String, reason: String) throws {
        #expect(try bash("mkdir usb; echo mine >target; \(setUp)").status == 0)
        let result = try snap()
        #expect(result.status == 1)
        let path = try #require(result.output.split(separator: "\n").first)
        #expect(
            result.error.hasSuffix(
                "census: cannot write usb/custody.jsonl: \(reason); the snapshot is complete\n"),
            "\(result.error)")
        #expect(try run(census, ["verify", String(path)], in: directory.path).status == 0)
        #expect(try directory.read("target") == Array("mine\n".utf8))
        #expect(try bash("ls nowhere usb/nowhere 2>/dev/null").output == "")
    }

    @Test(.enabled("mounting is not allowed here") { try mayMount() })
    func aLogThatCannotBeWritten() throws {
        #expect(try snap().status == 0)
        let before = try directory.read("usb/custody.jsonl")
        let result = try bash(
            """
            \(ownMounts) bash -c '
            mount --bind usb/custody.jsonl usb/custody.jsonl
            mount -o remount,bind,ro usb/custody.jsonl
            "$census" snap --root tree -d usb'
            """)
        #expect(result.status == 1)
        #expect(
            result.error.hasSuffix(
                """
                census: cannot write usb/custody.jsonl: Read-only file system; the snapshot is \
                complete

                """), "\(result.error)")
        #expect(try directory.read("usb/custody.jsonl") == before)
        #expect(try bash("ls usb/*.gz | wc -l").output == "2\n")
    }

    /// One of these sizes has room for the snapshot and for no log.
    @Test(.enabled("mounting is not allowed here") { try mayMount() })
    func aFullMedium() throws {
        let result = try bash(
            """
            mkdir usb
            \(ownMounts) bash -c '
            for pages in $(seq 1 8); do
                mount -t tmpfs -o size=$((pages * 4))k none usb
                "$census" snap --root tree -d usb >path 2>error; status=$?
                echo "$status $(wc -l <path) $(ls usb/*.gz 2>/dev/null | wc -l) \
            $(grep -c "custody.jsonl: No space left on device; the snapshot is complete$" error)"
                umount usb
            done'
            """)
        let outcomes = result.output.split(separator: "\n").map(String.init)
        #expect(outcomes.count == 8)
        #expect(
            Set(outcomes) == ["1 0 0 0", "1 1 1 1", "0 1 1 0"]
                || Set(outcomes) == ["1 1 1 1", "0 1 1 0"])
    }

    /// The lines of several that run at the same time follow one another.
    @Test func manyAtOnce() throws {
        let result = try bash(
            """
            mkdir usb
            for number in $(seq 12); do "$census" snap --root tree -d usb >/dev/null 2>&1 & done
            wait
            """)
        #expect(result.status == 0)
        let log = try log()
        #expect(log.isWhole && log.broken == [])
        #expect(log.numbers == Array(1...12))
        #expect(log.logs.count == 1)
        let files = try bash("cd usb; ls *.gz").output.split(separator: "\n").map(String.init)
        #expect(Set(files) == Set(log.files) && files.count == 12)
    }
}
