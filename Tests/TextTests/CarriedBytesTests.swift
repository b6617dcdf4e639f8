import Testing

@testable import Text

@Suite struct CarriedBytesTests {
    /// All pairs of bytes, each behind a letter and before another, where a sequence may begin or be cut.
    private static let texts: [[UInt8]] = (UInt8.min...UInt8.max).flatMap { first in
        (UInt8.min...UInt8.max).flatMap { second in
            [[0x61, first, second], [first, second, 0x61], [first, 0x61, second, 0xA0, 0x80]]
        }
    }

    @Test func leadsBackToTheBytes() {
        #expect(Self.texts.filter { String(carrying: $0).carriedBytes != $0 } == [])
        #expect(String(carrying: []).carriedBytes == [])
    }

    @Test func isAnotherForOtherBytes() {
        let bytes = Set(Self.texts)
        #expect(Set(bytes.map { ExactText(String(carrying: $0)) }).count == bytes.count)
    }

    /// A text of UTF-8 is itself, whatever it holds but a NUL.
    @Test(arguments: ["", "a", "é", "e\u{301}", "\u{FFFD}", "⠀⣿", "\u{10FFFF}", #"\xFF"#])
    func keepsUTF8(_ text: String) {
        let carried = String(carrying: Array(text.utf8))
        #expect(ExactText(carried) == ExactText(text))
        #expect(text.carriedBytes == Array(text.utf8))
    }

    /// What looks as if bytes were carried is no others.
    @Test func aTextWithNUL() {
        let texts: [[UInt8]] = [
            [0, 0xE2, 0xA3, 0xBF], [0xFF], [0, 0xE2, 0xA0, 0x80], [0], [0, 0], [0, 0xFF],
        ]
        for text in texts { #expect(String(carrying: text).carriedBytes == text) }
        #expect(Set(texts.map { ExactText(String(carrying: $0)) }).count == texts.count)
    }

    /// Small letters and joined texts carry the same bytes.
    @Test func survivesChanges() {
        let bytes: [UInt8] = [0x41, 0xC3, 0xE3, 0x28, 0xED, 0xA0, 0x80, 0xF0, 0x9F]
        let text = String(carrying: bytes)
        #expect(text.lowercased().carriedBytes == [0x61] + bytes.dropFirst())
        let joined = "é\(text), \(text)".carriedBytes
        #expect(joined == Array("é".utf8) + bytes + Array(", ".utf8) + bytes)
        #expect(visible(text) == #"A\xC3\xE3(\xED\xA0\x80\xF0\x9F"#)
    }

    /// A pattern sees a text as if it had been repaired.
    @Test func patterns() throws {
        let text = String(carrying: [0x61, 0xFF, 0x62])
        #expect(try Glob("a?b").matches(text))
        #expect(try Glob("a\u{FFFD}b").matches(text))
        #expect(try !Glob("a??b").matches(text))
    }
}
