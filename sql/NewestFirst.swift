/// The parts of sql/query/newest_first.sql, which defines the newest execution of a host.
package enum NewestFirst {
    /// `SELECT … FROM Executions`, with the columns that `Execution` reads.
    package static let rows = String(parts.rows)
    /// The terms after `ORDER BY Server_ID`. Their columns exist in no other table.
    package static let order = String(parts.order)

    private static let parts: (rows: Substring, order: Substring) = {
        let sql = Scripts.Query.newestFirst
        guard let place = sql.firstRange(of: "ORDER BY Server_ID, ") else {
            fatalError("newest_first.sql has another order")
        }
        return (sql[..<place.lowerBound], sql[place.upperBound...])
    }()
}
