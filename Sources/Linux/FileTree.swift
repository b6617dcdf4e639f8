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
    package var isLive: Bool { root.path == "/" }

    package init(root path: FilePath) throws(FileError) {
        root = try Directory(path: path)
    }

    /// Opens the file at `path`, which is given from the root and without a leading slash.
    package func open(_ path: String) throws(FileError) -> OpenFile {
        try open(path, flags: readingFlags)
    }

    package func directory(_ path: String) throws(FileError) -> Directory {
        Directory(owning: try open(path, flags: readingFlags | O_DIRECTORY))
    }

    /// What the regular file at `path` holds.
    /// - Returns: nil if there is none, or none that this user may read.
    package func contents(_ path: String) throws(FileError) -> [UInt8]? {
        do {
            let file = try open(path)
            guard try file.kindAndSize().kind == .regular else { return nil }
            return try file.contents()
        } catch let error where error.isAbsence || error.isRefusal || error.isEndedProcess {
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
                if linksLeft == 0 { throw FileError("open", whole, .tooManySymbolicLinkLevels) }
                if target.isAbsolute { resolved = [] }
                pending += target.components.reversed()
            } else if pending.isEmpty {
                let file = try parent.open(component.string, flags: flags | O_NOFOLLOW)
                return OpenFile(owning: try file.duplicate(), path: whole)
            } else {
                resolved.append(component)
            }
        }
        return OpenFile(owning: try parent(resolved).file.duplicate(), path: whole)
    }

    /// The directory that these components, none of them a link, lead to.
    private func parent(_ components: [FilePath.Component]) throws(FileError) -> Directory {
        var directory = Directory(owning: try root.open(".", flags: pathFlags))
        for component in components {
            directory = Directory(
                owning: try directory.open(component.string, flags: pathFlags | O_NOFOLLOW))
        }
        return directory
    }

    private func linkTarget(
        _ name: FilePath.Component, in directory: borrowing Directory
    ) throws(FileError) -> FilePath? {
        do {
            let bytes = try directory.link(name.string)
            return bytes.withUnsafeBytes { FilePath(String(decoding: $0, as: UTF8.self)) }
        } catch let error where error.errno == .invalidArgument {  // not a link
            return nil
        }
    }
}

private let pathFlags = census_O_PATH | O_DIRECTORY | O_CLOEXEC
