import Database
import SQLScripts
import Text

/// The keys by which hosts identify themselves to clients of SSH.
struct HostKeys {
    /// A key of one algorithm.
    struct Key: Hashable {
        let algorithm: String
        let fingerprint: ExactText

        /// `ssh-ed25519 SHA256:…`.
        var text: String { "\(algorithm) \(fingerprint.text)" }
    }

    /// By the id of a set.
    private var sets: [Int64: [Key]] = [:]
    /// The indices of the hosts whose newest known set has the key.
    private var holders: [Key: [Int]] = [:]

    /// Reads all sets.
    init(in database: any Database) throws(DatabaseError) {
        let statement = try database.prepare(Scripts.Query.hostKeys)
        while try statement.step() {
            sets[statement.integer(0), default: []].append(
                Key(
                    algorithm: statement.text(1), fingerprint: ExactText(statement.text(2))))
        }
    }

    /// The keys of an execution, with the one that signed its file; nil if none is known.
    private func keys(of one: Sighting) -> [Key]? { keys(of: one, one.signerKey) }

    private func keys(of one: Sighting, _ signer: String?) -> [Key]? {
        let collected = one.hostKeySetID.flatMap { sets[$0] }
        guard let text = signer, let end = text.firstIndex(of: " ") else { return collected }
        let signer = Key(
            algorithm: String(text[..<end]),
            fingerprint: ExactText(String(text[text.index(after: end)...])))
        let others = collected ?? []
        return others.contains(signer) ? others : others + [signer]
    }

    /// Whether the file of an execution is signed by a key that is not among those that the execution
    /// has of the host.
    /// - Parameter signer: the key.
    func isSignedByAnother(_ one: Sighting, _ signer: String?) -> Bool {
        guard signer != nil, let own = one.hostKeySetID.flatMap({ sets[$0] }), !own.isEmpty
        else { return false }
        return keys(of: one, signer)?.count != own.count
    }

    /// Adds a host.
    /// - Parameter seen: its executions, newest first.
    /// - Returns: the newest change of a key, in words; nil if none has changed. A key of another
    ///   algorithm is no change.
    mutating func add(_ host: Int, _ seen: [Sighting]) -> String? {
        /// The last fingerprints of each algorithm, and when they were seen first.
        var known: [String: (fingerprints: Set<ExactText>, date: String)] = [:]
        var (isNewest, last): (Bool, Sighting?) = (true, nil)
        var changes: [(date: String, text: String)] = []
        var changed: Set<String> = []
        for one in seen {
            guard let keys = keys(of: one) else { continue }
            if isNewest {
                for key in keys { holders[key, default: []].append(host) }
                isNewest = false
            }
            if let last, last.hostKeySetID == one.hostKeySetID, last.signerKey == one.signerKey {
                for key in keys { known[key.algorithm]?.date = one.date }
                continue
            }
            last = one
            for (algorithm, keys) in Dictionary(grouping: keys, by: \.algorithm) {
                let fingerprints = Set(keys.map(\.fingerprint))
                if let later = known[algorithm], !changed.contains(algorithm),
                    later.fingerprints.isDisjoint(with: fingerprints)
                {
                    changed.insert(algorithm)
                    func text(_ all: Set<ExactText>) -> String {
                        all.sorted().map(\.text).joined(separator: ", ")
                    }
                    changes.append(
                        (
                            later.date,
                            "\(algorithm) was \(text(fingerprints)) on \(one.date), is "
                                + "\(text(later.fingerprints)) since \(later.date)"
                        ))
                }
                known[algorithm] = (fingerprints, one.date)
            }
        }
        changes += signerChanges(seen)
        // The newest first; of several at once, in the order of their names.
        guard let newest = changes.map(\.date).max() else { return nil }
        return changes.filter { $0.date == newest }.map(\.text).sorted().joined(separator: "; ")
    }

    /// The files that were signed by a key of another algorithm than the one before, which the host did
    /// not have then.
    private func signerChanges(_ seen: [Sighting]) -> [(date: String, text: String)] {
        let signed = seen.filter { $0.signerKey != nil }
        var changes: [(date: String, text: String)] = []
        for (index, (newer, older)) in zip(signed, signed.dropFirst()).enumerated() {
            guard let now = newer.signerKey, let before = older.signerKey,
                now.prefix(while: { $0 != " " }) != before.prefix(while: { $0 != " " })
            else { continue }
            let isKnown = signed[(index + 1)...].contains { one in
                keys(of: one)?.contains { $0.text == now } ?? false
            }
            if isKnown { continue }
            changes.append(
                (newer.date, "signed by \(before) on \(older.date), by \(now) since \(newer.date)"))
        }
        return changes
    }

    /// The groups of hosts that have keys in common.
    /// - Returns: by the hosts of each, which are sorted: the keys, sorted.
    func shared() -> [(hosts: [Int], keys: [String])] {
        let shared = holders.filter { $0.value.count > 1 }
        return Dictionary(grouping: shared, by: { $0.value.sorted() })
            .map { (hosts: $0.key, keys: $0.value.map(\.key.text).sorted()) }
            .sorted { $0.hosts.lexicographicallyPrecedes($1.hosts) }
    }
}
