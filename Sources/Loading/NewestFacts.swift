import Database
import SQLScripts

extension Database {
    /// Gives a host the facts of its newest execution.
    /// - Parameter server: its `Server_ID`.
    /// - Returns: false if it has no execution.
    func updateNewestFacts(ofServer server: Int64) throws(DatabaseError) -> Bool {
        let newest = try prepare(
            """
            SELECT Hostname, IP, OS_ID, Processor_ID, Date_is_possible, Exec_date,
                   COALESCE(Snapshot_ID, '')
            FROM Executions WHERE Server_ID = ?
            ORDER BY \(NewestFirst.order) LIMIT 1
            """)
        try newest.bind([.integer(server)])
        guard try newest.step() else { return false }
        let values: [Value] = [
            Value(newest.textOrNil(0)), Value(newest.textOrNil(1)), .integer(newest.integer(2)),
            newest.isNull(3) ? .null : .integer(newest.integer(3)), .integer(newest.integer(4)),
            .text(newest.text(5)), .text(newest.text(6)), .integer(server),
        ]
        newest.reset()
        try prepare(
            """
            UPDATE Servers
            SET Hostname = ?, IP = ?, OS_ID = ?, Processor_ID = ?, Newest_date_is_possible = ?,
                Newest_Exec_date = ?, Newest_Snapshot_ID = ?
            WHERE Server_ID = ?
            """
        ).run(values)
        return true
    }
}
