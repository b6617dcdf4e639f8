package import Database
import SQLScripts
package import Text

/// A selection of executions. Queries over it see no others.
package struct ExecutionSelection: Sendable {
    /// Only executions from this second on; nil for all.
    package var since: Timestamp?
    /// Only executions up to this second; nil for all.
    package var until: Timestamp?
    /// The hosts, by `Server_ID`; nil for all.
    package var serverIDs: [Int64]?
    /// The executions, by `Execution_ID`; nil for all.
    package var executionIDs: [Int64]?
    /// Whether only the newest of the selected executions of each host is kept.
    package var isLatestOnly = false
    /// Whether it is only of the host whose `Server_ID` is the first parameter of each query.
    private var isOfOneHost = false

    /// All executions.
    package init() {}

    private var isOfAll: Bool {
        since == nil && until == nil && serverIDs == nil && executionIDs == nil && !isLatestOnly
            && !isOfOneHost
    }

    /// The same of one host, whose `Server_ID` is the first parameter of each query.
    var ofOneHost: ExecutionSelection {
        var selection = self
        selection.serverIDs = nil
        selection.isOfOneHost = true
        return selection
    }

    /// Whether no execution is selected.
    package func isEmpty(in database: any Database) throws(DatabaseError) -> Bool {
        try prepare(Scripts.Query.anyExecution, in: database).firstInteger() == nil
    }

    /// Prepares a query over the selection.
    package func prepare(
        _ sql: String, in database: any Database
    ) throws(DatabaseError) -> any Statement {
        try database.prepare(applied(to: sql, in: database))
    }

    /// Prepends common table expressions that restrict `Executions` and `Servers` to the selection.
    /// A row of `Servers` then has the values of the host's newest selected execution.
    private func applied(to sql: String, in database: any Database) -> String {
        if isOfAll { return sql }
        let executions = database.qualifiedName(of: "Executions")
        let servers = database.qualifiedName(of: "Servers")
        var conditions: [String] = []
        // Safe to interpolate: `Timestamp` writes only digits and separators.
        if let since { conditions.append("b.Exec_date >= '\(since.sqlText)'") }
        if let until { conditions.append("b.Exec_date <= '\(until.sqlText)'") }
        for case (let ids?, let column) in [
            (serverIDs, "Server_ID"), (executionIDs, "Execution_ID"),
        ] {
            let list = ids.map(String.init).joined(separator: ", ")
            conditions.append("b.\(column) IN (\(list.isEmpty ? "NULL" : list))")
        }
        if isOfOneHost { conditions.append("b.Server_ID = ?") }
        let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        return """
            WITH Ranked AS (
                SELECT b.*, ROW_NUMBER() OVER (
                    PARTITION BY b.Server_ID ORDER BY \(NewestFirst.order)) AS Age
                FROM \(executions) b \(condition)),
            Executions AS (SELECT * FROM Ranked \(isLatestOnly ? "WHERE Age = 1" : "")),
            Servers AS (
                SELECT s.Server_ID, s.Host_ID, r.Hostname, r.IP, r.OS_ID, r.Processor_ID,
                       r.Date_is_possible AS Newest_date_is_possible,
                       r.Exec_date AS Newest_Exec_date,
                       COALESCE(r.Snapshot_ID, '') AS Newest_Snapshot_ID
                FROM \(servers) s JOIN Ranked r ON r.Server_ID = s.Server_ID
                WHERE r.Age = 1)
            \(sql)
            """
    }
}
