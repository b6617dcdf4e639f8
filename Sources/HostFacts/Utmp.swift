import Snapshot

/// The login sessions in an utmp file, utmp(5).
///
/// A record is 384 bytes on most 64-bit systems, whose utmp keeps 32-bit times for the sake of
/// 32-bit programs, and 400 bytes on the others. Numbers are in the machine's own byte order.
enum Utmp {
    static func sessions(_ bytes: [UInt8]) -> [UserRecord] {
        let size = recordSize(bytes)
        return stride(from: 0, through: bytes.count - size, by: size).compactMap { start in
            session(bytes[start..<start + size])
        }
    }

    /// The size that makes more of the file's records plausible.
    private static func recordSize(_ bytes: [UInt8]) -> Int {
        func implausible(_ size: Int) -> Int {
            let starts = stride(from: 0, to: bytes.count, by: size)
            return starts.count { !isPlausible(bytes[$0..<min($0 + size, bytes.count)], size) }
        }
        return implausible(400) < implausible(384) ? 400 : 384
    }

    /// A whole record, with one of the types that there are and a line's name that is text.
    private static func isPlausible(_ record: ArraySlice<UInt8>, _ size: Int) -> Bool {
        record.count == size && (0...9).contains(integer(record, at: 0, bytes: 2))
            && text(record, at: 8, count: 32).bytes.allSatisfy { 0x20...0x7E ~= $0 }
            && (0..<1_000_000).contains(
                integer(record, at: size == 400 ? 352 : 344, bytes: size == 400 ? 8 : 4))
    }

    private static let userProcess = 7

    private static func session(_ record: ArraySlice<UInt8>) -> UserRecord? {
        let user = text(record, at: 44, count: 32)
        guard integer(record, at: 0, bytes: 2) == userProcess, !user.bytes.isEmpty else {
            return nil
        }
        var session = UserRecord(user: user)
        session.pid = integer(record, at: 4, bytes: 4)
        session.tty = nonEmpty(text(record, at: 8, count: 32))
        session.host = nonEmpty(text(record, at: 76, count: 256))
        session.time =
            record.count == 400
            ? integer(record, at: 344, bytes: 8) : integer(record, at: 340, bytes: 4)
        return session
    }

    private static func nonEmpty(_ text: RawText) -> RawText? { text.bytes.isEmpty ? nil : text }

    /// A field that ends in NUL only where it is not full.
    private static func text(_ record: ArraySlice<UInt8>, at offset: Int, count: Int) -> RawText {
        RawText(record.dropFirst(offset).prefix(count).prefix { $0 != 0 })
    }

    private static func integer(_ record: ArraySlice<UInt8>, at offset: Int, bytes: Int) -> Int {
        let field = record.dropFirst(offset).prefix(bytes)
        #if _endian(little)
            let bigEndian = Array(field.reversed())
        #else
            let bigEndian = Array(field)
        #endif
        let bits = bigEndian.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let unused = 64 - 8 * bytes
        return Int(Int64(bitPattern: bits << unused) >> unused)  // with its sign
    }
}
