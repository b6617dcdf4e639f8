import Files

/// The names of the files in a zip archive, from its central directory (APPNOTE.TXT, 4.3.12 and
/// 4.3.16).
struct ZipDirectory {
    let names: [[UInt8]]

    /// The maximum size of a central directory in bytes.
    private static let maxBytes = 1 << 20
    /// The size of the end record, and with the longest comment after it.
    private static let endBytes = 22
    private static let maxTailBytes = endBytes + 0xFFFF

    /// - Returns: nil if the names cannot be determined with certainty: for a split archive, a
    ///   Zip64 archive (over 4 GiB), one with data before or after it, one that is damaged, and one
    ///   that can be read in two ways.
    init?(_ file: borrowing OpenFile) throws(FileError) {
        let size = try file.status().size
        let tail = ZipRecord(try file.ending(count: Self.maxTailBytes))
        let ends = tail.places(of: [0x50, 0x4B, 5, 6])
        guard ends.count == 1, let end = tail.record(at: ends[0], count: Self.endBytes),
            ends[0] + Self.endBytes + end.number(at: 20, bytes: 2) == tail.bytes.count
        else { return nil }
        let entries = end.number(at: 10, bytes: 2)
        let count = end.number(at: 12, bytes: 4)
        let start = end.number(at: 16, bytes: 4)
        guard end.number(at: 4, bytes: 4) == 0, end.number(at: 8, bytes: 2) == entries,
            count <= Self.maxBytes, start + count == size - tail.bytes.count + ends[0]
        else { return nil }
        let directory = ZipRecord(try file.part(at: start, count: count))
        guard directory.bytes.count == count, let names = directory.names(entries) else {
            return nil
        }
        self.names = names
    }
}

/// Bytes with numbers in little-endian order.
private struct ZipRecord {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes)[...] }

    func number(at place: Int, bytes count: Int) -> Int {
        bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// - Returns: nil if there are too few bytes.
    func record(at place: Int, count: Int) -> ZipRecord? {
        place + count <= bytes.count ? ZipRecord(bytes[place..<place + count]) : nil
    }

    func places(of mark: [UInt8]) -> [Int] {
        bytes.indices.filter { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
    }

    /// The names in a central directory; nil unless it has exactly `count` entries.
    func names(_ count: Int) -> [[UInt8]]? {
        var names: [[UInt8]] = []
        var place = 0
        while let entry = record(at: place, count: 46), names.count < count {
            guard entry.bytes.starts(with: [0x50, 0x4B, 1, 2]) else { return nil }
            let lengths = [28, 30, 32].map { entry.number(at: $0, bytes: 2) }
            guard let name = record(at: place + 46, count: lengths[0]) else { return nil }
            names.append(Array(name.bytes))
            place += 46 + lengths.reduce(0, +)
        }
        return place == bytes.count && names.count == count ? names : nil
    }
}
