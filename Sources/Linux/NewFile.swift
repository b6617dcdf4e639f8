import CLinux
import Glibc
package import SystemPackage

/// A file that appears whole or not at all.
///
/// The bytes go to a temporary file beside the place where it is to be, `NAME.XXXXXXXX.partial`,
/// readable by its owner only. `publish` flushes them to the medium and gives the file its name;
/// without it the temporary file is removed when the value ends, and is left behind only where the
/// process or the machine died.
package struct NewFile: ~Copyable {
    package let path: FilePath
    private let file: OpenFile
    private let temporaryPath: FilePath
    private var isPublished = false

    package init(at path: FilePath) throws(FileError) {
        guard let name = path.lastComponent?.string else {
            throw FileError("create", path, .isDirectory)
        }
        // Eight digits, the first of them not zero.
        let suffix = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
        let temporaryPath = path.removingLastComponent()
            .appending(
                "\(String(decoding: name.utf8.prefix(200), as: UTF8.self)).\(suffix).partial")
        let descriptor = try checked("create", path) {
            temporaryPath.withPlatformString {
                open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            }
        }
        self.path = path
        self.temporaryPath = temporaryPath
        file = OpenFile(owning: descriptor, path: path)
    }

    deinit {
        if !isPublished { _ = temporaryPath.withPlatformString { unlink($0) } }
    }

    /// Whether a temporary file has such a name. (Its process has died, or is writing it.)
    package static func isTemporary(_ name: [UInt8]) -> Bool {
        let parts = name.split(separator: UInt8(ascii: "."))
        return parts.count > 2 && parts[parts.count - 1].elementsEqual("partial".utf8)
            && UInt32(String(decoding: parts[parts.count - 2], as: UTF8.self), radix: 16)
                .map { $0 >= 0x1000_0000 } == true
    }

    package func write(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes) }

    /// Gives the file its name, once its bytes are on the medium.
    /// - Parameter replacing: whether a file of that name gives way; if not, it is an error.
    package mutating func publish(replacing: Bool) throws(FileError) {
        try file.synchronize()
        if replacing { try rename() } else { try renameExclusively() }
        isPublished = true
        try synchronizeDirectory()
    }

    /// Waits until the name is on the medium.
    private func synchronizeDirectory() throws(FileError) {
        let directory = path.removingLastComponent()
        do throws(FileError) {
            try Directory(path: directory.isEmpty ? "." : directory).file.synchronize()
        } catch let error where error.isRefusal {
            // A directory into which one may put files but not look.
            _ = try checked("flush", path) { census_sync_file_system(file.descriptor) }
        }
    }

    private func rename() throws(FileError) {
        _ = try onBothPaths { Glibc.rename($0, $1) }
    }

    private func renameExclusively() throws(FileError) {
        do {
            _ = try onBothPaths { census_rename_exclusively($0, $1) }
        } catch let error
            where [.invalidArgument, .noFunction, .notSupported].contains(error.errno)
        {
            try linkExclusively()
        }
    }

    /// For file systems and kernels without RENAME_NOREPLACE.
    private func linkExclusively() throws(FileError) {
        do {
            _ = try onBothPaths { link($0, $1) }
        } catch let error where [.notPermitted, .notSupported, .noFunction].contains(error.errno) {
            // No hard links either (FAT under an old kernel). Two writers of one name at the same
            // instant are not told apart here; snapshots' names hold a random id.
            var status = stat()
            if path.withPlatformString({ lstat($0, &status) }) == 0 {
                throw FileError("create", path, .fileExists)
            }
            return try rename()
        }
        _ = temporaryPath.withPlatformString { unlink($0) }
    }

    private func onBothPaths(
        _ call: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt
    ) throws(FileError) -> CInt {
        try checked("create", path) {
            temporaryPath.withPlatformString { from in
                path.withPlatformString { to in call(from, to) }
            }
        }
    }
}
