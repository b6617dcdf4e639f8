import Crypto
import Files
import FoundationEssentials
package import SystemPackage
import Text

/// The log that `census snap` keeps beside its snapshots: who took which file, where and when. Each
/// line has the digest of the one before.
package struct CustodyLog: Sendable {
    /// A line that is whole.
    package struct Line: Decodable, Sendable {
        let record: String
        let log: String
        /// One more than that of the last line before it that is whole.
        let number: Int
        let previous: String
        let time: String
        let user: String?
        let host: String?
        let file: String
        /// In bytes.
        let size: Int?
        let sha256: String
        /// The fingerprint of the key that signed the file; nil if it was not signed.
        let signature: String?

        /// `root on web-01, 2026-11-30T10:00:00Z`.
        var text: String {
            let who = [user ?? "unknown", host.map { "on \($0)" }].compactMap(\.self)
            return "\(who.joined(separator: " ")), \(time)"
        }
    }

    /// The path of the log.
    package let path: FilePath
    /// The lines that are whole, by their numbers in the file, from 1.
    package private(set) var lines: [(number: Int, line: Line)] = []
    /// The digests of all lines, without their line feeds.
    package private(set) var digests: [ContentDigest] = []
    /// The digests of the first bytes of the log, by their number: up to the end of each line, with its
    /// line feed and without.
    private(set) var beginnings: [Int: ContentDigest] = [:]
    /// The size in bytes, the digest, and what is wrong.
    package var reading: FileReading

    /// The id of the log; nil if it has no line that is whole.
    var id: String? { lines.first?.line.log }

    /// What its receipt says of it for later loads; nil if it is not to be compared with later.
    package var text: String? {
        switch reading.error?.code {
        case nil, .truncated: id.flatMap { CustodyLogState.text(log: $0, lines: digests.count) }
        default: nil
        }
    }

    /// Whether a file that begins with these bytes is a log, whatever its name and whatever a program has
    /// put before it.
    static func isOne(_ beginning: some Collection<UInt8>) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return beginning.dropFirst(beginning.starts(with: mark) ? mark.count : 0)
            .starts(with: #"{"record":"custody","#.utf8)
    }

    /// Whether a file of this name is a log. Capitals do not count, as on a stick.
    static func isName(_ name: [UInt8]) -> Bool {
        String(decoding: name, as: UTF8.self).lowercased() == "custody.jsonl"
    }

    /// In bytes: a line has some 600, and a stick few thousand lines.
    private static let largestFile = 16 << 20
    private static let mostLines = 50_000

    /// Reads a log.
    package init(_ path: FilePath, followingLink: Bool = false) {
        do throws(FileError) {
            let file = try OpenFile(reading: path, followingLink: followingLink)
            let status = try file.status()
            if status.kind != .regular {
                self.init(
                    path, FileReading(error: SnapshotError(.unreadable, "not a regular file")))
            } else if status.size > Self.largestFile {
                self.init(
                    path,
                    FileReading(
                        size: status.size,
                        error: SnapshotError(
                            .unsupported,
                            "a custody log of more than \(Self.largestFile) bytes was not written by census"
                        )))
            } else {
                self.init(path, try file.contents(limit: Self.largestFile + 1))
            }
        } catch {
            self.init(
                path,
                FileReading(error: SnapshotError(.unreadable, error.errno.description)))
        }
    }

    private init(_ path: FilePath, _ reading: FileReading) {
        self.path = path
        self.reading = reading
    }

    /// Reads the bytes of a log.
    package init(_ path: FilePath, _ bytes: [UInt8]) {
        self.init(
            path, FileReading(size: bytes.count, sha256: ContentDigest(of: bytes).hexadecimal))
        if bytes.count(where: { $0 == UInt8(ascii: "\n") }) > Self.mostLines {
            reading.error = SnapshotError(
                .unsupported,
                "a custody log of more than \(Self.mostLines) lines was not written by census")
            return
        }
        reading.error = read(bytes)
    }

    /// - Returns: what is wrong; nil if nothing is.
    private mutating func read(_ bytes: [UInt8]) -> SnapshotError? {
        let fault = readLines(bytes)
        // What a program has done to all lines explains all other faults.
        if let content = ForeignContent(bytes), content.nature == .alteration {
            return content.error(isInsideGzip: false)
        }
        if let line = Self.lineWithCarriageReturn(bytes) {
            return SnapshotError(
                .corrupt, line: line, "the line ends with CR LF: copy the file unchanged")
        }
        if bytes.isEmpty {
            return SnapshotError(
                .truncated,
                "the log is empty: its lines were removed, or the stick was pulled out before the first "
                    + "one was written")
        }
        return fault
    }

    /// The number of the first line that ends with CR LF; nil if none does.
    private static func lineWithCarriageReturn(_ bytes: [UInt8]) -> Int? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { $0.last == UInt8(ascii: "\r") }.map { $0 + 1 }
    }

    private mutating func readLines(_ bytes: [UInt8]) -> SnapshotError? {
        var texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let isComplete = texts.last?.isEmpty ?? true
        if isComplete { texts = texts.dropLast() }
        let decoder = JSONDecoder()
        var torn: [Int] = []
        var fault: SnapshotError?
        func tell(_ code: SnapshotError.Code, _ number: Int, _ reason: String) {
            // The first of the worst is told: what was altered before what was cut off.
            let isWorse =
                fault.map { other in
                    other.code == code ? number < other.line ?? 0 : code == .corrupt
                } ?? true
            if isWorse { fault = SnapshotError(code, line: number, reason) }
        }
        /// The numbers of lines by their digests, and the digests that the lines have of those before.
        var numbers: [ContentDigest: Int] = [:]
        var previous: [Int: ContentDigest] = [:]
        /// The lines that are not whole and end like one: a collector may have counted them.
        var doubtful = 0
        var beginning = SHA256()
        var size = 0
        func add(_ bytes: ArraySlice<UInt8>) {
            beginning.update(data: bytes)
            size += bytes.count
            beginnings[size] = ContentDigest(beginning.finalize())
        }
        for (index, text) in texts.enumerated() {
            add(text)
            if index + 1 < texts.count || isComplete { add([UInt8(ascii: "\n")]) }
            let number = index + 1
            let digest = ContentDigest(of: Array(text))
            digests.append(digest)
            defer { if numbers[digest] == nil { numbers[digest] = number } }
            guard let line = Self.line(text, decoder) else {
                torn.append(number)
                if text.last == UInt8(ascii: "}") { doubtful += 1 }
                continue
            }
            let before = ContentDigest(hexadecimal: line.previous)
            previous[number] = before
            let isFollowing =
                index == 0 ? line.previous == Self.beginning : before == digests[index - 1]
            if !isFollowing {
                if let other = before.flatMap({ numbers[$0] }) {
                    tell(
                        .corrupt, number,
                        "this line follows line \(other), as line \(other + 1) does: two "
                            + "collectors wrote at once, or lines of a copy of the log were added")
                } else if index == 0 {
                    tell(
                        .corrupt, number, "the log does not begin here: earlier lines were removed")
                } else {
                    tell(
                        .corrupt, number,
                        "this line does not follow line \(index): a line before it was changed, "
                            + "removed or added")
                }
            } else if let first = lines.first?.line, first.log != line.log {
                tell(.corrupt, number, "this line belongs to another log")
            } else if !(lines.count + 1...lines.count + 1 + doubtful).contains(line.number) {
                tell(
                    .corrupt, number,
                    "this line has the number \(line.number) instead of \(lines.count + 1): it was "
                        + "changed")
            }
            lines.append((number, line))
        }
        for number in torn {
            // The next line follows a torn one as it stands; a line that was altered has no follower.
            let isLast = number == texts.count
            let isFollowed = previous[number + 1] == digests[number - 1]
            let isCut = texts[number - 1].first.map { $0 == UInt8(ascii: "{") || $0 == 0 } ?? true
            if isCut && (isLast && !isComplete || isFollowed) {
                tell(
                    .truncated, number,
                    "the line is incomplete: the stick was pulled out while it was written, and the "
                        + "file that it is about may have no line")
            } else {
                tell(.corrupt, number, "this is not a line of a custody log")
            }
        }
        return fault
    }

    /// - Returns: nil if it is no line of a log, or not whole.
    private static func line(_ text: ArraySlice<UInt8>, _ decoder: JSONDecoder) -> Line? {
        do {
            let line = try decoder.decode(Line.self, from: Data(text))
            return line.record == "custody" ? line : nil
        } catch {
            return nil  // a DecodingError; the caller says what such a line is
        }
    }

    /// What the first line has as the digest of the line before it.
    private static let beginning = String(repeating: "0", count: 64)
}
