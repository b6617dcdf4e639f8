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
}
