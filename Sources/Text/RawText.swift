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
        forEachPart(ofUTF8: bytes) { part, isUTF8 in
            for byte in part {
                if isUTF8 && byte != 0 { text.append(byte) } else { text += [0xEF, 0xBF, 0xBD] }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text where the bytes are well-formed UTF-8 without a NUL, otherwise nil.
    package var text: String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}
