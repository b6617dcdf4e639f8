import SSH
import Text

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
        guard let ssh else {
            (sshTag, tweak) = (nil, nil)
            return
        }
        var digest = SHA256Hasher()
        digest.update(ssh.blob)
        sshTag = UnpaddedBase64.encode(Array(digest.finish().prefix(4)))
        let key = AgePrimitives.derive(
            AgePrimitives.key([]), salt: ssh.blob, info: AgeKind.ed25519.label)
        tweak = AgePrimitives.bytes(of: key)
    }

    var kind: AgeKind { tweak == nil ? .x25519 : .ed25519 }

    /// The secret that a private key has in common with a public one, bound to an SSH key.
    /// - Returns: nil if the public key is a point of low order.
    func secret(_ key: AgePrimitives.PrivateKey, with publicKey: [UInt8]) -> [UInt8]? {
        guard var secret = AgePrimitives.secret(key, with: publicKey) else { return nil }
        guard let tweak else { return secret }
        defer { forget(&secret) }
        return AgePrimitives.secret(AgePrimitives.privateKey(tweak), with: secret)
    }

    /// The key that the file key is encrypted with.
    func wrapKey(_ secret: [UInt8], share: [UInt8]) -> AgePrimitives.Key {
        AgePrimitives.derive(
            AgePrimitives.key(secret), salt: share + x25519, info: kind.label)
    }

    /// The nonce of an encrypted file key: the key that encrypts it is used once.
    static let wrapNonce = [UInt8](repeating: 0, count: 12)
}
