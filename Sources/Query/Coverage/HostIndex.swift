import Database
import Records
import SQLScripts
import Text

/// The hosts that were seen, by what a list of expected hosts or a file's name may call them.
struct HostIndex {
    /// Numbers of hosts by their ids, and by what their newest executions call them.
    private var newest: [Key: Set<Int>] = [:]
    /// The same by what older executions call them.
    private var older: [Key: Set<Int>] = [:]
    /// By addresses beside the first one. They are looked up where nothing else is found.
    private var others: [ExactText: Set<Int>] = [:]

    private enum Key: Hashable {
        case exact(ExactText)
        case address(ExactText)
        /// A hostname as it is, but for capitals.
        case name(ExactText)
        case label(ExactText)
        /// As `SnapshotName` has it.
        case file(ExactText)
    }

    /// - Parameter newest: of `seen`, what counts as the newest.
    mutating func add(_ host: Int, id: String, _ seen: [Sighting], newest last: Sighting) {
        newest[.exact(ExactText(id)), default: []].insert(host)
        let keys = Set(Self.keys(of: last))
        for key in keys { newest[key, default: []].insert(host) }
        for key in Set(seen.flatMap(Self.keys)).subtracting(keys) {
            older[key, default: []].insert(host)
        }
    }

    private static func keys(of seen: Sighting) -> [Key] {
        var keys: [Key] = []
        if let ip = seen.ip { keys.append(.address(ExactText(ip.lowercased()))) }
        if let hostname = seen.hostname {
            let name = ComparableHostname(hostname)
            keys.append(.name(ExactText(name.name)))
            keys.append(.label(ExactText(name.label)))
            keys.append(.file(ExactText(SnapshotName.host(hostname).lowercased())))
        }
        return keys
    }

    /// The hosts that an entry of a list means: those that are called so now before those that once
    /// were, and the closest match first. A name with a domain is not that of another domain.
    func hosts(called entry: String) -> Set<Int> {
        let name = ComparableHostname(entry)
        var keys: [Key] = [
            .exact(ExactText(entry)), .address(ExactText(entry.lowercased())),
            .name(ExactText(name.name)),
        ]
        keys.append(name.hasDomain ? .name(ExactText(name.label)) : .label(ExactText(name.label)))
        for index in [newest, older] {
            for key in keys { if let hosts = index[key] { return hosts } }
        }
        return others[ExactText(entry.lowercased())] ?? []
    }

    /// The hosts whose files are called so.
    func hosts(inFileName host: String) -> Set<Int> {
        let key = Key.file(ExactText(host.lowercased()))
        return newest[key] ?? older[key] ?? hosts(called: host)
    }

    /// Takes addresses into account that are not a host's first one.
    /// - Parameters:
    ///   - entries: what nothing else was found for.
    ///   - numbers: of the hosts, by `Server_ID`.
    mutating func addAddresses(
        _ entries: [String], _ numbers: [Int64: Int], in database: any Database
    ) throws(DatabaseError) {
        let wanted = Set(entries.map { ExactText($0.lowercased()) })
        let statement = try database.prepare(Scripts.Query.allAddresses)
        while try statement.step() {
            let address = ExactText(statement.text(1).lowercased())
            guard wanted.contains(address), let host = numbers[statement.integer(0)] else {
                continue
            }
            others[address, default: []].insert(host)
        }
    }
}
