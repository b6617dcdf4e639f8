import DatabaseSupport
import Testing

/// The findings about collections that did not see everything.
extension CoverageTests {
    @Test(
        arguments: Engine.allCases,
        [
            (#""euid":0,"session_source":"utmp""#, nil),
            (#""euid":1000"#, "not run as root"),
            (#""elevated":true"#, nil),
            (#""elevated":false"#, "not run as administrator"),
            (
                #""elevated":false,"processes_unreadable":3"#,
                "not run as administrator; 3 processes unreadable"
            ),
            (#""processes_hidden":true"#, "some processes hidden"),
        ] as [(String, String?)])
    func incompleteCollections(engine: Engine, one: (collection: String, detail: String?)) throws {
        let test = try TestDatabase(engine)
        try load([Seen(collection: one.collection)], into: test)
        #expect(
            try findings(test) == (one.detail.map { ["partial 1 web-01: \($0)"] } ?? []))
    }

    /// What could not be read is named once, whichever kinds of records it is a source of.
    @Test(
        arguments: Engine.allCases,
        [
            ("", [], nil),
            (
                #""unreadable":["etc/os-release: Input/output error"]"#, [],
                "could not read etc/os-release: Input/output error"
            ),
            (
                #""failed_sources":["account shadow etc/shadow: Input/output error"]"#, [],
                "could not read etc/shadow: Input/output error"
            ),
            (
                #""unreadable":["etc/passwd: File too large"],"failed_sources":["#
                    + #""account passwd etc/passwd: File too large","#
                    + #""privilege passwd etc/passwd: File too large"]"#, [],
                "some accounts unknown; some privileges unknown; "
                    + "could not read etc/passwd: File too large"
            ),
            (
                #""euid":1000,"failed_sources":["account shadow etc/shadow: Permission denied"]"#,
                [], "not run as root"
            ),
            (
                #""euid":0,"failed_sources":["account shadow etc/shadow: Permission denied"]"#, [],
                "could not read etc/shadow: Permission denied"
            ),
            (
                #""unreadable":["a: x","b: x","c: x","d: x","e: x"]"#, [],
                "could not read a: x; b: x; c: x; 2 more"
            ),
            (
                #""unreadable":["a; b; c; d: x","[\"e\"]: x"]"#, [],
                #"could not read a; b; c; d: x; ["e"]: x"#
            ),
            ("", ["account"], "accounts unknown"),
            (
                "", ["package", "privilege", "listening_port"],
                "packages unknown; privileges unknown; listeners unknown"
            ),
        ] as [(String, [String], String?)])
    func whatCouldNotBeRead(
        engine: Engine, one: (collection: String, missing: [String], detail: String?)
    ) throws {
        let test = try TestDatabase(engine)
        let sources = [
            "package dpkg var/lib/dpkg/status", "account passwd etc/passwd",
            "privilege group etc/group", "listening_port proc proc/net/tcp",
        ].filter { source in !one.missing.contains { source.hasPrefix($0) } }
        let list = sources.map { "\"\($0)\"" }.joined(separator: ",")
        let more = one.collection.isEmpty ? "" : "," + one.collection
        try load(
            [Seen(collection: #""processes_hidden":false,"sources":[\#(list)]\#(more)"#)],
            into: test)
        #expect(
            try findings(test) == (one.detail.map { ["partial 1 web-01: \($0)"] } ?? []))
    }

    /// Older versions wrote them with a semicolon and a space between.
    @Test(
        arguments: Engine.allCases,
        [
            ("", nil), ("a: x", "a: x"), ("a: x; b: x; c: x; d: x", "a: x; b: x; c: x; 1 more"),
            (#"["a; b: x"#, #"["a; b: x"#), ("[1]", "[1]"), (#"["a; b: x"]"#, "a; b: x"),
        ] as [(String, String?)])
    func whatAnOlderVersionCouldNotRead(
        engine: Engine, one: (stored: String, detail: String?)
    ) throws {
        let test = try TestDatabase(engine)
        try load([Seen(collection: #""euid":0"#)], into: test)
        try test.database.prepare("UPDATE Executions SET Unread_files = ?")
            .run([.text(one.stored)])
        // (The record has no sources, so all lists are unknown.)
        let details = try findings(test)
        #expect(details.count == 1)
        let detail = details.first ?? ""
        if let expected = one.detail {
            #expect(detail.hasSuffix("; could not read \(expected)"), "\(detail)")
        } else {
            #expect(!detail.contains("could not read"), "\(detail)")
        }
    }
}
