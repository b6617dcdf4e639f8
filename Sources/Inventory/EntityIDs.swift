import Database

/// The ids of a table's rows by their keys, looked up together and then remembered.
///
/// Whoever has keys to look up gets a number for each, calls `resolve`, and then has the id of each
/// number.
struct EntityIDs {
    /// What a key is made of, in the order of the table's key columns.
    enum KeyShape { case name, pidAndName, nameAndOptionalText }

    private let table: EntityTable
    private let shape: KeyShape
    private var keys = NameTable()
    /// By the key's number, 0 for those that are still to be resolved.
    private var ids: [Int64] = []
    private var unresolved: [Int] = []
    /// The bytes of a key, used again for each.
    private var key: [UInt8] = []

    init(_ table: EntityTable, _ shape: KeyShape) {
        self.table = table
        self.shape = shape
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
    mutating func number(of name: String, _ text: String?) -> Int {
        key.removeAll(keepingCapacity: true)
        key += name.utf8
        if let text {
            key.append(0)
            key += text.utf8
        }
        return numberOfKey(key[...])
    }

    func id(_ number: Int) -> Int64 { ids[number] }

    /// Finds the ids of all numbers; what is new is added to the database.
    mutating func resolve(in database: any Database) throws(DatabaseError) {
        // In order: an index takes them faster, and of several programs that add to it none waits
        // for one that waits for it.
        unresolved.sort { keys.name($0).lexicographicallyPrecedes(keys.name($1)) }
        var rows = Rows(columnCount: table.keyColumns.count)
        for number in unresolved { append(keys.name(number), to: &rows) }
        for (number, id) in zip(unresolved, try database.ids(of: rows, in: table)) {
            ids[number] = id
        }
        unresolved = []
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
