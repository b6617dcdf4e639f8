import Foundation
import SystemPackage
import TestSupport
import Testing

/// Snapshot files that are encrypted with stock `age`, at the desk.
@Suite struct EncryptedFileTests {
    let directory: TemporaryDirectory
    /// The recipients of the identity files `one.txt`, `two.txt` and `ssh`.
    private let recipients: [String: String]

    init() throws {
        directory = try TemporaryDirectory()
        var recipients: [String: String] = [:]
        for name in ["one.txt", "two.txt"] {
            #expect(try run("age-keygen", ["-o", name], in: directory.path).status == 0)
            let key = try run("age-keygen", ["-y", name], in: directory.path).output
            recipients[name] = String(key.dropLast())
        }
        let made = try run(
            "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "ssh"], in: directory.path)
        #expect(made.status == 0)
        recipients["ssh"] = String(
            decoding: try directory.read("ssh.pub").dropLast(), as: UTF8.self)
        self.recipients = recipients
    }

    private func census(_ arguments: String..., input: [UInt8] = []) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path, input: input)
    }

    private func sqlite3(_ query: String) throws -> [String] {
        let result = try run("sqlite3", ["x.sqlite", query], in: directory.path)
        #expect(result.error == "")
        return result.output.split(separator: "\n").map(String.init)
    }

    /// Encrypts with stock age.
    @discardableResult
    private func encrypt(
        _ content: [UInt8], for keys: [String] = ["one.txt"], to name: String,
        _ options: [String] = []
    ) throws -> [UInt8] {
        let arguments = options + keys.flatMap { ["-r", recipients[$0]!] }
        let result = try run("age", arguments, in: directory.path, input: content)
        #expect(result.status == 0, "\(result.error)")
        try directory.write(result.outputBytes, to: name)
        return result.outputBytes
    }

    private func snapshot(_ number: Int, processes: Int = 3) -> SnapshotText {
        SnapshotText(
            id: "00000000-0000-4000-8000-00000000000\(number)", hostID: "h\(number)",
            processes: (0..<processes).map { process($0 + 1, "p\($0)") })
    }

    @Test func filesAreReadWithTheirIdentity() throws {
        try encrypt(gzip(snapshot(1).bytes), to: "usb/a.jsonl.gz.age")
        try encrypt(snapshot(2).bytes, for: ["ssh"], to: "usb/b.age")
        try encrypt(gzip(snapshot(3).bytes), for: ["two.txt", "ssh"], to: "usb/c.age", ["-a"])
        // What lies beside a snapshot is none.
        try encrypt(Array("a checksum".utf8), to: "usb/a.jsonl.gz.sha256.age")
        let verified = try census("verify", "-i", "one.txt", "--identity", "ssh", "usb")
        #expect(
            verified.output == """
                complete    usb/a.jsonl.gz.age: 1 snapshot, encrypted (age: X25519)
                complete    usb/b.age: 1 snapshot, encrypted (age: ssh-ed25519)
                complete    usb/c.age: 1 snapshot, encrypted (age: X25519, ssh-ed25519)

                """)
        #expect(verified.error == "3 files: 3 complete, 1 other file skipped\n")
        let loaded = try census(
            "ingest", "--quiet", "-i", "one.txt", "-i", "ssh", "--db", "x.sqlite", "usb")
        #expect((loaded.status, loaded.error) == (0, ""))
        #expect(
            try sqlite3("SELECT Host_ID FROM Servers ORDER BY Host_ID") == ["h1", "h2", "h3"])
        #expect(
            try census("show", "h1", "--db", "x.sqlite").output.contains(
                "  usb/a.jsonl.gz.age  encryption: age: X25519\n"))
        // The receipt is of the file as it lies there.
        let digest = try run("sha256sum", ["usb/a.jsonl.gz.age"], in: directory.path).output
        let size = try directory.read("usb/a.jsonl.gz.age").count
        #expect(
            try sqlite3(
                "SELECT SHA256, Size_bytes, Snapshots FROM Receipts WHERE Path LIKE '%a.jsonl%'")
                == ["\(digest.prefix(64))|\(size)|1"])
    }

    @Test func standardInputIsReadToo() throws {
        let file = try encrypt(gzip(snapshot(1).bytes), to: "a.age")
        let loaded = try census(
            "ingest", "--quiet", "-i", "one.txt", "--db", "x.sqlite", "-", input: file)
        #expect((loaded.status, loaded.error) == (0, ""))
        #expect(try sqlite3("SELECT Host_ID FROM Servers") == ["h1"])
        // An identity may come from there as well, but not both.
        let verified = try census(
            "verify", "--identity", "-", "a.age", input: directory.read("one.txt"))
        #expect(verified.status == 0)
        let both = try census("verify", "--identity", "-", "-", input: file)
        #expect(both.status == 64)
        #expect(
            both.error.hasPrefix(
                "census: standard input cannot be both a snapshot file and --identity."))
    }

    /// A file that was loaded once is known by its digest, without its key.
    @Test func aKnownFileIsNotDecryptedAgain() throws {
        try encrypt(gzip(snapshot(1).bytes), to: "a.age")
        let first = try census(
            "ingest", "--quiet", "-i", "one.txt", "--db", "x.sqlite", "a.age")
        #expect(first.status == 0)
        let again = try census("ingest", "--db", "x.sqlite", "a.age")
        #expect(again.status == 0)
        #expect(again.error.contains("1 already ingested"))
    }

    @Test func theReasonIsNamedWhereAKeyIsMissing() throws {
        try encrypt(snapshot(1).bytes, to: "a.age")
        try encrypt(snapshot(1).bytes, for: ["ssh", "one.txt"], to: "b.age", ["-a"])
        let vector = try contents(of: fixtures.appending("age/cctv/scrypt"))
        let start = try #require(
            vector.indices.first { vector[$0...].starts(with: "age-encryption".utf8) })
        try directory.write(vector[start...], to: "c.age")
        let cases: [(file: String, arguments: [String], reason: String)] = [
            ("a.age", [], "this was encrypted with age for X25519; --identity FILE reads it"),
            (
                "b.age", [],
                "this was encrypted with age for ssh-ed25519, X25519; --identity FILE reads it"
            ),
            (
                "c.age", [],
                "this was encrypted with age for a passphrase, which census does not read; "
                    + "use age -d FILE | census ingest -"
            ),
            (
                "a.age", ["-i", "two.txt"],
                "this was encrypted with age for other keys than --identity has: X25519"
            ),
        ]
        for (file, arguments, reason) in cases {
            let verified = try run(
                TestSupport.census, ["verify"] + arguments + [file], in: directory.path)
            #expect(verified.output == "unsupported \(file): \(reason)\n")
            #expect(verified.status == 2)
            let loaded = try run(
                TestSupport.census, ["ingest", "--quiet", "--db", "x.sqlite"] + arguments + ["-"],
                in: directory.path, input: directory.read(file))
            #expect(loaded.error == "-: \(reason)\n")
            #expect(loaded.status == 2)
        }
        #expect(try sqlite3("SELECT COUNT(*) FROM Executions") == ["0"])
        #expect(try sqlite3("SELECT COUNT(*) FROM Receipts WHERE Verdict = 'rejected'") == ["4"])
    }

    /// A file whose parts are passed on before its end is known: a changed bit in its last chunk, or an
    /// end that is cut off, and nothing of it is loaded.
    @Test(arguments: Engine.allCases) func nothingOfAForgedFileIsLoaded(_ engine: Engine) throws {
        let content = (1...8).flatMap { snapshot($0, processes: 60_000).bytes }
        let file = try encrypt(content, to: "whole.age")
        var changed = file
        changed[file.count - 20] ^= 1
        try directory.write(changed, to: "bad/changed.age")
        try directory.write(file.dropLast(1), to: "bad/cut.age")
        // At the end of a chunk.
        let header = file.count - 16 - content.count - (content.count + 65_535) / 65_536 * 16
        let chunks = (file.count - header - 16) / 65_552
        try directory.write(file.prefix(header + 16 + chunks * 65_552), to: "bad/early.age")
        try encrypt(gzip(snapshot(9).bytes), to: "bad/good.age")
        let database = try engine.database()
        let loaded = try census(
            "ingest", "-i", "one.txt", "--db", database.name, "bad", "--limit", "1")
        #expect(loaded.status == 2)
        let notes = loaded.error.split(separator: "\n").map(String.init)
        #expect(notes.count == 4)
        let end = "the end of the encrypted content, chunk \(chunks + 1), was changed or cut off"
        #expect(notes[0].hasPrefix("bad/changed.age: ") && notes[0].contains(end))
        #expect(notes[1].hasPrefix("bad/cut.age: ") && notes[1].contains(end))
        #expect(
            notes[2].hasPrefix("bad/early.age: ")
                && notes[2].contains("the file ends before the end of its encrypted content"))
        #expect(notes[3].contains("4 files read"))
        #expect(notes[3].contains("1 snapshot loaded with 3 processes"))
        let hosts = try census("list", "hosts", "--db", database.name, "--format", "csv")
        #expect(hosts.output.split(whereSeparator: \.isNewline).count == 2)
        let whole = try census(
            "ingest", "--quiet", "-i", "one.txt", "--db", database.name, "whole.age")
        #expect((whole.status, whole.error) == (0, ""))
        let all = try census("list", "hosts", "--db", database.name, "--format", "csv")
        #expect(all.output.split(whereSeparator: \.isNewline).count == 10)
    }

    /// Of a file that was cut off or changed on the medium the cause is named as of others.
    @Test func damageIsNamed() throws {
        let file = try encrypt(gzip(snapshot(1).bytes), to: "a.age")
        let cases: [(file: [UInt8], line: String)] = [
            (
                Array(file.prefix(50)),
                "truncated   -: the file ends in the middle of the age header"
            ),
            (
                file.dropLast(60) + [UInt8](repeating: 0, count: 60),
                "truncated   -: the file ends with 60 NUL bytes; it was not written completely, for "
                    + "example because a USB drive was removed too early"
            ),
            (
                try run("sed", ["s/$/\r/"], input: file).outputBytes,
                "corrupt     -: the age file was copied as text; copy the file unchanged"
            ),
            (
                try encrypt(Array("PK\u{3}\u{4}".utf8), to: "zip.age"),
                "unsupported -: this is a zip archive; unpack it and give the folder"
            ),
            (
                try encrypt([], to: "empty.age"), "corrupt     -: there is no snapshot in the file"
            ),
            (
                Array("age-encryption.org/v2\n".utf8),
                "unsupported -: this is age format v2, and census reads v1"
            ),
        ]
        for (bytes, line) in cases {
            let verified = try census("verify", "-i", "one.txt", "-", input: bytes)
            #expect(verified.output.replacing(", encrypted (age: X25519)", with: "") == line + "\n")
        }
    }

    /// As a program of Windows saves it.
    @Test func anIdentityWithAByteOrderMark() throws {
        try encrypt(snapshot(1).bytes, to: "a.age")
        let key = String(decoding: try directory.read("one.txt"), as: UTF8.self)
        let saved = Array(("\u{FEFF}" + key.replacing("\n", with: "\r\n")).utf8)
        try directory.write(saved, to: "saved.txt")
        let verified = try census("verify", "-i", "saved.txt", "a.age")
        #expect(verified.status == 0, "\(verified.error)")
    }

    @Test func whatIsNoIdentityIsRefusedBeforeTheWork() throws {
        try encrypt(snapshot(1).bytes, to: "a.age")
        let key = try run(
            "ssh-keygen", ["-q", "-t", "ed25519", "-N", "secret", "-f", "locked"],
            in: directory.path)
        #expect(key.status == 0)
        let rsa = try run(
            "ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "rsa"],
            in: directory.path)
        #expect(rsa.status == 0)
        try directory.write(Array(recipients["one.txt"]!.utf8), to: "public.txt")
        try encrypt(directory.read("one.txt"), to: "key.age")
        try directory.write(Array("AGE-PLUGIN-YUBIKEY-1QVZSXYQPQXQ\n".utf8), to: "plugin.txt")
        try directory.write([], to: "empty.txt")
        // What `age-keygen >wide.txt` writes in PowerShell.
        let wide = try run(
            "iconv", ["-f", "UTF-8", "-t", "UTF-16", "one.txt"], in: directory.path)
        try directory.write(wide.outputBytes, to: "wide.txt")
        let pipe = "use age -d -i KEY FILE | census ingest -"
        let ssh = "census reads Ed25519 keys of OpenSSH without a passphrase, for others \(pipe)"
        let cases = [
            ("locked", "the key is protected by a passphrase; \(ssh)."),
            ("rsa", "the key is an RSA key; \(ssh)."),
            (
                "public.txt",
                "line 1: this is a public key, which cannot decrypt; give the file of the secret key."
            ),
            (
                "ssh.pub",
                "line 1: this is a public key, which cannot decrypt; give the file of the secret key."
            ),
            ("key.age", "the identity file is encrypted itself; decrypt it first, or \(pipe)."),
            (
                "plugin.txt",
                "line 1: this is the identity of a plugin, which only age runs; \(pipe)."
            ),
            ("empty.txt", "there is no identity in the file."),
            ("wide.txt", "the identity file is UTF-16; save it as UTF-8."),
        ]
        for (name, reason) in cases {
            _ = try run("chmod", ["600", name], in: directory.path)
            let loaded = try census("ingest", "--identity", name, "--db", "x.sqlite", "a.age")
            #expect(loaded.status == 64)
            #expect(
                loaded.error.hasPrefix("census: --identity \(name): \(reason)\n"), "\(loaded.error)"
            )
        }
        let missing = try census("verify", "-i", "none.txt", "a.age")
        #expect(missing.status == 1)
        #expect(missing.error.hasPrefix("census: cannot open none.txt: No such file or directory"))
        #expect(try !directory.names().contains("x.sqlite"))
    }

    @Test func aKeyThatOthersMayReadIsReported() throws {
        try encrypt(snapshot(1).bytes, to: "a.age")
        _ = try run("chmod", ["640", "one.txt"], in: directory.path)
        let verified = try census("verify", "-i", "one.txt", "a.age")
        #expect(verified.status == 0)
        #expect(
            verified.error
                == "one.txt: this secret key is readable by others: chmod 600 it\n1 file: 1 complete\n"
        )
    }

    /// No output goes to the file of a key.
    @Test func theIdentityIsNotOverwritten() throws {
        try encrypt(snapshot(1).bytes, to: "a.age")
        let key = try directory.read("one.txt")
        let verified = try census("verify", "-i", "one.txt", "a.age", "-o", "one.txt")
        #expect(verified.status == 1)
        #expect(try directory.read("one.txt") == key)
        let loaded = try census("ingest", "-i", "one.txt", "a.age", "--db", "one.txt")
        #expect(loaded.status == 1)
        #expect(try directory.read("one.txt") == key)
    }
}
