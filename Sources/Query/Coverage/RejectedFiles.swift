import Database
import Records
import SQLScripts

/// A rejected file that was not replaced by a valid one.
struct RejectedFile {
    let path: String
    let reason: String
    /// Nil if it could not be read, or is a directory.
    let sha256: String?
    /// Its parsed name; nil if census does not generate such names.
    let name: SnapshotName?
    /// The id of its last receipt.
    fileprivate let receiptID: Int64

    /// Whether a snapshot with the same id and other content was loaded. That snapshot does not
    /// replace it: which of the two is genuine cannot be determined.
    var isContradiction: Bool {
        reason.hasPrefix("snapshot ") && reason.hasSuffix(" is in the database with other content")
    }

    /// Whether it was refused because a snapshot in it was retracted.
    var isRetracted: Bool {
        reason.hasPrefix("snapshot ") && reason.contains(" was retracted on ")
    }

    /// Whether it is a custody log. It is replaced by no other file: that of another stick has the same
    /// name, and often the same path.
    var isCustodyLog: Bool { baseName.lowercased() == "custody.jsonl" }

    /// The hostname in its name; nil if there is none, or if the host had none.
    var hostname: String? { name.flatMap { $0.host == SnapshotName.unknownHost ? nil : $0.host } }

    /// Names in its path that can be a host's.
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

/// Functions on the paths of receipts.
private enum PathText {
    static func baseName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The name of the directory that contains it; empty if the path has none.
    static func folder(_ path: String) -> String {
        path.split(separator: "/").dropLast().last.map(String.init) ?? ""
    }

    /// The name without the extensions of a snapshot file.
    static func stem(_ baseName: String) -> String {
        for ending in [".jsonl.gz", ".jsonl", ".gz"] where baseName.lowercased().hasSuffix(ending) {
            return String(baseName.dropLast(ending.count))
        }
        return baseName
    }
}

/// Finds the rejected files that were not replaced by valid ones.
struct RejectedFileSearch {
    /// Sorted by their last receipts.
    private(set) var files: [RejectedFile] = []

    init(_ database: any Database) throws(DatabaseError) {
        try readRejected(database)
        if files.isEmpty { return }
        try removeReplaced(database)
        if files.contains(where: { $0.name != nil && !$0.isContradiction }) {
            try removeLoaded(database)
        }
    }

    /// The key that groups attempts to load one file: its name, if census generated it; otherwise
    /// its path, or its contents and base name.
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
            if file.isRetracted { continue }
            let key: Key
            if let sha256 = file.sha256, file.isContradiction || file.isCustodyLog || path == "-" {
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

    /// Removes files whose contents, path or name was accepted.
    private mutating func removeReplaced(_ database: any Database) throws(DatabaseError) {
        var byBytes: [String: [Int]] = [:]
        var byPath: [String: [Int]] = [:]
        var bySnapshot: [SnapshotName: [Int]] = [:]
        var byBaseName: [String: [Int]] = [:]
        var directories: [String: [Int]] = [:]
        for (index, file) in files.enumerated() {
            // Alone, the log of a copied stick is accepted.
            if let sha256 = file.sha256, !file.isCustodyLog {
                byBytes[sha256, default: []].append(index)
            }
            if file.isContradiction || file.isCustodyLog || file.path == "-" { continue }
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
            // The directory was readable later, and its files have receipts of their own.
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

    /// The parent directories of a path, as spelled in it.
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

    /// Removes files whose snapshot was loaded: the host, the date and the id prefix in the name
    /// match.
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

/// Accepted files in other directories with the name of a rejected file that census does not
/// generate.
///
/// Such a file replaces the rejected one if its name identifies one host. It does not if files of
/// that name contained several hosts, or if the directories are named after the hosts, as in
/// `web-01/snap.jsonl` and `web-02/snap.jsonl`.
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

    /// - Returns: the indices of the files that were replaced.
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
