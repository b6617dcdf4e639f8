import Database
import Files

/// The ids of a table's rows by their keys, looked up in batches and cached.
///
/// A caller gets a number for each key from `keys`, calls `resolve`, and then reads the id of each
/// number.
///
/// If the table was empty at first, keys are inserted without a lookup: a row that is not cached
/// can only have been added by another program, and follows the last row seen. (On a server a row
/// with a lower id may still appear. Inserting its key is then a conflict, and from then on keys
/// are looked up.) This makes a first load a fifth faster. The index of keys is left out meanwhile, and
/// made before the first look-up, or by `makeKeyIndex`.
struct EntityIDs<Keys: EntityKeys> {
    var keys: Keys
    private let table: EntityTable
    /// The id of each key, by its number; 0 until it is resolved.
    private var ids: [UInt32] = []
    private var cachedRows = CachedRows.unknown

    private enum CachedRows {
        /// All rows up to this id are cached.
        case all(upTo: Int64)
        case some
        case unknown
    }

    /// - Parameter keys: no keys yet.
    init(_ table: EntityTable, _ keys: Keys) {
        self.table = table
        self.keys = keys
    }

    /// Clears the cache.
    mutating func forget() {
        keys.removeAll()
        ids = []
        cachedRows = .some
    }

    /// Approximate memory use in bytes.
    var byteCount: Int { keys.byteCount + ids.count * 4 }

    func id(_ number: Int) -> Int64 { Int64(ids[number]) }

    /// Finds the ids of all keys. New keys are inserted into the table.
    mutating func resolve(in database: any Database) throws(DatabaseError) {
        let firstUnresolved = ids.count
        if firstUnresolved == keys.count { return }
        ids += repeatElement(0, count: keys.count - firstUnresolved)
        if case .unknown = cachedRows {
            if try database.isEmpty(table) {
                cachedRows = .all(upTo: 0)
                try database.dropKeyIndex(of: table)
            } else {
                cachedRows = .some
            }
        }
        try rememberNewRows(of: database)
        if case .some = cachedRows { try database.makeKeyIndex(of: table) }
        // In key order: an index is faster, also if it is made later, and programs that insert into it at
        // once do not deadlock.
        let numbers = keys.sorted((firstUnresolved..<ids.count).filter { ids[$0] == 0 })
        var start = 0
        while start < numbers.count {
            var rows = Rows(columnCount: table.columns.count)
            var end = start
            while end < numbers.count && rows.bytes.count < Self.bytesAtOnce {
                keys.append(numbers[end], to: &rows)
                end += 1
            }
            let found = try find(rows, in: database)
            for (number, id) in zip(numbers[start..<end], found) {
                ids[number] = try checked(id, in: database)
            }
            start = end
        }
    }

    /// Makes the index of keys if it was left out.
    func makeKeyIndex(in database: any Database) throws(DatabaseError) {
        try database.makeKeyIndex(of: table)
    }

    /// The number of bytes of keys that are looked up together: those of a million processes, or of
    /// a few very long names.
    private static var bytesAtOnce: Int { 8 << 20 }

    private mutating func find(
        _ rows: Rows, in database: any Database
    ) throws(DatabaseError) -> [Int64] {
        guard case .all(let last) = cachedRows else { return try database.ids(of: rows, in: table) }
        let found = try database.insert(rows, into: table, columns: table.columns)
        cachedRows = .all(upTo: max(last, found.last ?? 0))
        return found
    }

    /// Ids on servers fit into 32 bits, and those of SQLite grow by one.
    private func checked(
        _ id: Int64, in database: any Database
    ) throws(DatabaseError) -> UInt32 {
        guard let id = UInt32(exactly: id) else {
            throw DatabaseError(
                .damaged, database: database.name,
                "\(table.name) has an id that census does not assign: \(id)")
        }
        return id
    }

    /// If all rows are cached, adds those that other programs have inserted.
    private mutating func rememberNewRows(of database: any Database) throws(DatabaseError) {
        guard case .all(let last) = cachedRows else { return }
        let rows = try database.rows(of: table, after: last)
        for row in 0..<rows.count {
            let id = rows.integer(row, 0)!
            if let number = keys.number(inRow: row, of: rows) {
                if number == ids.count { ids.append(0) }
                ids[number] = try checked(id, in: database)
            }
            cachedRows = .all(upTo: id)
        }
    }
}
