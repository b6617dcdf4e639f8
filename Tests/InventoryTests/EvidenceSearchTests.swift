import Foundation
import Inventory
import Linux
import SystemPackage
import TestSupport
import Testing

@Suite struct EvidenceSearchTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func found(_ search: EvidenceSearch) -> [String] {
        search.sources.map { String($0.path.dropFirst(directory.path.string.utf8.count + 1)) }
    }

    @Test func aDirectoryIsWalkedInTheOrderOfNamesAndLinksAreNotFollowed() throws {
        for name in [
            "b.jsonl", "a/z.jsonl.gz", "a/c/x.jsonl", "a.jsonl", "B.jsonl", "10.jsonl", "9.jsonl",
            "é.jsonl", "notes.txt", "x.jsonl.gz.1a2b3c4d.partial", "a/old.json", ".jsonl",
        ] { try directory.write([], to: name) }
        let link = directory.path.appending("link.jsonl").string
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: "b.jsonl")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path.appending("loop").string, withDestinationPath: ".")
        #expect(mkfifo(directory.path.appending("fifo.jsonl").string, 0o600) == 0)

        let search = try EvidenceSearch([directory.path.string])
        #expect(
            found(search) == [
                ".jsonl", "10.jsonl", "9.jsonl", "B.jsonl", "a/c/x.jsonl", "a/z.jsonl.gz",
                "a.jsonl", "b.jsonl", "é.jsonl",
            ])
        #expect(search.passedOver == 6)
    }

    private static let snapshot = SnapshotText().bytes
    private static let zipped = try! gzip(snapshot)

    /// What desks, browsers, mail programs, shells and short names make of a snapshot's name.
    @Test(arguments: [
        "X.JSONL.GZ", "x.Jsonl", "x.jsonl (2).gz", "x (1).jsonl.gz", "x.jsonl - Copy.gz",
        "x.jsonl - Copy (2).gz", "x - Kopie.jsonl.gz", "x.jsonl – コピー.gz", "Copia de x.jsonl.gz",
        "x.jsonl copie.gz", "x.jsonl.gz.1", "x.jsonl.gz~", "x.jsonl.gz.txt", "x.jsonl_gz",
        "x.jsonlgz", "x.jsonl.gz.bak", "x.jsonl.gz.part", "x.jsonl.gz.crdownload",
        "x.jsonl.gz.partial", "x.jsonl;1", "#x.jsonl#", ".x.jsonl.gz.Ab1Cd2", "x.jsonl.zip",
        "x_20261123T175654Z_73b64e94", "x_20261123T175654Z_73b64e94.bin",
    ])
    func aNameThatWasASnapshotsIsTakenForItsSake(_ name: String) throws {
        try directory.write([UInt8](), to: name)  // whatever is in it
        #expect(found(try EvidenceSearch([directory.path.string])) == [name])
    }

    /// Names that say nothing: the first bytes decide.
    @Test(arguments: ["x.gz", "X~1.GZ", "x.json", "X.JSO", "x.zip", "._x.jsonl.gz", "x.jsonl.sig"])
    func theFirstBytesDecide(_ name: String) throws {
        for bytes in [
            Self.snapshot, Self.zipped, Array(Self.zipped.prefix(150)),
            Array("  {\"id\" : 1, \"record\" : \"snapshot\"}\n".utf8),
            Array("\u{FEFF}".utf8) + Self.snapshot, Self.snapshot.flatMap { [$0, 0 as UInt8] },
        ] {
            try directory.write(bytes, to: name)
            #expect(found(try EvidenceSearch([directory.path.string])) == [name])
        }
        for bytes in [
            [], [0], Array("hello\n".utf8), try gzip(Array("hello\n".utf8)),
            Array("{\"name\":\"package\"}\n".utf8), Array("<html>".utf8), [0x1F, 0x8B, 8, 0],
        ] as [[UInt8]] {
            try directory.write(bytes, to: name)
            let search = try EvidenceSearch([directory.path.string])
            #expect((found(search), search.passedOver) == ([], 1))
        }
    }

    /// Of these only the name is looked at.
    @Test(arguments: [
        "x", "x.txt", "x.csv", "x.xz", "x.jsonlint", ".jsonlintrc", "jsonl", "x.sqlite",
        "x_20261123_1.bin", "x.jsonl.gz.1a2b3c4d.partial",
    ])
    func otherNamesAreNotOpened(_ name: String) throws {
        try directory.write(Self.snapshot, to: name)
        let search = try EvidenceSearch([directory.path.string])
        #expect((found(search), search.passedOver) == ([], 1))
    }

    @Test(arguments: ["e.zip", "E.ZIP", "e.tar", "e.tgz", "e.tar.gz", "e.7z", "e.rar"])
    func archivesAreTakenToBeNamed(_ name: String) throws {
        var tar = [UInt8](repeating: 0x61, count: 1024)
        tar.replaceSubrange(257..<262, with: "ustar".utf8)
        for bytes in [[0x50, 0x4B, 3, 4], tar, try gzip(tar)] {
            try directory.write(bytes, to: name)
            #expect(found(try EvidenceSearch([directory.path.string])) == [name])
        }
    }

    @Test(arguments: [
        (".Trash", "trash"), (".Trash-1000/files", "trash"), (".Trashes/501", "trash"),
        ("$RECYCLE.BIN/S-1-5", "trash"), ("$Recycle.Bin", "trash"), ("RECYCLER/S-1", "trash"),
        ("RECYCLED", "trash"), ("@Recycle", "trash"), ("#recycle", "trash"),
        (".recycle/kim", "trash"), ("Network Trash Folder", "trash"),
        (".Spotlight-V100/Store", "the operating system"), (".fseventsd", "the operating system"),
        (".TemporaryItems", "the operating system"), ("__MACOSX", "the operating system"),
        ("System Volume Information", "the operating system"),
        ("lost+found", "the operating system"), ("@eaDir/x", "the operating system"),
        (".git/objects", "older versions"), (".snapshot/daily.1", "older versions"),
        (".zfs/snapshot", "older versions"), ("@GMT-2026.11.23-05.13.11", "older versions"),
    ])
    func foldersInWhichNoEvidenceIsLookedFor(_ folder: String, _ kind: String) throws {
        try directory.write(Self.snapshot, to: "deep/\(folder)/a/x.jsonl")
        var passedOver: [String] = []
        let search = try EvidenceSearch([directory.path.string]) { passedOver.append($0.reason) }
        #expect(found(search) == [])
        let reason = kind == "trash" ? "in a trash folder" : "in a folder of \(kind)"
        #expect(passedOver == [reason])
        // Whoever names it means it.
        let named = directory.path.appending("deep").appending(String(folder.prefix { $0 != "/" }))
        #expect(try EvidenceSearch([named.string]).sources.count == 1)
    }

    /// `~/.local/share/Trash` is known by what is in it, and `Trash` may be anybody's.
    @Test func aFolderCalledTrash() throws {
        try directory.write(Self.snapshot, to: ".local/share/Trash/files/x.jsonl")
        try directory.write([], to: ".local/share/Trash/info/x.jsonl.trashinfo")
        try directory.write(Self.snapshot, to: "Trash/x.jsonl")
        try directory.write(Self.snapshot, to: ".hidden/x.jsonl")
        let search = try EvidenceSearch([directory.path.string])
        #expect(found(search) == [".hidden/x.jsonl", "Trash/x.jsonl"])
        #expect(search.passedOver == 2)
    }

    @Test func aFileThatIsNamedIsTakenWhateverItsName() throws {
        let file = try directory.write([], to: "evidence.bin")
        let search = try EvidenceSearch([file.string, "-", file.string])
        let named = EvidenceSearch.Source.file(file, followingLink: true)
        #expect(search.sources == [named, .standardInput, named])
        #expect(search.passedOver == 0)
    }

    @Test func aPathThatIsNotThereIsAnErrorBeforeAnyWork() throws {
        let path = directory.path.appending("nowhere")
        let error = #expect(throws: FileError.self) { try EvidenceSearch([path.string]) }
        #expect(error?.description == "cannot read \(path): No such file or directory")
    }

    @Test func namesThatAreNotUTF8AreFound() throws {
        for (byte, number) in [(0xFF, 1), (0xFE, 2), (0xE9, 3)] as [(UInt8, Int)] {
            let name = Array("\(directory.path)/caf".utf8) + [byte] + Array(".jsonl".utf8) + [0]
            let descriptor = name.withUnsafeBytes {
                open($0.baseAddress!.assumingMemoryBound(to: CChar.self), O_CREAT | O_WRONLY, 0o600)
            }
            #expect(descriptor >= 0)
            let content = SnapshotText(id: uuid(number), hostID: "h\(number)").bytes
            #expect(write(descriptor, content, content.count) == content.count)
            close(descriptor)
        }

        let test = try TestDatabase()
        let result = try test.ingest([directory.path.string])
        #expect(result.rejections == [])
        // In the order of the bytes, and told apart in the receipts.
        #expect(
            try test.rows("SELECT Host_ID FROM Servers ORDER BY Server_ID") == ["h3", "h2", "h1"])
        #expect(
            try test.rows("SELECT Path FROM Receipts").map { $0.suffix(13) }
                == [#"caf\xE9.jsonl"#, #"caf\xFE.jsonl"#, #"caf\xFF.jsonl"#])
    }

    @Test func deepDirectoriesAreWalked() throws {
        let deep = Array(repeating: "d", count: 500).joined(separator: "/")
        try directory.write([], to: "\(deep)/x.jsonl")
        #expect(found(try EvidenceSearch([directory.path.string])) == ["\(deep)/x.jsonl"])
    }
}
