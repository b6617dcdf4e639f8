import Crypto
import Files
import FoundationEssentials
import SystemPackage
import Text

/// The log that `census snap` keeps beside its snapshots: who took which file, where and when. Each
/// line has the digest of the one before.
struct CustodyLog: Sendable {
    /// A line that is whole.
    struct Line: Decodable, Sendable {
        let record: String
        let log: String
        let number: Int
        let previous: String
        let time: String
        let user: String?
        let host: String?
        let file: String
        let sha256: String

        /// `root on web-01, 2026-11-30T10:00:00Z`.
        var text: String {
            let who = [user ?? "unknown", host.map { "on \($0)" }].compactMap(\.self)
            return "\(who.joined(separator: " ")), \(time)"
        }
    }

    /// The path of the log.
    let path: FilePath
    /// The lines that are whole, by their numbers in the file, from 1.
    private(set) var lines: [(number: Int, line: Line)] = []
    /// The digests of all lines, without their line feeds.
    private(set) var digests: [ContentDigest] = []
    /// The size in bytes, the digest, and what is wrong.
    var reading: FileReading

    /// Whether a file of this name is a log. Capitals do not count, as on a stick.
    static func isName(_ name: [UInt8]) -> Bool {
        String(decoding: name, as: UTF8.self).lowercased() == "custody.jsonl"
    }

    /// In bytes: a line has some 600, and a stick few thousand lines.
    private static let largestFile = 16 << 20
    private static let mostLines = 50_000

    /// Reads a log.
    init(_ path: FilePath) {
        self.path = path
        do throws(FileError) {
            let file = try OpenFile(reading: path, followingLink: false)
            let status = try file.status()
            if status.kind != .regular {
                reading = FileReading(error: SnapshotError(.unreadable, "not a regular file"))
                return
            }
            if status.size > Self.largestFile {
                reading = FileReading(
                    size: status.size,
                    error: SnapshotError(
                        .unsupported,
                        "a custody log of more than \(Self.largestFile) bytes is none of census"))
                return
            }
            let bytes = try file.contents(limit: Self.largestFile + 1)
            reading = FileReading(
                size: bytes.count, sha256: ContentDigest(of: bytes).hexadecimal)
            if bytes.count(where: { $0 == UInt8(ascii: "\n") }) > Self.mostLines {
                reading.error = SnapshotError(
                    .unsupported,
                    "a custody log of more than \(Self.mostLines) lines is none of census")
                return
            }
            reading.error = read(bytes)
        } catch {
            reading = FileReading(error: SnapshotError(.unreadable, error.errno.description))
        }
    }

    /// - Returns: what is wrong; nil if nothing is.
    private mutating func read(_ bytes: [UInt8]) -> SnapshotError? {
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
        for (index, text) in texts.enumerated() {
            let number = index + 1
            let digest = ContentDigest(of: Array(text))
            digests.append(digest)
            defer { if numbers[digest] == nil { numbers[digest] = number } }
            guard let line = Self.line(text, decoder) else {
                torn.append(number)
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
                tell(.corrupt, number, "this is no line of a custody log")
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

/// What custody logs say of the files beside them.
package struct CustodyRecords: Sendable {
    private var logs: [CustodyLog] = []
    /// The line about a file, in words, by the file's digest.
    private var byDigest: [ContentDigest: String] = [:]
    /// The place of the last line about a file, by the file's path.
    private var byPath: [FilePath: String] = [:]
    /// The directories that have a log, and its path.
    private var directories: [FilePath: FilePath] = [:]

    /// Reads logs, and compares those with the same beginning.
    init(_ paths: [FilePath]) {
        for path in paths {
            let log = CustodyLog(path)
            directories[path.removingLastComponent()] = path
            for (number, line) in log.lines {
                byPath[Self.path(of: line, in: log)] = "\(path.text):\(number)"
                guard let digest = ContentDigest(hexadecimal: line.sha256) else { continue }
                byDigest[digest] = "\(path.text):\(number): \(line.text)"
            }
            logs.append(log)
        }
        compareCopies()
    }

    /// The path of the file that a line is about.
    private static func path(of line: CustodyLog.Line, in log: CustodyLog) -> FilePath {
        // The name is of unknown origin, and is to lead nowhere else.
        let name = line.file.replacing("/", with: "_").replacing("\0", with: "_")
        let directory = log.path.removingLastComponent()
        return directory.isEmpty ? FilePath(name) : directory.appending(name)
    }

    /// The place of the line that has a file with another digest; nil if there is none.
    func contradiction(to sha256: String?, at path: FilePath) -> String? {
        guard let digest = sha256.flatMap(ContentDigest.init(hexadecimal:)), byDigest[digest] == nil
        else { return nil }
        return byPath[path]
    }

    /// Finds logs of which one is a copy of the other and both were written after that.
    private mutating func compareCopies() {
        let groups = Dictionary(grouping: logs.indices) { logs[$0].lines.first?.line.log ?? "" }
        for (id, group) in groups where !id.isEmpty && group.count > 1 {
            // The longest is the original, and any other is to be a beginning of it.
            let ordered = group.sorted { logs[$0].digests.count > logs[$1].digests.count }
            let longest = logs[ordered[0]]
            for index in ordered.dropFirst() where logs[index].reading.error?.code != .corrupt {
                let own = logs[index].digests
                let common = zip(own, longest.digests).prefix { $0 == $1 }.count
                if common == own.count { continue }
                logs[index].reading.error = SnapshotError(
                    .corrupt, line: common + 1,
                    common == 0
                        ? "the log has the same id as \(longest.path.text) and other lines"
                        : "the first \(common) lines are those of \(longest.path.text), and both go on "
                            + "differently: the stick was copied, and both were used")
            }
        }
    }

    /// Whether there are no logs.
    package var isEmpty: Bool { logs.isEmpty }

    /// The result of reading a log; nil if the source is none.
    func reading(of source: EvidenceSearch.Source) -> FileReading? {
        guard !logs.isEmpty, case .file(let path, _) = source else { return nil }
        return logs.first { $0.path == path }?.reading
    }

    /// What is said of a file with a digest: its line, or that the log beside it has none; nil if there
    /// is no log.
    func text(of sha256: String?, at path: FilePath?) -> String? {
        if let digest = sha256.flatMap(ContentDigest.init(hexadecimal:)),
            let text = byDigest[digest]
        {
            return text
        }
        guard let log = path.flatMap({ directories[$0.removingLastComponent()] }) else {
            return nil
        }
        return "not in \(log.text)"
    }

    /// The files in the logs that are not beside them, and were not read elsewhere, by the path of the
    /// log.
    /// - Parameter digests: of the files that were read.
    package func missing(besides digests: Set<ContentDigest>) -> [(log: String, files: [String])] {
        logs.compactMap { log in
            let names = log.lines.map(\.line).filter { line in
                guard let digest = ContentDigest(hexadecimal: line.sha256),
                    !digests.contains(digest)
                else { return false }
                let path = Self.path(of: line, in: log)
                do throws(FileError) {
                    return try OpenFile.status(at: path, followingLink: false) == nil
                } catch {
                    return true
                }
            }.map(\.file)
            return names.isEmpty ? nil : (log.path.text, names)
        }
    }
}
