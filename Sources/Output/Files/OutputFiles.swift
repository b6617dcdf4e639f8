import Files
package import SystemPackage

/// The output files of a run.
///
/// Each name is checked before any work is done, and again after everything is written; then either
/// all files are created or none. An existing file is overwritten only if it is a regular file, not
/// in use, and an earlier output of the same kind; with `isForced`, of any kind.
///
/// From the first name on Ctrl-C is expected: statements in databases fail after it, and none of the files
/// appears.
package final class OutputFiles {
    fileprivate let inUse: FilesInUse
    fileprivate let isForced: Bool
    private var files: [OutputFile] = []
    private var newDirectories: [FilePath] = []
    private var isPublished = false

    /// - Parameters:
    ///   - inUse: files that are never overwritten.
    ///   - isForced: whether files not written by census are overwritten.
    package init(sparing inUse: FilesInUse, isForced: Bool = false) {
        self.inUse = inUse
        self.isForced = isForced
    }

    deinit {
        if isPublished { return }
        for file in files { file.abandon() }
        for directory in newDirectories.reversed() { Directory.removeIfEmpty(directory) }
    }

    /// Creates a directory at `path` if absent. A new one is removed if nothing is published.
    package func makeDirectory(_ path: FilePath) throws {
        if let status = try OpenFile.status(at: path, followingLink: true),
            status.type != .directory
        {
            throw OutputRefusal(
                path, "it is \(status.type.rawValue), not a directory",
                "give the name of a directory")
        }
        expectInterruption()
        if try Directory.make(path) { newDirectories.append(path) }
    }

    /// Requires that an output file of some kind may be at a path, before work whose output has yet to be
    /// known.
    /// - Throws: `OutputRefusal` if none may be there.
    package func requirePlace(at path: FilePath) throws {
        _ = try OutputFile(path, .unique, isNamed: true, of: self).standing()
        expectInterruption()
    }

    /// Reserves a path given by the user.
    /// - Throws: `OutputRefusal` if it must not be overwritten.
    package func file(at path: FilePath, _ kind: OutputKind) throws -> OutputFile {
        let file = OutputFile(path, kind, isNamed: true, of: self)
        _ = try file.occupant()
        expectInterruption()
        files.append(file)
        return file
    }

    /// Reserves a name in a directory given by the user, or beside a file.
    /// - Parameter isCertain: whether the file is always written; if not, a name that must not be
    ///   overwritten is an error only when the file is written.
    package func file(
        named name: String, in directory: FilePath, _ kind: OutputKind, isCertain: Bool = true
    ) throws -> OutputFile {
        let file = OutputFile(directory.appending(name), kind, isNamed: false, of: self)
        do { _ = try file.occupant() } catch {
            if isCertain { throw error }
            file.refusal = error
        }
        expectInterruption()
        files.append(file)
        return file
    }

    private func expectInterruption() { Interruption.expect(stoppingStatements: true) }

    /// Moves all written files to their names, or none. Ctrl-C waits for that.
    package func publish() throws {
        defer { Interruption.end() }
        try Interruption.check()
        var placed: [OutputFile] = []
        do {
            for file in files where try file.place() { placed.append(file) }
        } catch {
            for file in placed.reversed() { file.withdraw() }
            throw error
        }
        for file in placed { file.settle() }
        isPublished = true
    }
}

/// An output file of a run, created at the first write.
package final class OutputFile {
    /// Its final path.
    package let path: FilePath
    private let kind: OutputKind
    /// Whether the user named the file, not only its directory.
    private let isNamed: Bool
    private unowned let all: OutputFiles
    private var file: NewFile?
    fileprivate var refusal: (any Error)?

    fileprivate init(_ path: FilePath, _ kind: OutputKind, isNamed: Bool, of all: OutputFiles) {
        self.path = path
        self.kind = kind
        self.isNamed = isNamed
        self.all = all
    }

    /// Appends bytes.
    /// - Throws: `FileError`; `OutputRefusal` if the name must not be overwritten; `Interrupted` after
    ///   Ctrl-C.
    package func write(_ bytes: [UInt8]) throws {
        if let refusal { throw refusal }
        if file == nil { file = try NewFile(at: path) }
        try Interruption.check()
        try file?.write(bytes)
    }

    /// The existing file, which may be overwritten; nil if there is none.
    /// - Throws: `OutputRefusal` if it must not be overwritten.
    fileprivate func occupant() throws -> OpenFile.Status? {
        guard let status = try standing() else { return nil }
        guard let recognizes = kind.recognizes else { throw FileError("create", path, .fileExists) }
        if isDatabase {
            throw refused(
                "it is an SQLite database", isNamed ? "give another name" : "move it away")
        }
        if all.isForced { return status }
        let file = try OpenFile(reading: path, followingLink: false)
        let isEarlier = try file.status() == status && recognizes(file)
        if isEarlier { return status }
        throw refused(
            status.size == 0
                ? "it is an empty file not written by census"
                : "it is not an earlier \(kind.name)",
            "\(isNamed ? "give another name" : "move it away"), or use --force to overwrite it")
    }

    /// Whether the existing file is a database, of this census or another, which `--force` is not for
    /// ("Database File Format"). What cannot be read is not recognised.
    private var isDatabase: Bool {
        guard let file = try? OpenFile(reading: path, followingLink: false),
            let start = try? file.beginning(count: 16)
        else { return false }
        return start.starts(with: "SQLite format 3\0".utf8)
    }

    /// The regular file that is there, of whatever kind; nil if there is none.
    /// - Throws: `OutputRefusal` if it is something else, or in use.
    fileprivate func standing() throws -> OpenFile.Status? {
        try Directory.requireRoom(for: path)
        let status = try OpenFile.status(at: path, followingLink: false)
        if let use = try all.inUse.use(of: path, status) {
            throw refused("it is \(use)", isNamed ? "give another name" : "give another place")
        }
        guard let status else { return nil }
        guard status.type == .regular else {
            throw refused("it is \(status.type.rawValue)", remedy(for: status.type))
        }
        return status
    }

    private func refused(_ reason: String, _ remedy: String) -> OutputRefusal {
        OutputRefusal(path, reason, remedy)
    }

    private func remedy(for type: InodeType) -> String {
        if !isNamed { return "move it away" }
        switch type {
        case .directory: return "give the name of a file"
        case .symbolicLink: return "give the file it points to, or - for standard output"
        default: return "give the name of a file, or - for standard output"
        }
    }

    /// - Returns: whether anything was written.
    fileprivate func place() throws -> Bool {
        if file == nil { return false }
        let occupant = try occupant()
        do throws(FileError) { try file?.place(over: occupant) } catch {
            guard error.errno == .fileExists, kind.recognizes != nil else { throw error }
            throw refused(
                "another program modified it meanwhile", "run the command again")
        }
        return true
    }

    fileprivate func withdraw() { file?.withdraw() }
    fileprivate func settle() { file?.settle() }
    fileprivate func abandon() { file = nil }
}
