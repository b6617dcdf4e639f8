import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct NewFileTests {
    private func mode(_ path: FilePath) -> mode_t {
        var status = stat()
        return path.withPlatformString { stat($0, &status) } == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func appearsWhole() throws {
        let directory = try TemporaryDirectory()
        var file = try NewFile(at: directory.path.appending("a.jsonl.gz"))
        try file.write(Array("one ".utf8))
        try file.write([])
        try file.write(Array("two".utf8))
        let names = try directory.names()
        #expect(names.count == 1)
        let name = try #require(names.first)
        #expect(name.hasPrefix("a.jsonl.gz.") && name.hasSuffix(".partial"))
        #expect(try directory.read(name) == Array("one two".utf8))
        try file.publish()
        #expect(try directory.names() == ["a.jsonl.gz"])
        #expect(try directory.read("a.jsonl.gz") == Array("one two".utf8))
    }

    @Test func keepsThePublishedFile() throws {
        let directory = try TemporaryDirectory()
        do {
            var file = try NewFile(at: directory.path.appending("a"))
            try file.write([1, 2, 3])
            try file.publish()
        }
        #expect(try directory.read("a") == [1, 2, 3])
    }

    @Test(arguments: [false, true]) func leavesNothingWhenAbandoned(_ isWritten: Bool) throws {
        let directory = try TemporaryDirectory()
        do {
            let file = try NewFile(at: directory.path.appending("a"))
            if isWritten { try file.write([1, 2, 3]) }
            #expect(try directory.names().count == 1)
        }
        #expect(try directory.names() == [])
    }

    @Test func refusesAnExistingFile() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("old".utf8, to: "a")
        #expect(chmod(path.string, 0o640) == 0)
        do {
            var file = try NewFile(at: path)
            try file.write(Array("new".utf8))
            do throws(FileError) {
                try file.publish()
                Issue.record("it was replaced")
            } catch {
                #expect(error.description == "cannot create \(path): File exists")
            }
        }
        #expect(try directory.read("a") == Array("old".utf8))
        #expect(mode(path) == 0o640)
        #expect(try directory.names() == ["a"])
    }

    /// A link that leads nowhere is something of that name too.
    @Test(arguments: ["directory", "dangling link", "FIFO"])
    func refusesWhateverElseIsThere(_ kind: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("a")
        switch kind {
        case "directory": #expect(mkdir(path.string, 0o755) == 0)
        case "FIFO": #expect(mkfifo(path.string, 0o644) == 0)
        default: #expect(symlink("nowhere", path.string) == 0)
        }
        do {
            var file = try NewFile(at: path)
            do throws(FileError) {
                try file.publish()
                Issue.record("it was replaced")
            } catch {
                #expect(error.errno == .fileExists)
            }
        }
        #expect(try directory.names() == ["a"])
    }

    @Test func replacesWhenAsked() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("old and longer".utf8, to: "a")
        let old = try OpenFile(reading: path)
        var file = try NewFile(at: path)
        try file.write(Array("new".utf8))
        #expect(try directory.read("a") == Array("old and longer".utf8))
        try file.publish(over: OpenFile.status(at: path, followingLink: false))
        #expect(try directory.read("a") == Array("new".utf8))
        #expect(try directory.names() == ["a"])
        // Who has the old one open keeps it whole.
        #expect(try old.contents() == Array("old and longer".utf8))
    }

    /// What has come since the look at what was there is left as it is.
    @Test(arguments: ["grown", "another", "link", "directory"])
    func overwritesOnlyWhatWasLookedAt(_ change: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("old".utf8, to: "a")
        var file = try NewFile(at: path)
        try file.write(Array("new".utf8))
        let occupant = try OpenFile.status(at: path, followingLink: false)
        switch change {
        case "grown": try directory.write("grown".utf8, to: "a")
        case "another":
            try directory.write("old".utf8, to: "b")
            #expect(rename(directory.path.appending("b").string, path.string) == 0)
        case "link":
            #expect(unlink(path.string) == 0 && symlink("/etc/passwd", path.string) == 0)
        default: #expect(unlink(path.string) == 0 && mkdir(path.string, 0o755) == 0)
        }
        let before = try OpenFile.status(at: path, followingLink: false)
        do throws(FileError) {
            try file.publish(over: occupant)
            Issue.record("it was overwritten")
        } catch {
            #expect(error.errno == .fileExists)
        }
        #expect(try OpenFile.status(at: path, followingLink: false) == before)
    }

    /// What is gone since then is no hindrance.
    @Test func takesTheNameOfWhatIsGone() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("old".utf8, to: "a")
        var file = try NewFile(at: path)
        let occupant = try OpenFile.status(at: path, followingLink: false)
        #expect(unlink(path.string) == 0)
        try file.publish(over: occupant)
        #expect(try directory.names() == ["a"])
    }

    @Test(arguments: [false, true]) func isWithdrawn(_ isOccupied: Bool) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("a")
        if isOccupied { try directory.write("old".utf8, to: "a") }
        do {
            let occupant = try OpenFile.status(at: path, followingLink: false)
            var file = try NewFile(at: path)
            try file.write(Array("new".utf8))
            try file.place(over: occupant)
            #expect(try directory.read("a") == Array("new".utf8))
            file.withdraw()
        }
        #expect(try directory.names() == (isOccupied ? ["a"] : []))
        if isOccupied { #expect(try directory.read("a") == Array("old".utf8)) }
    }

    /// The file appears in the directory that was there at first.
    @Test func staysInItsDirectory() throws {
        let directory = try TemporaryDirectory()
        try directory.write([], to: "here/x")
        try directory.write([], to: "there/x")
        var file = try NewFile(at: directory.path.appending("here/a"))
        #expect(
            rename(
                directory.path.appending("here").string, directory.path.appending("moved").string)
                == 0)
        #expect(symlink("there", directory.path.appending("here").string) == 0)
        try file.publish()
        #expect(access(directory.path.appending("moved/a").string, F_OK) == 0)
        #expect(access(directory.path.appending("there/a").string, F_OK) == -1)
    }

    @Test(
        .enabled("unshare(2) is not allowed here") { onOwnThread { unshare(cloneFS) } },
        arguments: [0, 0o022, 0o077, 0o177] as [mode_t])
    func isItsOwnersAlone(_ mask: mode_t) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("a")
        let modes = onOwnThread { () -> [mode_t] in
            guard unshare(cloneFS) else { return [] }
            umask(mask)
            do {
                var file = try NewFile(at: path)
                let before = try contentsOfDirectory(path.removingLastComponent()).map(self.mode)
                try file.publish()
                return before + [self.mode(path)]
            } catch {
                return []
            }
        }
        #expect(modes == [0o600, 0o600])
    }

    private func contentsOfDirectory(_ path: FilePath) throws -> [FilePath] {
        try FileManager.default.contentsOfDirectory(atPath: path.string).map(path.appending)
    }

    @Test func takesANameWithoutDirectory() throws {
        let name = "census-test-\(UUID().uuidString)"
        defer { unlink(name) }
        var file = try NewFile(at: FilePath(name))
        try file.write([1])
        #expect(access(name, F_OK) == -1)
        try file.publish()
        #expect(try contents(of: FilePath(name)) == [1])
    }

    @Test func takesNamesThatAreNotUTF8() throws {
        let directory = try TemporaryDirectory()
        let bytes = Array(directory.path.string.utf8) + [0x2F, 0x66, 0xFF, 0x0A, 0]
        let path = bytes.withUnsafeBufferPointer {
            $0.withMemoryRebound(to: CChar.self) { FilePath(platformString: $0.baseAddress!) }
        }
        var file = try NewFile(at: path)
        try file.publish()
        #expect(path.withPlatformString { access($0, F_OK) } == 0)
        let entries = try Directory(path: directory.path).entries()
        #expect(entries.count == 1)
    }

    private func failure(at path: FilePath) -> String? {
        do throws(FileError) {
            _ = try NewFile(at: path)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func saysWhatIsWrongWithThePlace() throws {
        let directory = try TemporaryDirectory()
        try directory.write([], to: "file")
        let missing = directory.path.appending("missing/a")
        #expect(failure(at: missing) == "cannot create \(missing): No such file or directory")
        let inFile = directory.path.appending("file/a")
        #expect(failure(at: inFile) == "cannot create \(inFile): Not a directory")
        #expect(failure(at: "/") == "cannot create /: Is a directory")
        #expect(failure(at: "") != nil)
    }

    @Test func saysThatItMayNotWrite() throws {
        let directory = try TemporaryDirectory()
        #expect(chmod(directory.path.string, 0o555) == 0)
        defer { chmod(directory.path.string, 0o755) }
        let path = directory.path.appending("a")
        let message = onOwnThread {
            becomeNobodyToFileSystems()
            return self.failure(at: path)
        }
        #expect(message == "cannot create \(path): Permission denied")
    }

    /// A directory that one may write to and not read. When publishing fails nothing is there, so
    /// when the file is there it has not failed.
    @Test func publishesIntoADropBox() throws {
        let directory = try TemporaryDirectory()
        #expect(chmod(directory.path.string, 0o333) == 0)
        defer { chmod(directory.path.string, 0o755) }
        let path = directory.path.appending("a")
        let message = onOwnThread { () -> String? in
            becomeNobodyToFileSystems()
            do throws(FileError) {
                var file = try NewFile(at: path)
                try file.publish()
                return nil
            } catch {
                return error.description
            }
        }
        #expect(message == nil)
        #expect(access(path.string, F_OK) == 0)
    }

    /// Gives the calling thread mounts that nobody else sees.
    private static func unshareMounts() -> Bool {
        unshare(cloneNewNS) && mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0
    }

    @Test(.enabled("mounting is not allowed here") { onOwnThread { unshareMounts() } })
    func saysThatTheFileSystemIsReadOnly() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("a")
        let message = onOwnThread { () -> String? in
            guard Self.unshareMounts(),
                mount("none", path.removingLastComponent().string, "tmpfs", UInt(MS_RDONLY), nil)
                    == 0
            else { return "no mount" }
            return self.failure(at: path)
        }
        #expect(message == "cannot create \(path): Read-only file system")
    }

    @Test func wordsErrors() {
        let error = FileError("create", "usb/x.jsonl.gz", .readOnlyFileSystem)
        #expect(error.description == "cannot create usb/x.jsonl.gz: Read-only file system")
    }
}
