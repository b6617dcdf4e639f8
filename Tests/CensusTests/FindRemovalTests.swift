import Foundation
import TestSupport
import Testing

/// The index of names after executions were taken out of a database, by `retract` or by another program.
extension FindCommandTests {
    /// Runs SQL beside census.
    private func sql(_ script: String, _ database: NamedDatabase) throws -> [String] {
        #if MySQL
            if let server = database.server {
                return try server.sql(script).split(separator: "\n").map(String.init)
            }
        #endif
        let result = try run("sqlite3", ["-bail", database.name, script], in: directory.path)
        try #require(result.status == 0, "\(result.error)")
        return result.output.split(separator: "\n").map(String.init)
    }

    private func retract(_ target: String, _ database: NamedDatabase) throws {
        let retract = try run(
            census, ["retract", target, "--reason", "r", "--db", database.name],
            in: directory.path)
        try #require(retract.status == 0, "\(retract.error)")
    }

    /// All that can be found, and how many names there are.
    private func everything(_ database: NamedDatabase) throws -> [String] {
        var all: [String] = []
        for arguments in [["*"], ["*", "--each-host"], ["*", "--latest"], ["none-has-this"]] {
            let result = try find(arguments, database.name)
            all += [result.output, result.error, "\(result.status)"]
        }
        return all
    }

    private static let indexTables = ["FIND_UPDATES", "FIND_RUNS", "FIND_NAMES"]

    /// The same with an index that is made anew. The one that is there is put back afterwards.
    private func everythingAnew(_ database: NamedDatabase) throws -> [String] {
        let tables = Self.indexTables
        _ = try sql(
            tables.map { "CREATE TABLE Kept_\($0) AS SELECT * FROM \($0); DELETE FROM \($0);" }
                .joined(), database)
        let all = try everything(database)
        _ = try sql(
            tables.map {
                "DELETE FROM \($0); INSERT INTO \($0) SELECT * FROM Kept_\($0); "
                    + "DROP TABLE Kept_\($0);"
            }.joined(), database)
        return all
    }

