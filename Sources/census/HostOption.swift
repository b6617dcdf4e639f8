import ArgumentParser
import Database
import Query
import Text

/// The option that selects hosts.
struct HostOption: ParsableArguments {
    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "Only hosts with a name, id or address that matches this pattern, such as web-*. May "
                + "be repeated.", valueName: "glob"))
    var patterns: [String] = []

    func validate() throws {
        for pattern in patterns { _ = try Self.pattern(pattern) }
    }

    /// - Throws: `ValidationError` for an invalid pattern.
    static func pattern(_ text: String) throws -> NamePattern {
        if text.isEmpty { throw ValidationError("--host is empty.") }
        do { return try NamePattern(text) } catch { throw ValidationError("\(error)") }
    }

    /// The hosts that the patterns mean, sorted by `Server_ID`; nil without a pattern. The caller has
    /// begun a transaction.
    /// - Throws: `HostNotFound` if a pattern matches none.
    func hosts(in database: any Database) throws -> [Server]? {
        patterns.isEmpty ? nil : try hosts(of: HostSearch(in: database))
    }

    /// The same of hosts that have been read.
    /// - Parameter names: others that a pattern may match.
    func hosts(of search: HostSearch, orAmong names: [String] = []) throws -> [Server]? {
        if patterns.isEmpty { return nil }
        var ids: Set<Int64> = []
        for text in patterns {
            let pattern = try Self.pattern(text)
            let found = search.hosts(matching: pattern)
            if found.isEmpty && !names.contains(where: pattern.matches) {
                throw search.none(called: text)
            }
            ids.formUnion(found.map(\.serverID))
        }
        return search.hosts.filter { ids.contains($0.serverID) }
    }

    /// ` of a host matching web-* or db-*`; empty without a pattern.
    var condition: String {
        patterns.isEmpty ? "" : " of a host matching \(patterns.joined(separator: " or "))"
    }
}
