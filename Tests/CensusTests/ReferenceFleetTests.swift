import Foundation
import SystemPackage
import TestSupport
import Testing

/// The reference fleet through the whole program: its reports must be exactly these rows.
@Suite struct ReferenceFleetTests {
    let directory: TemporaryDirectory
    let ingest: RunResult
    private var database: String { directory.path.appending("fleet.sqlite").string }

    init() throws {
        directory = try TemporaryDirectory()
        ingest = try run(
            census,
            [
                "ingest", referenceFleet.string, "--limit", "all", "--db",
                directory.path.appending("fleet.sqlite").string,
            ])
    }

    static let test1 = """
        Test 1: User names per server and execution date
        +-----------+---------------+---------------------+------------+
        | Server_ID | IP            | Exec_date           | Users      |
        +-----------+---------------+---------------------+------------+
        |         1 | 192.168.0.64  | 2020-02-23 20:48:19 | Ale        |
        |         1 | 192.168.0.64  | 2020-02-23 20:49:11 | Ale        |
        |         2 | 192.168.56.1  | 2020-02-23 20:48:32 | Aldo Zeppa |
        |         2 | 192.168.56.1  | 2020-02-23 20:49:01 | Aldo Zeppa |
        |         2 | 192.168.56.1  | 2020-02-23 23:52:56 | Aldo Zeppa |
        |         2 | 192.168.56.1  | 2020-02-24 11:17:26 | Aldo Zeppa |
        |         3 | 192.168.1.153 | 2020-02-24 00:52:12 | Ivan       |
        |         4 | 127.0.1.1     | 2020-02-24 13:47:44 | aze2020    |
        +-----------+---------------+---------------------+------------+
        8 rows in set

        """
    static let test2 = """
        Test 2: Operating system and processor of each server
        +---------------+---------+------------------------------------------+
        | IP            | OS_Name | Brand                                    |
        +---------------+---------+------------------------------------------+
        | 192.168.0.64  | windows | Intel(R) Pentium(R) CPU N3710 @ 1.60GHz  |
        | 192.168.56.1  | windows | Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz |
        | 192.168.1.153 | windows | Intel(R) Core(TM) i7-4770K CPU @ 3.50GHz |
        | 127.0.1.1     | Linux   | Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz |
        +---------------+---------+------------------------------------------+
        4 rows in set

        """
    static let test4 = """
        Test 4: How many processes ran, per server and execution
        +-----------+---------------+---------------------+---------------------------------+
        | Server_ID | IP            | Exec_date           | Cantidad de Procesos Ejecutando |
        +-----------+---------------+---------------------+---------------------------------+
        |         1 | 192.168.0.64  | 2020-02-23 20:48:19 |                             159 |
        |         1 | 192.168.0.64  | 2020-02-23 20:49:11 |                             165 |
        |         2 | 192.168.56.1  | 2020-02-23 20:48:32 |                             239 |
        |         2 | 192.168.56.1  | 2020-02-23 20:49:01 |                             237 |
        |         2 | 192.168.56.1  | 2020-02-23 23:52:56 |                             261 |
        |         2 | 192.168.56.1  | 2020-02-24 11:17:26 |                             249 |
        |         3 | 192.168.1.153 | 2020-02-24 00:52:12 |                             304 |
        |         4 | 127.0.1.1     | 2020-02-24 13:47:44 |                             115 |
        +-----------+---------------+---------------------+---------------------------------+
        8 rows in set

        """
    static let test5 = """
        Test 5: How many users were logged in, per server and execution
        +-----------+---------------+---------------------+-----------------------------------------------+
        | Server_ID | IP            | Exec_date           | Cantidad de usuarios por servidor y ejecucion |
        +-----------+---------------+---------------------+-----------------------------------------------+
        |         1 | 192.168.0.64  | 2020-02-23 20:48:19 |                                             1 |
        |         1 | 192.168.0.64  | 2020-02-23 20:49:11 |                                             1 |
        |         2 | 192.168.56.1  | 2020-02-23 20:48:32 |                                             1 |
        |         2 | 192.168.56.1  | 2020-02-23 20:49:01 |                                             1 |
        |         2 | 192.168.56.1  | 2020-02-23 23:52:56 |                                             1 |
        |         2 | 192.168.56.1  | 2020-02-24 11:17:26 |                                             1 |
        |         3 | 192.168.1.153 | 2020-02-24 00:52:12 |                                             1 |
        |         4 | 127.0.1.1     | 2020-02-24 13:47:44 |                                             1 |
        +-----------+---------------+---------------------+-----------------------------------------------+
        8 rows in set

        """

