import Crypto

/// What age files are encrypted with, by swift-crypto. The collectors have a type of their own in the
/// place of this one, which is by libsodium and has what writing needs.
package enum AgePrimitives {
    /// A symmetric key.
    typealias Key = SymmetricKey
    /// A private key of X25519 (RFC 7748, 5).
    typealias PrivateKey = Curve25519.KeyAgreement.PrivateKey

    /// Whether there is anything to encrypt with.
    package static let canEncrypt = true

    /// Random bytes that nobody can guess.
    static func random(_ count: Int) -> [UInt8] {
        unsafe SymmetricKey(size: SymmetricKeySize(bitCount: 8 * count)).withUnsafeBytes {
            unsafe Array($0)
        }
    }

    /// A new symmetric key of 16 bytes.
    static func randomKey() -> Key { SymmetricKey(size: .bits128) }

    /// A new private key.
    static func randomPrivateKey() -> PrivateKey { PrivateKey() }

    /// The key of these bytes.
    static func key(_ bytes: [UInt8]) -> Key { SymmetricKey(data: bytes) }

    /// The bytes of a key.
    static func bytes(of key: Key) -> [UInt8] { unsafe key.withUnsafeBytes { unsafe Array($0) } }

    /// The private key of 32 bytes, any.
    static func privateKey(_ bytes: [UInt8]) -> PrivateKey {
        do {
            return try PrivateKey(rawRepresentation: bytes)
        } catch {
            preconditionFailure("a key of 32 bytes: \(error)")
        }
    }

    /// The public key of 32 bytes.
    static func publicKey(of key: PrivateKey) -> [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// The secret that a private key and a public one have in common.
    ///
    /// swift-crypto takes any point. One of low order, which only a forger sends, makes the secret
    /// zero whatever the private key is, and the specification demands that it is refused.
    /// - Parameter publicKey: 32 bytes.
    /// - Returns: 32 bytes; nil if all of them are zero.
    static func secret(_ key: PrivateKey, with publicKey: [UInt8]) -> [UInt8]? {
        do {
            let point = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey)
            let secret = try key.sharedSecretFromKeyAgreement(with: point)
            let bytes = unsafe secret.withUnsafeBytes { unsafe Array($0) }
            return bytes.reduce(0, |) == 0 ? nil : bytes
        } catch {
            return nil
        }
    }

    /// A key of 32 bytes, by HKDF with SHA-256 (RFC 5869).
    static func derive(_ material: Key, salt: [UInt8], info: [UInt8]) -> Key {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: material, salt: salt, info: info, outputByteCount: 32)
    }

    /// The authentication code of bytes, HMAC with SHA-256 (RFC 2104): 32 bytes.
    static func code(of bytes: [UInt8], with key: Key) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    }

    /// Encrypts with ChaCha20-Poly1305 (RFC 8439), without additional data.
    /// - Parameters:
    ///   - nonce: 12 bytes.
    ///   - output: what is encrypted and its tag of 16 bytes are appended.
    static func seal(
        _ content: [UInt8], nonce: [UInt8], with key: Key, into output: inout [UInt8]
    ) {
        do {
            let box = try ChaChaPoly.seal(
                content, using: key, nonce: try ChaChaPoly.Nonce(data: nonce))
            unsafe box.combined.withUnsafeBytes { unsafe output.append(contentsOf: $0[12...]) }
        } catch {
            preconditionFailure("ChaCha20-Poly1305: \(error)")
        }
    }

    /// Decrypts.
    /// - Parameters:
    ///   - box: a nonce of 12 bytes, what is encrypted, and its tag of 16 bytes.
    ///   - content: what is decrypted is appended.
    /// - Returns: whether it is authentic. If not, nothing is appended.
    static func open(
        _ box: ArraySlice<UInt8>, with key: Key, into content: inout [UInt8]
    ) -> Bool {
        do {
            let opened = try ChaChaPoly.open(ChaChaPoly.SealedBox(combined: box), using: key)
            unsafe opened.withUnsafeBytes { unsafe content.append(contentsOf: $0) }
            return true
        } catch {
            return false
        }
    }
}
