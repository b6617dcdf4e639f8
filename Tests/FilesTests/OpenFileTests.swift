import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct OpenFileTests {
    @Test(arguments: [0, 1, 4095, 4096, 4097, 8192, 100_000]) func givesContents(_ size: Int) throws
    {
        let directory = try TemporaryDirectory()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try directory.write(bytes, to: "a")
        let exact = try OpenFile(reading: path).contents(limit: size)
        #expect(exact == bytes)
        let unlimited = try OpenFile(reading: path).contents()
        #expect(unlimited == bytes)
        guard size > 0 else { return }
        do throws(FileError) {
            _ = try OpenFile(reading: path).contents(limit: size - 1)
            Issue.record("more than the limit was read")
        } catch {
            #expect(error.errno == .fileTooLarge)
            #expect(error.path == path)
        }
    }

    /// A file of /proc has size 0 and contents all the same.
    @Test func readsFilesWithoutSize() throws {
        let version = try OpenFile(reading: "/proc/self/status").contents()
        #expect(version.starts(with: "Name:".utf8))
        do throws(FileError) {
            _ = try OpenFile(reading: "/dev/zero").contents(limit: 100_000)
            Issue.record("there is no end to /dev/zero")
        } catch {
            #expect(error.errno == .fileTooLarge)
        }
    }

    @Test func tellsKinds() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write([1, 2, 3], to: "file")
        let fifo = directory.path.appending("fifo")
        #expect(mkfifo(fifo.string, 0o600) == 0)
        #expect(try OpenFile.kind(at: file) == .regular)
        #expect(try OpenFile.kind(at: directory.path) == .directory)
        #expect(try OpenFile.kind(at: fifo) == .other)
        let status = try OpenFile(reading: file).status()
        #expect(status.kind == .regular && status.size == 3)
        // Without O_NONBLOCK this would wait for a writer.
        let fifoStatus = try OpenFile(reading: fifo).status()
        #expect(fifoStatus.kind == .other)
        #expect(throws: FileError.self) { try OpenFile.kind(at: directory.path.appending("no")) }
    }

    @Test func followsALinkOnlyIfAsked() throws {
        let directory = try TemporaryDirectory()
        try directory.write([7], to: "file")
        let link = directory.path.appending("link")
        #expect(symlink("file", link.string) == 0)
        let contents = try OpenFile(reading: link).contents()
        #expect(contents == [7])
        do throws(FileError) {
            _ = try OpenFile(reading: link, followingLink: false)
            Issue.record("the link was followed")
        } catch {
            #expect(error.errno == .tooManySymbolicLinkLevels)
        }
    }

    @Test func makesPrivateFiles() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("a")
        try OpenFile.makePrivate(at: path)
        var status = stat()
        #expect(stat(path.string, &status) == 0)
        #expect(status.st_mode & 0o077 == 0 && status.st_size == 0)
        try directory.write([1], to: "a")
        try OpenFile.makePrivate(at: path)
        #expect(try directory.read("a") == [1])
    }
}
