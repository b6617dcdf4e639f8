import Database
import Records
import SQLScripts
import Text

/// An index of the hosts by the names that a list of expected hosts or a file name can use.
struct HostIndex {
    /// Host indices by id, and by the names in their newest executions.
    private var newest: [Key: Set<Int>] = [:]
    /// Host indices by the names in older executions.
    private var older: [Key: Set<Int>] = [:]
    /// Host indices by secondary addresses, used only if nothing else matches.
    private var others: [ExactText: Set<Int>] = [:]

    private enum Key: Hashable {
        case exact(ExactText)
        case address(ExactText)
        /// A hostname in lower case.
        case name(ExactText)
        case label(ExactText)
        /// The host part of a `SnapshotName`.
        case file(ExactText)
    }

    /// - Parameter newest: the element of `seen` that counts as the newest.
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

    /// The hosts that match a list entry. Current names take precedence over former ones, closer
    /// matches over others. A name with a domain does not match another domain.
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

    /// The hosts with this name in file names.
    func hosts(inFileName host: String) -> Set<Int> {
        let key = Key.file(ExactText(host.lowercased()))
        return newest[key] ?? older[key] ?? hosts(called: host)
    }

    /// Adds the secondary addresses of hosts.
    /// - Parameters:
    ///   - entries: the list entries without another match.
    ///   - numbers: the host indices by `Server_ID`.
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
