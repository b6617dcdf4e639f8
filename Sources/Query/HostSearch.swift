package import Database
import SQLScripts
import Text

/// All hosts in a database under all names and addresses that they ever had, to find the ones that a
/// user means. Memory is proportional to the number of hosts.
package struct HostSearch: Sendable {
    /// All hosts, sorted by `Server_ID`.
    package let hosts: [Server]
    /// By `Server_ID`, in the order of their bytes.
    private let names: [Int64: [String]]
    private let addresses: [Int64: [String]]

    /// Reads the hosts, in one state of the database if the caller has begun a transaction.
    package init(in database: any Database) throws(DatabaseError) {
        hosts = try Server.all(in: database)
        names = try textsByServer(database.prepare(Scripts.List.names))
        addresses = try textsByServer(database.prepare(Scripts.List.addresses))
    }

    /// The hosts that a pattern means, sorted by `Server_ID`: all of which a name, id or address
    /// matches, whether they still have it or not. Without wildcards a `Server_ID` counts too, and a
    /// domain that only one of two names has does not.
    ///
    /// A host chooses its names. So no match excludes another, and a pattern stays one where a host is
    /// called like it: no host hides another.
    package func hosts(matching pattern: NamePattern) -> [Server] {
        let conditions =
            pattern.isLiteral
            ? meanings(of: pattern.text)
            : [{ terms(of: $0).contains(where: pattern.matches) }]
        return hosts.filter { host in conditions.contains { $0(host) } }
    }

    /// The one host that is called so: by its name now, before those that were, and with the same
    /// capitals, before others.
    package func host(called text: String) throws(HostNotFound) -> Server {
        for isMeant in [{ $0.isCalled(text) }] + meanings(of: text) {
            let found = hosts.filter(isMeant)
            if found.count == 1 { return found[0] }
            if !found.isEmpty { throw .ambiguous(text, found) }
        }
        throw none(called: text)
    }

    /// The error for a pattern without a host.
    package func none(called text: String) -> HostNotFound {
        .none(text, meant: suggestion(for: text, among: hosts.flatMap(terms)))
    }

    /// What a text may mean, from the most likely to the least. Capitals do not count.
    private func meanings(of text: String) -> [(Server) -> Bool] {
        let name = ComparableHostname(text)
        let lowercase = ExactText(text.lowercased())
        func isSame(_ other: String?) -> Bool {
            guard let other else { return false }
            // Also as tables show it, with escapes.
            return ExactText(other.lowercased()) == lowercase
                || ExactText(readable(other).lowercased()) == lowercase
        }
        return [
            {
                isSame($0.name) || isSame($0.hostID) || isSame($0.ip) || text == String($0.serverID)
            },
            { $0.name.map { ComparableHostname($0).isNameOf(sameHostAs: name) } ?? false },
            { terms(of: $0).contains(where: isSame) },
            {
                (names[$0.serverID] ?? [])
                    .contains { ComparableHostname($0).isNameOf(sameHostAs: name) }
            },
        ]
    }

    /// All names and addresses of a host, and its id.
    private func terms(of host: Server) -> [String] {
        (names[host.serverID] ?? []) + [host.hostID] + (addresses[host.serverID] ?? [])
    }
}

/// Why no host, or not one host, is meant by a text.
package enum HostNotFound: Error, CustomStringConvertible {
    /// There is none; perhaps another one was meant.
    case none(String, meant: String?)
    /// There are several.
    case ambiguous(String, [Server])

    /// `no host matches wbe-01 (see census list hosts). Did you mean 'web-01'?`.
    package var description: String {
        switch self {
        case .none(let text, let meant):
            return "no host matches \(text) (see census list hosts)"
                + (meant.map { ". Did you mean '\($0)'?" } ?? "")
        case .ambiguous(let text, let hosts):
            let ids = hosts.prefix(Self.shown).map { "\($0.serverID) (\($0.hostID))" }
            let more = hosts.count - ids.count
            return "\(text) is ambiguous: it matches the Server_IDs \(ids.joined(separator: ", "))"
                + (more > 0 ? " and \(more) more" : "") + ": give one of these"
        }
    }

    private static let shown = 10
}

/// The texts of each host, from rows of a `Server_ID` and a text, in their order.
func textsByServer(_ statement: any Statement) throws(DatabaseError) -> [Int64: [String]] {
    var texts: [Int64: [String]] = [:]
    while try statement.step() {
        texts[statement.integer(0), default: []].append(statement.text(1))
    }
    return texts
}
