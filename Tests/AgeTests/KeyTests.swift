import Age
import Crypto
import Foundation
import TestSupport
import Testing

@Suite struct KeyTests {
    private func reason(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? AgeError)?.reason ?? "\(error)"
        }
    }

    private func sshLine(_ point: [UInt8]) -> String {
        let blob = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32] + point
        return "ssh-ed25519 " + Data(blob).base64EncodedString()
    }

    /// Keys for which anybody could decrypt, bytes that are no point, and other encodings of a point.
    @Test(arguments: [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0900000000000000000000000000000000000000000000000000000000000080",
    ]) func pointsThatAreNoKeysAreRefused(_ hexadecimal: String) throws {
        let bytes = bytes(hexadecimal)
        #expect(reason { _ = try AgeRecipient(Bech32.encode(bytes, prefix: "age")) } != nil)
    }

    /// Points of edwards25519 of order 1, 2, 4 and 8; y above p; no point; a zero x with a sign.
    @Test(arguments: [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "0200000000000000000000000000000000000000000000000000000000000000",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080",
    ]) func pointsThatAreNoSSHKeysAreRefused(_ hexadecimal: String) {
        let line = sshLine(bytes(hexadecimal))
        #expect(reason { _ = try AgeRecipient(line) } != nil)
    }

    /// The key of X25519 that a public key of Ed25519 is converted to is the one of its private key:
    /// what is encrypted for the one is decrypted with the other.
    @Test func publicAndPrivateSSHKeysAreConvertedAlike() throws {
        for number in 0..<100 {
            let seed = [UInt8](repeating: UInt8(number), count: 32)
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
            let point = Array(key.publicKey.rawRepresentation)
            let recipient = try AgeRecipient(sshLine(point))
            let identity = try AgeIdentities(file: sshFile(seed, point))
            let file = AgeWriter.file(of: [1, 2, 3], for: [recipient])
            #expect(try identity.decrypt(file, limit: 3) == [1, 2, 3])
        }
    }

    /// A private key file whose public key is that of another key would never decrypt anything.
    @Test func anSSHKeyWithAnotherPublicKeyIsRefused() throws {
        let seed = [UInt8](repeating: 1, count: 32)
        let other = try Curve25519.Signing.PrivateKey(
            rawRepresentation: [UInt8](repeating: 2, count: 32))
        let file = sshFile(seed, Array(other.publicKey.rawRepresentation))
        #expect(
            reason { _ = try AgeIdentities(file: file) }
                == "the key is damaged: its public part is not that of its secret part")
    }

    /// A private key file as ssh-keygen writes it (PROTOCOL.key of OpenSSH).
    private func sshFile(_ seed: [UInt8], _ point: [UInt8]) -> [UInt8] {
        func string(_ bytes: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(bytes.count)] + bytes }
        let name = string(Array("ssh-ed25519".utf8))
        let none = string(Array("none".utf8))
        var secrets = [1, 2, 3, 4, 1, 2, 3, 4] + name + string(point) + string(seed + point)
        secrets += string([])
        var padding: UInt8 = 1
        while secrets.count % 8 != 0 {
            secrets.append(padding)
            padding += 1
        }
        let bytes =
            Array("openssh-key-v1\0".utf8) + none + none + string([]) + [0, 0, 0, 1]
            + string(name + string(point)) + string(secrets)
        let text = Data(bytes).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithLineFeed,
        ])
        return Array(
            "-----BEGIN OPENSSH PRIVATE KEY-----\n\(text)\n-----END OPENSSH PRIVATE KEY-----\n".utf8
        )
    }

    @Test(arguments: [
        ("", "not a public key: age1… or ssh-ed25519 AAAA…"),
        ("age", "not a public key: age1… or ssh-ed25519 AAAA…"),
        (
            "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ",
            "not a public key: age1… or ssh-ed25519 AAAA…"
        ),
        (
            "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwk",
            "the key age1… is damaged; copy it again"
        ),
        (
            "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw ",
            "the key age1… is damaged; copy it again"
        ),
        (
            "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
            "this is an identity, a secret; give its public key, age1…"
        ),
        (
            "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
            "census encrypts for age1… and ssh-ed25519 keys only; for others pipe to age"
        ),
        (
            "ssh-rsa AAAAB3NzaC1yc2E= anna",
            "a key of type ssh-rsa cannot be encrypted for; of SSH keys only ssh-ed25519 can"
        ),
        ("ssh-ed25519", "the key ssh-ed25519 is damaged; copy it again"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "the key ssh-ed25519 is damaged; copy it again"),
    ]) func whatIsNoRecipientIsNamed(_ text: String, _ expected: String) {
        #expect(reason { _ = try AgeRecipient(text) } == expected)
    }

    @Test(arguments: [
        ("", "there is no identity in the file"),
        ("# a comment\n\r\n", "there is no identity in the file"),
        (
            "# a\nage1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\n",
            "line 2: this is a public key, which cannot decrypt; give the file of the secret key"
        ),
        (
            "ssh-ed25519 AAAA",
            "line 1: this is a public key, which cannot decrypt; give the file of the secret key"
        ),
        (
            "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEY",
            "line 1: the key AGE-SECRET-KEY-1… is damaged; copy it again"
        ),
        (
            "AGE-PLUGIN-YUBIKEY-1QVZSXYQPQXQ",
            "line 1: this is the identity of a plugin, which only age runs; use age -d -i KEY FILE | census ingest -"
        ),
        (
            "age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex",
            "line 1: not an identity: AGE-SECRET-KEY-1…"
        ),
        (
            "age-encryption.org/v1\n-> scrypt",
            "the identity file is encrypted itself; decrypt it first, or use age -d -i KEY FILE | census ingest -"
        ),
        (
            "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl",
            "the identity file is encrypted itself; decrypt it first, or use age -d -i KEY FILE | census ingest -"
        ),
    ]) func whatIsNoIdentityIsNamed(_ text: String, _ expected: String) {
        let reason = reason { _ = try AgeIdentities(file: Array(text.utf8)) }
        #expect(reason == expected)
        // An error may be printed and kept, and has nothing of a key.
        #expect(reason?.contains("GFPYY") != true)
    }

    @Test func aFileOfRecipientsIsReadLineByLine() throws {
        let key = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
        let file = "# the desk\n\(key)\r\n\n#\n\(key)"
        #expect(try AgeRecipient.parse(file: Array(file.utf8)).count == 2)
        #expect(
            reason { _ = try AgeRecipient.parse(file: Array("\n\(key) x\n".utf8)) }
                == "line 2: the key age1… is damaged; copy it again")
        #expect(
            reason { _ = try AgeRecipient.parse(file: Array("#\n".utf8)) }
                == "there is no recipient in the file")
    }

    private func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.utf8.count, by: 2).map {
            UInt8(hexadecimal.dropFirst($0).prefix(2), radix: 16)!
        }
    }
}