    /// Test 3 from the fixtures themselves: by server, then date, then PID and name.
    private func expectedTest3() throws -> [[String]] {
        struct Record: Decodable {
            var record: String
            var takenAt: String?
            var ip: String?
            var pid: Int?
            var name: String?

            enum CodingKeys: String, CodingKey {
                case record, ip, pid, name
                case takenAt = "taken_at"
            }
        }
        let servers = ["192.168.0.64": 1, "192.168.56.1": 2, "192.168.1.153": 3, "127.0.1.1": 4]
        var rows: [(server: Int, date: String, pid: Int, name: String)] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: referenceFleet.string) {
            var server = 0
            var date = ""
            for line in try contents(of: referenceFleet.appending(file)).split(separator: 10) {
                let record = try JSONDecoder().decode(Record.self, from: Data(line))
                if let time = record.takenAt {
                    date = time.replacing("T", with: " ").replacing("Z", with: "")
                }
                if let ip = record.ip { server = try #require(servers[ip]) }
                if record.record == "process" {
                    rows.append((server, date, try #require(record.pid), try #require(record.name)))
                }
            }
        }
        rows.sort { ($0.server, $0.date, $0.pid, $0.name) < ($1.server, $1.date, $1.pid, $1.name) }
        return rows.map { [String($0.server), $0.date, $0.name] }
    }

    private func report(_ arguments: String...) throws -> RunResult {
        try run(census, ["report"] + arguments + ["--db", database])
    }

    @Test func theFiveReportsFollowAnIngest() throws {
        #expect(ingest.status == 0)
        #expect(
            ingest.error.hasSuffix(" s: 8 snapshots loaded with 1729 processes and 8 logins\n"))
        let test3 = try report("3")
        #expect(test3.output.hasSuffix("\n1729 rows in set\n"))
        let reports = [Self.test1, Self.test2, test3.output, Self.test4, Self.test5]
        #expect(ingest.output == reports.joined(separator: "\n"))
        #expect(try report().output == ingest.output)
    }

    @Test func test3HasEachProcessOfEachExecution() throws {
        let csv = try report("3", "--format", "csv")
        #expect(csv.error == "")
        let expected = try [["Server_ID", "Exec_date", "Procesos Ejecutando"]] + expectedTest3()
        #expect(expected.count == 1730)
        #expect(csv.output == expected.map { $0.joined(separator: ",") + "\r\n" }.joined())
    }

    @Test func aSecondIngestGivesTheSameReports() throws {
        let again = try run(
            census, ["ingest", referenceFleet.string, "--limit", "all", "--db", database])
        #expect(again.status == 0)
        #expect(again.output == ingest.output)
        #expect(
            again.error.hasSuffix(
                " s: 0 snapshots loaded with 0 processes and 0 logins, 8 already ingested\n"))
    }

