import Glibc
package import SystemPackage

/// An open file, closed when the value ends.
package struct OpenFile: ~Copyable {
    let descriptor: CInt
    /// The path that it was opened by.
    package let path: FilePath

    init(owning descriptor: CInt, path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Standard input, output or error; the descriptor is duplicated, so closing this one leaves
    /// the stream open.
    package init(standardStream number: Int, name: String) throws(FileError) {
        let path = FilePath(name)
        let copy = try checked("open", path) { fcntl(CInt(number), F_DUPFD_CLOEXEC, 0) }
        self.init(owning: copy, path: path)
    }

    /// Opens for reading. Never waits for the other end of a FIFO and never becomes the
    /// controlling terminal; a symbolic link as the last part is followed only if asked.
    package init(reading path: FilePath, followingLink: Bool = true) throws(FileError) {
        let flags = readingFlags | (followingLink ? 0 : O_NOFOLLOW)
        let descriptor = try checked("open", path) {
            path.withPlatformString { open($0, flags) }
        }
        self.init(owning: descriptor, path: path)
    }

    deinit { close(descriptor) }

    /// Creates an empty file at `path`, readable by its owner only, if there is none.
    package static func makePrivate(at path: FilePath) throws(FileError) {
        let descriptor = try checked("create", path) {
            path.withPlatformString {
                open($0, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
            }
        }
        close(descriptor)
    }

    /// What kind of file it is.
    package enum Kind: Sendable { case regular, directory, other }

    /// What is at `path`, links followed.
    /// - Throws: if there is nothing.
    package static func kind(at path: FilePath) throws(FileError) -> Kind {
        var status = stat()
        _ = try checked("read", path) { path.withPlatformString { stat($0, &status) } }
        return Kind(status)
    }

    /// What fstat(2) says of a file.
    package struct Status: Sendable, Equatable {
        /// The kind of file.
        package let kind: Kind
        /// The type of the inode, for messages.
        package let type: InodeType
        /// Device and inode: the same for all names of a file.
        package let identity: FileIdentity
        /// Bytes.
        package let size: Int
        /// When it was last written to: seconds, and the nanoseconds beside them.
        private let modified: [Int]

        init(_ status: stat) {
            kind = Kind(status)
            type = InodeType(status)
            identity = FileIdentity(status)
            size = Int(status.st_size)
            modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        }
    }

    /// The status of the open file, fstat(2).
    package func status() throws(FileError) -> Status {
        var status = stat()
        _ = try checked("look at", path) { fstat(descriptor, &status) }
        return Status(status)
    }

    /// Whether it is a regular file that its group or anybody may read.
    package func isReadableByOthers() throws(FileError) -> Bool {
        var status = stat()
        _ = try checked("look at", path) { fstat(descriptor, &status) }
        return Kind(status) == .regular && status.st_mode & 0o044 != 0
    }

    /// What is at `path`, nil where there is nothing.
    package static func status(
        at path: FilePath, followingLink: Bool
    ) throws(FileError) -> Status? {
        var status = stat()
        do throws(FileError) {
            _ = try checked("look at", path) {
                path.withPlatformString {
                    followingLink ? stat($0, &status) : lstat($0, &status)
                }
            }
        } catch {
            if [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return nil }
            throw error
        }
        return Status(status)
    }

    /// What a standard stream of the process leads to, nil where it is closed.
    package static func status(ofStandardStream number: Int) -> Status? {
        var status = stat()
        return fstat(CInt(number), &status) == 0 ? Status(status) : nil
    }

    /// Reads into `buffer` from `offset` to its end at the most.
    /// - Returns: how many bytes came; 0 at the end of the file.
    package func read(into buffer: inout [UInt8], at offset: Int) throws(FileError) -> Int {
        try whenReady(POLLIN) { () throws(FileError) in
            try checked("read", path) {
                buffer.withUnsafeMutableBytes { bytes in
                    Glibc.read(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                }
            }
        }
    }

    /// Goes back to the file's start.
    package func rewind() throws(FileError) {
        _ = try checked("read", path) { Int(lseek(descriptor, 0, SEEK_SET)) }
    }

    /// All of the file.
    /// - Throws: also where it is longer than `limit` bytes.
    package func contents(limit: Int = 16 << 20) throws(FileError) -> [UInt8] {
        let bytes = try beginning(count: limit + 1)
        if bytes.count > limit { throw FileError("read", path, .fileTooLarge) }
        return bytes
    }

    /// The last bytes of the file, `count` at the most.
    package func ending(count: Int) throws(FileError) -> [UInt8] {
        let size = try status().size
        let count = min(count, size)
        return try part(at: size - count, count: count)
    }

    /// The bytes from `start` on, `count` at the most.
    package func part(at start: Int, count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try checked("read", path) {
            bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(start))
            }
        }
        bytes.removeLast(bytes.count - read)
        return bytes
    }

    /// The first bytes of the file, `limit` at the most.
    package func beginning(count limit: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(limit, 4096))
        var count = 0
        while count < limit {
            if count == bytes.count {
                bytes.append(contentsOf: repeatElement(0, count: min(count, limit - count)))
            }
            let read = try read(into: &bytes, at: count)
            if read == 0 { break }
            count += read
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Writes all bytes, write(2).
    package func write(_ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            written += try whenReady(POLLOUT) { () throws(FileError) in
                try checked("write", path) {
                    bytes.withUnsafeBytes {
                        Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
                    }
                }
            }
        }
    }

    /// Waits and tries again where another program has made a stream that is shared with it
    /// non-blocking.
    private func whenReady(
        _ event: Int32, _ call: () throws(FileError) -> Int
    ) throws(FileError) -> Int {
        while true {
            do throws(FileError) { return try call() } catch {
                guard error.errno == .resourceTemporarilyUnavailable else { throw error }
                var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
                poll(&request, 1, -1)
            }
        }
    }

    /// Waits until the bytes are on the medium, fsync(2). A file system that has no such notion
    /// for this kind of file says EINVAL, and that is all there is to be had.
    package func synchronize() throws(FileError) {
        do throws(FileError) {
            _ = try checked("flush", path) { fsync(descriptor) }
        } catch let error where error.errno == .invalidArgument {}
    }
}

let readingFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

extension OpenFile.Kind {
    init(_ status: stat) {
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            default: .other
            }
    }
}
