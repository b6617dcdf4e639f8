/// Bytes as text, another for all others. What is not UTF-8 has its bytes beyond ASCII as `\xE9`;
/// there, and where `\x` is in the text itself, a backslash is `\\`.
package func exactText(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) {
        let isPlain = !bytes.contains(UInt8(ascii: "\\")) || !text.contains("\\x")
        return isPlain ? text : text.replacing("\\", with: "\\\\")
    }
    return bytes.map { byte in
        switch byte {
        case UInt8(ascii: "\\"): "\\\\"
        case ..<0x80: String(Unicode.Scalar(byte))
        default: "\\x" + hexadecimal(byte, digits: 2)
        }
    }.joined()
}

/// How the formats for people show what is not known. page.js has it, too.
package let unknownSign = "∅"

/// A text in these formats has an escape for that sign: `\u2205`. There may be several texts in one.
package func distinctFromUnknown(_ text: [UInt8]) -> [UInt8] {
    let sign = Array(unknownSign.utf8)
    return text.contains(sign[0]) ? text.replacing(sign, with: Array(#"\u2205"#.utf8)) : text
}

/// A text as these formats show it, with all escapes.
package func readable(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendVisible(distinctFromUnknown(text.carriedBytes), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// Whether the bytes are well-formed UTF-8.
package func isUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
}

extension String {
    /// Any bytes as a text, another for all others, which `carriedBytes` leads back to them. A byte that is
    /// not part of well-formed UTF-8, and a NUL, is a NUL and the Braille pattern of that number: no text
    /// of a snapshot holds a NUL, and the patterns are the same in small letters.
    package init(carrying bytes: [UInt8]) {
        if !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) {
            self = text
            return
        }
        var text: [UInt8] = []
        forEachPart(ofUTF8: bytes) { part, isUTF8 in
            for byte in part {
                if isUTF8 && byte != 0 {
                    text.append(byte)
                } else {
                    text += [0, 0xE2, 0xA0 | byte >> 6, 0x80 | byte & 0x3F]
                }
            }
        }
        self = String(decoding: text, as: UTF8.self)
    }

    /// The bytes from which `init(carrying:)` made the text; of any other text its UTF-8.
    package var carriedBytes: [UInt8] {
        let text = Array(utf8)
        if !text.contains(0) { return text }
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            if index + 3 < text.count && text[index] == 0 && text[index + 1] == 0xE2
                && text[index + 2] & 0xFC == 0xA0
            {
                bytes.append(text[index + 2] << 6 | text[index + 3] & 0x3F)
                index += 4
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }

    /// The text as patterns see it: what is not UTF-8 is U+FFFD.
    package var patternScalars: [Unicode.Scalar] {
        Array(String(decoding: carriedBytes, as: UTF8.self).unicodeScalars)
    }
}
