import Testing
import Text

@Suite struct NameTableTests {
    @Test func theSameBytesHaveTheSameNumber() {
        var table = NameTable()
        var expected: [[UInt8]: Int] = [:]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50_000 {
            // Few enough to repeat, including the empty name and common prefixes.
            let name = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
                UInt8.random(in: 0...3, using: &generator)
            }
            let number = expected[name] ?? expected.count
            expected[name] = number
            #expect(table.number(of: name.span) == number)
            #expect(table.name(number) == name[...])
        }
    }
}
