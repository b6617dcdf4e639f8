package import Evidence
package import Files
package import SystemPackage

/// The input files of a run, and the files written by the database engine. No output is written to
/// them, under any name.
package final class FilesInUse {
    private var usesByIdentity: [FileIdentity: String] = [:]
    /// Uses by name, for files that need not exist.
    private var usesByPlace: [Place: String] = [:]
    private var sources: [EvidenceSearch.Source]
    private var areSourcesKnown = false

    /// A name in a directory. Case is ignored, as in some file systems.
    private struct Place: Hashable {
        let directory: FileIdentity
        let name: String

        /// - Returns: nil if the directory does not exist.
        init?(_ path: FilePath) throws(FileError) {
            let parent = path.removingLastComponent()
            guard let name = path.lastComponent,
                let directory = try OpenFile.status(
                    at: parent.isEmpty ? "." : parent, followingLink: true)
            else { return nil }
            self.directory = directory.identity
            self.name = FilePath(root: nil, [name]).text.lowercased()
        }
    }

    /// - Parameter sources: the evidence files to be read.
    package init(reading sources: [EvidenceSearch.Source] = []) { self.sources = sources }

    /// Adds an input file.
    package func add(_ path: FilePath, _ use: String) throws(FileError) {
        guard let status = try OpenFile.status(at: path, followingLink: true) else { return }
        usesByIdentity[status.identity] = use
    }

    /// Adds the file that a standard stream is redirected to.
    package func add(standardStream number: Int, _ use: String) {
        guard let status = OpenFile.status(ofStandardStream: number) else { return }
        usesByIdentity[status.identity] = use
    }

    /// Adds the file of a database, which need not exist, with the files that SQLite creates beside
    /// it (SQLite, "Temporary Files Used By SQLite", 2).
    /// - Throws: `OutputRefusal` if it is an input file, or if SQLite would write to an input file.
    package func add(database path: FilePath) throws {
        var files: [(path: FilePath, use: String)] = []
        // SQLite creates them beside the target of a link.
        for path in [path, path.resolved].compactMap(\.self) {
            files.append((path, "the database in use"))
            for (suffix, name) in [
                ("-journal", "journal"), ("-wal", "write-ahead log"), ("-shm", "shared memory"),
            ] {
                files.append((path.withSuffix(suffix), "the \(name) of the database in use"))
            }
        }
        var uses: [FileIdentity: String] = [:]
        var isEmpty = false
        for file in files {
            if let place = try Place(file.path) { usesByPlace[place] = file.use }
            guard let status = try OpenFile.status(at: file.path, followingLink: true) else {
                continue
            }
            if let use = usesByIdentity[status.identity] { throw isRead(path, use) }
            uses[status.identity] = file.use
            if status.size == 0 { isEmpty = true }
        }
        if !uses.isEmpty {
            // SQLite writes only to its own files and to empty ones. The many files of a directory
            // need not be checked in the other case.
            for source in sources where isEmpty || source.isNamed {
                if let identity = try identity(of: source), uses[identity] != nil {
                    throw isRead(path, use(of: source))
                }
            }
        }
        usesByIdentity.merge(uses) { $1 }
    }

    private func isRead(_ path: FilePath, _ use: String) -> OutputRefusal {
        OutputRefusal(path, "the database would be written to \(use)", "give --db another name")
    }

    /// The use of `path`; nil if it is not in use.
    /// - Parameter status: of the existing file; nil if there is none.
    func use(of path: FilePath, _ status: OpenFile.Status?) throws(FileError) -> String? {
        if let place = try Place(path), let use = usesByPlace[place] { return use }
        return try status.flatMap { (status) throws(FileError) in try use(of: status.identity) }
    }

    private func use(of identity: FileIdentity) throws(FileError) -> String? {
        if !areSourcesKnown {
            areSourcesKnown = true
            for source in sources {
                if let identity = try self.identity(of: source), usesByIdentity[identity] == nil {
                    usesByIdentity[identity] = use(of: source)
                }
            }
        }
        return usesByIdentity[identity]
    }

    private func use(of source: EvidenceSearch.Source) -> String {
        if case .standardInput = source { return "the evidence on standard input" }
        return "the evidence file \(source.path)"
    }

    private func identity(
        of source: EvidenceSearch.Source
    ) throws(FileError) -> FileIdentity? {
        switch source {
        case .standardInput: OpenFile.status(ofStandardStream: 0)?.identity
        case .file(let path, let followingLink):
            try OpenFile.status(at: path, followingLink: followingLink)?.identity
        case .unreadable: nil
        }
    }

    /// The use of the file that standard output or standard error is redirected to; nil if it is
    /// not in use.
    package func use(ofStandardStream number: Int) throws(FileError) -> String? {
        guard let status = OpenFile.status(ofStandardStream: number), status.type == .regular
        else { return nil }
        return try use(of: status.identity)
    }
}

extension EvidenceSearch.Source {
    /// Whether the user named the file, not only a directory that contains it.
    fileprivate var isNamed: Bool {
        switch self {
        case .standardInput: true
        case .file(_, let followingLink): followingLink
        case .unreadable: false
        }
    }
}
