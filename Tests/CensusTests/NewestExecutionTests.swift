import SystemPackage
import TestSupport
import Testing

/// The newest execution of a host is the same for all commands.
@Suite struct NewestExecutionTests {
    let directory: TemporaryDirectory
    private let databases: [Database]

    private struct Database {
        let address: String
        #if MySQL
            var server: ServerDatabase?
        #endif
    }

    init() throws {
        directory = try TemporaryDirectory()
        var databases = [Database(address: "x.sqlite")]
        #if MySQL
            let server = try ServerDatabase()
            databases.append(Database(address: server.address, server: server))
        #endif
        self.databases = databases
    }

    /// A file whose number is in its name, its processes and its id.
    private func write(_ number: Int, host: String, _ date: String) throws -> String {
        let text = SnapshotText(
            id: "00000000-0000-4000-8000-00000000000\(number)", takenAt: "\(date)T00:00:00Z",
            hostID: host, hostname: "name-\(number)", ip: "192.0.2.\(number)",
            processes: [#"{"record":"process","pid":\#(number),"name":"p\#(number)"}"#])
        try directory.write(text.bytes, to: "\(number).jsonl")
        return "\(number).jsonl"
    }

    private func run(_ arguments: [String], on database: String) throws -> RunResult {
        try TestSupport.run(census, arguments + ["--db", database], in: directory.path)
    }

    private func lines(_ result: RunResult) -> [String] {
        result.output.split(separator: "\r\n").dropFirst().map(String.init)
    }

    /// The output about the only host of all commands that use the newest execution.
    /// - Parameter previous: what it is compared with; nil for nothing.
    private func expect(_ newest: Int, previous: Int?, on database: String) throws {
        let report = try run(["report", "2", "--format", "csv"], on: database)
        #expect(lines(report) == ["192.0.2.\(newest),Debian GNU/Linux,Intel(R) N100"])
        let latest = try run(["report", "3", "--latest", "--format", "csv"], on: database)
        #expect(lines(latest).map { $0.split(separator: ",").last! } == ["p\(newest)"])
        let diff = try run(["diff", "--format", "csv"], on: database)
        let one = try run(["diff", "--host", "1", "--format", "csv"], on: database)
        if let previous {
            #expect(lines(diff).count == 1)
            #expect(
                lines(one).prefix(2) == [
                    "changed,hostname,,,name-\(previous),name-\(newest),,",
                    "changed,ip,,,192.0.2.\(previous),192.0.2.\(newest),,",
                ])
        } else {
            #expect((diff.status, diff.output) == (2, ""))
            #expect(one.status == 2)
            #expect(one.error.contains("has no execution before that of "))
        }
        let page = try run(
            ["report", "--format", "html", "-o", "x.html", "--limit", "0"], on: database)
        #expect(page.status == 0, "\(page.error)")
        let servers = try directory.read("x_servers.csv").split(separator: 10)
        #expect(String(decoding: servers[1], as: UTF8.self).hasPrefix("1,name-\(newest),"))
        let changes = try? directory.read("x_changes.csv").split(separator: 10)
        #expect((changes?.count ?? 1) == (previous == nil ? 1 : 2))
        #if Rules
            try directory.write(
                """
                rules:
                  - {id: any, severity: low, sentence: None., forbidden-processes: 'p*'}
                """.utf8, to: "rules.yaml")
            let check = try run(
                ["check", "--rules", "rules.yaml", "--format", "csv"], on: database)
            #expect(lines(check).count == 1)
            #expect(check.output.contains("p\(newest) (PID \(newest), "))
        #endif
        for name in ["x.html", "x_servers.csv", "x_changes.csv"] {
            _ = try TestSupport.run("rm", ["-f", name], in: directory.path)
        }
    }

    private static let orders = [[1, 2, 3, 4], [4, 3, 2, 1], [3, 1, 4, 2], [2, 4, 1, 3]]

    /// Of two at one second the one with the greater id, in whatever order they come.
    @Test(arguments: orders, [true, false]) func ties(_ order: [Int], atOnce: Bool) throws {
        let files = try [
            write(1, host: "h", "2026-01-01"), write(2, host: "h", "2026-01-02"),
            write(3, host: "h", "2026-01-02"), write(4, host: "h", "2026-01-02"),
        ]
        try load(order.map { files[$0 - 1] }, atOnce)
        for database in databases { try expect(4, previous: 3, on: database.address) }
    }

    private func load(_ files: [String], _ atOnce: Bool) throws {
        for database in databases {
            for files in atOnce ? [files] : files.map({ [$0] }) {
                let result = try run(["ingest", "--quiet"] + files, on: database.address)
                try #require((result.status, result.error) == (0, ""))
            }
        }
    }

    /// A clock that is ahead: its executions are later, but not newer.
    @Test(arguments: orders, [true, false]) func impossibleDates(_ order: [Int], atOnce: Bool)
        throws
    {
        let files = try [
            write(1, host: "h", "2026-01-01"), write(2, host: "h", "2026-01-02"),
            write(3, host: "h", "2098-01-01"), write(4, host: "h", "9999-12-31"),
        ]
        try load(order.map { files[$0 - 1] }, atOnce)
        for database in databases { try expect(2, previous: 1, on: database.address) }
    }

    /// Where no date is possible, as of a desk whose clock is wrong, the latest counts as ever; the
    /// first one that is possible takes its place, and is compared with none of them.
    @Test func nothingButImpossibleDates() throws {
        let files = try [
            write(1, host: "h", "2098-01-01"), write(2, host: "h", "2099-01-01"),
            write(3, host: "h", "2097-01-01"),
        ]
        try load(files, true)
        for database in databases { try expect(2, previous: 1, on: database.address) }
        try load([write(4, host: "h", "1999-01-01")], true)
        for database in databases {
            try expect(4, previous: nil, on: database.address)
            let diff = try run(["diff"], on: database.address)
            #expect(
                diff.error == """
                    3 executions dated after the file was loaded; such executions are compared only with each other (see census coverage)
                    census: no host could be compared: 1 host, 1 with nothing to compare with

                    """)
            // An execution selected by its id or date is shown.
            let named = try run(
                ["diff", "--host", "1", "--from", "1", "--to", "4"], on: database.address)
            #expect(named.status == 1)
            let since = try run(
                ["report", "4", "--since", "2000-01-01", "--latest", "--format", "csv"],
                on: database.address)
            #expect(lines(since) == ["1,192.0.2.2,2099-01-01 00:00:00,1"])
        }
    }

