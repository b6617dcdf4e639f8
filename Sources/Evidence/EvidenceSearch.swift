package import Files
import Records
package import SystemPackage

/// The snapshot files that the paths on the command line stand for.
///
/// A file named by the user is always read. In a directory the name decides. A file with a
/// snapshot's name is read, so that it is loaded or reported as bad. A file whose name a snapshot
/// or an archive may have is read if its first bytes are those of a snapshot or an archive. Of all
/// other files only the name is examined.
package struct EvidenceSearch: Sendable {
    /// Where a snapshot file is read from.
    package enum Source: Sendable, Equatable {
        case standardInput
        /// A file, and whether a symbolic link is followed. It is followed if the user named it,
        /// and not if it was found in a directory.
        case file(FilePath, followingLink: Bool)
        /// A directory that could not be read, and the reason.
        case unreadable(FilePath, String)

        /// The path as text; `-` for standard input.
        package var path: String {
            switch self {
            case .standardInput: "-"
            case .file(let path, _), .unreadable(let path, _): path.text
            }
        }

        /// Opens the source.
        /// - Throws: `unreadable` if it cannot be opened or is not a regular file.
        package func open() throws(SnapshotError) -> EvidenceInput {
            switch self {
            case .standardInput: return try EvidenceInput.standardInput()
            case .file(let path, let followingLink):
                return try EvidenceInput.file(path, followingLink: followingLink)
            case .unreadable(_, let reason): throw SnapshotError(.unreadable, reason)
            }
        }
    }

    /// An entry of a directory that is skipped.
    package struct PassedOver: Sendable {
        /// The path of the entry.
        package let path: FilePath
        /// Why it is skipped, as a phrase: `in a trash folder`.
        package let reason: String
        /// Whether the user may have expected it to be loaded, so that it is reported.
        package let isNotable: Bool
    }

    /// The files to read, in the order of the arguments; within a directory in byte order of the
    /// names. Behind them the custody logs, which are compared with all other files.
    package private(set) var sources: [Source] = []
    /// The number of entries of directories that were skipped. A skipped folder counts as one.
    package private(set) var passedOver = 0
    /// The arguments that are directories without a snapshot file, as given. A custody log is none.
    package private(set) var emptyPaths: [String] = []
    /// Whether there is no snapshot file at all.
    package private(set) var isEmpty = true

    /// The signatures beside files, by the paths of the files.
    package private(set) var signatures: [FilePath: FilePath] = [:]
    /// The custody logs among the files. They have no snapshots, but a verdict of their own.
    package private(set) var custodyLogs: [(path: FilePath, followingLink: Bool)] = []

    /// No files.
    package static let nothing = EvidenceSearch()

    private init() {}

    /// Searches files and directories.
    /// - Parameters:
    ///   - paths: files with any name; directories, which are searched recursively without
    ///     following symbolic links; or `-` for standard input.
    ///   - onPassedOver: called for each skipped entry.
    /// - Throws: if a path does not exist.
    package init(
        _ paths: [String], onPassedOver: (PassedOver) -> Void = { _ in }
    ) throws(FileError) {
        var named: [FilePath] = []
        for path in paths {
            if path == "-" {
                sources.append(.standardInput)
                isEmpty = false
                continue
            }
            let (count, logs) = (sources.count, custodyLogs.count)
            let file = FilePath(path)
            switch try OpenFile.kind(at: file) {
            case .directory:
                walk(file, onPassedOver)
                if sources.count - count == custodyLogs.count - logs {
                    emptyPaths.append(path)
                } else {
                    isEmpty = false
                }
            case .regular, .other:
                isEmpty = false
                if SignatureName.isOne(file.bytes) {
                    named.append(file)
                } else {
                    try add(file)
                }
            }
        }
        // As a shell lists all files of a directory.
        let known = Set(signatures.values.map { $0.lexicallyNormalized() })
        for file in named where !known.contains(file.lexicallyNormalized()) { try add(file) }
        let logs = Set(custodyLogs.map(\.path))
        func isLog(_ source: Source) -> Bool {
            if case .file(let path, _) = source { logs.contains(path) } else { false }
        }
        if !logs.isEmpty { sources = sources.filter { !isLog($0) } + sources.filter(isLog) }
    }

    /// Adds a file that the user named.
    private mutating func add(_ file: FilePath) throws(FileError) {
        sources.append(.file(file, followingLink: true))
        for signature in SignatureName.paths(beside: file) where try Self.isThere(signature) {
            // That of NAME.age is none of the NAME beside it.
            let likelier = SignatureName.files(of: signature)[0]
            let isLikelierThere = try Self.isThere(likelier)
            if likelier == file || !isLikelierThere { note(signature, of: file) }
        }
        noteLog(file, followingLink: true)
    }

    /// Remembers a custody log: by its name, or by its first bytes where its name is not that of a
    /// snapshot or a compressed file.
    private mutating func noteLog(_ path: FilePath, followingLink: Bool) {
        let name = path.lastComponent?.bytes ?? []
        if !CustodyLog.isName(name) {
            let text = String(decoding: name, as: UTF8.self)
            let isOther = [".gz", ".age", ".zip"].contains { text.lowercased().hasSuffix($0) }
            if isOther || SnapshotName(of: text) != nil { return }
            do throws(FileError) {
                let file = try OpenFile(reading: path, followingLink: followingLink)
                guard try file.status().kind == .regular,
                    CustodyLog.isOne(try file.beginning(count: 64))
                else { return }
            } catch {
                return  // reported when the file is read
            }
        }
        custodyLogs.append((path, followingLink))
    }

    /// A file or directory still to be examined.
    private struct Place {
        let path: FilePath
        let name: [UInt8]
        let kind: Directory.Entry.Kind
        /// The kind of folder that is not searched; nil elsewhere.
        let folder: EvidenceFolder?
    }

    private mutating func walk(_ root: FilePath, _ onPassedOver: (PassedOver) -> Void) {
        // An explicit stack, because directories may nest deeper than the call stack allows.
        var pending = [Place(path: root, name: [], kind: .directory, folder: nil)]
        while let place = pending.popLast() {
            func passOver(_ reason: String, isNotable: Bool = false) {
                passedOver += 1
                onPassedOver(
                    PassedOver(path: place.path, reason: reason, isNotable: isNotable))
            }
            if place.kind == .directory {
                do throws(FileError) {
                    let entries = try contents(of: place, isRoot: place.path == root)
                    noteSignatures(entries)
                    pending += entries.filter { !isSignature($0) }
                } catch {
                    sources.append(.unreadable(place.path, error.errno.description))
                }
            } else if let folder = place.folder {
                passOver(folder.reason)
            } else if place.kind != .regular {
                let isNotable = EvidenceName(place.name) == .snapshot
                passOver(place.kind.description, isNotable: isNotable)
            } else {
                switch judge(place) {
                case .source:
                    sources.append(.file(place.path, followingLink: false))
                    noteLog(place.path, followingLink: false)
                case .passedOver(let reason, let isNotable):
                    passOver(reason, isNotable: isNotable)
                }
            }
        }
    }

    /// Remembers which entries of a directory have a signature beside them.
    private mutating func noteSignatures(_ entries: [Place]) {
        let found = entries.filter { $0.folder == nil && SignatureName.isOne($0.name) }
        if found.isEmpty { return }
        let names = Set(entries.map(\.name))
        for signature in found {
            note(
                signature.path,
                of: SignatureName.files(of: signature.path).first {
                    names.contains($0.lastComponent?.bytes ?? [])
                })
        }
    }

    /// Remembers a signature. One that is not encrypted is preferred: it lies beside a file that was
    /// decrypted where it was.
    /// - Parameter file: the first of those that it may be of; nil if none is there.
    private mutating func note(_ signature: FilePath, of file: FilePath?) {
        guard let file else { return }
        if signatures[file] == nil || !SignatureName.isEncrypted(signature) {
            signatures[file] = signature
        }
    }

    private static func isThere(_ path: FilePath) throws(FileError) -> Bool {
        try OpenFile.status(at: path, followingLink: false) != nil
    }

    /// Whether it is the signature of another entry.
    private func isSignature(_ place: Place) -> Bool {
        SignatureName.files(of: place.path).contains { signatures[$0] == place.path }
    }

    /// The entries of a directory, in reverse order.
    private func contents(of place: Place, isRoot: Bool) throws(FileError) -> [Place] {
        // The name alone decides for most folders, even if they cannot be read.
        var folder = place.folder
        if !isRoot && folder == nil { folder = EvidenceFolder(place.name, containing: []) }
        let entries: [Directory.Entry]
        do throws(FileError) {
            let directory = try Directory(path: place.path, followingLink: isRoot)
            entries = try directory.entries()
        } catch {
            guard let folder else { throw error }
            // The folder counts as one skipped entry.
            return [Place(path: place.path, name: place.name, kind: .unknown, folder: folder)]
        }
        if !isRoot && folder == nil {
            folder = EvidenceFolder(place.name, containing: entries.map(\.bytes))
        }
        return entries.sorted { $1.bytes.lexicographicallyPrecedes($0.bytes) }.map {
            Place(
                path: place.path.appending(name: $0.bytes), name: $0.bytes, kind: $0.kind,
                folder: folder)
        }
    }

    /// Whether a file in the archive may be a snapshot, or an archive, by its name. True also if
    /// that cannot be determined.
    private func mayHoldSnapshot(zip path: FilePath) -> Bool {
        let names: [[UInt8]]?
        do throws(FileError) {
            let file = try OpenFile(reading: path, followingLink: false)
            names = try ZipDirectory(file)?.names
        } catch {
            names = nil  // reported when the file is read
        }
        return names?.contains(where: EvidenceName.mayBeSnapshot(inArchive:)) ?? true
    }

    private enum Judgement {
        case source
        case passedOver(String, isNotable: Bool)
    }

    /// Judges a regular file by its name and first bytes.
    private func judge(_ place: Place) -> Judgement {
        let name = EvidenceName(place.name)
        switch name {
        case .snapshot: return .source
        case .leftover:
            return .passedOver("a snapshot that census snap did not finish", isNotable: true)
        case .other: return .passedOver("not a snapshot's name", isNotable: false)
        case .archive, .possible, .meaningless: break
        }
        do throws(SnapshotError) {
            switch try EvidenceInput.file(place.path, followingLink: false).firstGlance() {
            case .snapshot: return .source
            case .foreign(let content):
                switch content.nature {
                case .archive where name == .meaningless: break
                case .archive:
                    if content != .zip || mayHoldSnapshot(zip: place.path) { return .source }
                    return .passedOver(
                        "a zip archive without a snapshot's name in it", isNotable: false)
                case .wrapping where name == .archive: return .source
                default: break
                }
                return .passedOver("this \(content.sentence)", isNotable: false)
            case .unknown: return .passedOver("not a snapshot", isNotable: false)
            }
        } catch {
            return .passedOver("cannot be read: \(error.reason)", isNotable: true)
        }
    }
}

extension EvidenceFolder {
    fileprivate var reason: String {
        switch self {
        case .trash: "in a trash folder"
        case .system: "in a folder of the operating system"
        case .versions: "in a folder of older versions"
        }
    }
}

extension Directory.Entry.Kind {
    fileprivate var description: String {
        switch self {
        case .regular: "a file"
        case .directory: "a directory"
        case .symbolicLink: "a symbolic link"
        case .fifo: "a FIFO"
        case .socket: "a socket"
        case .device: "a device"
        case .unknown: "neither a file nor a directory"
        }
    }
}
