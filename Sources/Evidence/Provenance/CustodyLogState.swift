import Text

/// What a custody log was when it was loaded: its lines, and all its bytes by their digest. Its receipt
/// keeps that, so that later loads see whether the log has only grown since.
package struct CustodyLogState: Hashable, Sendable {
    /// The id of the log: 16 hexadecimal digits.
    let log: String
    /// The number of its lines.
    let lines: Int
    /// In bytes.
    let size: Int
    let digest: ContentDigest
    /// The absolute path that it had; nil if unknown.
    let path: String?
    /// When it was loaded, in UTC.
    let date: String

    /// What a receipt says of a log that is not to be compared with later.
    static let unnamed = "custody log"

    /// Whether a receipt is of a log.
    /// - Parameter custody: its column `Custody`.
    package static func isLog(custody: String) -> Bool {
        custody == unnamed || id(custody: custody) != nil
    }

    /// The id of the log that a receipt is of; nil if it is of none that can be compared.
    /// - Parameter custody: its column `Custody`.
    package static func id(custody: String) -> String? {
        let words = custody.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, let lines = Int(words[4]),
            text(log: String(words[2]), lines: lines) == custody
        else { return nil }
        return String(words[2])
    }

    /// - Parameters:
    ///   - custody: the column `Custody` of a receipt; the result is nil if it is not of a log.
    ///   - size: in bytes.
    ///   - path: the absolute path; nil if unknown.
    ///   - date: when it was loaded, in UTC.
    package init?(custody: String, size: Int, sha256: String, path: String?, date: String) {
        guard let log = Self.id(custody: custody), let digest = ContentDigest(hexadecimal: sha256),
            let lines = Int(custody.split(separator: " ")[4])
        else { return nil }
        self.log = log
        self.lines = lines
        self.size = size
        self.digest = digest
        self.path = path
        self.date = date
    }

    /// What a receipt says of a log: `custody log 00112233aabbccdd with 3 lines`.
    /// - Returns: nil if the id is none.
    static func text(log: String, lines: Int) -> String? {
        let isID =
            log.utf8.count == 16 && log.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        return isID ? "custody log \(log) with \(counted(lines, "line"))" : nil
    }
}