    #if MySQL
        /// Those of stored procedures have no receipt, and so no date that is impossible.
        @Test func storedProcedures() throws {
            let server = try #require(databases.last?.server)
            try load([write(1, host: "h", "2099-01-01")], true)
            _ = try server.sql(
                """
                CALL Insert_os_data('Debian GNU/Linux', '12');
                CALL Insert_servers_data('h', 'name-7', '192.0.2.7', 'Debian GNU/Linux', '12',
                                         'Intel(R) N100', '2020-01-01');
                CALL Insert_processes_data('h', '2020-01-01', 7, 'p7', NULL)
                """)
            try expect(7, previous: nil, on: server.address)
            try load([write(2, host: "h", "2020-01-01")], true)
            try expect(2, previous: 7, on: server.address)
            _ = try server.sql(
                """
                CALL Insert_servers_data('h', 'name-8', '192.0.2.8', 'Debian GNU/Linux', '12',
                                         'Intel(R) N100', '2098-01-01');
                CALL Insert_processes_data('h', '2098-01-01', 8, 'p8', NULL)
                """)
            try expect(8, previous: 2, on: server.address)
        }
    #endif

    @Test(arguments: [
        (["--since", "2030-01-01"], " since 2030-01-01 00:00:00"),
        (["--until", "2020-01-01"], " up to 2020-01-01 23:59:59"),
        (
            ["--since", "2020-01-01", "--until", "2020-01-02 05:13", "--latest"],
            " from 2020-01-01 00:00:00 to 2020-01-02 05:13:59"
        ),
        (
            ["--host", "name-*", "--since", "2030-01-01"],
            " of a host matching name-* since 2030-01-01 00:00:00"
        ),
    ])
    func aPartWithNothingInIt(_ options: [String], _ part: String) throws {
        try load([write(1, host: "h", "2026-01-01")], true)
        for database in databases {
            for format in [["--format", "csv", "4"], ["--format", "html", "-o", "x.html"]] {
                let result = try run(["report"] + format + options, on: database.address)
                #expect((result.status, result.output) == (1, ""))
                #expect(
                    result.error
                        == "census: no execution\(part) (see census list executions)\n")
            }
        }
        #expect(try TestSupport.run("ls", [], in: directory.path).output.contains("html") == false)
    }
}
