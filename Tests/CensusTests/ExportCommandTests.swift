import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census export`.
@Suite struct ExportCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func ingest(_ database: String, _ paths: [String]) throws {
        let result = try run(
            census, ["ingest", "--quiet", "--db", database] + paths, in: directory.path)
        try #require((result.status, result.error) == (0, ""))
    }

    private func export(_ arguments: [String]) throws -> RunResult {
        try run(census, ["export"] + arguments, in: directory.path)
    }

    /// Names that break rows of CSV or statements of SQL.
    private var hostile: SnapshotText {
        SnapshotText(
            id: uuid(9), hostID: "evil", hostname: #"o'hara\n.quit\n\"; DROP TABLE OS; --"#,
            processes: [process(1, #"=x,\r\n'"#), process(2, #"\u001b[2J"#)])
    }

    @Test(arguments: Engine.allCases) func everyTableIsAFile(_ engine: Engine) throws {
        let database = try engine.database()
        try directory.write(hostile.bytes, to: "evil.jsonl")
        try ingest(database.name, [referenceFleet.string, "evil.jsonl"])
        let result = try export(["out", "--db", database.name])
        #expect((result.status, result.output, result.error) == (0, "", ""))
        let names = try FileManager.default.contentsOfDirectory(
            atPath: directory.path.appending("out").string)
        #expect(names.count == 31)
        let rows = try run(
            "python3",
            [
                "-c",
                """
                import csv, sys
                for name in ["executions", "processes", "processes_per_execution", "receipts"]:
                    with open(f"out/{name}.csv", newline="") as file:
                        print(name, len(list(csv.DictReader(file))))
                rows = csv.DictReader(open("out/processes.csv", newline=""))
                print([r["Process_Name"] for r in rows if ord(r["Process_Name"][0]) in (27, 39)])
                """,
            ], in: directory.path)
        #expect(rows.error == "")
        #expect(
            rows.output.split(separator: "\n").map(String.init) == [
                "executions 9", "processes 892", "processes_per_execution 1731", "receipts 9",
                #"["'=x,\r\n'", '\x1b[2J']"#,
            ])
        // Its own earlier files are overwritten, another's are not.
        #expect(try export(["out", "--db", database.name]).status == 0)
        try directory.write("mine".utf8, to: "out/os.csv")
        let before = try directory.read("out/executions.csv")
        let refused = try export(["out", "--db", database.name])
        #expect(refused.status == 1)
        #expect(refused.error.contains("out/os.csv: it is not an earlier CSV of os"))
        #expect(try directory.read("out/executions.csv") == before)
        #expect(try export(["out", "--db", database.name, "--force"]).status == 0)
    }

    @Test(arguments: Engine.allCases) func jsonIsExact(_ engine: Engine) throws {
        let database = try engine.database()
        try directory.write(hostile.bytes, to: "evil.jsonl")
        try ingest(database.name, ["evil.jsonl"])
        #expect(try export(["out", "--format", "json", "--db", database.name]).status == 0)
        let name = try run(
            "jq", ["-r", ".[0].Hostname"], in: directory.path,
            input: directory.read("out/executions.json"))
        #expect(name.output == "o'hara\n.quit\n\"; DROP TABLE OS; --\n")
    }

    #if MySQL
        /// What is exported of some executions is what their files alone would have made: nothing that
        /// they refer to is missing, and nothing else is there.
        @Test(
            arguments: Engine.allCases,
            [
                (["--host", "ALE-*", "--host", "lubuntu-vm"], ["ale-laptop", "lubuntu-vm"]),
                (["--host", "desktop-zeppa", "--until", "2020-02-23"], ["desktop-zeppa_20200223"]),
                (["--since", "2020-02-24"], ["desktop-zeppa_20200224", "ivan-pc", "lubuntu-vm"]),
                (
                    ["--latest"],
                    [
                        "ale-laptop_20200223T204911Z", "desktop-zeppa_20200224", "ivan-pc",
                        "lubuntu-vm",
                    ]
                ),
                (["--all"], [""]),
            ])
        func selected(_ engine: Engine, _ selection: (options: [String], files: [String])) throws {
            let database = try engine.database()
            let other = fixtures.appending("damaged").string
            _ = try run(
                census, ["ingest", "--quiet", "--db", database.name, referenceFleet.string, other],
                in: directory.path)
            _ = try run(census, ["find", "x", "--db", database.name], in: directory.path)
            let result = try export(
                ["out", "--format", "sql", "--db", database.name] + selection.options)
            #expect((result.status, result.output, result.error) == (0, "", ""))
            let made = try run(
                "bash", ["-c", "sqlite3 copy.sqlite <out/census.sql"], in: directory.path)
            #expect((made.status, made.output, made.error) == (0, "", ""))
            func sqlite3(_ database: String, _ sql: String) throws -> String {
                try run("sqlite3", [database, sql], in: directory.path).output
            }
            #expect(
                try sqlite3("copy.sqlite", "PRAGMA integrity_check; PRAGMA foreign_key_check")
                    == "ok\n")
            let names = try FileManager.default.contentsOfDirectory(atPath: referenceFleet.string)
                .filter { name in selection.files.contains { name.hasPrefix($0) } }
            try ingest("direct.sqlite", names.map { referenceFleet.appending($0).string })
            let copy = CensusContents.file(directory.path.appending("copy.sqlite"))
            let direct = CensusContents.file(directory.path.appending("direct.sqlite"))
            #expect(try direct.differences(from: copy) == [])
            let tables = try sqlite3(
                "direct.sqlite",
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).split(separator: "\n")
            #expect(tables.count > 25)
            for table in tables where selection.options != ["--all"] || table != "Receipts" {
                let count = "SELECT COUNT(*) FROM \(table)"
                #expect(
                    try sqlite3("copy.sqlite", count) == sqlite3("direct.sqlite", count), "\(table)"
                )
            }
            // The other formats have the same rows.
            #expect(
                try export(["csv", "--format", "jsonl", "--db", database.name] + selection.options)
                    .status == 0)
            let lines = try run("bash", ["-c", "wc -l <csv/processes.ndjson"], in: directory.path)
            #expect(
                try lines.output.trimmingCharacters(in: .whitespaces)
                    == sqlite3("copy.sqlite", "SELECT COUNT(*) FROM Processes"))
            // census goes on with it.
            try ingest("copy.sqlite", [referenceFleet.string])
            try ingest("direct.sqlite", [referenceFleet.string])
            #expect(try direct.differences(from: copy) == [])
        }

        @Test func nothingIsSelected() throws {
            try ingest("test.sqlite", [referenceFleet.string])
            let result = try export([
                "out", "--host", "ale-*", "--since", "2021-01-01", "--db", "test.sqlite",
            ])
            #expect(result.status == 1)
            #expect(result.error.contains("no execution of a host matching ale-*"))
            #expect(try !directory.names().contains("out"))
        }

        /// A script of either engine makes a database of SQLite with the same contents.
        @Test(arguments: Engine.allCases) func aScript(_ engine: Engine) throws {
            let database = try engine.database()
            try directory.write(hostile.bytes, to: "evil.jsonl")
            try ingest(database.name, [referenceFleet.string, "evil.jsonl"])
            let result = try export(["out", "--format", "sql", "--db", database.name])
            #expect((result.status, result.output, result.error) == (0, "", ""))
            let made = try run(
                "bash", ["-c", "sqlite3 copy.sqlite <out/census.sql"], in: directory.path)
            #expect((made.status, made.output, made.error) == (0, "", ""))
            let check = try run(
                "sqlite3", ["copy.sqlite", "PRAGMA integrity_check; PRAGMA foreign_key_check"],
                in: directory.path)
            #expect(check.output == "ok\n")
            try ingest("direct.sqlite", [referenceFleet.string, "evil.jsonl"])
            let copy = CensusContents.file(directory.path.appending("copy.sqlite"))
            let direct = CensusContents.file(directory.path.appending("direct.sqlite"))
            #expect(try direct.differences(from: copy) == [])
            // census goes on with it.
            try ingest("copy.sqlite", [referenceFleet.string])
            #expect(try export(["out", "--format", "sql", "--db", "copy.sqlite"]).status == 0)
        }
    #endif

    /// Tables of others are left out, whatever they are called.
    @Test(arguments: ["csv", "json", "jsonl", "sql"]) func tablesOfOthers(_ format: String) throws {
        try expectLeftOut(
            format,
            adding: """
                CREATE TABLE "my notes; --" (a); INSERT INTO "my notes; --" VALUES ('secret');
                CREATE TABLE Hosts2 AS SELECT * FROM Servers
                """,
            """
            left out: Hosts2 is no table of census
            left out: my notes; -- is no table of census

            """)
    }

    /// Columns of others are left out, and so are tables of any form.
    @Test(arguments: ["csv", "json", "jsonl", "sql"]) func columnsOfOthers(_ format: String) throws
    {
        try expectLeftOut(
            format,
            adding: """
                ALTER TABLE Servers ADD COLUMN "our note; --" TEXT DEFAULT 'secret';
                ALTER TABLE Servers ADD COLUMN Label TEXT AS (Hostname || '!') VIRTUAL;
                ALTER TABLE OS ADD COLUMN Hostname TEXT;
                CREATE TABLE Codes (Code TEXT PRIMARY KEY, n AS (1) STORED) WITHOUT ROWID;
                INSERT INTO Codes VALUES ('secret');
                CREATE TABLE Marks (a INTEGER) STRICT
                """,
            """
            left out: Codes is no table of census
            left out: Marks is no table of census
            left out: Hostname is no column of census's table OS
            left out: our note; -- is no column of census's table Servers
            left out: Label is no column of census's table Servers

            """)
    }

    /// An export is the same without what another program adds, a script works, and this is said.
    private func expectLeftOut(_ format: String, adding sql: String, _ error: String) throws {
        try directory.write(hostile.bytes, to: "evil.jsonl")
        try ingest("test.sqlite", ["evil.jsonl"])
        let arguments = ["--format", format, "--db", "test.sqlite"]
        #expect(try export(["before"] + arguments).error == "")
        let added = try run("sqlite3", ["-bail", "test.sqlite", sql], in: directory.path)
        #expect((added.status, added.error) == (0, ""))
        let result = try export(["after"] + arguments)
        #expect((result.status, result.output, result.error) == (0, "", error))
        #expect(try run("diff", ["-r", "before", "after"], in: directory.path).status == 0)
        if format == "sql" {
            let made = try run(
                "bash", ["-c", "sqlite3 -bail copy.sqlite <after/census.sql"], in: directory.path)
            #expect((made.status, made.output, made.error) == (0, "", ""))
        }
    }

    #if MySQL
        /// The same of a server, where columns that census derives from others are not named.
        @Test func columnsOfOthersOnAServer() throws {
            let database = try Engine.server.database()
            try directory.write(hostile.bytes, to: "evil.jsonl")
            try ingest(database.name, ["evil.jsonl"])
            let arguments = ["--format", "sql", "--db", database.name]
            #expect(try export(["before"] + arguments).error == "")
            _ = try database.server?.sql(
                """
                ALTER TABLE Servers ADD COLUMN Note TEXT DEFAULT 'secret';
                ALTER TABLE Servers ADD COLUMN Label TEXT AS (CONCAT(Hostname, '!')) VIRTUAL
                """)
            let result = try export(["after"] + arguments)
            #expect(
                result.error == """
                    left out: Note is no column of census's table Servers
                    left out: Label is no column of census's table Servers

                    """)
            #expect(try run("diff", ["-r", "before", "after"], in: directory.path).status == 0)
        }
    #endif

    @Test func wholeOrAbsent() throws {
        try ingest("test.sqlite", [referenceFleet.string])
        _ = try run("sqlite3", ["test.sqlite", "DROP TABLE Servers"], in: directory.path)
        let short = try export(["none", "--db", "missing.sqlite"])
        #expect(short.status == 1)
        #expect(try directory.names() == ["test.sqlite"])
        for arguments in [[""], ["-"], [], ["out", "--format", "table"]] {
            #expect(try export(arguments).status == 64)
        }
    }
}
