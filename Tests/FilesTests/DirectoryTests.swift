import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Files

@Suite struct DirectoryTests {
    private func path(_ bytes: [UInt8], in directory: TemporaryDirectory) -> [CChar] {
        (Array(directory.path.string.utf8) + [0x2F] + bytes + [0]).map { CChar(bitPattern: $0) }
    }

    private func bytes(_ name: FilePath.Component) -> [UInt8] {
        name.withPlatformString { pointer in
            (0..<strlen(pointer)).map { UInt8(bitPattern: pointer[$0]) }
        }
    }

    @Test func listsEveryName() throws {
        let directory = try TemporaryDirectory()
        let names: [[UInt8]] = [
            Array("a\nb".utf8), [0xFF, 0xFE], [0xC3], Array("é".utf8), Array("e\u{301}".utf8),
            Array(" ".utf8), Array("...".utf8), Array(".hidden".utf8), Array("\\".utf8),
            Array("a\u{1}\"".utf8), Array(repeating: 0x78, count: 255),
        ]
        for name in names { close(creat(path(name, in: directory), 0o600)) }
        let listed = try Directory(path: directory.path).entries()
        #expect(Set(listed.map { bytes($0.name) }) == Set(names))
        #expect(listed.count == names.count)
        #expect(listed.allSatisfy { $0.kind == .regular })
    }

    @Test func tellsKinds() throws {
        let directory = try TemporaryDirectory()
        func at(_ name: String) -> String { directory.path.appending(name).string }
        try directory.write([], to: "regular")
        try directory.write([], to: "directory/inner")
        #expect(mkfifo(at("fifo"), 0o600) == 0)
        #expect(mknod(at("socket"), S_IFSOCK | 0o600, 0) == 0)
        #expect(symlink("directory", at("link")) == 0)
        #expect(symlink("nowhere", at("dangling")) == 0)
        let entries = try Directory(path: directory.path).entries()
        let kinds = Dictionary(uniqueKeysWithValues: entries.map { ($0.name.string, $0.kind) })
        #expect(
            kinds == [
                "regular": .regular, "directory": .directory, "fifo": .fifo, "socket": .socket,
                "link": .symbolicLink, "dangling": .symbolicLink,
            ])
    }

    @Test func listsTwiceAndAfterAMove() throws {
        let directory = try TemporaryDirectory()
        try directory.write([], to: "old/a")
        let listing = try Directory(path: directory.path.appending("old"))
        #expect(try listing.entries().map(\.name) == ["a"])
        let (old, new) = (listing.path.string, directory.path.appending("new").string)
        #expect(rename(old, new) == 0)
        #expect(try listing.entries().map(\.name) == ["a"])
    }

    @Test func makesDirectoriesOnce() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("new")
        try Directory.make(path)
        try directory.write([1], to: "new/a")
        try Directory.make(path)
        #expect(try directory.read("new/a") == [1])
        try directory.write([], to: "file")
        for name in ["file", "missing/new"] {
            #expect(throws: FileError.self) { try Directory.make(directory.path.appending(name)) }
        }
    }
}
