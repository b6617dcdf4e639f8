import Text

/// A private key without a passphrase in OpenSSH's own format: PROTOCOL.key of OpenSSH.
package struct SSHPrivateKey {
    /// The key that belongs to it, by the file.
    package let publicKey: SSHPublicKey
    /// Of Ed25519 the seed, RFC 8032, 5.1.5; of P-256 the private number, the highest byte first.
    /// 32 bytes in either case.
    package private(set) var secret: [UInt8]

    /// The largest file that is read, in bytes.
    package static let largestFile = 1 << 16

    private static let label: StaticString = "OPENSSH PRIVATE KEY"

    /// Reads the file of a key.
    ///
    /// That the public key in it belongs to the secret is not computed, but its places are compared
    /// with one another.
    package init(file: [UInt8]) throws(SSHError) {
        if file.count > Self.largestFile { throw .notAPrivateKey }
        guard let bytes = unarmored(file, Self.label) else { throw Self.fault(of: file) }
        // The only holder of its bytes, which it overwrites.
        var reader = SSHReader(consume bytes)
        defer { reader.erase() }
        guard reader.take(15) == sshText("openssh-key-v1") + [0], let cipher = reader.string(),
            let derivation = reader.string(), reader.string() != nil, reader.number() == 1,
            let blob = reader.string(), let secrets = reader.string(), reader.isAtEnd
        else { throw .damagedPrivateKey }
        let publicKey: SSHPublicKey
        do throws(SSHError) { publicKey = try SSHPublicKey(blob: blob) } catch {
            throw .damagedPrivateKey
        }
        if case .other = publicKey.value {
            throw publicKey.algorithm == "ssh-rsa" ? .rsa : .otherAlgorithm(publicKey.algorithm)
        }
        if cipher != sshText("none") { throw .passphrase }
        guard derivation == sshText("none"), secrets.count % 8 == 0,
            let secret = Self.secret(of: publicKey, in: consume secrets)
        else { throw .damagedPrivateKey }
        self.publicKey = publicKey
        self.secret = secret
    }

    /// Overwrites the secret. Other copies of this value keep it.
    package mutating func erase() { forget(&secret) }

    /// The private part of a file.
    /// - Returns: nil if it is damaged.
    private static func secret(of key: SSHPublicKey, in secrets: consuming [UInt8]) -> [UInt8]? {
        var reader = SSHReader(consume secrets)
        defer { reader.erase() }
        guard let check = reader.number(), check == reader.number() else { return nil }
        var secret: [UInt8]
        switch key.value {
        case .ed25519(let bytes):
            guard reader.has(SSHPublicKey.ed25519Name), reader.string() == bytes,
                var both = reader.string()
            else { return nil }
            defer { forget(&both) }
            guard both.count == 64, both[32...].elementsEqual(bytes) else { return nil }
            secret = Array(both[..<32])
        case .p256(let point):
            guard reader.has(SSHPublicKey.p256Name), reader.has(SSHPublicKey.p256Curve),
                reader.string() == point, let number = reader.natural(count: 32)
            else { return nil }
            secret = number
        case .other: return nil
        }
        var isWhole = reader.string() != nil
        var padding: UInt8 = 1
        while isWhole, !reader.isAtEnd {
            isWhole = reader.take(1) == [padding]
            padding &+= 1
        }
        if !isWhole {
            forget(&secret)
            return nil
        }
        return secret
    }

    /// Why a file is no key in OpenSSH's format.
    private static func fault(of file: [UInt8]) -> SSHError {
        let line = Array(file.prefix(64).prefix { $0 != UInt8(ascii: "\n") })
        if line.starts(with: sshText("-----BEGIN OPENSSH PRIVATE KEY")) {
            return .damagedPrivateKey
        }
        let ending = sshText("PRIVATE KEY-----")
        // A CR may stand at the end.
        let end = line.last == UInt8(ascii: "\r") ? line.count - 1 : line.count
        let isPEM = line[..<end].suffix(ending.count).elementsEqual(ending)
        return isPEM && line.starts(with: sshText("-----BEGIN ")) ? .oldFormat : .notAPrivateKey
    }
}
