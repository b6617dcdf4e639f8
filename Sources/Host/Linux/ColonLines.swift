/// The lines of passwd(5), group(5) and shadow(5), as glibc's nss_files reads them.
struct ColonLines {
    private var lines: Lines
    /// The fields of the line; without any it is none that the C library can use.
    private(set) var fields: [[UInt8]] = []

    init(_ bytes: [UInt8]) { lines = Lines(bytes) }

    /// Goes to the next line that has text. Comments are skipped, and so are `+anna` and
    /// `-anna`, words of nss_compat for the users of NIS.
    /// - Returns: false at the end of the file.
    @inline(never)
    mutating func advance() -> Bool {
        while lines.advance() {
            let line = lines.line
            var start = 0
            while start < line.count, isSpace(line[start]) { start += 1 }
            if start == line.count { continue }
            let first = line[start]
            if first == UInt8(ascii: "#") || first == UInt8(ascii: "+")
                || first == UInt8(ascii: "-")
            {
                continue
            }
            fields = []
            // A text of C ends at a NUL; and an account needs a name.
            if first == UInt8(ascii: ":") || line.contains(0) { return true }
            var field: [UInt8] = []
            for byte in line[start...] {
                if byte == UInt8(ascii: ":") {
                    fields.append(field)
                    field = []
                } else {
                    field.append(byte)
                }
            }
            fields.append(field)
            return true
        }
        return false
    }

    /// A field; empty if the line has none.
    @inline(never)
    subscript(_ index: Int) -> [UInt8] { index < fields.count ? fields[index] : [] }
}

/// Whether a byte is white space to C.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

/// A user id, or a group's.
/// - Returns: nil if the C library refuses the line for it.
func accountID(_ field: [UInt8]) -> Int64? {
    unsignedNumber(field).flatMap { $0 <= UInt32.max ? Int64($0) : nil }
}

/// A number as strtoul(3) takes it: white space, a sign and zeros may stand in front. What is too
/// large is the largest.
/// - Returns: nil if there is none, or something behind it.
@inline(never)
func unsignedNumber(_ field: [UInt8]) -> UInt64? {
    var index = 0
    while index < field.count, isSpace(field[index]) { index += 1 }
    let sign = byte(field, index)
    let isNegative = sign == UInt8(ascii: "-")
    if isNegative || sign == UInt8(ascii: "+") { index += 1 }
    if index == field.count { return nil }
    var number: UInt64 = 0
    var isTooLarge = false
    while index < field.count {
        let digit = UInt64(field[index]) &- 0x30
        if digit > 9 { return nil }
        let (tenfold, isOver) = number.multipliedReportingOverflow(by: 10)
        let (sum, isAbove) = tenfold.addingReportingOverflow(digit)
        isTooLarge = isTooLarge || isOver || isAbove
        number = sum
        index += 1
    }
    if isTooLarge { return .max }
    return isNegative ? 0 &- number : number
}
