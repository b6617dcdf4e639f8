import Foundation
import Testing

@testable import Records
@testable import Text

@Suite struct JSONTextTests {
    /// Every character of the first plane's start and some further ones come back from Foundation.
    @Test func isReadByFoundation() throws {
        let scalars = (0..<0x300).compactMap(Unicode.Scalar.init)
        let text = String(String.UnicodeScalarView(scalars)) + "\u{2028}\u{FEFF}\u{FFFD}😀\u{10FFFF}"
        var output: [UInt8] = []
        appendJSON(text.utf8, to: &output)
        let decoded = try JSONDecoder().decode(String.self, from: Data(output))
        #expect(Array(decoded.utf8) == Array(text.utf8))
        // One line, whatever the text holds: nothing that a terminal would act on.
        #expect(output.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }

    @Test func leavesNilOut() {
        var line = JSONLine(appendingTo: Array("before\n".utf8))
        line.add("a", nil as String?)
        line.add("b", nil as Int?)
        line.add("c", nil as Bool?)
        line.add("d", nil as [String]?)
        line.add("e", nil as RawText?)
        line.addRequired("f", nil)
        line.add("g", ["x", "\"", ""])
        line.add("h", [])
        line.add("i", Int.min)
        #expect(
            String(decoding: line.finish(), as: UTF8.self)
                == "before\n"
                + #"{"f":null,"g":["x","\"",""],"h":[],"i":-9223372036854775808}"# + "\n")
    }
}
