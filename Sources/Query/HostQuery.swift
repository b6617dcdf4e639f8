package import Database
import SQLScripts

/// The statements that read hosts for `HostOverview`, prepared once for any number of them.
package struct HostQuery {
    /// Reads the contents of executions.
    let executions: ExecutionQuery
    /// The executions of a host, newest first. The first parameter of this statement, and of the next two,
    /// is a `Server_ID`.
    private let newest: any Statement
    private let names: any Statement
    /// The executions of a host with their files; the second parameter is the same.
    private let evidence: any Statement
    /// The single values of an execution; the parameter is its `Execution_ID`.
    let facts: any Statement

    /// - Parameters:
    ///   - selection: the executions that are known; of any host, whatever hosts are selected.
    ///   - executions: prepared before; nil for one of its own.
    package init(
        _ selection: ExecutionSelection = ExecutionSelection(),
        _ executions: ExecutionQuery? = nil, in database: any Database
    ) throws(DatabaseError) {
        let selection = selection.ofOneHost
        self.executions = if let executions { executions } else { try ExecutionQuery(database) }
        newest = try selection.prepare(Scripts.Query.newestFirst, in: database)
        names = try selection.prepare(Scripts.List.names, in: database)
        evidence = try selection.prepare(
            "\(Scripts.Query.hostEvidence) ORDER BY \(NewestFirst.order)", in: database)
        facts = try database.prepare(Scripts.Query.hostFacts)
    }

    /// The newest execution of a host, and the one it is compared with; nil if there is none.
    func newest(
        of host: Server
    ) throws(DatabaseError) -> (execution: Execution, predecessor: Execution?)? {
        try newest.bind([.integer(host.serverID)])
        return try newestExecutions(newest)[host.serverID]
    }

    /// The names that a host had.
    func names(of host: Server) throws(DatabaseError) -> [String] {
        try names.bind([.integer(host.serverID)])
        return try textsByServer(names)[host.serverID] ?? []
    }

    /// The rows of the executions of a host with their files.
    func evidence(of host: Server) throws(DatabaseError) -> any Statement {
        try evidence.bind([.integer(host.serverID), .integer(host.serverID)])
        return evidence
    }
}
