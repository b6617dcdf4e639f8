import SystemPackage
import TestSupport
import Testing

/// The case, the examiner and the signature of the manifest that files were compared with.
@Suite struct ManifestOriginTests: SignedEvidence {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Columns of `list evidence`, joined by `|`.
    private func evidence(_ database: String, _ columns: [String]) throws -> [String] {
        let listed = try census("list", "evidence", "--format", "jsonl", "--db", database)
        let row = columns.map { "\\(.\($0))" }.joined(separator: "|")
        return try run("jq", ["-r", "\"\(row)\""], input: listed.outputBytes).output
            .split(separator: "\n").map(String.init)
    }

    private static let columns = [
        "File", "Verdict", "Manifest", "Manifest_Case", "Manifest_Examiner", "Manifest_Signer",
        "Manifest_SHA256",
    ]

    @Test(arguments: Engine.allCases) func ofEachFile(_ engine: Engine) throws {
        let database = try engine.database()
        try makeKeys("ed25519-ana", "ed25519-bob")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        let made = try census(
            "manifest", "stick", "-o", "m.sha256", "--case", "2026-17\n(second part)",
            "--examiner", "Ana Ruíz", "--place", "Turin", "--note", "case: none\nexaminer: none")
        #expect(made.status == 0, "\(made.error)")
        try write(2, "web-02", to: "stick/b.jsonl.gz")
        let digest = try shell("sha256sum m.sha256").output.prefix(64)
        let said = "2026-17 (second part)|Ana Ruíz"
        func ingest(_ options: String...) throws {
            let result = try run(
                TestSupport.census,
                ["ingest", "--quiet", "stick", "--db", database.name] + options,
                in: directory.path)
            #expect(result.status == (options == [] ? 0 : 2), "\(result.error)")
        }
        func rows() throws -> [String] { try evidence(database.name, Self.columns).suffix(2) }
        try ingest("--manifest", "m.sha256")
        #expect(
            try rows() == [
                "stick/a.jsonl.gz|ingested|listed|\(said)|null|\(digest)",
                "stick/b.jsonl.gz|rejected|extra|\(said)|null|\(digest)",
            ])
        try signManifest("ed25519-ana")
        let key = try "ssh-ed25519 \(fingerprint("ed25519-ana"))"
        try ingest("--manifest", "m.sha256")
        #expect(try rows()[0] == "stick/a.jsonl.gz|duplicate|listed|\(said)|\(key)|\(digest)")
        try ingest("--manifest", "m.sha256", "--examiner-key", "ed25519-ana.pub")
        let signer = "\(key), the key of ed25519-ana.pub"
        #expect(try rows()[0] == "stick/a.jsonl.gz|duplicate|listed|\(said)|\(signer)|\(digest)")
        // Nothing is known of a manifest that was not given, or is not read.
        try ingest()
        #expect(try rows()[0] == "stick/a.jsonl.gz|duplicate|null|null|null|null|null")
        let count = try evidence(database.name, ["File"]).count
        try ingest("--manifest", "m.sha256", "--examiner-key", "ed25519-bob.pub")
        #expect(try evidence(database.name, ["File"]).count == count)

