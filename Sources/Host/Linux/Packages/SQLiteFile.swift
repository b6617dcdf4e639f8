/// A table of a database of SQLite, read without SQLite: https://www.sqlite.org/fileformat2.html.
final class SQLiteFile {
    private let file: DatabaseFile
    private let log: SQLiteLog?
    private let pageSize: Int
    /// Bytes of a page without those that are kept for extensions.
    private let usable: Int
    private let pageCount: Int64
    /// How many more pages of the tree are read: in a sound file each is once.
    private var pagesLeft: Int64
    /// How many more bytes of rows are read: rows do not overlap.
    private var bytesLeft: Int64
    /// The pages of the tree that have not been read yet, the next one last.
    private var waiting: [UInt32] = []
    /// Whether the file should have more pages.
    let isCut: Bool

    // A leaf of the tree, which has rows.
    private var leaf: [UInt8] = []
    private var leafPlace: Int64 = 0
    private var leafHeader = 0
    /// The number of rows of the leaf.
    private(set) var rowCount = 0

    /// - Parameter file: the database; its log is that beside it.
    init(_ file: DatabaseFile, _ log: SQLiteLog?) throws(SourceFailure) {
        let head = try Self.head(file, log)
        var pageSize = Int(number(head, 16, 2))
        if pageSize == 1 { pageSize = 65536 }
        let usable = pageSize - Int(head[20])
        // A version of the format that is read, and texts in UTF-8.
        guard head.starts(with: Array("SQLite format 3\0".utf8)), pageSize >= 512,
            pageSize & (pageSize - 1) == 0, usable >= 480, head[19] <= 2, number(head, 56) == 1
        else { throw .unknownForm }
        let pages = file.size / Int64(pageSize)
        var pageCount = pages
        var frames = 0
        if let log {
            if log.pageSize != pageSize { throw .otherLog }
            pageCount = log.pageCount
            frames = log.frameCount
        } else if number(head, 24) == number(head, 92), number(head, 28) > 0 {
            pageCount = Int64(number(head, 28))
        }
        isCut = log == nil && pageCount > pages
        pagesLeft = pages + Int64(frames)
        bytesLeft = pagesLeft * Int64(pageSize)
        (self.file, self.log) = (file, log)
        (self.pageSize, self.usable, self.pageCount) = (pageSize, usable, pageCount)
    }

    /// The file's header, which begins its first page.
    static func head(_ file: DatabaseFile, _ log: SQLiteLog?) throws(SourceFailure) -> [UInt8] {
        try file.bytes(at: log?.offset(ofPage: 1) ?? 0, count: 100)
    }

    /// Where a page begins.
    private func place(_ page: UInt32) throws(SourceFailure) -> Int64 {
        if page == 0 || Int64(page) > pageCount { throw .damagedPage }
        return log?.offset(ofPage: page) ?? Int64(page - 1) * Int64(pageSize)
    }

    /// Begins to read the table whose tree has this root.
    func begin(_ root: UInt32) { waiting = [root] }

    /// Reads the next leaf. May be called again where it throws: the other leaves follow.
    /// - Returns: false if there are no more.
    @inline(never)
    func advance() throws(SourceFailure) -> Bool {
        rowCount = 0
        while let page = waiting.popLast() {
            pagesLeft -= 1
            if pagesLeft < 0 {
                waiting = []
                throw .damagedPage
            }
            let place = try place(page)
            let bytes = try file.bytes(at: place, count: pageSize)
            // The first page begins with the file's header.
            let header = page == 1 ? 100 : 0
            let isLeaf = bytes[header] == 13
            let count = Int(number(bytes, header + 3, 2))
            let pointers = header + (isLeaf ? 8 : 12)
            guard isLeaf || bytes[header] == 5, pointers + 2 * count <= usable else {
                throw .damagedPage
            }
            if isLeaf {
                (leaf, leafPlace, leafHeader, rowCount) = (bytes, place, header, count)
                return true
            }
            guard waiting.count + count < PackageLimits.waitingPages else {
                waiting = []
                throw .damagedPage
            }
            waiting.append(number(bytes, header + 8))
            for index in stride(from: count - 1, through: 0, by: -1) {
                waiting.append(number(bytes, Int(number(bytes, pointers + 2 * index, 2))))
            }
        }
        return false
    }

