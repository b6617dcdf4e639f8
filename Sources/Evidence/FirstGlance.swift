/// What a file is, judged by its first bytes.
package enum FirstGlance: Sendable {
    /// A snapshot, plain or gzipped, complete or not.
    case snapshot
    case foreign(ForeignContent)
    case unknown

    fileprivate init(_ text: some Collection<UInt8>) {
        let text = Array(text.drop(while: ForeignContent.isSpace))
        // White space is ignored: within a string a quote always follows a backslash, so the text
        // cannot match there.
        let line = text.prefix { $0 != UInt8(ascii: "\n") }.filter { !ForeignContent.isSpace($0) }
        if text.first == UInt8(ascii: "{"), line.contains(Self.record) {
            self = .snapshot
        } else if let content = ForeignContent(text) {
            // Text in another encoding, with or without NULs.
            let isSnapshot =
                content.nature == .alteration && text.filter { $0 != 0 }.contains(Self.record)
            self = isSnapshot ? .snapshot : .foreign(content)
        } else {
            self = .unknown
        }
    }

    private static let record = Array(#""record":"snapshot""#.utf8)
}

extension EvidenceInput {
    /// Reads the first bytes of the file, through gzip if it is compressed, and judges them.
    /// - Throws: `unreadable` if the file cannot be read.
    package consuming func firstGlance() throws(SnapshotError) -> FirstGlance {
        var bytes = [UInt8](repeating: 0, count: ForeignContent.beginning)
        var unread = 0..<(try read(into: &bytes))
        guard bytes[unread].starts(with: gzipMagic) else { return FirstGlance(bytes[unread]) }
        var text = [UInt8](repeating: 0, count: ForeignContent.beginning)
        var count = 0
        var inflater = Inflater()
        do throws(SnapshotError) {
            repeat {
                try inflater.inflate(bytes, &unread, into: &text, at: &count)
            } while inflater.isInsideMember && !unread.isEmpty && count < text.count
        } catch {}  // reported when the file is read
        return FirstGlance(text[..<count])
    }
}

extension [UInt8] {
    fileprivate func contains(_ word: [UInt8]) -> Bool {
        indices.contains { self[$0] == word[0] && self[$0...].starts(with: word) }
    }
}
