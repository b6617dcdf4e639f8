import Database
import DatabaseSupport
import TestSupport
import Testing

@Suite struct LoadingTests {
    @Test(arguments: Engine.allCases) func aSecondLoadingChangesNothing(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let file = SnapshotText(
            processes: [process(1, "systemd", #","user":"root""#)], users: [login("anna")])
        #expect(try test.ingest(("a.jsonl", file.bytes)).summary.loadedSnapshots == 1)
        let tables = [
            "OS", "Processors", "Servers", "Executions", "Processes", "PROCESSES_PER_EXECUTION",
            "USERS", "USERS_PER_EXECUTION", "ADDRESSES_PER_EXECUTION",
        ]
        let before = try tables.map { try test.rows("SELECT * FROM \($0)") }

        let again = try test.ingest(("copy.jsonl", file.bytes), ("a.jsonl", file.bytes))
        #expect(again.summary.loadedSnapshots == 0)
        #expect(again.summary.knownSnapshots == 2)
        #expect(again.rejections == [])
        #expect(try tables.map { try test.rows("SELECT * FROM \($0)") } == before)
    }

    @Test(arguments: Engine.allCases) func everyFileLeavesAReceiptAndEveryExecutionPointsToIts(
        _ engine: Engine
    ) throws {
        let test = try TestDatabase(engine)
        let good = SnapshotText().bytes
        let bad = Array(good.dropLast(10))
        let (goodSum, badSum) = (try sha256sum(good), try sha256sum(bad))
        try test.ingest(("a.jsonl", bad), ("b.jsonl", good), ("c.jsonl", good))

        #expect(
            try test.rows(
                """
                SELECT Receipt_ID, Size_bytes, SHA256, Verdict, Reason FROM Receipts
                ORDER BY Receipt_ID
                """) == [
                    "1|\(bad.count)|\(badSum)|rejected|line 6: the line is incomplete",
                    "2|\(good.count)|\(goodSum)|ingested|NULL",
                    "3|\(good.count)|\(goodSum)|duplicate|NULL",
                ])
        #expect(
            try test.rows("SELECT Receipt_ID, Snapshot_SHA256 FROM Executions")
                == ["2|\(SnapshotText().sha256)"])
        let paths = try test.rows("SELECT Path FROM Receipts ORDER BY Receipt_ID")
        #expect(paths.map { $0.suffix(7) } == ["a.jsonl", "b.jsonl", "c.jsonl"])
        #expect(
            try test.rows(
                """
                SELECT COUNT(*) FROM Receipts
                WHERE Received_at NOT LIKE '____-__-__ __:__:__'
                """) == ["0"])
    }

    private func sha256sum(_ bytes: [UInt8]) throws -> String {
        try String(run("sha256sum", [], input: bytes).output.prefix(64))
    }

