import Evidence
import Files
import Foundation
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

    /// Names of snapshots as altered by desktops, browsers, mail programs, shells and FAT's short
    /// names.
    @Test(arguments: [
        "X.JSONL.GZ", "x.Jsonl", "x.jsonl (2).gz", "x (1).jsonl.gz", "x.jsonl - Copy.gz",
        "x.jsonl - Copy (2).gz", "x - Kopie.jsonl.gz", "x.jsonl – コピー.gz", "Copia de x.jsonl.gz",
        "x.jsonl copie.gz", "x.jsonl.gz.1", "x.jsonl.gz~", "x.jsonl.gz.txt", "x.jsonl_gz",
        "x.jsonlgz", "x.jsonl.gz.bak", "x.jsonl.gz.part", "x.jsonl.gz.crdownload",
        "x.jsonl.gz.partial", "x.jsonl;1", "#x.jsonl#", ".x.jsonl.gz.Ab1Cd2", "x.jsonl.zip",
        "x_20261123T175654Z_73b64e94", "x_20261123T175654Z_73b64e94.bin", "x_20261123T175654Z.gz",
        "x%2Ejsonl%2Egz", "x=2Ejsonl=2Egz", "x.jsonl.gz.age", "x.age", "X.AGE", "x (1).age",
        "x.jsonl.gz.age.txt", "x%2Eage",
    ])
    func aNameThatWasASnapshotsIsTakenForItsSake(_ name: String) throws {
        try directory.write([UInt8](), to: name)  // with any content
        #expect(found(try EvidenceSearch([directory.path.string])) == [name])
    }

    /// Generic names: the first bytes decide.
    @Test(arguments: [
        "x.gz", "X~1.GZ", "x.json", "X.JSO", "x.zip", "._x.jsonl.gz", "x.jsonl.sig",
        // The same names as altered by copying and browsers.
        "x.gz (1)", "x.json (1)", "x.gz.txt", "x.JSON.TXT", "x.gz.1", "x.json~", "x.gz_",
        // Names without any meaning.
        "x", "x.txt", "ATT00001.bin", "FILE0000.CHK", "download (1)", "noname", "jsonl",
        "x_20261123_1.bin",
    ])
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

    /// What lies beside a snapshot is none, encrypted or not.
    @Test(arguments: [
        "x.jsonl.gz.sig.age", "x.sig.age", "X.SIG.AGE", "x.jsonl.gz.sha256.age", "._x.age",
    ])
    func encryptedCompanionsAreSkipped(_ name: String) throws {
        try directory.write(Array("age-encryption.org/v1\n".utf8), to: name)
        let search = try EvidenceSearch([directory.path.string])
        #expect((found(search), search.passedOver) == ([], 1))
    }

    /// Only the names of these files are examined.
    @Test(arguments: [
        "x.csv", "x.xz", "x.jsonlint", ".jsonlintrc", "x.sqlite", "x.jsonl.gz.1a2b3c4d.partial",
        "x_20261123T175654Zulu.doc",
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

    /// An archive with a generic name, in which no evidence is expected.
    @Test(arguments: ["firmware.bin", "x"]) func othersAreNot(_ name: String) throws {
        try directory.write([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], to: name)
        let search = try EvidenceSearch([directory.path.string])
        #expect((found(search), search.passedOver) == ([], 1))
    }

    /// A zip archive made of `script`, where Python's `archive` writes to `e.zip`.
    private func zip(_ script: String) throws {
        let python = try run(
            "python3",
            ["-c", "import zipfile\nwith zipfile.ZipFile('e.zip', 'w') as archive:\n  \(script)"],
            in: directory.path)
        #expect((python.status, python.error) == (0, ""))
    }

    @Test(arguments: [
        "x.jsonl.gz", "a/b/X.JSONL", #"a\b\x.jsonl.gz"#, "a/x.json", "old.zip", "a/y.tar.gz",
        "x_20261123T175654Z_73b64e94", "x.jsonl.gz.1a2b3c4d.partial", "._x.gz",
    ])
    func aZipWithASnapshotsNameIsTaken(_ name: String) throws {
        let name = name.replacing("\\", with: "\\\\")
        try zip("[archive.writestr(name, b'x') for name in ('README', '\(name)', 'z.txt')]")
        #expect(found(try EvidenceSearch([directory.path.string])) == ["e.zip"])
    }

    @Test(arguments: [
        "pass", "archive.writestr('a/photo.jpg', b'x'); archive.writestr('notes.txt', b'x')",
        "archive.writestr('__MACOSX/._x.jsonl', b'x'); archive.writestr('._photo.jpg', b'x')",
        "archive.writestr('x.jsonl/', b''); archive.comment = b'x' * 65535",
        "[archive.writestr(f'{number}.jpg', b'x') for number in range(9000)]",
    ])
    func aZipWithoutOneIsPassedOver(_ script: String) throws {
        try zip(script.replacing("'x.jsonl/'", with: "'x/'"))
        var passedOver: [String] = []
        let search = try EvidenceSearch([directory.path.string]) { passedOver.append($0.reason) }
        #expect(found(search) == [])
        #expect(passedOver == ["a zip archive without a snapshot's name in it"])
        // Whoever names it means it.
        let named = directory.path.appending("e.zip").string
        #expect(try EvidenceSearch([named]).sources.count == 1)
    }

    /// If the names in an archive cannot be determined, it may contain anything: any truncated
    /// archive, and any archive with a changed byte in its directory.
    @Test func aZipThatCannotBeReadIsTaken() throws {
        try zip("archive.writestr('photo.jpg', b'x')")
        let whole = try directory.read("e.zip")
        func isTaken(_ bytes: [UInt8]) throws -> Bool {
            try directory.write(bytes, to: "e.zip")
            return found(try EvidenceSearch([directory.path.string])) == ["e.zip"]
        }
        #expect(try !isTaken(whole))
        for count in 4..<whole.count { #expect(try isTaken(Array(whole.prefix(count)))) }
        for count in [1, 22, 70_000] {
            #expect(try isTaken(whole + [UInt8](repeating: 0x61, count: count)))
        }
        #expect(try isTaken(Array(whole.prefix(4)) + whole))
        #expect(try isTaken(whole + whole))
        let start = whole.count - 22 - 46 - 9
        // The sizes and offsets: none may lead outside the file.
        let end = whole.count - 22
        for place in [
            start, start + 28, start + 30, start + 32, end + 4, end + 8, end + 10, end + 12,
        ]
            + (end + 13...end + 20)
        {
            for value in [0x7F, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[place] = value
                #expect(try isTaken(bytes), "\(place)")
            }
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

    /// `~/.local/share/Trash` is identified by its entries; another folder may be called `Trash`
    /// too.
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

    @Test func deepDirectoriesAreWalked() throws {
        let deep = Array(repeating: "d", count: 500).joined(separator: "/")
        try directory.write([], to: "\(deep)/x.jsonl")
        #expect(found(try EvidenceSearch([directory.path.string])) == ["\(deep)/x.jsonl"])
    }
}
