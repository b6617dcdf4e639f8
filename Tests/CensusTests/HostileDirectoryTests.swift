import Foundation
import SystemPackage
import TestSupport
import Testing

/// A maliciously prepared USB stick.
@Suite struct HostileDirectoryTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(SnapshotText().bytes, to: "stick/m.jsonl")
    }

    private func bash(_ script: String) throws -> RunResult {
        try run("bash", ["-c", script], in: directory.path, environment: ["census": census])
    }

    @Test func whatIsNoFileIsPassedOver() throws {
        let result = try bash(
            """
            cd stick
            ln -s /etc/passwd a.jsonl; ln -s . b; ln -s m.jsonl c.jsonl; ln -s nowhere d.jsonl
            mkfifo e.jsonl f.jsonl.gz; mkdir g.jsonl
            python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("h.jsonl")'
            [ "$(id -u)" != 0 ] || mknod i.jsonl c 1 5
            touch j.jsonl.gz.1a2b3c4d.partial
            cd ..; "$census" verify stick; echo $?; "$census" ingest --quiet stick; echo $?
            for path in stick/e.jsonl /dev/zero /dev/null; do "$census" verify "$path"; done
            """)
        #expect(
            result.output == """
                complete    stick/m.jsonl: 1 snapshot
                0
                0
                unreadable  stick/e.jsonl: not a regular file; to read a pipe, give -
                unreadable  /dev/zero: not a regular file; to read a pipe, give -
                unreadable  /dev/null: not a regular file; to read a pipe, give -

                """)
        let isDevice = result.error.contains("i.jsonl")
        let device = isDevice ? "skipped stick/i.jsonl: a device\n" : ""
        #expect(
            result.error.hasPrefix(
                """
                skipped stick/a.jsonl: a symbolic link
                skipped stick/c.jsonl: a symbolic link
                skipped stick/d.jsonl: a symbolic link
                skipped stick/e.jsonl: a FIFO
                skipped stick/f.jsonl.gz: a FIFO
                skipped stick/h.jsonl: a socket
                \(device)skipped stick/j.jsonl.gz.1a2b3c4d.partial: \
                a snapshot that census snap did not finish
                1 file: 1 complete, \(isDevice ? 9 : 8) other files skipped
                1 file: 1 unreadable

                """))
    }

    @Test func aFileThatGrowsWithoutEnd() throws {
        let text = SnapshotText(
            id: "00000000-0000-4000-8000-000000000001",
            processes: (0..<2000).map {
                #"{"record":"process","pid":\#($0),"name":"p\#($0)"}"#
            })
        try directory.write(text.bytes, to: "text")
        // 90 MB take longer to be read than the next piece takes to come.
        let result = try bash(
            """
            for _ in $(seq 40); do cat text; done > many
            for _ in $(seq 25); do cat many; done > stick/a.jsonl
            (ulimit -f 400000; while sleep 0.005; do cat text; done >> stick/a.jsonl) & writer=$!
            "$census" verify stick; "$census" ingest --quiet stick
            kill -9 $writer; wait $writer 2>/dev/null
            """)
        #expect(
            result.output == """
                unreadable  stick/a.jsonl: the file changed while it was read; try again
                complete    stick/m.jsonl: 1 snapshot

                """)
        #expect(
            result.error.contains("stick/a.jsonl: the file changed while it was read; try again\n"))
    }

    @Test func aFileWithoutEnd() throws {
        let result = try bash(
            """
            truncate -s 1T stick/a.jsonl
            "$census" ingest --quiet stick; sqlite3 census.sqlite 'SELECT Verdict, SHA256 FROM Receipts'
            head -c 3G /dev/zero | "$census" verify --format csv -
            """)
        let reason =
            "this begins with NUL bytes; the data was not written, for "
            + "example because a USB drive was removed too early"
        #expect(result.error.hasPrefix("stick/a.jsonl: \(reason)\n"))
        #expect(result.output.hasPrefix("rejected|\ningested|"))
        #expect(result.output.hasSuffix("-,corrupt,,\"\(reason)\",,,0,,,,,,\r\n"))
    }

    @Test func names() throws {
        let names: [[UInt8]] = [
            Array("a\nb".utf8), Array("\u{1B}[2J\u{1B}]0;x\u{7}".utf8), Array("\u{202E}gnp".utf8),
            [0xFF, 0xFE], Array("-rf".utf8), Array("=1+1,\"".utf8),
            Array(String(repeating: "x", count: 249).utf8),
        ]
        let script = """
            import os, shutil, sys
            for name in sys.argv[1:]:
                shutil.copy('stick/m.jsonl', b'stick/' + bytes.fromhex(name) + b'.jsonl')
            """
        _ = try run(
            "python3",
            ["-c", script] + names.map { $0.map { String(format: "%02x", $0) }.joined() },
            in: directory.path)
        let result = try bash(
            #"cd stick; "$census" verify . ; "$census" verify --format json . | jq length"#)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 9 && lines.last == "8")
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("complete    ./") })
        #expect(lines.contains { $0.contains(#"./a\nb.jsonl"#) })
        #expect(lines.contains { $0.contains(#"./\x1B[2J\x1B]0;x\x07.jsonl"#) })
        #expect(lines.contains { $0.contains(#"./\u202Egnp.jsonl"#) })
        #expect(lines.contains { $0.contains(#"./\xFF\xFE.jsonl"#) })
    }

    @Test func aHundredThousandFiles() throws {
        let result = try bash(
            """
            mkdir many; cd many
            seq 100000 | xargs touch
            python3 -c 'import os
            for n in range(100000): os.link("../stick/m.jsonl", f"{n}.jsonl") if n < 60000 else os.symlink("x", f"{n}.jsonl")'
            cd ..
            "$census" verify many | sort | uniq -c | awk '{print $2}' | sort | uniq -c
            "$census" ingest --quiet many
            sqlite3 census.sqlite 'SELECT Verdict, COUNT(*) FROM Receipts GROUP BY 1'
            """)
        #expect(result.output == "  60000 complete\nduplicate|59999\ningested|1\n")
        // Of the links the first ten are named.
        let lines = result.error.split(separator: "\n")
        #expect(lines.count == 12)
        #expect(lines.prefix(10).allSatisfy { $0.hasSuffix(".jsonl: a symbolic link") })
        #expect(
            lines.suffix(2) == [
                "skipped 39990 more files named like snapshots (see --verbose)",
                "60000 files: 60000 complete, 140000 other files skipped",
            ])
    }

    /// A directory deeper than the path limit: the unreachable part is reported.
    @Test func directoriesWithoutEnd() throws {
        let result = try bash(
            """
            python3 -c 'import os
            os.chdir("stick")
            for n in range(20000):
                os.mkdir("d"); os.chdir("d")'
            "$census" verify stick | cut -c 1-50,4000-; echo ${PIPESTATUS[0]}
            rm -rf stick/d
            """)
        #expect(result.output.hasSuffix("complete    stick/m.jsonl: 1 snapshot\n2\n"))
        #expect(result.output.hasPrefix("unreadable  stick/d/d/d"))
        #expect(result.output.contains(": File name too long\n"))
        #expect(result.error == "2 files: 1 complete, 1 unreadable\n")
    }

    @Test func whatMayNotBeRead() throws {
        let result = try bash(
            """
            cp stick/m.jsonl stick/a.jsonl; chmod 0 stick/a.jsonl; mkdir -m 0 stick/b
            chmod 755 . stick; cp "$census" census
            as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid 65534 --clear-groups "$@"; else "$@"; fi; }
            as ./census verify stick; echo $?; chmod 755 stick/b
            """)
        #expect(
            result.output == """
                unreadable  stick/a.jsonl: Permission denied
                unreadable  stick/b: Permission denied
                complete    stick/m.jsonl: 1 snapshot
                2

                """)
    }
}
