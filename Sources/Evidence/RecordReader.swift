import Records
import Text

/// Reads lines of one kind of record, as the record declares its fields.
struct RecordReader: Sendable {
    /// A key of the kind of record.
    private struct Key {
        let name: [UInt8]
        /// The field that the key holds; nil for `record`, and for the bytes of a text in base64.
        let field: Field?
        let type: FieldType?
    }

    /// A value in the line, not yet converted.
    private struct Found {
        let value: JSONCursor.Value
        /// The index after the value.
        let end: Int
    }

    private let keys: [Key]
    /// The index in `keys` of each field that has a column, with the form of the column.
    private let columns: [(index: Int, column: ItemKey.Column)]
    /// The value of each key in the last line; nil if the line does not have the key.
    private var found: [Found?]

    /// Collects the keys of a kind of record.
    private struct KeyList: FieldVisitor {
        typealias Failure = Never
        /// The keys of the fields, in their order, before all others.
        var keys: [Key] = []
        var others = [Key(name: Array("record".utf8), field: nil, type: nil)]

        mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
            let name = Array("\(field.key)".utf8)
            keys.append(Key(name: name, field: field, type: Value.fieldType))
            if Value.fieldType == .bytes {
                others.append(Key(name: name + "_base64".utf8, field: nil, type: .text))
            }
        }
    }

    init<Line: Record>(_: Line.Type) {
        var list = KeyList()
        var line = Line()
        line.visitFields(&list)
        let keys = list.keys + list.others
        columns = keys.enumerated().compactMap { index, key in
            guard let field = key.field, let column = field.column else { return nil }
            return (
                index,
                ItemKey.Column(
                    column.isMoment ? .text : key.type!,
                    isNullable: field.presence != .required || column.isMoment)
            )
        }
        self.keys = keys
        found = Array(repeating: nil, count: keys.count)
    }

    /// Finds the values of a line and checks the type, range and length of each.
    /// - Parameter checksOtherKeys: whether a key that the kind does not declare must not be
    ///   repeated either. RFC 8259, 4, leaves open which of two members with the same name counts.
    /// - Throws: `corrupt`, or `tooLarge` for a text over the limits.
    mutating func scan(
        _ line: Range<Int>, _ bytes: Span<UInt8>, _ limits: SnapshotLimits,
        checksOtherKeys: Bool = true
    ) throws(SnapshotError) {
        for index in found.indices { found[index] = nil }
        var others: Set<[UInt8]> = []
        var cursor = JSONCursor(line, limits)
        try cursor.beginObject(bytes)
        var expected = 0
        var isFirst = true
        while let key = try cursor.nextKey(bytes, isFirst: isFirst) {
            isFirst = false
            let value = try cursor.value(bytes)
            if let index = index(of: key, from: expected, bytes) {
                if found[index] != nil { throw .twice(keys[index].name) }
                found[index] = Found(value: value, end: cursor.index)
                try check(index, bytes, limits)
                expected = index + 1
            } else if checksOtherKeys {
                var name: [UInt8] = []
                key.append(bytes, to: &name)
                if !others.insert(name).inserted { throw .twice(name) }
            }
        }
        try cursor.endLine(bytes)
    }

    /// - Parameter expected: the index to try first, because most writers keep one order.
    private func index(
        of key: JSONCursor.Text, from expected: Int, _ bytes: Span<UInt8>
    ) -> Int? {
        for offset in 0..<keys.count {
            let index =
                expected + offset < keys.count
                ? expected + offset : expected + offset - keys.count
            if key.equals(keys[index].name, bytes) { return index }
        }
        return nil
    }

    private func check(
        _ index: Int, _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) {
        let key = keys[index]
        switch (key.type, found[index]!.value) {
        case (nil, _), (_, .null): return
        case (.integer, .integer(let integer)):
            if !key.field!.range.contains(integer) { throw .outOfRange(key.name) }
        case (.boolean, .boolean): return
        case (.text, .string(let text)), (.bytes, .string(let text)):
            try text.check(key.name, bytes, limits)
            if let field = key.field, field.form == .name {
                try text.checkName(key.name, bytes, limits)
            }
        case (.texts, .array):
            for text in try texts(index, bytes, limits) {
                try text.check(key.name, bytes, limits)
                try text.checkName(key.name, bytes, limits)
            }
        case (.integer, _): throw .wrongType(key.name, "an integer")
        case (.boolean, _): throw .wrongType(key.name, "true or false")
        case (.text, _), (.bytes, _): throw .wrongType(key.name, "a string")
        case (.texts, _): throw .wrongType(key.name, "an array of strings")
        }
    }

    /// The elements of an array of strings.
    private func texts(
        _ index: Int, _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) -> [JSONCursor.Text] {
        guard let found = found[index], case .array(let start) = found.value else { return [] }
        var cursor = JSONCursor(start..<found.end, limits)
        var texts: [JSONCursor.Text] = []
        while try cursor.nextElement(bytes, isFirst: texts.isEmpty) {
            guard case .string(let text) = try cursor.value(bytes) else {
                throw .wrongType(keys[index].name, "an array of strings")
            }
            texts.append(text)
        }
        return texts
    }

    /// The index of a declared field, for `integer` and `text`.
    func index(of key: StaticString) -> Int {
        keys.firstIndex { $0.field != nil && $0.name == Array("\(key)".utf8) }!
    }

    // MARK: What was found in the last line

    func integer(_ index: Int) -> Int64? {
        if case .integer(let integer) = found[index]?.value { integer } else { nil }
    }

    func text(_ index: Int) -> JSONCursor.Text? {
        if case .string(let text) = found[index]?.value { text } else { nil }
    }

    /// Appends the values of the fields that have a column, as an `ItemKey`.
    /// - Throws: `corrupt` if a required key is missing; `key` is then unchanged.
    func appendKey(
        to key: inout [UInt8], _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) {
        let start = key.count
        for (number, (index, column)) in columns.enumerated() {
            let isLast = number == columns.count - 1
            switch found[index]?.value {
            case .integer(let seconds) where keys[index].field!.column!.isMoment:
                guard let moment = Timestamp(unixSeconds: seconds) else {
                    ItemKey.appendUnknown(to: &key)
                    continue
                }
                ItemKey.append(
                    ArraySlice(moment.sqlText.utf8), column, isLast: isLast, to: &key)
            case .integer(let integer): ItemKey.append(integer, column, to: &key)
            case .boolean(let boolean): ItemKey.append(boolean ? 1 : 0, column, to: &key)
            // An empty text carries no information, as in `value`.
            case .string(let text) where text.start < text.end:
                ItemKey.appendText(column, isLast: isLast, to: &key) { text.append(bytes, to: &$0) }
            case .array:
                // Sorted, since the order has no meaning.
                let list = try texts(index, bytes, limits).map { ExactText($0.string(bytes)) }
                    .filter { !$0.text.isEmpty }.sorted().map(\.text).joined(separator: ", ")
                ItemKey.append(ArraySlice(list.utf8), column, isLast: isLast, to: &key)
            case nil where keys[index].field!.presence == .nullable:
                key.removeSubrange(start...)
                throw .missing(keys[index].field!.key)
            default:
                if !column.isNullable {
                    key.removeSubrange(start...)
                    throw .missing(keys[index].field!.key)
                }
                ItemKey.appendUnknown(to: &key)
            }
        }
    }

    /// - Throws: `corrupt` if a required key is missing.
    func record<Line: Record>(
        _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) -> Line {
        var values: [FieldValue?] = []
        for index in keys.indices where keys[index].field != nil {
            values.append(try value(index, bytes, limits))
        }
        var line = Line()
        var filler = Filler(values: values)
        try line.visitFields(&filler)
        return line
    }

    /// - Returns: nil if the line does not have the key.
    private func value(
        _ index: Int, _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) -> FieldValue? {
        guard let found = found[index] else { return nil }
        switch found.value {
        case .integer(let integer): return .integer(integer)
        case .boolean(let boolean): return .boolean(boolean)
        case .string(let text):
            let text = text.string(bytes)
            // An empty text carries no information and must not be stored as a fact.
            if text.isEmpty { return .unknown }
            return keys[index].type == .bytes ? .bytes(RawText(text.utf8)) : .text(text)
        case .array:
            var strings: [String] = []
            for text in try texts(index, bytes, limits) where text.start < text.end {
                strings.append(text.string(bytes))
            }
            return .texts(strings)
        case .null, .object, .otherNumber: return .unknown
        }
    }

    /// Assigns the values found to the fields of a record.
    private struct Filler: FieldVisitor {
        let values: [FieldValue?]
        var next = 0

        mutating func visit<Value: FieldConvertible>(
            _ value: inout Value, _ field: Field
        ) throws(SnapshotError) {
            let found = values[next]
            next += 1
            if field.presence == .nullable && found == nil { throw .missing(field.key) }
            let known = found ?? .unknown
            if let new = Value(known) {
                value = new
            } else if case .unknown = known {
                throw .missing(field.key)
            } else {
                throw .corrupt("\"\(field.key)\" is not \(field.form.description)")
            }
            if field.form == .uuid, case .text(let text) = known, !isLowercaseUUID(text) {
                throw .corrupt("\"\(field.key)\" is not \(field.form.description)")
            }
        }
    }
}

extension Field.TextForm {
    fileprivate var description: String {
        switch self {
        case .name, .text: "a text"
        case .uuid: "a UUID in lower case"
        case .moment: "a time such as 2026-11-23T05:13:11Z"
        }
    }
}

private func isLowercaseUUID(_ text: String) -> Bool {
    let hyphens = [8, 13, 18, 23]
    return text.utf8.count == 36
        && text.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "-"): hyphens.contains(index)
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                !hyphens.contains(index)
            default: false
            }
        }
}
