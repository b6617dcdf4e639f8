import FoundationEssentials
import Records
import Text

/// The files that a collector could not read, or not to their end, each with the reason:
/// `etc/passwd: Input/output error`. Their names may have any character.
package struct UnreadFiles: Sendable, Equatable {
    /// Each once.
    package let files: [String]

    /// The files that a `collection` record names; nil if it does not name its sources.
    init?(_ collection: CollectionRecord?) {
        guard let collection else { return nil }
        if collection.sources == nil && collection.failedSources == nil
            && collection.unreadable == nil
        {
            return nil
        }
        // A file may be a source of several kinds.
        let failed = (collection.failedSources ?? []).map(Self.withoutKind)
        var known: Set<ExactText> = []
        files = ((collection.unreadable ?? []) + failed).filter {
            known.insert(ExactText($0)).inserted
        }
    }

    /// Reads what `Executions.Unread_files` holds. Versions before this form of it wrote the files with
    /// a semicolon and a space between.
    package init(stored text: String) {
        let texts = try? JSONDecoder().decode([String].self, from: Data(text.utf8))
        files = texts ?? text.split(separator: "; ").map { String($0) }
    }

    /// What `Executions.Unread_files` holds: a JSON array.
    package var stored: String {
        var text: [UInt8] = [UInt8(ascii: "[")]
        for file in files {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            appendJSON(file.utf8, to: &text)
        }
        text.append(UInt8(ascii: "]"))
        return String(decoding: text, as: UTF8.self)
    }

    /// `etc/passwd: Input/output error` of `account passwd etc/passwd: Input/output error`.
    private static func withoutKind(_ source: String) -> String {
        let words = source.unicodeScalars.split(separator: " ", maxSplits: 2)
        return words.count == 3 ? String(words[2]) : source
    }
}
