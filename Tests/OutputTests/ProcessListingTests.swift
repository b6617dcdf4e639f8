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
}
