package import Files
package import SystemPackage

/// The snapshot files that paths on the command line stand for.
///
/// What a user names is taken, whatever it is. In a directory the name decides: one with a
/// snapshot's is taken, so that it is loaded or named with what is wrong with it; one that a
/// snapshot or an archive may have is taken if its first bytes are those of either; of all others
/// only the name is looked at.
package struct EvidenceSearch: Sendable {
    package enum Source: Sendable, Equatable {
        case standardInput
        /// A file, and whether it is the target that counts if it turns out to be a link: that is
        /// so if the user named it, and not if it was found in a directory.
        case file(FilePath, followingLink: Bool)
        /// A directory that could not be read, with the reason.
        case unreadable(FilePath, String)

        package var path: String {
            switch self {
            case .standardInput: "-"
            case .file(let path, _), .unreadable(let path, _): path.text
            }
        }

        /// - Throws: also where it is no regular file any more, or never was one.
        package func open() throws(SnapshotError) -> EvidenceInput {
            switch self {
            case .standardInput: return try EvidenceInput.standardInput()
            case .file(let path, let followingLink):
                return try EvidenceInput.file(path, followingLink: followingLink)
            case .unreadable(_, let reason): throw SnapshotError(.unreadable, reason)
            }
        }
    }

    /// Something in a directory that is no source.
    package struct PassedOver: Sendable {
        package let path: FilePath
        package let reason: String
        /// Whether somebody may have expected that it is loaded.
        package let isNotable: Bool
    }

    /// In the order of the arguments; within a directory in the order of the names' bytes.
    package private(set) var sources: [Source] = []
    /// How many files, links and the like in directories are no sources.
    package private(set) var passedOver = 0
    /// The paths that stand for no file, as they were given.
    package private(set) var emptyPaths: [String] = []

    /// - Parameters:
    ///   - paths: files, whatever their names; directories, which are walked, without following
    ///     links; or `-`.
    ///   - onPassedOver: is given each thing that is passed over.
    /// - Throws: where one of them does not exist.
    package init(
        _ paths: [String], onPassedOver: (PassedOver) -> Void = { _ in }
    ) throws(FileError) {
        for path in paths {
            if path == "-" {
                sources.append(.standardInput)
                continue
            }
            let count = sources.count
            let file = FilePath(path)
            switch try OpenFile.kind(at: file) {
            case .directory: walk(file, onPassedOver)
            case .regular, .other: sources.append(.file(file, followingLink: true))
            }
            if sources.count == count { emptyPaths.append(path) }
        }
    }

    /// What is still to be looked at of a walk.
    private struct Place {
        let path: FilePath
        let name: [UInt8]
        let kind: Directory.Entry.Kind
        /// Nil where evidence is looked for.
        let folder: EvidenceFolder?
    }

    private mutating func walk(_ root: FilePath, _ onPassedOver: (PassedOver) -> Void) {
        // A stack and not recursion: directories may nest deeper than calls do.
        var pending = [Place(path: root, name: [], kind: .directory, folder: nil)]
        while let place = pending.popLast() {
            func passOver(_ reason: String, isNotable: Bool = false) {
                passedOver += 1
                onPassedOver(
                    PassedOver(path: place.path, reason: reason, isNotable: isNotable))
            }
            if place.kind == .directory {
                do throws(FileError) {
                    pending += try contents(of: place, isRoot: place.path == root)
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
                case .source: sources.append(.file(place.path, followingLink: false))
                case .passedOver(let reason, let isNotable):
                    passOver(reason, isNotable: isNotable)
                }
            }
        }
    }

    /// What is in a directory, the last first.
    private func contents(of place: Place, isRoot: Bool) throws(FileError) -> [Place] {
        // Its name alone decides of most folders, whether or not they can be read.
        var folder = place.folder
        if !isRoot && folder == nil { folder = EvidenceFolder(place.name, containing: []) }
        let entries: [Directory.Entry]
        do throws(FileError) {
            let directory = try Directory(path: place.path, followingLink: isRoot)
            entries = try directory.entries()
        } catch {
            guard let folder else { throw error }
            // It counts as one thing that is passed over.
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

    /// Whether a file in the archive may be a snapshot by its name, or holds others. True also where
    /// that cannot be told.
    private func mayHoldSnapshot(zip path: FilePath) -> Bool {
        let names: [[UInt8]]?
        do throws(FileError) {
            let file = try OpenFile(reading: path, followingLink: false)
            names = try ZipDirectory(file)?.names
        } catch {
            names = nil  // for who reads it to find
        }
        return names?.contains(where: EvidenceName.mayBeSnapshot(inArchive:)) ?? true
    }

    private enum Judgement {
        case source
        case passedOver(String, isNotable: Bool)
    }

    /// Of a regular file.
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
            return .passedOver("cannot be looked into: \(error.reason)", isNotable: true)
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
