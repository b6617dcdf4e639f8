import Glibc
package import SystemPackage

/// An open directory: names are looked up in it whatever happens to its path meanwhile.
package struct Directory: ~Copyable {
    let file: OpenFile
    /// The path that it was opened by.
    package var path: FilePath { file.path }

    /// Opens a directory.
    package init(path: FilePath, followingLink: Bool = true) throws(FileError) {
        let flags = readingFlags | O_DIRECTORY | (followingLink ? 0 : O_NOFOLLOW)
        let descriptor = try checked("open", path) {
            path.withPlatformString { Glibc.open($0, flags) }
        }
        file = OpenFile(owning: descriptor, path: path)
    }

    /// Creates a directory at `path` if there is none. Its parent must exist.
    /// - Returns: whether it was made.
    @discardableResult
    package static func make(_ path: FilePath) throws(FileError) -> Bool {
        do {
            _ = try checked("create", path) { path.withPlatformString { mkdir($0, 0o777) } }
            return true
        } catch let error where error.errno == .fileExists {
            _ = try Directory(path: path)
            return false
        }
    }

    /// Removes a directory if it is empty; one that is not, or cannot be removed, stays.
    package static func removeIfEmpty(_ path: FilePath) {
        _ = path.withPlatformString { rmdir($0) }
    }

    /// Ensures that a file could be created at `path`: that its directory exists and is
    /// writable, access(2).
    package static func requireRoom(for path: FilePath) throws(FileError) {
        let parent = path.removingLastComponent()
        _ = try checked("create", path) {
            parent.appending(".").withPlatformString {
                faccessat(AT_FDCWD, $0, W_OK | X_OK, AT_EACCESS)
            }
        }
    }

    /// Opens `name`, a path below this directory, for reading. The last part must not be a link.
    package func open(_ name: FilePath) throws(FileError) -> OpenFile {
        let whole = path.pushing(name)
        let descriptor = try checked("open", whole) {
            name.withPlatformString { openat(file.descriptor, $0, readingFlags | O_NOFOLLOW) }
        }
        return OpenFile(owning: descriptor, path: whole)
    }

    /// An entry, readdir(3).
    package struct Entry: Sendable {
        /// The kind of file, where the file system says it.
        package enum Kind: Sendable {
            case regular, directory, symbolicLink, fifo, socket, device, unknown
        }
        /// The name's bytes: to make a path of each of many names takes long.
        package let bytes: [UInt8]
        /// What the entry is.
        package let kind: Kind
        /// The name as a path component.
        package var name: FilePath.Component { FilePath(bytes: bytes).lastComponent! }
    }

    /// What is in the directory, but for `.` and `..`, in no particular order.
    package func entries() throws(FileError) -> [Entry] {
        // fdopendir(3) takes the descriptor for its own: give it another, opened afresh so that
        // reading starts at the first entry.
        let descriptor = try checked("read", path) {
            openat(file.descriptor, ".", readingFlags | O_DIRECTORY)
        }
        guard let stream = fdopendir(descriptor) else {
            let code = Errno(rawValue: errno)
            close(descriptor)
            throw FileError("read", path, code)
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw FileError("read", path, Errno(rawValue: errno)) }
                return entries
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: UInt8.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: strnlen($0, 256)))
                }
            }
            if name == Array(".".utf8) || name == Array("..".utf8) { continue }
            entries.append(Entry(bytes: name, kind: kind(of: name, entry.pointee.d_type)))
        }
    }

    private func kind(of name: [UInt8], _ type: UInt8) -> Entry.Kind {
        switch Int(type) {
        case Int(DT_REG): return .regular
        case Int(DT_DIR): return .directory
        case Int(DT_LNK): return .symbolicLink
        case Int(DT_FIFO): return .fifo
        case Int(DT_SOCK): return .socket
        case Int(DT_CHR), Int(DT_BLK): return .device
        default: break  // file systems that do not say: ask
        }
        var status = stat()
        let result = FilePath(bytes: name).withPlatformString {
            fstatat(file.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW)
        }
        guard result == 0 else { return .unknown }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .regular
        case S_IFDIR: .directory
        case S_IFLNK: .symbolicLink
        case S_IFIFO: .fifo
        case S_IFSOCK: .socket
        case S_IFCHR, S_IFBLK: .device
        default: .unknown
        }
    }
}
