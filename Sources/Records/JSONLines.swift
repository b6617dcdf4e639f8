import Text

/// The text of records: a flat JSON object a line (RFC 8259).
struct JSONLines: FieldVisitor {
    typealias Failure = Never

    /// The lines that were added since the last `removeAll`.
    private(set) var text: [UInt8] = []
    private var isEmpty = true
    private let limits = SnapshotLimits()

    /// Adds the line of a record.
    mutating func add<Line: Record>(_ record: Line) {
        text.append(UInt8(ascii: "{"))
        isEmpty = true
        begin("record")
        append("\"")
        append(Line.kind)
        append("\"")
        var record = record
        record.visitFields(&self)
        append("}\n")
    }

    /// Removes the lines, and keeps their memory.
    mutating func removeAll() { text.removeAll(keepingCapacity: true) }

    mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
        add(value.fieldValue, field)
    }

    /// One function for all fields, so that a collector stays small.
    @inline(never)
    private mutating func add(_ value: FieldValue, _ field: Field) {
        switch value {
        case .unknown:
            if field.presence == .optional { return }
            begin(field.key)
            append("null")
        case .integer(let integer):
            begin(field.key)
            text.append(digitsOf: integer)
        case .boolean(let boolean):
            begin(field.key)
            append(boolean ? "true" : "false")
        case .text(let value):
            begin(field.key)
            append(value, field.form)
        case .bytes(let value):
            begin(field.key)
            let isDone = unsafe value.bytes.withUnsafeBufferPointer {
                unsafe appendPlain($0, field.form)
            }
            if isDone { return }
            let whole = value.text
            append(whole ?? value.repaired, field.form)
            if whole != nil { return }
            begin(field.key, suffix: "_base64")
            append(base64(value.bytes), .text)
        case .texts(let values):
            begin(field.key)
            text.append(UInt8(ascii: "["))
            // With more elements the line would exceed the reader's limit.
            for (index, value) in values.prefix(limits.elements).enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                append(value, field.form)
            }
            text.append(UInt8(ascii: "]"))
        }
    }

    /// Appends a text as the reader accepts it: truncated, and without a NUL.
    private mutating func append(_ value: String, _ form: Field.TextForm) {
        let isDone = unsafe value.utf8.withContiguousStorageIfAvailable {
            unsafe appendPlain($0, form)
        }
        if isDone == true { return }
        var bytes: [UInt8] = []
        var scalars = 0
        for byte in value.utf8 {
            if byte & 0xC0 != 0x80 { scalars += 1 }
            if form == .name && scalars > limits.nameScalars { break }
            if byte == 0 { bytes += replacementCharacter } else { bytes.append(byte) }
        }
        if bytes.count > limits.textBytes {
            var end = limits.textBytes
            while bytes[end] & 0xC0 == 0x80 { end -= 1 }  // at the start of a scalar
            bytes.removeSubrange(end...)
        }
        appendJSON(bytes, to: &text)
    }

    /// Appends a text as it is, as most are: printable ASCII that JSON does not escape, and short.
    /// - Returns: false if the text is another.
    @inline(never)
    private mutating func appendPlain(
        _ value: UnsafeBufferPointer<UInt8>, _ form: Field.TextForm
    ) -> Bool {
        if value.count > (form == .name ? limits.nameScalars : limits.textBytes) { return false }
        for index in 0..<value.count {
            let byte = unsafe value[index]
            if byte &- 0x20 >= 0x5F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                return false
            }
        }
        text.append(UInt8(ascii: "\""))
        unsafe text.append(contentsOf: value)
        text.append(UInt8(ascii: "\""))
        return true
    }

    /// Appends a text without characters that JSON escapes.
    @inline(never)
    private mutating func append(_ plain: StaticString) {
        plain.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
    }

    private mutating func begin(_ key: StaticString, suffix: StaticString = "") {
        append(isEmpty ? "\"" : ",\"")
        isEmpty = false
        append(key)
        if suffix.utf8CodeUnitCount > 0 { append(suffix) }
        append("\":")
    }
}

/// U+FFFD in UTF-8.
private let replacementCharacter: [UInt8] = [0xEF, 0xBF, 0xBD]
