import SystemPackage
import TestSupport
import Testing

/// `--host` where hosts have chosen names that hide others.
@Suite struct HostSelectionTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The name, id and address of hosts; the processes of each are `init` and `nc`.
    private static let hosts = [
        ("web-01", "h-1", "192.0.2.1"), ("WEB-01", "h-2", "192.0.2.2"),
        ("web-01.a.example", "h-3", "192.0.2.3"), ("web-*", "h-4", "192.0.2.4"),
        ("*", "h-5", "192.0.2.5"),
        ("db-01", "DB-*", "192.0.2.6"), ("db-02", "h-7", "192.0.2.?"), ("1", "h-8", "192.0.2.8"),
        // As JSON has them.
        ("[x]", "h-9", "192.0.3.1"), ("é\\u202E\\n\\\\d", "h-10", "192.0.3.2"),
        ("∅", "h-11", "192.0.3.3"),
    ]

    private func load(_ database: String) throws {
        for (index, (name, id, ip)) in Self.hosts.enumerated() {
            let snapshot = SnapshotText(
                id: uuid(index + 1), takenAt: "2026-01-01T00:00:00Z", hostID: id, hostname: name,
                ip: ip,
                processes: [process(1, "init"), process(2, "nc")])
            try directory.write(snapshot.bytes, to: "stick/\(10 + index).jsonl")
        }
        let ingest = try run(
            census, ["ingest", "--quiet", "--db", database, "stick"], in: directory.path)
        try #require(ingest.status == 0, "\(ingest.error)")
    }

    /// No host hides another, whatever it is called: a pattern remains one, and capitals do not count.
    @Test(arguments: Engine.allCases) func noHostHidesAnother(_ engine: Engine) throws {
        let database = try engine.database()
        try load(database.name)
        try directory.write(
            Array(
                "rules:\n- {id: nc, severity: high, sentence: no nc, forbidden-processes: [nc]}\n"
                    .utf8),
            to: "rules.yaml")
        for (pattern, numbers) in [
            ("*", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), ("web-*", [1, 2, 3, 4]), ("db-*", [6, 7]),
            ("web-01", [1, 2, 3]), ("Web-01", [1, 2, 3]), ("web-01.a.example", [1, 2, 3]),
            ("1", [1, 8]),
            ("192.0.2.?", [1, 2, 3, 4, 5, 6, 7, 8]), ("web-\\*", [4]), ("\\*", [5]),
            ("h-[12]", [1, 2]),
            // As tables show them.
            ("[x]", [9]), ("[X]", [9]), ("\\[x]", [9]), ("É\\u202e\\n\\d", [10]),
            ("é\\u202E\\n*", [10]), ("*\\n*", [10]), ("\\u2205", [11]), ("∅", [11]),
        ] {
            /// - Parameter column: that of the `Server_ID`.
            func ids(_ command: [String], column: Int, status: Int32) throws -> [Int] {
                let result = try run(
                    census,
                    command + ["--format", "csv", "--host", pattern, "--db", database.name],
                    in: directory.path)
                #expect(result.status == status, "\(command) \(pattern): \(result.error)")
                let rows = result.output.split(separator: "\r\n").dropFirst()
                return rows.compactMap { row in
                    Int(row.split(separator: ",", omittingEmptySubsequences: false)[column])
                }.sorted()
            }
            #expect(try ids(["list", "hosts"], column: 0, status: 0) == numbers, "\(pattern)")
            #expect(
                try ids(["check", "--rules", "rules.yaml"], column: 3, status: 1) == numbers,
                "\(pattern)")
        }
    }

    /// A command about one host takes the one with the same capitals, and asks where there are several.
    @Test func oneHost() throws {
        try load("census.sqlite")
        for (name, address) in [
            ("web-01", "192.0.2.1"), ("WEB-01", "192.0.2.2"), ("*", "192.0.2.5"),
            ("[x]", "192.0.3.1"), ("é\\u202E\\n\\d", "192.0.3.2"), ("\\u2205", "192.0.3.3"),
        ] {
            let shown = try run(census, ["show", name], in: directory.path)
            #expect(shown.status == 0 && shown.output.contains(address), "\(name) \(shown.error)")
        }
        let ambiguous = try run(census, ["show", "Web-01"], in: directory.path)
        #expect(ambiguous.status == 1)
        #expect(
            ambiguous.error.contains(
                "Web-01 is ambiguous: it matches the Server_IDs 1 (h-1), 2 (h-2)"))
    }
}