    @Test func aHostsOwnGzipFilesGiveTheSame() throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: referenceFleet.string) {
            let bytes = try gzip(contents(of: referenceFleet.appending(file)))
            try directory.write(bytes, to: "stick/\(file).gz")
        }
        let other = try run(
            census,
            [
                "ingest", directory.path.appending("stick").string, "--limit", "all", "--db",
                directory.path.appending("other.sqlite").string,
            ])
        #expect(other.output == ingest.output)
    }

    /// The files under `sql/reports` are what the program runs, and what a person can run.
    @Test(arguments: [
        (1, "test_1_user_names"), (2, "test_2_os_and_processor"), (3, "test_3_process_names"),
        (4, "test_4_process_counts"), (5, "test_5_user_counts"),
    ])
    func sqlite3GivesTheSameRowsByHand(number: Int, file: String) throws {
        let sql = try contents(
            of: fixtures.removingLastComponent().appending("sql/reports/\(file).sql"))
        let byHand = try run("sqlite3", ["-json", database], input: sql)
        #expect(byHand.error == "")
        let ours = try report("\(number)", "--format", "json").output
        let parsed = try #require(
            JSONSerialization.jsonObject(with: Data(ours.utf8)) as? [String: NSArray])
        let rows = try #require(
            JSONSerialization.jsonObject(with: Data(byHand.outputBytes)) as? NSArray)
        #expect(rows.count > 0)
        #expect(parsed == ["test_\(number)": rows])
    }

    @Test func filesOfAllFormats() throws {
        for (format, suffix) in [
            ("csv", "csv"), ("json", "json"), ("jsonl", "ndjson"), ("markdown", "md"),
            ("table", "txt"), ("vertical", "txt"),
        ] {
            let out = directory.path.appending(format).string
            #expect(try report("--format", format, "-o", out).status == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: out).sorted()
                    == (1...5).map { "test_\($0).\(suffix)" })
        }
        #expect(
            String(decoding: try directory.read("csv/test_2.csv"), as: UTF8.self)
                == """
                IP,OS_Name,Brand\r
                192.168.0.64,windows,Intel(R) Pentium(R) CPU N3710 @ 1.60GHz\r
                192.168.56.1,windows,Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz\r
                192.168.1.153,windows,Intel(R) Core(TM) i7-4770K CPU @ 3.50GHz\r
                127.0.1.1,Linux,Intel(R) Core(TM) i7-6500U CPU @ 2.50GHz\r

                """)
        #expect(try directory.read("json/test_1.json").starts(with: "[\n{\"Server_ID\": 1,".utf8))
        // A second run overwrites what the first one has written.
        try directory.write(
            Array(try directory.read("csv/test_2.csv").prefix(40)), to: "csv/test_2.csv")
        #expect(
            try report("2", "--format", "csv", "-o", directory.path.appending("csv").string).status
                == 0)
        #expect(try directory.read("csv/test_2.csv").count > 100)
        #expect(
            try FileManager.default.contentsOfDirectory(
                atPath: directory.path.appending("csv").string
            ).count == 5)
    }

    @Test func onATerminalFiftyRowsAreShown() throws {
        let terminal = try run(
            "script", ["-qec", "'\(census)' report 3 --db '\(database)'", "/dev/null"])
        let lines = terminal.output.split(separator: "\r\n")
        #expect(lines.count == 1 + 3 + 50 + 1 + 1)
        #expect(
            lines.last
                == "1729 rows in set, the first 50 shown and 1679 more (--limit all shows them)")
        let all = try run(
            "script",
            ["-qec", "'\(census)' report 3 --limit all --db '\(database)'", "/dev/null"])
        #expect(all.output.split(separator: "\r\n").last == "1729 rows in set")
    }

    @Test func aLimitSaysHowManyMoreThereAre() throws {
        let csv = try report("3", "--format", "csv", "--limit", "2")
        #expect(csv.output.split(separator: "\r\n").count == 3)
        #expect(csv.error == "test_3: 1727 more rows (--limit all shows them)\n")
    }

    @Test func aReaderThatStopsReadingIsAQuietEnd() throws {
        let result = try run(
            "bash", ["-c", "'\(census)' report 3 --db '\(database)' | head -n 2; true"])
        #expect(result.error == "")
        #expect(result.output.split(separator: "\n").count == 2)
    }
}
