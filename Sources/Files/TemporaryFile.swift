import Glibc
package import SystemPackage

extension OpenFile {
    /// Where temporary files of any size are made: `$TMPDIR`, or /var/tmp, which unlike /tmp is not in
    /// memory.
    package static var temporaryDirectory: FilePath {
        let path = getenv("TMPDIR").map { FilePath(platformString: $0) } ?? ""
        return path.isEmpty ? "/var/tmp" : path
    }

    /// Creates a file that has no name and is gone when it is closed, in whatever way.
    package static func makeTemporary() throws(FileError) -> OpenFile {
        let path = temporaryDirectory.appending("census.XXXXXX")
        var name = path.withPlatformString {
            Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
        }
        let descriptor = try checked("create", path) { mkstemp(&name) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(name)
        return OpenFile(owning: descriptor, path: path)
    }

    /// A path by which this process can open the file once more, though it may have no name; proc(5).
    package var pathOfDescriptor: String { "/proc/self/fd/\(descriptor)" }
}
