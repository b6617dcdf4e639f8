import Foundation
import SystemPackage
import TestSupport
import Testing

/// The signature of a manifest: removed, exchanged, and in the way of an output.
@Suite struct ManifestSignatureTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func verify(_ options: String...) throws -> RunResult {
        try run(
            TestSupport.census, ["verify", "stick", "--manifest", "m.sha256"] + options,
            in: directory.path)
    }

    private func prepare() throws {
        try makeKeys("ed25519-1", "ed25519-2")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try sign("stick/a.jsonl.gz", "ed25519-1")
        let made = try census("manifest", "stick", "-o", "m.sha256")
        try #require(made.status == 0, "\(made.error)")
    }

    @Test func whoSignedIt() throws {
        try prepare()
        try signManifest("ed25519-2")
        let key = "m.sha256: signed by ssh-ed25519 \(try fingerprint("ed25519-2"))"
        #expect(try verify().error.contains(key + "\n"))
        #expect(try verify("--require-signature").status == 0)
        let host = try "web-01 \(publicKey("ed25519-1"))\n"
        func verified(knowing lines: String) throws -> RunResult {
            try directory.write(Array((host + lines).utf8), to: "known_hosts")
            return try self.verify("--known-hosts", "known_hosts", "--require-signature")
        }
        let unknown = try verified(knowing: "")
        #expect(unknown.status == 0)
        #expect(unknown.error.contains(key + ", which --known-hosts does not have\n"))
        let known = try verified(knowing: "ana@example.org \(publicKey("ed25519-2"))\n")
        #expect(known.error.contains(key + ", the key of ana@example.org\n"))
        let revoked = try verified(knowing: "@revoked * \(publicKey("ed25519-2"))\n")
        #expect(
            revoked.status == 1
                && revoked.error.contains("it is signed by a key that is revoked: SHA256:"))

        try signManifest("ed25519-2", for: "file")
        let other = try self.verify()
        #expect(other.status == 1)
        #expect(
            other.error.contains(
                #"m.sha256: its signature is for "file", and not for "census-manifest@census": "#))

        #expect(try shell("rm m.sha256.sig").status == 0)
        let removed = try self.verify()
        #expect(removed.status == 0 && removed.error.contains("m.sha256: not signed\n"))
        #expect(try self.verify("--require-signature").status == 2)
        #expect(
            try census(
                "ingest", "--quiet", "stick", "--manifest", "m.sha256", "--require-signature"
            ).status == 2)
    }

    /// No output overwrites the signature, nor without --force what was signed.
    @Test func whatASignatureIsInTheWayOf() throws {
        try prepare()
        try signManifest("ed25519-2")
        let before = try directory.read("m.sha256.sig")
        for command in ["verify", "ingest --quiet"] {
            let output = command == "verify" ? "-o m.sha256.sig" : "--db m.sha256.sig"
            let result = try shell(
                "'\(TestSupport.census)' \(command) stick --manifest m.sha256 \(output) --force")
            #expect(result.status == 1, "\(command)")
        }
        #expect(try directory.read("m.sha256.sig") == before)
        let signed = try directory.read("m.sha256")
        let again = try census("manifest", "stick", "-o", "m.sha256", "--note", "x")
        #expect(again.status == 1)
        #expect(again.error.contains("it is signed, see m.sha256.sig; give another name, or use "))
        #expect(try directory.read("m.sha256") == signed)
        let forced = try census("manifest", "stick", "-o", "m.sha256", "--note", "x", "--force")
        #expect(forced.status == 0)
        #expect(
            forced.error.contains("m.sha256.sig no longer matches the manifest: sign it again\n"))
        #expect(try verify().status == 1)
    }
}
