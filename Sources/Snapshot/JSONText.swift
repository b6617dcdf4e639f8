import FoundationEssentials

/// Appends `text` as a JSON string (RFC 8259, 7), quotes included. What is not ASCII stays as it is.
package func appendJSON(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            output.append(UInt8(ascii: "\\"))
            output.append(byte)
        case UInt8(ascii: "\n"): output += "\\n".utf8
        case UInt8(ascii: "\r"): output += "\\r".utf8
        case UInt8(ascii: "\t"): output += "\\t".utf8
        case ..<0x20, 0x7F: output += "\\u00\(hexadecimal(CollectionOfOne(byte)))".utf8
        default: output.append(byte)
        }
    }
    output.append(UInt8(ascii: "\""))
}

/// One flat JSON object being appended to a text, key by key. A nil value leaves its key out.
struct JSONLine {
    private var text: [UInt8]
    private var isEmpty = true

    init(appendingTo text: consuming [UInt8]) {
        self.text = text
        self.text.append(UInt8(ascii: "{"))
    }

    mutating func add(_ key: String, _ value: String?) {
        guard let value else { return }
        begin(key)
        append(value)
    }

    mutating func add(_ key: String, _ value: Int?) {
        guard let value else { return }
        begin(key)
        text += String(value).utf8
    }

    mutating func add(_ key: String, _ value: Bool?) {
        guard let value else { return }
        begin(key)
        text += (value ? "true" : "false").utf8
    }

    mutating func add(_ key: String, _ values: [String]?) {
        guard let values else { return }
        begin(key)
        text.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(value)
        }
        text.append(UInt8(ascii: "]"))
    }

    /// Text that may not be UTF-8; then its bytes stand beside it in base64.
    mutating func add(_ key: String, _ value: RawText?) {
        guard let value else { return }
        if let wellFormed = value.text {
            add(key, wellFormed)
        } else {
            add(key, value.repaired)
            add("\(key)_base64", Data(value.bytes).base64EncodedString())
        }
    }

    /// A key that every record of its kind has, `null` where the collector does not know.
    mutating func addRequired(_ key: String, _ value: String?) {
        if value != nil { return add(key, value) }
        begin(key)
        text += "null".utf8
    }

    consuming func finish() -> [UInt8] {
        text += "}\n".utf8
        return text
    }

    /// Appends a text as the reader takes it: not too long, and without a NUL.
    private mutating func append(_ value: String) {
        var value = value.replacing("\0", with: "\u{FFFD}")
        let limit = SnapshotLimits().textBytes
        if value.utf8.count > limit {
            // Cuts before a scalar, not within one.
            value = String(value[..<value.utf8.index(value.startIndex, offsetBy: limit)])
        }
        appendJSON(value.utf8, to: &text)
    }

    private mutating func begin(_ key: String) {
        if !isEmpty { text.append(UInt8(ascii: ",")) }
        isEmpty = false
        appendJSON(key.utf8, to: &text)
        text.append(UInt8(ascii: ":"))
    }
}
