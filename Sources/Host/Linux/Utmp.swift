import Records
import Text

/// What an utmp file holds, utmp(5).
///
/// A record is 384 bytes on most 64-bit systems, whose utmp keeps 32-bit times for the sake of
/// 32-bit programs, and 400 bytes on the others. Numbers are in the byte order of the machine that
/// wrote them, which need not be the reader's.
struct Utmp {
    /// The login sessions.
    private(set) var sessions: [UserRecord] = []
    /// When the system was started, Unix seconds; nil where nobody has noted it. Who keeps the file
    /// begins it so.
    private(set) var bootTime: Int64?
    /// The newest time in any record.
    private(set) var newestTime: Int64?
    /// Why it may have had more sessions; nil if it is whole.
    private(set) var failure: SourceFailure?

    init(_ bytes: [UInt8]) {
        let layout = Layout.all.leastImplausible(bytes)
        if bytes.count % layout.size != 0 { failure = .cut }
        for start in stride(from: 0, through: bytes.count - layout.size, by: layout.size) {
            add(UtmpEntry(bytes[start..<start + layout.size], layout))
        }
    }

    private mutating func add(_ record: UtmpEntry) {
        let isEmpty = record.type == 0
        if !isEmpty, record.time > newestTime ?? 0 { newestTime = record.time }
        if !(0...9).contains(record.type) { failure = failure ?? .unknownForm }
        switch record.type {
        case 2: bootTime = record.time  // BOOT_TIME
        case 7: if let session = record.session { sessions.append(session) }  // USER_PROCESS
        default: break
        }
    }
}

private struct Layout {
    var size: Int
    var isBigEndian: Bool

    var timeOffset: Int { size == 400 ? 344 : 340 }
    var timeSize: Int { size == 400 ? 8 : 4 }

    /// The machine's own first, and of sizes the more common.
    static let all: [Layout] = {
        #if _endian(little)
            let orders = [false, true]
        #else
            let orders = [true, false]
        #endif
        return orders.flatMap { order in
            [Layout(size: 384, isBigEndian: order), Layout(size: 400, isBigEndian: order)]
        }
    }()
}

extension [Layout] {
    /// The first of those that make most of the file's records plausible.
    fileprivate func leastImplausible(_ bytes: [UInt8]) -> Layout {
        var best = (layout: self[0], implausible: Int.max)
        for layout in self {
            let starts = stride(from: 0, to: bytes.count, by: layout.size)
            var implausible = 0
            for start in starts {
                let record = UtmpEntry(
                    bytes[start..<Swift.min(start + layout.size, bytes.count)], layout)
                if !record.isPlausible { implausible += 1 }
            }
            if implausible < best.implausible { best = (layout, implausible) }
        }
        return best.layout
    }
}

private struct UtmpEntry {
    private let bytes: ArraySlice<UInt8>
    private let layout: Layout

    init(_ bytes: ArraySlice<UInt8>, _ layout: Layout) {
        self.bytes = bytes
        self.layout = layout
    }

    var type: Int64 { signed(integer(at: 0, size: 2), size: 2) }
    /// Unsigned since glibc 2.40, so that they last beyond 2038.
    var time: Int64 {
        Int64(bitPattern: integer(at: layout.timeOffset, size: layout.timeSize))
    }

    /// Whole, with one of the types that there are and a line's name that is text.
    var isPlausible: Bool {
        bytes.count == layout.size && (0...9).contains(type)
            && text(at: 8, count: 32).bytes.allSatisfy { 0x20...0x7E ~= $0 }
            && integer(at: layout.timeOffset + layout.timeSize, size: layout.timeSize) < 1_000_000
            && time >= 0
    }

    var session: UserRecord? {
        let user = text(at: 44, count: 32)
        guard !user.bytes.isEmpty else { return nil }
        var session = UserRecord(user: user)
        let pid = signed(integer(at: 4, size: 4), size: 4)
        session.pid = pid == 0 ? nil : pid  // who wrote it did not say,
        session.tty = nonEmpty(text(at: 8, count: 32))
        session.host = nonEmpty(text(at: 76, count: 256))
        session.time = time == 0 ? nil : time  // nor the time
        return session
    }

    private func nonEmpty(_ text: RawText) -> RawText? { text.bytes.isEmpty ? nil : text }

    /// A field that ends in NUL only where it is not full.
    private func text(at offset: Int, count: Int) -> RawText {
        RawText(bytes.dropFirst(offset).prefix(count).prefix { $0 != 0 })
    }

    private func integer(at offset: Int, size: Int) -> UInt64 {
        let field = bytes.dropFirst(offset).prefix(size)
        return layout.isBigEndian
            ? field.reduce(0) { $0 << 8 | UInt64($1) }
            : field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func signed(_ number: UInt64, size: Int) -> Int64 {
        let unused = UInt64(64 - 8 * size)
        return Int64(bitPattern: number << unused) >> unused
    }
}
