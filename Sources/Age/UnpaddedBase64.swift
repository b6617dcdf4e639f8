import Text

/// Base64 without padding (RFC 4648, 4), as in the header of an age file. There is one text for given
/// bytes, and no other is taken.
enum UnpaddedBase64 {
    /// The text of bytes.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        Array(base64(bytes).utf8.prefix { $0 != UInt8(ascii: "=") })
    }

    /// The bytes of a text; nil if it is not canonical.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        if text.isEmpty { return [] }
        if text.contains(UInt8(ascii: "=")) || text.count % 4 == 1 { return nil }
        let padding = [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4)
        let padded = Array(text) + padding
        return bytesOfBase64(padded, from: 0, to: padded.count)
    }
}
