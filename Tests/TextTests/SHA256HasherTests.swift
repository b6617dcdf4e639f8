import CHost
import Crypto
import TestSupport
import Testing

@testable import Text

@Suite struct SHA256HasherTests {
    /// FIPS 180-4's examples, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]) func digestsTheExamples(message: String, expected: String) {
        var digest = SHA256Hasher()
        digest.update(Array(message.utf8))
        #expect(hexadecimal(digest.finish()) == expected)
    }

    /// Every length up to three blocks, and longer ones, whole and in pieces.
    @Test func agreesWithSwiftCrypto() {
        var random = SplitMix64(state: 256)
        let longer = (0..<20).map { _ in Int.random(in: 0...20_000, using: &random) }
        let lengths = Array(0...200) + longer
        for length in lengths {
            let message = bytes(length, &random)
            let expected = Array(SHA256.hash(data: message))
            var whole = SHA256Hasher()
            whole.update(message)
            #expect(whole.finish() == expected, "\(length) bytes")
            var pieces = SHA256Hasher()
            var rest = message[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...150, using: &random))
                pieces.update(piece)
                rest = rest.dropFirst(piece.count)
            }
            #expect(pieces.finish() == expected, "\(length) bytes in pieces")
        }
    }

    /// The processor's own instructions and the plain form, of which the others know one only.
    @Test func bothFormsAgree() {
        var random = SplitMix64(state: 180)
        for count in 0...9 {
            let blocks = bytes(64 * count, &random)
            var state = (0..<8).map { _ in UInt32.random(in: .min ... .max, using: &random) }
            var plain = state
            census_sha256(&state, blocks, Int64(blocks.count))
            census_sha256_plain(&plain, blocks, Int64(blocks.count))
            #expect(state == plain, "\(count) blocks")
        }
    }

    /// Keys shorter and longer than a block, and of just its length.
    @Test func authenticatesAsSwiftCryptoDoes() {
        var random = SplitMix64(state: 2104)
        for length in [0, 1, 16, 32, 63, 64, 65, 128, 1000] {
            let key = bytes(length, &random)
            for _ in 0..<5 {
                let message = bytes(Int.random(in: 0...500, using: &random), &random)
                let expected = HMAC<SHA256>.authenticationCode(
                    for: message, using: SymmetricKey(data: key))
                #expect(
                    hmacSHA256(key: key, message: message) == Array(expected), "a key of \(length)")
            }
        }
    }

    /// Secrets and salts of no bytes, of a block, and longer.
    @Test func derivesAsSwiftCryptoDoes() {
        var random = SplitMix64(state: 5869)
        for length in [0, 1, 16, 32, 64, 65, 200] {
            let secret = bytes(length, &random)
            for saltLength in [0, 16, 64, 100] {
                let (salt, info) = (bytes(saltLength, &random), bytes(length / 2, &random))
                let expected = HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: info,
                    outputByteCount: 32)
                let key = hkdfSHA256(secret, salt: salt, info: info)
                #expect(SymmetricKey(data: key) == expected, "\(length), \(saltLength) bytes")
            }
        }
    }

    private func bytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
}
