import Database
import Records

/// The ids of the rows of a table in one database, by their ids in another one.
struct JoinedIDs {
    private let table: EntityTable
    private var ids: [Int64: Int64] = [:]

    /// The maximum number of ids that are kept; the rest is looked up again.
    private static let most = 4_000_000

    init(_ table: EntityTable) { self.table = table }

    /// The id in the target; nil for NULL.
    subscript(id: Int64?) -> Int64? { id.flatMap { ids[$0] } }

    /// Forgets all ids: a transaction was rolled back.
    mutating func forget() { ids = [:] }

    /// Finds the ids of rows. Rows that the target does not have are inserted.
    mutating func resolve(
        _ wanted: Set<Int64>, from source: any Database, into target: any Database
    ) throws(DatabaseError) {
        if ids.count > Self.most { ids = [:] }
        let missing = wanted.filter { ids[$0] == nil }
        if missing.isEmpty { return }
        var rows = Rows(columnCount: table.columns.count)
        var found: [Int64] = []
        let columns = (table.columns + [table.idColumn]).joined(separator: ", ")
        for chunk in Deletion(source).chunks(of: missing) {
            let statement = try source.prepare(
                """
                SELECT \(columns) FROM \(table.name) WHERE \(table.idColumn) IN (\(chunk))
                ORDER BY \(table.keyColumns.joined(separator: ", "))
                """)
            while try statement.step() {
                rows.append(rowOf: statement)
                found.append(statement.integer(table.columns.count))
            }
        }
        guard found.count == missing.count else {
            throw source.damaged("\(table.name) lacks rows that others refer to")
        }
        for (id, new) in zip(found, try target.ids(of: rows, in: table)) { ids[id] = new }
    }
}

/// The same of the sets of a kind. A set that the target has is complete there.
struct JoinedSets {
    private let kind: ListedKind
    private let table: EntityTable
    private var ids: [Int64: Int64] = [:]

    /// - Returns: nil if executions have links of their own.
    init?(_ kind: ListedKind) {
        guard let table = EntityTable(setsOf: kind) else { return nil }
        self.kind = kind
        self.table = table
    }

    /// The id in the target; nil for NULL.
    subscript(id: Int64?) -> Int64? { id.flatMap { ids[$0] } }

    mutating func forget() { ids = [:] }

    /// Finds the ids of sets. Sets that the target does not have are inserted with their items.
    mutating func resolve(
        _ wanted: Set<Int64>, _ items: inout JoinedIDs, from source: any Database,
        into target: any Database
    ) throws(DatabaseError) {
        let missing = wanted.filter { ids[$0] == nil }
        if missing.isEmpty { return }
        var rows = Rows(columnCount: 2)
        var sets: [Int64] = []
        for chunk in Deletion(source).chunks(of: missing) {
            let statement = try source.prepare(
                """
                SELECT Set_SHA256, Item_count, \(table.idColumn) FROM \(table.name)
                WHERE \(table.idColumn) IN (\(chunk)) ORDER BY Set_SHA256
                """)
            while try statement.step() {
                rows.append(rowOf: statement)
                sets.append(statement.integer(2))
            }
        }
        guard sets.count == missing.count else {
            throw source.damaged("\(table.name) lacks rows that others refer to")
        }
        let known = try target.find(
            [table.idColumn], in: table, by: rows.prefix(columns: 1))
        var new = Rows(columnCount: 2)
        var newSets: [Int64] = []
        for (row, set) in sets.enumerated() {
            if let id = known.integer(row, 0) {
                ids[set] = id
            } else {
                new.append(row: row, of: rows)
                newSets.append(set)
            }
        }
        let newIDs = try target.insert(new, into: table, columns: table.columns)
        for (set, id) in zip(newSets, newIDs) {
            ids[set] = id
            try copyItems(of: set, id, &items, from: source, into: target)
        }
    }

    private func copyItems(
        of set: Int64, _ id: Int64, _ items: inout JoinedIDs, from source: any Database,
        into target: any Database
    ) throws(DatabaseError) {
        let statement = try source.prepare(
            "SELECT \(kind.idColumn) FROM \(kind.linkTable) WHERE \(kind.linkColumn) = ?")
        try statement.bind([.integer(set)])
        var members: Set<Int64> = []
        while try statement.step() { members.insert(statement.integer(0)) }
        try items.resolve(members, from: source, into: target)
        var links = Rows(columnCount: 2)
        for item in members.compactMap({ items[$0] }).sorted() {
            links.append(id)
            links.append(item)
        }
        try target.insert(
            links, into: kind.linkTable, columns: [kind.linkColumn, kind.idColumn])
    }
}
