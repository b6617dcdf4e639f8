import Database
import Records

/// Copies the rows of executions from one database to another, with ids of that one.
struct JoinedTables {
    private let source: any Database
    private let target: any Database
    private var operatingSystems = JoinedIDs(.os)
    private var processors = JoinedIDs(.processors)
    private var processes = JoinedIDs(.processes)
    /// The items of each of `ListedKind.all`.
    private var items = ListedKind.all.map { JoinedIDs(itemsOf: $0) }
    /// The sets of each of `ListedKind.all`; nil if executions have links of their own.
    private var sets = ListedKind.all.map { JoinedSets($0) }
    /// The receipts that were copied, by their ids in the source.
    private var receipts: [Int64: Int64] = [:]
    /// The columns of an execution but its id.
    private let columns: [String]
    private let receiptColumns = [
        "Path", "Size_bytes", "SHA256", "Verdict", "Reason", "Received_at", "Snapshots",
        "Absolute_path", "Ingested_by", "Ingested_on", "Ingested_with", "Signature", "Signer_Key",
        "Signer_Principal", "Encryption", "Custody", "Manifest", "Manifest_SHA256", "Manifest_Case",
        "Manifest_Examiner", "Manifest_Signer", "Cause",
    ]
    /// The last rows of executions that were resolved, in the order of their ids.
    private var rows: Rows

    init(_ source: any Database, _ target: any Database) throws(DatabaseError) {
        self.source = source
        self.target = target
        columns = try source.prepare("SELECT * FROM Executions LIMIT 0").columnNames.filter {
            $0 != "Execution_ID" && !source.derivedColumns.contains($0)
        }
        rows = Rows(columnCount: columns.count)
    }

    /// Forgets all ids: a transaction was rolled back.
    mutating func forget() {
        operatingSystems.forget()
        processors.forget()
        processes.forget()
        for kind in items.indices {
            items[kind].forget()
            sets[kind]?.forget()
        }
        receipts = [:]
    }

    // MARK: What executions refer to

    /// Finds or inserts all that executions refer to but hosts and receipts. The tables are in the
    /// order in which `Loader` writes them.
    /// - Parameter links: rows of `Execution_ID`, `Process_ID` and `Owner_ID`, of these executions and
    ///   of others.
    mutating func resolve(_ executions: [Int64], _ links: Rows) throws(DatabaseError) {
        rows = Rows(columnCount: columns.count)
        for chunk in idLists(of: executions) {
            let statement = try source.prepare(
                """
                SELECT \(columns.joined(separator: ", ")) FROM Executions
                WHERE Execution_ID IN (\(chunk)) ORDER BY Execution_ID
                """)
            while try statement.step() { rows.append(rowOf: statement) }
        }
        try source.requireTexts(rows, of: "Executions")
        try operatingSystems.resolve(values("OS_ID"), from: source, into: target)
        try processors.resolve(values("Processor_ID"), from: source, into: target)
        let owners = Set((0..<links.count).compactMap { links.integer($0, 2) })
        for kind in ListedKind.all {
            if sets[kind.index] != nil {
                try sets[kind.index]!.resolve(
                    values(kind.linkColumn), &items[kind.index], from: source, into: target)
                continue
            }
            var wanted = kind == .users ? owners : []
            for (_, item) in try pairs(kind.idColumn, of: kind.linkTable, executions) {
                wanted.insert(item)
            }
            try items[kind.index].resolve(wanted, from: source, into: target)
        }
        let wanted = Set((0..<links.count).compactMap { links.integer($0, 1) })
        try processes.resolve(wanted, from: source, into: target)
    }

    private func column(_ name: String) -> Int { columns.firstIndex(of: name)! }

    private func values(_ name: String) -> Set<Int64> {
        let column = column(name)
        return Set((0..<rows.count).compactMap { rows.integer($0, column) })
    }

