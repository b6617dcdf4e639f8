import Crypto
import SSH
import Text

/// A secret key that decrypts files.
struct AgeIdentity: Sendable {
    private let secretKey: AgePrimitives.PrivateKey
    private let publicKey: AgePublicKey

    /// Parses `AGE-SECRET-KEY-1…`.
    init(ageKey text: [UInt8]) throws(AgeError) {
        guard let (prefix, bytes) = Bech32.decode(text),
            prefix.elementsEqual("AGE-SECRET-KEY-".utf8), bytes.count == 32
        else { throw AgeError(.key, "the key AGE-SECRET-KEY-1… is damaged; copy it again") }
        secretKey = AgePrimitives.privateKey(bytes)
        publicKey = AgePublicKey(x25519: AgePrimitives.publicKey(of: secretKey), ssh: nil)
    }

    /// Parses a private key file of OpenSSH. The scalar of Ed25519 (RFC 8032, 5.1.5) is that of X25519.
    init(sshFile file: [UInt8]) throws(AgeError) {
        var key: SSHPrivateKey
        do throws(SSHError) { key = try SSHPrivateKey(file: file) } catch {
            throw AgeError(
                .key,
                "the key \(error.reason); census reads Ed25519 keys of OpenSSH without a "
                    + "passphrase, for others \(AgeIdentities.pipe)")
        }
        defer { key.erase() }
        guard case .ed25519(let point) = key.publicKey.value else {
            throw AgeError(
                .key,
                "the key is of type \(key.publicKey.algorithm), for which age does not encrypt")
        }
        secretKey = AgePrimitives.privateKey(Array(Array(SHA512.hash(data: key.secret)).prefix(32)))
        let x25519 = AgePrimitives.publicKey(of: secretKey)
        publicKey = AgePublicKey(x25519: x25519, ssh: key.publicKey)
        if FieldElement.montgomery(ofEd25519: point) != x25519 {
            throw AgeError(
                .key, "the key is damaged: its public part is not that of its secret part")
        }
    }

    /// Decrypts the file key of a stanza.
    /// - Returns: nil if the stanza is not for this identity.
    /// - Throws: if the stanza is damaged.
    func fileKey(in stanza: AgeStanza) throws(AgeError) -> AgePrimitives.Key? {
        guard stanza.isOf(publicKey.kind) else { return nil }
        let share = try stanza.share(of: publicKey.kind)
        if let tag = publicKey.sshTag, stanza.arguments[0] != tag { return nil }
        guard var secret = publicKey.secret(secretKey, with: share) else {
            throw AgeError(
                .header, "the age header is forged: a key share in it is a point of low order")
        }
        var bytes: [UInt8] = []
        defer {
            forget(&secret)
            forget(&bytes)
        }
        let box = AgePublicKey.wrapNonce + stanza.body
        let isAuthentic = AgePrimitives.open(
            box[...], with: publicKey.wrapKey(secret, share: share), into: &bytes)
        return isAuthentic ? AgePrimitives.key(bytes) : nil
    }
}

