import Foundation
import SystemPackage
import TestSupport
import Testing

/// Custody logs and manifests of snapshot files.
@Suite struct CustodyTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    // MARK: Custody

    /// The log that `census snap` itself writes.
    @Test func theLogOfARealStick() throws {
        let made = try shell(
            """
            mkdir stick; for time in 1 2 3; do '\(TestSupport.census)' snap --only user -d stick; done
            """)
        #expect(made.status == 0, "\(made.error)")
        let whole = try census("verify", "stick")
        #expect(whole.status == 0, "\(whole.output)")
        let lines = whole.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(
            lines.contains {
                $0.contains(
                    /^complete    stick\/custody.jsonl: custody log [0-9a-f]{16} with 3 lines$/)
            })
        for number in 1...3 {
            #expect(lines.contains { $0.contains(", stick/custody.jsonl:\(number): ") })
        }
        #expect(try census("ingest", "--quiet", "stick").status == 0)
        func findings() throws -> Int {
            try census("coverage", "--format", "csv").output.split(separator: "\r\n")
                .count { $0.hasPrefix("custody,") }
        }
        #expect(try findings() == 0)
        let evidence = try census("list", "evidence", "--format", "csv")
        #expect(evidence.output.contains("stick/custody.jsonl:2: "))

        // A file that is gone, one that was put there, and a log that was altered.
        try write(9, "other", to: "stick/z.jsonl.gz")
        let gone = try shell("cd stick; rm $(ls | grep -v custody | head -1)")
        try #require(gone.status == 0)
        let differing = try census("verify", "stick")
        #expect(differing.output.contains("untrusted   stick/custody.jsonl: "))
        #expect(differing.output.contains(" is not among these files\n"))
        #expect(differing.output.contains("z.jsonl.gz: 1 snapshot, not in stick/custody.jsonl\n"))
        _ = try shell("sed -i '2s/\"size\":/\"size\":1/' stick/custody.jsonl")
        let altered = try census("ingest", "stick")
        #expect(altered.status == 2)
        #expect(
            altered.error.contains(
                "stick/custody.jsonl: line 3: this line does not follow line 2: a line before it was "
                    + "changed, removed or added\n"))
        #expect(try findings() == 1)
        // Another stick at the same place does not make that good.
        _ = try shell(
            "rm -r stick; mkdir stick; '\(TestSupport.census)' snap -d stick --only user")
        #expect(try census("ingest", "--quiet", "stick").status == 0)
        #expect(try findings() == 1)
    }

    /// A whole file in the place of another.
    @Test func aFileThatWasReplaced() throws {
        let made = try shell(
            """
            mkdir stick; '\(TestSupport.census)' snap --only user -d stick
            mkdir other; '\(TestSupport.census)' snap --only user -d other
            rm -f stick/*.sig; cat other/*.gz >"$(ls stick/*.gz)"
            """)
        #expect(made.status == 0, "\(made.error)")
        let verified = try census("verify", "stick")
        #expect(verified.status == 2)
        #expect(
            verified.output.contains(
                ": stick/custody.jsonl:1 has this file with another SHA-256: it was replaced or changed\n"
            ))
    }

    /// A file of that name that another program wrote stays as it is.
    @Test(arguments: [
        #"printf 'precious\0data'"#, "printf 'a,b\\n1,2\\n'", #"printf '{"name":"web-01"}\n'"#,
        "head -c 100000 /dev/urandom",
    ])
    func aFileThatIsNoLog(command: String) throws {
        let result = try shell(
            """
            mkdir stick; \(command) >stick/custody.jsonl; cp stick/custody.jsonl before
            '\(TestSupport.census)' snap --only user -d stick >path || echo $?
            cmp before stick/custody.jsonl && '\(TestSupport.census)' verify "$(cat path)" >/dev/null && echo whole
            """)
        #expect(result.output == "1\nwhole\n", "\(result.output)")
        #expect(
            result.error.contains("census: cannot write stick/custody.jsonl: it")
                && result.error.contains("; the snapshot is complete\n"), "\(result.error)")
    }

    /// A log of which only the first line's beginning came onto the stick goes on.
    @Test(arguments: [#"{"record":"custo"#, "", "\0\0\0\0"])
    func aLogThatWasTorn(text: String) throws {
        try directory.write(Array(text.utf8), to: "stick/custody.jsonl")
        let result = try shell("'\(TestSupport.census)' snap --only user -d stick")
        #expect(result.status == 0, "\(result.error)")
        let log = String(decoding: try directory.read("stick/custody.jsonl"), as: UTF8.self)
        #expect(log.hasPrefix(text) && log.hasSuffix("}\n"))
        #expect(log.contains(#""number":1,"#))
    }

    /// A log that was not written by census does not take memory or time.
    @Test func aHugeLog() throws {
        try write(1, "a", to: "stick/a.jsonl.gz")
        for command in [
            "head -c 5000000 /dev/zero | tr '\\0' '\\n' >stick/custody.jsonl",
            "truncate -s 1T stick/custody.jsonl",
        ] {
            let result = try shell(
                command + "; '\(TestSupport.census)' verify stick || test $? = 2")
            #expect(result.status == 0)
            #expect(result.output.contains("stick/custody.jsonl: a custody log of more than "))
        }
    }

    // MARK: Manifest

    @Test func aManifestThatSha256sumChecks() throws {
        try makeKeys("ed25519-1", "ed25519-me")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try write(2, "web-02", to: "stick/sub/b c.jsonl.gz")
        try write(3, "web-03", to: "stick/c\n\\.jsonl.gz")
        try sign("stick/a.jsonl.gz", "ed25519-1")
        let made = try census(
            "manifest", "stick", "-o", "m.sha256", "--case", "2026-17", "--examiner",
            "Ana\u{1B}[2J",
            "--place", "Turin", "--note", "two\nlines")
        #expect(made.status == 0, "\(made.error)")
        #expect(made.error.contains("4 files with "))
        #expect(
            made.error.contains(
                "to sign it: ssh-keygen -Y sign -n census-manifest@census -f ~/.ssh/id_ed25519 m.sha256\n"
            ))
        let digest = try shell("sha256sum m.sha256").output.prefix(64)
        let groups = stride(from: 0, to: 64, by: 4).map { offset in
            String(digest.dropFirst(offset).prefix(4))
        }.joined(separator: " ")
        #expect(made.error.contains("SHA-256 of the manifest: \(groups)\n"))
        let text = String(decoding: try directory.read("m.sha256"), as: UTF8.self)
        for line in [
            "# case: 2026-17\n", "# examiner: Ana\\x1B[2J\n", "# place: Turin\n", "# note: two\n",
            "# note: lines\n", "# web-01, 2026-11-23T05:13:11Z, ",
        ] { #expect(text.contains(line), "\(line)") }
        let checked = try shell("cd stick && sha256sum --strict --check ../m.sha256")
        #expect(checked.status == 0, "\(checked.error)")
        #expect(checked.output.split(separator: "\n").count == 4)

        // By the examiner's own key.
        #expect(
            try shell("ssh-keygen -q -Y sign -n census-manifest@census -f ed25519-me m.sha256")
                .status
                == 0)
        let verified = try census("verify", "stick", "--manifest", "m.sha256")
        #expect(verified.status == 0, "\(verified.output)\(verified.error)")
        #expect(
            verified.error.contains(
                try "m.sha256: signed by ssh-ed25519 \(fingerprint("ed25519-me"))\n"))
        #expect(try census("ingest", "--quiet", "stick", "--manifest", "m.sha256").status == 0)

        try write(4, "web-04", to: "stick/d.jsonl.gz")
        try write(5, "web-02", to: "stick/sub/b c.jsonl.gz")
        _ = try shell("rm stick/c*")
        let differing = try census("verify", "stick", "--manifest", "m.sha256", "--format", "csv")
        #expect(differing.status == 2)
        let rows = differing.output.split(separator: "\r\n")
        func row(_ path: String) -> Substring { rows.first { $0.hasPrefix("stick/\(path)") } ?? "" }
        #expect(row("a.jsonl.gz").hasSuffix(",listed"))
        #expect(
            row("sub/b c.jsonl.gz").contains(",untrusted,") && row("sub/").hasSuffix(",changed"))
        #expect(row("d.jsonl.gz").contains(",untrusted,") && row("d.jsonl.gz").hasSuffix(",extra"))
        #expect(differing.error.contains("m.sha256: stick/c\\n\\.jsonl.gz is missing\n"))
        let ingested = try census(
            "ingest", "--quiet", "stick", "--manifest", "m.sha256", "--db", "two.sqlite")
        #expect(ingested.status == 2)
        #expect(
            try run(
                "sqlite3", ["two.sqlite", "SELECT COUNT(*) FROM Executions"], in: directory.path
            ).output == "1\n")

        // What lies beside the snapshots is compared, too.
        try makeKeys("ed25519-2")
        try sign("stick/a.jsonl.gz", "ed25519-2")
        try sign("stick/d.jsonl.gz", "ed25519-2")
        let other = try census("verify", "stick/", "--manifest", "m.sha256")
        #expect(other.error.contains("m.sha256: stick/a.jsonl.gz.sig is not as listed\n"))
        #expect(
            other.output.contains(
                "stick/a.jsonl.gz: the signature beside the file is not as the manifest has it\n"))
        _ = try shell("chmod 600 m.sha256.sig; truncate -s 70000 m.sha256.sig")
        #expect(try census("verify", "stick", "--manifest", "m.sha256").status == 1)
        _ = try shell(
            "rm m.sha256.sig; ssh-keygen -q -Y sign -n census-manifest@census -f ed25519-me m.sha256"
        )

        _ = try shell("echo >>m.sha256")
        let altered = try census("verify", "stick", "--manifest", "m.sha256")
        #expect(altered.status == 1)
        #expect(altered.error.contains("its signature does not match: one of the two was altered"))
        for bad in ["nothing", "", "# only a comment\n", "0123  a\n"] {
            try directory.write(Array(bad.utf8), to: "bad")
            #expect(try census("verify", "stick", "--manifest", "bad").status == 1)
        }
        #expect(try census("verify", "stick/a.jsonl.gz", "--manifest", "m.sha256").status == 64)
    }

    /// The commands of the article, by stock minisign, with keys of its own in the home directory.
    @Test func aManifestThatMinisignSigns() throws {
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        #expect(try census("manifest", "stick", "-o", "2026-17.sha256").status == 0)
        let article = try String(
            decoding: contents(
                of: fixtures.removingLastComponent().appending(
                    "Sources/census/Documentation.docc/Origin.md")), as: UTF8.self)
        func command(_ beginning: String) throws -> String {
            let line = article.split(separator: "\n").first { $0.hasPrefix("    \(beginning) ") }
            return "HOME=$PWD " + (try #require(line)).dropFirst(4)
        }
        let made = try shell(
            "mkdir .minisign; HOME=$PWD minisign -G -W; \(try command("minisign -S"))")
        try #require(made.status == 0, "\(made.error)")
        let verify = try command("minisign -V")
        let verified = try shell(verify)
        #expect(verified.status == 0, "\(verified.error)")
        #expect(verified.output.hasPrefix("Signature and comment signature verified\n"))
        // Its signature beside the manifest is none of OpenSSH's, and in nobody's way.
        let compared = try census("verify", "stick", "--manifest", "2026-17.sha256")
        #expect(compared.status == 0, "\(compared.error)")
        #expect(try shell("echo >>2026-17.sha256; \(verify)").status != 0)
    }

    /// A manifest is never overwritten by another file, and overwrites none.
    @Test func whatAManifestOverwrites() throws {
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        #expect(try census("manifest", "stick", "-o", "stick/m.sha256").status == 0)
        #expect(try census("manifest", "stick", "-o", "stick/m.sha256").status == 0)
        #expect(try census("manifest", "stick", "-o", "stick/a.jsonl.gz").status == 1)
        #expect(try census("manifest", "stick/a.jsonl.gz").status == 1)
        #expect(try census("manifest", "none").status == 1)
        #expect(try shell("mkdir empty").status == 0)
        #expect(try census("manifest", "empty").status == 2)
        let text = try census("manifest", "stick")
        #expect(text.output.hasPrefix("# census manifest 1, to be checked with sha256sum -c\n"))
    }
}
