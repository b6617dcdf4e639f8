package import Database
import SQLScripts
package import Text

/// A host that was seen: its row of `Servers`, as it was at its newest execution.
package struct Server: Sendable {
    /// Its `Server_ID`, of this database.
    package let serverID: Int64
    /// Its `Host_ID`, of the host itself.
    package let hostID: String
    /// Its hostname; nil where it is not known.
    package let name: String?
    /// Its first address; nil where it has none, or it is not known.
    package let ip: String?

    /// `web-01 (192.0.2.1)`.
    package var description: String {
        guard let name else { return ip ?? hostID }
        return ip.map { "\(name) (\($0))" } ?? name
    }

    /// All hosts, in the order of their ids.
    package static func all(in database: any Database) throws(DatabaseError) -> [Server] {
        let statement = try database.prepare(Scripts.Query.hosts)
        var hosts: [Server] = []
        while try statement.step() {
            hosts.append(
                Server(
                    serverID: statement.integer(0), hostID: statement.text(1),
                    name: statement.textOrNil(2), ip: statement.textOrNil(3)))
        }
        return hosts
    }

    /// Whether the pattern is that of its name, its id or its address.
    package func matches(_ glob: Glob) -> Bool {
        [name, hostID, ip].contains { $0.map(glob.matches) ?? false }
    }

    /// Whether it is called exactly this: by its name, its id, its address, or its `Server_ID`.
    package func isCalled(_ text: String) -> Bool {
        [name, hostID, ip, String(serverID)].contains { $0?.utf8.elementsEqual(text.utf8) == true }
    }
}