/// The secret keys that files are decrypted with.
package struct AgeIdentities: Sendable {
    private var identities: [AgeIdentity] = []

    /// None.
    package init() {}

    /// Whether there are none.
    package var isEmpty: Bool { identities.isEmpty }

    /// Adds other identities.
    package mutating func add(_ others: AgeIdentities) { identities += others.identities }

    /// Parses an identity file as `age -i` takes it: `AGE-SECRET-KEY-1…` on a line each, with empty lines
    /// and comments that begin with `#`; or a private key of OpenSSH, Ed25519, without a passphrase.
    /// - Throws: if it is of another kind, is damaged, or has none.
    package init(file: [UInt8]) throws(AgeError) {
        let file = Array(withoutByteOrderMark(file[...]))
        if [[0xFF, 0xFE], [0xFE, 0xFF]].contains(Array(file.prefix(2))) {
            throw AgeError(.key, "the identity file is UTF-16; save it as UTF-8")
        }
        if file.starts(with: "age-encryption.org/".utf8) || AgeArmor.isBeginning(file[...]) {
            throw AgeError(
                .key,
                "the identity file is encrypted itself; decrypt it first, or \(Self.pipe)")
        }
        if file.starts(with: "-----BEGIN ".utf8) {
            identities = [try AgeIdentity(sshFile: file)]
            return
        }
        for (number, line) in keyLines(file[...]) {
            do throws(AgeError) {
                identities.append(try Self.identity(line))
            } catch {
                throw AgeError(.key, "line \(number): \(error.reason)")
            }
        }
        if identities.isEmpty { throw AgeError(.key, "there is no identity in the file") }
    }

    /// What to do with identities that census does not read.
    fileprivate static let pipe = "use age -d -i KEY FILE | census ingest -"

    private static func identity(_ line: ArraySlice<UInt8>) throws(AgeError) -> AgeIdentity {
        func begins(_ text: String) -> Bool { line.starts(with: text.utf8) }
        if begins("AGE-SECRET-KEY-1") { return try AgeIdentity(ageKey: Array(line)) }
        if begins("AGE-PLUGIN-") {
            throw AgeError(.key, "this is the identity of a plugin, which only age runs; \(pipe)")
        }
        if begins("AGE-SECRET-KEY-PQ-1") {
            throw AgeError(
                .key, "this is a post-quantum identity, which census does not read; \(pipe)")
        }
        if begins("age1") || begins("ssh-") {
            throw AgeError(
                .key, "this is a public key, which cannot decrypt; give the file of the secret key")
        }
        throw AgeError(.key, "not an identity: AGE-SECRET-KEY-1…")
    }

    /// Decrypts the file key of a header, and checks the header.
    func fileKey(in header: AgeHeader) throws(AgeError) -> AgePrimitives.Key {
        try requireForm(of: header)
        guard let fileKey = try firstKey(in: header) else {
            throw noKeyError(header.stanzas.map(\.kind))
        }
        if !header.isAuthentic(with: fileKey) {
            throw AgeError(
                .mac, "the age header was changed: its authentication code is wrong; copy it again")
        }
        return fileKey
    }

    /// Checks all stanzas, also of those that are not for these identities.
    private func requireForm(of header: AgeHeader) throws(AgeError) {
        for stanza in header.stanzas {
            for kind in AgeKind.allCases where stanza.isOf(kind) { _ = try stanza.share(of: kind) }
            if stanza.kind.elementsEqual("scrypt".utf8), header.stanzas.count > 1 {
                throw AgeError(
                    .header, "the age header is forged: it has a passphrase beside other recipients"
                )
            }
        }
    }

    private func firstKey(in header: AgeHeader) throws(AgeError) -> AgePrimitives.Key? {
        for identity in identities {
            for stanza in header.stanzas {
                if let key = try identity.fileKey(in: stanza) { return key }
            }
        }
        return nil
    }

    /// Why a file for recipients of these kinds is not read.
    package func noKeyError(_ kinds: [[UInt8]]) -> AgeError {
        let names = Self.names(of: kinds)
        let isRead = kinds.contains { kind in
            AgeKind.allCases.contains { kind.elementsEqual($0.rawValue.utf8) }
        }
        if !isRead {
            return AgeError(
                .unsupported,
                "this was encrypted with age for \(names), which census does not read; "
                    + "use age -d FILE | census ingest -")
        }
        return isEmpty
            ? AgeError(
                .noMatch, "this was encrypted with age for \(names); --identity FILE reads it")
            : AgeError(
                .noMatch, "this was encrypted with age for other keys than --identity has: \(names)"
            )
    }

    /// `2 X25519 keys and a passphrase`. The kinds come from the file: they are printable ASCII.
    private static func names(of kinds: [[UInt8]]) -> String {
        var distinct: [[UInt8]] = []
        for kind in kinds where !distinct.contains(kind) && distinct.count < 5 {
            distinct.append(kind)
        }
        let names = distinct.prefix(4).map { kind in
            kind.elementsEqual("scrypt".utf8)
                ? "a passphrase" : String(decoding: kind.prefix(40), as: UTF8.self)
        }
        return names.joined(separator: ", ") + (distinct.count > 4 ? ", and others" : "")
    }
}
