import Database
import Evidence
import Records

/// The sets of a kind of items whose lists are stored as sets.
///
/// A caller gets a number for each list from `number`, calls `resolve` after the items are resolved,
/// and then reads the id of each number. A set that is in the database has its links there, because
/// both are inserted in one transaction.
struct ItemSets {
    private let kind: ListedKind
    private let table: EntityTable
    /// The number of each list that was seen, in the order of its file.
    private var lists: [ContentDigest: Int] = [:]
    /// The number of each set by its digest, which does not depend on the order.
    private var sets: [ContentDigest: Int] = [:]
    /// The id of each set, by its number; 0 until it is resolved.
    private var ids: [Int64] = []
    /// The sets without an id: the digest, and the numbers of the items.
    private var unresolved: [(number: Int, digest: ContentDigest, items: [Int])] = []

    /// - Returns: nil if executions have links of their own.
    init?(_ kind: ListedKind) {
        guard let table = EntityTable(setsOf: kind) else { return nil }
        self.kind = kind
        self.table = table
    }

    /// Approximate memory use in bytes.
    var byteCount: Int { (lists.capacity + sets.capacity) * 48 + ids.capacity * 8 }

    /// Clears the cache.
    mutating func forget() {
        lists = [:]
        sets = [:]
        ids = []
        unresolved = []
    }

    func id(_ number: Int) -> Int64 { ids[number] }

    /// The number of the set of a list's items.
    mutating func number(of list: ItemList, _ items: inout EntityIDs<ItemKeys>) -> Int {
        let listDigest = list.digest
        if let number = lists[listDigest] { return number }
        var members = Set<Int>(minimumCapacity: list.count)
        for index in 0..<list.count { members.insert(items.keys.number(of: list[index].span)) }
        let digest = Self.digest(of: members.map { items.keys.digest($0) })
        let number = sets[digest] ?? ids.count
        if number == ids.count {
            sets[digest] = number
            ids.append(0)
            unresolved.append((number, digest, Array(members)))
        }
        lists[listDigest] = number
        return number
    }

    /// The SHA-256 of the digests of the items in hexadecimal, sorted, each with a newline.
    static func digest(of items: [ContentDigest]) -> ContentDigest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(items.count * 65)
        for item in items.sorted() {
            item.appendHexadecimal(to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return ContentDigest(of: bytes)
    }

    /// Finds the ids of all sets. New sets are inserted, with the links to their items.
    mutating func resolve(
        _ items: EntityIDs<ItemKeys>, in database: any Database
    ) throws(DatabaseError) {
        if unresolved.isEmpty { return }
        // In key order: programs that insert at once do not deadlock.
        unresolved.sort { $0.digest < $1.digest }
        var keys = Rows(columnCount: 1)
        for set in unresolved { keys.append(set.digest.hexadecimal) }
        let found = try database.find([table.idColumn], in: table, by: keys)
        var new: [Int] = []
        var rows = Rows(columnCount: table.columns.count)
        for (index, set) in unresolved.enumerated() {
            if let id = found.integer(index, 0) {
                ids[set.number] = id
                continue
            }
            new.append(index)
            rows.append(set.digest.hexadecimal)
            rows.append(set.items.count)
        }
        let newIDs = try database.insert(rows, into: table, columns: table.columns)
        var links = Rows(columnCount: 2)
        for (index, id) in zip(new, newIDs) {
            let set = unresolved[index]
            ids[set.number] = id
            for item in set.items.map(items.id).sorted() {
                links.append(id)
                links.append(item)
            }
            if links.count >= Self.linksAtOnce {
                try insert(links, into: database)
                links.removeAll()
            }
        }
        try insert(links, into: database)
        unresolved = []
    }

    /// The number of links that are inserted together.
    private static let linksAtOnce = 8192

    private func insert(_ links: Rows, into database: any Database) throws(DatabaseError) {
        try database.insert(
            links, into: kind.linkTable, columns: [kind.linkColumn, kind.idColumn])
    }
}
