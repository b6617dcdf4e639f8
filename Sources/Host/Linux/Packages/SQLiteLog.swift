/// A write-ahead log: pages of committed transactions that are not in the database yet.
/// https://www.sqlite.org/fileformat2.html#walformat
final class SQLiteLog {
    private let file: DatabaseFile
    /// The first bytes, by which a log that begins again differs.
    private let head: [UInt8]
    /// Bytes of a page.
    let pageSize: Int
    /// Pages of the database after the last transaction.
    private(set) var pageCount: Int64 = 0
    /// The page in the upper half and the frame in the lower, sorted.
    private var frames: [UInt64] = []

    private static let headerSize = 32
    private static let frameHeaderSize = 24

    /// - Returns: nil if there is no committed transaction in it.
    init?(_ file: DatabaseFile) throws(SourceFailure) {
        head = try file.beginning(at: 0, count: Self.headerSize)
        self.file = file
        // Whether checksums are of big-endian numbers.
        let magic = number(head, 0)
        var sum = Checksum(isBigEndian: magic & 1 == 1)
        sum.add(head, from: 0, upTo: 24)
        pageSize = Int(truncatingIfNeeded: number(head, 8))
        guard head.count == Self.headerSize, magic & ~1 == 0x377F_0682,
            number(head, 4) == 3_007_000, 512...65536 ~= pageSize,
            pageSize & (pageSize - 1) == 0, sum.isEqual(head, 24)
        else { return nil }  // SQLite ignores it, too.
        try readFrames(&sum)
        if frames.isEmpty { return nil }
        heapSort(
            frames.count, isBefore: { frames[$0] < frames[$1] }, swap: { frames.swapAt($0, $1) })
    }

    /// Frames count up to the last commit before one that is not sound or not of this log.
    private func readFrames(_ sum: inout Checksum) throws(SourceFailure) {
        var committed = 0
        var offset = Int64(Self.headerSize)
        let size = Self.frameHeaderSize + pageSize
        while true {
            let frame = try file.beginning(at: min(offset, file.size), count: size)
            guard frame.count == size, number(frame, 8) == number(head, 16),
                number(frame, 12) == number(head, 20)
            else { break }
            sum.add(frame, from: 0, upTo: 8)
            sum.add(frame, from: Self.frameHeaderSize, upTo: size)
            guard sum.isEqual(frame, 16), number(frame, 0) > 0 else { break }
            if frames.count >= PackageLimits.logFrames { throw .tooLarge }
            frames.append(UInt64(number(frame, 0)) << 32 | UInt64(frames.count))
            if number(frame, 4) > 0 {
                committed = frames.count
                pageCount = Int64(number(frame, 4))
            }
            offset += Int64(size)
        }
        frames.removeLast(frames.count - committed)
    }

    /// How many pages it has, older versions included.
    var frameCount: Int { frames.count }

    /// Whether the log was begun again meanwhile.
    func isChanged() throws(SourceFailure) -> Bool {
        try file.beginning(at: 0, count: head.count) != head
    }

    /// Where the newest version of a page begins, as an offset in the log; nil if it has none.
    @inline(never)
    func offset(ofPage page: UInt32) -> Int64? {
        // The last frame of the page, or of those before it.
        var (low, high) = (0, frames.count)
        while low < high {
            let middle = (low + high) / 2
            if UInt32(truncatingIfNeeded: frames[middle] >> 32) <= page {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low > 0, UInt32(truncatingIfNeeded: frames[low - 1] >> 32) == page else { return nil }
        let frame = Int64(frames[low - 1] & 0xFFFF_FFFF)
        return DatabaseFile.inLog + Int64(Self.headerSize)
            + frame * Int64(Self.frameHeaderSize + pageSize) + Int64(Self.frameHeaderSize)
    }
}

/// "Checksum Algorithm": of numbers of 4 bytes, in twos.
private struct Checksum {
    let isBigEndian: Bool
    private var sums: (UInt32, UInt32) = (0, 0)

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    @inline(never)
    mutating func add(_ bytes: [UInt8], from start: Int, upTo end: Int) {
        var place = start
        while place < end {
            sums.0 = sums.0 &+ number(bytes, place, isBigEndian: isBigEndian) &+ sums.1
            sums.1 = sums.1 &+ number(bytes, place + 4, isBigEndian: isBigEndian) &+ sums.0
            place += 8
        }
    }

    /// Whether these are the sums in a header.
    func isEqual(_ bytes: [UInt8], _ offset: Int) -> Bool {
        number(bytes, offset) == sums.0 && number(bytes, offset + 4) == sums.1
    }
}
