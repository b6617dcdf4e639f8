import CHost
import SSH

/// What is computed with a private key, by libsodium; of the collectors without it nothing is.
enum SigningPrimitives {
    #if SODIUM
        /// Whether there is anything to sign with.
        static let canSign = true
    #else
        /// Whether there is anything to sign with.
        static let canSign = false
    #endif
    /// Whether a key of P-256 is one to sign with.
    static let signsP256 = false

    /// The SHA-512 digest of bytes.
    static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        #if SODIUM
            unsafe census_sha512(bytes, Int64(bytes.count), &digest)
        #endif
        return digest
    }

    /// The signature of bytes by a key of Ed25519, 64 bytes.
    /// - Returns: nil if the key's public part does not belong to its secret.
    static func sign(_ bytes: [UInt8], with key: SSHPrivateKey) -> [UInt8]? {
        #if SODIUM
            guard case .ed25519(let point) = key.publicKey.value else { return nil }
            var signature = [UInt8](repeating: 0, count: 64)
            let isSigned = unsafe census_sign(
                bytes, Int64(bytes.count), key.secret, point, &signature)
            return isSigned != 0 ? signature : nil
        #else
            return nil
        #endif
    }
}
