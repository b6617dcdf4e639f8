import Foundation
import SystemPackage
import TestSupport
import Testing

/// Lists of hosts whose names OpenSSH's own `ssh-keygen -H` has hashed.
@Suite struct HashedNamesTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Lines with the host's own key and another one, and the verdict on web-01.
    static let lists = [
        ("web-01 OWN", "valid web-01"),
        ("WEB-01 OWN", "valid WEB-01"),
        ("[web-01]:2222 OWN", "valid [web-01]:2222"),
        ("[web-01]:1 OWN", "valid [web-01]:1"),
        ("[web-01]:65535 OWN", "valid [web-01]:65535"),
        ("[192.0.2.10]:40022 OWN", "valid [192.0.2.10]:40022"),
        ("192.0.2.10 OWN", "valid 192.0.2.10"),
        ("2001:db8::10 OWN", "valid 2001:db8::10"),
        ("[2001:db8::10]:2222 OWN", "valid [2001:db8::10]:2222"),
        ("[2001:db8::10]:40022 OWN", "valid [2001:db8::10]:40022"),
        ("x,[web-01]:40022,192.0.2.7 OWN", "valid [web-01]:40022"),
        ("[web-01]:40022 OTHER\n[web-01]:40023 OWN", "valid [web-01]:40023"),
        ("[web-02]:40022 OWN", "unknown_host null"),
        ("[web-0]:12222 OWN", "unknown_host null"),
        ("[web-01]:2222 OTHER", "wrong_key null"),
        // The name counts before the address, whatever the port.
        ("[web-01]:2222 OTHER\n192.0.2.10 OWN", "wrong_key null"),
        ("[web-01]:40022 OTHER\n[192.0.2.10]:40022 OWN", "wrong_key null"),
        ("[web-01]:40022 OTHER\n*.a.example,[x]:40022 OTHER\n192.0.2.10 OWN", "wrong_key null"),
        // What is not hashed.
        ("@revoked [web-01]:2222 OWN\n[web-01]:2222 OWN", "revoked null"),
        ("@cert-authority * OWN\n[db-01]:2222 OWN", "unknown_host null"),
        ("[web-*]:2222 OWN\n[db-01]:2222 OWN", "valid [web-01]:2222"),
        ("web-*,!web-01 OWN\n[db-01]:2222 OWN", "unknown_host null"),
        ("w*,![web-01]:2222 OWN\n[db-01]:2222 OWN", "unknown_host null"),
        ("*,![web-01]:2222 OWN\n[db-01]:2222 OWN", "valid 192.0.2.10"),
    ]

    private func verdict() throws -> String {
        let lines = try verdicts("--known-hosts", "known_hosts")
        return String(
            try #require(lines.first).dropFirst("a complete ".count).dropLast(" null".count))
    }

    private func write(known list: String) throws {
        let text = try list.replacing("OWN", with: publicKey("ed25519-1"))
            .replacing("OTHER", with: publicKey("ed25519-2"))
        try directory.write(Array((text + "\n").utf8), to: "known_hosts")
    }

    private func writeSnapshot() throws {
        try makeKeys("ed25519-1", "ed25519-2")
        var text = SnapshotText(id: uuid(1), hostname: "web-01", ip: "192.0.2.10")
        let host = try #require(text.lines.firstIndex { $0.contains(#""record":"host""#) })
        text.lines[host] = text.lines[host].replacing(
            #""ip":"192.0.2.10""#,
            with: #""ip":"192.0.2.10","addresses":["192.0.2.10","2001:db8::10"]"#)
        text.end = nil
        try directory.write(try gzip(text.bytes), to: "stick/a.jsonl.gz")
        try sign("stick/a.jsonl.gz", "ed25519-1")
    }

    /// A list says the same with its names hashed.
    @Test func namesHashedBySSHKeygen() throws {
        try writeSnapshot()
        for (list, expected) in Self.lists {
            try write(known: list)
            #expect(try verdict() == expected, "\(list)")
            let hashed = try shell("ssh-keygen -q -H -f known_hosts; grep -c '^|1|' known_hosts")
            try #require(hashed.status == 0, "\(list): \(hashed.error)")
            // What is hashed has no capitals.
            #expect(
                try verdict() == expected.replacing("WEB", with: "web"), "hashed: \(list)")
            // As ssh itself finds it.
            if let name = list.firstMatch(of: /\[web-01\]:\d+/)?.output, !list.contains("!") {
                let found = try shell("ssh-keygen -F '\(name)' -f known_hosts")
                #expect(found.status == 0, "\(list)")
            }
        }
    }

    /// That a host is known by another key under a port that nothing in the list names cannot be seen.
    @Test func aPortThatNothingNames() throws {
        try writeSnapshot()
        try write(known: "[web-01]:40022 OTHER")
        #expect(try verdict() == "wrong_key null")
        #expect(try shell("ssh-keygen -q -H -f known_hosts").status == 0)
        #expect(try verdict() == "unknown_host null")
    }

    /// The line of a host may be the last of many that have its key.
    @Test func aKeyOfManyLines() throws {
        try writeSnapshot()
        let others = (1...8).map { "[db-0\($0)]:2222 OWN" }.joined(separator: "\n")
        try write(known: others + "\n[web-01]:50000 OWN")
        #expect(try shell("ssh-keygen -q -H -f known_hosts").status == 0)
        #expect(try verdict() == "valid [web-01]:50000")
    }

    /// Who writes to the stick may let a host have any number of addresses.
    @Test func manyAddressesEnd() throws {
        try writeSnapshot()
        let addresses = (0..<20_000).map { #""10.0.\#($0 / 250).\#($0 % 250)""# }
        var text = SnapshotText(id: uuid(1), hostname: "web-01", ip: "192.0.2.10")
        let host = try #require(text.lines.firstIndex { $0.contains(#""record":"host""#) })
        text.lines[host] = text.lines[host].replacing(
            #""ip":"192.0.2.10""#,
            with: #""ip":"192.0.2.10","addresses":[\#(addresses.joined(separator: ","))]"#)
        text.end = nil
        try directory.write(try gzip(text.bytes), to: "stick/a.jsonl.gz")
        #expect(try shell("rm stick/a.jsonl.gz.sig").status == 0)
        try sign("stick/a.jsonl.gz", "ed25519-1")
        try write(known: (1...500).map { "[db-\($0)]:2222 OWN" }.joined(separator: "\n"))
        #expect(try shell("ssh-keygen -q -H -f known_hosts").status == 0)
        let command = #"timeout 300 "$0" verify stick --known-hosts known_hosts"#
        #expect(try run("sh", ["-c", command, TestSupport.census], in: directory.path).status == 2)
    }

    /// `ssh-keygen -Y verify` finds no hashed names; census does.
    @Test func whatSSHKeygenVerifies() throws {
        try writeSnapshot()
        try write(known: "web-01 OWN")
        let command =
            "ssh-keygen -Y verify -f known_hosts -I web-01 -n census-snapshot@census "
            + "-s stick/a.jsonl.gz.sig <stick/a.jsonl.gz"
        #expect(try shell(command).status == 0)
        #expect(try shell("ssh-keygen -q -H -f known_hosts").status == 0)
        #expect(try shell(command).status != 0)
        #expect(try verdict() == "valid web-01")
    }

    /// What is no hashed name is a line without use, and is named.
    @Test(arguments: [
        "|1|", "|1||", "|1|AAAA|AAAA",
        "|2|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|",
        "|1|=|AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "|", "||||",
    ])
    func damagedHashes(_ name: String) throws {
        try writeSnapshot()
        try write(known: "\(name) OWN\nweb-02 OTHER")
        #expect(try verdict() == "unknown_host null")
        let result = try census("verify", "stick", "--known-hosts", "known_hosts")
        #expect(result.error.contains("known_hosts:1: no name with its key in this line; skipped"))
    }
}
