import Testing
import Text

@Suite struct GlobTests {
    @Test(arguments: [
        ("", "", true), ("", "a", false), ("sshd", "sshd", true), ("sshd", "sshd ", false),
        ("sshd", "SSHD", false), ("*", "", true), ("*", "any/thing", true), ("**", ".x", true),
        ("team*", "teamviewerd", true), ("team*", "steam", false), ("*miner", "xminer", true),
        ("*miner", "minerd", false), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false),
        ("a*b*c", "abbbbc", true), ("a*b*c", "abcb", false), ("*.exe", ".exe.exe", true),
        ("a?c", "abc", true), ("a?c", "ac", false), ("a?c", "a\u{1F600}c", true),
        ("?", "é", true), ("?", "e\u{301}", false), ("é", "e\u{301}", false),
        ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[a-c]", "", false),
        ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true), ("[!a]", "", false),
        ("[]a]", "]", true), ("[!]a]", "]", false), ("[!]a]", "b", true), ("[a-]", "-", true),
        ("[-a]", "-", true), ("[!-]", "-", false), ("[a\\]]", "]", true), ("[\\!a]", "!", true),
        ("[*]", "*", true), ("[*]", "x", false), ("[α-ω]", "λ", true), ("[+--]", ",", true),
        ("\\*", "*", true), ("\\*", "x", false), ("\\\\", "\\", true), ("a]", "a]", true),
        ("\\a", "a", true), ("{a,b}", "a", false), ("*\\?", "what?", true),
    ])
    func matching(pattern: String, text: String, isMatch: Bool) throws {
        #expect(try Glob(pattern).matches(text) == isMatch)
    }

    @Test(arguments: [
        ("a\\", 1, #"the pattern "a\": nothing follows the backslash at its end"#),
        ("[a\\", 2, #"the pattern "[a\": nothing follows the backslash at its end"#),
        ("a[", 1, #"the pattern "a[": "[" has no "]"; "\[" is the character itself"#),
        ("[]", 0, #"the pattern "[]": "[" has no "]"; "\[" is the character itself"#),
        ("[!]", 0, #"the pattern "[!]": "[" has no "]"; "\[" is the character itself"#),
        ("x[a-", 1, #"the pattern "x[a-": "[" has no "]"; "\[" is the character itself"#),
        ("[0z-a]", 2, #"the pattern "[0z-a]": the range z-a is the wrong way round"#),
    ])
    func invalidPatterns(pattern: String, offset: Int, message: String) {
        let error = #expect(throws: Glob.InvalidPattern.self) { try Glob(pattern) }
        #expect(error?.offset == offset)
        #expect(error?.description == message)
    }

    @Test(arguments: ["", "*", "[a]", "a\\b", "what?", "sshd"])
    func exactly(text: String) throws {
        let glob = Glob(exactly: text)
        #expect(glob.matches(text))
        #expect(!glob.matches(text + "x"))
        #expect(try Glob(glob.pattern) == glob)
    }

    /// Every pattern of up to four elements against every text of up to five characters.
    @Test func agreesWithTheDefinition() throws {
        func words(_ alphabet: [Character], upTo length: Int) -> [[Character]] {
            var all: [[Character]] = [[]]
            var last = all
            for _ in 0..<length {
                last = last.flatMap { word in alphabet.map { word + [$0] } }
                all += last
            }
            return all
        }
        func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
            switch pattern.first {
            case nil: text.isEmpty
            case "*":
                (text.startIndex...text.endIndex).contains {
                    matches(pattern.dropFirst(), text[$0...])
                }
            case "?": !text.isEmpty && matches(pattern.dropFirst(), text.dropFirst())
            case let letter: text.first == letter && matches(pattern.dropFirst(), text.dropFirst())
            }
        }
        let texts = words(["a", "b"], upTo: 5)
        for pattern in words(["a", "b", "?", "*"], upTo: 4) {
            let glob = try Glob(String(pattern))
            for text in texts where glob.matches(String(text)) != matches(pattern[...], text[...]) {
                Issue.record("\(String(pattern)) and \(String(text))")
            }
        }
    }

    /// Ends at once, where trying every way to share the text would last beyond the sun.
    @Test func manyStarsAreNoTrap() throws {
        let glob = try Glob(String(repeating: "a*", count: 100) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 10_000)))
    }
}
