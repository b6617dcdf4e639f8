import Records
import Text

/// A strict JSON reader (RFC 8259) that makes one pass over the bytes and allocates no strings.
///
/// Each call is given the bytes, so that the cursor stays valid when the buffer moves. It is
/// written by hand because a snapshot has a line for each process: for 612,000 lines `JSONDecoder`
/// takes 5.4 s, all of reading with this 0.7 s. Tests compare what it accepts with `JSONDecoder`.
struct JSONCursor {
    /// The index of the next byte.
    var index: Int
    /// The index after the last byte.
    let end: Int
    private let maxDepth: Int

    init(_ range: Range<Int>, _ limits: SnapshotLimits) {
        index = range.lowerBound
        end = range.upperBound
        maxDepth = limits.depth
    }

    /// The bytes of a string between its quotes, validated.
    struct Text {
        var start: Int
        var end: Int
        var hasEscapes = false
        /// Whether an escape sequence denotes U+0000.
        var hasNUL = false
    }

    enum Value {
        case string(Text)
        case integer(Int64)
        /// A number with a fraction or an exponent, or outside the range of 64 bits.
        case otherNumber
        case boolean(Bool)
        case null
        /// The index of the first byte in the array or object.
        case array(Int)
        case object(Int)
    }

    /// The byte at the cursor, or 0 at the end: JSON has no such byte.
    private func peek(_ bytes: Span<UInt8>) -> UInt8 { index < end ? bytes[index] : 0 }