    /// The pairs of `Execution_ID` and another column of executions.
    private func pairs(
        _ column: String, of table: String, _ executions: [Int64]
    ) throws(DatabaseError) -> [(Int64, Int64)] {
        var pairs: [(Int64, Int64)] = []
        for chunk in idLists(of: executions) {
            let statement = try source.prepare(
                """
                SELECT Execution_ID, \(column) FROM \(table) WHERE Execution_ID IN (\(chunk))
                """)
            while try statement.step() {
                pairs.append((statement.integer(0), statement.integer(1)))
            }
        }
        return pairs
    }

    // MARK: Executions

    /// Inserts executions that were resolved, with their links.
    /// - Parameters:
    ///   - ids: ascending.
    ///   - receipt: that of the other database.
    /// - Returns: the number of processes.
    mutating func add(
        _ ids: [Int64], _ links: Rows, through receipt: Int64
    ) throws(DatabaseError) -> Int {
        let servers = try servers()
        try copyReceipts(values("Receipt_ID"), through: receipt)
        let place = Places(
            server: column("Server_ID"), system: column("OS_ID"),
            processor: column("Processor_ID"), receipt: column("Receipt_ID"))
        let setColumns: [Int: Int] = ListedKind.all.reduce(into: [:]) {
            if $1.setTable != nil { $0[column($1.linkColumn)] = $1.index }
        }
        var new = Rows(columnCount: columns.count)
        for row in 0..<rows.count {
            for cell in columns.indices {
                let id = rows.integer(row, cell)
                switch cell {
                case place.server: new.append(id.flatMap { servers[$0] })
                case place.system: new.append(operatingSystems[id])
                case place.processor: new.append(processors[id])
                case place.receipt: new.append(id.flatMap { receipts[$0] })
                default:
                    if let kind = setColumns[cell] {
                        new.append(sets[kind]![id])
                    } else {
                        append(rows, row, cell, to: &new)
                    }
                }
            }
        }
        let executions = try target.insert(new, into: .executions, columns: columns)
        let byID = Dictionary(uniqueKeysWithValues: zip(ids, executions))
        let count = try copyLinks(ids, links, byID)
        for server in Set(servers.values).sorted() {
            _ = try target.updateNewestFacts(ofServer: server)
        }
        return count
    }

    private struct Places {
        let server: Int
        let system: Int
        let processor: Int
        let receipt: Int
    }

    private func append(_ rows: Rows, _ row: Int, _ cell: Int, to new: inout Rows) {
        switch rows[row, cell] {
        case .null: new.append(nil as Int64?)
        case .integer(let integer): new.append(integer)
        case .text(let place): new.append(rows.text(place))
        }
    }

    /// The hosts of the executions here, by their ids there. A new one gets the facts of one of its
    /// executions at first.
    private func servers() throws(DatabaseError) -> [Int64: Int64] {
        let column = column("Server_ID")
        var executionByServer: [Int64: Int] = [:]
        for row in 0..<rows.count { executionByServer[rows.integer(row, column) ?? 0] = row }
        var keys = Rows(columnCount: 1)
        var hosts: [Int64] = []
        for chunk in idLists(of: executionByServer.keys) {
            let statement = try source.prepare(
                """
                SELECT Host_ID, Server_ID FROM Servers WHERE Server_ID IN (\(chunk))
                ORDER BY Host_ID
                """)
            while try statement.step() {
                keys.append(rowOf: statement)
                hosts.append(statement.integer(1))
            }
        }
        guard hosts.count == executionByServer.count else {
            throw source.damaged("Servers lacks rows that others refer to")
        }
        let found = try target.find(["Server_ID"], in: .servers, by: keys)
        let facts = [
            "Hostname", "IP", "OS_ID", "Processor_ID", "Date_is_possible", "Exec_date",
            "Snapshot_ID",
        ]
        var new = Rows(columnCount: 1 + facts.count)
        var newHosts: [Int64] = []
        var ids: [Int64: Int64] = [:]
        for (row, host) in hosts.enumerated() {
            if let id = found.integer(row, 0) {
                ids[host] = id
                continue
            }
            guard let hostID = keys.text(row, 0) else {
                throw source.damaged("Servers has a row without a Host_ID")
            }
            newHosts.append(host)
            new.append(hostID)
            let execution = executionByServer[host]!
            for fact in facts {
                let cell = self.column(fact)
                switch fact {
                case "OS_ID": new.append(operatingSystems[rows.integer(execution, cell)])
                case "Processor_ID": new.append(processors[rows.integer(execution, cell)])
                default: append(rows, execution, cell, to: &new)
                }
            }
        }
        let newIDs = try target.insert(
            new, into: .servers,
            columns: [
                "Host_ID", "Hostname", "IP", "OS_ID", "Processor_ID", "Newest_date_is_possible",
                "Newest_Exec_date", "Newest_Snapshot_ID",
            ])
        for (host, id) in zip(newHosts, newIDs) { ids[host] = id }
        return ids
    }

