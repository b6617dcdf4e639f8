import Crypto
import Foundation
import SSH
import SystemPackage
import TestSupport
import Testing

/// Signatures that `ssh-keygen -Y sign` makes, and what is none.
@Suite struct SSHSignatureTests {
    let directory: TemporaryDirectory
    private static let message = Array("a snapshot\n".utf8)

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(Self.message, to: "message")
    }

    /// The file of a signature that OpenSSH makes.
    private func signature(
        _ options: [String], namespace: String = "census-snapshot@census", more: [String] = []
    ) throws -> [UInt8] {
        try makeKey(options, named: "key", in: directory.path)
        let sign = try run(
            "ssh-keygen", ["-Y", "sign", "-f", "key", "-n", namespace] + more + ["message"],
            in: directory.path)
        #expect(sign.status == 0, "\(sign.error)")
        return try directory.read("message.sig")
    }

    private func error(_ file: [UInt8]) -> SSHError? {
        do throws(SSHError) {
            _ = try SSHSignature(armored: file)
            return nil
        } catch { return error }
    }

    private func blobError(_ bytes: [UInt8]) -> SSHError? { error(armor(bytes, "SSH SIGNATURE")) }

    private static let ed25519 = ["-t", "ed25519"]
    private static let p256 = ["-t", "ecdsa", "-b", "256"]

    @Test(arguments: [ed25519, p256], ["sha256", "sha512"])
    func whatOpenSSHMakes(_ options: [String], hash: String) throws {
        let file = try signature(options, more: ["-O", "hashalg=\(hash)"])
        let signature = try SSHSignature(armored: file)
        #expect(signature.armored == file)
        #expect(signature.namespace == sshText(SSHSignature.snapshotNamespace))
        #expect(signature.reserved == [])
        #expect(signature.hash == (hash == "sha256" ? .sha256 : .sha512))
        let key = try SSHPrivateKey(file: directory.read("key"))
        #expect(signature.publicKey == key.publicKey)
        let digest =
            hash == "sha256"
            ? Array(SHA256.hash(data: Self.message)) : Array(SHA512.hash(data: Self.message))
        let bytes = SSHSignature.signedBytes(
            namespace: signature.namespace, hash: signature.hash, digest: digest)
        switch key.publicKey.value {
        case .ed25519(let point):
            let own = try Curve25519.Signing.PublicKey(rawRepresentation: point)
            #expect(own.isValidSignature(signature.value, for: bytes))
        case .p256(let point):
            let own = try P256.Signing.PublicKey(x963Representation: point)
            let value = try P256.Signing.ECDSASignature(rawRepresentation: signature.value)
            #expect(own.isValidSignature(value, for: bytes))
        case .other: Issue.record("another algorithm")
        }
    }

    @Test func anotherNamespaceIsReadAsSuch() throws {
        let signature = try SSHSignature(armored: signature(Self.ed25519, namespace: "git"))
        #expect(signature.namespace == Array("git".utf8))
    }

    @Test(arguments: [["-t", "rsa", "-b", "2048"], ["-t", "ecdsa", "-b", "384"]])
    func keysOfOtherAlgorithmsAreRead(_ options: [String]) throws {
        let file = try signature(options)
        let signature = try SSHSignature(armored: file)
        #expect(signature.publicKey.value == .other)
        #expect(signature.armored == file)
        #expect(["rsa-sha2-512", "ecdsa-sha2-nistp384"].contains(signature.algorithm))
        let list = try run("ssh-keygen", ["-l", "-f", "key"], in: directory.path).output
        #expect(list.split(separator: " ")[1] == signature.publicKey.fingerprint)
    }

    /// Numbers of P-256 with zeros and with a high bit in front, which many signatures have.
    @Test func numbersOfEachForm() throws {
        let point = [4] + [UInt8](repeating: 7, count: 64)
        let tail = [UInt8](repeating: 9, count: 31)
        for (first, bytes) in [
            (UInt8(0x01), [0, 0, 0, 32, 1] + tail), (0x7F, [0, 0, 0, 32, 0x7F] + tail),
            (0x80, [0, 0, 0, 33, 0, 0x80] + tail), (0xFF, [0, 0, 0, 33, 0, 0xFF] + tail),
            (0, [0, 0, 0, 31] + tail),
        ] {
            let number = [first] + tail
            #expect(sshNatural(number) == bytes)
            let signature = SSHSignature(
                publicKey: SSHPublicKey(p256: point), namespace: "x", value: number + number)
            #expect(try SSHSignature(armored: signature.armored) == signature)
        }
        #expect(sshNatural([0, 0]) == [0, 0, 0, 0])
        for bytes: [UInt8] in [
            [0, 0, 0, 1, 0], [0, 0, 0, 2, 0, 0x7F], [0, 0, 0, 1, 0x80], [0, 0, 0, 2, 1],
            [0, 0, 0, 3, 1, 2, 3], [0, 0, 0],
        ] {
            var reader = SSHReader(bytes)
            #expect(reader.natural(count: 2) == nil, "\(bytes)")
        }
    }

    @Test(arguments: [ed25519, p256])
    func truncatedAtEachByte(_ options: [String]) throws {
        let file = try signature(options)
        for count in 0..<(file.count - 1) { #expect(error(Array(file[..<count])) != nil) }
        #expect(error(Array(file.dropLast())) == nil)
        let bytes = withoutArmor(file)
        for count in 0..<bytes.count {
            #expect(
                blobError(Array(bytes[..<count]))
                    == (count < 6 ? .notASignature : .damagedSignature))
        }
        for more: [UInt8] in [[0], [0, 0, 0, 0], [10]] {
            #expect(blobError(bytes + more) == .damagedSignature)
        }
    }

    /// A signature with a changed bit is another one, or none.
    @Test(arguments: [ed25519, p256])
    func eachBitChanged(_ options: [String]) throws {
        let file = try signature(options)
        let signature = try SSHSignature(armored: file)
        func expectOther(_ changed: [UInt8]) {
            do throws(SSHError) {
                #expect(try SSHSignature(armored: changed) != signature)
            } catch {}
        }
        for bit in 0..<(file.count * 8 - 8) {
            var changed = file
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            expectOther(changed)
        }
        let bytes = withoutArmor(file)
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            expectOther(armor(changed, "SSH SIGNATURE"))
        }
    }

    @Test(arguments: [ed25519, p256])
    func hostileLengths(_ options: [String]) throws {
        let bytes = withoutArmor(try signature(options))
        for index in 6...(bytes.count - 4) {
            for length: UInt32 in [0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000, 0x0100_0000, 0] {
                var changed = bytes
                changed.replaceSubrange(index..<(index + 4), with: sshNumber(length))
                _ = blobError(changed)
            }
        }
    }

    /// A signature whose parts are given.
    private func blob(
        magic: String = "SSHSIG", version: UInt32 = 1, key: [UInt8]? = nil,
        namespace: String = "x", reserved: [UInt8] = [], hash: String = "sha512",
        algorithm: String = "ssh-ed25519", value: [UInt8]? = nil, after: [UInt8] = []
    ) -> [UInt8] {
        let key = key ?? SSHPublicKey(ed25519: [UInt8](repeating: 1, count: 32)).blob
        let value = value ?? [UInt8](repeating: 2, count: 64)
        return Array(magic.utf8) + sshNumber(version) + sshString(key)
            + sshString(Array(namespace.utf8)) + sshString(reserved) + sshString(Array(hash.utf8))
            + sshString(sshString(Array(algorithm.utf8)) + sshString(value) + after)
    }

    @Test func partsThatAreWrong() throws {
        #expect(blobError(blob()) == nil)
        // The format wants it ignored.
        #expect(blobError(blob(reserved: [1, 2, 3])) == nil)
        #expect(blobError(blob(magic: "SSHSIC")) == .notASignature)
        #expect(blobError(blob(magic: "sshsig")) == .notASignature)
        #expect(blobError(blob(version: 0)) == .otherVersion(0))
        #expect(blobError(blob(version: 2)) == .otherVersion(2))
        #expect(blobError(blob(version: 0xFFFF_FFFF)) == .otherVersion(0xFFFF_FFFF))
        #expect(blobError(blob(algorithm: "ssh-rsa")) == .algorithmsDiffer)
        #expect(blobError(blob(algorithm: "ssh-ed25519\0")) == .damagedSignature)
        let key = [UInt8](repeating: 1, count: 32)
        let name = sshString(Array("ssh-ed25519".utf8))
        let ecdsa = sshString(Array("ecdsa-sha2-nistp256".utf8))
        let curve = sshString(Array("nistp256".utf8))
        for bytes in [
            blob(namespace: ""), blob(hash: "md5"), blob(hash: ""), blob(hash: "SHA512"),
            blob(value: [UInt8](repeating: 2, count: 63)),
            blob(value: [UInt8](repeating: 2, count: 65)), blob(value: []), blob(after: [0]),
            blob(algorithm: ""), blob(key: []), blob(key: sshString([])),
            blob(key: name), blob(key: name + sshString(Array(key.dropLast()))),
            blob(key: name + sshString(key + [1])), blob(key: name + sshString(key) + [0]),
            blob(key: sshString(Array("a b".utf8))),
            blob(key: sshString([UInt8](repeating: 0x61, count: 65))),
            blob(key: ecdsa + curve + sshString([4] + key)),
            blob(key: ecdsa + curve + sshString([2] + key + key)),
            blob(key: ecdsa + sshString(Array("nistp384".utf8)) + sshString([4] + key + key)),
        ] { #expect(blobError(bytes) == .damagedSignature) }
    }

    @Test func armorThatIsWrong() throws {
        let text = String(decoding: armor(blob(), "SSH SIGNATURE"), as: UTF8.self)
        for good in [text, text.replacing("\n", with: "\r\n"), text + "\n\n"] {
            #expect(error(Array(good.utf8)) == nil)
        }
        let digits = text.split(separator: "\n")[1]
        for bad in [
            "", "\n" + text, " " + text, text + "x", text + " ", text + text,
            text.replacing("SIGNATURE", with: "SIGNATURES"),
            text.replacing(
                "-----BEGIN SSH SIGNATURE-----\n", with: "-----BEGIN SSH SIGNATURE-----"),
            text.replacing("\n-----END", with: "-----END"), text.replacing("\n", with: "\r"),
            text.replacing("\n", with: "\n "), text.replacing(digits, with: ""),
            text.replacing(digits, with: digits + "="), text.replacing(digits, with: digits + "A"),
            text.replacing(digits, with: digits.dropLast() + "-"),
        ] { #expect(error(Array(bad.utf8)) == .notASignature, "\(bad)") }
        // Bits of the last digit that are no part of a byte.
        let odd = armor(blob(reserved: [1]), "SSH SIGNATURE")
        let end = odd.firstIndex(of: UInt8(ascii: "="))!
        var changed = odd
        changed[end - 1] += 1
        #expect(error(odd) == nil && error(changed) == .notASignature)
        // As large as one may be, and larger.
        let room = SSHSignature.largestFile - text.utf8.count
        #expect(error(Array((text + String(repeating: "\n", count: room)).utf8)) == nil)
        #expect(
            error(Array((text + String(repeating: "\n", count: room + 1)).utf8)) == .notASignature)
    }
}