    /// A row of the leaf.
    @inline(never)
    func row(_ index: Int) throws(SourceFailure) -> SQLiteRow {
        var start = Int(number(leaf, leafHeader + 8 + 2 * index, 2))
        let size = try varint(leaf, &start)
        _ = try varint(leaf, &start)
        if size > PackageLimits.headerBytes { throw .headerTooLarge }
        bytesLeft -= max(size, 64)
        if bytesLeft < 0 {
            waiting = []
            throw .damagedRow
        }
        // "B-tree Cell Format": how much of the record is in the leaf.
        let count = Int(size)
        var local = count
        if count > usable - 35 {
            let least = (usable - 12) * 32 / 255 - 23
            local = least + (count - least) % (usable - 4)
            if local > usable - 35 { local = least }
        }
        guard start + local + (local < count ? 4 : 0) <= usable else { throw .damagedRow }
        var record = Blob(file)
        record.append(leafPlace + Int64(start), local)
        var next = number(leaf, start + local)
        while record.count < count {
            let place = try place(next)
            record.append(place + 4, min(usable - 4, count - record.count))
            if record.count < count { next = number(try file.bytes(at: place, count: 4), 0) }
        }
        return SQLiteRow(record: record, head: Array(leaf[start..<start + min(local, 256)]))
    }

    /// The root of the table of this name.
    /// - Throws: if there is no such table.
    func root(of table: StaticString) throws(SourceFailure) -> UInt32 {
        begin(1)
        while try advance() {
            for index in 0..<rowCount {
                // Type, name, table, root, text.
                let row = try row(index)
                if try row.bytes(0).equals("table"), try row.bytes(1).equals(table) {
                    let root = try row.bytes(3)
                    return number(root, 0, min(4, root.count))
                }
            }
        }
        throw .noTable
    }
}

/// A row, "Record Format": a header of numbers for the types of the columns, then the columns.
struct SQLiteRow {
    /// All of it.
    var record: Blob
    /// Its first bytes, with the header.
    let head: [UInt8]

    /// Where a column is in the record.
    @inline(never)
    func column(_ index: Int) throws(SourceFailure) -> Range<Int> {
        var place = 0
        let size = try varint(head, &place)
        var start = size
        for column in 0...index {
            if place >= size { throw .damagedRow }
            let type = try varint(head, &place)
            let count: Int64 =
                switch type {
                case 0, 8, 9: 0
                case 1...4: type
                case 5: 6
                case 6, 7: 8
                default: (type - 12) / 2
                }
            // SQLite keeps them for itself.
            if type == 10 || type == 11 { throw .damagedRow }
            if start + count > record.count { throw .damagedRow }
            if column == index { return Int(start)..<Int(start + count) }
            start += count
        }
        throw .damagedRow
    }

    /// The first bytes of a column.
    func bytes(_ index: Int) throws(SourceFailure) -> [UInt8] {
        let column = try column(index)
        return try record.bytes(at: column.lowerBound, limit: min(column.count, 64))
    }
}

/// An integer of 1 to 9 bytes, 7 bits in each but the ninth.
/// - Throws: if it does not end within the bytes, or is negative.
@inline(never)
private func varint(_ bytes: [UInt8], _ place: inout Int) throws(SourceFailure) -> Int64 {
    var value: Int64 = 0
    for index in 0..<9 {
        if place >= bytes.count { throw .damagedRow }
        let byte = bytes[place]
        place += 1
        value = index == 8 ? value << 8 | Int64(byte) : value << 7 | Int64(byte & 0x7F)
        if index == 8 || byte < 0x80 {
            // No size or type comes near what a sum with another could not hold.
            if value < 0 || value > 1 << 48 { throw .damagedRow }
            return value
        }
    }
    throw .damagedRow
}
