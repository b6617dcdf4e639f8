import Database

/// The ids of a table's rows by their keys, looked up together and then remembered.
///
/// Whoever has keys to look up gets a number for each, calls `resolve`, and then has the id of each
/// number.
///
/// A table that was empty at first is not asked for keys at all: what is not remembered can only
/// have been added by another program, and stands behind the last row that was seen. (On a server a
/// row before that one may still appear. To add it once more is then a conflict, and after that
/// the table is asked.) That takes a fifth off the time of a first load.
struct EntityIDs {
    /// What a key is made of, in the order of the table's key columns.
    enum KeyShape { case name, pidAndName, nameAndOptionalText }

    private let table: EntityTable
    private let shape: KeyShape
    private var keys = NameTable()
    /// By the key's number, 0 for those that are still to be resolved.
    private var ids: [Int64] = []
    private var unresolved: [Int] = []
    private var coverage: Coverage

    private enum Coverage {
        /// All rows up to this id are remembered.
        case all(upTo: Int64)
        case some
        case unknown
    }

    /// The bytes of a key, used again for each.
    private var key: [UInt8] = []

    init(_ table: EntityTable, _ shape: KeyShape) {
        self.table = table
        self.shape = shape
        coverage = .unknown
    }

    /// Lets go of all ids.
    mutating func forget() {
        keys = NameTable()
        ids = []
        unresolved = []
        coverage = .some
    }

    /// Bytes of memory, about.
    var byteCount: Int { keys.byteCount + ids.count * 8 }

    /// The number of a key that is a name.
    mutating func number(of name: ArraySlice<UInt8>) -> Int { numberOfKey(name) }

    /// The number of a key that is a PID and a name.
    mutating func number(of pid: UInt32, _ name: ArraySlice<UInt8>) -> Int {
        key.removeAll(keepingCapacity: true)
        // The greatest byte first, so that the order of the bytes is that of the numbers.
        for shift in [24, 16, 8, 0] as [UInt32] {
            key.append(UInt8(truncatingIfNeeded: pid >> shift))
        }
        key += name
        return numberOfKey(key[...])
    }

    /// The number of a key that is a name and a text that may be unknown. A text holds no NUL.
    mutating func number(of name: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>?) -> Int {
        key.removeAll(keepingCapacity: true)
        key += name
        if let text {
            key.append(0)
            key += text
        }
        return numberOfKey(key[...])
    }

    func id(_ number: Int) -> Int64 { ids[number] }

    /// Finds the ids of all numbers; what is new is added to the database.
    mutating func resolve(in database: any Database) throws(DatabaseError) {
        if unresolved.isEmpty { return }
        if case .unknown = coverage {
            coverage = try database.isEmpty(table) ? .all(upTo: 0) : .some
        }
        try rememberNewRows(of: database)
        // In order: an index takes them faster, and of several programs that add to it none waits
        // for one that waits for it.
        let numbers = unresolved.filter { ids[$0] == 0 }
            .sorted { keys.name($0).lexicographicallyPrecedes(keys.name($1)) }
        var rows = Rows(columnCount: table.keyColumns.count)
        for number in numbers { append(keys.name(number), to: &rows) }
        let found: [Int64]
        if case .all(let last) = coverage {
            found = try database.insert(rows, into: table, columns: table.keyColumns)
            coverage = .all(upTo: max(last, found.last ?? 0))
        } else {
            found = try database.ids(of: rows, in: table)
        }
        for (number, id) in zip(numbers, found) { ids[number] = id }
        unresolved = []
    }

    /// Where all rows are to be remembered: those that other programs have added.
    private mutating func rememberNewRows(of database: any Database) throws(DatabaseError) {
        guard case .all(let last) = coverage else { return }
        let rows = try database.rows(of: table, after: last)
        for row in 0..<rows.count {
            let name = rows.text(row, rows.columnCount - 1)
            let id = rows.integer(row, 0)!
            let number =
                switch shape {
                case .name: number(of: name!)
                case .pidAndName: number(of: UInt32(rows.integer(row, 1)!), name!)
                case .nameAndOptionalText: number(of: rows.text(row, 1)!, name)
                }
            ids[number] = id
            coverage = .all(upTo: id)
        }
    }

    private mutating func numberOfKey(_ key: ArraySlice<UInt8>) -> Int {
        let number = keys.number(of: key)
        if number == ids.count {
            ids.append(0)
            unresolved.append(number)
        }
        return number
    }

    private func append(_ key: ArraySlice<UInt8>, to rows: inout Rows) {
        switch shape {
        case .name: rows.append(key)
        case .pidAndName:
            rows.append(key.prefix(4).reduce(0 as Int64) { $0 << 8 | Int64($1) })
            rows.append(key.dropFirst(4))
        case .nameAndOptionalText:
            let parts = key.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            rows.append(parts[0])
            if parts.count == 2 { rows.append(parts[1]) } else { rows.append(nil as String?) }
        }
    }
}
