/// Calls `body` with each part of the bytes in order: those that are well-formed UTF-8 as far as they go,
/// and one by one the bytes that are not part of it.
package func forEachPart(
    ofUTF8 bytes: [UInt8], _ body: (_ part: ArraySlice<UInt8>, _ isUTF8: Bool) -> Void
) {
    var start = 0
    while start < bytes.count {
        var end = start
        while end < bytes.count {
            let length = scalarLength(bytes, at: end)
            if length == 0 { break }
            end += length
        }
        if end > start { body(bytes[start..<end], true) }
        if end < bytes.count {
            body(bytes[end...end], false)
            end += 1
        }
        start = end
    }
}

/// How many bytes from `start` on are one scalar (Unicode 16, table 3-7); 0 if they are none.
private func scalarLength(_ bytes: [UInt8], at start: Int) -> Int {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[start] {
    case 0x00...0x7F: return 1
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

/// A text without the byte order mark (EF BB BF) that programs of Windows put before UTF-8.
package func withoutByteOrderMark(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text
}