    /// Copies receipts that have not been copied yet, and before them those of the databases through
    /// which the files came there: of a chain of databases each leads to the next.
    /// - Parameter receipt: that of the other database, through which all of them come here.
    private mutating func copyReceipts(
        _ wanted: Set<Int64>, through receipt: Int64
    ) throws(DatabaseError) {
        /// Receipts by that of the database through which they came.
        var followers: [Int64: [Int64]] = [:]
        /// Receipts of which that one is copied already, or which have none.
        var level: Set<Int64> = []
        var found = wanted.filter { receipts[$0] == nil }
        var rest = found
        while !found.isEmpty {
            level.formUnion(found)
            var next: Set<Int64> = []
            for (id, origin) in try origins(of: found) where receipts[origin] == nil {
                followers[origin, default: []].append(id)
                level.remove(id)
                next.insert(origin)
            }
            found = next.subtracting(rest)
            rest.formUnion(found)
        }
        // A database may have files of its own and others that came to it: it comes before both.
        while !level.isEmpty {
            try copyReceipts(missing: level, through: receipt)
            rest.subtract(level)
            level = Set(level.flatMap { followers[$0] ?? [] })
        }
        guard rest.isEmpty else {
            throw source.damaged("Receipts has rows that came from themselves")
        }
    }

    /// The pairs of a receipt and that of the database through which it came, if there is one.
    private func origins(of ids: Set<Int64>) throws(DatabaseError) -> [(Int64, Int64)] {
        var pairs: [(Int64, Int64)] = []
        for chunk in idLists(of: ids) {
            let statement = try source.prepare(
                """
                SELECT Receipt_ID, Database_Receipt_ID FROM Receipts
                WHERE Receipt_ID IN (\(chunk)) AND Database_Receipt_ID IS NOT NULL
                """)
            while try statement.step() {
                pairs.append((statement.integer(0), statement.integer(1)))
            }
        }
        return pairs
    }

    private mutating func copyReceipts(
        missing: Set<Int64>, through receipt: Int64
    ) throws(DatabaseError) {
        var new = Rows(columnCount: receiptColumns.count + 1)
        var ids: [Int64] = []
        for chunk in idLists(of: missing) {
            let statement = try source.prepare(
                """
                SELECT \(receiptColumns.joined(separator: ", ")), Database_Receipt_ID, Receipt_ID
                FROM Receipts WHERE Receipt_ID IN (\(chunk)) ORDER BY Receipt_ID
                """)
            var rows = Rows(columnCount: receiptColumns.count + 2)
            while try statement.step() { rows.append(rowOf: statement) }
            for row in 0..<rows.count {
                for column in receiptColumns.indices { append(rows, row, column, to: &new) }
                let origin = rows.integer(row, receiptColumns.count).flatMap { receipts[$0] }
                new.append(origin ?? receipt)
                ids.append(rows.integer(row, receiptColumns.count + 1)!)
            }
        }
        guard ids.count == missing.count else {
            throw source.damaged("Receipts lacks rows that others refer to")
        }
        let newIDs = try target.insert(
            new, into: .receipts, columns: receiptColumns + ["Database_Receipt_ID"])
        for (id, new) in zip(ids, newIDs) { receipts[id] = new }
    }

