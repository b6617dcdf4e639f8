import Foundation
import Testing

@testable import Records
@testable import Text

@Suite struct JSONLinesTests {
    /// Foundation decodes the same text: all characters at the start of the first plane, and some
    /// others.
    @Test func isReadByFoundation() throws {
        let scalars = (0..<0x300).compactMap(Unicode.Scalar.init)
        let text = String(String.UnicodeScalarView(scalars)) + "\u{2028}\u{FEFF}\u{FFFD}😀\u{10FFFF}"
        var output: [UInt8] = []
        appendJSON(text.utf8, to: &output)
        let decoded = try JSONDecoder().decode(String.self, from: Data(output))
        #expect(Array(decoded.utf8) == Array(text.utf8))
        // One line for any text, without control characters that a terminal would interpret.
        #expect(output.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }

    /// A record with a field of each type, all unknown.
    private struct Sample: Record {
        static let kind: StaticString = "sample"

        var text: String?
        var integer: Int64?
        var boolean: Bool?
        var texts: [String]?
        var name: RawText?
        var nullable: String?
        var list: [String]? = ["x", "\"", ""]
        var empty: [String]? = []
        var least = Int64.min

        mutating func visitFields<Visitor: FieldVisitor>(
            _ visitor: inout Visitor
        ) throws(Visitor.Failure) {
            try visitor.visit(&text, .optional("a", "A text"))
            try visitor.visit(&integer, .optional("b", "An integer"))
            try visitor.visit(&boolean, .optional("c", "Yes or no"))
            try visitor.visit(&texts, .optional("d", "Texts"))
            try visitor.visit(&name, .optional("e", "A name that need not be UTF-8"))
            try visitor.visit(&nullable, .nullable("f", "A text that is always there"))
            try visitor.visit(&list, .optional("g", "Texts"))
            try visitor.visit(&empty, .optional("h", "Texts"))
            try visitor.visit(&least, .required("i", "An integer"))
        }
    }

    /// Texts that are written as they are, and such as are not: each character of ASCII, alone, first,
    /// in the middle and last, and what is not ASCII or no UTF-8.
    @Test func writesTextsAsTheyAreRead() throws {
        var texts = (0...0xFF).flatMap { byte in
            ["", "a"].flatMap { before in ["", "b"].map { Array(before.utf8) + [byte] + $0.utf8 } }
        }
        texts += [[], Array("é".utf8), Array("\u{2028}😀".utf8)]
        for bytes in texts {
            var sample = Sample()
            let text = RawText(bytes)
            (sample.name, sample.text, sample.texts) = (text, text.repaired, [text.repaired])
            var lines = JSONLines()
            lines.add(sample)
            let read = try #require(
                try JSONSerialization.jsonObject(with: Data(lines.text)) as? [String: Any])
            #expect(read["e"] as? String == text.repaired)
            #expect(read["a"] as? String == text.repaired)
            #expect(read["d"] as? [String] == [text.repaired])
            let whole = (read["e_base64"] as? String).flatMap { Data(base64Encoded: $0) }
            #expect(whole.map { Array($0) } == (text.text == nil ? bytes : nil))
            #expect(lines.text.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        }
    }

    /// A name that is just as long as the reader takes, and a longer one.
    @Test func truncatesPlainNames() throws {
        let limit = SnapshotLimits().nameScalars
        for count in [limit - 1, limit, limit + 1] {
            var sample = Sample()
            sample.name = RawText([UInt8](repeating: 0x78, count: count))
            var lines = JSONLines()
            lines.add(sample)
            let read = try #require(
                try JSONSerialization.jsonObject(with: Data(lines.text)) as? [String: Any])
            #expect((read["e"] as? String)?.count == min(count, limit))
        }
    }

    @Test func leavesOutWhatIsUnknown() {
        var lines = JSONLines()
        lines.add(Sample())
        #expect(
            String(decoding: lines.text, as: UTF8.self)
                == #"{"record":"sample","f":null,"g":["x","\"",""],"h":[],"i":-9223372036854775808}"#
                + "\n")
    }
}