        // In the page, that of the host, and in a database that this one is added to.
        let words =
            "manifest: listed (case 2026-17 (second part), examiner Ana Ruíz, signed by \(signer), "
            + "SHA-256 \(digest))"
        let page = try census(
            "report", "--format", "html", "-o", "page.html", "--db", database.name)
        #expect(page.status == 0, "\(page.error)")
        let text = String(decoding: try directory.read("page.html"), as: UTF8.self)
        #expect(
            text.contains(words))
        #expect(text.contains("manifest: extra (case 2026-17 (second part), "))
        #expect(
            try census("show", "web-01", "--db", database.name).output.contains("  \(words)\n"))
        let host = try census(
            "show", "web-01", "--format", "html", "-o", "-", "--db", database.name)
        #expect(host.output.contains(words))
        #expect(
            try census("ingest", "--quiet", database.name, "--db", "all.sqlite").status == 0)
        let joined = try evidence("all.sqlite", Self.columns)
        #expect(joined.contains("stick/a.jsonl.gz|ingested|listed|\(said)|null|\(digest)"))
        #expect(joined.contains("stick/b.jsonl.gz|rejected|extra|\(said)|null|\(digest)"))
    }

    /// Of a file that was retracted and loaded again, with another manifest each time.
    @Test func theLastManifestCounts() throws {
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        for name in ["A", "B"] {
            let made = try census(
                "manifest", "stick", "-o", "\(name).sha256", "--case", "CASE-\(name)", "--examiner",
                "Ana")
            #expect(made.status == 0, "\(made.error)")
        }
        for command in [
            ["ingest", "--quiet", "stick"],
            ["ingest", "--quiet", "stick", "--manifest", "A.sha256"],
            ["retract", "web-01", "--reason", "x"],
            ["ingest", "--quiet", "stick", "--again", "--manifest", "B.sha256"],
        ] {
            let result = try run(TestSupport.census, command, in: directory.path)
            #expect(result.status == 0, "\(result.error)")
        }
        let shown = try census("show", "web-01").output
        #expect(shown.contains("manifest: listed (case CASE-B, ") && !shown.contains("CASE-A"))
    }

    /// One command leads from a row to all that is known of its file, in every format.
    @Test func fromARowToItsEvidence() throws {
        try makeKeys("ed25519-1")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        try write(2, "web-02", to: "stick/b.jsonl.gz")
        try sign("stick/a.jsonl.gz", "ed25519-1")
        _ = try census("manifest", "stick", "-o", "m.sha256", "--case", "X-9", "--examiner", "Ana")
        let result = try census("ingest", "--quiet", "stick", "--manifest", "m.sha256")
        #expect(result.status == 0, "\(result.error)")
        let fingerprint = try fingerprint("ed25519-1")
        for format in ["table", "vertical", "csv", "json", "jsonl", "markdown"] {
            let listed = try census(
                "list", "evidence", "--host", "web-01", "--format", format)
            #expect(listed.status == 0)
            for text in ["stick/a.jsonl.gz", fingerprint, "listed", "X-9", "Ana"] {
                #expect(listed.output.contains(text), "\(format): \(text)")
            }
            #expect(!listed.output.contains("stick/b.jsonl.gz"))
        }
        let shown = try census("show", "web-01").output
        let digest = try shell("sha256sum m.sha256").output.prefix(64)
        #expect(
            shown.contains(
                "  signed by ssh-ed25519 \(fingerprint)  stick/a.jsonl.gz  manifest: listed "
                    + "(case X-9, examiner Ana, not signed, SHA-256 \(digest))\n"))
        // Another database says where it has that from.
        #expect(
            try census("ingest", "--quiet", "census.sqlite", "--db", "all.sqlite").status == 0)
        #expect(
            try census("show", "web-01", "--db", "all.sqlite").output.contains(
                "SHA-256 \(digest)); joined from census.sqlite\n"))
    }

    /// As programs of Windows save it: its bytes are others, and so are its digest and its signature.
    @Test func aManifestOfAnotherEncoding() throws {
        try makeKeys("ed25519-ana")
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        _ = try census("manifest", "stick", "-o", "m.sha256", "--case", "X-9")
        try signManifest("ed25519-ana")
        let text = String(decoding: try directory.read("m.sha256"), as: UTF8.self)
        try directory.write(Array(("\u{FEFF}" + text).utf8), to: "m.sha256")
        func ingest() throws -> RunResult {
            try census("ingest", "--quiet", "stick", "--manifest", "m.sha256")
        }
        let altered = try ingest()
        #expect(altered.status == 1)
        #expect(
            altered.error.hasSuffix("its signature does not match: one of the two was altered\n"))
        _ = try shell("rm m.sha256.sig")
        let marked = try ingest()
        #expect(marked.status == 0, "\(marked.error)")
        let digest = try shell("sha256sum m.sha256").output.prefix(64)
        #expect(
            try evidence("census.sqlite", ["Manifest_Case", "Manifest_SHA256"]) == ["X-9|\(digest)"]
        )
        for encoding in ["UTF-16", "UTF-16LE", "UTF-32"] {
            try directory.write(Array(text.utf8), to: "plain")
            _ = try shell("iconv -f UTF-8 -t \(encoding) plain >m.sha256")
            let wide = try ingest()
            #expect(wide.status == 1)
            #expect(
                wide.error.hasSuffix("m.sha256: it is \(encoding.prefix(6)); save it as UTF-8\n"))
        }
    }

    /// A list of `sha256sum` names no case, whatever its comments are; a text that would be in every
    /// receipt is cut; and no text drives a terminal.
    @Test func whatAManifestMaySay() throws {
        try write(1, "web-01", to: "stick/a.jsonl.gz")
        let long = String(repeating: "x", count: 5_000)
        for (head, expected) in [
            ("# case: X-9\n", "null|null"),
            ("# census manifest 1, to be checked with sha256sum -c\n# case: X-9\n", "X-9|null"),
            (
                "# census manifest 1, to be checked with sha256sum -c\r\n# case: X-9\r\n"
                    + "# examiner: Ana\r\n\r\n# case: other\r\n", "X-9|Ana"
            ),
            (
                "# census manifest 1, to be checked with sha256sum -c\n# case: \u{1B}[2J\n# examiner: "
                    + "\(long)\n", #"\x1B[2J|"# + long.prefix(1_000)
            ),
            ("# census manifest 1, to be checked with sha256sum -c\n\n# case: X-9\n", "null|null"),
        ] {
            let digests = try shell("cd stick; sha256sum *.gz").output
            try directory.write(Array((head + digests).utf8), to: "m.sha256")
            _ = try shell("rm -f census.sqlite")
            let result = try census("ingest", "--quiet", "stick", "--manifest", "m.sha256")
            #expect(result.status == 0, "\(result.error)")
            #expect(
                try evidence("census.sqlite", ["Manifest_Case", "Manifest_Examiner"]) == [expected])
        }
    }
}
