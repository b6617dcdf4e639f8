/// What `census snap` calls a snapshot's file: `web-01_20261123T051311Z_1f0c2d3e.jsonl.gz`, a name
/// that FAT takes and that sorts by host and time.
package struct SnapshotName: Sendable, Hashable {
    /// The hostname, as `host(_:)` has it.
    package let host: String
    package let takenAt: Timestamp
    /// The first 8 digits of the snapshot's id, in lower case.
    package let idPrefix: String

    package init(_ header: SnapshotHeader, hostname: String?) {
        host = Self.host(hostname)
        takenAt = header.takenAt
        idPrefix = String(header.id.prefix(8))
    }

    package var text: String { "\(host)_\(takenAt.basicFormat)_\(idPrefix).jsonl.gz" }

    /// Reads the name of a file, with whatever follows the id: another ending, or what a desktop
    /// adds to the name of a copy. Nil where it is not such a name.
    package init?(of fileName: some StringProtocol) {
        let pattern = /(?:copy of )?(.+)_([0-9]{8})t([0-9]{6})z_([0-9a-f]{8})(?![0-9a-z]).*/
            .ignoresCase().dotMatchesNewlines()
        guard let match = String(fileName).wholeMatch(of: pattern),
            let takenAt = Timestamp(basicDate: match.2, time: match.3)
        else { return nil }
        host = String(match.1)
        self.takenAt = takenAt
        idPrefix = match.4.lowercased()
    }

    /// What stands for a host that has no name.
    package static let unknownHost = "unknown"

    /// A hostname as file names have it: at most 64 characters, and `_` for what is not a letter, a
    /// digit, `-` or `.` of ASCII.
    package static func host(_ hostname: String?) -> String {
        let safe = (hostname ?? unknownHost).prefix(64).map { character in
            character.isASCII
                && (character.isLetter || character.isNumber || "-.".contains(character))
                ? character : "_"
        }
        let name = String(safe)
        // A hidden file, an option, or a device of DOS, whatever stands behind its first dot.
        let devices = /(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?/
        let isSpecial =
            name.hasPrefix(".") || name.hasPrefix("-") || name.wholeMatch(of: devices) != nil
        return isSpecial ? "_" + name : name
    }
}

extension Timestamp {
    /// `20261123` and `051311`.
    fileprivate init?(basicDate date: Substring, time: Substring) {
        func part(_ text: Substring, _ start: Int, _ count: Int) -> Substring {
            text.dropFirst(start).prefix(count)
        }
        self.init(
            "\(part(date, 0, 4))-\(part(date, 4, 2))-\(part(date, 6, 2))"
                + "T\(part(time, 0, 2)):\(part(time, 2, 2)):\(part(time, 4, 2))Z")
    }
}
