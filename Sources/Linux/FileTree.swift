import CLinux
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

    package init(root path: FilePath) throws(FileError) {
        let directory = try Directory(path: path)
        isLive = try directory.file.identity() == Directory(path: "/").file.identity()
        root = directory
    }

    /// Opens the file at `path`, which is given from the root and without a leading slash.
    package func open(_ path: String) throws(FileError) -> OpenFile {
        try open(path, flags: readingFlags)
    }

    package func directory(_ path: String) throws(FileError) -> Directory {
        Directory(owning: try open(path, flags: readingFlags | O_DIRECTORY))
    }

    /// What the regular file at `path` holds.
    /// - Returns: nil if that cannot be known: there is no such file, this user may not read it,
    ///   or it is too large for what it should be.
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
            return nil
        }
    }

    /// Whether there is anything at `path` that this user can open.
    package func exists(_ path: String) -> Bool {
        do throws(FileError) {
            _ = try open(path, flags: census_O_PATH | O_CLOEXEC)
            return true
        } catch {
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

private let pathFlags = census_O_PATH | O_DIRECTORY | O_CLOEXEC
