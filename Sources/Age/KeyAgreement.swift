import Crypto
import SSH

/// The functions of X25519 (RFC 7748, 5) and HKDF (RFC 5869) as age uses them.
enum KeyAgreement {
    typealias PrivateKey = Curve25519.KeyAgreement.PrivateKey

    /// The private key of 32 bytes.
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

    /// A key of 32 bytes, by HKDF with SHA-256.
    static func derive(_ material: [UInt8], salt: [UInt8], info: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: material), salt: salt, info: info,
            outputByteCount: 32)
    }

    /// A file key, encrypted with the nonce 0: the key is used once.
    static func seal(_ fileKey: SymmetricKey, with key: SymmetricKey) -> [UInt8] {
        let bytes = unsafe fileKey.withUnsafeBytes { unsafe Array($0) }
        var body: [UInt8] = []
        AgeCipher.seal(bytes, nonce: [UInt8](repeating: 0, count: 12), with: key, into: &body)
        return body
    }

    /// The file key; nil if authentication fails.
    static func open(_ body: [UInt8], with key: SymmetricKey) -> SymmetricKey? {
        var bytes: [UInt8] = []
        let box = [UInt8](repeating: 0, count: 12) + body
        return AgeCipher.open(box[...], with: key, into: &bytes) ? SymmetricKey(data: bytes) : nil
    }
}

/// What is public of a key: for whom a file key is encrypted.
struct AgePublicKey: Hashable, Sendable {
    /// The key of X25519, 32 bytes.
    let x25519: [UInt8]
    /// What identifies an SSH key in a stanza: a part of its SHA-256. Nil for an age key.
    let sshTag: [UInt8]?
    /// What binds the secrets of an SSH key to that key; nil for an age key.
    private let tweak: [UInt8]?

    /// - Parameters:
    ///   - x25519: 32 bytes.
    ///   - ssh: the key of Ed25519 that it was converted from; nil for an age key.
    init(x25519: [UInt8], ssh: SSHPublicKey?) {
        self.x25519 = x25519
        sshTag = ssh.map {
            UnpaddedBase64.encode(Array(Array(SHA256.hash(data: $0.blob)).prefix(4)))
        }
        tweak = ssh.map {
            let key = KeyAgreement.derive([], salt: $0.blob, info: AgeKind.ed25519.label)
            return unsafe key.withUnsafeBytes { unsafe Array($0) }
        }
    }

    var kind: AgeKind { tweak == nil ? .x25519 : .ed25519 }

    /// The secret, bound to an SSH key.
    func tweaked(_ secret: [UInt8]) -> [UInt8]? {
        guard let tweak else { return secret }
        return KeyAgreement.secret(KeyAgreement.privateKey(tweak), with: secret)
    }

    /// The key that the file key is encrypted with.
    func wrapKey(_ secret: [UInt8], share: [UInt8]) -> SymmetricKey {
        KeyAgreement.derive(secret, salt: share + x25519, info: kind.label)
    }
}
