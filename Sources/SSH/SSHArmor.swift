import Text

/// The bytes of a file in base64 between a line `-----BEGIN LABEL-----` and a line
/// `-----END LABEL-----`. Lines end with LF or CR LF. Only empty lines may follow.
/// - Returns: nil if it is none.
func unarmored(_ file: [UInt8], _ label: StaticString) -> [UInt8]? {
    let (begin, end) = (armorLine("BEGIN", label), armorLine("END", label))
    guard file.starts(with: begin) else { return nil }
    var index = begin.count
    var digits: [UInt8] = []
    defer { forget(&digits) }
    digits.reserveCapacity(file.count)
    var bytes: [UInt8]?
    while index < file.count {
        if file[index] == UInt8(ascii: "\r") {
            guard index + 1 < file.count, file[index + 1] == UInt8(ascii: "\n") else { return nil }
            index += 1
        }
        if file[index] == UInt8(ascii: "\n") {
            index += 1
            if bytes == nil, file[index...].starts(with: end) {
                index += end.count
                bytes = bytesOfBase64(digits, from: 0, to: digits.count)
                if bytes == nil { return nil }
            }
        } else {
            // After the last line.
            if bytes != nil || index == begin.count { return nil }
            digits.append(file[index])
            index += 1
        }
    }
    return bytes
}

/// The file of such bytes, in lines of 70 digits, as OpenSSH writes it.
func armorFile(_ bytes: [UInt8], _ label: StaticString) -> [UInt8] {
    let digits = Array(base64(bytes).utf8)
    var file = armorLine("BEGIN", label)
    for start in stride(from: 0, to: digits.count, by: 70) {
        file.append(UInt8(ascii: "\n"))
        file += digits[start..<min(start + 70, digits.count)]
    }
    file.append(UInt8(ascii: "\n"))
    return file + armorLine("END", label) + [UInt8(ascii: "\n")]
}

private func armorLine(_ word: StaticString, _ label: StaticString) -> [UInt8] {
    Array("-----\(word) \(label)-----".utf8)
}
