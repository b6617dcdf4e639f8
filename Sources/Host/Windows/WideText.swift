import Text

extension RawText {
    /// The UTF-8 of a text of Windows, which is UTF-16. A surrogate that stands alone becomes the
    /// three bytes of its number, which are not well-formed UTF-8, so that no two texts become one.
    init(utf16 units: some Sequence<UInt16>) {
        var bytes: [UInt8] = []
        var high: UInt32?
        func append(_ scalar: UInt32) {
            func tail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
            switch scalar {
            case ..<0x80: bytes.append(UInt8(scalar))
            case ..<0x800: bytes += [UInt8(0xC0 | scalar >> 6), tail(0)]
            case ..<0x10000: bytes += [UInt8(0xE0 | scalar >> 12), tail(6), tail(0)]
            default: bytes += [UInt8(0xF0 | scalar >> 18), tail(12), tail(6), tail(0)]
            }
        }
        for unit in units {
            let unit = UInt32(unit)
            if let first = high {
                high = nil
                if 0xDC00...0xDFFF ~= unit {
                    append(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00))
                    continue
                }
                append(first)
            }
            if 0xD800...0xDBFF ~= unit { high = unit } else { append(unit) }
        }
        if let high { append(high) }
        self.init(bytes)
    }
}

/// The bytes without white space of ASCII at their ends.
func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    return Array(bytes[start..<end])
}

/// The text without white space at its ends; nil where nothing is left, or there was none.
func filledIn(_ text: String?) -> String? {
    guard let text else { return nil }
    let bytes = trimmed(Array(text.utf8))
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
}

/// Unix seconds of a FILETIME, 100 ns since 1601-01-01 UTC; nil for 0, which stands for none.
func unixSeconds(fileTime: Int64) -> Int64? {
    if fileTime <= 0 { return nil }
    return fileTime / 10_000_000 - 11_644_473_600
}

extension [UInt8] {
    /// Where a text begins that is in the bytes from `start` on; nil if it is not there.
    @inline(never)
    func index(of text: StaticString, from start: Int = 0) -> Int? {
        text.withUTF8Buffer { text in
            var at = start
            while at + text.count <= count {
                var matched = 0
                while matched < text.count, unsafe self[at + matched] == text[matched] {
                    matched += 1
                }
                if matched == text.count { return at }
                at += 1
            }
            return nil
        }
    }
}
