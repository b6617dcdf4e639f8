import Text

/// A public key as SSH's protocol has it: RFC 4253, 6.6; RFC 8709 (Ed25519); RFC 5656 (ECDSA).
package struct SSHPublicKey: Hashable, Sendable {
    /// What is checked with the key.
    package enum Value: Hashable, Sendable {
        /// 32 bytes, RFC 8032.
        case ed25519([UInt8])
        /// A point of NIST's curve P-256: 4, and its coordinates of 32 bytes each (SEC 1, 2.3.3).
        case p256([UInt8])
        /// Of another algorithm.
        case other
    }

    /// All bytes, which the fingerprint is of.
    package let blob: [UInt8]
    /// The algorithm's name: `ssh-ed25519`.
    package let algorithm: String
    /// The key itself.
    package let value: Value

    /// Reads a key.
    /// - Throws: `notAPublicKey`.
    package init(blob: [UInt8]) throws(SSHError) {
        var reader = SSHReader(blob)
        guard let name = reader.string(), !name.isEmpty, name.count <= 64,
            name.allSatisfy({ 0x21...0x7E ~= $0 })
        else { throw .notAPublicKey }
        let value: Value
        if name == sshText(Self.ed25519Name) {
            guard let key = reader.string(), key.count == 32, reader.isAtEnd
            else { throw .notAPublicKey }
            value = .ed25519(key)
        } else if name == sshText(Self.p256Name) {
            guard reader.has(Self.p256Curve), let point = reader.string(), point.count == 65,
                point[0] == 4, reader.isAtEnd
            else { throw .notAPublicKey }
            value = .p256(point)
        } else {
            value = .other
        }
        self.init(blob, String(decoding: name, as: UTF8.self), value)
    }

    /// - Parameter ed25519: 32 bytes, RFC 8032.
    package init(ed25519 key: [UInt8]) {
        self.init(
            sshString(sshText(Self.ed25519Name)) + sshString(key), "\(Self.ed25519Name)",
            .ed25519(key))
    }

    /// - Parameter p256: a point, not compressed: 65 bytes (SEC 1, 2.3.3).
    package init(p256 point: [UInt8]) {
        self.init(
            sshString(sshText(Self.p256Name)) + sshString(sshText(Self.p256Curve))
                + sshString(point), "\(Self.p256Name)", .p256(point))
    }

    private init(_ blob: [UInt8], _ algorithm: String, _ value: Value) {
        self.blob = blob
        self.algorithm = algorithm
        self.value = value
    }

    static let ed25519Name: StaticString = "ssh-ed25519"
    static let p256Name: StaticString = "ecdsa-sha2-nistp256"
    static let p256Curve: StaticString = "nistp256"

    /// `SHA256:` and the digest of all bytes in base64 without padding, as `ssh-keygen -l` prints it.
    package var fingerprint: String {
        var digest = SHA256Hasher()
        digest.update(blob)
        let text = Array(base64(digest.finish()).utf8)
        return "SHA256:" + String(decoding: text[..<(text.count - 1)], as: UTF8.self)
    }
}
