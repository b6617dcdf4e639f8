import DatabaseSupport
import Query
import SQLScripts
import TestSupport
import Testing

/// Compares the rows of `Servers`, written by the loader, with the definition of the newest
/// execution.
@Suite struct NewestExecutionTests {
    private static let newest = """
        SELECT Server_ID, Hostname, IP, OS_ID, Processor_ID, Date_is_possible, Exec_date, Snapshot_ID
        FROM Executions
        \(Scripts.Query.newestFirst.drop(upTo: "ORDER BY"))
        """
    private static let kept = """
        SELECT Server_ID, Hostname, IP, OS_ID, Processor_ID, Newest_date_is_possible,
               Newest_Exec_date, Newest_Snapshot_ID
        FROM Servers ORDER BY Server_ID
        """

    /// Two at one second, an earlier one, and two of a clock that runs ahead.
    private static let dates = [
        "2026-01-02", "2026-01-01", "2026-01-02", "9999-12-31", "2098-01-01",
    ]

    @Test(
        arguments: Engine.allCases, [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [3, 4], [2, 4, 0, 3, 1]])
    func theRowsOfServers(_ engine: Engine, _ order: [Int]) throws {
        let test = try TestDatabase(engine)
        for number in order {
            for host in ["a", "b"] {
                let text = SnapshotText(
                    id: uuid(host == "a" ? number + 1 : 20 - number),
                    takenAt: "\(Self.dates[number])T00:00:00Z", hostID: host,
                    hostname: "\(host)-\(number)", ip: "192.0.2.\(number)")
                #expect(try test.ingest(("\(host)-\(number).jsonl", text.bytes)).rejections == [])
            }
            var hosts: Set<Substring> = []
            let newest = try test.rows(Self.newest)
                .filter { hosts.insert($0.prefix { $0 != "|" }).inserted }
            #expect(newest.count == 2)
            #expect(try test.rows(Self.kept) == newest)
            let chosen = try ExecutionSelection().newest(in: test.database)
            #expect(
                chosen.keys.sorted().map { chosen[$0]!.execution.date }
                    == newest.map { String($0.split(separator: "|")[6]) })
        }
    }
}

extension String {
    fileprivate func drop(upTo word: String) -> Substring {
        self[(firstRange(of: word)?.lowerBound ?? endIndex)...]
    }
}
