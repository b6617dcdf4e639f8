package import Text

/// A pattern of names, as `--host` and `census find` have it. Capitals do not count.
package struct NamePattern: Sendable {
    /// The pattern, as it was given.
    package let text: String
    private let glob: Glob
    /// Whether capitals count in the pattern, which has no meaning in small letters.
    private let isExact: Bool
    /// Compares bytes; nil for a pattern that needs more.
    private let folded: FoldedGlob?

    /// Reads a pattern of glob(7).
    /// - Throws: if the pattern is malformed.
    package init(_ text: String) throws(Glob.InvalidPattern) {
        self.text = text
        let exact = try Glob(text)
        do throws(Glob.InvalidPattern) {
            glob = try Glob(text.lowercased())
            isExact = false
        } catch {
            glob = exact  // a range such as [A-z]
            isExact = true
        }
        folded = FoldedGlob(text)
    }

    /// Whether it is the name of something, without `*`, `?` or a set.
    package var isLiteral: Bool { !text.contains { "*?[\\".contains($0) } }

    /// Whether the whole text matches.
    package func matches(_ name: String) -> Bool {
        glob.matches(name.lowercased()) || isExact && glob.matches(name)
    }

    /// The same of UTF-8, for a pattern that is compared with very many names.
    func matches(_ utf8: ArraySlice<UInt8>) -> Bool {
        folded?.matches(utf8) ?? matches(String(decoding: utf8, as: UTF8.self))
    }
}
