package import Database
import SQLScripts
package import Text

/// A host in the database: its row of `Servers`, with the values of its newest execution.
package struct Server: Sendable {
    /// Its `Server_ID`, assigned by this database.
    package let serverID: Int64
    /// Its `Host_ID`, reported by the host.
    package let hostID: String
    /// Its hostname; nil if unknown.
    package let name: String?
    /// Its first address; nil if it has none, or if unknown.
    package let ip: String?

    /// `web-01 (192.0.2.1)`.
    package var description: String {
        guard let name else { return ip ?? hostID }
        return ip.map { "\(name) (\($0))" } ?? name
    }

    /// All hosts of the selected executions, sorted by `Server_ID`.
    package static func all(
        in database: any Database, _ selection: ExecutionSelection = ExecutionSelection()
    ) throws(DatabaseError) -> [Server] {
        let statement = try selection.prepare(Scripts.Query.hosts, in: database)
        var hosts: [Server] = []
        while try statement.step() {
            hosts.append(
                Server(
                    serverID: statement.integer(0), hostID: statement.text(1),
                    name: statement.textOrNil(2), ip: statement.textOrNil(3)))
        }
        return hosts
    }

    /// Whether its name, id or address matches the pattern.
    package func matches(_ glob: Glob) -> Bool {
        [name, hostID, ip].contains { $0.map(glob.matches) ?? false }
    }

    /// Whether the text is exactly its name, id, address or `Server_ID`.
    package func isCalled(_ text: String) -> Bool {
        [name, hostID, ip, String(serverID)].contains { $0?.utf8.elementsEqual(text.utf8) == true }
    }
}
