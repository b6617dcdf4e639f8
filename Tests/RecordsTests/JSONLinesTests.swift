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

    @Test func leavesOutWhatIsUnknown() {
        var lines = JSONLines()
        lines.add(Sample())
        #expect(
            String(decoding: lines.text, as: UTF8.self)
                == #"{"record":"sample","f":null,"g":["x","\"",""],"h":[],"i":-9223372036854775808}"#
                + "\n")
    }
}
