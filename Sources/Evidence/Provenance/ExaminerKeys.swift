package import SSH
import Text

/// The public keys of examiners, from a file of one of OpenSSH's forms: a public key; allowed signers,
/// ssh-keygen(1), "ALLOWED SIGNERS"; known_hosts.
package struct ExaminerKeys: Sendable {
    /// Why a file has no such key.
    package struct InvalidFile: Error, Hashable, Sendable {
        /// What is wrong, as a clause.
        package let reason: String
    }

    /// Whose key it is, by the keys: the comment of a public key, or else the names before it.
    private var names: [SSHPublicKey: String] = [:]
    private var revoked: Set<SSHPublicKey> = []

    /// Reads the lines.
    /// - Throws: if no line has a key that census checks, or one has what would be disregarded.
    package init(_ file: [UInt8]) throws(InvalidFile) {
        var other: String?
        let text = withoutByteOrderMark(file[...])
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
                .map { String(decoding: $0, as: UTF8.self) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard
                let place = words.indices.dropLast().first(where: {
                    KnownHosts.key(words[$0 + 1], of: words[$0]) != nil
                }), let key = KnownHosts.key(words[place + 1], of: words[place])
            else {
                if first.hasPrefix("@") { throw InvalidFile(line: index, "has no key") }
                continue
            }
            var before = Array(words[..<place])
            switch first.hasPrefix("@") ? before.removeFirst() : nil {
            case nil: break
            case "@revoked":
                revoked.insert(key)
                continue
            case "@cert-authority": continue
            default: throw InvalidFile(line: index, "has the marker \(first), which is unknown")
            }
            if case .other = key.value {
                other = key.algorithm
                continue
            }
            let options = before.dropFirst().joined(separator: " ")
            guard let isMeant = Self.allowManifests(options) else {
                throw InvalidFile(
                    line: index,
                    "has options other than namespaces, which census does not check: use ssh-keygen "
                        + "-Y verify")
            }
            if isMeant { names[key] = before.first ?? words.dropFirst(2).joined(separator: " ") }
        }
        if names.isEmpty { throw InvalidFile(reason: Self.reason(file, otherKey: other)) }
    }

    /// Whether the options of a line allow that its key signs manifests; nil if they are others than
    /// census understands.
    private static func allowManifests(_ options: String) -> Bool? {
        if options.isEmpty { return true }
        let beginning = "namespaces=\""
        let list = options.dropFirst(beginning.utf8.count).dropLast()
        guard options.lowercased().hasPrefix(beginning), options.hasSuffix("\""),
            !list.contains("\"")
        else { return nil }
        return list.split(separator: ",").map { HostPattern($0) }
            .text(of: "\(Manifest.namespace)") != nil
    }

    private static func reason(_ file: [UInt8], otherKey: String?) -> String {
        if let otherKey {
            return
                "it is a key of type \(otherKey), which census does not check: use ssh-keygen -Y verify"
        }
        if let content = ForeignContent(file), [.utf16, .utf32].contains(content) {
            return "it \(content.sentence); save it as UTF-8"
        }
        let text = String(decoding: file.prefix(128), as: UTF8.self)
        if text.hasPrefix("-----BEGIN ") && text.contains(" PRIVATE KEY-----") {
            return "it is a private key: give the public one beside it, which ends with .pub"
        }
        if text.hasPrefix("untrusted comment: ") {
            return "it is a key of minisign: check the manifest with minisign -V"
        }
        return "it has no public key of SSH for \(Manifest.namespace)"
    }

    /// Whose key it is, empty if nothing says so; nil if it is none of these.
    func name(of key: SSHPublicKey) -> String? { names[key] }

    /// Whether a signature by this key is good.
    package func accept(_ key: SSHPublicKey) -> Bool { names[key] != nil && !isRevoked(key) }

    /// Whether the file says that the key is revoked.
    func isRevoked(_ key: SSHPublicKey) -> Bool { revoked.contains(key) }
}

extension ExaminerKeys.InvalidFile {
    /// - Parameter line: from 0.
    fileprivate init(line: Int, _ reason: String) {
        self.init(reason: "line \(line + 1) \(reason)")
    }
}