    private func randomSnapshot(_ number: Int, _ random: inout SplitMix64) -> SnapshotText {
        let names = [
            "init", "sshd", "SSHd", #"a\nb"#, #"a\\nb"#, #"a\\"#, "Ünïcode", "U\u{308}nicode",
            "x'y", " ",
        ]
        let owners = ["root", "ana", "Ana", #"DOMAIN\\ana"#]
        let records = (1...Int.random(in: 1...12, using: &random)).map { pid in
            // Some names are of few executions only.
            let name =
                Bool.random(using: &random)
                ? names.randomElement(using: &random)!
                : "own-\(Int.random(in: 0...60, using: &random))"
            let owner = owners.randomElement(using: &random)!
            return process(pid, name, Bool.random(using: &random) ? #","user":"\#(owner)""# : "")
        }
        let lists = [
            package("openssl", "3.0.\(Int.random(in: 1...3, using: &random))"),
            #"{"record":"account","username":"\#(owners.randomElement(using: &random)!)"}"#,
            #"{"record":"listening_port","port":\#(Int.random(in: 1...4, using: &random)),"#
                + #""protocol":"tcp","family":"ipv4","address":"0.0.0.0"}"#,
        ].filter { _ in Bool.random(using: &random) }
        let host = ["a", "b", "c", "d", "e"].randomElement(using: &random)!
        return SnapshotText(
            id: uuid(number),
            takenAt: "2026-0\(Int.random(in: 1...9, using: &random))-01T00:00:00Z",
            hostID: host, hostname: "name-\(host)", processes: records + lists,
            users: Bool.random(using: &random) ? [login(owners.randomElement(using: &random)!)] : []
        )
    }

    /// Whatever is loaded, retracted and deleted in whatever order, a search finds what it does with an
    /// index that is made anew.
    @Test(arguments: Engine.allCases, [1, 2, 3] as [UInt64])
    func loadsAndDeletions(_ engine: Engine, _ seed: UInt64) throws {
        var random = SplitMix64(state: seed)
        let database = try engine.database()
        var number = 0
        func load(_ count: Int) throws {
            let snapshots = (0..<count).map { _ in
                number += 1
                return randomSnapshot(number, &random)
            }
            try ingest(database.name, snapshots)
        }
        try load(8)
        for step in 1...14 {
            let executions = try sql("SELECT Execution_ID FROM Executions", database)
            let one = executions.randomElement(using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2: try load(Int.random(in: 1...3, using: &random))
            case 3...5: if let one { try retract("execution:\(one)", database) }
            case 6:
                let hosts = try sql("SELECT Server_ID FROM Servers", database)
                if let host = hosts.randomElement(using: &random) {
                    try retract("host:\(host)", database)
                }
            default:
                guard let one else { continue }
                _ = try sql(
                    [
                        "ADDRESSES_PER_EXECUTION", "PROCESSES_PER_EXECUTION", "USERS_PER_EXECUTION",
                        "LISTENING_PORTS_PER_EXECUTION", "Executions",
                    ].map { "DELETE FROM \($0) WHERE Execution_ID = \(one);" }.joined(), database)
                // A host without executions is none that census leaves.
                _ = try sql(
                    """
                    DELETE FROM Servers
                    WHERE Server_ID NOT IN (SELECT Server_ID FROM Executions)
                    """, database)
            }
            // Otherwise the next step finds an index that is behind.
            if Int.random(in: 0..<3, using: &random) == 0 { continue }
            let found = try everything(database)
            #expect(found == (try everythingAnew(database)), "seed \(seed), step \(step)")
        }
    }

    /// A retraction leaves what the index has of other executions, and nothing of its own.
    @Test(arguments: Engine.allCases) func aRetractionCostsWhatItTakesOut(_ engine: Engine) throws {
        let database = try engine.database()
        try ingest(
            database.name,
            (1...6).map { number in
                let host = number == 3 || number == 6 ? "gone" : "h\(number)"
                return snapshot(
                    number, host, "2026-0\(number)-01",
                    [
                        process(1, "init"), process(1 + number, "only-\(number)"),
                        process(20, "other-\(number % 2)", #","user":"u\#(number)""#),
                    ])
            })
        #expect(try rows(["*", "--in", "processes"], database.name).count == 9)
        // Found only as long as the index is not made anew.
        _ = try sql(
            """
            INSERT INTO FIND_NAMES (First_Name_ID, Kind, Names) VALUES (5000, 0, 'planted
            '); INSERT INTO FIND_RUNS VALUES (5000, 1, 2)
            """, database)
        try retract("name-gone", database)
        let planted = try rows(["planted"], database.name)
        #expect(
            planted == [
                "process,planted,,2,\"name-h1, name-h2\",2026-01-01 00:00:00,2026-02-01 00:00:00"
            ])
        #expect(
            try rows(["*", "--in", "processes"], database.name).map {
                String($0.split(separator: ",")[1])
            } == ["init", "only-1", "only-2", "only-4", "only-5", "other-0", "other-1", "planted"])
        let names = try sql("SELECT Names FROM FIND_NAMES", database).joined(separator: " ")
        for text in ["only-3", "only-6", "u3", "u6"] { #expect(!names.contains(text), "\(names)") }
        #expect(
            try sql(
                """
                SELECT COUNT(*) FROM FIND_RUNS
                WHERE First_Execution_ID <= 3 AND Last_Execution_ID >= 3 OR Last_Execution_ID >= 6
                """, database) == ["0"])
        // What is loaded then is added, although its id may be that of one that went.
        try ingest(
            database.name,
            [snapshot(7, "h7", "2026-07-01", [process(1, "init"), process(2, "only-6")])])
        #expect(try rows(["planted"], database.name) == planted)
        #expect(
            try rows(["only-6"], database.name) == [
                "process,only-6,,1,name-h7,2026-07-01 00:00:00,2026-07-01 00:00:00"
            ])
        // Without executions there is no index.
        for host in ["h1", "h2", "h4", "h5", "h7"] { try retract("name-\(host)", database) }
        for table in Self.indexTables {
            #expect(try sql("SELECT COUNT(*) FROM \(table)", database) == ["0"], "\(table)")
        }
    }
}
