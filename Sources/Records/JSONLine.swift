import FoundationEssentials
import Text

/// One flat JSON object being appended to a text, key by key. A nil value leaves its key out.
struct JSONLine {
    private var text: [UInt8]
    private var isEmpty = true

    init(appendingTo text: consuming [UInt8]) {
        self.text = text
        self.text.append(UInt8(ascii: "{"))
    }

    mutating func add(_ key: String, _ name: String?) {
        guard let name else { return }
        begin(key)
        append(name: name)
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
            append(name: value)
        }
        text.append(UInt8(ascii: "]"))
    }

    /// A name that may not be UTF-8; then its bytes stand beside it in base64.
    mutating func add(_ key: String, _ name: RawText?) {
        guard let name else { return }
        add(key, name.text ?? name.repaired)
        addBase64(key, name)
    }

    /// The same for a text that is no name: a path.
    mutating func add(_ key: String, text value: RawText?) {
        guard let value else { return }
        begin(key)
        append(text: value.text ?? value.repaired)
        addBase64(key, value)
    }

    private mutating func addBase64(_ key: String, _ value: RawText) {
        if value.text != nil { return }
        begin("\(key)_base64")
        append(text: Data(value.bytes).base64EncodedString())
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

    /// Appends a name as the reader takes it: not too long, and without a NUL.
    private mutating func append(name: String) {
        let limit = SnapshotLimits().nameScalars
        if name.utf8.count <= limit { return append(text: name) }
        append(text: String(String.UnicodeScalarView(name.unicodeScalars.prefix(limit))))
    }

    /// The same for any other text.
    private mutating func append(text value: String) {
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
