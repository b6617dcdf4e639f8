import Database

/// The keys that identify the rows of a table, each with a number, counted from 0.
protocol EntityKeys {
    init()

    var count: Int { get }

    /// Approximate memory use in bytes.
    var byteCount: Int { get }

    /// Whether one key precedes another in the table's index.
    func precedes(_ number: Int, _ other: Int) -> Bool

    /// Appends the key to a row.
    func append(_ number: Int, to rows: inout Rows)

    /// The number of the key in a row, whose first column is the id; nil if census would not write
    /// such a key.
    mutating func number(inRow row: Int, of rows: Rows) -> Int?
}

/// Keys of a name.
struct NameKeys: EntityKeys {
    private var names = NameTable()

    var count: Int { names.count }
    var byteCount: Int { names.byteCount }

    mutating func number(of name: Span<UInt8>) -> Int { names.number(of: name) }

    func precedes(_ number: Int, _ other: Int) -> Bool {
        names.name(number).lexicographicallyPrecedes(names.name(other))
    }

    func append(_ number: Int, to rows: inout Rows) { rows.append(names.name(number)) }

    mutating func number(inRow row: Int, of rows: Rows) -> Int? {
        guard let name = rows.text(row, 1) else { return nil }
        return number(of: name.span)
    }
}

/// Keys of a name and a text that may be unknown.
struct NameAndTextKeys: EntityKeys {
    /// The name, followed by a NUL and the text if it is known: names and texts contain no NUL.
    private var names = NameTable()

    var count: Int { names.count }
    var byteCount: Int { names.byteCount }

    mutating func number(of name: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>?) -> Int {
        var key = name
        if let text { key += [0] + text }
        return names.number(of: key.span)
    }

    func precedes(_ number: Int, _ other: Int) -> Bool {
        names.name(number).lexicographicallyPrecedes(names.name(other))
    }

    func append(_ number: Int, to rows: inout Rows) {
        let parts = names.name(number).split(
            separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        rows.append(parts[0])
        if parts.count == 2 { rows.append(parts[1]) } else { rows.append(nil as String?) }
    }

    mutating func number(inRow row: Int, of rows: Rows) -> Int? {
        rows.text(row, 1).map { number(of: $0, rows.text(row, 2)) }
    }
}

/// Keys of a PID and a name. There are millions of them, with a few hundred names.
struct ProcessKeys: EntityKeys {
    private var names = NameTable()
    /// The PID in the upper 32 bits, the number of the name in the lower.
    private var keys: [UInt64] = []
    private var slots = NumberSlots()

    var count: Int { keys.count }
    var byteCount: Int { nameByteCount + keys.capacity * 8 + slots.byteCount }
    var nameByteCount: Int { names.byteCount }

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

    private func name(_ number: Int) -> ArraySlice<UInt8> {
        names.name(Int(truncatingIfNeeded: keys[number] & 0xFFFF_FFFF))
    }

    func precedes(_ number: Int, _ other: Int) -> Bool {
        let (pid, otherPID) = (pid(number), pid(other))
        if pid != otherPID { return pid < otherPID }
        return name(number).lexicographicallyPrecedes(name(other))
    }

    func append(_ number: Int, to rows: inout Rows) {
        rows.append(Int64(pid(number)))
        rows.append(name(number))
    }

    mutating func number(inRow row: Int, of rows: Rows) -> Int? {
        guard let pid = rows.integer(row, 1).flatMap({ UInt32(exactly: $0) }),
            let name = rows.text(row, 2)
        else { return nil }
        return number(of: pid, name.span)
    }
}
