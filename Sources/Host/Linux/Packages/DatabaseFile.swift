/// A file of a database, of which each part is read when it is needed, and none is kept.
final class DatabaseFile {
    private let file: HostFile
    /// Its length in bytes when it was opened.
    let size: Int64
    /// A second file, whose offsets have `inLog` added.
    private let log: DatabaseFile?

    /// What an offset in the log is greater by.
    static let inLog: Int64 = 1 << 62

    private init(_ file: consuming HostFile, _ size: Int64, _ log: DatabaseFile?) {
        self.file = file
        self.size = size
        self.log = log
    }

    /// - Throws: if it is too large.
    static func open(
        _ file: consuming HostFile, log: DatabaseFile? = nil
    ) throws(SourceFailure) -> DatabaseFile {
        let size: Int64
        do throws(HostError) { size = try file.size() } catch { throw SourceFailure(error) }
        if size > PackageLimits.databaseBytes { throw .tooLarge }
        return DatabaseFile(file, size, log)
    }

    /// - Returns: nil if there is none.
    /// - Throws: also if it is no regular file.
    static func open(
        _ path: String, _ tree: borrowing HostTree
    ) throws(SourceFailure) -> DatabaseFile? {
        guard let file = try tree.openSource(Array(path.utf8)) else { return nil }
        do throws(HostError) {
            let size = try file.size()
            return DatabaseFile(file, size, nil)
        } catch {
            throw SourceFailure(error)
        }
    }

    /// The bytes from an offset on.
    /// - Throws: also if there are not so many.
    @inline(never)
    func bytes(at offset: Int64, count: Int) throws(SourceFailure) -> [UInt8] {
        let bytes = try beginning(at: offset, count: count)
        if bytes.count < count { throw .cut }
        return bytes
    }

    /// The bytes from an offset on, `count` at the most.
    @inline(never)
    func beginning(at offset: Int64, count: Int) throws(SourceFailure) -> [UInt8] {
        if let log, offset >= Self.inLog {
            return try log.beginning(at: offset - Self.inLog, count: count)
        }
        if offset < 0 || offset > size { throw .cut }
        do throws(HostError) {
            return try file.bytes(at: offset, count: count)
        } catch {
            throw SourceFailure(error)
        }
    }
}

/// A value of a database, which may be in several parts of its file.
struct Blob {
    private struct Part {
        var offset: Int64
        var count: Int
    }

    private let file: DatabaseFile
    private var parts: [Part] = []
    /// Its length in bytes.
    private(set) var count = 0

    init(_ file: DatabaseFile) { self.file = file }

    /// Adds a part behind those before.
    @inline(never)
    mutating func append(_ offset: Int64, _ count: Int) {
        parts.append(Part(offset: offset, count: count))
        self.count += count
    }

    /// Removes the first bytes, which are all in the first part.
    mutating func removeFirst(_ dropped: Int) throws(SourceFailure) {
        guard !parts.isEmpty, dropped <= parts[0].count else { throw .damagedRow }
        parts[0].offset += Int64(dropped)
        parts[0].count -= dropped
        count -= dropped
    }

    /// The bytes from an index on, `limit` at the most.
    @inline(never)
    func bytes(at start: Int, limit: Int) throws(SourceFailure) -> [UInt8] {
        var result: [UInt8] = []
        var start = start
        for part in parts {
            if start >= part.count {
                start -= part.count
                continue
            }
            let count = min(part.count - start, limit - result.count)
            result += try file.bytes(at: part.offset + Int64(start), count: count)
            if result.count == limit { break }
            start = 0
        }
        return result
    }
}

/// The number in `count` bytes, 4 at the most; 0 where they are not there.
@inline(never)
func number(
    _ bytes: [UInt8], _ offset: Int, _ count: Int = 4, isBigEndian: Bool = true
) -> UInt32 {
    guard offset >= 0, offset <= bytes.count - count else { return 0 }
    var number: UInt32 = 0
    for index in 0..<count {
        number = number << 8 | UInt32(bytes[offset + (isBigEndian ? index : count - 1 - index)])
    }
    return number
}
