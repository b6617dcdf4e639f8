import CHost
import Glibc
package import SystemPackage

/// A file that appears whole or not at all.
///
/// The bytes go to a temporary file beside the place where it is to be, `NAME.XXXXXXXX.partial`,
/// readable by its owner only. `publish` flushes them to the medium and gives the file its name;
/// without it the temporary file is removed when the value ends, and is left behind only where the
/// process or the machine died.
///
/// The directory is looked up once: whatever happens to its path meanwhile, the file appears in it.
package struct NewFile: ~Copyable {
    /// The path at which it appears.
    package let path: FilePath
    private let file: OpenFile
    private let directory: OpenFile
    private let name: FilePath
    private let temporaryName: FilePath
    private var stage = Stage.hidden

    private enum Stage {
        /// Under its temporary name.
        case hidden
        /// Under its own name; what stood there has the temporary one.
        case exchanged
        /// Under its own name, where there was nothing.
        case appeared
        /// The same, and it stays there.
        case settled
    }

    /// Creates the file under a temporary name beside `path`.
    package init(at path: FilePath) throws(FileError) {
        guard let component = path.lastComponent else {
            throw FileError("create", path, .isDirectory)
        }
        let parent = path.removingLastComponent()
        let directory = OpenFile(
            owning: try checked("create", path) {
                (parent.isEmpty ? "." : parent).withPlatformString {
                    census_open_place($0)
                }
            }, path: parent)
        // Eight digits, the first of them not zero.
        let suffix = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
        let start = String(decoding: component.string.utf8.prefix(200), as: UTF8.self)
        let temporaryName = FilePath("\(start).\(suffix).partial")
        let descriptor = try checked("create", path) {
            temporaryName.withPlatformString {
                openat(
                    directory.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            }
        }
        self.path = path
        self.directory = directory
        self.name = FilePath(component)
        self.temporaryName = temporaryName
        file = OpenFile(owning: descriptor, path: path)
    }

    deinit {
        switch stage {
        case .hidden, .exchanged: unlink(temporaryName)
        case .appeared, .settled: break
        }
    }

    /// Whether a temporary file has such a name. (Its process has died, or is writing it.)
    package static func isTemporary(_ name: [UInt8]) -> Bool {
        let parts = name.split(separator: UInt8(ascii: "."))
        return parts.count > 2 && parts[parts.count - 1].elementsEqual("partial".utf8)
            && UInt32(String(decoding: parts[parts.count - 2], as: UTF8.self), radix: 16)
                .map { $0 >= 0x1000_0000 } == true
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws(FileError) { try file.write(bytes) }

    /// Gives the file its name, once its bytes are on the medium.
    /// - Parameter occupant: what is there and is to be overwritten; nil where nothing may be there.
    /// - Throws: `EEXIST` where something else is there by now. It is left as it is.
    package mutating func publish(over occupant: OpenFile.Status? = nil) throws(FileError) {
        try place(over: occupant)
        settle()
    }

    /// The first half of `publish`, which `withdraw` can undo.
    package mutating func place(over occupant: OpenFile.Status?) throws(FileError) {
        try file.synchronize()
        if let occupant { try replace(occupant) } else { try appear() }
        do throws(FileError) { try synchronizeDirectory() } catch {
            withdraw()
            throw error
        }
    }

    /// The second half of `publish`: what was overwritten is gone.
    package mutating func settle() {
        if stage == .exchanged { unlink(temporaryName) }
        stage = .settled
    }

    /// Undoes `place`: what was there before is there again. (Not where the file system cannot
    /// exchange two files, and something was overwritten.)
    package mutating func withdraw() {
        do throws(FileError) {
            switch stage {
            case .hidden, .settled: return
            case .exchanged:
                try rename(census_rename_exchange)
                stage = .hidden
            case .appeared:
                // Unless another program has put its own file there.
                if try status(of: name)?.identity == file.status().identity { unlink(name) }
                stage = .settled
            }
        } catch {}  // What has failed already is told; this is more than can be done.
    }

    private func unlink(_ name: FilePath) {
        _ = name.withPlatformString { unlinkat(directory.descriptor, $0, 0) }
    }

    /// Waits until the name is on the medium.
    private func synchronizeDirectory() throws(FileError) {
        let parent = path.removingLastComponent()
        do throws(FileError) {
            try Directory(path: parent.isEmpty ? "." : parent).file.synchronize()
        } catch let error where error.isRefusal {
            // A directory into which one may put files but not look.
            _ = try checked("flush", path) { census_sync_file_system(file.descriptor) }
        }
    }

    /// Takes the place of `occupant` and of nothing else: the two are exchanged, and what then has
    /// the temporary name is looked at.
    private mutating func replace(_ occupant: OpenFile.Status) throws(FileError) {
        do throws(FileError) {
            try rename(census_rename_exchange)
        } catch let error where error.errno == .noSuchFileOrDirectory {
            return try appear()  // it has been removed
        } catch let error where error.isUnknownFlag {
            guard try status(of: name) == occupant else { throw isThere }
            try rename(0)
            stage = .settled
            return
        }
        stage = .exchanged
        let isOccupant: Bool
        do throws(FileError) { isOccupant = try status(of: temporaryName) == occupant } catch {
            withdraw()
            throw error
        }
        if isOccupant { return }
        withdraw()
        throw isThere
    }

    private var isThere: FileError { FileError("create", path, .fileExists) }

    private mutating func appear() throws(FileError) {
        do throws(FileError) {
            try rename(census_rename_noreplace)
        } catch let error where error.isUnknownFlag {
            try linkExclusively()
        }
        stage = .appeared
    }

    /// For file systems and kernels without RENAME_NOREPLACE.
    private func linkExclusively() throws(FileError) {
        do throws(FileError) {
            _ = try onBothNames {
                linkat(directory.descriptor, $0, directory.descriptor, $1, 0)
            }
        } catch let error where [.notPermitted, .notSupported, .noFunction].contains(error.errno) {
            // No hard links either (FAT under an old kernel). Two writers of one name at the same
            // instant are not distinguished here; snapshots' names hold a random id.
            if try status(of: name) != nil { throw isThere }
            return try rename(0)
        }
        unlink(temporaryName)
    }

    /// What has a name in the directory, nil where nothing has.
    private func status(of name: FilePath) throws(FileError) -> OpenFile.Status? {
        var status = stat()
        do throws(FileError) {
            _ = try checked("look at", path) {
                name.withPlatformString {
                    fstatat(directory.descriptor, $0, &status, AT_SYMLINK_NOFOLLOW)
                }
            }
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
        return OpenFile.Status(status)
    }

    private func rename(_ flags: UInt32) throws(FileError) {
        _ = try onBothNames { census_rename(directory.descriptor, $0, $1, flags) }
    }

    private func onBothNames(
        _ call: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt
    ) throws(FileError) -> CInt {
        try checked("create", path) {
            temporaryName.withPlatformString { from in
                name.withPlatformString { to in call(from, to) }
            }
        }
    }
}

extension FileError {
    /// A file system or a kernel that does not know a flag of renameat2(2).
    fileprivate var isUnknownFlag: Bool {
        [.invalidArgument, .noFunction, .notSupported].contains(errno)
    }
}
