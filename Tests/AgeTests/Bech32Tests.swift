import Age
import TestSupport
import Testing

@Suite struct Bech32Tests {
    /// The examples of the specification of age.
    @Test func keysHaveTheTextOfTheSpecification() throws {
        let identity = [UInt8](repeating: 0x42, count: 32)
        #expect(
            Bech32.encode(identity, prefix: "age-secret-key-").uppercased()
                == "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
        let recipient = Array("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj".utf8)
        let decoded = try #require(Bech32.decode(recipient))
        #expect(decoded.prefix == Array("age".utf8))
        #expect(decoded.bytes.count == 32)
        #expect(
            Bech32.encode(decoded.bytes, prefix: "age")
                == String(decoding: recipient, as: UTF8.self))
    }

    /// The examples of BIP 173.
    @Test(arguments: [
        "A12UEL5L", "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    ]) func validTextsAreTaken(_ text: String) {
        #expect(Bech32.decode(Array(text.utf8)) != nil)
    }

    @Test(arguments: [
        "", "1", "a", "\u{20}1nwldj5", "\u{7F}1axkwrx", "\u{80}1eym55h", "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "10a06t8", "1qzzfhee", "A12uEL5L", "a12uel5m",
        // Bits left over that are not zero, and a whole digit left over.
        "age1zzzzrr0qm", "a1q5fz4uk",
    ]) func otherTextsAreRefused(_ text: String) {
        #expect(Bech32.decode(Array(text.utf8)) == nil)
    }

    /// Any bytes have one text, and any other letter or order of letters is refused.
    @Test func aChangedLetterIsFound() throws {
        var generator = SplitMix64(state: 1)
        for count in 0..<70 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = Array(Bech32.encode(bytes, prefix: "age").utf8)
            #expect(Bech32.decode(text)?.bytes == bytes)
            for index in text.indices {
                var changed = text
                changed[index] = UInt8.random(in: 33...126, using: &generator)
                if changed == text { continue }
                #expect(Bech32.decode(changed)?.bytes != bytes || index < 3)
            }
        }
    }
}
