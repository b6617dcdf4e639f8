import Crypto
import Foundation
import SSH
import SystemPackage
import TestSupport
import Testing

@testable import Snap

/// Snapshots of this host, signed with keys that the tests make, and checked by ssh-keygen.
@Suite struct SignatureTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["keys", "stick"] {
            try FileManager.default.createDirectory(
                atPath: directory.path.appending(name).string, withIntermediateDirectories: false)
        }
    }

    private func makeKey(_ options: [String], passphrase: String = "", as name: String) throws {
        try TestSupport.makeKey(
            options, passphrase: passphrase, named: "keys/\(name)", in: directory.path)
    }

    private static let ed25519 = ["-t", "ed25519"]
    private static let p256 = ["-t", "ecdsa", "-b", "256"]

    private func take(_ change: (inout SnapOptions) -> Void = { _ in }) throws -> TakenSnapshot {
        var options = SnapOptions()
        options.directory = directory.path.appending("stick").string
        options.only = "user"
        change(&options)
        return try Snap.take(options, keys: String(directory.path.string.dropFirst()) + "/keys")
    }

    /// What `ssh-keygen -Y verify` says of a file.
    private func verify(
        _ file: String, _ knownHosts: String, as host: String = "web-01",
        namespace: String = "census-snapshot@census"
    ) throws -> Bool {
        try directory.write(Array(knownHosts.utf8), to: "known_hosts")
        let result = try run(
            "ssh-keygen",
            [
                "-Y", "verify", "-f", "known_hosts", "-I", host, "-n", namespace, "-s",
                file + ".sig",
            ], in: directory.path, input: try contents(of: FilePath(file)))
        return result.status == 0 && result.output.hasPrefix("Good \"\(namespace)\" signature for ")
    }

    private func publicKey(_ name: String) throws -> String {
        let line = String(decoding: try directory.read("keys/\(name).pub"), as: UTF8.self)
        return line.split(separator: " ")[..<2].joined(separator: " ")
    }

    @Test(arguments: [(ed25519, "ssh_host_ed25519_key"), (p256, "ssh_host_ecdsa_key")])
    func sshKeygenAcceptsIt(_ options: [String], name: String) throws {
        try makeKey(options, as: name)
        let key = try publicKey(name)
        let taken = try take()
        let path = try #require(taken.path)
        let list = try run("ssh-keygen", ["-l", "-f", "keys/\(name).pub"], in: directory.path)
        let fingerprint = list.output.split(separator: " ")[1]
        #expect(taken.summary.contains(", signed by \(fingerprint)"))
        #expect(taken.fault == nil)
        #expect(try verify(path, "web-01 \(key)\n"))
        #expect(try verify(path, "# a comment\n\nweb-01,192.0.2.7 \(key) root@web-01\n"))
        #expect(try verify(path, "[web-01]:2222 \(key)\n", as: "[web-01]:2222"))
        #expect(try verify(path, "192.0.2.7,[web-01]:2222 \(key)\n", as: "[web-01]:2222"))
        #expect(try !verify(path, "web-02 \(key)\n"))
        #expect(try !verify(path, "web-01 \(key)\n", namespace: "file"))
        try makeKey(options, as: "other")
        #expect(try !verify(path, "web-01 \(try publicKey("other"))\n"))
        // The file, and the custody log's line.
        let digest = SHA256.hash(data: Data(try contents(of: FilePath(path))))
        let hex = digest.map { String(format: "%02x", $0) }.joined()
        let groups = stride(from: 0, to: 64, by: 4).map { hex.dropFirst($0).prefix(4) }
        #expect(taken.digestLine == "SHA-256 of the file: \(groups.joined(separator: " "))")
        let log = CustodyChain(try directory.read("stick/custody.jsonl"))
        #expect(log.records.last??["signature"] as? String == String(fingerprint))
        #expect(log.records.last??["sha256"] as? String == hex)
    }

    /// P-256's numbers have another length in every second signature, and less than 32 bytes in one
    /// of 128.
    @Test func manySignaturesWithP256() throws {
        try makeKey(Self.p256, as: "ssh_host_ecdsa_key")
        let key = try publicKey("ssh_host_ecdsa_key")
        for round in 0..<40 {
            let file = directory.path.appending("stick/\(round)").string
            _ = try take {
                $0.directory = nil
                $0.output = file
            }
            #expect(try verify(file, "web-01 \(key)\n"))
        }
    }

    @Test(arguments: [(ed25519, "ssh_host_ed25519_key"), (p256, "ssh_host_ecdsa_key")])
    func aChangedBitIsNoticed(_ options: [String], name: String) throws {
        try makeKey(options, as: name)
        let key = try publicKey(name)
        let path = try #require(try take().path)
        let bytes = try contents(of: FilePath(path))
        var generator = SplitMix64(state: 17)
        for _ in 0..<40 {
            var changed = bytes
            let bit = Int.random(in: 0..<(bytes.count * 8), using: &generator)
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            try Data(changed).write(to: URL(filePath: path))
            #expect(try !verify(path, "web-01 \(key)\n"))
        }
        try Data(bytes).write(to: URL(filePath: path))
        #expect(try verify(path, "web-01 \(key)\n"))
    }

    @Test func ed25519ComesFirst() throws {
        try makeKey(Self.p256, as: "ssh_host_ecdsa_key")
        try makeKey(Self.ed25519, as: "ssh_host_ed25519_key")
        let path = try #require(try take().path)
        #expect(try verify(path, "web-01 \(publicKey("ssh_host_ed25519_key"))\n"))
    }

    /// Which key signs where sshd_config names some; none if it is empty. OWN stands for the directory of all keys but the usual
    /// ones: `own/`.
    @Test(arguments: [
        ("HostKey OWN/ed25519", "own/ed25519"),
        ("# x\nhostkey = \"OWN/p256\"\nMatch all\n", "own/p256"),
        ("HostKey OWN/rsa\nHostKey OWN/p256\nHostKey OWN/ed25519", "own/ed25519"),
        ("Include more/*.conf\nHostKey OWN/rsa", "own/p256"),
        ("HostKey OWN/no\nHostKey OWN/rsa\nHostKey OWN/link", "own/p256"),
        ("HostKey OWN/no", ""),
        ("HostKey none", "keys/ssh_host_ed25519_key"),
        ("HostKey OWN/secret\nHostKey OWN/pem", ""),
        ("HostKeyAgent OWN/ed25519", "keys/ssh_host_ed25519_key"),
    ])
    func keysThatAreConfigured(text: String, key: String) throws {
        let own = directory.path.appending("own").string
        let made = try run("mkdir", [own])
        try #require(made.status == 0)
        for (name, options, passphrase) in [
            ("ed25519", Self.ed25519, ""), ("p256", Self.p256, ""),
            ("rsa", ["-t", "rsa", "-b", "2048"], ""), ("secret", Self.ed25519, "secret"),
            ("pem", ["-t", "ecdsa", "-m", "PEM"], ""),
        ] { try makeKey(options, passphrase: passphrase, as: "../own/\(name)") }
        try makeKey(Self.ed25519, as: "ssh_host_ed25519_key")
        let linked = try run("ln", ["-s", "p256", own + "/link"])
        try #require(linked.status == 0)
        try directory.write(
            Array(text.replacing("OWN", with: own).utf8), to: "keys/sshd_config")
        try directory.write(Array("HostKey \(own)/p256\n".utf8), to: "keys/more/1.conf")
        if !key.isEmpty {
            let path = try #require(try take().path)
            #expect(try verify(path, "web-01 \(publicKey("../\(key)"))\n"))
        }
        // The first one is the reason if none can be used. A key that sshd does not use does not sign.
        if key.hasPrefix("keys/") {
            try FileManager.default.removeItem(
                atPath: directory.path.appending("keys/ssh_host_ed25519_key").string)
        }
        let summary = try take().summary
        if text.contains("OWN/pem") {
            #expect(
                summary.contains(", unsigned: \(own)/secret is protected by a passphrase"),
                "\(summary)")
        } else {
            #expect(summary.contains(", signed by ") == key.hasPrefix("own/"), "\(summary)")
        }
    }

    /// What cannot be used, and the reason; another key is used in its place if there is one.
    @Test(arguments: [
        (["-t", "ed25519"], "secret", "is protected by a passphrase"),
        (["-t", "rsa", "-b", "2048"], "", "is an RSA key"),
        (["-t", "ecdsa", "-b", "384"], "", "is a key of type ecdsa-sha2-nistp384"),
        (["-t", "ecdsa", "-m", "PEM"], "", "is in the old PEM format"),
    ])
    func keysThatCannotBeUsed(_ options: [String], passphrase: String, reason: String) throws {
        try makeKey(options, passphrase: passphrase, as: "ssh_host_ed25519_key")
        let taken = try take()
        let file = directory.path.appending("keys/ssh_host_ed25519_key").string
        #expect(taken.summary.contains(", unsigned: \(file) \(reason)"), "\(taken.summary)")
        #expect(try snapshotFiles() == [".jsonl.gz"])
        try makeKey(Self.p256, as: "ssh_host_ecdsa_key")
        let path = try #require(try take().path)
        #expect(try verify(path, "web-01 \(publicKey("ssh_host_ecdsa_key"))\n"))
    }

    /// The endings of the files on the stick, but for the log.
    private func snapshotFiles() throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(atPath: directory.path.appending("stick").string)
            .filter { $0 != "custody.jsonl" }.map { String($0[$0.firstIndex(of: ".")!...]) }
            .map { $0.contains(".sig") ? ".jsonl.gz.sig" : ".jsonl.gz" }.sorted()
    }

    @Test func hostsWithoutAUsableKey() throws {
        func reason() throws -> Substring? {
            let summary = try take().summary
            return summary.firstRange(of: "unsigned: ").map { summary[$0.upperBound...] }
        }
        let keys = directory.path.appending("keys")
        #expect(try reason() == "\(keys) has no key of SSH")
        try makeKey(["-t", "rsa", "-b", "2048"], as: "ssh_host_rsa_key")
        #expect(try reason() == "\(keys) has an RSA key only")
        // What is no file is no key.
        let path = directory.path.appending("keys/ssh_host_ed25519_key")
        #expect(try run("mkfifo", [path.string]).status == 0)
        #expect(try reason() == "\(path) is not a regular file")
        try FileManager.default.removeItem(atPath: path.string)
        try directory.write(Array("nothing\n".utf8), to: "keys/ssh_host_ed25519_key")
        #expect(try reason() == "\(path) is not a private key")
        try directory.write([UInt8](repeating: 10, count: 70_000), to: "keys/ssh_host_ed25519_key")
        #expect(try reason() == "cannot read \(path): File too large")
        #expect(try snapshotFiles().allSatisfy { $0 == ".jsonl.gz" })
    }

    /// The secret of one key and the public key of another.
    @Test(arguments: [(ed25519, "ssh_host_ed25519_key"), (p256, "ssh_host_ecdsa_key")])
    func aKeyWhosePartsDoNotBelongTogether(_ options: [String], name: String) throws {
        try makeKey(options, as: name)
        var bytes = withoutArmor(try directory.read("keys/\(name)"))
        let key = try SSHPrivateKey(file: directory.read("keys/\(name)"))
        let start = try #require(bytes.firstRange(of: key.secret)?.lowerBound)
        bytes[start + 20] ^= 1
        try directory.write(armor(bytes, "OPENSSH PRIVATE KEY"), to: "keys/\(name)")
        let taken = try take()
        let file = directory.path.appending("keys/\(name)").string
        #expect(taken.summary.contains(", unsigned: \(file) is a damaged private key"))
        #expect(try snapshotFiles() == [".jsonl.gz"])
    }

    @Test func noSignatureWhereNoneIsWanted() throws {
        try makeKey(Self.ed25519, as: "ssh_host_ed25519_key")
        let unwanted = try take { $0.signs = false }
        #expect(!unwanted.summary.contains("signed"))
        let tree = fixtures.appending("hosts/debian-12-x86_64").string
        let other = try take { $0.root = tree }
        #expect(other.summary.contains(", unsigned: not the running system"))
        #expect(try snapshotFiles() == [".jsonl.gz", ".jsonl.gz"])
    }

    /// Neither the key nor its text is in anything that is written.
    @Test func theKeyStaysWhereItIs() throws {
        try makeKey(Self.ed25519, as: "ssh_host_ed25519_key")
        let key = try SSHPrivateKey(file: directory.read("keys/ssh_host_ed25519_key"))
        let taken = try take { $0.only = nil }
        let path = try #require(taken.path)
        let text = try run("zcat", [path]).outputBytes
        let written = [
            try contents(of: FilePath(path)), try contents(of: FilePath(path + ".sig")),
            withoutArmor(try contents(of: FilePath(path + ".sig"))), text,
            try directory.read("stick/custody.jsonl"), Array("\(taken)".utf8),
        ]
        let secrets = [
            key.secret, Array(Data(key.secret).base64EncodedString().dropLast(2).utf8),
            Array(key.secret.map { String(format: "%02x", $0) }.joined().utf8),
        ]
        for bytes in written {
            for secret in secrets { #expect(bytes.firstRange(of: secret) == nil) }
        }
        // It would be found.
        #expect(
            withoutArmor(try directory.read("keys/ssh_host_ed25519_key")).firstRange(of: key.secret)
                != nil)
    }

    /// The medium has the signature before the snapshot, and nothing of it if the snapshot fails.
    @Test func theSignatureGoesWithTheSnapshot() throws {
        try makeKey(Self.ed25519, as: "ssh_host_ed25519_key")
        let file = directory.path.appending("stick/x").string
        try directory.write(Array("mine".utf8), to: "stick/x.sig")
        #expect(throws: SnapError.file(operation: "create", path: file + ".sig", code: EEXIST)) {
            _ = try take {
                $0.directory = nil
                $0.output = file
            }
        }
        #expect(try directory.read("stick/x.sig") == Array("mine".utf8))
        #expect(!FileManager.default.fileExists(atPath: file))
        let names = try FileManager.default.contentsOfDirectory(
            atPath: directory.path.appending("stick").string)
        #expect(names == ["x.sig"])
    }
}