    /// Copies the receipts of rejected files that are not here yet: what `census coverage` reports of
    /// them there, it reports here.
    mutating func copyRejected(through receipt: Int64) throws(DatabaseError) {
        let rejected = try source.prepare(
            """
            SELECT \(receiptColumns.joined(separator: ", ")), Receipt_ID
            FROM Receipts WHERE Verdict = 'rejected' ORDER BY Receipt_ID
            """)
        var rows = Rows(columnCount: receiptColumns.count + 1)
        while try rejected.step() { rows.append(rowOf: rejected) }
        try source.requireTexts(rows, of: "Receipts")
        let same = try target.prepare(
            """
            SELECT COUNT(*) FROM Receipts
            WHERE Verdict = 'rejected' AND Path = ? AND COALESCE(SHA256, '') = ?
            """)
        var new: Set<Int64> = []
        for row in 0..<rows.count {
            try same.bind([
                .text(rows.string(row, 0) ?? ""), .text(rows.string(row, 2) ?? ""),
            ])
            let isHere = try same.firstInteger() ?? 0 > 0
            if !isHere { new.insert(rows.integer(row, receiptColumns.count)!) }
        }
        try copyReceipts(new, through: receipt)
    }

    /// - Parameter byID: the executions here, by their ids there.
    /// - Returns: the number of processes.
    private func copyLinks(
        _ ids: [Int64], _ links: Rows, _ byID: [Int64: Int64]
    ) throws(DatabaseError) -> Int {
        // In key order, so that the table grows at its end.
        var processRows: [(execution: Int64, process: Int64, owner: Int64?)] = []
        for row in 0..<links.count {
            guard let execution = byID[links.integer(row, 0) ?? 0],
                let process = processes[links.integer(row, 1)]
            else { continue }
            processRows.append(
                (execution, process, items[ListedKind.users.index][links.integer(row, 2)]))
        }
        processRows.sort { ($0.execution, $0.process) < ($1.execution, $1.process) }
        var rows = Rows(columnCount: 3)
        for link in processRows {
            rows.append(link.execution)
            rows.append(link.process)
            rows.append(link.owner)
        }
        try target.insert(
            rows, into: "PROCESSES_PER_EXECUTION",
            columns: ["Execution_ID", "Process_ID", "Owner_ID"])

        var addresses = Rows(columnCount: 2)
        for chunk in idLists(of: ids) {
            let statement = try source.prepare(
                """
                SELECT Execution_ID, Address FROM ADDRESSES_PER_EXECUTION
                WHERE Execution_ID IN (\(chunk)) ORDER BY Execution_ID, Address
                """)
            while try statement.step() {
                addresses.append(byID[statement.integer(0)])
                addresses.append(1, of: statement)
            }
        }
        try source.requireTexts(addresses, of: "ADDRESSES_PER_EXECUTION")
        try target.insert(
            addresses, into: "ADDRESSES_PER_EXECUTION", columns: ["Execution_ID", "Address"])

        for kind in ListedKind.all where kind.setTable == nil {
            var pairs: [(Int64, Int64)] = []
            for (execution, item) in try self.pairs(kind.idColumn, of: kind.linkTable, ids) {
                guard let execution = byID[execution], let item = items[kind.index][item] else {
                    continue
                }
                pairs.append((execution, item))
            }
            var rows = Rows(columnCount: 2)
            for (execution, item) in pairs.sorted(by: <) {
                rows.append(execution)
                rows.append(item)
            }
            try target.insert(
                rows, into: kind.linkTable, columns: [kind.linkColumn, kind.idColumn])
        }
        return processRows.count
    }
}