    mutating func skipSpace(_ bytes: Span<UInt8>) {
        while index < end {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    /// Consumes `byte`, and white space before it, if it is next.
    private mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        skipSpace(bytes)
        guard peek(bytes) == byte else { return false }
        index += 1
        return true
    }

    private func malformed(_ expected: String) -> SnapshotError {
        .corrupt(index < end ? "not JSON: expected \(expected)" : "not JSON: ends too early")
    }

    mutating func beginObject(_ bytes: Span<UInt8>) throws(SnapshotError) {
        if take(UInt8(ascii: "{"), bytes) { return }
        if index == end { throw .corrupt("not JSON: the line is empty") }
        throw malformed("an object")
    }

    /// Reads the next key of the object and the colon after it.
    /// - Returns: nil at the end of the object.
    mutating func nextKey(
        _ bytes: Span<UInt8>, isFirst: Bool
    ) throws(SnapshotError) -> Text? {
        if take(UInt8(ascii: "}"), bytes) { return nil }
        if !isFirst {
            guard take(UInt8(ascii: ","), bytes) else { throw malformed("a comma or a brace") }
            skipSpace(bytes)
        }
        guard peek(bytes) == UInt8(ascii: "\"") else { throw malformed("a key") }
        let key = try string(bytes)
        guard take(UInt8(ascii: ":"), bytes) else { throw malformed("a colon") }
        return key
    }

    /// Moves to the next element of an array whose opening bracket has been consumed.
    /// - Returns: false at the end of the array.
    mutating func nextElement(
        _ bytes: Span<UInt8>, isFirst: Bool
    ) throws(SnapshotError) -> Bool {
        if take(UInt8(ascii: "]"), bytes) { return false }
        if !isFirst && !take(UInt8(ascii: ","), bytes) { throw malformed("a comma or a bracket") }
        return true
    }

    /// Checks that only white space follows the object.
    mutating func endLine(_ bytes: Span<UInt8>) throws(SnapshotError) {
        skipSpace(bytes)
        if index < end { throw .corrupt("not JSON: something follows the object") }
    }

    mutating func value(_ bytes: Span<UInt8>) throws(SnapshotError) -> Value {
        skipSpace(bytes)
        switch peek(bytes) {
        case UInt8(ascii: "\""): return .string(try string(bytes))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(bytes)
        case UInt8(ascii: "t"):
            try literal("true", bytes)
            return .boolean(true)
        case UInt8(ascii: "f"):
            try literal("false", bytes)
            return .boolean(false)
        case UInt8(ascii: "n"):
            try literal("null", bytes)
            return .null
        case UInt8(ascii: "["): return .array(try skip(.array, bytes))
        case UInt8(ascii: "{"): return .object(try skip(.object, bytes))
        default: throw malformed("a value")
        }
    }

    private enum Container { case array, object }

    /// Validates an array or object and moves past its closing bracket.
    ///
    /// It does not recurse: the depth of recursion is bounded by the stack, whatever the limit.
    /// - Returns: the index after its opening bracket.
    private mutating func skip(
        _ outermost: Container, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> Int {
        index += 1
        let start = index
        var container = outermost
        var outer: [Container] = []
        var isFirst = true
        while true {
            if outer.count >= maxDepth {
                throw SnapshotError(.tooLarge(.depth), "nested deeper than \(maxDepth)")
            }
            let isAtEnd =
                switch container {
                case .array: try !nextElement(bytes, isFirst: isFirst)
                case .object: try nextKey(bytes, isFirst: isFirst) == nil
                }
            isFirst = false
            if isAtEnd {
                guard let last = outer.popLast() else { return start }
                container = last
                continue
            }
            let inner =
                take(UInt8(ascii: "["), bytes)
                ? Container.array
                : take(UInt8(ascii: "{"), bytes) ? .object : nil
            if let inner {
                outer.append(container)
                container = inner
                isFirst = true
            } else {
                _ = try value(bytes)
            }
        }
    }

    private mutating func literal(
        _ word: StaticString, _ bytes: Span<UInt8>
    ) throws(SnapshotError) {
        guard
            Text(start: index, end: min(index + word.utf8CodeUnitCount, end))
                .equals(word, bytes)
        else { throw malformed("a value") }
        index += word.utf8CodeUnitCount
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(SnapshotError) {
        let start = index
        while index < end, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[index] { index += 1 }
        if index == start { throw malformed("a digit") }
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(SnapshotError) -> Value {
        let isNegative = peek(bytes) == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        try digits(bytes)
        if bytes[start] == UInt8(ascii: "0") && index > start + 1 {
            throw .corrupt("not JSON: a number with a leading zero")
        }
        let integerEnd = index
        if peek(bytes) == UInt8(ascii: ".") {
            index += 1
            try digits(bytes)
        }
        if peek(bytes) | 0x20 == UInt8(ascii: "e") {
            index += 1
            if peek(bytes) == UInt8(ascii: "+") || peek(bytes) == UInt8(ascii: "-") { index += 1 }
            try digits(bytes)
        }
        if index > integerEnd { return .otherNumber }
        // Accumulated as a negative number, so that the smallest 64-bit integer fits too.
        var integer: Int64 = 0
        for position in start..<integerEnd {
            let (tens, overflow) = integer.multipliedReportingOverflow(by: 10)
            let digit = Int64(bytes[position] - UInt8(ascii: "0"))
            let (difference, underflow) = tens.subtractingReportingOverflow(digit)
            if overflow || underflow { return .otherNumber }
            integer = difference
        }
        if isNegative { return .integer(integer) }
        return integer == .min ? .otherNumber : .integer(-integer)
    }

    private mutating func string(_ bytes: Span<UInt8>) throws(SnapshotError) -> Text {
        index += 1
        var text = Text(start: index, end: index)
        var isASCII = true
        while index < end {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                text.end = index
                index += 1
                if !isASCII { try checkUTF8(bytes, text.start..<text.end) }
                return text
            case UInt8(ascii: "\\"):
                text.hasEscapes = true
                if try skipEscape(bytes) == 0 { text.hasNUL = true }
            case ..<0x20: throw .corrupt("not JSON: a control character in a string")
            default:
                if byte >= 0x80 { isASCII = false }
                index += 1
            }
        }
        throw .corrupt("not JSON: a string without an end")
    }

    private func checkUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SnapshotError) {
        do {
            _ = try UTF8Span(validating: bytes.extracting(range))
        } catch {
            throw .corrupt("not UTF-8")
        }
    }

    /// - Returns: the first code unit of a `\uXXXX` sequence, nil for other escape sequences.
    private mutating func skipEscape(_ bytes: Span<UInt8>) throws(SnapshotError) -> UInt16? {
        index += 1
        switch peek(bytes) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
            return nil
        case UInt8(ascii: "u"):
            let unit = try hexadecimal(bytes)
            if UTF16.isTrailSurrogate(unit) { throw .corrupt("not JSON: half a surrogate pair") }
            guard UTF16.isLeadSurrogate(unit) else { return unit }
            guard peek(bytes) == UInt8(ascii: "\\"), index + 1 < end,
                bytes[index + 1] == UInt8(ascii: "u")
            else { throw .corrupt("not JSON: half a surrogate pair") }
            index += 1
            guard UTF16.isTrailSurrogate(try hexadecimal(bytes)) else {
                throw .corrupt("not JSON: half a surrogate pair")
            }
            return unit
        default: throw malformed("an escape sequence")
        }
    }

    /// Reads `uXXXX` and moves past it.
    /// - Returns: the code unit.
    private mutating func hexadecimal(_ bytes: Span<UInt8>) throws(SnapshotError) -> UInt16 {
        index += 1
        var number: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = hexadecimalDigit(peek(bytes)) else {
                throw malformed("four hexadecimal digits")
            }
            number = number << 4 | UInt16(digit)
            index += 1
        }
        return number
    }
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

extension JSONCursor.Text {
    /// Whether the string, with its escape sequences decoded, is `word`.
    func equals(_ word: StaticString, _ bytes: Span<UInt8>) -> Bool {
        if hasEscapes { return string(bytes) == "\(word)" }
        guard end - start == word.utf8CodeUnitCount else { return false }
        let letters = unsafe UnsafeBufferPointer(
            start: word.utf8Start, count: word.utf8CodeUnitCount)
        for offset in 0..<letters.count where unsafe letters[offset] != bytes[start + offset] {
            return false
        }
        return true
    }

