import Crypto
import Foundation
import SSH
import SystemPackage
import TestSupport
import Testing

/// Private keys that ssh-keygen makes, and what is none.
@Suite struct SSHPrivateKeyTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func file(_ options: [String], passphrase: String = "") throws -> [UInt8] {
        let name = "key\(try directory.names().count)"
        return try contents(
            of: makeKey(options, passphrase: passphrase, named: name, in: directory.path))
    }

    private func error(_ file: [UInt8]) -> SSHError? {
        do throws(SSHError) {
            _ = try SSHPrivateKey(file: file)
            return nil
        } catch { return error }
    }

    /// Comments of each length, so that the padding has each.
    @Test(
        arguments: [["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"]],
        ["", "a", "bb", "ccc", "four", "fiver", "sixsix", "seven 7", "eight 8!", "ü"])
    func whatSSHKeygenMakes(_ options: [String], comment: String) throws {
        let path = try makeKey(options + ["-C", comment], named: "key", in: directory.path)
        var key = try SSHPrivateKey(file: contents(of: path))
        let line = String(decoding: try directory.read("key.pub"), as: UTF8.self)
        let words = line.split(separator: " ")
        #expect(key.publicKey.algorithm == words[0])
        #expect(
            key.publicKey.blob
                == Array(Data(base64Encoded: words[1].trimmingCharacters(in: .newlines))!))
        let list = try run("ssh-keygen", ["-l", "-f", path.string]).output
        #expect(list.split(separator: " ")[1] == key.publicKey.fingerprint)
        #expect(key.secret.count == 32)
        switch key.publicKey.value {
        case .ed25519(let point):
            let own = try Curve25519.Signing.PrivateKey(rawRepresentation: key.secret)
            #expect(Array(own.publicKey.rawRepresentation) == point)
            #expect(SSHPublicKey(ed25519: point) == key.publicKey)
        case .p256(let point):
            let own = try P256.Signing.PrivateKey(rawRepresentation: key.secret)
            #expect(Array(own.publicKey.x963Representation) == point)
            #expect(SSHPublicKey(p256: point) == key.publicKey)
        case .other: Issue.record("another algorithm")
        }
        key.erase()
        #expect(key.secret == [UInt8](repeating: 0, count: 32))
    }

    /// An editor of Windows may have saved it.
    @Test func otherLineEnds() throws {
        let file = try file(["-t", "ed25519"])
        let text = String(decoding: file, as: UTF8.self)
        let other = Array(text.replacing("\n", with: "\r\n").utf8)
        let key = try SSHPrivateKey(file: file)
        for bytes in [other, file.dropLast(), file + [10, 13, 10]] {
            #expect(try SSHPrivateKey(file: Array(bytes)).secret == key.secret)
        }
    }

    @Test(arguments: [
        (["-t", "rsa", "-b", "2048"], "", SSHError.rsa),
        (["-t", "ed25519"], "secret", .passphrase),
        (["-t", "ecdsa", "-b", "256"], "secret", .passphrase),
        (["-t", "ecdsa", "-b", "384"], "", .otherAlgorithm("ecdsa-sha2-nistp384")),
        (["-t", "ecdsa", "-b", "521"], "", .otherAlgorithm("ecdsa-sha2-nistp521")),
        (["-t", "rsa", "-b", "2048", "-m", "PEM"], "", .oldFormat),
        (["-t", "ecdsa", "-m", "PEM"], "", .oldFormat),
        (["-t", "ecdsa", "-m", "PEM"], "secret", .oldFormat),
        (["-t", "ecdsa", "-m", "PKCS8"], "", .oldFormat),
        (["-t", "ecdsa", "-m", "PKCS8"], "secret", .oldFormat),
    ])
    func refused(_ options: [String], passphrase: String, expected: SSHError) throws {
        #expect(error(try file(options, passphrase: passphrase)) == expected)
    }

    @Test func whatIsNoKey() throws {
        let key = try file(["-t", "ed25519"])
        let text = String(decoding: key, as: UTF8.self)
        for other in [
            "", "\n", "-", "-----BEGIN ", "-----BEGIN CERTIFICATE-----\nAAAA\n",
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n", " " + text, "\n" + text,
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA x\n", "PuTTY-User-Key-File-3: ssh-ed25519\n",
        ] { #expect(error(Array(other.utf8)) == .notAPrivateKey, "\(other)") }
        #expect(error(key + [UInt8](repeating: 10, count: 1 << 16)) == .notAPrivateKey)
        for other in [
            text + "x", text.replacing("-----END OPENSSH", with: "-----END OTHER"),
            text.replacing("-----BEGIN OPENSSH PRIVATE KEY-----\n", with: text),
            text.replacing("\n", with: "\r"), text.replacing("\n", with: " "),
            text.replacing("AA", with: "A"),
        ] { #expect(error(Array(other.utf8)) == .damagedPrivateKey, "\(other)") }
    }

    @Test(arguments: [["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"]])
    func truncatedAtEachByte(_ options: [String]) throws {
        let file = try file(options)
        // Without its last LF it is whole.
        for count in 0..<(file.count - 1) { #expect(error(Array(file[..<count])) != nil) }
        let bytes = withoutArmor(file)
        for count in 0..<bytes.count {
            let part = armor(Array(bytes[..<count]), "OPENSSH PRIVATE KEY")
            #expect(error(part) == .damagedPrivateKey)
        }
    }

    /// No changed bit gives the key another public key.
    @Test(arguments: [["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"]])
    func eachBitChanged(_ options: [String]) throws {
        let file = try file(options)
        let key = try SSHPrivateKey(file: file)
        let bytes = withoutArmor(file)
        var accepted = 0
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            do throws(SSHError) {
                let other = try SSHPrivateKey(file: armor(changed, "OPENSSH PRIVATE KEY"))
                #expect(other.publicKey == key.publicKey)
                accepted += 1
            } catch {}
        }
        // The secret, whose public key is not computed here, and the comment.
        #expect((200...1000).contains(accepted))
    }

    /// Each length made larger than what is there.
    @Test func hostileLengths() throws {
        let bytes = withoutArmor(try file(["-t", "ed25519"]))
        for index in 0...(bytes.count - 4) {
            for length: UInt32 in [0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000, 0x0100_0000] {
                var changed = bytes
                changed.replaceSubrange(index..<(index + 4), with: sshNumber(length))
                _ = error(armor(changed, "OPENSSH PRIVATE KEY"))
            }
        }
    }
}
