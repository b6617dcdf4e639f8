import SSH
import Text

/// Somebody whom a file is encrypted for.
package struct AgeRecipient: Hashable, Sendable {
    private let key: AgePublicKey

    /// Parses a recipient as `age -r` takes it: `age1…`, or an SSH key `ssh-ed25519 AAAA… comment`.
    /// - Throws: if it is none, if it is one of another kind, or a key that anybody can decrypt for.
    package init(_ text: String) throws(AgeError) {
        let bytes = Array(text.utf8)
        if bytes.starts(with: "ssh-".utf8) || bytes.starts(with: "ecdsa-".utf8)
            || bytes.starts(with: "sk-".utf8)
        {
            key = try Self.sshKey(bytes)
        } else {
            key = try Self.ageKey(bytes)
        }
        // Points of low order have no secret in common with anybody.
        let anyKey = AgePrimitives.privateKey([UInt8](repeating: 1, count: 32))
        if AgePrimitives.secret(anyKey, with: key.x25519) == nil {
            throw AgeError(
                .key, "the key is a point of low order, for which nothing can be encrypted")
        }
    }

    private static func ageKey(_ text: [UInt8]) throws(AgeError) -> AgePublicKey {
        let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if lower.starts(with: "age-secret-key-".utf8) || lower.starts(with: "age-plugin-".utf8) {
            throw AgeError(.key, "this is an identity, a secret; give its public key, age1…")
        }
        if text.starts(with: "age1".utf8), text.count(where: { $0 == UInt8(ascii: "1") }) > 1 {
            // A plugin's, or one of the post-quantum and hardware keys: age1NAME1….
            throw AgeError(
                .key, "census encrypts for age1… and ssh-ed25519 keys only; for others pipe to age")
        }
        guard text.starts(with: "age1".utf8) else {
            throw AgeError(.key, "not a public key: age1… or ssh-ed25519 AAAA…")
        }
        // Other encodings of the same point would not be the key that the identity derives.
        guard let (prefix, bytes) = Bech32.decode(text), prefix.elementsEqual("age".utf8),
            FieldElement(bytes) != nil
        else { throw AgeError(.key, "the key age1… is damaged; copy it again") }
        return AgePublicKey(x25519: bytes, ssh: nil)
    }

    private static func sshKey(_ text: [UInt8]) throws(AgeError) -> AgePublicKey {
        let fields = text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let kind = fields[0]
        guard kind.elementsEqual(AgeKind.ed25519.rawValue.utf8) else {
            let name = String(
                decoding: kind.prefix(40).filter { (33...126).contains($0) }, as: UTF8.self)
            throw AgeError(
                .key,
                "a key of type \(name) cannot be encrypted for; of SSH keys only ssh-ed25519 can")
        }
        let damaged = AgeError(.key, "the key ssh-ed25519 is damaged; copy it again")
        guard fields.count > 1 else { throw damaged }
        let digits = Array(fields[1])
        guard let blob = bytesOfBase64(digits, from: 0, to: digits.count) else { throw damaged }
        let key: SSHPublicKey
        do throws(SSHError) { key = try SSHPublicKey(blob: blob) } catch { throw damaged }
        guard case .ed25519(let point) = key.value,
            let x25519 = FieldElement.montgomery(ofEd25519: point)
        else { throw damaged }
        return AgePublicKey(x25519: x25519, ssh: key)
    }

    /// Encrypts a file key.
    func stanza(of fileKey: AgePrimitives.Key) -> AgeStanza {
        let ephemeral = AgePrimitives.randomPrivateKey()
        let share = AgePrimitives.publicKey(of: ephemeral)
        guard var secret = key.secret(ephemeral, with: key.x25519)
        else { preconditionFailure("points of low order were refused") }
        var content = AgePrimitives.bytes(of: fileKey)
        defer {
            forget(&secret)
            forget(&content)
        }
        var body: [UInt8] = []
        AgePrimitives.seal(
            content, nonce: AgePublicKey.wrapNonce,
            with: key.wrapKey(secret, share: share), into: &body)
        var arguments: [[UInt8]] = []
        if let tag = key.sshTag { arguments.append(tag) }
        arguments.append(UnpaddedBase64.encode(share))
        return AgeStanza(key.kind, arguments, body: body)
    }

    /// Parses a file of recipients as `age -R` takes it: one on each line, with empty lines and
    /// comments that begin with `#`. Unlike age, it takes a byte order mark, and no line that it cannot
    /// encrypt for.
    /// - Throws: what is wrong, with the number of the line; or that there is none.
    package static func parse(file: [UInt8]) throws(AgeError) -> [AgeRecipient] {
        var recipients: [AgeRecipient] = []
        for (number, line) in keyLines(withoutByteOrderMark(file[...])) {
            do throws(AgeError) {
                recipients.append(try AgeRecipient(String(decoding: line, as: UTF8.self)))
            } catch {
                throw AgeError(.key, "line \(number): \(error.reason)")
            }
        }
        if recipients.isEmpty { throw AgeError(.key, "there is no recipient in the file") }
        return recipients
    }
}

/// The lines of a file of keys, counted from 1, without empty ones and comments. CR LF ends a line,
/// too.
func keyLines(_ file: ArraySlice<UInt8>) -> [(number: Int, line: ArraySlice<UInt8>)] {
    var lines: [(number: Int, line: ArraySlice<UInt8>)] = []
    let parts = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
        let line = part.last == UInt8(ascii: "\r") ? part.dropLast() : part
        if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
        lines.append((index + 1, line))
    }
    return lines
}
