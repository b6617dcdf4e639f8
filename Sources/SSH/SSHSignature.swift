import Text

/// A detached signature of a file, PROTOCOL.sshsig of OpenSSH.
package struct SSHSignature: Hashable, Sendable {
    /// The hash algorithm that the file was hashed with before it was signed.
    package enum Hash: Hashable, Sendable {
        /// SHA-256.
        case sha256
        /// SHA-512, which is what `ssh-keygen -Y sign` and census use.
        case sha512

        fileprivate var name: StaticString { self == .sha256 ? "sha256" : "sha512" }
    }

    /// The namespace of the signatures of snapshots.
    package static let snapshotNamespace: StaticString = "census-snapshot@census"
    /// The largest signature in armor that is read, in bytes: that of an RSA key of 16,384 bits has
    /// some 6,000.
    package static let largestFile = 1 << 14

    /// The key that signed, as the signature says.
    package let publicKey: SSHPublicKey
    /// What the signature is for.
    package let namespace: [UInt8]
    /// Kept by the format for what is to come, and ignored, as the format wants it.
    package let reserved: [UInt8]
    /// How the file was hashed.
    package let hash: Hash
    /// The name of the signature's own algorithm; of RSA it is not that of the key.
    package let algorithm: String
    /// Of Ed25519 the 64 bytes of RFC 8032; of P-256 r and s, 32 bytes each, the highest first; of
    /// another algorithm what the signature has.
    package let value: [UInt8]

    private static let label: StaticString = "SSH SIGNATURE"
    private static let magic: StaticString = "SSHSIG"

    /// A signature by a key of Ed25519 or P-256 over a SHA-512 digest.
    /// - Parameter value: 64 bytes, see `value`.
    package init(publicKey: SSHPublicKey, namespace: StaticString, value: [UInt8]) {
        self.publicKey = publicKey
        self.namespace = sshText(namespace)
        reserved = []
        hash = .sha512
        algorithm = publicKey.algorithm
        self.value = value
    }

    /// Reads a signature in armor.
    package init(armored file: [UInt8]) throws(SSHError) {
        guard file.count <= Self.largestFile, let bytes = unarmored(file, Self.label)
        else { throw .notASignature }
        var reader = SSHReader(bytes)
        guard reader.take(6) == sshText(Self.magic) else { throw .notASignature }
        guard let version = reader.number() else { throw .damagedSignature }
        if version != 1 { throw .otherVersion(version) }
        guard let blob = reader.string(), let namespace = reader.string(), !namespace.isEmpty,
            let reserved = reader.string(), let hashName = reader.string(),
            let signature = reader.string(), reader.isAtEnd,
            let hash = Self.hash(named: hashName)
        else { throw .damagedSignature }
        do throws(SSHError) { publicKey = try SSHPublicKey(blob: blob) } catch {
            throw .damagedSignature
        }
        self.namespace = namespace
        self.reserved = reserved
        self.hash = hash
        (algorithm, value) = try Self.signature(signature, by: publicKey)
    }

    /// The file of the signature, as OpenSSH writes it.
    package var armored: [UInt8] {
        let bytes =
            sshText(Self.magic) + sshNumber(1) + sshString(publicKey.blob) + sshString(namespace)
            + sshString(reserved) + sshString(sshText(hash.name)) + sshString(signatureBlob)
        return armorFile(bytes, Self.label)
    }

    /// The bytes that the key signs.
    /// - Parameter digest: of the file, by `hash`.
    package static func signedBytes(namespace: [UInt8], hash: Hash, digest: [UInt8]) -> [UInt8] {
        // What is reserved is not signed.
        sshText(magic) + sshString(namespace) + sshString([]) + sshString(sshText(hash.name))
            + sshString(digest)
    }

    private var signatureBlob: [UInt8] {
        let name = sshString(Array(algorithm.utf8))
        guard case .p256 = publicKey.value else { return name + sshString(value) }
        let (r, s) = (Array(value[..<32]), Array(value[32...]))
        return name + sshString(sshNatural(r) + sshNatural(s))
    }

    /// The algorithm and the value of a signature.
    private static func signature(
        _ blob: [UInt8], by key: SSHPublicKey
    ) throws(SSHError) -> (String, [UInt8]) {
        var reader = SSHReader(blob)
        guard let name = reader.string(), let value = reader.string(), !name.isEmpty,
            name.count <= 64, name.allSatisfy({ 0x21...0x7E ~= $0 })
        else { throw .damagedSignature }
        let algorithm = String(decoding: name, as: UTF8.self)
        switch key.value {
        case .ed25519, .p256:
            if !name.elementsEqual(key.algorithm.utf8) { throw .algorithmsDiffer }
            guard reader.isAtEnd, let bytes = bytes(of: value, by: key)
            else { throw .damagedSignature }
            return (algorithm, bytes)
        // A key in hardware signs a counter, too, which follows.
        case .other: return (algorithm, value)
        }
    }

    private static func bytes(of value: [UInt8], by key: SSHPublicKey) -> [UInt8]? {
        guard case .p256 = key.value else { return value.count == 64 ? value : nil }
        var reader = SSHReader(value)
        guard let r = reader.natural(count: 32), let s = reader.natural(count: 32), reader.isAtEnd
        else { return nil }
        return r + s
    }

    private static func hash(named name: [UInt8]) -> Hash? {
        for hash in [Hash.sha256, Hash.sha512] where name == sshText(hash.name) { return hash }
        return nil
    }
}
