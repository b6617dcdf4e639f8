/// Assigns numbers to names, counted from 0: equal bytes have the same number.
///
/// It is a hash table with open addressing over one array of bytes. A `Dictionary` of `String`
/// treats names as equal that differ in their bytes (`é` composed and decomposed), and one of
/// `[UInt8]` needs an allocation to look up a slice.
package struct NameTable: Sendable {
    private var bytes: [UInt8] = []
    /// The end of each name in `bytes`; a name begins at the end of the previous one.
    private var ends: [UInt32] = []
    private var slots = NumberSlots()

    /// No names.
    package init() {}

    /// The number of names.
    package var count: Int { ends.count }

    /// Approximate memory use in bytes: an array that has just grown has twice the capacity it
    /// needs.
    package var byteCount: Int { bytes.capacity + ends.capacity * 4 + slots.byteCount }

    /// The number of a name, which is added if it is new.
    package mutating func number(of name: Span<UInt8>) -> Int {
        let hash = slots.hash(name)
        let slot = slots.slot(hash: hash) { isEqual(range($0), name) }
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

    /// Appends the number of each name of a block. New names are added.
    ///
    /// Each step is taken for all names: in a large table nearly every access waits for memory, and
    /// waits within a step overlap.
    package mutating func appendNumbers(of block: NameBlock, to numbers: inout [Int]) {
        let names = block.bytes.span
        let hashes = block.ranges.map { slots.hash(names.extracting($0)) }
        let candidates = hashes.map { slots.candidate(hash: $0) }
        let known = candidates.map { $0.map(range) }
        for (index, own) in block.ranges.enumerated() {
            let name = names.extracting(own)
            if let candidate = candidates[index], isEqual(known[index]!, name) {
                numbers.append(candidate)
            } else {
                numbers.append(number(of: name))
            }
        }
    }

    /// The name with this number.
    package func name(_ number: Int) -> ArraySlice<UInt8> { bytes[range(number)] }

    /// The numbers of names in the order of the names' bytes.
    package func sorted(_ numbers: [Int]) -> [Int] {
        numbers.map { (beginning: beginning(of: $0), number: $0) }
            .sorted { one, other in
                if one.beginning != other.beginning { return one.beginning < other.beginning }
                return bytes[range(one.number)].lexicographicallyPrecedes(
                    bytes[range(other.number)])
            }
            .map(\.number)
    }

    /// The first eight bytes of a name as an integer, which decides most comparisons. Zeros follow a
    /// shorter name.
    private func beginning(of number: Int) -> UInt64 {
        let range = range(number)
        return (0..<8).reduce(0) { beginning, index in
            beginning << 8 | (index < range.count ? UInt64(bytes[range.lowerBound + index]) : 0)
        }
    }

    private func range(_ number: Int) -> Range<Int> {
        (number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])
    }

    @inline(__always)
    private func isEqual(_ range: Range<Int>, _ name: Span<UInt8>) -> Bool {
        guard range.count == name.count else { return false }
        let known = unsafe bytes.span.extracting(range).bytes
        let other = unsafe name.bytes
        var index = 0
        while index + 8 <= name.count {
            let word = unsafe known.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let otherWord = unsafe other.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word != otherWord { return false }
            index += 8
        }
        while index < name.count {
            if bytes[range.lowerBound + index] != name[index] { return false }
            index += 1
        }
        return true
    }
}

/// Names whose numbers are looked up together.
package struct NameBlock: Sendable {
    fileprivate private(set) var bytes: [UInt8] = []
    /// The range of each name in `bytes`.
    fileprivate private(set) var ranges: [Range<Int>] = []

    /// No names.
    package init() {}

    /// The number of names.
    package var count: Int { ranges.count }

    /// Appends a name.
    /// - Parameter body: appends its bytes to the array that it is given.
    package mutating func append(_ body: (inout [UInt8]) -> Void) {
        let start = bytes.count
        body(&bytes)
        ranges.append(start..<bytes.count)
    }

    /// Removes all names.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
    }
}

/// The slots of a hash table whose elements are stored elsewhere, in the order of their numbers.
///
/// Inlined in other modules, too, as a load looks up each process. That needs `@usableFromInline` of the
/// type: without it the compiler ignores `@inlinable` of what is `package`.
@usableFromInline package struct NumberSlots: Sendable {
    /// Number plus one in the lower `bits` bits, a part of the hash above; 0 if the slot is free.
    /// The part of the hash avoids most comparisons with other elements.
    @usableFromInline var slots = [UInt32](repeating: 0, count: 1024)
    @usableFromInline var bits = 10
    // Random for each table, so that names cannot be chosen to collide.
    @usableFromInline let seed = UInt64.random(in: .min ... .max)
    @usableFromInline let factor = UInt64.random(in: .min ... .max) | 1

    /// No elements.
    @inlinable package init() {}

    /// Memory use in bytes.
    package var byteCount: Int { slots.count * 4 }

    /// The greatest memory use in bytes on the way to `count` elements: when the slots are doubled, the old ones
    /// are there, too.
    package func byteCount(holding count: Int) -> Int {
        var size = slots.count
        while count * 5 > size * 4 { size *= 2 }
        return (size > slots.count ? size + size / 2 : size) * 4
    }

    /// The slot of an element, or the free slot where it would be inserted.
    @inlinable @inline(__always)
    package func slot(hash: UInt64, isEqual: (_ number: Int) -> Bool) -> Int {
        let mask = slots.count - 1
        let tag = tag(of: hash)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            if slots[slot] >> bits == tag && isEqual(Int(slots[slot]) & mask - 1) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }

    /// The number in the first slot for a hash that may be that of the element; nil if there is none.
    @inlinable @inline(__always)
    func candidate(hash: UInt64) -> Int? {
        let slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        return slots[slot] >> bits == tag(of: hash) ? number(in: slot) : nil
    }

    @inlinable @inline(__always)
    func tag(of hash: UInt64) -> UInt32 { UInt32(hash >> 32) >> bits }

    /// The number in a slot; nil if the slot is free.
    @inlinable @inline(__always)
    package func number(in slot: Int) -> Int? {
        slots[slot] == 0 ? nil : Int(slots[slot]) & (slots.count - 1) - 1
    }

    /// Puts a number into a free slot.
    @inlinable @inline(__always)
    package mutating func put(_ number: Int, hash: UInt64, in slot: Int) {
        slots[slot] = tag(of: hash) << bits | UInt32(number + 1)
    }

    /// Whether `count` elements need more slots: the load factor exceeds 0.8.
    @inlinable @inline(__always)
    package func areCrowded(_ count: Int) -> Bool { count * 5 > slots.count * 4 }

    /// A copy with twice as many slots.
    /// - Parameter hash: the hash of the element with each number.
    @inlinable package func doubled(_ count: Int, hash: (_ number: Int) -> UInt64) -> NumberSlots {
        var doubled = self
        doubled.slots = [UInt32](repeating: 0, count: slots.count * 2)
        doubled.bits += 1
        for number in 0..<count {
            let hash = hash(number)
            doubled.put(number, hash: hash, in: doubled.slot(hash: hash) { _ in false })
        }
        return doubled
    }

    /// Folded multiplication of eight bytes at a time, in a fifth of the time of a `Hasher`.
    @inlinable package func hash(_ bytes: Span<UInt8>) -> UInt64 {
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

    /// The same of a number.
    @inlinable @inline(__always)
    package func hash(_ number: UInt64) -> UInt64 {
        let (high, low) = (number ^ seed).multipliedFullWidth(by: factor)
        return high ^ low
    }
}
