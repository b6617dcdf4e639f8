import Foundation
import SystemPackage
import TestSupport
import Testing

/// The views, which other programs ask.
@Suite struct ViewTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func ingest(
        _ database: String, environment: [String: String] = [:]
    ) throws -> RunResult {
        try run(
            census, ["ingest", "--quiet", "--db", database, referenceFleet.string],
            in: directory.path, environment: environment)
    }

    /// The lines of a query, with tabs between the values.
    private func rows(_ sql: String, _ database: NamedDatabase) throws -> [String] {
        #if MySQL
            if let server = database.server {
                return try server.sql(sql).split(separator: "\n").map(String.init)
            }
        #endif
        let result = try run(
            "sqlite3", ["-separator", "\t", "-nullvalue", "NULL", database.name, sql],
            in: directory.path)
        #expect(result.error == "")
        return result.output.split(separator: "\n").map(String.init)
    }

    private static let views = [
        "v_accounts", "v_addresses", "v_authorized_keys", "v_evidence", "v_executions", "v_hosts",
        "v_listening_ports", "v_packages", "v_patches", "v_privileges", "v_processes",
        "v_retractions", "v_ssh_host_keys", "v_users",
    ]

    @Test(arguments: Engine.allCases) func theRowsOfTheReferenceFleet(_ engine: Engine) throws {
        let database = try engine.database()
        try #require(ingest(database.name).status == 0)
        for (view, count) in [
            ("v_hosts", 4), ("v_executions", 8), ("v_processes", 1729), ("v_users", 8),
            ("v_evidence", 8), ("v_packages", 0), ("v_retractions", 0),
        ] {
            #expect(try rows("SELECT COUNT(*) FROM \(view)", database) == ["\(count)"], "\(view)")
        }
        #expect(
            try rows(
                """
                SELECT v.host, h.ip, v.taken_at, h.os, h.first_seen, h.executions, COUNT(*)
                FROM v_processes v JOIN v_hosts h ON h.server_id = v.server_id
                WHERE v.is_newest = 1 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1
                """, database) == [
                    "ale-laptop\t192.168.0.64\t2020-02-23 20:49:11\twindows\t2020-02-23 20:48:19\t2\t165",
                    "desktop-zeppa\t192.168.56.1\t2020-02-24 11:17:26\twindows\t2020-02-23 20:48:32\t4\t249",
                    "ivan-pc\t192.168.1.153\t2020-02-24 00:52:12\twindows\t2020-02-24 00:52:12\t1\t304",
                    "lubuntu-vm\t127.0.1.1\t2020-02-24 13:47:44\tLinux\t2020-02-24 13:47:44\t1\t115",
                ])
        #expect(
            try rows(
                "SELECT username FROM v_users WHERE taken_at = '2020-02-24 11:17:26'", database)
                == ["Aldo Zeppa"])
    }

    /// In the same words on each engine, and in the file for Datasette.
    @Test(arguments: Engine.allCases) func theColumnsAreThoseOfTheMetadata(
        _ engine: Engine
    ) throws {
        let database = try engine.database()
        try #require(ingest(database.name).status == 0)
        let columns = try Self.views.map { view in
            let query =
                engine == .sqlite
                ? "SELECT name FROM pragma_table_info('\(view)')"
                : "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_NAME = '\(view)' "
                    + "AND TABLE_SCHEMA = DATABASE() ORDER BY ORDINAL_POSITION"
            return "\(view): \(try rows(query, database).joined(separator: " "))"
        }
        let metadata = fixtures.removingLastComponent()
            .appending("sql/datasette/metadata.json").string
        let described = try run(
            "jq",
            [
                "-r",
                """
                .databases.census.tables | to_entries | sort_by(.key)[]
                | "\\(.key): \\(.value.columns | keys_unsorted | join(" "))"
                """, metadata,
            ])
        #expect(described.output.split(separator: "\n").map(String.init) == columns)
    }

    /// What could not be read, by its names. An outdated view on a server is made anew: that on SQLite is
    /// upgraded with its tables.
    @Test(arguments: Engine.allCases) func whatCouldNotBeRead(_ engine: Engine) throws {
        let database = try engine.database()
        try #require(ingest(database.name).status == 0)
        var text = SnapshotText(id: uuid(1))
        text.lines.insert(
            #"{"record":"collection","unreadable":["a; \"b\": x"],"sources":[]}"#, at: 4)
        try directory.write(text.bytes, to: "a.jsonl")
        if engine == .server {
            _ = try rows(
                """
                DROP VIEW v_executions;
                CREATE VIEW v_executions AS SELECT Execution_ID AS execution_id FROM Executions
                """, database)
        }
        for _ in 1...2 {
            let result = try run(
                census, ["ingest", "--quiet", "--db", database.name, "a.jsonl"],
                in: directory.path)
            #expect((result.status, result.error) == (0, ""))
            #expect(
                try rows(
                    """
                    SELECT REPLACE(unread_files, CHAR(92), '/'), privileges_known, kernel
                    FROM v_executions WHERE unread_files IS NOT NULL
                    """, database) == [#"["a; /"b/": x"]"# + "\tNULL\tNULL"])
        }
    }

    /// Of lists as many rows as reports have.
    @Test func listsHaveTheRowsOfReports() throws {
        let fleet = try LoadedFleet(withLists: true)
        for (report, view) in [
            ("packages", "v_packages"), ("patches", "v_patches"), ("accounts", "v_accounts"),
            ("listening", "v_listening_ports"), ("privileges", "v_privileges"),
            ("keys", "v_authorized_keys"), ("host-keys", "v_ssh_host_keys"),
        ] {
            let rows = try run(
                census,
                ["report", report, "--latest", "--format", "jsonl", "--db", fleet.databases[0]],
                in: fleet.path)
            let count = try run(
                "sqlite3",
                [fleet.databases[0], "SELECT COUNT(*) FROM \(view) WHERE is_newest = 1"],
                in: fleet.path)
            #expect(
                count.output == "\(rows.output.split(separator: "\n").count)\n", "\(report)")
        }
    }

    #if MySQL
        /// A view has the rights of whoever asks it, and nothing fails without the right to make it.
        @Test func anAccountThatMayNotMakeViews() throws {
            let server = try ServerDatabase()
            let owner = try ServerAccount(
                "SELECT, INSERT, UPDATE, CREATE, ALTER, REFERENCES, CREATE ROUTINE", on: server)
            let password = ["MYSQL_PWD": owner.password]
            let views =
                "SELECT COUNT(*) FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()"
            for _ in 1...2 {
                let result = try ingest(owner.address, environment: password)
                #expect((result.status, result.error) == (0, ""))
                #expect(try server.sql(views) == "0\n")
            }
            try owner.grant("CREATE VIEW")
            #expect(try ingest(owner.address, environment: password).error == "")
            #expect(try server.sql(views) == "\(Self.views.count)\n")
            #expect(
                try server.sql(
                    """
                    SELECT DISTINCT SECURITY_TYPE FROM information_schema.VIEWS
                    WHERE TABLE_SCHEMA = DATABASE()
                    """) == "INVOKER\n")
            #expect(try ingest(owner.address, environment: password).error == "")
        }
    #endif

    /// Views are neither exported nor in the way of what changes tables.
    @Test(arguments: Engine.allCases) func otherCommandsDoNotMindThem(_ engine: Engine) throws {
        let database = try engine.database()
        try #require(ingest(database.name).status == 0)
        for arguments in [
            ["export", "out"], ["export", "script", "--format", "sql"],
            ["retract", "lubuntu-vm", "--reason", "r", "--vacuum"],
        ] {
            let result = try run(
                census, arguments + ["--db", database.name], in: directory.path)
            #expect(result.status == 0, "\(result.error)")
        }
        let names = try FileManager.default.contentsOfDirectory(
            atPath: directory.path.appending("out").string)
        #expect(names.filter { $0.hasPrefix("v_") } == [])
        #expect(try rows("SELECT COUNT(*) FROM v_hosts", database) == ["3"])
        #expect(try rows("SELECT COUNT(*) FROM v_retractions", database) == ["1"])
        let copy = try run(
            "sqlite3", ["copy.sqlite", ".read script/census.sql", "SELECT COUNT(*) FROM v_hosts"],
            in: directory.path)
        #expect((copy.output, copy.error) == ("4\n", ""))
    }
}
