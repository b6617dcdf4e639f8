package import Evidence
package import Files
package import SystemPackage

/// The files that a run reads, and those that a database's engine writes: nothing else is written
/// to them, by whatever name they are given.
package final class FilesInUse {
    private var usesByIdentity: [FileIdentity: String] = [:]
    /// For names that need not be there.
    private var usesByPlace: [Place: String] = [:]
    private var sources: [EvidenceSearch.Source]
    private var areSourcesKnown = false

    /// A name in a directory. Capitals do not count, as in some file systems.
    private struct Place: Hashable {
        let directory: FileIdentity
        let name: String

        /// - Returns: nil where there is no such directory.
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

    /// - Parameter sources: evidence that is read.
    package init(reading sources: [EvidenceSearch.Source] = []) { self.sources = sources }

    /// Adds a file that is read.
    package func add(_ path: FilePath, _ use: String) throws(FileError) {
        guard let status = try OpenFile.status(at: path, followingLink: true) else { return }
        usesByIdentity[status.identity] = use
    }

    /// Adds what a standard stream leads to.
    package func add(standardStream number: Int, _ use: String) {
        guard let status = OpenFile.status(ofStandardStream: number) else { return }
        usesByIdentity[status.identity] = use
    }

    /// Adds the file of a database, which need not be there, with those that SQLite makes beside it
    /// (SQLite, "Temporary Files Used By SQLite", 2).
    /// - Throws: where it is one that is read, or SQLite would write to one.
    package func add(database path: FilePath) throws {
        var files: [(path: FilePath, use: String)] = []
        // SQLite makes them beside the file that a link leads to.
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
            // SQLite writes to nothing but its own files and empty ones. So of the files in a
            // directory, of which there may be many, none needs to be looked at in vain.
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

    /// What `path` is in use for, nil where it is not.
    /// - Parameter status: what is there, nil where nothing is.
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

    /// What standard output or standard error leads to, if that is in use: what is printed would be
    /// written to it.
    package func use(ofStandardStream number: Int) throws(FileError) -> String? {
        guard let status = OpenFile.status(ofStandardStream: number), status.type == .regular
        else { return nil }
        return try use(of: status.identity)
    }
}

extension EvidenceSearch.Source {
    /// Whether the user has named it, and not only a directory that it is in.
    fileprivate var isNamed: Bool {
        switch self {
        case .standardInput: true
        case .file(_, let followingLink): followingLink
        case .unreadable: false
        }
    }
}
