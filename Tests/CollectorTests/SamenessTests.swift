import Foundation
import SystemPackage
import TestSupport
import Testing

/// Every collector for Linux gives the records that `census snap` gives of the same tree, whatever
/// the processor: times after 2038 and names that are not text too.
@Suite struct SamenessTests {
    /// Those for this processor, which `make test` builds, or what `make test-collectors` asks for.
    private static let collectors: [String] = {
        let names = ProcessInfo.processInfo.environment["CENSUS_TEST_COLLECTORS"]
        return (names ?? "linux-x86_64 linux-i686").split(separator: " ").map(String.init)
    }()

    private static let trees = fixtures.appending("hosts")

    /// What runs a program for another processor. That of ARM has no floating-point unit and none of
    /// the instructions that came after ARMv6.
    private static func emulator(_ collector: String) -> [String] {
        switch collector {
        case "linux-x86_64", "linux-i686": []
        case "linux-arm": ["qemu-arm", "-cpu", "arm1136"]
        default: ["qemu-\(collector.dropFirst("linux-".count))"]
        }
    }

    /// The lines between the first and the last, which differ in id, time, generator and digest.
    private func records(_ command: [String], _ tree: String) throws -> [Substring] {
        let directory = try TemporaryDirectory()
        let file = directory.path.appending("snapshot.jsonl.gz").string
        let options = [
            "--root", Self.trees.appending(tree).string, "--host-id", "one", "-o", file,
        ]
        let snap = try run(command[0], Array(command.dropFirst()) + options)
        try #require(snap.status == 0, "\(command): \(snap.error)")
        let text = try run("gzip", ["--decompress", "--stdout", file]).output
        return text.split(separator: "\n").dropFirst().dropLast()
    }

    @Test(arguments: collectors)
    func readsEveryTreeAlike(_ collector: String) throws {
        let project = fixtures.removingLastComponent()
        let program = project.appending("dist/collectors").appending(collector).string
        let trees = try FileManager.default.contentsOfDirectory(atPath: Self.trees.string).sorted()
        try #require(!trees.isEmpty)
        for tree in trees {
            let expected = try records([census, "snap"], tree)
            #expect(try records(Self.emulator(collector) + [program], tree) == expected, "\(tree)")
        }
    }

    /// `census verify` finds the whole file sound: digest, counts and compression.
    @Test(arguments: collectors)
    func writesSoundFiles(_ collector: String) throws {
        let directory = try TemporaryDirectory()
        let program = fixtures.removingLastComponent().appending("dist/collectors")
            .appending(collector).string
        let command =
            Self.emulator(collector) + [
                program, "--root", Self.trees.appending("beyond-32-bits").string, "-o",
                "a.jsonl.gz",
            ]
        let snap = try run(command[0], Array(command.dropFirst()), in: directory.path)
        #expect(snap.status == 0)
        let verification = try run(census, ["verify", "a.jsonl.gz"], in: directory.path)
        #expect(verification.status == 0, "\(verification.output)\(verification.error)")
    }
}
