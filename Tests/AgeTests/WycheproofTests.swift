import Crypto
import TestSupport
import Testing

@testable import Age

/// The test vectors of Wycheproof for what age files are encrypted with.
@Suite struct WycheproofTests {
    /// A secret of zeros, which a point of low order leads to, is none.
    @Test func x25519() throws {
        let vectors = try WycheproofVector.all("x25519")
        #expect(vectors.count == 518)
        var refused = 0
        for vector in vectors {
            let key = AgePrimitives.privateKey(vector["private"])
            let secret = AgePrimitives.secret(key, with: vector["public"])
            let isZero = vector["shared"].allSatisfy { $0 == 0 }
            #expect(secret == (isZero ? nil : vector["shared"]), "\(vector.number)")
            if isZero { refused += 1 }
        }
        #expect(refused == 31)
    }

    /// A point of low order is no recipient, and one in a stanza is a forgery.
    @Test func pointsOfLowOrder() throws {
        let identity = try AgeIdentity(
            ageKey: Array(
                "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX".utf8))
        for vector in try WycheproofVector.all("x25519") {
            if vector["shared"].contains(where: { $0 != 0 }) { continue }
            let text = Bech32.encode(vector["public"], prefix: "age")
            #expect(throws: AgeError.self, "\(vector.number)") { try AgeRecipient(text) }
            let stanza = AgeStanza(
                .x25519, [UnpaddedBase64.encode(vector["public"])],
                body: [UInt8](repeating: 0, count: 32))
            let error = #expect(throws: AgeError.self, "\(vector.number)") {
                try identity.fileKey(in: stanza)
            }
            #expect(error?.reason.contains("low order") == true)
        }
    }

    @Test func hkdf() throws {
        let vectors = try WycheproofVector.all("hkdf_sha256")
        #expect(vectors.count == 83)
        for vector in vectors {
            let key = AgePrimitives.derive(
                AgePrimitives.key(vector["ikm"]), salt: vector["salt"], info: vector["info"])
            let bytes = unsafe key.withUnsafeBytes { unsafe Array($0) }
            #expect(bytes.starts(with: vector["okm"]), "\(vector.number)")
        }
    }

    @Test func chacha20Poly1305() throws {
        let vectors = try WycheproofVector.all("chacha20_poly1305")
        #expect(vectors.count == 54)
        for vector in vectors {
            let key = SymmetricKey(data: vector["key"])
            let box = vector["iv"] + vector["ct"] + vector["tag"]
            var content: [UInt8] = []
            let isAuthentic = AgePrimitives.open(box[...], with: key, into: &content)
            #expect(isAuthentic == vector.isValid, "\(vector.number)")
            #expect(content == (vector.isValid ? vector["msg"] : []), "\(vector.number)")
            if !vector.isValid { continue }
            var output: [UInt8] = []
            AgePrimitives.seal(vector["msg"], nonce: vector["iv"], with: key, into: &output)
            #expect(output == vector["ct"] + vector["tag"], "\(vector.number)")
        }
    }
}
