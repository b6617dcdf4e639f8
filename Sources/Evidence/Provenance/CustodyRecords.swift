import Files
package import SystemPackage
import Text

/// What custody logs say of the files beside them.
package struct CustodyRecords: Sendable {
    private var logs: [CustodyLog] = []
    /// The line about a file, in words, by the file's digest.
    private var byDigest: [ContentDigest: String] = [:]
    /// The place of the last line about a file, by the file's path.
    private var byPath: [FilePath: String] = [:]
    /// The directories that have a log, and its path.
    private var directories: [FilePath: FilePath] = [:]

    /// Compares logs with the same beginning.
    package init(_ logs: [CustodyLog]) {
        self.logs = logs
        for log in logs {
            let path = log.path
            directories[path.removingLastComponent()] = path
            for (number, line) in log.lines {
                byPath[Self.path(of: line, in: log)] = "\(path.text):\(number)"
                guard let digest = ContentDigest(hexadecimal: line.sha256) else { continue }
                byDigest[digest] = "\(path.text):\(number): \(line.text)"
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

    /// The place of the line that has a file with another digest; nil if there is none.
    func contradiction(to sha256: String?, at path: FilePath) -> String? {
        guard let digest = sha256.flatMap(ContentDigest.init(hexadecimal:)), byDigest[digest] == nil
        else { return nil }
        return byPath[path]
    }

    /// Finds logs of which one is a copy of the other and both were written after that.
    private mutating func compareCopies() {
        let groups = Dictionary(grouping: logs.indices) { logs[$0].id ?? "" }
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

    /// Compares the logs with what they were when they were loaded before, but for corrupt ones. Of
    /// several with the same beginning only the longest is to be as long as any was: the others were
    /// compared with it line by line.
    /// - Parameters:
    ///   - states: in the order in which they were loaded.
    ///   - path: the absolute path of a file; nil if unknown.
    package mutating func compare(
        with states: [CustodyLogState], path: (FilePath) -> String?
    ) {
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
            let anew = common == 0 ? ", the log was written anew," : ""
            return "\(had(other)), and some or \(which) are others now: they were changed\(anew) "
                + "or the stick was copied and both were used"
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
                "\(had(other)), and has \(lines) now, the last of which may be others: lines were "
                + "removed, or the stick was copied; verify it together with the longer log"
        }
        return nil
    }

    /// Whether there are no logs.
    package var isEmpty: Bool { logs.isEmpty }

    /// The result of reading a log; nil if the source is none.
    package func reading(of source: EvidenceSearch.Source) -> FileReading? {
        guard !logs.isEmpty, case .file(let path, _) = source else { return nil }
        guard let log = logs.first(where: { $0.path == path }) else { return nil }
        var reading = log.reading
        reading.provenance.custody = log.text
        return reading
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
