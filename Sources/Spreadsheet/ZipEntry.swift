import CZlib
import Files

/// A file in a zip archive (PKWARE, APPNOTE.TXT, 4.3) without a comment, of less than 4 GiB.
struct ZipEntry {
    let name: String
    /// Where its local header begins.
    let offset: Int
    /// The bytes it takes in the archive, without header.
    let packedSize: Int
    /// Its own bytes.
    let size: Int

    /// Decompresses the file.
    /// - Parameter output: receives at most `size` bytes, in chunks.
    /// - Returns: false if it cannot be decompressed, or has another size.
    func inflate(
        from file: borrowing OpenFile, _ output: (ArraySlice<UInt8>) -> Void
    ) throws(FileError) -> Bool {
        let header = LittleEndian(bytes: try file.part(at: offset, count: 30))
        guard header.integer(0, 4) == 0x0403_4B50 else { return false }
        var place = offset + 30 + header.integer(26, 2) + header.integer(28, 2)
        var left = (packed: packedSize, unpacked: size)

        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard census_inflateInitRaw(stream) == Z_OK else { return false }
        defer { inflateEnd(stream) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var result = Z_OK
        while result == Z_OK && left.packed > 0 {
            var packed = try file.part(at: place, count: min(left.packed, 1 << 16))
            if packed.isEmpty { return false }
            place += packed.count
            left.packed -= packed.count
            packed.withUnsafeMutableBufferPointer { packed in
                stream.pointee.next_in = packed.baseAddress
                stream.pointee.avail_in = UInt32(packed.count)
                repeat {
                    let room = chunk.count
                    chunk.withUnsafeMutableBufferPointer { chunk in
                        stream.pointee.next_out = chunk.baseAddress
                        stream.pointee.avail_out = UInt32(room)
                        result = CZlib.inflate(stream, Z_NO_FLUSH)
                    }
                    let count = room - Int(stream.pointee.avail_out)
                    left.unpacked -= count
                    if left.unpacked < 0 { result = Z_DATA_ERROR }
                    if result == Z_OK || result == Z_STREAM_END { output(chunk[..<count]) }
                } while result == Z_OK && stream.pointee.avail_out == 0
                if result == Z_BUF_ERROR { result = Z_OK }  // all of the chunk was taken
            }
        }
        return result == Z_STREAM_END && left == (0, 0)
    }
}

/// The files of a zip archive; none if the file is none, or has too many.
func zipEntries(of file: borrowing OpenFile) throws(FileError) -> [ZipEntry] {
    let end = LittleEndian(bytes: try file.ending(count: 22))
    guard end.integer(0, 4) == 0x0605_4B50 else { return [] }
    let directory = LittleEndian(
        bytes: try file.part(at: end.integer(16, 4), count: min(end.integer(12, 4), 1 << 24)))
    var entries: [ZipEntry] = []
    var start = 0
    while directory.integer(start, 4) == 0x0201_4B50 {
        let name = start + 46..<start + 46 + directory.integer(start + 28, 2)
        guard name.upperBound <= directory.bytes.count else { return [] }
        entries.append(
            ZipEntry(
                name: String(decoding: directory.bytes[name], as: UTF8.self),
                offset: directory.integer(start + 42, 4),
                packedSize: directory.integer(start + 20, 4),
                size: directory.integer(start + 24, 4)))
        // Behind its name: the extra field and the comment.
        start =
            name.upperBound + directory.integer(start + 30, 2) + directory.integer(start + 32, 2)
    }
    return entries
}

/// Bytes with little-endian integers.
private struct LittleEndian {
    let bytes: [UInt8]

    /// An integer of `count` bytes; 0 beyond the end.
    func integer(_ start: Int, _ count: Int) -> Int {
        guard start + count <= bytes.count else { return 0 }
        return (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
}
