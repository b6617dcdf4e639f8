import Foundation
import SystemPackage
import TestSupport
import Testing

/// The paths in a manifest, as sha256sum(1) takes them in the directory.
@Suite struct ManifestPathTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func sh(_ script: String) throws {
        let result = try shell(script)
        try #require(result.status == 0, "\(result.error)")
    }

    private func verify(_ stick: String = "stick") throws -> RunResult {
        try census("verify", stick, "--manifest", "m.sha256", "--format", "csv")
    }

    private func isGoodForSha256sum() throws -> Bool {
        try shell("cd stick && sha256sum --strict --check ../m.sha256").status == 0
    }

    /// One file by many names, in a directory by many names.
    @Test(arguments: [
        "a\\.jsonl.gz", "./a\\.jsonl.gz", ".//sub/.././a\\.jsonl.gz", "../stick/a\\.jsonl.gz",
        "../link/sub/../a\\.jsonl.gz", "$PWD/a\\.jsonl.gz", "$PWD/../link//a\\.jsonl.gz", "latest",
        "../latest",
    ])
    func namesOfAFile(path: String) throws {
        try write(1, "web-01", to: "stick/a\\.jsonl.gz")
        try sh(
            """
            mkdir stick/sub; ln -s stick link; ln -s 'a\\.jsonl.gz' stick/latest
            ln -s link/latest latest
            cd stick; sha256sum -- "\(path.replacing("\\", with: "\\\\"))" >../m.sha256
            """)
        #expect(try isGoodForSha256sum())
        for stick in ["stick", "./stick/", "link", directory.path.string + "/link"] {
            let good = try verify(stick)
            #expect(good.status == 0, "\(stick): \(good.output)\(good.error)")
            #expect(good.output.hasSuffix(",listed\r\n"))
            let said = good.error.split(separator: "\n").filter { $0.hasPrefix("m.sha256: ") }
            #expect(said == ["m.sha256: not signed"])
        }
        try write(2, "web-01", to: "stick/a\\.jsonl.gz")
        #expect(try !isGoodForSha256sum())
        let changed = try verify()
        #expect(changed.status == 2 && changed.output.hasSuffix(",changed\r\n"))
        try sh("mv stick/a* stick/b.jsonl.gz")
        #expect(try !isGoodForSha256sum())
        let missing = try verify()
        #expect(missing.status == 2 && missing.output.hasSuffix(",extra\r\n"))
        #expect(missing.error.contains(" is missing\n"), "\(missing.error)")
    }

    /// What ends like a directory is none of the files.
    @Test(arguments: ["a.jsonl.gz/", "a.jsonl.gz/.", "sub", "sub/..", "."])
    func directories(path: String) throws {
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try sh(
            "mkdir stick/sub; cd stick; sha256sum a.jsonl.gz | sed 's|a.jsonl.gz$|\(path)|' >../m.sha256"
        )
        #expect(try !isGoodForSha256sum())
        let result = try verify()
        #expect(result.status == 2 && result.output.hasSuffix(",extra\r\n"), "\(result.output)")
    }

    @Test(arguments: [
        "../other/c.jsonl.gz", "$PWD/../other/c.jsonl.gz", "$PWD/../link/../other/c.jsonl.gz",
    ])
    func filesOutside(path: String) throws {
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try write(2, "web-02", to: "other/c.jsonl.gz")
        try sh("ln -s stick link; cd stick; sha256sum a.jsonl.gz \"\(path)\" >../m.sha256")
        #expect(try isGoodForSha256sum())
        let outside =
            "other/c.jsonl.gz is outside of stick, and not read: only the digest was compared\n"
        let good = try verify()
        #expect(good.status == 0 && good.error.contains(outside), "\(good.error)")
        let loaded = try census("ingest", "--quiet", "stick", "--manifest", "m.sha256")
        #expect(loaded.status == 0 && loaded.error.contains(outside), "\(loaded.error)")
        for (command, text) in [
            ("echo >>other/c.jsonl.gz", "other/c.jsonl.gz is not as listed\n"),
            ("rm other/c*; mkfifo other/c.jsonl.gz", "other/c.jsonl.gz is not as listed\n"),
            ("rm other/c*", "other/c.jsonl.gz is missing\n"),
        ] {
            try sh(command)
            let bad = try verify()
            #expect(bad.status == 2 && bad.error.contains(text), "\(bad.error)")
            #expect(!bad.error.contains("outside"))
        }
    }

    /// A listed snapshot that is hidden behind a link has its digest, and is not loaded.
    @Test(
        arguments: ["", "$PWD/", "../stick/"],
        [
            "mv sub/b.jsonl.gz sub/b.png; ln -s b.png sub/b.jsonl.gz",
            "mv sub .Trash-1000; ln -s .Trash-1000 sub", "mv sub ../sub; ln -s ../sub sub",
            "mv sub/b.jsonl.gz ..; ln -s ../../b.jsonl.gz sub/b.jsonl.gz",
        ])
    func filesBehindLinks(prefix: String, command: String) throws {
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try write(2, "web-02", to: "stick/sub/b.jsonl.gz")
        try sh(
            "cd stick; for name in a sub/b; do sha256sum \"\(prefix)$name.jsonl.gz\"; done >../m.sha256"
        )
        #expect(try verify().status == 0)
        try sh("cd stick; \(command)")
        #expect(try isGoodForSha256sum())
        let text = "sub/b.jsonl.gz is behind a symbolic link, and not read\n"
        let verified = try verify()
        #expect(verified.status == 2 && verified.error.contains(text), "\(verified.error)")
        let loaded = try census("ingest", "--quiet", "stick", "--manifest", "m.sha256")
        #expect(loaded.status == 2 && loaded.error.contains(text), "\(loaded.error)")
    }

    /// Two listed files that became one: it is neither.
    @Test func twoFilesThatBecameOne() throws {
        try write(1, "web-01", to: "stick/1/a.jsonl.gz")
        try write(2, "web-02", to: "stick/2/a.jsonl.gz")
        try sh("cd stick; sha256sum 1/* 2/* >../m.sha256; rm -r 1; ln -s 2 1")
        let result = try verify()
        #expect(result.status == 2 && result.output.hasSuffix(",changed\r\n"), "\(result.output)")
    }
}
