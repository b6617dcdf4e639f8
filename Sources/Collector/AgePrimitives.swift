import CHost
import Text

/// What age files are encrypted with, by libsodium; the collectors without it do not encrypt.
package enum AgePrimitives {
    /// The bytes of a key, overwritten when nobody has them any more.
    final class Secret {
        fileprivate var bytes: [UInt8]

        fileprivate init(_ bytes: [UInt8]) { self.bytes = bytes }

        deinit { forget(&bytes) }
    }

    /// A symmetric key.
    typealias Key = Secret
    /// A private key of X25519 (RFC 7748, 5).
    typealias PrivateKey = Secret

    #if SODIUM
        /// Whether there is anything to encrypt with.
        package static let canEncrypt = true
    #else
        /// Whether there is anything to encrypt with.
        package static let canEncrypt = false
    #endif

    /// Random bytes that nobody can guess. Without them the program ends: nothing has been written yet.
    static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        if unsafe census_random(&bytes, Int32(count)) != 0 {
            preconditionFailure("there are no random bytes")
        }
        return bytes
    }

    /// A new symmetric key of 16 bytes.
    static func randomKey() -> Key { Secret(random(16)) }

    /// A new private key.
    static func randomPrivateKey() -> PrivateKey { Secret(random(32)) }

    /// The key of these bytes.
    static func key(_ bytes: [UInt8]) -> Key { Secret(bytes) }

    /// The bytes of a key.
    static func bytes(of key: Key) -> [UInt8] { key.bytes }

    /// The private key of 32 bytes, any.
    static func privateKey(_ bytes: [UInt8]) -> PrivateKey { Secret(bytes) }

    /// The public key of 32 bytes.
    static func publicKey(of key: PrivateKey) -> [UInt8] {
        guard let product = secret(key, with: [9] + [UInt8](repeating: 0, count: 31))
        else { preconditionFailure("the base point has a large order") }
        return product
    }

    /// The secret that a private key and a public one have in common.
    /// - Parameter publicKey: 32 bytes.
    /// - Returns: 32 bytes; nil if all of them are zero, see the type of the same name.
    static func secret(_ key: PrivateKey, with publicKey: [UInt8]) -> [UInt8]? {
        #if SODIUM
            precondition(key.bytes.count == 32 && publicKey.count == 32)
            var secret = [UInt8](repeating: 0, count: 32)
            return unsafe census_x25519(key.bytes, publicKey, &secret) != 0 ? secret : nil
        #else
            return nil
        #endif
    }

    /// A key of 32 bytes, by HKDF with SHA-256 (RFC 5869).
    static func derive(_ material: Key, salt: [UInt8], info: [UInt8]) -> Key {
        Secret(hkdfSHA256(material.bytes, salt: salt, info: info))
    }

    /// The authentication code of bytes, HMAC with SHA-256 (RFC 2104): 32 bytes.
    static func code(of bytes: [UInt8], with key: Key) -> [UInt8] {
        hmacSHA256(key: key.bytes, message: bytes)
    }

    /// Encrypts with ChaCha20-Poly1305 (RFC 8439), without additional data.
    /// - Parameters:
    ///   - nonce: 12 bytes.
    ///   - output: what is encrypted and its tag of 16 bytes are appended.
    static func seal(
        _ content: [UInt8], nonce: [UInt8], with key: Key, into output: inout [UInt8]
    ) {
        #if SODIUM
            precondition(key.bytes.count == 32 && nonce.count == 12)
            var box = [UInt8](repeating: 0, count: content.count + 16)
            unsafe census_seal(content, Int64(content.count), nonce, key.bytes, &box)
            output += box
        #endif
    }
}
