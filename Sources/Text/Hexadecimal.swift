/// The bytes in hexadecimal, lower case.
@inlinable package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// A number in hexadecimal, upper case, with zeros in front where it has fewer digits.
package func hexadecimal(_ number: some BinaryInteger, digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// A digest for a person to read aloud, write down or compare: its digits in hexadecimal, in groups of
/// four with a space between them, of a SHA-256 digest 16 groups: `3f2a 91bc …`.
package func groupedHexadecimal(_ digest: [UInt8]) -> String {
    var text: [UInt8] = []
    for (index, digit) in hexadecimal(digest).utf8.enumerated() {
        if index > 0 && index % 4 == 0 { text.append(UInt8(ascii: " ")) }
        text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
}
