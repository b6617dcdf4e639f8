import Testing
import Text

@Suite struct HexadecimalTests {
    @Test(
        arguments: [
            ([], ""), ([0x0A], "0a"), ([0, 0xFF], "00ff"), ([0x3F, 0x2A, 0x91], "3f2a 91"),
            ([0x3F, 0x2A, 0x91, 0xBC], "3f2a 91bc"),
        ] as [([UInt8], String)])
    func groups(_ digest: [UInt8], _ text: String) {
        #expect(groupedHexadecimal(digest) == text)
    }

    @Test func aDigest() {
        let text = groupedHexadecimal([UInt8](repeating: 0xAB, count: 32))
        #expect(text == Array(repeating: "abab", count: 16).joined(separator: " "))
    }
}
