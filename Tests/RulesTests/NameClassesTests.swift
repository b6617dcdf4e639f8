#if Rules
    import TestSupport
    import Testing
    import Text

    @testable import Rules

    /// All patterns are compared with a name at once. What each pattern says by itself decides.
    @Suite struct NameClassesTests {
        private static let patterns = [
            "*", "?", "", "a", "ab", "a*", "*a", "*a*", "a*b", "*a*b*", "?b", "a?", "??", "[ab]*",
            "*[!a]", "[a-c]b*", "\\*", "é", "*é*", "a*a*a", "*ab", "*ba*", "[!a-b]",
        ]
        private static let characters = ["a", "b", "c", "*", "é", "\u{1F600}"]

        private static func glob(_ pattern: String) throws -> Glob { try Glob(pattern) }

        /// All names of up to four of the characters.
        private static let names = (0..<4).reduce(into: [""]) { names, _ in
            names = names.flatMap { name in [name] + characters.map { name + $0 } }
        }

        @Test func aClassIsOfThePatternsThatMatch() throws {
            let globs = try Self.patterns.map(Self.glob)
            // Lists of one, of two and of three patterns.
            let lists = globs.indices.map { Array(globs[$0...min($0 + $0 % 3, globs.count - 1)]) }
            var classes = NameClasses(lists)
            for name in Set(Self.names) {
                let found = classes.number(of: Array(name.utf8)[...])
                let number = try #require(found)
                let expected = lists.indices.filter { lists[$0].contains { $0.matches(name) } }
                #expect(classes.classes[Int(number)] == expected, "\(name)")
            }
            #expect(Set(classes.classes).count == classes.classes.count)
        }

        /// Patterns that need more states than are made are compared one by one.
        @Test func manyStates() throws {
            let globs = try "abcdefghijklmnop".map { try Self.glob("*\($0)*\($0)?\($0)*") }
            var classes = NameClasses(globs.map { [$0] })
            var automaton = GlobAutomaton(globs)
            var random = SplitMix64(state: 3)
            var beyond = 0
            for _ in 0..<3000 {
                let name = String(
                    (0..<40).map { _ in "abcdefghijklmnop".randomElement(using: &random)! })
                let bytes = Array(name.utf8)[...]
                let found = classes.number(of: bytes)
                let number = try #require(found)
                #expect(
                    classes.classes[Int(number)] == globs.indices.filter { globs[$0].matches(name) }
                )
                if automaton.state(of: bytes) == nil { beyond += 1 }
            }
            #expect(beyond > 100)
        }
    }
#endif
