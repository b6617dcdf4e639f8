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
