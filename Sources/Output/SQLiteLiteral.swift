import Database
import Text

/// Appends a value as SQL of SQLite ("SQL Language Expressions", 3) whose value has the same storage
/// class and the same bytes.
func appendSQLiteLiteral(_ row: any Statement, _ column: Int, to output: inout [UInt8]) {
    func text() -> [UInt8] {
        var text: [UInt8] = []
        row.appendText(column, to: &text)
        return text
    }
    switch row.storage(column) {
    case .null: output += "NULL".utf8
    case .integer: row.appendText(column, to: &output)
    case .real(let number): appendReal(number, to: &output)
    case .blob: output += "X'\(hexadecimal(text()))'".utf8
    case .text:
        let text = text()
        guard isPlain(text) else {
            output += "CAST(X'\(hexadecimal(text))' AS TEXT)".utf8
            return
        }
        output.append(UInt8(ascii: "'"))
        for byte in text {
            if byte == UInt8(ascii: "'") { output.append(byte) }
            output.append(byte)
        }
        output.append(UInt8(ascii: "'"))
    }
}

/// Whether sqlite3 reads the text in a script as it is, on any system. It reads up to a NUL, and without
/// the CR of a CR LF; on Windows a file ends at a SUB. A script is UTF-8 as a whole.
private func isPlain(_ text: [UInt8]) -> Bool {
    let isControlled = text.contains { byte in
        byte < 0x20 && byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\t")
    }
    return !isControlled && isUTF8(text)
}

/// A real number as an integer times a power of two, all of whose steps are exact: SQLite does not read
/// every number in digits as the nearest one.
private func appendReal(_ number: Double, to output: inout [UInt8]) {
    if number.sign == .minus { output.append(UInt8(ascii: "-")) }
    guard number.isFinite else {
        output += "9e999".utf8  // infinity; a NaN is NULL
        return
    }
    if number.isZero {
        output += "0.0".utf8
        return
    }
    // The significand is in 1..<2 and has at most 52 bits behind the point.
    let bits = number.significandWidth
    let integer = Int64(Double(sign: .plus, exponent: bits, significand: number.significand))
    output += "\(integer).0".utf8
    var exponent = Int(number.exponent) - bits
    let sign = exponent < 0 ? "/" : "*"
    exponent = abs(exponent)
    while exponent > 0 {
        let step = min(exponent, 52)
        output += "\(sign)\(Int64(1) << Int64(step)).0".utf8
        exponent -= step
    }
}
