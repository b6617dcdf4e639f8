import Glibc
package import SystemPackage

/// A system call that failed, and on what.
package struct FileError: Error, CustomStringConvertible {
    /// What was to be done, as a person would say it: `read`, `create`.
    package var operation: String
    /// The file or directory.
    package var path: FilePath
    /// What the system call gave, errno(3).
    package var errno: Errno

    /// An error of an operation, a verb such as `read`, on a path.
    package init(_ operation: String, _ path: FilePath, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }

    /// `cannot create usb/x.jsonl.gz: Read-only file system`.
    package var description: String { "cannot \(operation) \(path.text): \(errno)" }

    /// The kernel lets this user see that it is there, and no more.
    package var isRefusal: Bool { errno == .permissionDenied || errno == .notPermitted }
}

/// Runs a call that gives -1 on failure, again when a signal interrupted it.
/// The one place that turns -1 into an `Errno`.
func checked<Result: FixedWidthInteger>(
    _ operation: String, _ path: @autoclosure () -> FilePath, _ call: () -> Result
) throws(FileError) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = Errno(rawValue: Glibc.errno)
        if code != .interrupted { throw FileError(operation, path(), code) }
    }
}
