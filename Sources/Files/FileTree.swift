import CHost
import Glibc
package import SystemPackage

/// A file system seen from its own root, which need not be this machine's: a mounted disk, a host
/// seen from a container, a tree in a test.
///
/// Symbolic links are resolved as chroot(2) would have them, so that an absolute link in the tree
/// (`/var/run` is one) leads to a file of the tree and never out of it.
package struct FileTree: ~Copyable {
    package let root: Directory

    /// Whether this is the running system's own root.
    package let isLive: Bool

    private let failures = Failures()

    package init(root path: FilePath) throws(FileError) {
        let directory = try Directory(path: path)
        isLive = try directory.file.status().identity == Directory(path: "/").file.status().identity
        root = directory
    }

    /// Opens the file at `path`, which is given from the root and without a leading slash.
    package func open(_ path: String) throws(FileError) -> OpenFile {
        try open(path, flags: readingFlags)
    }

    package func directory(_ path: String) throws(FileError) -> Directory {
        Directory(owning: try open(path, flags: readingFlags | O_DIRECTORY))
    }

    /// Files that are there and could not be read, each with the reason: `etc/passwd: Input/output
    /// error`. What this user may not read is not among them.
    package var unreadable: [String] { failures.lines }

    /// Keeps in mind that something under the tree could not be read, if that means more than that
    /// it is not there.
    package func note(_ error: FileError) {
        if error.isAbsence || error.isRefusal && geteuid() != 0 { return }
        // As it is named from the tree's root.
        let prefix = root.path.string
        var path = error.path.string[...]
        if path.hasPrefix(prefix) { path = path.dropFirst(prefix.utf8.count) }
        failures.add("\(path.drop { $0 == "/" }): \(error.errno)")
    }

    /// What the regular file at `path` holds.
    /// - Returns: nil if that cannot be known: there is no such file, this user may not read it,
    ///   it is too large for what it should be, or the medium fails. `unreadable` names the last
    ///   two.
    package func contents(_ path: String) -> [UInt8]? {
        read(path) { (file) throws(FileError) in try file.contents() }
    }

    /// The first bytes of the regular file at `path`, `count` at the most.
    /// - Returns: nil if that cannot be known.
    package func beginning(of path: String, count: Int) -> [UInt8]? {
        read(path) { (file) throws(FileError) in try file.beginning(count: count) }
    }

    private func read(
        _ path: String, _ body: (borrowing OpenFile) throws(FileError) -> [UInt8]
    ) -> [UInt8]? {
        do throws(FileError) {
            let file = try open(path)
            guard try file.status().kind == .regular else { return nil }
            return try body(file)
        } catch {
            note(error)
            return nil
        }
    }

    /// What is in the directory at `path`.
    /// - Returns: nil if that cannot be known.
    package func entries(_ path: String) -> [Directory.Entry]? {
        do throws(FileError) {
            return try directory(path).entries()
        } catch {
            note(error)
            return nil
        }
    }

    /// The text of the symbolic link at `path`, which itself is not followed.
    /// - Returns: nil if there is no such link.
    package func link(_ path: String) -> [UInt8]? {
        do throws(FileError) {
            var components = FilePath(path).components.map { FilePath($0) }
            guard let name = components.popLast() else { return nil }
            let parent = components.reduce(into: FilePath()) { $0.append($1.components) }
            return try Directory(owning: open(parent.string, flags: pathFlags)).link(name)
        } catch {
            if error.errno != .invalidArgument { note(error) }  // not a link
            return nil
        }
    }

    /// Whether every user may read the regular file at `path`, by its mode.
    package func isReadableByAll(_ path: String) -> Bool {
        do throws(FileError) {
            let status = try open(path, flags: census_O_PATH | O_CLOEXEC).status()
            return status.kind == .regular && status.isReadableByAll
        } catch {
            note(error)
            return false
        }
    }

    /// Whether there is anything at `path` that this user can open.
    package func exists(_ path: String) -> Bool {
        do throws(FileError) {
            _ = try open(path, flags: census_O_PATH | O_CLOEXEC)
            return true
        } catch {
            note(error)
            return false
        }
    }

    private func open(_ path: String, flags: CInt) throws(FileError) -> OpenFile {
        let whole = root.path.appending(path)
        var pending = Array(FilePath(path).components.reversed())
        var resolved: [FilePath.Component] = []
        var linksLeft = 40  // as path_resolution(7)
        while let component = pending.popLast() {
            switch component.kind {
            case .currentDirectory: continue
            case .parentDirectory:
                _ = resolved.popLast()
                continue
            case .regular: break
            }
            let parent = try parent(resolved)
            if let target = try linkTarget(component, in: parent) {
                linksLeft -= 1
                if linksLeft < 0 { throw FileError("open", whole, .tooManySymbolicLinkLevels) }
                if target.isAbsolute { resolved = [] }
                pending += target.components.reversed()
            } else if pending.isEmpty {
                return try parent.open(FilePath(component), flags: flags | O_NOFOLLOW)
            } else {
                resolved.append(component)
            }
        }
        return OpenFile(owning: try parent(resolved).file.duplicate(), path: whole)
    }

    /// The directory that these components, none of them a link, lead to.
    private func parent(_ components: [FilePath.Component]) throws(FileError) -> Directory {
        var directory = Directory(
            owning: OpenFile(owning: try root.file.duplicate(), path: root.path))
        for component in components {
            directory = Directory(
                owning: try directory.open(FilePath(component), flags: pathFlags | O_NOFOLLOW))
        }
        return directory
    }

    private func linkTarget(
        _ name: FilePath.Component, in directory: borrowing Directory
    ) throws(FileError) -> FilePath? {
        do {
            return FilePath(bytes: try directory.link(FilePath(name)))
        } catch let error where error.errno == .invalidArgument {  // not a link
            return nil
        }
    }
}

/// A list that grows while the tree is only borrowed. A host with a dying disk has many of them.
private final class Failures {
    private static let limit = 64
    private var seen: [String] = []
    private var others = 0

    func add(_ line: String) {
        if seen.contains(line) { return }
        if seen.count < Self.limit { seen.append(line) } else { others += 1 }
    }

    var lines: [String] { others == 0 ? seen : seen + ["\(others) more"] }
}

private let pathFlags = census_O_PATH | O_DIRECTORY | O_CLOEXEC
