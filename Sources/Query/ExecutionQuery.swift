package import Database
import SQLScripts
package import Text

/// An execution, as it is chosen to be compared.
package struct Execution: Sendable {
    /// Its `Execution_ID`.
    package let id: Int64
    /// Of the host.
    package let serverID: Int64
    /// `2026-11-23 05:13:11`.
    package let date: String
    /// False where the date is more than a minute after its file was received.
    package let isDatePossible: Bool

    /// The present row, of four columns.
    fileprivate init(_ row: any Statement) {
        id = row.integer(0)
        serverID = row.integer(1)
        date = row.text(2)
        isDatePossible = row.integer(3) != 0
    }
}

extension ExecutionSelection {
    /// The newest execution of each host by `Server_ID`, and the one with which it is compared, nil
    /// where there is none.
    package func newest(
        in database: any Database
    ) throws(DatabaseError) -> [Int64: (execution: Execution, predecessor: Execution?)] {
        let statement = try prepare(Scripts.Query.newestFirst, in: database)
        var newest: [Int64: (execution: Execution, predecessor: Execution?)] = [:]
        while try statement.step() {
            let execution = Execution(statement)
            guard let newer = newest[execution.serverID] else {
                newest[execution.serverID] = (execution, nil)
                continue
            }
            if newer.predecessor == nil {
                newest[execution.serverID]!.predecessor =
                    [newer.execution, execution].predecessor(of: newer.execution)
            }
        }
        return newest
    }
}

extension Sequence<Execution> {
    /// With which of these, the newest first, an execution is compared: the next older one. When one
    /// of an impossible date was taken nobody knows, so it is older than others of that kind only.
    package func predecessor(of execution: Execution) -> Execution? {
        drop { $0.id != execution.id }.dropFirst()
            .first { $0.isDatePossible == execution.isDatePossible }
    }
}

/// Reads what was seen in executions.
package struct ExecutionQuery {
    private let database: any Database
    private let facts: any Statement
    private let comparedFields: any Statement
    private let addresses: any Statement
    private let users: any Statement
    private let processes: any Statement
    private let byServer: any Statement
    private let byID: any Statement
    private let impossible: any Statement

    /// Prepares all statements. What they read is of one state of the database if the caller has
    /// begun a transaction.
    package init(_ database: any Database) throws(DatabaseError) {
        self.database = database
        facts = try database.prepare(Scripts.Query.facts)
        let columns = ComparedFields.all.map(\.column).joined(separator: ", ")
        comparedFields = try database.prepare(
            "SELECT \(columns) FROM Executions WHERE Execution_ID = ?")
        addresses = try database.prepare(Scripts.Query.addresses)
        users = try database.prepare(Scripts.Query.users)
        processes = try database.prepare(Scripts.Query.processes)
        byServer = try database.prepare(
            "\(NewestFirst.rows) WHERE Server_ID = ? AND Exec_date <= ? "
                + "ORDER BY \(NewestFirst.order)")
        byID = try database.prepare(Scripts.Query.execution)
        impossible = try database.prepare(Scripts.Query.impossibleDates)
    }

    /// The newest executions of a host, the newest first.
    /// - Parameter until: the moment at which they were taken at the latest.
    package func newest(
        _ count: Int, of serverID: Int64, until: Timestamp?
    ) throws(DatabaseError) -> [Execution] {
        try byServer.bind([.integer(serverID), .text(until?.sqlText ?? "9999-12-31 23:59:59")])
        var executions: [Execution] = []
        while executions.count < count, try byServer.step() {
            executions.append(Execution(byServer))
        }
        byServer.reset()
        return executions
    }

    /// How many executions there are whose dates are impossible.
    package func impossibleDates() throws(DatabaseError) -> Int {
        Int(try impossible.firstInteger() ?? 0)
    }

    /// An execution by its `Execution_ID`; nil where there is none.
    package func execution(id: Int64) throws(DatabaseError) -> Execution? {
        try byID.bind([.integer(id)])
        defer { byID.reset() }
        return try byID.step() ? Execution(byID) : nil
    }

    /// - Parameter execution: its id.
    /// - Throws: also where there is no such execution, or something that it refers to is not there.
    package func contents(of execution: Int64) throws(DatabaseError) -> ExecutionContents {
        var contents = ExecutionContents()
        try facts.bind([.integer(execution)])
        guard try facts.step() else {
            throw database.damaged("execution \(execution) is without operating system")
        }
        let names = ["hostname", "ip", "os", "os_version"]
        contents.facts = names.enumerated().map { ($1, facts.textOrNil($0)) }
        let processor = facts.textOrNil(4)
        if processor == nil && !facts.isNull(7) {
            throw database.damaged("execution \(execution) is without processor")
        }
        let areProcessesKnown = facts.integer(5) == 1
        let areUsersKnown = facts.integer(6) == 1
        facts.reset()

        try comparedFields.bind([.integer(execution)])
        guard try comparedFields.step() else {
            throw database.damaged("there is no execution \(execution)")
        }
        for (index, field) in ComparedFields.all.enumerated() {
            contents.facts.append((field.name, comparedFields.textOrNil(index)))
        }
        comparedFields.reset()
        contents.facts.append(("processor", processor))

        contents.addresses = try addresses(of: execution)
        if areUsersKnown { contents.users = try users(of: execution) }
        if areProcessesKnown { contents.processes = try processes(of: execution) }
        return contents
    }

    // Each of an execution, by its id, in a fixed order. Whether they are known is for the caller
    // to see.

    package func addresses(of execution: Int64) throws(DatabaseError) -> [String] {
        try rows(of: addresses, execution) { (row) throws(DatabaseError) in row.text(0) }
    }

    package func users(of execution: Int64) throws(DatabaseError) -> [String] {
        try rows(of: users, execution) { (row) throws(DatabaseError) in
            guard let name = row.textOrNil(0) else {
                throw database.damaged("execution \(execution) is without a user's name")
            }
            return name
        }
    }

    package func processes(of execution: Int64) throws(DatabaseError) -> [ObservedProcess] {
        try rows(of: processes, execution) { (row) throws(DatabaseError) in
            guard let name = row.textOrNil(1) else {
                throw database.damaged("execution \(execution) is without a process's name")
            }
            let owner = row.textOrNil(2)
            if owner == nil && !row.isNull(3) {
                throw database.damaged("execution \(execution) is without an owner's name")
            }
            return ObservedProcess(pid: row.integer(0), name: name, owner: owner)
        }
    }

    private func rows<Element>(
        of statement: any Statement, _ execution: Int64,
        _ element: (any Statement) throws(DatabaseError) -> Element
    ) throws(DatabaseError) -> [Element] {
        try statement.bind([.integer(execution)])
        var elements: [Element] = []
        while try statement.step() { elements.append(try element(statement)) }
        return elements
    }
}
