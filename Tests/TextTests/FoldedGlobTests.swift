import Testing

@testable import Text

/// `FoldedGlob` says what `Glob` says of small letters.
@Suite struct FoldedGlobTests {
    private static let patterns = [
        "", "*", "?", "a", "A*", "*b", "*ab*", "a?c", "*a*b*c", "a**", "??", "*aab", "x*x", "a.c",
        "*-*",
    ]
    private static let names = [
        "", "a", "A", "ab", "aB", "abc", "aXc", "aab", "AAAB", "xx", "x", "a.c", "cab-abc", "a*c",
        "aabaabaab",
    ]

    @Test(arguments: patterns) func itMatchesAsGlobDoes(_ pattern: String) throws {
        let folded = try #require(FoldedGlob(pattern))
        let glob = try Glob(pattern.lowercased())
        for name in Self.names {
            let slice = ([0x20] + Array(name.utf8))[1...]
            #expect(folded.matches(slice) == glob.matches(name.lowercased()), "\(name)")
        }
    }

    @Test func whatItLeavesToGlob() throws {
        for pattern in ["[a]", #"\*"#, "ü"] { #expect(FoldedGlob(pattern) == nil) }
        #expect(try #require(FoldedGlob("*")).matches(Array("ü".utf8)[...]) == nil)
    }
}
