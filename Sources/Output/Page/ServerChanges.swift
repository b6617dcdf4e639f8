import Database
import Query

/// A server, and the number of changes between its last two executions.
struct ServerChanges {
    let server: PageData.ServerSummary
    let older: String
    let newer: String
    let counts: ChangeCounts

    /// All servers with two executions, most changes first.
    static func all(
        of data: PageData, in database: any Database
    ) throws(DatabaseError) -> [ServerChanges] {
        let query = try ExecutionQuery(database)
        var all: [ServerChanges] = []
        for server in data.servers {
            guard let newer = server.newest, let older = server.previous else { continue }
            let comparison = try query.comparison(from: older.id, to: newer.id)
            all.append(
                ServerChanges(
                    server: server, older: older.date, newer: newer.date,
                    counts: ChangeCounts(comparison)))
        }
        return all.sorted {
            $0.counts.outweighs($1.counts)
                || !$1.counts.outweighs($0.counts) && $0.server.id < $1.server.id
        }
    }
}
