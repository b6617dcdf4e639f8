import Foundation
import SystemPackage
import TestSupport
import Testing

/// Whose key a known_hosts says that it is, with OpenSSH's own ssh-keygen as the judge.
@Suite struct KnownHostsTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func write(known list: String) throws {
        let text = try list.replacing("OWN", with: publicKey("ed25519-1"))
            .replacing("OTHER", with: publicKey("ed25519-2"))
            .replacing("RSA", with: publicKey("rsa-1"))
        try directory.write(Array((text + "\n").utf8), to: "known_hosts")
    }

    /// The verdict and the principal of the only file.
    private func verdict() throws -> String {
        let lines = try verdicts("--known-hosts", "known_hosts")
        return String(
            try #require(lines.first).dropFirst("a complete ".count).dropLast(" null".count))
    }

    private func isVerified(as principal: String) throws -> Bool {
        try shell(
            """
            ssh-keygen -q -Y verify -f known_hosts -I '\(principal)' -n census-snapshot@census \
                -s stick/a.jsonl.gz.sig <stick/a.jsonl.gz
            """
        ).status == 0
    }

    /// Lists with the key that signed, another one and one of RSA, and the verdict on a host.
    static let lists = [
        ("web-01", "web-01 OTHER\nweb-01.test.example OWN", "wrong_key null"),
        ("web-01", "[web-01]:2222 OTHER\nweb-01.test.example OWN", "wrong_key null"),
        (
            "web-01.prod.example", "web-01.prod.example OTHER\nweb-01.test.example OWN",
            "wrong_key null"
        ),
        ("web-01.prod.example", "web-01 OTHER\nweb-01.test.example OWN", "wrong_key null"),
        ("web-01.prod.example", "web-01.prod.example OTHER\nweb-01 OWN", "wrong_key null"),
        ("web-01.prod.example", "*.prod.example OTHER\nweb-01 OWN", "wrong_key null"),
        ("web-01.prod.example", "web-01 OWN\nweb-01.test.example OTHER", "valid web-01"),
        ("web-01", "web-01.test.example OWN", "valid web-01.test.example"),
        ("web-01", "[web-01]:2222 OWN", "valid [web-01]:2222"),
        ("web-01", "[web-*]:2222 OWN", "valid [web-01]:2222"),
        ("WEB-01", "web-01 OWN", "valid web-01"),
        ("web-01", "x,WEB-01 OWN", "valid WEB-01"),
        ("web-01", "web-01 RSA", "unknown_host null"),
        ("web-01", "web-01 RSA\n192.0.2.10 OWN", "unknown_host null"),
        ("web-01", "web-01 RSA\nweb-01 OTHER", "wrong_key null"),
        ("web-01", "web-01 RSA\nweb-01 OWN", "valid web-01"),
    ]

    @Test func theKeyOfAnotherHost() throws {
        try makeKeys("ed25519-1", "ed25519-2", "rsa-1")
        for (hostname, list, expected) in Self.lists {
            let text = SnapshotText(id: uuid(1), hostname: hostname, ip: "192.0.2.10")
            try directory.write(try gzip(text.bytes), to: "stick/a.jsonl.gz")
            try sign("stick/a.jsonl.gz", "ed25519-1")
            try write(known: list)
            #expect(try verdict() == expected, "\(list)")
            if expected.hasPrefix("valid ") {
                #expect(try isVerified(as: String(expected.dropFirst(6))), "\(list)")
            } else {
                #expect(try !isVerified(as: hostname), "\(list)")
            }
        }
        try write(known: "web-01 RSA")
        #expect(
            try census("verify", "stick", "--known-hosts", "known_hosts").output.contains(
                "and known_hosts has only keys of other types for the host\n"))
    }

    /// The worst verdict, whichever host comes first; of good ones the first name.
    @Test func aFileOfSeveralHosts() throws {
        try makeKeys("ed25519-1", "ed25519-2", "rsa-1")
        let both = ["a-01", "b-01"].enumerated().flatMap { number, host in
            SnapshotText(id: uuid(number + 1), hostID: host, hostname: host, ip: "192.0.2.10").bytes
        }
        try directory.write(try gzip(both), to: "stick/a.jsonl.gz")
        try sign("stick/a.jsonl.gz", "ed25519-1")
        for (list, expected) in [
            ("a-01 OTHER", "wrong_key null"), ("b-01 OTHER", "wrong_key null"),
            ("b-01 OTHER\na-01 OWN", "wrong_key null"), ("a-01 OWN", "unknown_host null"),
            ("b-01 OWN\na-01 OWN", "valid a-01"),
        ] {
            try write(known: list)
            // The order of a set differs from run to run.
            let results = try (1...6).map { _ in try verdict() }
            #expect(results == Array(repeating: expected, count: 6), "\(list)")
        }
    }

    /// A file that is no known_hosts is named by what it is.
    @Test func whatIsNoList() throws {
        try makeKeys("ed25519-1", "ed25519-2", "rsa-1")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try sign("stick/a.jsonl.gz", "ed25519-1")
        func refusal() throws -> String {
            let result = try census("verify", "stick", "--known-hosts", "known_hosts")
            #expect(result.status == 1)
            return result.error
        }
        for (list, reason) in [
            ("@cert-authority *.example OWN", "it has only lines of @cert-authority, and "),
            ("OWN", "it is a public key without the names of its host"),
            (#"web-01 namespaces="a,b" OWN"#, "it has options before the keys, as the list of "),
            ("web-01 OWN\n@revoked * ssh-ed25519 AAAA", "line 2 is marked @revoked, and its key "),
            ("web-01 OWN\n@revoked OWN", "line 2 is marked @revoked, and its key "),
            (
                "web-01 OWN\n@revoke * OWN",
                "line 2 has the marker @revoke, which known_hosts does not have"
            ),
            ("web-01", "it has no line of the form of known_hosts: NAMES TYPE KEY, "),
        ] {
            try write(known: list)
            #expect(try refusal().contains("known_hosts: \(reason)"), "\(list)")
        }
        try write(known: "web-01 OWN")
        for encoding in ["UTF-16", "UTF-16LE", "UTF-32"] {
            let made = try shell("iconv -t \(encoding) known_hosts >other; mv other known_hosts")
            try #require(made.status == 0)
            #expect(try refusal().contains("; save it as UTF-8\n"))
            try write(known: "web-01 OWN")
        }
        #expect(try verdict() == "valid web-01")
    }

    // MARK: Files that are given again

    private func rows(_ filter: String, _ command: [String]) throws -> [String] {
        let output = try run(
            TestSupport.census, command + ["--format", "jsonl"], in: directory.path)
        return try run("jq", ["-r", filter], input: output.outputBytes).output
            .split(separator: "\n").map(String.init)
    }

    /// The bad signature is named, and not the one with which the file was loaded.
    @Test(arguments: Engine.allCases) func anotherSignatureOfALoadedFile(_ engine: Engine) throws {
        try makeKeys("ed25519-1", "ed25519-2", "rsa-1")
        let database = try engine.database()
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try write(known: "web-01 OWN")
        func ingest() throws {
            let result = try census(
                "ingest", "--quiet", "stick", "--known-hosts", "known_hosts", "--db",
                database.name)
            #expect(result.status == 0, "\(result.error)")
        }
        func findings() throws -> [String] {
            try rows(
                #"select(.Finding == "unknown_key") | .Detail"#,
                ["coverage", "--db", database.name])
        }
        func shown() throws -> String {
            try census("show", "web-01", "--db", database.name).output
        }
        try sign("stick/a.jsonl.gz", "ed25519-1")
        try ingest()
        #expect(try findings() == [])
        #expect(
            try shown().contains("valid by ssh-ed25519 \(fingerprint("ed25519-1")) as web-01"))
        try sign("stick/a.jsonl.gz", "ed25519-2")
        try ingest()
        let bad = try findings()
        #expect(bad.count == 1)
        #expect(bad.first?.contains(try fingerprint("ed25519-2")) == true)
        #expect(bad.first?.contains(try fingerprint("ed25519-1")) == false)
        #expect(try shown().contains("wrong_key"))
        // The key of the first one is revoked later.
        try sign("stick/a.jsonl.gz", "ed25519-1")
        try write(known: "web-01 OWN\n@revoked * OWN")
        try ingest()
        #expect(try findings().first?.contains("which known_hosts marks as revoked") == true)
        #expect(try shown().contains("revoked") && !shown().contains("valid by"))
        // A selection leaves no receipt of the file out, and has none of another.
        try write(2, "web-02", ip: "192.0.2.11", to: "stick/b.jsonl.gz")
        try ingest()
        #expect(
            try rows(
                #""\(.File) \(.Verdict) \(.Signature)""#,
                ["list", "evidence", "--host", "web-01", "--db", database.name]) == [
                    "stick/a.jsonl.gz ingested valid", "stick/a.jsonl.gz duplicate wrong_key",
                    "stick/a.jsonl.gz duplicate revoked", "stick/a.jsonl.gz duplicate revoked",
                ])
    }

    /// With a known_hosts that has the host, a file is to be signed, even if no other is.
    @Test(arguments: Engine.allCases) func noSignatureAtAll(_ engine: Engine) throws {
        try makeKeys("ed25519-1", "ed25519-2", "rsa-1")
        let database = try engine.database()
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try write(known: "[web-01]:2222 OWN")
        #expect(try census("verify", "stick").status == 0)
        let verified = try census("verify", "stick", "--known-hosts", "known_hosts")
        #expect(verified.status == 2)
        #expect(verified.error.contains("1 file not signed\n"))
        // Which one that is.
        #expect(verified.output.hasSuffix("stick/a.jsonl.gz: 1 snapshot, not signed\n"))
        #expect(!(try census("verify", "stick").output.contains("signed")))
        func unsigned() throws -> [String] {
            try rows(
                #"select(.Finding == "unsigned") | .Host"#, ["coverage", "--db", database.name])
        }
        #expect(try census("ingest", "--quiet", "stick", "--db", database.name).status == 0)
        #expect(try unsigned() == [])
        let ingested = try census(
            "ingest", "--quiet", "stick", "--known-hosts", "known_hosts", "--db", database.name)
        #expect(ingested.status == 0)
        #expect(ingested.error.contains("1 file not signed (see census list evidence"))
        #expect(try unsigned() == ["web-01"])
    }
}
