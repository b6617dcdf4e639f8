/// The bytes in base64 (RFC 4648, 4), padded.
package func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        var bits: UInt32 = 0
        for index in 0..<3 {
            bits = bits << 8 | (index < group.count ? UInt32(group[start + index]) : 0)
        }
        for index in 0...3 {
            let digit = digits[Int(bits >> (18 - 6 * UInt32(index)) & 63)]
            text.append(index <= group.count ? digit : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes that a part of a text is in base64 (RFC 4648, 4), padded.
/// - Returns: nil if the part is empty or no base64. What is left over of the last digit must be zero,
///   so that no two texts have the same bytes.
@inline(never)
package func bytesOfBase64(_ text: [UInt8], from start: Int, to end: Int) -> [UInt8]? {
    if start >= end || (end - start) % 4 != 0 { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity((end - start) / 4 * 3)
    var bits: UInt32 = 0
    var padding = 0
    for index in start..<end {
        var digit: UInt32 = 0
        let byte = text[index]
        switch byte {
        case 0x41...0x5A: digit = UInt32(byte) - 0x41
        case 0x61...0x7A: digit = UInt32(byte) - 0x61 + 26
        case 0x30...0x39: digit = UInt32(byte) - 0x30 + 52
        case UInt8(ascii: "+"): digit = 62
        case UInt8(ascii: "/"): digit = 63
        case UInt8(ascii: "=") where index >= end - 2: padding += 1
        default: return nil
        }
        if padding > 0 && byte != UInt8(ascii: "=") { return nil }
        bits = bits << 6 | digit
        if (index - start) % 4 == 3 {
            if bits & (1 << UInt32(8 * padding) - 1) != 0 { return nil }
            for shift in 0..<3 {
                bytes.append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(shift))))
            }
            bits = 0
        }
    }
    bytes.removeLast(padding)
    return bytes
}
