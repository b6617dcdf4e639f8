import Database
import Evidence
import Records
import Text

/// The keys that identify the rows of a table, each with a number, counted from 0.
protocol EntityKeys {
    var count: Int { get }

    /// Approximate memory use in bytes.
    var byteCount: Int { get }

    /// Removes all keys.
    mutating func removeAll()

    /// The numbers of keys in the order of the table's index.
    func sorted(_ numbers: [Int]) -> [Int]

    /// Appends the columns of the table to a row.
    func append(_ number: Int, to rows: inout Rows)

    /// The number of the key in a row, whose first column is the id; nil if census would not write
    /// such a key.
    mutating func number(inRow row: Int, of rows: Rows) -> Int?
}

/// Keys of any columns, encoded as bytes.
struct ItemKeys: EntityKeys {
    private let columns: [ItemKey.Column]
    /// Whether the digest of the encoded key precedes the columns.
    private let areDigested: Bool
    private var encoded = NameTable()
    /// The SHA-256 of each encoded key if `areDigested`.
    private var digests: [ContentDigest] = []

    init(_ columns: [ItemKey.Column], areDigested: Bool = false) {
        self.columns = columns
        self.areDigested = areDigested
    }

    /// Those of a kind of items.
    init(_ kind: ListedKind) {
        self.init(
            kind.columns.map { ItemKey.Column($0.type, isNullable: $0.isNullable) },
            areDigested: kind.itemDigestColumn != nil)
    }

    var count: Int { encoded.count }
    var byteCount: Int { encoded.byteCount + digests.capacity * 32 }

    mutating func removeAll() {
        encoded = NameTable()
        digests = []
    }

    /// - Parameter key: an `ItemKey` of the columns; for a single text, the text itself.
    mutating func number(of key: Span<UInt8>) -> Int {
        let number = encoded.number(of: key)
        if areDigested && number == digests.count {
            digests.append(ContentDigest(of: Array(encoded.name(number))))
        }
        return number
    }

    func sorted(_ numbers: [Int]) -> [Int] { encoded.sorted(numbers) }

    /// The SHA-256 of the encoded key, if keys are digested.
    func digest(_ number: Int) -> ContentDigest { digests[number] }

    func append(_ number: Int, to rows: inout Rows) {
        if areDigested { rows.append(digest(number).hexadecimal) }
        for value in ItemKey.values(encoded.name(number), columns) {
            switch value {
            case .unknown: rows.append(nil as String?)
            case .integer(let integer): rows.append(integer)
            case .text(let text): rows.append(text)
            }
        }
    }

    mutating func number(inRow row: Int, of rows: Rows) -> Int? {
        var key: [UInt8] = []
        for (index, column) in columns.enumerated() {
            switch rows[row, index + (areDigested ? 2 : 1)] {
            case .null:
                if !column.isNullable { return nil }
                ItemKey.appendUnknown(to: &key)
            case .integer(let integer):
                if !column.isInteger { return nil }
                ItemKey.append(integer, column, to: &key)
            case .text(let place):
                let text = rows.text(place)
                if column.isInteger || text.contains(0) { return nil }
                ItemKey.append(text, column, isLast: index == columns.count - 1, to: &key)
            }
        }
        return number(of: key.span)
    }
}

/// Keys of a PID and a name. There are millions of them, with a few hundred names.
struct ProcessKeys: EntityKeys {
    private var names = NameTable()
    /// The PID in the upper 32 bits, the number of the name in the lower.
    private var keys: [UInt64] = []
    private var slots = NumberSlots()

    var count: Int { keys.count }
    /// The memory beyond the keys in an array that has just grown is never touched.
    var byteCount: Int { byteCount(adding: 0) }
    /// The greatest memory use until so many more keys are there.
    func byteCount(adding keys: Int) -> Int {
        let count = count + keys
        return nameByteCount + count * 8 + slots.byteCount(holding: count)
    }
    var nameByteCount: Int { names.byteCount }

    mutating func removeAll() { self = ProcessKeys() }

    mutating func number(of pid: UInt32, _ name: Span<UInt8>) -> Int {
        let key = UInt64(pid) << 32 | UInt64(truncatingIfNeeded: names.number(of: name))
        let hash = slots.hash(key)
        let slot = slots.slot(hash: hash) { keys[$0] == key }
        if let number = slots.number(in: slot) { return number }
        let number = keys.count
        keys.append(key)
        slots.put(number, hash: hash, in: slot)
        if slots.areCrowded(keys.count) {
            slots = slots.doubled(keys.count) { slots.hash(keys[$0]) }
        }
        return number
    }

    private func pid(_ number: Int) -> UInt64 { keys[number] >> 32 }

    private func name(_ number: Int) -> Int {
        Int(truncatingIfNeeded: keys[number] & 0xFFFF_FFFF)
    }

    /// By PID, then name. The names are sorted by themselves, so that integers are compared after that.
    func sorted(_ numbers: [Int]) -> [Int] {
        var ranks = [UInt64](repeating: 0, count: names.count)
        for number in numbers { ranks[name(number)] = 1 }
        let used = names.sorted(ranks.indices.filter { ranks[$0] != 0 })
        for (rank, name) in used.enumerated() { ranks[name] = UInt64(rank) }
        return numbers.map { (key: pid($0) << 32 | ranks[name($0)], number: $0) }
            .sorted { $0.key < $1.key }
            .map(\.number)
    }

    func append(_ number: Int, to rows: inout Rows) {
        rows.append(Int64(pid(number)))
        rows.append(names.name(name(number)))
    }

    mutating func number(inRow row: Int, of rows: Rows) -> Int? {
        guard let pid = rows.integer(row, 1).flatMap({ UInt32(exactly: $0) }),
            let name = rows.text(row, 2)
        else { return nil }
        return number(of: pid, name.span)
    }
}
