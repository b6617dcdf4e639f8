import Crypto
import SSH

/// Who signed a snapshot file, and whether that is the host that it is of.
package struct FileSignature: Hashable, Sendable {
    /// The verdict on the signature. One that does not belong to the bytes of the file, or that census
    /// does not check, is none of these: the file is rejected.
    package enum Verdict: String, Sendable, CaseIterable {
        /// There is no signature.
        case unsigned
        /// By the key that it names; no known_hosts was given to compare that with.
        case signed
        /// By a key that known_hosts has for the host.
        case valid
        /// Known_hosts has other keys of this type for the host.
        case wrongKey = "wrong_key"
        /// Known_hosts has no key of this type for the host.
        case unknownHost = "unknown_host"
        /// Known_hosts marks the key as revoked.
        case revoked

        /// The higher, the worse.
        var weight: Int {
            switch self {
            case .valid: 0
            case .signed: 1
            case .unsigned: 2
            case .unknownHost: 3
            case .wrongKey: 4
            case .revoked: 5
            }
        }
    }

    /// The verdict on the signature.
    package var verdict: Verdict
    /// The key that signed, `ssh-ed25519 SHA256:…`; nil without a signature.
    package let key: String?
    /// The name under which known_hosts has the key, as it stands there; without a signature, the name
    /// under which it has the host. Nil if it has not.
    package var principal: String?
    /// Whether known_hosts has keys of other types for the host only.
    var isListedOtherwise = false

    /// No signature.
    static let none = FileSignature()

    private init() {
        verdict = .unsigned
        key = nil
    }

    init(_ verdict: Verdict, _ key: SSHPublicKey) {
        self.verdict = verdict
        self.key = "\(key.algorithm) \(key.fingerprint)"
    }

    /// `SHA256:…` of the key.
    var fingerprint: Substring? { key?.split(separator: " ").last }

    /// The verdict as a clause: `signed by ssh-ed25519 SHA256:…, the key of web-01`. Nil without a
    /// signature.
    package var text: String? {
        guard let key else { return nil }
        let by = "signed by \(key)"
        return switch verdict {
        case .unsigned: nil
        case .signed: by
        case .valid: by + (principal.map { ", the key of \($0)" } ?? "")
        case .wrongKey: by + ", which is not the host's"
        case .unknownHost where isListedOtherwise:
            by + ", and known_hosts has only keys of other types for the host"
        case .unknownHost: by + ", of a host that is not in known_hosts"
        case .revoked: by + ", which is revoked"
        }
    }

    /// Whether it can be relied on as far as was asked: with a known_hosts, the host is known.
    package var isGood: Bool { verdict == .valid || verdict == .signed }
}

/// How many files were accepted whose signatures are not good.
package struct DoubtfulSignatures: Hashable, Sendable {
    /// Signed by a key that is not known as the host's.
    package var unknownKeys = 0
    /// Signed by a revoked key.
    package var revokedKeys = 0
    /// Not signed.
    package var unsigned = 0

    /// None.
    package init() {}

    /// Adds a file.
    package mutating func add(_ reading: FileReading) {
        guard reading.error == nil else { return }
        switch reading.provenance.signature?.verdict {
        case .wrongKey, .unknownHost: unknownKeys += 1
        case .revoked: revokedKeys += 1
        case .unsigned: unsigned += 1
        case .signed, .valid, nil: break
        }
    }
}

/// Checks a signature while the file is read.
struct SignatureCheck {
    let signature: SSHSignature
    private var digest: Digest

    private enum Digest {
        case sha256(SHA256)
        case sha512(SHA512)
    }

    init(_ signature: SSHSignature) {
        self.signature = signature
        digest =
            switch signature.hash {
            case .sha256: .sha256(SHA256())
            case .sha512: .sha512(SHA512())
            }
    }

    /// Adds bytes of the file.
    mutating func update(_ bytes: ArraySlice<UInt8>) {
        switch digest {
        case .sha256(var hasher):
            hasher.update(data: bytes)
            digest = .sha256(hasher)
        case .sha512(var hasher):
            hasher.update(data: bytes)
            digest = .sha512(hasher)
        }
    }

    /// The namespace of the signature, if it is another one.
    func otherNamespace(than namespace: StaticString) -> String? {
        if signature.namespace == sshText(namespace) { return nil }
        return String(decoding: signature.namespace.prefix(64), as: UTF8.self)
    }

    /// Whether the key has signed what was read, as a snapshot; nil for a type of key that census does
    /// not check.
    func isGenuine(in namespace: StaticString) -> Bool? {
        if signature.namespace != sshText(namespace) { return false }
        let digest: [UInt8] =
            switch digest {
            case .sha256(let hasher): Array(hasher.finalize())
            case .sha512(let hasher): Array(hasher.finalize())
            }
        let signed = SSHSignature.signedBytes(
            namespace: signature.namespace, hash: signature.hash, digest: digest)
        return signature.publicKey.hasSigned(signed, signature.value)
    }
}

extension SSHPublicKey {
    /// Whether the key has signed bytes; nil for a type of key that census does not check.
    /// - Parameter signature: see `SSHSignature.value`.
    func hasSigned(_ bytes: [UInt8], _ signature: [UInt8]) -> Bool? {
        do {
            switch value {
            case .ed25519(let key):
                return try Curve25519.Signing.PublicKey(rawRepresentation: key)
                    .isValidSignature(signature, for: bytes)
            case .p256(let point):
                let value = try P256.Signing.ECDSASignature(rawRepresentation: signature)
                return try P256.Signing.PublicKey(x963Representation: point)
                    .isValidSignature(value, for: bytes)
            case .other: return nil
            }
        } catch {
            return false  // the key is no point of the curve
        }
    }
}
