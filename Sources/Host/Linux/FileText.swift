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

extension StringProtocol {
    func trimmingWhitespace() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}

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
