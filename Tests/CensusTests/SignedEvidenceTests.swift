import Foundation
import SystemPackage
import TestSupport
import Testing

/// Signed snapshot files at the desk. The signatures are made by OpenSSH's own ssh-keygen.
@Suite struct SignedEvidenceTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    // MARK: known_hosts

    /// All that known_hosts may have, against what `ssh-keygen -Y verify` and `ssh-keygen -F` say of it.
    @Test(arguments: ["ed25519", "ecdsa"]) func keysOfKnownHosts(_ kind: String) throws {
        try makeKeys("\(kind)-1", "\(kind)-2")
        let (own, other) = (try publicKey("\(kind)-1"), try publicKey("\(kind)-2"))
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try sign("stick/a.jsonl.gz", "\(kind)-1")
        func verdict(_ lines: String) throws -> String {
            try directory.write(Array((lines + "\n").utf8), to: "known_hosts")
            return try String(verdicts("--known-hosts", "known_hosts")[0].dropFirst(2))
        }
        #expect(try verdicts() == ["a complete signed null null"])
        #expect(try verdict("web-01 \(own)") == "complete valid web-01 null")
        #expect(try verdict("[web-01]:2222 \(own)") == "complete valid [web-01]:2222 null")
        #expect(try verdict("x,WEB-01,192.0.2.7 \(own) comment") == "complete valid WEB-01 null")
        #expect(try verdict("web-* \(own)") == "complete valid web-01 null")
        #expect(try verdict("web-*,!web-01 \(own)") == "complete unknown_host null null")
        #expect(
            try verdict("web-01.example.org \(own)") == "complete valid web-01.example.org null")
        #expect(
            try verdict("web-01.a.example \(own)\nweb-01.b.example \(other)")
                == "complete valid web-01.a.example null")
        // Of that name in whatever domain, but with another key.
        #expect(
            try verdict("web-01.a.example \(other)\nweb-02,192.0.2.10 \(own)")
                == "complete wrong_key null null")
        #expect(try verdict("192.0.2.10 \(own)") == "complete valid 192.0.2.10 null")
        // The name counts before the address.
        #expect(
            try verdict("web-01 \(other)\n192.0.2.10 \(own)") == "complete wrong_key null null")
        #expect(try verdict("web-01 \(other)\nweb-01 \(own)") == "complete valid web-01 null")
        #expect(try verdict("db-01 \(own)") == "complete unknown_host null null")
        #expect(
            try verdict("web-01 \(own)\n@revoked * \(own)") == "complete revoked null null")
        #expect(
            try verdict("@cert-authority web-01 \(own)\ndb-01 \(own)")
                == "complete unknown_host null null")
        try directory.write(Array("web-01 \(own)\n".utf8), to: "known_hosts")
        #expect(
            try shell("ssh-keygen -q -H -f known_hosts; grep -q '^|1|' known_hosts").status == 0)
        #expect(
            try verdicts("--known-hosts", "known_hosts")
                == ["a complete valid web-01 null"])
        #expect(
            try verdict("# nothing\nweb-01 ssh-ed25519 AAAA\nweb-02 \(own)")
                == "complete unknown_host null null")
        for bad in ["", "web-01 ssh-ed25519 AAAA", "\u{0}"] {
            try directory.write(Array(bad.utf8), to: "known_hosts")
            let result = try census("verify", "stick", "--known-hosts", "known_hosts")
            #expect(result.status == 1)
            #expect(result.error.contains("known_hosts: it has no line of the form of known_hosts"))
        }
    }

    /// A host whose address is listed takes the name of another, in another domain or with more in it.
    @Test(arguments: ["web-01.local", "web-01.", "web-01,web-02", "WEB-01.a.example."])
    func anotherNameIsNone(_ hostname: String) throws {
        try makeKeys("ed25519-1", "ed25519-2")
        let text = SnapshotText(id: uuid(1), hostname: hostname, ip: "192.0.2.2")
        try directory.write(try gzip(text.bytes), to: "stick/a.jsonl.gz")
        try sign("stick/a.jsonl.gz", "ed25519-1")
        let list =
            try "web-01.a.example \(publicKey("ed25519-2"))\n"
            + "web-02.a.example,192.0.2.2 \(publicKey("ed25519-1"))\n"
        try directory.write(Array(("\u{FEFF}" + list).utf8), to: "known_hosts")
        #expect(
            try verdicts("--known-hosts", "known_hosts") == ["a complete wrong_key null null"])
        let ingested = try census("ingest", "stick", "--known-hosts", "known_hosts")
        #expect(ingested.status == 0)
        #expect(ingested.error.contains("1 file signed by a key that is not known as the host's"))
        // Given again without the list, the file is no better.
        #expect(try census("ingest", "--quiet", "stick").status == 0)
        #expect(try census("coverage").output.contains("unknown_key"))
    }

    /// Both hash algorithms of ssh-keygen; a key of RSA, which census does not check.
    @Test func kindsOfSignatures() throws {
        try makeKeys("ed25519-1", "rsa-1", "ecdsa-1")
        for (number, name) in ["a", "b", "c", "d"].enumerated() {
            try write(number + 1, "host-\(name)", to: "stick/\(name).jsonl.gz")
        }
        try sign("stick/a.jsonl.gz", "ed25519-1", "-O hashalg=sha256")
        try sign("stick/b.jsonl.gz", "rsa-1")
        try sign("stick/c.jsonl.gz", "ecdsa-1")
        #expect(
            try verdicts() == [
                "a complete signed null null",
                "b unsupported null null the signature beside the file is by a key of type ssh-rsa, "
                    + "which census does not check: use ssh-keygen -Y verify, and load the file without it",
                "c complete signed null null", "d complete unsigned null null",
            ])
        let required = try verdicts("--require-signature")
        #expect(required[0] == "a complete signed null null")
        #expect(required[3] == "d untrusted unsigned null the file is not signed")
        #expect(try census("verify", "stick", "--require-signature").status == 2)
        // A host with a key of RSA only: whatever is known of it, the file is loaded without its signature
        // only, which the stock tool checks as the message says.
        try directory.write(Array("host-b \(publicKey("rsa-1"))\n".utf8), to: "known_hosts")
        func ingest() throws -> RunResult {
            try census("ingest", "--quiet", "stick", "--known-hosts", "known_hosts")
        }
        let refused = try ingest()
        #expect(refused.status == 2)
        #expect(
            refused.error.contains(
                "stick/b.jsonl.gz: the signature beside the file is by a key of type ssh-rsa, "))
        #expect(try census("coverage").output.contains("by a key of type ssh-rsa, "))
        let checked = try shell(
            """
            ssh-keygen -Y verify -f known_hosts -I host-b -n census-snapshot@census \
                -s stick/b.jsonl.gz.sig <stick/b.jsonl.gz; mv stick/b.jsonl.gz.sig .
            """)
        #expect(checked.output.hasPrefix("Good \"census-snapshot@census\" signature for host-b "))
        #expect(try ingest().status == 0)
        #expect(!(try census("coverage").output.contains("ssh-rsa")))
        // One that was named and one that was found are the same.
        let named = try census("verify", "stick/a.jsonl.gz")
        #expect(named.output.contains(try "signed by ssh-ed25519 \(fingerprint("ed25519-1"))\n"))
    }

    /// Another file, another namespace, another key's signature: the file is rejected.
    @Test func aSignatureThatDoesNotBelong() throws {
        try makeKeys("ed25519-1")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try write(2, "web-02", to: "b.jsonl.gz")
        try sign("b.jsonl.gz", "ed25519-1")
        let reason =
            "the signature beside the file does not match it: one of the two was altered, or "
            + "the signature is of another file"
        _ = try shell("cp b.jsonl.gz.sig stick/a.jsonl.gz.sig")
        #expect(try verdicts() == ["a corrupt null null \(reason)"])
        _ = try shell(
            "ssh-keygen -q -Y sign -n file -f ed25519-1 <stick/a.jsonl.gz >stick/a.jsonl.gz.sig")
        #expect(
            try verdicts()[0].hasPrefix(
                #"a corrupt null null the signature beside the file is for "file", and not for "#))
        try directory.write(
            Array("-----BEGIN PGP SIGNATURE-----\n".utf8), to: "stick/a.jsonl.gz.sig")
        #expect(try verdicts()[0].contains("is not an SSH signature: one of the two was altered"))
        _ = try shell("rm stick/a.jsonl.gz.sig; mkdir stick/a.jsonl.gz.sig")
        #expect(try verdicts()[0].hasPrefix("a unreadable null null the signature "))
    }

    /// Of a signed file and of its signature no bit can be changed.
    @Test func noFlippedBitIsAccepted() throws {
        try makeKeys("ed25519-1", "ecdsa-1")
        try write(1, "web-01", to: "a.jsonl.gz")
        var count = 0
        for key in ["ed25519-1", "ecdsa-1"] {
            try sign("a.jsonl.gz", key)
            let contents = try ["a.jsonl.gz", "a.jsonl.gz.sig"].map { try directory.read($0) }
            for (index, content) in contents.enumerated() {
                for bit in 0..<content.count * 8 {
                    var altered = content
                    altered[bit / 8] ^= 1 << UInt8(bit % 8)
                    let name = "stick/\(count / 1000)/\(count).jsonl.gz"
                    try directory.write(index == 0 ? altered : contents[0], to: name)
                    try directory.write(index == 1 ? altered : contents[1], to: name + ".sig")
                    count += 1
                }
            }
        }
        #expect(count >= 10_000)
        let result = try census("verify", "stick", "--format", "csv")
        #expect(result.status == 2)
        let lines = result.output.split(separator: "\r\n").dropFirst()
        #expect(lines.count == count)
        #expect(lines.filter { $0.contains(",complete,") } == [])
    }

    /// Signed first, then encrypted: the signature is of the plain file, and encrypted itself.
    @Test func signaturesOfEncryptedFiles() throws {
        try makeKeys("ed25519-1")
        try write(1, "web-01", to: "a.jsonl.gz")
        try sign("a.jsonl.gz", "ed25519-1")
        let made = try shell(
            """
            mkdir stick; age-keygen -o key.txt 2>/dev/null; age-keygen -o other.txt 2>/dev/null
            recipient=$(age-keygen -y key.txt)
            age -r $recipient -o stick/a.jsonl.gz.age a.jsonl.gz
            age -r $recipient -o stick/a.jsonl.gz.sig.age a.jsonl.gz.sig
            """)
        try #require(made.status == 0, "\(made.error)")
        try directory.write(
            Array("web-01 \(publicKey("ed25519-1"))\n".utf8), to: "known_hosts")
        #expect(
            try verdicts("-i", "key.txt", "--known-hosts", "known_hosts", "--require-signature")
                == ["a.age complete valid web-01 null"])
        // Without a key nothing is known of the signature either.
        #expect(try verdicts()[0].hasPrefix("a.age unsupported null null this was encrypted"))
        // A signature of another file, one for another key, and none.
        try write(2, "web-01", to: "b.jsonl.gz")
        try sign("b.jsonl.gz", "ed25519-1")
        func exchange(_ command: String) throws -> String {
            let result = try shell("rm -f stick/*.sig.age; \(command)")
            try #require(result.status == 0, "\(result.error)")
            return try verdicts("-i", "key.txt")[0]
        }
        let to = "-o stick/a.jsonl.gz.sig.age"
        #expect(
            try exchange("age -r $(age-keygen -y key.txt) \(to) b.jsonl.gz.sig")
                .contains("does not match it"))
        #expect(
            try exchange("age -r $(age-keygen -y other.txt) \(to) a.jsonl.gz.sig")
                .contains("a.sig.age cannot be decrypted: "))
        #expect(
            try exchange("cp a.jsonl.gz.sig stick/a.jsonl.gz.sig.age").contains(
                "cannot be decrypted"))
        #expect(try exchange("true") == "a.age complete unsigned null null")
        // Both decrypted where they are, as stock tools check them; without the key and with it.
        let both = try shell(
            """
            age -r $(age-keygen -y key.txt) \(to) a.jsonl.gz.sig
            cp a.jsonl.gz a.jsonl.gz.sig stick
            """)
        try #require(both.status == 0, "\(both.error)")
        #expect(
            try verdicts("-i", "key.txt") == [
                "a complete signed null null", "a.age complete signed null null",
            ])
        #expect(try verdicts()[0] == "a complete signed null null")
        #expect(
            try census("verify", "stick/a.jsonl.gz").output.contains(", signed by ssh-ed25519 "))
        // The plain file has none of its own then: that of the other is no signature of it.
        _ = try shell("rm stick/a.jsonl.gz.sig")
        #expect(try verdicts()[0] == "a complete unsigned null null")
        #expect(try census("verify", "stick/a.jsonl.gz").status == 0)
        _ = try shell("rm stick/a.jsonl.gz stick/*.sig.age")
        let database = try census("ingest", "--quiet", "-i", "key.txt", "stick")
        #expect(database.status == 0)
        let evidence = try run(
            "sqlite3", ["census.sqlite", "SELECT Encryption, Signature FROM Receipts"],
            in: directory.path)
        #expect(evidence.output == "age: X25519|unsigned\n")
    }

    // MARK: In the database

    @Test(arguments: Engine.allCases) func verdictsOfReceipts(_ engine: Engine) throws {
        try makeKeys("ed25519-1", "ed25519-2")
        for (number, host) in ["a", "b", "c"].enumerated() {
            try write(number + 1, host, to: "stick/\(host).jsonl.gz")
        }
        try sign("stick/a.jsonl.gz", "ed25519-1")
        try sign("stick/b.jsonl.gz", "ed25519-2")
        let database = try engine.database()
        let (own, other) = (try publicKey("ed25519-1"), try publicKey("ed25519-2"))
        try directory.write(Array("a \(own)\nb \(own)\n".utf8), to: "known_hosts")
        func columns(_ names: String...) throws -> [String] {
            let list = names.map { "\\(.\($0))" }.joined(separator: " ")
            let output = try census(
                "list", "evidence", "--format", "jsonl", "--db", database.name)
            return try run("jq", ["-r", "\"\(list)\""], input: output.outputBytes).output
                .split(separator: "\n").map(String.init)
        }
        func findings() throws -> [String] {
            let output = try census("coverage", "--format", "jsonl", "--db", database.name)
            return try run(
                "jq",
                [
                    "-r",
                    #"select(.Finding | test("key|unsigned|rejected")) | "\(.Finding) \(.Host)""#,
                ],
                input: output.outputBytes
            ).output.split(separator: "\n").map(String.init)
        }
        // Without a known_hosts; then with one, of the same files.
        #expect(try census("ingest", "--quiet", "stick", "--db", database.name).status == 0)
        #expect(
            try columns("File", "Verdict", "Signature", "Signer_Key") == [
                "stick/a.jsonl.gz ingested signed ssh-ed25519 \(fingerprint("ed25519-1"))",
                "stick/b.jsonl.gz ingested signed ssh-ed25519 \(fingerprint("ed25519-2"))",
                "stick/c.jsonl.gz ingested unsigned null",
            ])
        #expect(try findings() == ["unsigned c"])
        let again = try census(
            "ingest", "--quiet", "stick", "--known-hosts", "known_hosts", "--db", database.name)
        #expect(again.status == 0)
        #expect(
            try columns("Verdict", "Signature", "Signer_Principal").suffix(3) == [
                "duplicate valid a", "duplicate wrong_key null", "duplicate unsigned null",
            ])
        #expect(try findings() == ["unknown_key b", "unsigned c"])
        let strict = try census(
            "ingest", "--quiet", "stick", "--known-hosts", "known_hosts", "--require-signature",
            "--db", database.name)
        #expect(strict.status == 2)
        #expect(strict.error.contains("stick/c.jsonl.gz: the file is not signed\n"))
        #expect(try columns("Verdict").suffix(3) == ["duplicate", "rejected", "rejected"])
        // Another key of the same host at its next visit, and one key of two hosts.
        try write(4, "a", to: "later/a.jsonl.gz")
        try sign("later/a.jsonl.gz", "ed25519-2")
        #expect(try census("ingest", "--quiet", "later", "--db", database.name).status == 0)
        let keys = try census("coverage", "--format", "csv", "--db", database.name).output
        #expect(
            keys.contains(
                try "ssh-ed25519 was \(fingerprint("ed25519-1")) on 2026-11-23 05:13:11, is "
                    + fingerprint("ed25519-2")) || keys.contains("2 servers have the key"))
        _ = other
        let show = try census("show", "a", "--db", database.name)
        #expect(show.output.contains("signed"))
    }

    /// A host that takes another's name has another key than the one that it says it has.
    @Test func aKeyThatTheSnapshotDoesNotHave() throws {
        try makeKeys("ed25519-1", "ed25519-2")
        var text = SnapshotText(id: uuid(1), hostID: "a", hostname: "a")
        text.lines.insert(
            #"{"record":"collection","sources":["ssh_host_key a"]}"#, at: 4)
        text.lines.append(
            #"{"record":"ssh_host_key","algorithm":"ssh-ed25519","fingerprint":"\#(try fingerprint("ed25519-1"))"}"#
        )
        text.end =
            #"{"record":"end","processes":1,"users":0,"ssh_host_keys":1,"sha256":"\#(text.sha256)"}"#
        try directory.write(text.bytes, to: "stick/a.jsonl")
        try sign("stick/a.jsonl", "ed25519-1")
        #expect(try census("ingest", "--quiet", "stick", "--db", "one.sqlite").status == 0)
        #expect(!(try census("coverage", "--db", "one.sqlite").output.contains("unknown_key")))
        try sign("stick/a.jsonl", "ed25519-2")
        #expect(try census("ingest", "--quiet", "stick", "--db", "two.sqlite").status == 0)
        #expect(
            try census("coverage", "--db", "two.sqlite").output.contains(
                "which is not among the keys of the host in it"))
    }
}