    @Test(arguments: Engine.allCases) func theSameIdWithOtherContentIsAnErrorOfThatFile(
        _ engine: Engine
    ) throws {
        let test = try TestDatabase(engine)
        let first = SnapshotText()
        let forged = SnapshotText(processes: [process(2, "other")])
        let result = try test.ingest(("a.jsonl", first.bytes), ("b.jsonl", forged.bytes))
        #expect(
            result.rejections == [
                "b.jsonl: snapshot \(SnapshotText.id) is in the database with other content"
            ])
        #expect(try test.rows("SELECT Process_Name FROM Processes") == ["systemd"])
        #expect(try test.rows("SELECT Verdict FROM Receipts") == ["ingested", "rejected"])
    }

    @Test(arguments: Engine.allCases) func ofAFileWithOneBadSnapshotNothingLands(_ engine: Engine)
        throws
    {
        let test = try TestDatabase(engine)
        let first = SnapshotText(id: uuid(1), hostID: "h1", processes: [process(7, "first")])
        var second = SnapshotText(id: uuid(2), hostID: "h2", processes: [process(8, "second")])
        second.end = #"{"record":"end","processes":1,"users":0,"sha256":"00"}"#
        let good = SnapshotText(
            id: uuid(3), hostID: "h3", processes: [process(7, "first"), process(9, "third")])

        let result = try test.ingest(
            ("a.jsonl", first.bytes + second.bytes), ("b.jsonl", good.bytes))
        #expect(
            result.rejections == [
                "a.jsonl: line 12: the digest in \"end\" does not match the lines before it"
            ])
        #expect(result.summary.loadedSnapshots == 1)
        // A rolled back snapshot is not known.
        #expect(try test.rows("SELECT Host_ID FROM Servers") == ["h3"])
        #expect(
            try test.rows("SELECT Process_ID, Process_Name FROM Processes")
                == ["1|first", "2|third"])
        #expect(try test.count("PROCESSES_PER_EXECUTION") == 2)
    }

    /// Snapshots with more rows in total than are held in memory at once.
    private func large(_ ids: Int..., damaged: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids {
            var text = SnapshotText(
                id: uuid(id), hostID: "h\(id)",
                processes: (0..<60_000).map { process($0, "p\($0 % 3)") },
                users: [login("u\(id)")])
            if damaged && id == ids.last { text.end = #"{"record":"end"}"# }
            bytes += text.bytes
        }
        return bytes
    }

    @Test(arguments: Engine.allCases) func aLargeFileIsWholeOrAbsent(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let small = SnapshotText(id: uuid(1)).bytes
        let result = try test.ingest(
            ("a.jsonl", small), ("b.jsonl", large(2, 3, 4, damaged: true)),
            ("c.jsonl", large(5, 6, 5, 7)), ("d.jsonl", small))
        #expect(result.rejections == ["b.jsonl: line 180018: \"processes\" is missing"])
        #expect(result.summary.files == 4)
        #expect(result.summary.loadedSnapshots == 4)
        #expect(result.summary.knownSnapshots == 2)
        #expect(result.summary.processes == 180_001)
        #expect(
            try test.rows("SELECT Host_ID FROM Servers ORDER BY Server_ID")
                == ["host-1", "h5", "h6", "h7"])
        #expect(try test.count("Processes") == 60_001)
        #expect(try test.count("PROCESSES_PER_EXECUTION") == 180_001)
        #expect(
            try test.rows("SELECT User_Name FROM USERS ORDER BY User_Name") == ["u5", "u6", "u7"])
        #expect(
            try test.rows("SELECT Verdict, Size_bytes IS NULL FROM Receipts ORDER BY Receipt_ID")
                == ["ingested|0", "rejected|0", "ingested|0", "duplicate|0"])
        #expect(
            try test.rows(
                """
                SELECT e.Snapshot_ID, r.Path LIKE '%/c.jsonl' FROM Executions e
                JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID ORDER BY e.Execution_ID
                """) == ["\(uuid(1))|0"] + [5, 6, 7].map { "\(uuid($0))|1" })

        // A contradicting snapshot, found after a part has been written.
        let again = try test.ingest(
            ("e.jsonl", large(8, 9) + SnapshotText(id: uuid(1), hostID: "other").bytes))
        #expect(
            again.rejections
                == ["e.jsonl: snapshot \(uuid(1)) is in the database with other content"])
        #expect(try test.count("Executions") == 4)
        #expect(try test.count("USERS") == 3)
    }

    @Test(arguments: Engine.allCases) func severalSnapshotsInAFileShareItsReceipt(_ engine: Engine)
        throws
    {
        let test = try TestDatabase(engine)
        let file = SnapshotText(id: uuid(1)).bytes + SnapshotText(id: uuid(2)).bytes
        let result = try test.ingest(("both.jsonl.gz", try gzip(file)))
        #expect(result.summary.loadedSnapshots == 2)
        #expect(
            try test.rows("SELECT Snapshot_ID, Receipt_ID FROM Executions")
                == ["\(uuid(1))|1", "\(uuid(2))|1"])
        // A file that is new in part is ingested.
        let more = file + SnapshotText(id: uuid(3)).bytes
        #expect(try test.ingest(("more.jsonl", more)).summary.knownSnapshots == 2)
        #expect(try test.rows("SELECT Verdict FROM Receipts") == ["ingested", "ingested"])
    }

    /// The digest identifies a loaded file. Deleted snapshots are loaded again.
    @Test(arguments: Engine.allCases) func aFileThatIsGivenAgain(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let snapshots = (1...3).map { SnapshotText(id: uuid($0), processes: [process(1, "init")]) }
        let both = ("both.jsonl.gz", try gzip(snapshots[0].bytes + snapshots[1].bytes))
        try test.ingest(both)
        let again = try test.ingest(both).summary
        #expect((again.files, again.knownSnapshots, again.loadedSnapshots) == (1, 2, 0))
        #expect(again.processes == 0 && again.items.allSatisfy { $0 == 0 })
        // Two files with the same known snapshots, and one with more.
        try test.ingest(("other.jsonl", snapshots[1].bytes + snapshots[2].bytes))
        #expect(try test.ingest(("copy.jsonl.gz", both.1)).summary.knownSnapshots == 2)
        let other = try test.ingest(("other.jsonl", snapshots[1].bytes + snapshots[2].bytes))
        #expect((other.summary.knownSnapshots, other.summary.loadedSnapshots) == (2, 0))
        #expect(
            try test.rows("SELECT Verdict, Snapshots FROM Receipts ORDER BY Receipt_ID") == [
                "ingested|2", "duplicate|2", "ingested|2", "duplicate|2", "duplicate|2",
            ])
        for table in ["PROCESSES_PER_EXECUTION", "Executions"] {
            try test.database.execute("DELETE FROM \(table) WHERE Execution_ID = 2")
        }
        let missing = try test.ingest(both).summary
        #expect((missing.knownSnapshots, missing.loadedSnapshots, missing.processes) == (1, 1, 1))
        #expect(try test.count("Executions") == 3)
        // Another file under the same name.
        let changed = try test.ingest(("both.jsonl.gz", Array(both.1.dropLast())))
        #expect(changed.summary.rejectedFiles == 1)
    }

    /// Rows of other programs can cause an error, but no crash.
    @Test func idsThatCensusDoesNotGive() throws {
        let test = try TestDatabase()
        try test.ingest(("a.jsonl", SnapshotText(id: uuid(1)).bytes))
        try test.database.execute(
            """
            INSERT INTO Receipts (Receipt_ID, Path, Verdict, Received_at)
            VALUES (9223372036854775807, '', 'rejected', '')
            """)
        let error = #expect(throws: DatabaseError.self) {
            try test.ingest(("b.jsonl", SnapshotText(id: uuid(2)).bytes))
        }
        #expect(error?.message == "there are no ids left in Receipts")
        #expect(try test.count("Executions") == 1)
    }
}
