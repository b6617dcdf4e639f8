import Foundation
import SystemPackage
import TestSupport
import Testing

/// Every collector for Linux gives the records that `census snap` gives of the same tree, whatever
/// the processor: times after 2038 and names that are not text too.
@Suite struct SamenessTests {
    /// Those for this processor, which `make test` builds, or what `make test-collectors` asks for.
    static let collectors: [String] = {
        let names = ProcessInfo.processInfo.environment["CENSUS_TEST_COLLECTORS"]
        return (names ?? "linux-x86_64 linux-i686").split(separator: " ").map(String.init)
    }()

    /// Those that would be too large with libsodium: they do not sign and do not encrypt.
    static let withoutSodium = ["linux-i686", "linux-ppc64le"]

    /// For Bash: makes `"${snap[@]}"` run a collector, and a directory `usb` for it.
    static func variable(_ collector: String) -> String {
        let words = (emulator(collector) + [program(collector)]).map { "'\($0)'" }
        return "snap=(\(words.joined(separator: " "))); mkdir usb\n"
    }

    private static let trees = fixtures.appending("hosts")

    /// What runs a program for another processor. That of ARM has no floating-point unit and none of
    /// the instructions that came after ARMv6.
    static func emulator(_ collector: String) -> [String] {
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

    private func expectSameRecords(_ command: [String]) throws {
        let trees = try FileManager.default.contentsOfDirectory(atPath: Self.trees.string).sorted()
        try #require(!trees.isEmpty)
        for tree in trees {
            let expected = try records([census, "snap"], tree)
            #expect(try records(command, tree) == expected, "\(tree)")
        }
    }

    private static let project = fixtures.removingLastComponent()

    static func program(_ collector: String) -> String {
        project.appending("dist/collectors").appending(collector).string
    }

    @Test(arguments: collectors)
    func readsEveryTreeAlike(_ collector: String) throws {
        try expectSameRecords(Self.emulator(collector) + [Self.program(collector)])
    }

    private static let oldKernel = project.appending(".build-collectors/old-kernel").string

    /// Without the system calls and flags that came after a kernel; see `old-kernel.c`.
    @Test(arguments: ["2.6.16", "3.0"], ["linux-x86_64", "linux-i686"])
    func readsEveryTreeAlikeOnAnOldKernel(kernel: String, collector: String) throws {
        try expectSameRecords([Self.oldKernel, kernel, Self.program(collector)])
    }

    /// The running host too, and the file is written: getrandom(2), renameat2(2), flags of sockets.
    @Test(arguments: ["2.6.16", "3.0"], ["linux-x86_64", "linux-i686"])
    func worksOnAnOldKernel(kernel: String, collector: String) throws {
        let directory = try TemporaryDirectory()
        let command = [kernel, Self.program(collector)]
        func snap(_ program: String, _ arguments: [String]) throws {
            let result = try run(program, arguments, in: directory.path)
            #expect((result.status, result.output.last) == (0, "\n"), "\(result.error)")
        }
        try snap(Self.oldKernel, command + ["-o", "old.gz", "--no-sign"])
        try snap(census, ["snap", "-o", "new.gz", "--no-sign"])
        #expect(try directory.names() == ["new.gz", "old.gz"])
        let heads = try run(
            "bash",
            [
                "-c",
                #"""
                for file in old.gz new.gz; do
                    zcat $file | grep -vE '^."record":"(snapshot|process|listening_port|end)"' >$file.head
                done
                cmp old.gz.head new.gz.head && wc -l <old.gz.head
                """#,
            ], in: directory.path)
        #expect((heads.status, heads.error) == (0, ""))
        #expect(Int(heads.output.dropLast()) ?? 0 >= 4)
        try snap(census, ["verify", "old.gz"])
        let again = try run(Self.oldKernel, command + ["-o", "old.gz"], in: directory.path)
        #expect(again.status == 1)
        #expect(again.error == "census: cannot create old.gz: File exists\n")
        // The custody log has its lock.
        for _ in 0..<2 { try snap(Self.oldKernel, command + ["-d", "."]) }
        let log = CustodyChain(try directory.read("custody.jsonl"))
        #expect(log.numbers == [1, 2] && log.broken == [] && log.isWhole)
    }

    /// It refuses what it should: glibc of Debian 12 does not start without AT_EMPTY_PATH.
    @Test(arguments: [
        ("2.6.16", "error while loading shared libraries"), ("3.0", "Function not implemented"),
    ])
    func theOldKernelIsOld(kernel: String, message: String) throws {
        let result = try run(
            Self.oldKernel, [kernel, "/usr/bin/python3", "-c", "import os; os.getrandom(1)"])
        #expect(result.status != 0)
        #expect(result.error.contains(message))
    }

    /// `census verify` finds the whole file sound: digest, counts and compression.
    @Test(arguments: collectors)
    func writesSoundFiles(_ collector: String) throws {
        let directory = try TemporaryDirectory()
        let command =
            Self.emulator(collector) + [
                Self.program(collector), "--root", Self.trees.appending("beyond-32-bits").string,
                "-o",
                "a.jsonl.gz",
            ]
        let snap = try run(command[0], Array(command.dropFirst()), in: directory.path)
        #expect(snap.status == 0)
        let verification = try run(census, ["verify", "a.jsonl.gz"], in: directory.path)
        #expect(verification.status == 0, "\(verification.output)\(verification.error)")
    }
}
