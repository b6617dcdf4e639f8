import Inventory
import Snapshot
import TestSupport
import Testing

@Suite struct CoverageTests {
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
                in: test.database, expected: expected, oldest: nil, now: #require(Timestamp.now())).findings
            #expect(found.map(\.kind) == [.missing, .unexpected])
            #expect(found[1].lastSeen == "2020-02-24 00:00:00")
            let named = try ExpectedHosts(Array("OLD-PC\n".utf8))
            #expect(
                try Coverage(in: test.database, expected: named, oldest: nil, now: #require(Timestamp.now())).findings.isEmpty)

            let query = try ExecutionQuery(test.database)
            let newest = try query.newest(2, of: 1, until: nil)
            let comparison = Comparison(
                from: try query.contents(of: newest[1].id), to: try query.contents(of: newest[0].id)
            )
            #expect(comparison.changes.map(\.what) == ["ip"])
        }
    #endif
}
