/// Appends `text` as a JSON string (RFC 8259, 7), quotes included. What is not ASCII stays as it is.
package func appendJSON(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    let isDone: Void? = text.withContiguousStorageIfAvailable {
        unsafe appendJSONContents($0, to: &output)
    }
    if isDone == nil { for byte in text { appendJSONByte(byte, to: &output) } }
    output.append(UInt8(ascii: "\""))
}

/// Appends the bytes between those that are escaped as a whole.
private func appendJSONContents(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    var start = 0
    for index in 0..<text.count where unsafe isEscapedInJSON(text[index]) {
        unsafe output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
        unsafe appendJSONByte(text[index], to: &output)
        start = index + 1
    }
    unsafe output.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
}

private func isEscapedInJSON(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
}

private func appendJSONByte(_ byte: UInt8, to output: inout [UInt8]) {
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
