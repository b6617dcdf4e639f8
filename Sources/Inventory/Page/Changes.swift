import Database
import SQLScripts

/// What differs between two executions of a server.
struct Changes {
    var newNames = 0
    var goneNames = 0
    var newOwners = 0
    var goneOwners = 0

    var total: Int { newNames + goneNames + newOwners + goneOwners }
}

/// Compares executions by the names of processes and of their owners.
struct ChangeQuery {
    private let statement: any Statement

    init(_ database: any Database) throws {
        statement = try database.prepare(Scripts.changes)
    }

    func changes(from older: Int64, to newer: Int64) throws -> Changes {
        for index in 0..<8 {
            try statement.bind(index.isMultiple(of: 2) ? newer : older, at: index)
        }
        var changes = Changes()
        while try statement.step() {
            let (new, gone) = (Int(statement.integer(1)), Int(statement.integer(2)))
            if statement.integer(0) == 1 {
                (changes.newNames, changes.goneNames) = (new, gone)
            } else {
                (changes.newOwners, changes.goneOwners) = (new, gone)
            }
        }
        return changes
    }
}

/// A server and what has changed on it between its last two executions.
struct ServerChanges {
    let server: Fleet.Server
    let older: String
    let newer: String
    let changes: Changes

    /// Of all servers that can be compared, those with the most changes first.
    static func all(of fleet: Fleet, in database: any Database) throws -> [ServerChanges] {
        let query = try ChangeQuery(database)
        var all: [ServerChanges] = []
        for server in fleet.servers {
            // Where one of the two saw no processes, all names would be new or gone.
            guard let newer = server.newest, newer.processes != nil,
                let older = server.previous, older.processes != nil
            else { continue }
            all.append(
                ServerChanges(
                    server: server, older: older.date, newer: newer.date,
                    changes: try query.changes(from: older.id, to: newer.id)))
        }
        return all.sorted {
            ($1.changes.total, $0.server.id) < ($0.changes.total, $1.server.id)
        }
    }
}
