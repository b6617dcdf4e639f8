/// Numbers for names: the same for the same bytes, counted from 0.
///
/// A hash table with open addressing over one array of bytes. By hand, because a `Dictionary` of
/// `String` takes names for equal that differ in their bytes (`é` composed and not), and one of
/// `[UInt8]` needs an allocation to look a slice up.
struct NameTable {
    private var bytes: [UInt8] = []
    /// Where the name of number n ends; it begins where the one before ends.
    private var ends: [UInt32] = []
    private var slots = NumberSlots()

    var count: Int { ends.count }

    /// Bytes of memory, about: an array has twice as many as it needs when it has just grown.
    var byteCount: Int { bytes.capacity + ends.capacity * 4 + slots.byteCount }

    mutating func number(of name: Span<UInt8>) -> Int {
        let hash = slots.hash(name)
        let slot = slots.slot(hash: hash) { isEqual($0, name) }
        if let number = slots.number(in: slot) { return number }
        let number = ends.count
        for index in name.indices { bytes.append(name[index]) }
        ends.append(UInt32(bytes.count))
        slots.put(number, hash: hash, in: slot)
        if slots.areCrowded(ends.count) {
            slots = slots.doubled(ends.count) { slots.hash(bytes[range($0)].span) }
        }
        return number
    }

    /// The bytes that have this number.
    func name(_ number: Int) -> ArraySlice<UInt8> { bytes[range(number)] }

    private func range(_ number: Int) -> Range<Int> {
        (number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])
    }

    private func isEqual(_ number: Int, _ name: Span<UInt8>) -> Bool {
        let range = range(number)
        guard range.count == name.count else { return false }
        let bytes = bytes.span
        for index in name.indices where bytes[range.lowerBound + index] != name[index] {
            return false
        }
        return true
    }
}

/// Where the numbers of things are found by their hashes: the part that hash tables have in common
/// whose things stand elsewhere in the order of their numbers.
struct NumberSlots {
    /// Number plus one in the lower `bits`, a part of the hash above, or 0 where the slot is free.
    /// That part spares most of the looks at things that are others.
    private var slots = [UInt32](repeating: 0, count: 1024)
    private var bits = 10
    // Chosen anew for each table, so that nobody can choose names that collide.
    private let seed = UInt64.random(in: .min ... .max)
    private let factor = UInt64.random(in: .min ... .max) | 1

    var byteCount: Int { slots.count * 4 }

    /// The slot of a thing, or the free one that it would take.
    func slot(hash: UInt64, isEqual: (_ number: Int) -> Bool) -> Int {
        let mask = slots.count - 1
        let tag = tag(of: hash)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> bits == tag && isEqual(Int(slots[slot]) & mask - 1) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func tag(of hash: UInt64) -> UInt32 { UInt32(hash >> 32) >> bits }

    /// The number that is in a slot, nil if it is free.
    func number(in slot: Int) -> Int? {
        slots[slot] == 0 ? nil : Int(slots[slot]) & (slots.count - 1) - 1
    }

    mutating func put(_ number: Int, hash: UInt64, in slot: Int) {
        slots[slot] = tag(of: hash) << bits | UInt32(number + 1)
    }

    /// Whether there should be more of them for so many things.
    func areCrowded(_ count: Int) -> Bool { count * 5 > slots.count * 4 }

    /// Twice as many slots.
    /// - Parameter hash: that of the thing of each number.
    func doubled(_ count: Int, hash: (_ number: Int) -> UInt64) -> NumberSlots {
        var doubled = self
        doubled.slots = [UInt32](repeating: 0, count: slots.count * 2)
        doubled.bits += 1
        for number in 0..<count {
            let hash = hash(number)
            doubled.put(number, hash: hash, in: doubled.slot(hash: hash) { _ in false })
        }
        return doubled
    }

    /// Folded multiplication, eight bytes at a time: a fifth of the time of a `Hasher`.
    func hash(_ bytes: Span<UInt8>) -> UInt64 {
        let words = unsafe bytes.bytes
        var hash = self.hash(UInt64(truncatingIfNeeded: bytes.count))
        var index = 0
        while index + 8 <= bytes.count {
            let word = unsafe words.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            hash = self.hash(hash ^ word)
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        return self.hash(hash ^ rest)
    }

    func hash(_ number: UInt64) -> UInt64 {
        let (high, low) = (number ^ seed).multipliedFullWidth(by: factor)
        return high ^ low
    }
}