    /// Whether the string, with its escape sequences decoded, has the UTF-8 bytes `word`.
    func equals(_ word: [UInt8], _ bytes: Span<UInt8>) -> Bool {
        if hasEscapes {
            var utf8: [UInt8] = []
            append(bytes, to: &utf8)
            return utf8 == word
        }
        guard end - start == word.count else { return false }
        let letters = word.span
        for offset in letters.indices where letters[offset] != bytes[start + offset] {
            return false
        }
        return true
    }

    /// - Throws: if the string holds a NUL or is too long for a text.
    func check(
        _ key: [UInt8], _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) {
        if hasNUL { throw .holdsNUL(key) }
        if end - start > limits.textBytes, string(bytes).utf8.count > limits.textBytes {
            throw .tooLong(key, limits)
        }
    }

    /// - Throws: if the string holds a NUL or is too long for a name.
    func checkName(
        _ key: [UInt8], _ bytes: Span<UInt8>, _ limits: SnapshotLimits
    ) throws(SnapshotError) {
        if end - start > limits.nameScalars,
            string(bytes).unicodeScalars.count > limits.nameScalars
        {
            throw .nameTooLong(key, limits)
        }
    }

    /// Appends the UTF-8 of the string with its escape sequences decoded.
    func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        var index = start
        while index < end {
            guard hasEscapes, bytes[index] == UInt8(ascii: "\\") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            let letter = bytes[index + 1]
            index += 2
            switch letter {
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = number(bytes, at: index)
                index += 4
                if 0xD800..<0xDC00 ~= scalar {
                    let trail = number(bytes, at: index + 2)
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + trail - 0xDC00
                    index += 6
                }
                // The cursor accepts no unpaired surrogate, so this is a scalar.
                output += String(Unicode.Scalar(scalar)!).utf8
            default: output.append(letter)
            }
        }
    }

    func string(_ bytes: Span<UInt8>) -> String {
        var utf8: [UInt8] = []
        append(bytes, to: &utf8)
        return String(decoding: utf8, as: UTF8.self)
    }

    private func number(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 4 | UInt32(hexadecimalDigit(bytes[index + $1])!) }
    }
}
