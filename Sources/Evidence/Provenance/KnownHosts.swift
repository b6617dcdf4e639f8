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
        case patterns([HostPattern])
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

    /// Reads the lines. Certificate authorities are skipped: snapshots are signed by plain keys.
    /// - Throws: if no line has a key, or one has a marker without a key, such as of a revoked key.
    package init(_ file: [UInt8]) throws(InvalidList) {
        let text = withoutByteOrderMark(file[...])
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var form = KnownHostsForm()
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
                .map { String(decoding: $0, as: UTF8.self) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let marker = first.hasPrefix("@") ? first : nil
            let rest = Array(words.dropFirst(marker == nil ? 0 : 1))
            let key = rest.count >= 3 ? Self.key(rest[2], of: rest[1]) : nil
            switch marker {
            case nil:
                if key == nil { form.add(rest) }
                if key.map({ !add(rest[0], $0) }) ?? true { linesWithoutKey.append(index + 1) }
            case "@revoked":
                // Passed over, the key that is meant would still be good.
                guard let key else {
                    throw InvalidList(
                        reason: "line \(index + 1) is marked @revoked, and its key cannot be read")
                }
                revoked.insert(key.blob)
            case "@cert-authority":
                form.hasAuthorities = true
                if key == nil { linesWithoutKey.append(index + 1) }
            default:
                throw InvalidList(
                    reason:
                        "line \(index + 1) has the marker \(first), which known_hosts does not have"
                )
            }
        }
        if entries.isEmpty && revoked.isEmpty { throw InvalidList(reason: form.reason(file)) }
    }

    /// - Returns: nil if the text is no key of an algorithm of this name.
    static func key(_ base64: String, of algorithm: String) -> SSHPublicKey? {
        let text = Array(base64.utf8)
        guard let blob = bytesOfBase64(text, from: 0, to: text.count) else { return nil }
        do throws(SSHError) {
            let key = try SSHPublicKey(blob: blob)
            return key.algorithm == algorithm ? key : nil
        } catch {
            return nil
        }
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
        let patterns = names.split(separator: ",").map { HostPattern($0) }
        ports.formUnion(patterns.compactMap(\.port))
        entries.append(Entry(names: .patterns(patterns), key: key))
        if patterns.contains(where: { $0.isNegated || $0.isGlob }) {
            byPattern.append(index)
            return true
        }
        for name in Set(patterns.map(\.name)) {
            byName[name, default: []].append(index)
            let label = name.prefix { $0 != "." }
            if label.utf8.count < name.utf8.count {
                byLabel[String(label), default: []].insert(name)
            }
        }
        return true
    }

    // MARK: Whose key it is

    /// Whether hosts have a key, and under which name they are listed.
    ///
    /// A host is looked up by its hostname as it stands; if no line is of that name, without its domain;
    /// then in any other domain; only then by its addresses. A host that takes the name of another is thus
    /// found out even if its own name in another domain, or its own address, is listed.
    ///
    /// Keys are compared with those of the same type, as ssh does it: of a host that is listed with keys
    /// of other types only, nothing says that this one is not its own.
    ///
    /// Which port a hashed name was hashed with, nothing says. All are tried, but only on lines that
    /// have the key: on all lines that would take minutes.
    ///
    /// - Parameter hosts: all that the file is of.
    /// - Returns: the worst verdict, of several the first; nil if it is of no host.
    package func judge(
        _ key: SSHPublicKey, of hosts: some Sequence<SignedHost>
    ) -> FileSignature? {
        var trials = Trials()
        var result: FileSignature?
        for host in hosts {
            let signature = judge(key, of: host, &trials)
            if signature.verdict.weight > result?.verdict.weight ?? -1 { result = signature }
        }
        return result
    }

    /// The name under which the first of hosts that is listed is so; nil if none is.
    func name(of hosts: some Sequence<SignedHost>) -> String? {
        var trials = Trials()
        for host in hosts {
            if let line = lines(of: host, ports, &trials).first { return line.name }
        }
        return nil
    }

    /// The names of a key, whatever they are of; nil if it is not listed.
    func names(of key: SSHPublicKey) -> String? {
        for entry in entries where entry.key == key {
            guard case .patterns(let patterns) = entry.names else { return "a hashed name" }
            return patterns.map(\.text).joined(separator: ",")
        }
        return nil
    }

    func isRevoked(_ key: SSHPublicKey) -> Bool { revoked.contains(key.blob) }

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
        if isRevoked(key) { return FileSignature(.revoked, key) }
        let result = judge(key, of: host, ports, &trials)
        if result.verdict == .valid { return result }
        let others = ports(of: host, key, &trials).subtracting(ports)
        return others.isEmpty ? result : judge(key, of: host, ports.union(others), &trials)
    }

    /// - Parameter ports: those that hashed names are looked up with.
    private func judge(
        _ key: SSHPublicKey, of host: SignedHost, _ ports: Set<UInt16>, _ trials: inout Trials
    ) -> FileSignature {
        let lines = lines(of: host, ports, &trials)
        if let line = lines.first(where: { entries[$0.index].key == key }) {
            var result = FileSignature(.valid, key)
            result.principal = line.name
            return result
        }
        if lines.contains(where: { entries[$0.index].key.algorithm == key.algorithm }) {
            return FileSignature(.wrongKey, key)
        }
        var result = FileSignature(.unknownHost, key)
        result.isListedOtherwise = !lines.isEmpty
        return result
    }

    /// A line that is of a host, and the name as it stands there.
    private typealias Line = (index: Int, name: String)

    /// The lines of the first of a host's names that has any.
    private func lines(
        of host: SignedHost, _ ports: Set<UInt16>, _ trials: inout Trials
    ) -> [Line] {
        let names = host.names.map { $0.lowercased() }
        let domains = names.last.flatMap { byLabel[$0] } ?? []
        for names in names.map({ [$0] }) + [domains.sorted(), host.addresses] {
            var found: [Line] = []
            for name in names { found += lines(of: name, ports, &trials) }
            if !found.isEmpty { return found }
        }
        return []
    }

    private func lines(
        of name: String, _ ports: Set<UInt16>, _ trials: inout Trials
    ) -> [Line] {
        ((byName[name] ?? []) + byPattern + hashed).compactMap { index in
            let text: String? =
                switch entries[index].names {
                case .patterns(let patterns): patterns.text(of: name)
                case .hashed(let hash):
                    trials.takeName(with: ports.count) ? hash.text(of: name, ports: ports) : nil
                }
            return text.map { (index: index, name: $0) }
        }
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
}
