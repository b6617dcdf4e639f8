import Database
import Records
import SQLScripts

/// A file of which nothing was loaded, and that no good one has replaced.
struct RejectedFile {
    let path: String
    let reason: String
    /// Nil where it could not be read, or is a directory.
    let sha256: String?
    /// What its name says of it; nil where that is not a name that census gives.
    let name: SnapshotName?
    /// Of its last receipt.
    fileprivate let receiptID: Int64

    /// Whether it has the id of a snapshot that was loaded with other content. That one does not
    /// replace it: which of the two is the right one is not known.
    var isContradiction: Bool {
        reason.hasPrefix("snapshot ") && reason.hasSuffix(" is in the database with other content")
    }

    /// The hostname in its name; nil where there is none, or where the host had none.
    var hostname: String? { name.flatMap { $0.host == SnapshotName.unknownHost ? nil : $0.host } }

    /// Names in its path that may be a host's.
    var possibleHostnames: [String] {
        if let name { return name.host == SnapshotName.unknownHost ? [] : [name.host] }
        if path == "-" { return [] }
        return [baseName, PathText.stem(baseName), PathText.folder(path)].filter { !$0.isEmpty }
    }

    fileprivate var baseName: String { PathText.baseName(path) }

    /// `stick/a.jsonl was rejected (line 3: …)`.
    var text: String {
        let what = path == "-" ? "standard input" : path
        return sha256 == nil && !isContradiction
            ? "\(what) could not be read (\(reason))" : "\(what) was rejected (\(reason))"
    }
}

/// Parts of a path as a receipt has it.
private enum PathText {
    static func baseName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The name of the directory in which it lies; empty where the path does not say.
    static func folder(_ path: String) -> String {
        path.split(separator: "/").dropLast().last.map(String.init) ?? ""
    }

    /// The name without the endings of a snapshot's file.
    static func stem(_ baseName: String) -> String {
        for ending in [".jsonl.gz", ".jsonl", ".gz"] where baseName.lowercased().hasSuffix(ending) {
            return String(baseName.dropLast(ending.count))
        }
        return baseName
    }
}

/// Looks for the rejected files that no good one has replaced.
struct RejectedFileSearch {
    /// In the order of their last receipts.
    private(set) var files: [RejectedFile] = []

    init(_ database: any Database) throws(DatabaseError) {
        try readRejected(database)
        if files.isEmpty { return }
        try removeReplaced(database)
        if files.contains(where: { $0.name != nil && !$0.isContradiction }) {
            try removeLoaded(database)
        }
    }

    /// By what attempts to load one thing are put together: its name, if census gave it; or else its
    /// path, or its bytes under one name.
    private enum Key: Hashable {
        case snapshot(SnapshotName)
        case path(String)
        case contents(String, baseName: String)
    }

    private mutating func readRejected(_ database: any Database) throws(DatabaseError) {
        let statement = try database.prepare(Scripts.Query.rejectedReceipts)
        var latest: [Key: RejectedFile] = [:]
        while try statement.step() {
            let path = statement.text(1)
            let file = RejectedFile(
                path: path, reason: statement.textOrNil(3) ?? "", sha256: statement.textOrNil(2),
                name: SnapshotName(of: PathText.baseName(path)), receiptID: statement.integer(0))
            let key: Key
            if let sha256 = file.sha256, file.isContradiction || path == "-" {
                key = .contents(sha256, baseName: "")
            } else if let name = file.name {
                key = .snapshot(name)
            } else {
                key = .path(path)
            }
            latest[key] = file
        }
        var distinct: [Key: RejectedFile] = [:]
        for file in latest.values.sorted(by: { $0.receiptID < $1.receiptID }) {
            guard let sha256 = file.sha256 else {
                distinct[.path(file.path)] = file
                continue
            }
            distinct[.contents(sha256, baseName: file.baseName)] = file
        }
        files = distinct.values.sorted { $0.receiptID < $1.receiptID }
    }

    // MARK: What has replaced them

