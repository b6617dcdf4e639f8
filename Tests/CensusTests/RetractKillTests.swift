import Foundation
import SystemPackage
import TestSupport
import Testing

/// The state after `census retract` was killed, on SQLite and on a real server: all or nothing is gone.
@Suite struct RetractKillTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let groups = 12
    private static let hosts = 5
    private static let processes = 1500

    /// Hosts of a group, with a process that all groups have, and names that only this one has.
    private func snapshots(ofGroup group: Int) -> [UInt8] {
        Array(
            (0..<Self.hosts).map { host in
                SnapshotText(
                    id: uuid(group * 100 + host), hostID: "g\(group)-\(host)",
                    hostname: "g\(group)-\(host)", ip: "192.0.\(group).\(host)",
                    processes: (1...Self.processes).map {
                        process($0, "g\(group)-\($0)", #","user":"g\#(group)-u\#($0 % 50)""#)
                    } + [process(1, "init"), package("g\(group)-package", "1")],
                    users: [login("g\(group)-login")]
                ).bytes
            }.joined())
    }

    /// What there is of a group, read by one statement: executions, hosts, their processes; the names
    /// that only this group has; what nothing belongs to; and retractions.
    private func state(ofGroup group: Int, in database: NamedDatabase) throws -> String {
        let name = "LIKE 'g\(group)-%'"
        let sql = """
            SELECT
                (SELECT COUNT(*) FROM Executions WHERE Hostname \(name)),
                (SELECT COUNT(*) FROM Servers WHERE Hostname \(name)),
                (SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION x
                 JOIN Executions e ON e.Execution_ID = x.Execution_ID WHERE e.Hostname \(name)),
                (SELECT COUNT(*) FROM Processes WHERE Process_Name \(name)),
                (SELECT COUNT(*) FROM USERS WHERE User_Name \(name)),
                (SELECT COUNT(*) FROM Packages WHERE Package_Name \(name)),
                (SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION
                 WHERE Execution_ID NOT IN (SELECT Execution_ID FROM Executions)),
                (SELECT COUNT(*) FROM Retractions WHERE Reason = 'group \(group)')
            """
        #if MySQL
            if let server = database.server {
                return try server.sql(sql).split { $0.isWhitespace }.joined(separator: " ")
            }
        #endif
        let result = try run(
            "sqlite3", ["-separator", " ", database.name, sql], in: directory.path)
        #expect(result.error == "")
        return result.output.trimmingCharacters(in: .newlines)
    }

    private static let whole =
        "\(hosts) \(hosts) \(hosts * (processes + 1)) \(processes) 51 1 0 0"
    private static let gone = "0 0 0 0 0 0 0 \(hosts)"

    private func retraction(ofGroup group: Int, in database: NamedDatabase) -> [String] {
        ["retract"] + (0..<Self.hosts).map { "g\(group)-\($0)" }
            + ["--reason", "group \(group)", "--db", database.name]
    }

    @Test(arguments: Engine.allCases) func isWholeOrAbsent(_ engine: Engine) throws {
        let database = try engine.database()
        for group in 0..<Self.groups {
            try directory.write(snapshots(ofGroup: group), to: "stick/\(group).jsonl")
        }
        let loaded = try run(
            census, ["ingest", "--quiet", "stick", "--db", database.name], in: directory.path)
        try #require(loaded.status == 0, "\(loaded.error)")
        for group in 0..<Self.groups {
            #expect(try state(ofGroup: group, in: database) == Self.whole)
        }
        let start = ContinuousClock.now
        let first = try run(
            census, retraction(ofGroup: 0, in: database), in: directory.path)
        let duration = Int((ContinuousClock.now - start) / .microseconds(1))
        #expect(first.status == 0, "\(first.error)")
        #expect(try state(ofGroup: 0, in: database) == Self.gone)

        for group in 1..<Self.groups {
            let process = Process()
            process.executableURL = URL(filePath: census)
            process.arguments = retraction(ofGroup: group, in: database)
            process.currentDirectoryURL = URL(filePath: directory.path.string)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(useconds_t(duration * group / Self.groups))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            // A server may commit what it has received after the program is gone.
            let state = try state(ofGroup: group, in: database)
            #expect([Self.whole, Self.gone].contains(state), "group \(group): \(state)")
            for other in (group + 1)..<max(Self.groups, group + 1) {
                #expect(try self.state(ofGroup: other, in: database) == Self.whole)
            }
            // Nothing is locked or half-done: the same command does it, unless it was done.
            let again = try run(
                census, retraction(ofGroup: group, in: database), in: directory.path)
            #expect(
                again.status == 0 || again.error.contains("there is no execution, host or file"),
                "\(again.error)")
            #expect(try self.state(ofGroup: group, in: database) == Self.gone)
        }
        if engine == .sqlite {
            let check = try run(
                "sqlite3", [database.name, "PRAGMA integrity_check; PRAGMA foreign_key_check"],
                in: directory.path)
            #expect(check.output == "ok\n")
        }
        // Nothing of all of them is left but the receipts and the retractions.
        let reports = try run(census, ["list", "hosts", "--db", database.name], in: directory.path)
        #expect(!reports.output.contains("g1"))
    }
}
