import Records

extension PackageList {
    /// Reads a hash of Berkeley DB 4 and 5, in either byte order: dbinc/db_page.h of Berkeley DB. The
    /// pages of its buckets are read one after the other; each has pairs of a key and a header.
    /// - Returns: what is wrong with it, if it could be read in part.
    mutating func readBerkeley(
        _ main: consuming HostFile
    ) throws(SourceFailure) -> SourceFailure? {
        var hash = try BerkeleyHash(try DatabaseFile.open(main))
        var failure: SourceFailure?
        if hash.isCut { failure = .cut }
        var number: Int64 = 1
        while number <= hash.lastPage {
            do throws(SourceFailure) {
                let items = try hash.items(ofPage: number)
                // A key of 0 has the number of the last package.
                for pair in stride(from: 0, to: items.count - 1, by: 2)
                where try hash.isPackage(items[pair]) {
                    failure = addRPM(try hash.blob(items[pair + 1])) ?? failure
                }
            } catch {
                failure = error
            }
            number += 1
        }
        return failure
    }
}

private struct BerkeleyHash {
    private let file: DatabaseFile
    private let isBigEndian: Bool
    private let pageSize: Int
    /// The number of the last page that is there.
    let lastPage: Int64
    /// Whether it should have more pages.
    let isCut: Bool
    /// How many more pages of large values are read: in a sound file each is once.
    private var pagesLeft: Int64

    private static let headerSize = 26

    /// An item of a page.
    struct Item {
        let bytes: ArraySlice<UInt8>
        /// In the file.
        let offset: Int64
    }

    init(_ file: DatabaseFile) throws(SourceFailure) {
        self.file = file
        let meta = try file.bytes(at: 0, count: 512)
        let magic: UInt32 = 0x061561
        let isBigEndian = number(meta, 12) == magic
        self.isBigEndian = isBigEndian
        func field(_ offset: Int) -> Int64 {
            Int64(number(meta, offset, isBigEndian: isBigEndian))
        }
        // The versions of 4.1 to 6.2; neither encrypted nor with checksums, as rpm has it.
        guard field(12) == magic, 8...10 ~= field(16), meta[24] == 0, meta[26] & 1 == 0 else {
            throw .unknownForm
        }
        let size = field(20)
        guard 512...65536 ~= size, size & (size - 1) == 0 else {
            throw .damagedHeader
        }
        pageSize = Int(size)
        let pages = file.size / size
        isCut = field(32) >= pages
        lastPage = min(field(32), pages - 1)
        pagesLeft = pages
    }

    private func field(_ bytes: [UInt8], _ offset: Int, _ count: Int = 4) -> Int {
        Int(truncatingIfNeeded: number(bytes, offset, count, isBigEndian: isBigEndian))
    }

    /// Keys and values by turns; none of a page that is no bucket's.
    func items(ofPage page: Int64) throws(SourceFailure) -> [Item] {
        let start = page * Int64(pageSize)
        let header = try file.bytes(at: start, count: Self.headerSize)
        // A bucket, sorted or not. Other pages have large values, or are free.
        guard header[25] == 13 || header[25] == 2 else { return [] }
        let count = field(header, 20, 2)
        let first = Self.headerSize + 2 * count
        guard number(header, 8, isBigEndian: isBigEndian) == page, first <= pageSize else {
            throw .damagedPage
        }
        if count == 0 { return [] }
        let bytes = try file.bytes(at: start, count: pageSize)
        var items: [Item] = []
        // Each begins at its offset, and ends where the one before begins.
        var end = pageSize
        for index in 0..<count {
            let offset = field(bytes, Self.headerSize + 2 * index, 2)
            if offset < first || offset >= end { throw .damagedPage }
            items.append(Item(bytes: bytes[offset..<end], offset: start + Int64(offset)))
            end = offset
        }
        return items
    }

    /// Whether the key is a package's.
    func isPackage(_ key: Item) throws(SourceFailure) -> Bool {
        guard key.bytes.first == 1, key.bytes.count == 5 else {
            throw .damagedPage
        }
        return key.bytes.dropFirst().contains { $0 != 0 }
    }

    /// A value: in the page, or in a list of pages of its own.
    mutating func blob(_ item: Item) throws(SourceFailure) -> Blob {
        var blob = Blob(file)
        if item.bytes.first == 1 {
            blob.append(item.offset + 1, item.bytes.count - 1)
            return blob
        }
        let bytes = Array(item.bytes)
        guard bytes[0] == 3, bytes.count == 12 else { throw .damagedPage }
        var page = Int64(number(bytes, 4, isBigEndian: isBigEndian))
        let size = Int64(number(bytes, 8, isBigEndian: isBigEndian))
        if size > PackageLimits.headerBytes { throw .headerTooLarge }
        while Int64(blob.count) < size {
            pagesLeft -= 1
            guard page > 0, page <= lastPage, pagesLeft >= 0 else {
                throw .damagedPage
            }
            let start = page * Int64(pageSize)
            let header = try file.bytes(at: start, count: Self.headerSize)
            let count = field(header, 22, 2)
            guard header[25] == 7, number(header, 8, isBigEndian: isBigEndian) == page, count > 0,
                count <= pageSize - Self.headerSize, Int64(blob.count + count) <= size
            else { throw .damagedPage }
            blob.append(start + Int64(Self.headerSize), count)
            page = Int64(number(header, 16, isBigEndian: isBigEndian))
        }
        return blob
    }
}
