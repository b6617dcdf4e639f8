package import Database
package import Records
import SQLScripts
package import Text

/// An execution that can be selected for a comparison.
package struct Execution: Sendable {
    /// Its `Execution_ID`.
    package let id: Int64
    /// The `Server_ID` of its host.
    package let serverID: Int64
    /// Its time in UTC: `2026-11-23 05:13:11`.
    package let date: String
    /// False if the date is more than a minute after the receipt of its file.
    package let isDatePossible: Bool

    /// Reads the current row, of four columns.
    fileprivate init(_ row: any Statement) {
        id = row.integer(0)
        serverID = row.integer(1)
        date = row.text(2)
        isDatePossible = row.integer(3) != 0
    }
}

extension ExecutionSelection {
    /// The newest execution of each host by `Server_ID`, and the one it is compared with; nil if
    /// there is none.
    package func newest(
        in database: any Database
    ) throws(DatabaseError) -> [Int64: (execution: Execution, predecessor: Execution?)] {
        try newestExecutions(prepare(Scripts.Query.newestFirst, in: database))
    }
}

/// The same of the rows of `Scripts.Query.newestFirst`.
func newestExecutions(
    _ statement: any Statement
) throws(DatabaseError) -> [Int64: (execution: Execution, predecessor: Execution?)] {
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

extension Sequence<Execution> {
    /// The execution with which one is compared: the next older one. An execution with an
    /// impossible date has no known time, and is compared only with others of that kind. The array
    /// is sorted, newest first.
    package func predecessor(of execution: Execution) -> Execution? {
        drop { $0.id != execution.id }.dropFirst()
            .first { $0.isDatePossible == execution.isDatePossible }
    }
}

/// Reads the contents of executions.
package struct ExecutionQuery {
    private let database: any Database
    private let facts: any Statement
    private let comparedFields: any Statement
    private let addresses: any Statement
    private let processes: any Statement
    /// What is known of each of `ListedKind.all`.
    private let lists: any Statement
    /// For each of `ListedKind.all`.
    private let items: [any Statement]
    private let byServer: any Statement
    private let byID: any Statement
    private let impossible: any Statement
    private let file: any Statement
    private let receiptCache = ReceiptCache()

    /// Prepares all statements. They read one state of the database if the caller has begun a
    /// transaction.
    package init(_ database: any Database) throws(DatabaseError) {
        self.database = database
        facts = try database.prepare(Scripts.Query.facts)
        let columns = ComparedFields.all.map(\.column).joined(separator: ", ")
        comparedFields = try database.prepare(
            "SELECT \(columns) FROM Executions WHERE Execution_ID = ?")
        addresses = try database.prepare(Scripts.Query.addresses)
        processes = try database.prepare(Scripts.Query.processes)
        lists = try database.prepare(Self.lists)
        var items: [any Statement] = []
        for kind in ListedKind.all { items.append(try database.prepare(Self.items(of: kind))) }
        self.items = items
        byServer = try database.prepare(
            "\(NewestFirst.rows) WHERE Server_ID = ? AND Exec_date <= ? "
                + "ORDER BY \(NewestFirst.order)")
        byID = try database.prepare(Scripts.Query.execution)
        impossible = try database.prepare(Scripts.Query.impossibleDates)
        file = try database.prepare(Scripts.Query.executionFile)
    }

    /// The newest executions of a host, newest first.
    /// - Parameter until: the latest time of an execution, inclusive; nil for no limit.
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

    /// The newest verdicts on the signatures of files.
    func signatures() throws(DatabaseError) -> SignatureVerdicts {
        if let known = receiptCache.signatures { return known }
        let verdicts = try SignatureVerdicts(in: database)
        receiptCache.signatures = verdicts
        return verdicts
    }

    /// The last manifests that files were compared with.
    func lastManifests() throws(DatabaseError) -> LastManifests {
        if let known = receiptCache.manifests { return known }
        let manifests = try LastManifests(in: database)
        receiptCache.manifests = manifests
        return manifests
    }

    /// What is read once, and only if it is asked for.
    private final class ReceiptCache {
        var signatures: SignatureVerdicts?
        var manifests: LastManifests?
    }

    /// The number of executions with impossible dates.
    package func impossibleDates() throws(DatabaseError) -> Int {
        Int(try impossible.firstInteger() ?? 0)
    }

    /// The execution with an `Execution_ID`; nil if there is none.
    package func execution(id: Int64) throws(DatabaseError) -> Execution? {
        try byID.bind([.integer(id)])
        defer { byID.reset() }
        return try byID.step() ? Execution(byID) : nil
    }

    /// The file that an execution came from, by its id; nil if it came from none.
    package func file(of execution: Int64) throws(DatabaseError) -> CitedFile? {
        try rows(of: file, execution) { (row) throws(DatabaseError) in
            CitedFile(path: row.text(0), sha256: row.textOrNil(1))
        }.first
    }

    /// Compares two executions by their ids. Items of a set that both have are not read.
    /// - Parameter isSameHost: whether the PIDs of the two executions are comparable.
    /// - Throws: also if an execution, or a row that it refers to, does not exist.
    package func comparison(
        from old: Int64, to new: Int64, isSameHost: Bool = true
    ) throws(DatabaseError) -> Comparison {
        let oldStates = try listStates(of: old)
        let newStates = try listStates(of: new)
        let areEqual = zip(oldStates, newStates).enumerated().map { index, states in
            ListedKind.all[index].setTable != nil && states.0 == states.1
        }
        func contents(
            _ execution: Int64, _ states: [ListState]
        ) throws(DatabaseError) -> ExecutionContents {
            var (contents, areProcessesKnown) = try facts(of: execution)
            for kind in ListedKind.all {
                contents.lists[kind.index] = try list(
                    kind, of: execution, states[kind.index], withItems: !areEqual[kind.index])
            }
            if areProcessesKnown { contents.processes = try processes(of: execution) }
            return contents
        }
        return Comparison(
            from: try contents(old, oldStates), to: try contents(new, newStates),
            isSameHost: isSameHost)
    }

    /// All but the lists and the processes, and whether the latter are known.
    /// - Parameter execution: its `Execution_ID`.
    /// - Throws: also if the execution, or a row that it refers to, does not exist.
    private func facts(
        of execution: Int64
    ) throws(DatabaseError) -> (ExecutionContents, areProcessesKnown: Bool) {
        var contents = ExecutionContents()
        try facts.bind([.integer(execution)])
        guard try facts.step() else {
            throw database.damaged("execution \(execution) has no operating system")
        }
        let names = ["hostname", "ip", "os", "os_version"]
        contents.facts = names.enumerated().map { ($1, facts.textOrNil($0)) }
        let processor = facts.textOrNil(4)
        if processor == nil && !facts.isNull(6) {
            throw database.damaged("execution \(execution) has no processor")
        }
        let areProcessesKnown = facts.integer(5) == 1
        facts.reset()

        contents.facts += try comparedFacts(of: execution)
        contents.facts.append(("processor", processor))

        contents.addresses = try addresses(of: execution)
        return (contents, areProcessesKnown)
    }

    /// The values of an execution by its id that the records declare as compared, each with the name
    /// under which `census diff` shows it; nil if unknown.
    package func comparedFacts(
        of execution: Int64
    ) throws(DatabaseError) -> [(what: String, text: String?)] {
        try comparedFields.bind([.integer(execution)])
        guard try comparedFields.step() else {
            throw database.damaged("there is no execution \(execution)")
        }
        defer { comparedFields.reset() }
        return ComparedFields.all.enumerated().map { index, field in
            (field.name, comparedFields.textOrNil(index))
        }
    }

    /// The addresses of an execution by its id, sorted. Empty also if they are unknown.
    package func addresses(of execution: Int64) throws(DatabaseError) -> [String] {
        try rows(of: addresses, execution) { (row) throws(DatabaseError) in row.text(0) }
    }

    /// What an execution knows of a kind of items.
    private struct ListState: Equatable {
        /// The value of `ListedKind.knownColumn`: 0 or 1; nil for NULL.
        let known: Int64?
        /// The value of `ListedKind.linkColumn`; nil for NULL.
        let owner: Int64?
    }

    /// For each of `ListedKind.all`.
    private static let lists = """
        SELECT \(ListedKind.all.map { "\($0.knownColumn), \($0.linkColumn)" }.joined(separator: ", "))
        FROM Executions WHERE Execution_ID = ?
        """

    private func listStates(of execution: Int64) throws(DatabaseError) -> [ListState] {
        try lists.bind([.integer(execution)])
        guard try lists.step() else {
            throw database.damaged("there is no execution \(execution)")
        }
        defer { lists.reset() }
        return ListedKind.all.map { kind in
            func integer(_ column: Int) -> Int64? {
                lists.isNull(column) ? nil : lists.integer(column)
            }
            return ListState(known: integer(2 * kind.index), owner: integer(2 * kind.index + 1))
        }
    }

    /// The items of a kind in an execution by its id; nil if they are unknown.
    package func items(
        _ kind: ListedKind, of execution: Int64
    ) throws(DatabaseError) -> ObservedList? {
        let state = try listStates(of: execution)[kind.index]
        // What was read of an incomplete list is stored as well; of users there is nothing then.
        if state.known == 0, kind != .users, let owner = state.owner {
            return ObservedList(try items(kind, owner, of: execution), isComplete: false)
        }
        if case .items(let items) = try list(kind, of: execution, state) {
            return ObservedList(items)
        }
        return nil
    }

    private func list(
        _ kind: ListedKind, of execution: Int64, _ state: ListState, withItems: Bool = true
    ) throws(DatabaseError) -> ExecutionContents.List {
        if state.known == nil { return .notCollected }
        guard state.known == 1 else { return .unknown }
        guard let owner = state.owner else {
            throw database.damaged("execution \(execution) has no set of \(kind.name)")
        }
        return .items(withItems ? try items(kind, owner, of: execution) : [])
    }

    /// - Parameter owner: the value of `linkColumn`.
    private func items(
        _ kind: ListedKind, _ owner: Int64, of execution: Int64
    ) throws(DatabaseError) -> [ListedItem] {
        try rows(of: items[kind.index], owner) { (row) throws(DatabaseError) in
            if row.isNull(0) {
                throw database.damaged(
                    "execution \(execution) has a \(kind.record) without a name")
            }
            return ListedItem(kind.columns.indices.map { row.textOrNil($0 + 1) })
        }
    }

    /// One row for each item: the id in the kind's table, and the columns of that table. The
    /// parameter is the id of the execution or of the set.
    private static func items(of kind: ListedKind) -> String {
        let columns = kind.columns.map { "i.\($0.name)" }.joined(separator: ", ")
        return """
            SELECT i.\(kind.idColumn), \(columns)
            FROM \(kind.linkTable) x
            LEFT JOIN \(kind.table) i ON i.\(kind.idColumn) = x.\(kind.idColumn)
            WHERE x.\(kind.linkColumn) = ?
            ORDER BY \(columns)
            """
    }

    /// The processes of an execution by its id, sorted by PID, then name. Empty also if they are
    /// unknown.
    package func processes(of execution: Int64) throws(DatabaseError) -> [ObservedProcess] {
        try rows(of: processes, execution) { (row) throws(DatabaseError) in
            guard let name = row.textOrNil(1) else {
                throw database.damaged("execution \(execution) has a process without a name")
            }
            let owner = row.textOrNil(2)
            if owner == nil && !row.isNull(3) {
                throw database.damaged("execution \(execution) has a process owner without a name")
            }
            return ObservedProcess(pid: row.integer(0), name: name, owner: owner)
        }
    }

    private func rows<Element>(
        of statement: any Statement, _ id: Int64,
        _ element: (any Statement) throws(DatabaseError) -> Element
    ) throws(DatabaseError) -> [Element] {
        try statement.bind([.integer(id)])
        var elements: [Element] = []
        while try statement.step() { elements.append(try element(statement)) }
        return elements
    }
}
