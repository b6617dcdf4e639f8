import DatabaseSupport
import Evidence
import Loading
import Query
import Records
import TestSupport
import Testing
import Text

// The list of expected hosts in coverage, and hosts without files.
extension CoverageTests {
    typealias List = (list: [String], findings: [String])

    private static let lists: [List] = [
        (
            ["web-01.a.example", "web-01.b.example"],
            [
                "ambiguous 1 web-01: 2 list entries match this server: web-01.a.example, "
                    + "web-01.b.example; they name hosts in different domains, so at least one of them was not seen",
                "unexpected 2 db-01", "unexpected 3 db-02",
            ]
        ),
        (
            ["web-01", "WEB-01", "192.0.2.1", "db-01", "db-02"],
            [
                "ambiguous 1 web-01: 2 list entries match this server: web-01, 192.0.2.1; "
                    + "either the host is listed more than once, or one of them was not seen"
            ]
        ),
        (
            ["web-01", "192.0.2.9", "192.0.2.23"],
            [
                "ambiguous 192.0.2.9: matches 2 servers: 2 (db-01), 3 (db-02)",
                "ambiguous 3 db-02: 2 list entries match this server: 192.0.2.9, "
                    + "192.0.2.23; either the host is listed more than once, or one of them was not seen",
            ]
        ),
        // The one that has the name now, and not the one that had it once.
        (["web-01", "old", "db-01"], []),
        (["h", "192.0.2.2", "db-02."], []),
        (
            ["web-01", "db-01", "DB-02.example", "nobody"],
            ["missing nobody: expected but never seen"]
        ),
    ]

    @Test(arguments: Engine.allCases, lists)
    func entriesOfTheList(engine: Engine, one: List) throws {
        let test = try TestDatabase(engine)
        let shared = #","addresses":["192.0.2.9"]"#
        try load(
            [
                Seen(), Seen(id: "db-01", name: "db-01", ip: "192.0.2.2", more: shared),
                Seen(id: "db-02", name: "old", ip: "192.0.2.3", at: "2025-12-01T00:00:00Z"),
                Seen(
                    id: "db-02", name: "db-02", ip: "192.0.2.3",
                    more: #","addresses":["192.0.2.9","192.0.2.23"]"#),
            ], into: test)
        let found = try findings(test, expected: one.list).map {
            $0.hasPrefix("unexpected") ? String($0.prefix { $0 != ":" }) : $0
        }
        #expect(found.sorted() == one.findings.sorted())
    }

    /// A name matches the host that has it now.
    @Test(arguments: Engine.allCases)
    func aNameThatWasGivenToAnother(engine: Engine) throws {
        let test = try TestDatabase(engine)
        try load(
            [
                Seen(id: "a"), Seen(id: "a", name: "old", at: Self.second),
                Seen(id: "b", ip: "192.0.2.2", at: Self.third),
            ], into: test)
        #expect(
            try findings(test, expected: ["web-01"]) == ["unexpected 1 old: seen but not expected"])
        #expect(try findings(test, expected: ["web-01", "old"]) == [])
    }

    typealias Namesakes = (names: [String], areOne: Bool)

    private static let namesakes: [Namesakes] = [
        (["web-01", "WEB-01.example.org"], true), (["web-01.a", "WEB-01.A."], true),
        (["web-01.a", "web-01.b"], false), (["web-01", "web-02"], false),
        (["10.0.0.1", "10.0.0.2"], false),
    ]

    @Test(arguments: Engine.allCases, namesakes)
    func namesUnderSeveralIDs(engine: Engine, one: Namesakes) throws {
        let test = try TestDatabase(engine)
        let seen = one.names.enumerated().map {
            Seen(id: "h\($0.offset)", name: $0.element, ip: "192.0.2.\($0.offset)")
        }
        try load(seen + [Seen(id: "x", name: nil), Seen(id: "y", name: nil)], into: test)
        #expect(
            try findings(test)
                == (one.areOne
                    ? ["several_ids 1 \(one.names[0]): 2 servers have this name: 1 (h0), 2 (h1)"]
                    : [])
        )
    }

    /// A row of `Servers` without executions does not mean that the host was seen.
    @Test(arguments: Engine.allCases)
    func aHostWithoutAnExecution(engine: Engine) throws {
        let test = try TestDatabase(engine)
        try load([Seen()], into: test)
        try test.database.execute(
            """
            INSERT INTO Servers (Host_ID, Hostname, OS_ID, Newest_Exec_date, Newest_Snapshot_ID)
            VALUES ('z', 'ghost', 1, '2026-01-01 00:00:00', '')
            """)
        #expect(
            try findings(test, expected: ["web-01", "ghost"]) == [
                "missing ghost: expected but never seen",
                "partial 2 ghost: no executions: never seen",
            ])
    }

    #if MySQL
        /// What stored procedures added came from no file.
        @Test func hostsOfStoredProceduresAreSeen() throws {
            let test = try TestDatabase(.server)
            for sql in [
                "INSERT INTO OS (OS_Name) VALUES ('windows')",
                """
                INSERT INTO Servers (Host_ID, Hostname, IP, OS_ID, Newest_Exec_date,
                                     Newest_Snapshot_ID)
                VALUES ('old-1', 'old-pc', '192.0.2.7', 1, '2020-02-24 00:00:00', '')
                """,
                """
                INSERT INTO Executions (Server_ID, Exec_date, Hostname, IP, OS_ID, Processes_known,
                                        Users_known)
                VALUES (1, '2020-02-23 00:00:00', 'old-pc', '192.0.2.7', 1, 1, 1),
                       (1, '2020-02-24 00:00:00', 'old-pc', '192.0.2.8', 1, 1, 1)
                """,
            ] { try test.database.execute(sql) }
            let expected = try ExpectedHosts(Array("other\n".utf8))
            let found = try Coverage(
                in: test.database, expected: expected, oldest: nil, now: #require(Timestamp.now())
            ).anomalies
            #expect(found.map(\.kind) == [.missing, .unexpected])
            #expect(found[1].lastSeen == "2020-02-24 00:00:00")
            let named = try ExpectedHosts(Array("OLD-PC\n".utf8))
            #expect(
                try Coverage(
                    in: test.database, expected: named, oldest: nil, now: #require(Timestamp.now())
                ).anomalies.isEmpty)

            let query = try ExecutionQuery(test.database)
            let newest = try query.newest(2, of: 1, until: nil)
            // A future date without a file is found, too.
            try test.database.execute(
                """
                INSERT INTO Executions (Server_ID, Exec_date, Hostname, IP, OS_ID, Processes_known,
                                        Users_known)
                VALUES (1, '2999-01-01 00:00:00', 'old-pc', '192.0.2.8', 1, 1, 1)
                """)
            #expect(
                try findings(test) == [
                    "clock 1 old-pc: taken at 2999-01-01 00:00:00, which is in the future"
                ])
            let comparison = try query.comparison(from: newest[1].id, to: newest[0].id)
            #expect(comparison.changes.map(\.what) == ["ip"])
        }
    #endif
}
