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
