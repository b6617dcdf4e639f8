import Database
import DatabaseSupport
import Foundation
import Output
import Query
import SystemPackage
import TestSupport
import Testing
import Text

/// Report 3 is read execution by execution on SQLite. Its file of SQL says what its rows are.
@Suite struct ProcessListingTests {
    /// The report, and the rows of the query in its file.
    private func expectSameRows(
        _ test: TestDatabase, _ selection: ExecutionSelection = ExecutionSelection(),
        atLeast rows: Int
    ) throws {
        final class Output { var bytes: [UInt8] = [] }
        let file = fixtures.removingLastComponent()
            .appending("sql/reports/test_3_process_names.sql")
        let query = try selection.prepare(
            String(contentsOfFile: file.string, encoding: .utf8), in: test.database)
        for format in [RowFormat.csv, .json, .table] {
            let (report, expected) = (Output(), Output())
            try Report.all[2].write(format, limit: nil, of: selection, from: test.database) {
                report.bytes += $0
            }
            _ = try query.write(format, limit: nil) { expected.bytes += $0 }
            #expect(report.bytes == expected.bytes, "\(format.name)")
            #expect(expected.bytes.count { $0 == UInt8(ascii: "\n") } > rows)
        }
    }

    #if MySQL
        @Test func ofNamesThatLookAlike() throws {
            let test = try TestDatabase()
            let fleet = GeneratedFleet(seed: 11, hosts: 40)
            let directory = try TemporaryDirectory()
            try fleet.write(to: directory)
            let run = try test.ingest([directory.path.string])
            #expect(run.rejections == [])
            try expectSameRows(test, atLeast: 4000)

            var selection = ExecutionSelection()
            selection.isLatestOnly = true
            try expectSameRows(test, selection, atLeast: 800)
            selection.isLatestOnly = false
            selection.serverIDs = [3, 4, 17]
            selection.since = Timestamp(sqlText: "2026-01-03 00:00:00")
            try expectSameRows(test, selection, atLeast: 100)

            // The query joins: what refers to no process has no row.
            try test.database.execute(
                "PRAGMA foreign_keys = OFF; DELETE FROM Processes WHERE Process_ID % 7 = 3")
            try expectSameRows(test, atLeast: 3000)
        }
    #endif

    @Test func ofTheReferenceFleet() throws {
        let test = try TestDatabase()
        #expect(try test.ingest([referenceFleet.string]).rejections == [])
        try expectSameRows(test, atLeast: 1729)
    }

    /// PIDs are sorted as numbers; and a host without processes stands among others.
    @Test func ofPIDsAtTheirEdges() throws {
        let test = try TestDatabase()
        let pids = ["0", "9", "10", "2147483648", "4294967295"]
        for (number, kept) in [5, 0, 3, 5].enumerated() {
            let text = SnapshotText(
                id: uuid(number + 1), hostID: "host-\(number)",
                processes: pids.prefix(kept).map {
                    #"{"record":"process","pid":\#($0),"name":"same"}"#
                })
            #expect(try test.ingest(("\(number).jsonl", text.bytes)).rejections == [])
        }
        try expectSameRows(test, atLeast: 13)
    }

    /// Some processes go on running through all executions, and the others end: their names are forgotten.
    @Test func ofManyNamesThatAreSeenOnce() throws {
        let test = try TestDatabase()
        let executions = 20
        for number in 1...executions {
            let processes = (1...60).map { index in
                let name = index % 4 == 0 ? "stays" : "ends-with-\(number)"
                // PIDs of those that come are between, before and after those that stay.
                return process(
                    index % 4 == 0 ? index * 100 : (index * 937 + number * 11) % 8000,
                    name + String(repeating: "-\(index)", count: 90))
            }
            let text = SnapshotText(
                id: uuid(number), takenAt: "2026-11-23T05:13:\(9 + number)Z", processes: processes)
            #expect(try test.ingest(("\(number).jsonl", text.bytes)).rejections == [])
        }
        try expectSameRows(test, atLeast: 60 * executions)
    }

    /// Three executions with the same processes, whose PIDs are 1, 2 and so on.
    private func ingestFew(into test: TestDatabase, _ names: [String]) throws {
        for number in 1...3 {
            let text = SnapshotText(
                id: uuid(number), hostID: "host-\(number)",
                processes: names.enumerated().map { process($0 + 1, $1) })
            #expect(try test.ingest(("\(number).jsonl", text.bytes)).rejections == [])
        }
    }

    /// SQLite keeps values of other types than those of the columns.
    @Test(arguments: [
        "UPDATE Processes SET PID = 'abc' WHERE Process_Name = 'b'",
        "UPDATE Processes SET PID = 2.5 WHERE Process_Name = 'a'",
        "UPDATE Processes SET PID = x'00' WHERE Process_Name = 'b'",
        """
        UPDATE Processes SET PID = 1;
        UPDATE Processes SET Process_Name = CAST('b' AS BLOB) WHERE Process_Name = 'b'
        """,
        """
        UPDATE PROCESSES_PER_EXECUTION SET Process_ID = Process_ID - 0.5
        WHERE Process_ID = (SELECT Process_ID FROM Processes WHERE Process_Name = 'c')
        """,
        """
        UPDATE PROCESSES_PER_EXECUTION SET Process_ID = (SELECT MIN(Process_ID) FROM Processes) || 'x'
        WHERE Process_ID = (SELECT Process_ID FROM Processes WHERE Process_Name = 'c')
        """,
    ])
    func ofOtherTypes(_ change: String) throws {
        let test = try TestDatabase()
        try ingestFew(into: test, ["a", "b", "c", "d", "e"])
        try test.database.execute("PRAGMA foreign_keys = OFF; \(change)")
        try expectSameRows(test, atLeast: 11)
    }

    /// It sorts names otherwise.
    @Test(arguments: ["UTF-16le", "UTF-16be"]) func ofADatabaseInUTF16(_ encoding: String) throws {
        let test = try TestDatabase(encoding: encoding)
        #expect(try test.rows("PRAGMA encoding") == [encoding])
        try ingestFew(into: test, ["a", "\u{100}", "\u{FF5E}", "\u{1F600}"])
        try test.database.execute("UPDATE Processes SET PID = 1")
        try expectSameRows(test, atLeast: 11)
    }
}
