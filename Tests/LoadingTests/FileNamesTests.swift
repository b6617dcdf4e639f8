import DatabaseSupport
import Evidence
import Glibc
import SystemPackage
import TestSupport
import Testing

/// File names are bytes.
@Suite struct FileNamesTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func namesThatAreNotUTF8AreLoaded() throws {
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
        // In byte order, and distinct in the receipts.
        #expect(
            try test.rows("SELECT Host_ID FROM Servers ORDER BY Server_ID") == ["h3", "h2", "h1"])
        #expect(
            try test.rows("SELECT Path FROM Receipts").map { $0.suffix(13) }
                == [#"caf\xE9.jsonl"#, #"caf\xFE.jsonl"#, #"caf\xFF.jsonl"#])
    }
}
