import Database
import Evidence
import Records

/// The ids of the rows of a table in one database, by their ids in another one.
struct JoinedIDs {
    private let table: EntityTable
    /// Compute the digests of rows, if they have any.
    private let keys: ItemKeys?
    private var ids: [Int64: Int64] = [:]

    /// The maximum number of ids that are kept; the rest is looked up again.
    private static let most = 4_000_000

    init(_ table: EntityTable) {
        self.table = table
        keys = nil
    }

    /// The items of a kind.
    init(itemsOf kind: ListedKind) {
        table = EntityTable(kind)
        keys = kind.itemDigestColumn == nil ? nil : ItemKeys(kind)
    }

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
        var rows = Rows(columnCount: 1 + table.columns.count)
        let columns = ([table.idColumn] + table.columns).joined(separator: ", ")
        for chunk in idLists(of: missing) {
            let statement = try source.prepare(
                """
                SELECT \(columns) FROM \(table.name) WHERE \(table.idColumn) IN (\(chunk))
                ORDER BY \(table.keyColumns.joined(separator: ", "))
                """)
            while try statement.step() { rows.append(rowOf: statement) }
        }
        guard rows.count == missing.count else {
            throw source.damaged("\(table.name) lacks rows that others refer to")
        }
        try source.requireTexts(rows, of: table.name)
        try requireDigests(rows, source)
        // A program that fills the database at the same time may have left it out.
        try target.makeKeyIndex(of: table)
        let new = try target.ids(of: rows.columns(1..<rows.columnCount), in: table)
        for (row, id) in new.enumerated() { ids[rows.integer(row, 0)!] = id }
    }

    /// Other files of the target may have the same item, which is known by its digest.
    private func requireDigests(_ rows: Rows, _ source: any Database) throws(DatabaseError) {
        guard var keys else { return }
        for row in 0..<rows.count {
            guard let number = keys.number(inRow: row, of: rows),
                rows.string(row, 1) == keys.digest(number).hexadecimal
            else { throw source.damaged("\(table.name) has a row with a wrong digest") }
        }
    }
}

extension Database {
    /// Requires that texts are such as census writes: UTF-8, without NUL, of limited length.
    func requireTexts(_ rows: Rows, of table: String) throws(DatabaseError) {
        let limit = SnapshotLimits().textBytes
        for row in 0..<rows.count {
            for column in 0..<rows.columnCount {
                guard let text = rows.text(row, column) else { continue }
                let isText =
                    text.count <= limit && !text.contains(0)
                    && String(validating: text, as: UTF8.self) != nil
                if !isText { throw damaged("\(table) has a text that census never writes") }
            }
        }
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
        for chunk in idLists(of: missing) {
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
        for (row, (set, id)) in zip(newSets, newIDs).enumerated() {
            ids[set] = id
            let members = try copyItems(of: set, id, &items, from: source, into: target)
            // Other files of the target may have the same set, which is known by its digest.
            guard new.string(row, 0) == ItemSets.digest(of: members).hexadecimal,
                new.integer(row, 1) == Int64(members.count)
            else { throw source.damaged("\(table.name) has a row with a wrong digest") }
        }
    }

    /// - Returns: the digests of the items.
    private func copyItems(
        of set: Int64, _ id: Int64, _ items: inout JoinedIDs, from source: any Database,
        into target: any Database
    ) throws(DatabaseError) -> [ContentDigest] {
        let statement = try source.prepare(
            """
            SELECT items.\(kind.idColumn), items.\(kind.itemDigestColumn!)
            FROM \(kind.linkTable) AS links
            JOIN \(kind.table) AS items ON items.\(kind.idColumn) = links.\(kind.idColumn)
            WHERE links.\(kind.linkColumn) = ?
            """)
        try statement.bind([.integer(set)])
        var members: Set<Int64> = []
        var digests: [ContentDigest] = []
        while try statement.step() {
            members.insert(statement.integer(0))
            // That of each item is compared with the item when it is resolved.
            if let digest = ContentDigest(hexadecimal: statement.text(1)) { digests.append(digest) }
        }
        try items.resolve(members, from: source, into: target)
        var links = Rows(columnCount: 2)
        for item in members.compactMap({ items[$0] }).sorted() {
            links.append(id)
            links.append(item)
        }
        try target.insert(
            links, into: kind.linkTable, columns: [kind.linkColumn, kind.idColumn])
        return digests
    }
}