    /// Removes those whose bytes, whose path or whose name was accepted.
    private mutating func removeReplaced(_ database: any Database) throws(DatabaseError) {
        var byBytes: [String: [Int]] = [:]
        var byPath: [String: [Int]] = [:]
        var bySnapshot: [SnapshotName: [Int]] = [:]
        var byBaseName: [String: [Int]] = [:]
        var directories: [String: [Int]] = [:]
        for (index, file) in files.enumerated() {
            if let sha256 = file.sha256 { byBytes[sha256, default: []].append(index) }
            if file.isContradiction || file.path == "-" { continue }
            byPath[file.path, default: []].append(index)
            if let name = file.name {
                bySnapshot[name, default: []].append(index)
            } else {
                byBaseName[file.baseName, default: []].append(index)
            }
            if file.sha256 == nil { directories[file.path, default: []].append(index) }
        }

        var replaced: Set<Int> = []
        var namesakes = Namesakes()
        let statement = try database.prepare(Scripts.Query.receipts)
        while try statement.step() {
            let id = statement.integer(0)
            let path = statement.text(1)
            // What lies in it could be looked at, and has receipts of its own.
            if !directories.isEmpty {
                for parent in Self.parents(of: path) {
                    for index in directories[parent] ?? [] where files[index].receiptID < id {
                        replaced.insert(index)
                    }
                }
            }
            if statement.text(3) == "rejected" { continue }
            let sha256 = statement.textOrNil(2)
            replaced.formUnion(sha256.flatMap { byBytes[$0] } ?? [])
            for index in byPath[path] ?? [] where files[index].receiptID < id {
                replaced.insert(index)
            }
            let baseName = PathText.baseName(path)
            if !bySnapshot.isEmpty, let name = SnapshotName(of: baseName) {
                replaced.formUnion(bySnapshot[name] ?? [])
            }
            if let sha256, let indices = byBaseName[baseName] {
                for index in indices {
                    namesakes.add(
                        path, sha256, for: index, isLater: files[index].receiptID < id)
                }
            }
        }
        replaced.formUnion(try namesakes.replacing(files, in: database))
        remove(replaced)
    }

    private mutating func remove(_ indices: Set<Int>) {
        files = files.indices.filter { !indices.contains($0) }.map { files[$0] }
    }

    /// The directories above a path, as it names them.
    private static func parents(of path: String) -> [String] {
        var parents: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            parents.append(rest.isEmpty ? "/" : String(rest))
        }
        if !path.hasPrefix("/") { parents.append(".") }
        return parents
    }

    /// Removes those whose snapshot is there: of the host and the date that the name says, and with
    /// the beginning of the id.
    private mutating func removeLoaded(_ database: any Database) throws(DatabaseError) {
        var byID: [String: [Int]] = [:]
        for (index, file) in files.enumerated() where !file.isContradiction {
            if let name = file.name { byID[name.idPrefix, default: []].append(index) }
        }
        var loaded: Set<Int> = []
        let statement = try database.prepare(Scripts.Query.snapshots)
        while try statement.step() {
            guard let indices = byID[String(statement.text(0).prefix(8))] else { continue }
            let host = SnapshotName.host(statement.textOrNil(2)).lowercased()
            for index in indices {
                guard let name = files[index].name else { continue }
                if name.takenAt.sqlText == statement.text(1) && name.host.lowercased() == host {
                    loaded.insert(index)
                }
            }
        }
        remove(loaded)
    }
}

/// Accepted files with the name of a rejected one, in other places, where that is not a name that
/// census gives.
///
/// Such a file is the rejected one's better copy if its name stands for one host. It does not where
/// files of that name brought several hosts, or where the directories have the names of the hosts,
/// as in `web-01/snap.jsonl` and `web-02/snap.jsonl`.
private struct Namesakes {
    private struct Candidate {
        let folder: String
        let sha256: String
        let isLater: Bool
    }

    private var candidates: [Int: [Candidate]] = [:]
    private var digests: Set<String> = []

    mutating func add(_ path: String, _ sha256: String, for index: Int, isLater: Bool) {
        let candidate = Candidate(
            folder: PathText.folder(path), sha256: sha256, isLater: isLater)
        candidates[index, default: []].append(candidate)
        digests.insert(sha256)
    }

    /// - Returns: the indices of `files` that one of them has replaced.
    func replacing(
        _ files: [RejectedFile], in database: any Database
    ) throws(DatabaseError) -> Set<Int> {
        if candidates.isEmpty { return [] }
        var hosts: [String: [Int64: String?]] = [:]
        let statement = try database.prepare(Scripts.Query.receiptHosts)
        while try statement.step() {
            guard let sha256 = statement.textOrNil(0), digests.contains(sha256) else { continue }
            hosts[sha256, default: [:]][statement.integer(1)] = .some(statement.textOrNil(2))
        }
        return Set(
            candidates.compactMap { index, candidates in
                var servers: Set<Int64> = []
                for candidate in candidates {
                    servers.formUnion(hosts[candidate.sha256].map { Array($0.keys) } ?? [])
                }
                if servers.count > 1 { return nil }
                let folder = PathText.folder(files[index].path)
                let isReplaced = candidates.contains { candidate in
                    if !candidate.isLater { return false }
                    if candidate.folder == folder { return true }
                    let names = (hosts[candidate.sha256] ?? [:]).values.compactMap { $0 }
                    return !names.contains {
                        ComparableHostname($0)
                            .isNameOf(sameHostAs: ComparableHostname(candidate.folder))
                    }
                }
                return isReplaced ? index : nil
            })
    }
}
