import Testing

@testable import Text

@Suite struct RawTextTests {
    /// Bytes, and what stands for them: U+FFFD (`?` here) for each byte outside well-formed UTF-8
    /// as RFC 3629, 4 has it, and for NUL.
    static let repairs: [(bytes: [UInt8], repaired: String)] = [
        ([], ""), ([0x41], "A"), ([0x00], "?"), ([0x41, 0x00, 0xC3, 0xA9], "A?é"),
        ([0x0A, 0x7F], "\n\u{7F}"),
        ([0xC3, 0xA9], "é"), ([0xE2, 0x82, 0xAC], "€"), ([0xF0, 0x9F, 0x98, 0x80], "😀"),
        ([0xFF], "?"), ([0xFE, 0xFF], "??"), ([0x80], "?"), ([0xC3], "?"), ([0xC3, 0x41], "?A"),
        ([0x41, 0xC3], "A?"), ([0xC3, 0xC3, 0xA9], "?é"), ([0xA9, 0xC3, 0xA9, 0xA9], "?é?"),
        ([0xC0, 0x80], "??"), ([0xE0, 0x80, 0x80], "???"), ([0xED, 0xA0, 0x80], "???"),
        ([0xE2, 0x82], "??"), ([0xE2, 0x82, 0x41], "??A"), ([0xF0, 0x9F, 0x98], "???"),
        ([0xF0, 0x9F, 0x98, 0xC3, 0xA9], "???é"), ([0xF4, 0x90, 0x80, 0x80], "????"),
        ([0x63, 0x61, 0x66, 0xE9], "caf?"), ([0x65, 0xCC, 0x81], "e\u{301}"),
        ([0xCC, 0x81], "\u{301}"), ([0xEF, 0xBF, 0xBD], "\u{FFFD}"),
        ([0xEF, 0xBB, 0xBF], "\u{FEFF}"),
    ]

    @Test(arguments: repairs) func repairsOnlyWhatIsBad(_ row: (bytes: [UInt8], repaired: String)) {
        let text = RawText(row.bytes)
        let expected = row.repaired.replacing("?", with: "\u{FFFD}")
        #expect(Array(text.repaired.utf8) == Array(expected.utf8))
        #expect(text.bytes == row.bytes)
        let isUTF8 = !row.repaired.contains("?")
        #expect(text.text.map { Array($0.utf8) } == (isUTF8 ? row.bytes : nil))
    }

    @Test func keepsEveryScalar() {
        let numbers = stride(from: UInt32(1), through: 0x10FFFF, by: 61)
        let scalars = numbers.compactMap(Unicode.Scalar.init)
        let bytes = Array(String(String.UnicodeScalarView(scalars)).utf8)
        #expect(Array(RawText(bytes).repaired.utf8) == bytes)
    }
}
