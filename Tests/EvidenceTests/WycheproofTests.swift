import SSH
import TestSupport
import Testing

@testable import Evidence

/// The test vectors of Wycheproof for signatures: each is put into a file of PROTOCOL.sshsig, read from
/// there, and compared with what it signs.
@Suite struct WycheproofTests {
    /// The value of a signature, read from a file that has it.
    /// - Parameter signature: the value as SSH's own signature has it.
    /// - Returns: nil if the file is refused.
    private func value(_ signature: [UInt8], by key: SSHPublicKey) -> [UInt8]? {
        let bytes =
            Array("SSHSIG".utf8) + sshNumber(1) + sshString(key.blob)
            + sshString(Array("file".utf8))
            + sshString([]) + sshString(Array("sha512".utf8))
            + sshString(sshString(Array(key.algorithm.utf8)) + sshString(signature))
        do throws(SSHError) {
            return try SSHSignature(armored: armor(bytes, "SSH SIGNATURE")).value
        } catch {
            return nil
        }
    }

    private func isAccepted(_ signature: [UInt8], _ vector: WycheproofVector, _ key: SSHPublicKey)
        -> Bool
    {
        value(signature, by: key).map { key.hasSigned(vector["msg"], $0) ?? true } ?? false
    }

    @Test func ed25519() throws {
        let vectors = try WycheproofVector.all("ed25519")
        #expect(vectors.count == 151)
        for vector in vectors {
            let key = SSHPublicKey(ed25519: vector["key"])
            #expect(
                isAccepted(vector["sig"], vector, key) == vector.isValid, "\(vector.number)")
        }
    }

    /// The numbers r and s as SSH writes them: RFC 5656, 3.1.2. Vectors of other lengths are about zeros
    /// before the numbers, which SSH does not write.
    @Test func ecdsaP256() throws {
        let vectors = try WycheproofVector.all("ecdsa_p256")
        #expect(vectors.count == 262)
        var compared = 0
        for vector in vectors {
            if vector["sig"].count != 64 { continue }
            compared += 1
            let key = SSHPublicKey(p256: vector["key"])
            let (sig, half) = (vector["sig"], vector["sig"].count / 2)
            let numbers = sshNatural(Array(sig[..<half])) + sshNatural(Array(sig[half...]))
            #expect(isAccepted(numbers, vector, key) == vector.isValid, "\(vector.number)")
        }
        #expect(compared == 241)
    }
}
