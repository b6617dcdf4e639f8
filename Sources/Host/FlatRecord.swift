/// A flat record of CHost, taken from its start to its end.
struct FlatRecord {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Text in a field that NULs fill up.
    mutating func text(_ capacity: Int) -> String {
        String(decoding: take(capacity).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// An address behind its length, in a field of 16 bytes; nil where the length is zero.
    mutating func address() -> [UInt8]? {
        let size = take(1).first.map { Int($0) } ?? 0
        let field = take(16)
        return size == 0 ? nil : Array(field.prefix(size))
    }
}
