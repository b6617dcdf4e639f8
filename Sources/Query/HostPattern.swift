package import Text

/// A pattern of hosts, as `--host` has it: of their names, ids and addresses. Capitals do not count.
package struct HostPattern: Sendable {
    /// The pattern, as it was given.
    package let text: String
    private let glob: Glob

    /// Reads a pattern of glob(7).
    /// - Throws: if the pattern is malformed.
    package init(_ text: String) throws(Glob.InvalidPattern) {
        self.text = text
        let exact = try Glob(text)
        do throws(Glob.InvalidPattern) {
            glob = try Glob(text.lowercased())
        } catch {
            glob = exact  // a range such as [A-z]
        }
    }

    /// Whether it is the name of something, without `*`, `?` or a set.
    package var isLiteral: Bool { !text.contains { "*?[\\".contains($0) } }

    /// Whether the whole text matches.
    func matches(_ name: String) -> Bool {
        glob.matches(name.lowercased()) || glob.matches(name)
    }
}
