import Foundation
import TestSupport
import Testing
import Text

@Suite struct Base64Tests {
    /// As Foundation writes it.
    @Test(arguments: 0..<100) func isFoundations(_ count: Int) {
        var generator = SplitMix64(state: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        #expect(base64(bytes) == Data(bytes).base64EncodedString())
    }

    @Test(arguments: 1..<100) func isReadAgain(_ count: Int) {
        var generator = SplitMix64(state: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = Array("<\(base64(bytes))>".utf8)
        #expect(bytesOfBase64(text, from: 1, to: text.count - 1) == bytes)
    }

    /// Each text is the only one of its bytes.
    @Test(arguments: [
        "", "A", "AA", "AAA", "AAAAA", "AA==AAAA", "A===", "====", "AB==", "AAB=", "AA=A", "AA A",
        "AAA\n", "AAA-", "AAA_", "AAAA=", "AA==\n",
    ])
    func whatIsNone(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(bytesOfBase64(bytes, from: 0, to: bytes.count) == nil)
    }
}
