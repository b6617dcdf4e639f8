// Texts as bytes, for the readers of hosts.
//
// Of what follows each is called from many places, and stays small because it is not inlined there.

/// The bytes of a literal.
@inline(never)
func ascii(_ text: StaticString) -> [UInt8] { text.withUTF8Buffer { unsafe Array($0) } }

/// Bytes with those of a literal behind them.
@inline(never)
func appended(_ bytes: [UInt8], _ text: StaticString) -> [UInt8] { bytes + ascii(text) }

/// Appends the bytes of a literal.
@inline(never)
func append(_ text: StaticString, to bytes: inout [UInt8]) { bytes += ascii(text) }

/// Appends a byte.
@inline(never)
func append(_ byte: UInt8, to bytes: inout [UInt8]) { bytes.append(byte) }

/// A byte of a text; 0 behind its end.
@inline(never)
func byte(_ text: [UInt8], _ index: Int) -> UInt8 { index < text.count ? text[index] : 0 }

/// Some of the bytes of a text; as many as there are.
@inline(never)
func part(_ text: [UInt8], _ start: Int, _ end: Int) -> [UInt8] {
    let end = min(end, text.count)
    return start < end ? Array(text[start..<end]) : []
}

/// Whether the bytes of a literal are at an index.
@inline(never)
func has(_ text: [UInt8], _ start: Int, _ literal: StaticString) -> Bool {
    part(text, start, start + literal.utf8CodeUnitCount).equals(literal)
}

/// A text with small letters in the place of capitals.
@inline(never)
func lowered(_ text: [UInt8]) -> [UInt8] {
    var result = text
    for index in result.indices where 0x41...0x5A ~= result[index] { result[index] |= 0x20 }
    return result
}

/// Whether a text is in a list.
@inline(never)
func contains(_ list: [[UInt8]], _ text: [UInt8]) -> Bool {
    for element in list where element == text { return true }
    return false
}

/// The lines of a text.
struct Lines {
    private let bytes: [UInt8]
    private var next = 0
    /// The line, without its end.
    private(set) var line: [UInt8] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Goes to the next line.
    /// - Returns: false at the end of the text.
    @inline(never)
    mutating func advance() -> Bool {
        if next >= bytes.count { return false }
        var end = next
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        line = Array(bytes[next..<end])
        next = end + 1
        return true
    }
}
