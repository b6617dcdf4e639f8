package import Records
package import SSH
import Text

/// The public keys of hosts, from a file of the form of OpenSSH's known_hosts: sshd(8),
/// "SSH_KNOWN_HOSTS FILE FORMAT".
package struct KnownHosts: Sendable {
    /// Why a file is no such list.
    package struct InvalidList: Error, Hashable, Sendable {
        /// What is wrong, as a clause.
        package let reason: String
    }

    /// A line.
    private struct Entry: Sendable {
        var names: Names
        var key: SSHPublicKey
    }

    private enum Names: Sendable {
        /// In small letters; of `[web-01]:2222` only the name.
        case patterns([String])
        case hashed(HashedHostName)
    }

    private var entries: [Entry] = []
    private var revoked: Set<[UInt8]> = []
    /// The lines without patterns of several hosts, by their names; those of other names by none.
    private var byName: [String: [Int]] = [:]
    private var byPattern: [Int] = []
    private var hashed: [Int] = []
    /// The ports that hashed names are looked up with: those that the lines in plain text have, and the
    /// usual one beside 22.
    private var ports: Set<UInt16> = [2222]
    /// The names with a domain, by the part before it.
    private var byLabel: [String: Set<String>] = [:]
    /// The numbers of lines that have no key, as a rule because they are cut.
    package private(set) var linesWithoutKey: [Int] = []

    /// Reads the lines. Certificate authorities are passed over: snapshots are signed by plain keys.
    /// - Throws: if no line has a key.
    package init(_ file: [UInt8]) throws(InvalidList) {
        let text = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file.dropFirst(3) : file[...]
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
                .map { String(decoding: $0, as: UTF8.self) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let marker = first.hasPrefix("@") ? first : nil
            let rest = words.dropFirst(marker == nil ? 0 : 1)
            guard rest.count >= 3, let key = Self.key(rest[rest.startIndex + 2]),
                key.algorithm == rest[rest.startIndex + 1]
            else {
                linesWithoutKey.append(index + 1)
                continue
            }
            switch marker {
            case nil: if !add(rest.first!, key) { linesWithoutKey.append(index + 1) }
            case "@revoked": revoked.insert(key.blob)
            case "@cert-authority": break
            default: linesWithoutKey.append(index + 1)
            }
        }
        if entries.isEmpty && revoked.isEmpty {
            throw InvalidList(
                reason: "it has no line of the form of known_hosts: NAMES TYPE KEY, as ssh-keyscan "
                    + "prints them")
        }
    }

    private static func key(_ base64: String) -> SSHPublicKey? {
        let text = Array(base64.utf8)
        guard let blob = bytesOfBase64(text, from: 0, to: text.count) else { return nil }
        do throws(SSHError) { return try SSHPublicKey(blob: blob) } catch { return nil }
    }

    /// - Returns: whether the names are some.
    private mutating func add(_ names: String, _ key: SSHPublicKey) -> Bool {
        let index = entries.count
        if names.hasPrefix("|") {
            guard let name = HashedHostName(names) else { return false }
            entries.append(Entry(names: .hashed(name), key: key))
            hashed.append(index)
            return true
        }
        let texts = names.lowercased().split(separator: ",")
        ports.formUnion(texts.compactMap { Self.port(in: $0) })
        let patterns = texts.map { Self.withoutPort(String($0)) }
        entries.append(Entry(names: .patterns(patterns), key: key))
        if patterns.contains(where: { $0.contains { "*?!".contains($0) } }) {
            byPattern.append(index)
            return true
        }
        for name in Set(patterns) {
            byName[name, default: []].append(index)
            let label = name.prefix { $0 != "." }
            if label.utf8.count < name.utf8.count {
                byLabel[String(label), default: []].insert(name)
            }
        }
        return true
    }

    /// 2222 of `[web-01]:2222`.
    private static func port(in pattern: Substring) -> UInt16? {
        guard let end = pattern.lastIndex(of: "]") else { return nil }
        return UInt16(pattern[end...].dropFirst(2))
    }

    /// `web-01` of `[web-01]:2222`, with its `!`.
    private static func withoutPort(_ pattern: String) -> String {
        let isNegated = pattern.hasPrefix("!")
        let rest = pattern.dropFirst(isNegated ? 1 : 0)
        guard rest.hasPrefix("["), let end = rest.lastIndex(of: "]") else { return pattern }
        return (isNegated ? "!" : "") + rest[rest.index(after: rest.startIndex)..<end]
    }

    // MARK: Whose key it is

    /// Whether a host has a key, and under which name it is listed.
    ///
    /// The host is looked up by its hostname, with and without a domain; only if no line is of that
    /// name, in whatever domain, by its addresses. A host that takes the name of another is thus found
    /// out even if its own address is listed.
    ///
    /// Which port a hashed name was hashed with, nothing says. All are tried, but only on lines that
    /// have the key: on all lines that would take minutes.
    ///
    /// - Parameter hosts: all that the file is of.
    /// - Returns: the worst verdict; nil if it is of no host.
    package func judge(
        _ key: SSHPublicKey, of hosts: some Sequence<SignedHost>
    ) -> FileSignature? {
        var trials = Trials()
        var result: FileSignature?
        for host in hosts {
            let verdict = judge(key, of: host, &trials)
            if !verdict.isGood { return verdict }
            result = result ?? verdict
        }
        return result
    }

    /// How many hashes of names are still calculated for a file, so that a file of thousands of hosts
    /// or addresses does not keep the reader for hours: some seconds' worth. Afterwards no more hashed
    /// lines are found.
    private struct Trials {
        /// Of the names with the usual ports.
        private var names = 1 << 20
        /// Of the names with every port, of hosts whose key is known.
        private var ports = 1 << 22

        mutating func takeName(with ports: Int) -> Bool {
            names -= 1 + ports
            return names >= 0
        }

        mutating func takeAllPorts() -> Bool {
            ports -= Int(UInt16.max)
            return ports >= 0
        }
    }

    private func judge(
        _ key: SSHPublicKey, of host: SignedHost, _ trials: inout Trials
    ) -> FileSignature {
        if revoked.contains(key.blob) { return FileSignature(.revoked, key) }
        let result = judge(key, of: host, ports, &trials)
        if result.verdict == .valid { return result }
        let others = ports(of: host, key, &trials).subtracting(ports)
        return others.isEmpty ? result : judge(key, of: host, ports.union(others), &trials)
    }

    /// - Parameter ports: those that hashed names are looked up with.
    private func judge(
        _ key: SSHPublicKey, of host: SignedHost, _ ports: Set<UInt16>, _ trials: inout Trials
    ) -> FileSignature {
        var result = FileSignature(.unknownHost, key)
        let domains = host.names.last.flatMap { byLabel[$0.lowercased()] } ?? []
        for names in [host.names.map { $0.lowercased() } + domains.sorted(), host.addresses] {
            var isListed = false
            for name in names {
                for index in lines(of: name, ports, &trials) {
                    isListed = true
                    guard entries[index].key == key else { continue }
                    result.verdict = .valid
                    result.principal = name
                    return result
                }
            }
            if isListed {
                result.verdict = .wrongKey
                return result
            }
        }
        return result
    }

    private func lines(
        of name: String, _ ports: Set<UInt16>, _ trials: inout Trials
    ) -> [Int] {
        var lines = byName[name] ?? []
        for index in byPattern + hashed {
            let isOfName =
                switch entries[index].names {
                case .patterns(let patterns): isMatch(patterns, name)
                case .hashed(let hash):
                    trials.takeName(with: ports.count) && hash.isName(name, ports: ports)
                }
            if isOfName { lines.append(index) }
        }
        return lines
    }

    /// The ports with which a host is in hashed lines that have a key.
    private func ports(
        of host: SignedHost, _ key: SSHPublicKey, _ trials: inout Trials
    ) -> Set<UInt16> {
        let names = host.names.map { $0.lowercased() } + host.addresses
        var found: Set<UInt16> = []
        for index in hashed where entries[index].key == key {
            guard case .hashed(let hash) = entries[index].names else { continue }
            for name in names {
                if let port = hash.port(of: name, among: found) {
                    found.insert(port)
                    break
                }
                guard trials.takeAllPorts() else { return found }
                if let port = hash.port(of: name, among: 1...UInt16.max) {
                    found.insert(port)
                    break
                }
            }
        }
        return found
    }

    private func isMatch(_ patterns: [String], _ name: String) -> Bool {
        let bytes = Array(name.utf8)[...]
        func matches(_ pattern: Substring) -> Bool {
            FoldedGlob(String(pattern))?.matches(bytes) ?? (pattern == name)
        }
        if patterns.contains(where: { $0.hasPrefix("!") && matches($0.dropFirst()) }) {
            return false
        }
        return patterns.contains { !$0.hasPrefix("!") && matches($0[...]) }
    }
}

/// What a snapshot says of the host that signed it.
package struct SignedHost: Hashable {
    /// The hostname, and the part of it before its domain; none if it is unknown.
    let names: [String]
    let addresses: [String]

    /// Of one who knows the host by its names and addresses.
    package init(_ host: HostRecord) {
        addresses =
            [host.ip].compactMap(\.self) + (host.addresses ?? []).filter { $0 != host.ip }
        var hostname = host.hostname ?? ""
        if hostname.hasSuffix(".") { hostname.removeLast() }
        let isAddress = hostname.utf8.allSatisfy { (0x30...0x39) ~= $0 || $0 == UInt8(ascii: ".") }
        // What stands behind the letters of a name can be anything.
        let label = hostname.prefix { $0.isLetter || $0.isNumber || "-_".contains($0) }
        names =
            hostname.isEmpty
            ? []
            : isAddress || label.isEmpty || label.utf8.count == hostname.utf8.count
                ? [hostname] : [hostname, String(label)]
    }
}
