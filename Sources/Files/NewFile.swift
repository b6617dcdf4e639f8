import CHost
import Glibc
package import SystemPackage
import Text

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
            owning: try Self.result("create", path) {
                (parent.isEmpty ? "." : parent).withBytes { census_output_directory($0) }
            }, path: parent)
        let temporaryName = FilePath(
            PartialName.of(component.string, random: .random(in: .min ... .max)))
        let descriptor = try Self.result("create", path) {
            temporaryName.withBytes { census_create(directory.descriptor, $0) }
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
                try exchange()
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
        _ = try Self.result("flush", path) {
            census_flush_directory(directory.descriptor, file.descriptor)
        }
    }

    /// Takes the place of `occupant` and of nothing else: the two are exchanged, and what then has
    /// the temporary name is looked at.
    private mutating func replace(_ occupant: OpenFile.Status) throws(FileError) {
        do throws(FileError) {
            try exchange()
        } catch let error where error.errno == .noSuchFileOrDirectory {
            return try appear()  // it has been removed
        } catch let error where error.isUnknownFlag {
            guard try status(of: name) == occupant else { throw isThere }
            _ = try checked("create", path) {
                temporaryName.withPlatformString { from in
                    name.withPlatformString { to in
                        renameat(directory.descriptor, from, directory.descriptor, to)
                    }
                }
            }
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
        try onBothNames { census_appear(directory.descriptor, $0, $1) }
        stage = .appeared
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

    private func exchange() throws(FileError) {
        try onBothNames { census_exchange(directory.descriptor, $0, $1) }
    }

    private func onBothNames(
        _ call: (UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> Int32
    ) throws(FileError) {
        _ = try Self.result("create", path) {
            temporaryName.withBytes { from in name.withBytes { to in call(from, to) } }
        }
    }

    /// The result of a call of CHost, which is an error's negated number if it fails.
    private static func result(
        _ operation: String, _ path: FilePath, _ call: () -> Int32
    ) throws(FileError) -> Int32 {
        let result = call()
        if result < 0 { throw FileError(operation, path, Errno(rawValue: -result)) }
        return result
    }
}

extension FilePath {
    /// Calls `body` with the bytes of the path, followed by a NUL.
    fileprivate func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        withPlatformString { path in
            path.withMemoryRebound(to: UInt8.self, capacity: length + 1, body)
        }
    }
}

extension FileError {
    /// A file system or a kernel that does not know a flag of renameat2(2).
    fileprivate var isUnknownFlag: Bool {
        [.invalidArgument, .noFunction, .notSupported].contains(errno)
    }
}
