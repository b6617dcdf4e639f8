import Foundation
import SystemPackage
import TestSupport
import Testing

/// The custody log that a collector for Windows keeps, run by wine.
@Suite(.serialized) struct WineCustodyTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write([], to: "usb/empty")
    }

    private func snap() throws -> RunResult {
        try Wine.run([Wine.collector.string, "-d", "usb"], in: directory.path)
    }

    private func log() throws -> CustodyChain {
        CustodyChain(try directory.read("usb/custody.jsonl"))
    }

    @Test func eachSnapshotHasALine() throws {
        for _ in 0..<3 {
            let result = try snap()
            #expect(result.status == 0, "\(result.error)")
            #expect(result.error.contains(", unsigned: this collector cannot sign\n"))
            let file = try #require(try log().files.last)
            let sum = try run("sha256sum", ["usb/\(file)"], in: directory.path).output.prefix(64)
            #expect(try log().records.last??["sha256"] as? String == String(sum))
            let groups = stride(from: 0, to: 64, by: 4).map { sum.dropFirst($0).prefix(4) }
            #expect(
                result.error.hasSuffix(
                    "SHA-256 of the file: \(groups.joined(separator: " "))\n"))
        }
        let log = try log()
        #expect(log.isWhole && log.broken == [] && log.numbers == [1, 2, 3])
        #expect(log.logs.count == 1)
        let record = try #require(log.records[0])
        #expect((record["user"] as? String)?.contains(/^[^\\]+\\[^\\]+$/) == true)
        #expect(record["signature"] is NSNull)
        let size = try directory.read("usb/\(log.files[0])").count
        #expect(record["size"] as? Int == size)
    }

    /// census goes on with the log of a collector for Windows.
    @Test func aLineAfterATornOne() throws {
        #expect(try snap().status == 0)
        #expect(try snap().status == 0)
        let whole = try directory.read("usb/custody.jsonl")
        try directory.write(whole.dropLast(30), to: "usb/custody.jsonl")
        #expect(try snap().status == 0)
        let tree = fixtures.appending("hosts/debian-12-x86_64").string
        #expect(
            try run(census, ["snap", "--root", tree, "-d", "usb"], in: directory.path).status == 0)
        #expect(try snap().status == 0)
        let bytes = try directory.read("usb/custody.jsonl")
        #expect(bytes.starts(with: whole.dropLast(30)))
        let log = CustodyChain(bytes)
        #expect(log.isWhole && log.broken == [] && log.numbers == [1, 2, 3, 4])
        #expect(log.logs.count == 1)
    }

    @Test(arguments: [
        ("mkdir usb/custody.jsonl", "it is a directory"),
        (
            "head -c 70000 /dev/zero | tr '\\0' x >usb/custody.jsonl",
            "its last line is longer than 65536 bytes"
        ),
        (
            "echo >usb/custody.jsonl; ln usb/custody.jsonl other",
            "it has a second name, or is not a regular file"
        ),
    ])
    func whatIsNoLog(setUp: String, reason: String) throws {
        #expect(try run("bash", ["-c", setUp], in: directory.path).status == 0)
        let result = try snap()
        #expect(result.status == 1)
        #expect(
            result.error.hasSuffix(
                "census: cannot write usb\\custody.jsonl: \(reason); the snapshot is complete\n"),
            "\(result.error)")
        let verify = try run("bash", ["-c", #""$0" verify usb/*.gz"#, census], in: directory.path)
        #expect(verify.status == 0)
    }

    @Test func manyAtOnce() throws {
        let result = try Wine.bash(
            """
            for number in $(seq 6); do wine "$1" -d usb >/dev/null 2>&1 & done
            wait
            """, [Wine.collector.string], in: directory.path)
        #expect(result.status == 0)
        let log = try log()
        #expect(log.isWhole && log.broken == [])
        #expect(log.numbers == Array(1...6))
    }
}
