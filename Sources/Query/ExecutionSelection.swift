package import Database
import SQLScripts
package import Text

/// Which executions a report is about: as if the database held no others.
package struct ExecutionSelection: Sendable {
    /// Only executions from this second on; nil for all.
    package var since: Timestamp?
    /// Only executions up to this second; nil for all.
    package var until: Timestamp?
    /// The hosts, by `Server_ID`; nil for all.
    package var serverIDs: [Int64]?
    /// Of each host only the newest of what is left.
    package var isLatestOnly = false

    /// All executions.
    package init() {}

    private var isOfAll: Bool {
        since == nil && until == nil && serverIDs == nil && !isLatestOnly
    }

    /// Whether there is any execution in it.
    package func isEmpty(in database: any Database) throws(DatabaseError) -> Bool {
        try prepare(Scripts.Query.anyExecution, in: database).firstInteger() == nil
    }

    /// Makes a statement of a query over what was selected.
    package func prepare(
        _ sql: String, in database: any Database
    ) throws(DatabaseError) -> any Statement {
        try database.prepare(applied(to: sql, in: database))
    }

    /// Puts common table expressions in front of a query, in which `Executions` and `Servers` are
    /// what was selected. A server is then as its newest execution among them saw it.
    private func applied(to sql: String, in database: any Database) -> String {
        if isOfAll { return sql }
        let executions = database.qualifiedName(of: "Executions")
        let servers = database.qualifiedName(of: "Servers")
        var conditions: [String] = []
        // The times are digits and separators that `Timestamp` wrote.
        if let since { conditions.append("b.Exec_date >= '\(since.sqlText)'") }
        if let until { conditions.append("b.Exec_date <= '\(until.sqlText)'") }
        if let serverIDs {
            let list = serverIDs.map(String.init).joined(separator: ", ")
            conditions.append("b.Server_ID IN (\(list.isEmpty ? "NULL" : list))")
        }
        let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        return """
            WITH Ranked AS (
                SELECT b.*, ROW_NUMBER() OVER (
                    PARTITION BY b.Server_ID ORDER BY \(NewestFirst.order)) AS Age
                FROM \(executions) b \(condition)),
            Executions AS (SELECT * FROM Ranked \(isLatestOnly ? "WHERE Age = 1" : "")),
            Servers AS (
                SELECT s.Server_ID, s.Host_ID, r.Hostname, r.IP, r.OS_ID, r.Processor_ID
                FROM \(servers) s JOIN Ranked r ON r.Server_ID = s.Server_ID
                WHERE r.Age = 1)
            \(sql)
            """
    }
}
