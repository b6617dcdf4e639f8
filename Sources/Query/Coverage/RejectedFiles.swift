import Database
import Evidence
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
    /// What its receipt says of a custody log, or of its line in one.
    let custody: String?
    /// Nil if it is none of those that count here.
    let cause: SnapshotError.Cause?
    /// The id of its last receipt.
    fileprivate let receiptID: Int64
    fileprivate let place: Place

    /// Whether a snapshot with the same id and other content was loaded. That snapshot does not
    /// replace it: which of the two is genuine cannot be determined.
    var isContradiction: Bool { cause == .otherContent }

    /// Whether it was refused because a snapshot in it was retracted, and had no others to load.
    var isRetracted: Bool { cause == .retracted }

    /// Whether the custody log beside it has another file of its name, or another signature. Only what is
    /// accepted at its place later shows that this was mended.
    var isContradictedByLog: Bool { cause?.isContradictionByLog ?? false }

    /// That other evidence contradicts it; nil if none does.
    var contradiction: String? {
        if isContradictedByLog { return "\(text), and no valid file has replaced it since" }
        return isContradiction ? "\(text): one of the two files was altered" : nil
    }

    /// Whether it is a custody log. It is replaced by no other file: that of another stick has the same
    /// name, and often the same path.
    var isCustodyLog: Bool {
        custody.map(CustodyLogState.isLog) ?? false || baseName.lowercased() == "custody.jsonl"
    }

    /// The id of a custody log that is bad because files that it has were not there. Where the same log is
    /// accepted later, they have been found.
    fileprivate var logOfMissingFiles: String? {
        cause == .missingFiles ? custody.flatMap(CustodyLogState.id) : nil
    }

    /// Whether a snapshot that was loaded is the one in its name, and replaces it.
    fileprivate var mayBeReplacedByName: Bool {
        name != nil && !isContradiction && !isContradictedByLog
    }

    /// The hostname in its name; nil if there is none, or if the host had none.
    var hostname: String? { name.flatMap { $0.host == SnapshotName.unknownHost ? nil : $0.host } }

    /// Names in its path that can be a host's.
    var possibleHostnames: [String] {
        if let name { return name.host == SnapshotName.unknownHost ? [] : [name.host] }
        return path == "-" ? [] : [baseName] + hostLikeNames
    }

    fileprivate var baseName: String { PathText.baseName(path) }

    /// Names in its path that are a host's if its files are named after hosts: of `web-01.jsonl`, and of
    /// `web-01/snap.jsonl`.
    fileprivate var hostLikeNames: [String] {
        [PathText.stem(baseName), PathText.folder(path)].filter { !$0.isEmpty }
    }

    /// `stick/a.jsonl was rejected (line 3: …)`.
    var text: String {
        let what = path == "-" ? "standard input" : path
        return sha256 == nil && !isContradiction
            ? "\(what) could not be read (\(reason))" : "\(what) was rejected (\(reason))"
    }
}

/// Where a file lay when it was loaded: sticks and desks have files of one name.
private struct Place: Hashable {
    /// The machine; nil if unknown.
    let machine: String?
    /// The absolute path; as the user gave it if that is unknown.
    let path: String

    /// - Parameter row: a row of `receipts` or `rejectedReceipts`.
    init(_ row: any Statement) {
        path = row.textOrNil(5) ?? row.text(1)
        machine = row.textOrNil(4)
    }

    private init(_ path: String, _ machine: String?) {
        self.path = path
        self.machine = machine
    }

    /// Where capitals do not count, as on a stick.
    var folded: Place { Place(path.lowercased(), machine) }

