import Files
package import SystemPackage
import Text

/// What custody logs say of the files beside them.
package struct CustodyRecords: Sendable {
    /// A line about a file.
    struct Mention: Sendable {
        /// `stick/custody.jsonl:2`.
        let place: String
        /// The place, who took the file, and when.
        let text: String
        /// Of the file.
        let digest: ContentDigest
        /// The fingerprint of the key that signed the file; nil if it was not signed.
        let signer: String?
    }

    private var logs: [CustodyLog] = []
    /// The last line about a file with a digest.
    private var byDigest: [ContentDigest: Mention] = [:]
    /// The lines about a file of a name, and about one whose name differs in capitals only.
    private var byPath: [FilePath: [Mention]] = [:]
    private var byFoldedPath: [FilePath: [Mention]] = [:]
    /// The directories that have a log, and its path.
    private var directories: [FilePath: FilePath] = [:]
    /// The digests of files that were loaded before.
    private var loaded: Set<ContentDigest> = []

    /// Compares logs with the same beginning.
    package init(_ logs: [CustodyLog]) {
        self.logs = logs
        for log in logs {
            let path = log.path
            let directory = path.lexicallyNormalized().removingLastComponent()
            if directories[directory] == nil || CustodyLog.isName(path.lastComponent?.bytes ?? []) {
                directories[directory] = path
            }
            for (number, line) in log.lines {
                guard let digest = ContentDigest(hexadecimal: line.sha256) else { continue }
                let place = "\(path.text):\(number)"
                let mention = Mention(
                    place: place, text: "\(place): \(line.text)", digest: digest,
                    signer: line.signature)
                byDigest[digest] = mention
                let file = Self.path(of: line, in: log).lexicallyNormalized()
                byPath[file, default: []].append(mention)
                byFoldedPath[file.foldingName, default: []].append(mention)
            }
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

    /// The lines about a file of a name; if there are none, those about one whose name differs in capitals,
    /// which is the same on a stick.
    private func mentions(at path: FilePath) -> [Mention]? {
        let path = path.lexicallyNormalized()
        return byPath[path] ?? byFoldedPath[path.foldingName]
    }

    /// The line about a file: that of its own name, or of a file with another name and the same bytes.
    func mention(of sha256: String?, at path: FilePath) -> Mention? {
        guard let digest = sha256.flatMap(ContentDigest.init(hexadecimal:)) else { return nil }
        return mentions(at: path)?.last { $0.digest == digest } ?? byDigest[digest]
    }

    /// The place of the line that has a file of this name with another digest; nil if there is none. It
    /// does not count that a file of another name has these bytes.
    func contradiction(to sha256: String?, at path: FilePath) -> String? {
        guard let digest = sha256.flatMap(ContentDigest.init(hexadecimal:)),
            let own = mentions(at: path), !own.contains(where: { $0.digest == digest })
        else { return nil }
        return own.last?.place
    }

    /// Finds logs of which one is a copy of the other and both were written after that.
    private mutating func compareCopies() {
        let groups = Dictionary(grouping: logs.indices) { logs[$0].id ?? "" }
        for (id, group) in groups where !id.isEmpty && group.count > 1 {
            // The longest is the original, and any other is to be a beginning of it. A corrupt one says
            // nothing of the others.
            let ordered = group.filter { logs[$0].reading.error?.code != .corrupt }
                .sorted { logs[$0].digests.count > logs[$1].digests.count }
            guard let first = ordered.first else { continue }
            let longest = logs[first]
            for index in ordered.dropFirst() {
                let own = logs[index].digests
                let common = zip(own, longest.digests).prefix { $0 == $1 }.count
                if common == own.count { continue }
                logs[index].reading.error = SnapshotError(
                    .corrupt, line: common + 1,
                    common == 0
                        ? "the log has the same id as \(longest.path.text) and different lines"
                        : "the first \(common) lines are those of \(longest.path.text), and both go on "
                            + "differently: the stick was copied, and both copies were used")
            }
        }
    }

    /// Compares the logs with what they were when they were loaded before, but for corrupt ones. Of
    /// several with the same beginning only the longest is to be as long as any was: the others were
    /// compared with it line by line.
    /// - Parameters:
    ///   - states: in the order in which they were loaded.
    ///   - path: the absolute path of a file; nil if unknown.
    package mutating func compare(
        with states: [CustodyLogState], path: (FilePath) -> String?
    ) {
        for index in logs.indices where logs[index].id == nil {
            let fault = Self.fault(ofEmptied: logs[index], with: states, path(logs[index].path))
            if let fault { logs[index].reading.error = SnapshotError(.corrupt, fault) }
        }
        let states = Dictionary(grouping: states, by: \.log)
        for (id, group) in Dictionary(grouping: logs.indices, by: { logs[$0].id ?? "" }) {
            guard let own = states[id] else { continue }
            let compared = group.filter { logs[$0].text != nil }
            let most = compared.map { logs[$0].digests.count }.max()
            for index in compared {
                let log = logs[index]
                let fault = Self.fault(
                    of: log, path(log.path), own, isLongest: log.digests.count == most)
                if let fault { logs[index].reading.error = SnapshotError(.corrupt, fault) }
            }
        }
    }

    /// What has become of a log without a whole line, and so without an id, by what was at its path.
    private static func fault(
        ofEmptied log: CustodyLog, with states: [CustodyLogState], _ path: String?
    ) -> String? {
        guard log.reading.error?.code == .truncated, let path,
            let last = states.last(where: { $0.path == path })
        else { return nil }
        return
            "the log had \(counted(last.lines, "line")) when it was loaded on \(last.date), and has "
            + "no complete one now: lines were removed, or the stick was exchanged"
    }

    /// What has become of a log; nil if it has only grown.
    /// - Parameters:
    ///   - states: of the same log.
    ///   - isLongest: whether no longer one is given along.
    private static func fault(
        of log: CustodyLog, _ path: String?, _ states: [CustodyLogState], isLongest: Bool
    ) -> String? {
        let lines = counted(log.digests.count, "line")
        func had(_ state: CustodyLogState) -> String {
            "the log had \(counted(state.lines, "line")) when it was loaded on \(state.date)"
        }
        let size = log.reading.size ?? 0
        let beginnings = states.filter { log.beginnings[$0.size] == $0.digest }
        let common = beginnings.map(\.lines).max() ?? 0
        if let other = states.last(where: { $0.size <= size && !beginnings.contains($0) }) {
            // A state has one digest of all its lines: which of those behind `common` is unknown.
            let which = common == 0 ? "all of them" : "all behind line \(common)"
            let anew = common == 0 ? ", the log was rewritten," : ""
            return "\(had(other)), and some or \(which) differ now: they were changed\(anew) "
                + "or the stick was copied and both copies were used"
        }
        if let other = states.last(where: { $0.path == path && path != nil }), other.size > size {
            return "\(had(other)), and has \(lines) now: lines were removed, or the stick was "
                + "exchanged for an older copy"
        }
        // A state that is known is that of a copy which was kept.
        if isLongest, let other = states.last(where: { $0.size > size }),
            !beginnings.contains(where: { $0.size == size })
        {
            return
                "\(had(other)), and has \(lines) now, the last of which may differ: lines were "
                + "removed, or the stick was copied; verify it together with the longer log"
        }
        return nil
    }

    /// Whether there are no logs.
    package var isEmpty: Bool { logs.isEmpty }

    /// Whether a file is one of the logs.
    func isLog(_ path: FilePath) -> Bool { logs.contains { $0.path == path } }

    /// The result of reading a log; nil if the source is none.
    /// - Parameter digests: of all files that were read; nil if the log is not compared with them. A file
    ///   of the log that is not among them, nor was loaded before, is an error of the log.
    package func reading(
        of source: EvidenceSearch.Source, besides digests: Set<ContentDigest>? = nil
    ) -> FileReading? {
        guard !logs.isEmpty, case .file(let path, _) = source else { return nil }
        guard let log = logs.first(where: { $0.path == path }) else { return nil }
        var reading = log.reading
        reading.provenance.custody = log.text ?? CustodyLogState.unnamed
        let names = digests.map { missing(from: log, besides: $0) } ?? []
        if names.isEmpty { return reading }
        let shown = names.prefix(5).joined(separator: ", ")
        let more = names.count > 5 ? " and \(names.count - 5) more" : ""
        let reason = "\(shown)\(more) \(names.count == 1 ? "is" : "are") not among these files"
        reading.error =
            if let error = reading.error {
                SnapshotError(
                    error.code, line: error.line, "\(error.reason); \(reason)",
                    cause: .missingFiles)
            } else {
                SnapshotError(.untrusted, reason, cause: .missingFiles)
            }
        return reading
    }

    /// The verdict on a file with a digest: its line, or that the log beside it has none; nil if there
    /// is no log.
    func text(of sha256: String?, at path: FilePath) -> String? {
        if let mention = mention(of: sha256, at: path) { return mention.text }
        if directories.isEmpty { return nil }
        return directories[path.lexicallyNormalized().removingLastComponent()]
            .map { "not in \($0.text)" }
    }

    // MARK: Missing files

    /// The digests of the files in the logs.
    package var digests: Set<ContentDigest> { Set(byDigest.keys) }

    /// Remembers files that were loaded before, and may be gone since.
    package mutating func add(loaded digests: Set<ContentDigest>) { loaded.formUnion(digests) }

    /// The names of the files of a log that were not read, and are not beside it as it has them.
    /// - Parameter digests: of the files that were read.
    private func missing(from log: CustodyLog, besides digests: Set<ContentDigest>) -> [String] {
        log.lines.map(\.line).filter { line in
            guard let digest = ContentDigest(hexadecimal: line.sha256), !digests.contains(digest),
                !loaded.contains(digest)
            else { return false }
            return !isThere(digest, line.size, at: Self.path(of: line, in: log))
        }.map { String($0.file.prefix(255)) }
    }

    /// Whether a file that was not read is there, with its digest.
    private func isThere(_ digest: ContentDigest, _ size: Int?, at path: FilePath) -> Bool {
        do throws(FileError) {
            guard let status = try OpenFile.status(at: path, followingLink: false),
                status.kind == .regular, size.map({ $0 == status.size }) ?? true
            else { return false }
            return try ContentDigest(of: OpenFile(reading: path, followingLink: false)) == digest
        } catch {
            return false  // it is there and cannot be read, which is said of it elsewhere
        }
    }
}

extension FilePath {
    /// The path with a name in small letters. Those of `census snap` are ASCII.
    fileprivate var foldingName: FilePath {
        guard let name = lastComponent?.bytes else { return self }
        let small = name.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        return FilePath(bytes: bytes.dropLast(name.count) + small)
    }
}
