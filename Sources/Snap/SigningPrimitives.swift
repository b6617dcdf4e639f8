import Crypto
import FoundationEssentials
import SSH

/// What is computed with a private key, by swift-crypto. The collectors have a type of their own in the
/// place of this one, which is by libsodium.
enum SigningPrimitives {
    /// Whether there is anything to sign with.
    static let canSign = true
    /// Whether a key of P-256 is one to sign with.
    static let signsP256 = true

    /// The SHA-512 digest of bytes.
    static func sha512(_ bytes: [UInt8]) -> [UInt8] { Array(SHA512.hash(data: bytes)) }

    /// The signature of bytes, as `SSHSignature.value` has it; P-256 with SHA-256, RFC 5656.
    /// - Returns: nil if the key's public part does not belong to its secret.
    static func sign(_ bytes: [UInt8], with key: SSHPrivateKey) -> [UInt8]? {
        switch key.publicKey.value {
        case .ed25519(let point):
            guard
                let own = try? Curve25519.Signing.PrivateKey(rawRepresentation: key.secret),
                own.publicKey.rawRepresentation.elementsEqual(point),
                let signature = try? own.signature(for: bytes)
            else { return nil }
            return Array(signature)
        case .p256(let point):
            guard let own = try? P256.Signing.PrivateKey(rawRepresentation: key.secret),
                own.publicKey.x963Representation.elementsEqual(point),
                let signature = try? own.signature(for: bytes)
            else { return nil }
            return Array(signature.rawRepresentation)
        case .other: return nil
        }
    }
}
