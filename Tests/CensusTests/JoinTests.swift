import Foundation
import SystemPackage
import TestSupport
import Testing

/// `census ingest` of other census databases.
@Suite struct JoinTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    private func ingest(_ database: String, _ paths: [String], status: Int32 = 0) throws {
        let result = try run(
            TestSupport.census, ["ingest", "--quiet", "--db", database] + paths,
            in: directory.path)
        try #require(result.status == status, "\(result.error)")
    }

    private func sqlite3(_ database: String, _ sql: String) throws -> [String] {
        let result = try run("sqlite3", [database, sql], in: directory.path)
        #expect(result.error == "")
        return result.output.split(separator: "\n").map(String.init)
    }

    #if MySQL
        private func tables(_ database: NamedDatabase) -> CensusContents {
            if let server = database.server { return .server { try server.sql($0) } }
            return .file(directory.path.appending(database.name))
        }

        /// Two auditors' databases, with hosts and files that both have, are the same as one of all
        /// files, from any engine to any engine.
        @Test(arguments: Engine.allCases, Engine.allCases)
        func twoDatabasesAreAsOne(_ from: Engine, _ into: Engine) throws {
            try PlantedFleet.write(to: directory, withLists: true)
            let folder = directory.path.appending("fleet").string
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                .prefix(40).map { "fleet/\($0)" }
            let (anna, ben) = (try from.database(), try from.database())
            let names =
                from == .sqlite ? ["anna.sqlite", "ben.sqlite"] : [anna.name, ben.name]
            try ingest(names[0], Array(files.prefix(25)))
            try ingest(names[1], Array(files.suffix(25)) + [referenceFleet.string])
            let (whole, joined) = (try into.database(), try into.database())
            let wholeName = into == .sqlite ? "whole.sqlite" : whole.name
            let joinedName = into == .sqlite ? "joined.sqlite" : joined.name
            try ingest(wholeName, files + [referenceFleet.string])
            try ingest(joinedName, [files[0]])
            for _ in 1...2 { try ingest(joinedName, names) }

            func contents(_ database: NamedDatabase, _ name: String) -> CensusContents {
                database.server == nil
                    ? .file(directory.path.appending(name)) : tables(database)
            }
            #expect(
                try contents(joined, joinedName).differences(from: contents(whole, wholeName))
                    == [])
            for command in [["report", "1"], ["report", "packages"], ["list", "hosts"]] {
                let reports = try [joinedName, wholeName].map { name in
                    let result = try run(
                        TestSupport.census, command + ["--format", "jsonl", "--db", name],
                        in: directory.path)
                    return result.output.replacing(#/"Server_ID": \d+/#, with: "")
                        .split(separator: "\n").sorted()
                }
                #expect(reports[0] == reports[1], "\(command)")
            }
            if into == .sqlite {
                #expect(
                    try sqlite3(joinedName, "PRAGMA integrity_check; PRAGMA foreign_key_check")
                        == ["ok"])
            }
        }
    #endif

    private func snapshot(_ number: Int, _ host: String) -> SnapshotText {
        SnapshotText(
            id: uuid(number), takenAt: "2026-01-0\(number)T00:00:00Z", hostID: host,
            hostname: "name-\(host)", users: [login("ana")])
    }

    @Test(arguments: Engine.allCases) func whereTheyCameFrom(_ engine: Engine) throws {
        try directory.write(snapshot(1, "x").bytes + snapshot(2, "x").bytes, to: "a.jsonl")
        try directory.write(snapshot(3, "y").bytes, to: "b.jsonl")
        try ingest("anna.sqlite", ["a.jsonl", "b.jsonl"])
        let database = try engine.database()
        try ingest(database.name, ["b.jsonl"])
        let result = try census("ingest", "anna.sqlite", "--db", database.name)
        #expect(result.status == 0)
        #expect(
            result.error == "anna.sqlite: 2 executions added with 2 processes, 1 already here\n")
        #expect(result.output.contains("name-x") || result.output.contains("192.0.2.10"))
        let evidence = try run(
            "jq",
            [
                "-r",
                ".[] | [.Receipt_ID, .File, .SHA256, .Verdict, .Execution_ID, .Joined_from] | @csv",
            ],
            input: census("list", "evidence", "--format", "json", "--db", database.name).outputBytes
        ).output.replacing("\"", with: "")
        func digest(_ file: String) throws -> Substring {
            try run("sha256sum", [file], in: directory.path).output.prefix(64)
        }
        #expect(
            try evidence == """
                1,b.jsonl,\(digest("b.jsonl")),ingested,1,
                2,anna.sqlite,\(digest("anna.sqlite")),ingested,,
                3,a.jsonl,\(digest("a.jsonl")),ingested,2,anna.sqlite
                3,a.jsonl,\(digest("a.jsonl")),ingested,3,anna.sqlite

                """)
        // The file itself is known now, and so is the database.
        let file = try census("ingest", "a.jsonl", "--db", database.name)
        #expect(file.error.contains("2 already ingested"))
        let again = try census("ingest", "anna.sqlite", "--db", database.name)
        #expect(
            again.error == "anna.sqlite: 0 executions added with 0 processes, 3 already here\n")
    }

    /// Of a chain of databases each leads to the next, from the one that read the file.
    @Test(arguments: Engine.allCases) func aChainOfDatabases(_ engine: Engine) throws {
        for (number, name) in ["a", "b", "c"].enumerated() {
            try directory.write(snapshot(number + 1, name).bytes, to: "\(name).jsonl")
            try ingest("\(name).sqlite", ["\(name).jsonl"])
        }
        try directory.write(Array("{}\n".utf8), to: "bad.jsonl")
        #expect(try census("ingest", "--quiet", "bad.jsonl", "--db", "a.sqlite").status == 2)
        let database = try engine.database()
        for (source, target) in [("a", "b.sqlite"), ("b", "c.sqlite"), ("c", database.name)] {
            let result = try census("ingest", "--quiet", "\(source).sqlite", "--db", target)
            #expect((result.status, result.error) == (0, ""))
        }
        func origins() throws -> [String] {
            try run(
                "jq", ["-r", #""\(.File) \(.Verdict) \(.Joined_from)""#],
                input: census("list", "evidence", "--format", "jsonl", "--db", database.name)
                    .outputBytes
            ).output.split(separator: "\n").map(String.init).sorted()
        }
        let expected = [
            "a.jsonl ingested a.sqlite", "a.sqlite ingested b.sqlite", "b.jsonl ingested b.sqlite",
            "b.sqlite ingested c.sqlite", "bad.jsonl rejected a.sqlite",
            "c.jsonl ingested c.sqlite",
            "c.sqlite ingested null",
        ]
        #expect(try origins() == expected)
        // With nothing new, nothing but the receipt of the database is added.
        #expect(try census("ingest", "--quiet", "c.sqlite", "--db", database.name).status == 0)
        #expect(try origins() == (expected + ["c.sqlite duplicate null"]).sorted())
        if engine == .sqlite {
            #expect(try sqlite3(database.name, "PRAGMA foreign_key_check") == [])
        }
        for (file, count) in [
            ("a.sqlite", "1 execution"), ("b.sqlite", "2 executions"), ("c.sqlite", "3 executions"),
        ] {
            let result = try census(
                "retract", file, "--reason", "x", "--dry-run", "--db", database.name)
            #expect(result.error.contains("\(count) to delete"), "\(file)")
        }
    }

    /// A database that files came through, and another database as well, comes before that one.
    @Test(arguments: Engine.allCases) func aDatabaseWithFilesAndADatabase(_ engine: Engine) throws {
        for (number, name) in ["a", "b"].enumerated() {
            try directory.write(snapshot(number + 1, name).bytes, to: "\(name).jsonl")
            try ingest("\(name).sqlite", ["\(name).jsonl"])
        }
        let database = try engine.database()
        for (source, target) in [("b", "a.sqlite"), ("a", "mid.sqlite"), ("mid", database.name)] {
            try ingest(target, ["\(source).sqlite"])
        }
        let origins = try run(
            "jq", ["-r", #""\(.File) \(.Joined_from)""#],
            input: census("list", "evidence", "--format", "jsonl", "--db", database.name)
                .outputBytes
        ).output.split(separator: "\n").map(String.init).sorted()
        #expect(
            origins == [
                "a.jsonl a.sqlite", "a.sqlite mid.sqlite", "b.jsonl b.sqlite", "b.sqlite a.sqlite",
                "mid.sqlite null",
            ])
        for (file, count) in [("b.sqlite", "1 execution"), ("a.sqlite", "2 executions")] {
            let result = try census(
                "retract", file, "--reason", "x", "--dry-run", "--db", database.name)
            #expect(result.error.contains("\(count) to delete"), "\(file)")
        }
    }

    /// What was retracted here is refused, unless it is asked for; and so is other content.
    @Test(arguments: Engine.allCases) func whatIsRefused(_ engine: Engine) throws {
        for number in 1...3 {
            try directory.write(snapshot(number, "h\(number)").bytes, to: "\(number).jsonl")
        }
        try ingest("anna.sqlite", ["1.jsonl", "2.jsonl", "3.jsonl"])
        let database = try engine.database()
        var other = snapshot(3, "h3")
        other.lines.append(process(77, "added"))
        try directory.write(other.bytes, to: "other.jsonl")
        try ingest(database.name, ["1.jsonl", "other.jsonl"])
        #expect(
            try census("retract", "name-h1", "--reason", "not ours", "--db", database.name).status
                == 0)
        let refused = try census("ingest", "--quiet", "anna.sqlite", "--db", database.name)
        #expect(refused.status == 2)
        let lines = refused.error.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("anna.sqlite: snapshot \(uuid(1)) was retracted on 20"))
        #expect(lines[0].hasSuffix(" (not ours); use --again to load it"))
        #expect(
            lines[1]
                == "anna.sqlite: snapshot \(uuid(3)) is in the database with other content")
        let again = try census(
            "ingest", "--again", "--limit", "0", "anna.sqlite", "--db", database.name)
        #expect(again.status == 2)
        #expect(
            again.error.hasSuffix(
                "anna.sqlite: 1 execution added with 1 process, 1 already here, 1 refused\n"))
    }

    @Test func databasesThatAreNone() throws {
        try directory.write(snapshot(1, "x").bytes, to: "a.jsonl")
        try ingest("x.sqlite", ["a.jsonl"])
        // Itself.
        let itself = try census("ingest", "x.sqlite", "--db", "x.sqlite")
        #expect(itself.status == 1)
        #expect(
            itself.error
                == "census: cannot write x.sqlite: the database would be written to the evidence file x.sqlite; "
                + "give --db another name\n")
        // Another program's file is no database of census, and is named as what it is.
        _ = try sqlite3("other.sqlite", "CREATE TABLE t (x)")
        let other = try census("ingest", "--quiet", "other.sqlite", "--db", "y.sqlite")
        #expect(other.status == 2)
        #expect(other.error.contains("SQLite"))
        // One of an older census.
        let newest = try sqlite3("x.sqlite", "PRAGMA user_version")[0]
        _ = try sqlite3("x.sqlite", "PRAGMA user_version = 5")
        let older = try census("ingest", "--quiet", "x.sqlite", "--db", "y.sqlite")
        #expect(older.status == 2)
        #expect(
            older.error.hasPrefix("x.sqlite: it has the schema of an older census; upgrade a copy"))
        // A damaged one: what was written before stays, the rest is absent.
        _ = try sqlite3("x.sqlite", "PRAGMA user_version = \(newest); DELETE FROM Processes")
        let damaged = try census("ingest", "--quiet", "x.sqlite", "--db", "y.sqlite")
        #expect(damaged.status == 2)
        #expect(
            damaged.error
                == "x.sqlite: the database is damaged: Processes lacks rows that others refer to\n")
        #expect(
            try sqlite3("y.sqlite", "SELECT COUNT(*) FROM Executions; SELECT COUNT(*) FROM OS")
                == ["0", "0"])
        let missing = try census("ingest", "none.sqlite", "--db", "y.sqlite")
        #expect(missing.status == 1)
    }

    /// Items that hosts share are compared with their digests, dates and texts are checked: a database
    /// that was altered changes nothing that other files say.
    @Test(arguments: [
        (
            "UPDATE Packages SET Package_Name = 'evil' WHERE Package_ID = 1",
            "Packages has a row with a wrong digest"
        ),
        (
            """
            DELETE FROM PACKAGES_PER_SET
            WHERE Package_ID = (SELECT MIN(Package_ID) FROM PACKAGES_PER_SET)
            """, "PACKAGE_SETS has a row with a wrong digest"
        ),
        (
            "UPDATE PACKAGE_SETS SET Item_count = Item_count + 1",
            "PACKAGE_SETS has a row with a wrong digest"
        ),
        (
            "UPDATE Processes SET Process_Name = CAST(x'FF41' AS TEXT)",
            "Processes has a text that census never writes"
        ),
        ("DELETE FROM Receipts WHERE Receipt_ID = 1", "Receipts lacks rows that others refer to"),
        (
            "UPDATE Receipts SET Database_Receipt_ID = Receipt_ID",
            "Receipts has rows that came from themselves"
        ),
    ])
    func anAlteredDatabaseIsRefused(_ damage: String, reason: String) throws {
        var text = snapshot(1, "x")
        text.lines += [package("a", "1"), package("b", "2")]
        try directory.write(text.bytes, to: "x.jsonl")
        try ingest("fleet.sqlite", ["x.jsonl"])
        _ = try sqlite3("fleet.sqlite", damage)
        let refused = try census("ingest", "--quiet", "fleet.sqlite", "--db", "all.sqlite")
        #expect(refused.status == 2)
        #expect(refused.error == "fleet.sqlite: the database is damaged: \(reason)\n")
        #expect(try sqlite3("all.sqlite", "SELECT COUNT(*) FROM Executions") == ["0"])
    }

    @Test func anExecutionWithAnImpossibleDateIsRefused() throws {
        try directory.write(snapshot(1, "x").bytes + snapshot(2, "y").bytes, to: "a.jsonl")
        try ingest("x.sqlite", ["a.jsonl"])
        _ = try sqlite3(
            "x.sqlite", "UPDATE Executions SET Exec_date = 'garbage' WHERE Execution_ID = 1")
        let refused = try census("ingest", "--quiet", "x.sqlite", "--db", "y.sqlite")
        #expect(refused.status == 2)
        #expect(
            refused.error
                == "x.sqlite: execution 1 has a digest or a date that census never writes\n")
        #expect(try sqlite3("y.sqlite", "SELECT Exec_date <> 'garbage' FROM Executions") == ["1"])
    }

    /// Rejected files are not forgotten, nor counted twice.
    @Test(arguments: Engine.allCases) func rejectedFilesComeAlong(_ engine: Engine) throws {
        try ingest(
            "anna.sqlite", [referenceFleet.string, fixtures.appending("damaged").string], status: 2)
        let database = try engine.database()
        for _ in 0..<2 { try ingest(database.name, ["anna.sqlite"]) }
        let theirs = try census("coverage", "--format", "csv", "--db", "anna.sqlite")
        let ours = try census("coverage", "--format", "csv", "--db", database.name)
        func rejected(_ result: RunResult) -> [Substring] {
            result.output.split(separator: "\r\n").filter { $0.hasPrefix("rejected,") }
                .map { $0.suffix(100) }
        }
        #expect(rejected(ours) == rejected(theirs))
        #expect(rejected(ours).count == 1)
    }

    /// SQLite would write what was not finished into the file.
    @Test(arguments: ["-wal", "-journal"]) func anUnfinishedDatabaseIsRefused(_ ending: String)
        throws
    {
        try directory.write(snapshot(1, "x").bytes, to: "a.jsonl")
        try ingest("x.sqlite", ["a.jsonl"])
        let before = try run("sha256sum", ["x.sqlite"], in: directory.path).output
        try directory.write("rest".utf8, to: "x.sqlite" + ending)
        let refused = try census("ingest", "--quiet", "x.sqlite", "--db", "y.sqlite")
        #expect(refused.status == 2)
        #expect(refused.error.contains("has left x.sqlite\(ending); copy both files"))
        #expect(try run("sha256sum", ["x.sqlite"], in: directory.path).output == before)
    }

    /// A database of several batches, of which one is interrupted.
    @Test func anInterruptedJoinIsRepeated() throws {
        try PlantedFleet.write(to: directory)
        try ingest("fleet.sqlite", ["fleet"])
        let count = try sqlite3("fleet.sqlite", "SELECT COUNT(*) FROM Executions")
        let script = """
            for delay in 0.05 0.1 0.2 0.4; do
                timeout -s KILL $delay "$0" ingest --quiet --db all.sqlite fleet.sqlite || :
                sqlite3 all.sqlite 'PRAGMA foreign_key_check' || :
            done
            "$0" ingest --quiet --db all.sqlite fleet.sqlite >/dev/null
            """
        let result = try run("bash", ["-c", script, TestSupport.census], in: directory.path)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output == "")
        #expect(try sqlite3("all.sqlite", "SELECT COUNT(*) FROM Executions") == count)
        #expect(
            try sqlite3("all.sqlite", "PRAGMA integrity_check; PRAGMA foreign_key_check")
                == ["ok"])
    }

    /// What came through a database goes with it.
    @Test(arguments: Engine.allCases) func aJoinedDatabaseIsRetractedWhole(_ engine: Engine) throws
    {
        try directory.write(snapshot(1, "x").bytes + snapshot(2, "x").bytes, to: "a.jsonl")
        try directory.write(snapshot(3, "y").bytes, to: "b.jsonl")
        try ingest("anna.sqlite", ["a.jsonl"])
        let database = try engine.database()
        try ingest(database.name, ["b.jsonl", "anna.sqlite"])
        let result = try census(
            "retract", "anna.sqlite", "--reason", "not hers", "--db", database.name)
        #expect(result.status == 0, "\(result.error)")
        let left = try census("list", "executions", "--format", "csv", "--db", database.name)
        #expect(left.output.split(separator: "\r\n").count == 2)
        // The database itself says what was refused of it.
        let again = try census("ingest", "anna.sqlite", "--db", database.name)
        #expect(again.status == 2)
        let evidence = try census("list", "evidence", "--format", "csv", "--db", database.name)
        #expect(
            evidence.output.contains(
                "2 executions refused; the first: snapshot \(uuid(1)) was retracted on "))
    }
}
