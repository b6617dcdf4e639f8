import Glibc
import Records

/// Lines of listed records that were read before, with what became of them.
///
/// The hosts of a fleet have the same packages, and a host has the same packages and accounts at each
/// visit: most lines were read before, byte for byte. Looking one up takes a tenth of the time that
/// parsing it takes. A line has one place, by its hash, where the last line with that place stands;
/// so the memory is bounded, and lines made to have the same hash only replace one another.
struct KnownLines: Sendable {
    private struct Entry {
        /// The line, and then the key of its item. Empty if no line stands here.
        var bytes: [UInt8] = []
        var lineCount = 0
        var kind = 0
    }

    /// The lengths of lines that are kept. Longer ones would take too much memory in all.
    private static let lengths = 16...400
    private static let placeCount = 1 << 15

    private var entries: [Entry] = []

    /// Finds a line that was kept.
    /// - Returns: the index of its kind in `ListedKind.all`, and the key of its item; nil if the line
    ///   is not kept.
    func find(_ line: Range<Int>, of text: [UInt8]) -> (kind: Int, key: ArraySlice<UInt8>)? {
        if entries.isEmpty || !Self.lengths.contains(line.count) { return nil }
        let entry = entries[Self.place(line, of: text)]
        guard entry.lineCount == line.count else { return nil }
        let isSame = unsafe text.withUnsafeBytes { text in
            unsafe entry.bytes.withUnsafeBytes { kept in
                unsafe memcmp(kept.baseAddress!, text.baseAddress! + line.lowerBound, line.count)
            }
        }
        return isSame == 0 ? (entry.kind, entry.bytes[line.count...]) : nil
    }

    /// Keeps a line with the key of its item.
    /// - Parameter kind: the index of the kind in `ListedKind.all`.
    mutating func keep(
        _ line: Range<Int>, of text: [UInt8], kind: Int, key: ArraySlice<UInt8>
    ) {
        guard Self.lengths.contains(line.count) else { return }
        if entries.isEmpty { entries = Array(repeating: Entry(), count: Self.placeCount) }
        let bytes = Array(text[line]) + key
        entries[Self.place(line, of: text)] = Entry(
            bytes: bytes, lineCount: line.count, kind: kind)
    }

    /// The place of a line. It is no defence against lines with equal places, and need not be one.
    private static func place(_ line: Range<Int>, of text: [UInt8]) -> Int {
        var hash = UInt64(line.count)
        unsafe text.withUnsafeBytes { text in
            func mix(_ index: Int) {
                hash ^= unsafe text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                hash &*= 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 32
            }
            var index = line.lowerBound
            while index + 8 <= line.upperBound {
                mix(index)
                index += 8
            }
            mix(line.upperBound - 8)
        }
        return Int(truncatingIfNeeded: hash) & (placeCount - 1)
    }
}
