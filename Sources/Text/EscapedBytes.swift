/// Bytes as text, another for all others. What is not UTF-8 has its bytes beyond ASCII as `\xE9`;
/// there, and where `\x` is in the text itself, a backslash is `\\`.
package func exactText(_ bytes: [UInt8]) -> String {
    let text = String(validating: bytes, as: UTF8.self)
    if let text, !text.contains("\\x") { return text }
    if let text { return text.replacing("\\", with: "\\\\") }
    return bytes.map { byte in
        switch byte {
        case UInt8(ascii: "\\"): "\\\\"
        case ..<0x80: String(Unicode.Scalar(byte))
        default: "\\x" + hexadecimal(byte, digits: 2)
        }
    }.joined()
}

/// Whether the bytes are well-formed UTF-8.
package func isUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
}
