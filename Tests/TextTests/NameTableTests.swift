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
        let numbers = (0..<expected.count).shuffled()
        let names = expected.keys.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(table.sorted(numbers).map { Array(table.name($0)) } == names)
        #expect(table.sorted([]) == [])
    }

    /// Names that are looked up together have the numbers of those looked up one by one, in whatever order
    /// they are new, known, and repeated.
    @Test func blocksHaveTheSameNumbers() {
        var table = NameTable()
        var blocks = NameTable()
        var block = NameBlock()
        for size in [0, 1, 2, 1000, 3000, 512, 512, 20_000] {
            block.removeAll()
            var expected: [Int] = []
            for _ in 0..<size {
                let name = (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...1) }
                block.append { $0 += name }
                expected.append(table.number(of: name.span))
            }
            var numbers = [-1]
            blocks.appendNumbers(of: block, to: &numbers)
            #expect(numbers == [-1] + expected)
            #expect(blocks.count == table.count)
        }
        for number in 0..<table.count { #expect(blocks.name(number) == table.name(number)) }
    }
}
