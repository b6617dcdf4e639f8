import Database
import Files

/// The ids of a table's rows by their keys, looked up together and then remembered.
///
/// Whoever has keys to look up takes a number for each from `keys`, calls `resolve`, and then has
/// the id of each number.
///
/// A table that was empty at first is not asked for keys at all: what is not remembered can only
/// have been added by another program, and stands behind the last row that was seen. (On a server a
/// row before that one may still appear. To add it once more is then a conflict, and after that
/// the table is asked.) That takes a fifth off the time of a first load.
struct EntityIDs<Keys: EntityKeys> {
    var keys = Keys()
    private let table: EntityTable
    /// By the key's number.
    private var ids: [UInt32] = []
    private var cachedRows = CachedRows.unknown

    private enum CachedRows {
        /// All rows up to this id are remembered.
        case all(upTo: Int64)
        case some
        case unknown
    }

    init(_ table: EntityTable) { self.table = table }

    /// Lets go of all ids.
    mutating func forget() {
        keys = Keys()
        ids = []
        cachedRows = .some
    }

    /// Bytes of memory, about.
    var byteCount: Int { keys.byteCount + ids.capacity * 4 }

    func id(_ number: Int) -> Int64 { Int64(ids[number]) }

    /// Finds the ids of all numbers; what is new is added to the database.
    mutating func resolve(in database: any Database) throws(DatabaseError) {
        let firstUnresolved = ids.count
        if firstUnresolved == keys.count { return }
        ids += repeatElement(0, count: keys.count - firstUnresolved)
        if case .unknown = cachedRows {
            cachedRows = try database.isEmpty(table) ? .all(upTo: 0) : .some
        }
        try rememberNewRows(of: database)
        // In order: an index takes them faster, and of several programs that add to it none waits
        // for one that waits for it.
        let numbers = (firstUnresolved..<ids.count).filter { ids[$0] == 0 }
            .sorted { keys.precedes($0, $1) }
        var start = 0
        while start < numbers.count {
            var rows = Rows(columnCount: table.keyColumns.count)
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

    /// Bytes of keys to look up together: those of a million processes, or of a few names that are
    /// very long.
    private static var bytesAtOnce: Int { 8 << 20 }

    private mutating func find(
        _ rows: Rows, in database: any Database
    ) throws(DatabaseError) -> [Int64] {
        guard case .all(let last) = cachedRows else { return try database.ids(of: rows, in: table) }
        let found = try database.insert(rows, into: table, columns: table.keyColumns)
        cachedRows = .all(upTo: max(last, found.last ?? 0))
        return found
    }

    /// Servers have no greater ids, and SQLite's grow by one.
    private func checked(
        _ id: Int64, in database: any Database
    ) throws(DatabaseError) -> UInt32 {
        guard let id = UInt32(exactly: id) else {
            throw DatabaseError(
                .damaged, database: database.name,
                "there is an id in \(table.name) that census does not give: \(id)")
        }
        return id
    }

    /// Where all rows are to be remembered: those that other programs have added.
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
