import Foundation
import SystemPackage
import TestSupport
import Testing

/// Manifests that have to be signed by the examiner, signed and checked by OpenSSH's own ssh-keygen.
@Suite struct ExaminerKeyTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try makeKeys("ed25519-ana", "ecdsa-eve", "ed25519-bob", "rsa-rob")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        let made = try census("manifest", "stick", "-o", "m.sha256")
        try #require(made.status == 0, "\(made.error)")
    }

    private func verify(_ options: String...) throws -> RunResult {
        try run(
            TestSupport.census,
            ["verify", "stick", "--manifest", "m.sha256", "--examiner-key", "keys"] + options,
            in: directory.path)
    }

    /// Neither command reads anything, for this reason.
    private func isRefused(_ reason: String) throws -> Bool {
        let verified = try verify()
        let ingested = try census(
            "ingest", "stick", "--manifest", "m.sha256", "--examiner-key", "keys", "--db", "db")
        let isLoaded = try shell("test -e db").status == 0
        return [verified, ingested].allSatisfy {
            $0.status == 2 && $0.output.isEmpty
                && $0.error.contains("m.sha256: \(reason); nothing is read\n")
        } && !isLoaded
    }

    private func writeKeys(_ text: String) throws {
        try directory.write(Array(text.utf8), to: "keys")
    }

    /// Every form in which a key may be at hand, with what is said of whose it is. KEY and OTHER stand for
    /// two keys.
    @Test(
        arguments: [
            ("KEY\n", "keys"), ("KEY ana's own key\n", "ana's own key"),
            ("# keys\r\n\r\nOTHER bob\r\nKEY ana\r\n", "ana"),
            ("ana@example.org KEY\n", "ana@example.org"),
            ("bob OTHER\nana,[desk]:22 KEY x\n@revoked * OTHER\n", "ana,[desk]:22"),
            ("ana namespaces=\"file,census-*\" KEY", "ana"),
        ], ["ed25519-ana", "ecdsa-eve"])
    func formsOfKeys(form: (text: String, name: String), key: String) throws {
        try signManifest(key)
        try writeKeys(
            form.text.replacing("KEY", with: publicKey(key))
                .replacing("OTHER", with: publicKey("ed25519-bob")))
        let type = try publicKey(key).prefix { $0 != " " }
        let result = try verify()
        #expect(result.status == 0, "\(result.error)")
        #expect(
            result.error.contains(
                try "m.sha256: signed by \(type) \(fingerprint(key)), the key of \(form.name)\n"))
        #expect(
            try census(
                "ingest", "--quiet", "stick", "--manifest", "m.sha256", "--examiner-key", "keys",
                "--db", "db"
            ).status == 0)
    }

    @Test func whatIsRefused() throws {
        try writeKeys("ana \(publicKey("ed25519-ana"))\n")
        #expect(try isRefused("not signed, and so not by the key of keys"))
        try signManifest("ed25519-bob")
        let bob = try "signed by ssh-ed25519 \(fingerprint("ed25519-bob"))"
        #expect(try isRefused("\(bob), which is not the key of keys"))
        try directory.write(Array("bob \(publicKey("ed25519-bob"))\n".utf8), to: "known_hosts")
        #expect(try verify("--known-hosts", "known_hosts").status == 2)
        try writeKeys("ana \(publicKey("ed25519-ana"))\n@revoked * \(publicKey("ed25519-bob"))\n")
        #expect(
            try isRefused(
                "it is signed by a key that is revoked: \(fingerprint("ed25519-bob"))"))
        try signManifest("rsa-rob")
        #expect(
            try isRefused(
                "it is signed by a key of type ssh-rsa, which census does not check; use ssh-keygen "
                    + "-Y verify"))
        try signManifest("ed25519-ana", for: "file")
        #expect(
            try isRefused(
                #"its signature is for "file", and not for "census-manifest@census": it was made for "#
                    + "another purpose"))
        try signManifest("ed25519-ana")
        #expect(try verify().status == 0)
        _ = try shell("echo '# more' >>m.sha256")
        #expect(try isRefused("its signature does not match: one of the two was altered"))
    }

    /// What a list of allowed signers means is what it means to `ssh-keygen -Y verify`, or it is refused.
    @Test(arguments: [
        ("ana KEY", 0), ("ana namespaces=\"census-manifest@census\" KEY", 0),
        ("ana namespaces=\"file, census-manifest@census\" KEY", 1),
        ("ana NAMESPACES=\"census-*\" KEY # x", 0), ("ana namespaces=\"file,git\" KEY", 1),
        ("ana namespaces=\"!census-*,*\" KEY", 1), ("ana cert-authority KEY", 1),
        ("ana valid-before=\"20200101\" KEY", 1), ("bob OTHER", 2),
        ("ana namespaces=\"file\" KEY\nana OTHER", 2),
    ])
    func allowedSigners(text: String, status: Int32) throws {
        try signManifest("ed25519-ana")
        try writeKeys(
            text.replacing("KEY", with: publicKey("ed25519-ana"))
                .replacing("OTHER", with: publicKey("ed25519-bob")) + "\n")
        let stock = try shell(
            """
            ssh-keygen -Y verify -f keys -I ana -n census-manifest@census -s m.sha256.sig <m.sha256
            """)
        #expect((stock.status == 0) == (status == 0), "\(stock.output)\(stock.error)")
        #expect(try verify().status == status)
    }

    /// Files without a key that census checks.
    @Test func filesWithoutAKey() throws {
        try signManifest("ed25519-ana")
        for (command, reason) in [
            ("cp ed25519-ana keys", "it is a private key: give the public one beside it"),
            ("cp rsa-rob.pub keys", "it is a key of type ssh-rsa, which census does not check"),
            (
                "mkdir -p .minisign; HOME=$PWD minisign -G -f -W -p keys",
                "it is a key of minisign: check the manifest with minisign -V"
            ),
            ("iconv -t UTF-16 ed25519-ana.pub >keys", "save it as UTF-8"),
            ("echo nothing >keys", "it has no public key of SSH for census-manifest@census"),
            ("(cat ed25519-ana.pub; echo '@revoked * x') >keys", "line 2 has no key"),
            (
                "(printf '@odd '; cat ed25519-ana.pub) >keys",
                "line 1 has the marker @odd, which is unknown"
            ),
            ("rm keys", "keys"),
        ] {
            let made = try shell(command)
            try #require(made.status == 0, "\(made.error)")
            let result = try verify()
            #expect(result.status == 1 && result.error.contains(reason), "\(result.error)")
        }
        for options in [
            ["--examiner-key", "keys"], ["--manifest", "m.sha256", "--examiner-key", "-"],
        ] {
            let result = try run(
                TestSupport.census, ["verify", "stick"] + options, in: directory.path)
            #expect(result.status == 64, "\(options)")
        }
    }
}