    /// The directories in which it lies.
    var parents: [Place] {
        var parents: [Place] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            parents.append(Place(rest.isEmpty ? "/" : String(rest), machine))
        }
        if !path.hasPrefix("/") { parents.append(Place(".", machine)) }
        return parents
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
        if files.contains(where: \.mayBeReplacedByName) { try removeLoaded(database) }
    }

    /// The key that groups attempts to load one file: its name, if census generated it; otherwise its
    /// place. Equal contents do not make two files one, as many a file was empty when it was rejected. But
    /// the place does not matter of a custody log, of one that contradicts another, and of standard input.
    /// The name does not matter of a file that its log contradicts.
    private enum Key: Hashable {
        case snapshot(SnapshotName)
        case place(Place)
        case contents(String)
    }

    private mutating func readRejected(_ database: any Database) throws(DatabaseError) {
        let statement = try database.prepare(Scripts.Query.rejectedReceipts)
        var latest: [Key: RejectedFile] = [:]
        while try statement.step() {
            let path = statement.text(1)
            let file = RejectedFile(
                path: path, reason: statement.textOrNil(3) ?? "", sha256: statement.textOrNil(2),
                name: SnapshotName(of: PathText.baseName(path)), custody: statement.textOrNil(6),
                cause: statement.textOrNil(7).flatMap(SnapshotError.Cause.init(rawValue:)),
                receiptID: statement.integer(0), place: Place(statement))
            if file.isRetracted { continue }
            let key: Key
            if let sha256 = file.sha256, file.isContradiction || file.isCustodyLog || path == "-" {
                key = .contents(sha256)
            } else if let name = file.name, !file.isContradictedByLog {
                key = .snapshot(name)
            } else {
                key = .place(file.isContradictedByLog ? file.place.folded : file.place)
            }
            latest[key] = file
        }
        files = latest.values.sorted { $0.receiptID < $1.receiptID }
    }

    // MARK: What has replaced them

    /// Removes files whose contents, place or name was accepted.
    private mutating func removeReplaced(_ database: any Database) throws(DatabaseError) {
        var byBytes: [String: [Int]] = [:]
        var byPlace: [Place: [Int]] = [:]
        /// Those that their logs contradict, by their folded places.
        var contradicted: [Place: [Int]] = [:]
        var bySnapshot: [SnapshotName: [Int]] = [:]
        var byBaseName: [String: [Int]] = [:]
        var directories: [Place: [Int]] = [:]
        var byLog: [String: [Int]] = [:]
        for (index, file) in files.enumerated() {
            // Alone, the log of a copied stick is accepted.
            if let sha256 = file.sha256, !file.isCustodyLog, !file.isContradictedByLog {
                byBytes[sha256, default: []].append(index)
            }
            if let log = file.logOfMissingFiles { byLog[log, default: []].append(index) }
            if file.isContradiction || file.isCustodyLog || file.path == "-" { continue }
            if file.isContradictedByLog {
                contradicted[file.place.folded, default: []].append(index)
                continue
            }
            byPlace[file.place, default: []].append(index)
            if let name = file.name {
                bySnapshot[name, default: []].append(index)
            } else {
                byBaseName[file.baseName, default: []].append(index)
            }
            if file.sha256 == nil { directories[file.place, default: []].append(index) }
        }

        var replaced: Set<Int> = []
        var namesakes = Namesakes()
        let statement = try database.prepare(Scripts.Query.receipts)
        while try statement.step() {
            let id = statement.integer(0)
            let path = statement.text(1)
            let place = Place(statement)
            // The directory was readable later, and its files have receipts of their own.
            if !directories.isEmpty {
                for parent in place.parents {
                    for index in directories[parent] ?? [] where files[index].receiptID < id {
                        replaced.insert(index)
                    }
                }
            }
            if statement.text(3) == "rejected" { continue }
            if let log = statement.textOrNil(6).flatMap(CustodyLogState.id) {
                for index in byLog[log] ?? [] where files[index].receiptID < id {
                    replaced.insert(index)
                }
            }
            let sha256 = statement.textOrNil(2)
            replaced.formUnion(sha256.flatMap { byBytes[$0] } ?? [])
            let own =
                (byPlace[place] ?? [])
                + (contradicted.isEmpty ? [] : contradicted[place.folded] ?? [])
            for index in own where files[index].receiptID < id { replaced.insert(index) }
            let baseName = PathText.baseName(path)
            if !bySnapshot.isEmpty, let name = SnapshotName(of: baseName) {
                replaced.formUnion(bySnapshot[name] ?? [])
            }
            if let sha256, let indices = byBaseName[baseName] {
                for index in indices where files[index].receiptID < id {
                    namesakes.add(sha256, for: index)
                }
            }
        }
        replaced.formUnion(try namesakes.replacing(files, in: database))
        remove(replaced)
    }

    private mutating func remove(_ indices: Set<Int>) {
        files = files.indices.filter { !indices.contains($0) }.map { files[$0] }
    }

    /// Removes files whose snapshot was loaded: the host, the date and the id prefix in the name
    /// match.
    private mutating func removeLoaded(_ database: any Database) throws(DatabaseError) {
        var byID: [String: [Int]] = [:]
        for (index, file) in files.enumerated() where file.mayBeReplacedByName {
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

/// Later accepted files in other directories with the name of a rejected file that census does not
/// generate.
///
/// Such a file replaces the rejected one if it is that of a host after which the rejected one, or its
/// directory, is named: `web-01.jsonl`, `web-01/snap.jsonl`. Another name says nothing about the host.
private struct Namesakes {
    /// The SHA-256 of files by the index of a rejected file.
    private var digests: [Int: Set<String>] = [:]

    mutating func add(_ sha256: String, for index: Int) {
        digests[index, default: []].insert(sha256)
    }

    /// - Returns: the indices of the files that were replaced.
    func replacing(
        _ files: [RejectedFile], in database: any Database
    ) throws(DatabaseError) -> Set<Int> {
        if digests.isEmpty { return [] }
        let wanted = digests.values.reduce(into: Set()) { $0.formUnion($1) }
        var names: [String: Set<String>] = [:]
        let statement = try database.prepare(Scripts.Query.receiptHosts)
        while try statement.step() {
            guard let sha256 = statement.textOrNil(0), wanted.contains(sha256),
                let name = statement.textOrNil(2)
            else { continue }
            names[sha256, default: []].insert(name)
        }
        return Set(
            digests.compactMap { index, digests in
                let own = files[index].hostLikeNames.map { ComparableHostname($0) }
                let isReplaced = digests.contains { sha256 in
                    (names[sha256] ?? []).contains { name in
                        own.contains { ComparableHostname(name).isNameOf(sameHostAs: $0) }
                    }
                }
                return isReplaced ? index : nil
            })
    }
}
