/// Text as the kernel keeps it: bytes that are UTF-8 by custom only.
package struct RawText: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The bytes, as they were read.
    package let bytes: [UInt8]

    /// Wraps bytes.
    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
    /// The UTF-8 of a literal.
    package init(stringLiteral text: String) { bytes = Array(text.utf8) }

    /// The text, with U+FFFD for each byte that is not part of well-formed UTF-8, and for each NUL,
    /// which no text of a snapshot holds.
    package var repaired: String {
        if let text { return text }
        var text: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let end = start + scalarLength(start)
            if end == start {
                text += [0xEF, 0xBF, 0xBD]
                start += 1
            }
            while start < end {
                text.append(bytes[start])
                start += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// How many bytes from `start` on are one scalar (Unicode 16, table 3-7); 0 if they are none, or
    /// NUL.
    private func scalarLength(_ start: Int) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[start] {
        case 0x01...0x7F: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if bytes[start] == 0xE0 { second = 0xA0...0xBF }
            if bytes[start] == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if bytes[start] == 0xF0 { second = 0x90...0xBF }
            if bytes[start] == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        if start + length > bytes.count || !second.contains(bytes[start + 1]) { return 0 }
        for index in start + 2..<start + length where bytes[index] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// The text where the bytes are well-formed UTF-8 without a NUL, otherwise nil.
    package var text: String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}
