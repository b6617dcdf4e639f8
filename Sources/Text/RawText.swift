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
        var text = String.UnicodeScalarView()
        var rest = bytes[...]
        while !rest.isEmpty {
            // One scalar of 1 to 4 bytes, or else one bad byte.
            let scalar = (1...4).lazy.compactMap { count in
                String(validating: rest.prefix(count), as: UTF8.self)
            }.first
            if let scalar, !scalar.isEmpty, scalar != "\0" {
                text.append(contentsOf: scalar.unicodeScalars)
                rest = rest.dropFirst(scalar.utf8.count)
            } else {
                text.append("\u{FFFD}")
                rest = rest.dropFirst()
            }
        }
        return String(text)
    }

    /// The text where the bytes are well-formed UTF-8 without a NUL, otherwise nil.
    package var text: String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}
