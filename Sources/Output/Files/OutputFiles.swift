import Files
package import SystemPackage

/// The files that a run writes.
///
/// Each name is looked at before any work is done, and again when all is written; then all files
/// appear, or none. What is there already is overwritten only if it is a regular file that is not in
/// use, and an earlier output of the same kind or, with `isForced`, any.
package final class OutputFiles {
    fileprivate let inUse: FilesInUse
    fileprivate let isForced: Bool
    private var files: [OutputFile] = []
    private var newDirectories: [FilePath] = []
    private var isPublished = false

    package init(sparing inUse: FilesInUse, isForced: Bool = false) {
        self.inUse = inUse
        self.isForced = isForced
    }

    deinit {
        if isPublished { return }
        for file in files { file.abandon() }
        for directory in newDirectories.reversed() { Directory.removeIfEmpty(directory) }
    }

    /// Sees to it that there is a directory at `path`. A new one is removed again where nothing is
    /// published.
    package func makeDirectory(_ path: FilePath) throws {
        if let status = try OpenFile.status(at: path, followingLink: true),
            status.type != .directory
        {
            throw OutputRefusal(
                path, "it is \(status.type.rawValue), and a directory is needed for the files",
                "give the name of a directory")
        }
        if try Directory.make(path) { newDirectories.append(path) }
    }

    /// Takes a name for a file that the user has given.
    /// - Throws: where it may not be taken.
    package func file(at path: FilePath, _ kind: OutputKind) throws -> OutputFile {
        let file = OutputFile(path, kind, isNamed: true, of: self)
        _ = try file.occupant()
        files.append(file)
        return file
    }

    /// Takes a name in a directory that the user has given, or beside a file.
    /// - Parameter isCertain: whether the file is written in any case; if not, that its name may not
    ///   be taken is an error only when it is written.
    package func file(
        named name: String, in directory: FilePath, _ kind: OutputKind, isCertain: Bool = true
    ) throws -> OutputFile {
        let file = OutputFile(directory.appending(name), kind, isNamed: false, of: self)
        do { _ = try file.occupant() } catch {
            if isCertain { throw error }
            file.refusal = error
        }
        files.append(file)
        return file
    }

    /// Lets all files that have been written to appear, or none.
    package func publish() throws {
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

/// A file of a run, which begins to be written with its first bytes.
package final class OutputFile {
    package let path: FilePath
    private let kind: OutputKind
    /// Whether the user has named it, and not only its directory.
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

    package func write(_ bytes: [UInt8]) throws {
        if let refusal { throw refusal }
        if file == nil { file = try NewFile(at: path) }
        try file?.write(bytes)
    }

    /// What is there and may be overwritten; nil where there is nothing.
    /// - Throws: where the name may not be taken.
    fileprivate func occupant() throws -> OpenFile.Status? {
        try Directory.requireRoom(for: path)
        let status = try OpenFile.status(at: path, followingLink: false)
        if let use = try all.inUse.use(of: path, status) {
            throw refused("it is \(use)", isNamed ? "give another name" : "give another place")
        }
        guard let status else { return nil }
        guard status.type == .regular else {
            throw refused("it is \(status.type.rawValue)", remedy(for: status.type))
        }
        guard let recognizes = kind.recognizes else { throw FileError("create", path, .fileExists) }
        if all.isForced { return status }
        let file = try OpenFile(reading: path, followingLink: false)
        let isEarlier = try file.status() == status && recognizes(file)
        if isEarlier { return status }
        throw refused(
            status.size == 0
                ? "it is an empty file that census has not written"
                : "it is not an earlier \(kind.name)",
            "\(isNamed ? "give another name" : "move it away"), or --force to overwrite it")
    }

    private func refused(_ reason: String, _ remedy: String) -> OutputRefusal {
        OutputRefusal(path, reason, remedy)
    }

    private func remedy(for type: InodeType) -> String {
        if !isNamed { return "move it away" }
        switch type {
        case .directory: return "give the name of a file"
        case .symbolicLink: return "give the file that it leads to, or - for standard output"
        default: return "give the name of a file, or - for standard output"
        }
    }

    /// - Returns: whether there is anything to be placed.
    fileprivate func place() throws -> Bool {
        if file == nil { return false }
        let occupant = try occupant()
        do throws(FileError) { try file?.place(over: occupant) } catch {
            guard error.errno == .fileExists, kind.recognizes != nil else { throw error }
            throw refused(
                "another program has written to it meanwhile", "give the same command again")
        }
        return true
    }

    fileprivate func withdraw() { file?.withdraw() }
    fileprivate func settle() { file?.settle() }
    fileprivate func abandon() { file = nil }
}
