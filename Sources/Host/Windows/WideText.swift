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

/// The text without white space at its ends; nil where nothing is left, or there was none.
func filledIn(_ text: String?) -> String? {
    guard let text else { return nil }
    let trimmed = text.trimmingWhitespace()
    return trimmed.isEmpty ? nil : String(trimmed)
}

/// Unix seconds of a FILETIME, 100 ns since 1601-01-01 UTC; nil for 0, which stands for none.
func unixSeconds(fileTime: Int64) -> Int64? {
    if fileTime <= 0 { return nil }
    return fileTime / 10_000_000 - 11_644_473_600
}
