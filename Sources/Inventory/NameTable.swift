/// Numbers for names: the same for the same bytes, counted from 0.
///
/// A hash table with open addressing over one array of bytes. By hand, because a `Dictionary` of
/// `String` takes names for equal that differ in their bytes (`é` composed and not), and one of
/// `[UInt8]` needs an allocation to look a slice up.
struct NameTable {
    private var bytes: [UInt8] = []
    /// Where the name of number n ends; it begins where the one before ends.
    private var ends: [UInt32] = []
    /// Number plus one, or 0 where the slot is free. The count is a power of two.
    private var slots = [UInt32](repeating: 0, count: 1024)

    /// Bytes of memory, about.
    var byteCount: Int { bytes.count + ends.count * 4 + slots.count * 4 }

    mutating func number(of name: ArraySlice<UInt8>) -> Int {
        var slot = slot(of: name)
        if slots[slot] != 0 { return Int(slots[slot] - 1) }
        bytes += name
        ends.append(UInt32(bytes.count))
        let number = ends.count - 1
        if ends.count * 2 > slots.count {
            grow()
            slot = self.slot(of: name)
        } else {
            slots[slot] = UInt32(number + 1)
        }
        return number
    }

    /// The bytes that have this number.
    func name(_ number: Int) -> ArraySlice<UInt8> {
        bytes[(number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])]
    }

    /// The slot of the name, or the free one that it would take.
    private func slot(of name: ArraySlice<UInt8>) -> Int {
        var slot = hash(name) & (slots.count - 1)
        while slots[slot] != 0 && self.name(Int(slots[slot] - 1)) != name {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in ends.indices {
            slots[slot(of: name(number))] = UInt32(number + 1)
        }
    }

    /// Seeded anew in each process, so that nobody can choose names that collide.
    private func hash(_ name: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe name.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
