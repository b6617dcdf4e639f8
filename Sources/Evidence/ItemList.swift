package import Records

/// The items of a list in a snapshot, such as its users, stored without an allocation per item.
package struct ItemList: Sendable {
    /// The keys of all items, one after another.
    private var bytes: [UInt8] = []
    /// The end of each key in `bytes`.
    private var ends: [UInt32] = []

    /// An empty list.
    package init() {}

    /// The number of items, including repeated ones.
    package var count: Int { ends.count }
    /// Whether there are no items.
    package var isEmpty: Bool { ends.isEmpty }
    /// Bytes of memory, about.
    package var byteCount: Int { bytes.count + ends.count * MemoryLayout<UInt32>.stride }

    /// The key of an item, counted from 0 in the order of the file; see `ItemKey`.
    package subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])]
    }

    /// The key of the last item.
    var last: ArraySlice<UInt8> { self[count - 1] }

    /// Adds an item with this key.
    mutating func append(_ key: ArraySlice<UInt8>) {
        bytes += key
        ends.append(UInt32(bytes.count))
    }

    /// Gives the bytes of the keys, and then those of their ends.
    func withUnsafeParts(_ body: (UnsafeRawBufferPointer) -> Void) {
        unsafe bytes.withUnsafeBytes { unsafe body($0) }
        unsafe ends.withUnsafeBytes { unsafe body($0) }
    }

    /// Adds the record that a reader has scanned.
    /// - Throws: `corrupt` if a required key is missing.
    mutating func append(
        _ reader: borrowing RecordReader, _ line: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) {
        try reader.appendKey(to: &bytes, line, limits)
        ends.append(UInt32(bytes.count))
    }
}

/// The values of a row's key columns as bytes. Equal rows have equal bytes, and the order of the
/// bytes is that of the rows.
///
/// A column that may be unknown begins with 0 for an unknown value, which nothing follows, or 1. An
/// integer has eight bytes, the highest first, with its sign bit inverted. A text, which contains no
/// NUL, is followed by a NUL unless it is the last column. The key of a single text is therefore the
/// text itself.
package enum ItemKey {
    /// A key column.
    package struct Column: Sendable {
        /// Whether the values are integers, and not texts.
        package let isInteger: Bool
        /// Whether the value may be unknown.
        package let isNullable: Bool

        /// A column with values of a type. Booleans are stored as 1 and 0, lists as one text.
        package init(_ type: FieldType, isNullable: Bool) {
            switch type {
            case .integer, .boolean: isInteger = true
            case .text, .bytes, .texts: isInteger = false
            }
            self.isNullable = isNullable
        }

        /// A text that is known.
        package static let text = Column(.text, isNullable: false)
        /// A text that may be unknown.
        package static let nullableText = Column(.text, isNullable: true)
    }

    /// A value of a column.
    package enum Value {
        case unknown
        case integer(Int64)
        /// UTF-8.
        case text(ArraySlice<UInt8>)
    }

    /// Appends an unknown value.
    package static func appendUnknown(to key: inout [UInt8]) { key.append(0) }

    /// Appends an integer.
    package static func append(_ integer: Int64, _ column: Column, to key: inout [UInt8]) {
        if column.isNullable { key.append(1) }
        let bits = UInt64(bitPattern: integer) ^ 1 << 63
        for shift in stride(from: 56, through: 0, by: -8) {
            key.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
    }

    /// Appends a text.
    /// - Parameter text: UTF-8.
    package static func append(
        _ text: ArraySlice<UInt8>, _ column: Column, isLast: Bool, to key: inout [UInt8]
    ) {
        appendText(column, isLast: isLast, to: &key) { $0 += text }
    }

    /// Appends a text.
    /// - Parameter appendText: appends the UTF-8 of the text to the bytes that it is given.
    static func appendText(
        _ column: Column, isLast: Bool, to key: inout [UInt8],
        _ appendText: (inout [UInt8]) -> Void
    ) {
        if column.isNullable { key.append(1) }
        appendText(&key)
        if !isLast { key.append(0) }
    }

    /// The values of a key.
    package static func values(_ key: ArraySlice<UInt8>, _ columns: [Column]) -> [Value] {
        var rest = key
        return columns.indices.map { index in
            let column = columns[index]
            if column.isNullable && rest.removeFirst() == 0 { return .unknown }
            if column.isInteger {
                let bits = rest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
                rest = rest.dropFirst(8)
                return .integer(Int64(bitPattern: bits ^ 1 << 63))
            }
            let end = index == columns.count - 1 ? rest.endIndex : rest.firstIndex(of: 0)!
            defer { rest = rest[end...].dropFirst() }
            return .text(rest[..<end])
        }
    }
}
