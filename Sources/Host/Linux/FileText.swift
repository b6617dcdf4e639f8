import Text

/// A file's text without the white space around it; nil if there is no more than that.
func fileText(_ tree: borrowing HostTree, _ path: String) -> String? {
    guard let bytes = tree.contents(path) else { return nil }
    // A file that was being written when the power failed may end in NULs.
    let text = String(RawText(bytes.filter { $0 != 0 }).repaired.trimmingWhitespace())
    return text.isEmpty ? nil : text
}

/// The lines of a text, whichever way they end, without the mark that some editors put in front of
/// UTF-8.
func textLines(_ bytes: [UInt8]) -> [Substring] {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = RawText(bytes.starts(with: mark) ? bytes[3...] : bytes[...]).repaired
    return text.split { $0.isNewline }
}

// Texts of hosts are taken apart by their scalars, as the programs do that they are written for: a
// `Character` is a separator together with the accent behind it.

extension Substring {
    /// The text without the white space around it.
    @inline(never)
    func trimmingWhitespace() -> Substring {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return self[endIndex...] }
        return self[first..<scalars.index(after: last)]
    }

    /// The parts between separators that are not empty.
    @inline(never)
    func parts(between isSeparator: (Unicode.Scalar) -> Bool) -> [Substring] {
        unicodeScalars.split(whereSeparator: isSeparator).map { Substring($0) }
    }

    /// The parts between white space.
    var words: [Substring] { parts(between: isBlank) }

    /// The text with the capitals of ASCII in lower case.
    @inline(never)
    func lowercasedASCII() -> String {
        String(decoding: utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// Whether the first scalar is a digit of ASCII.
    var beginsWithDigit: Bool { utf8.first.map { 0x30...0x39 ~= $0 } ?? false }

    /// Whether the first scalar is a letter of ASCII, or beyond ASCII.
    var beginsWithLetter: Bool {
        utf8.first.map { 0x61...0x7A ~= $0 | 0x20 || $0 >= 0x80 } ?? false
    }

    /// Whether the text begins with this character of ASCII.
    func begins(with character: Unicode.Scalar) -> Bool {
        utf8.first == UInt8(ascii: character)
    }

    /// What stands before and behind the first such character of ASCII, without the white space
    /// around either.
    /// - Returns: nil if there is none.
    @inline(never)
    func divided(at separator: Unicode.Scalar) -> (before: Substring, behind: Substring)? {
        guard let index = utf8.firstIndex(of: UInt8(ascii: separator)) else { return nil }
        return (
            self[..<index].trimmingWhitespace(),
            self[utf8.index(after: index)...].trimmingWhitespace()
        )
    }
}

extension String {
    /// The text without the white space around it.
    func trimmingWhitespace() -> Substring { self[...].trimmingWhitespace() }
    /// The parts between white space.
    var words: [Substring] { self[...].words }
    /// The text with the capitals of ASCII in lower case.
    func lowercasedASCII() -> String { self[...].lowercasedASCII() }
}

/// Whether a scalar is white space, as `Character.isWhitespace` has it.
func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

extension Collection where Element == UInt8 {
    /// Whether `part` is somewhere within.
    func contains(_ part: String.UTF8View) -> Bool {
        var rest = self[...]
        while rest.count >= part.count {
            if rest.starts(with: part) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
