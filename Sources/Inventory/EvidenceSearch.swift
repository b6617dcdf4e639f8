package import Linux
package import Snapshot
package import SystemPackage

/// The snapshot files that paths on the command line stand for.
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

    /// In the order of the arguments; within a directory in the order of the names' bytes.
    package private(set) var sources: [Source] = []
    /// Links, and files whose names do not end in `.jsonl` or `.jsonl.gz`, in directories.
    package private(set) var passedOver = 0

    /// - Parameter paths: files, whatever their names; directories, which are walked, without
    ///   following links; or `-`.
    /// - Throws: where one of them does not exist.
    package init(_ paths: [String]) throws(FileError) {
        for path in paths {
            if path == "-" {
                sources.append(.standardInput)
                continue
            }
            let path = FilePath(path)
            switch try OpenFile.kind(at: path) {
            case .directory: walk(path)
            case .regular, .other: sources.append(.file(path, followingLink: true))
            }
        }
    }

    private mutating func walk(_ root: FilePath) {
        // A stack and not recursion: directories may nest deeper than calls do.
        var pending: [(path: FilePath, kind: Directory.Entry.Kind)] = [(root, .directory)]
        while let (path, kind) = pending.popLast() {
            switch kind {
            case .regular where Self.isSnapshotName(path):
                sources.append(.file(path, followingLink: false))
            case .regular, .symbolicLink, .other: passedOver += 1
            case .directory:
                do {
                    let directory = try Directory(path: path, followingLink: path == root)
                    let entries = try directory.entries().sorted {
                        $0.bytes.lexicographicallyPrecedes($1.bytes)
                    }
                    pending += entries.reversed().map {
                        (path.appending(name: $0.bytes), $0.kind)
                    }
                } catch {
                    sources.append(.unreadable(path, error.errno.description))
                }
            }
        }
    }

    private static func isSnapshotName(_ path: FilePath) -> Bool {
        let bytes = path.bytes
        return [".jsonl", ".jsonl.gz"].contains { bytes.hasSuffix($0) }
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool {
        suffix(text.utf8.count) == ArraySlice(text.utf8)
    }
}
