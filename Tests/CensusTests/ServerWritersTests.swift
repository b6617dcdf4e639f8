#if MySQL
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// Several write to one server at once; a server that ends while it is written to.
    @Suite struct ServerWritersTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// What SQLite gives, loaded by one program.
        private func loadIntoSQLite(_ paths: [String]) throws -> CensusContents {
            let result = try run(
                census, ["ingest", "--quiet", "--db", "one.sqlite"] + paths, in: directory.path)
            try #require((result.status, result.error) == (0, ""))
            return .file(directory.path.appending("one.sqlite"))
        }

        private func expectSame(
            _ contents: CensusContents, at address: String, as sqlite: CensusContents
        ) throws {
            #expect(try contents.differences(from: sqlite) == [])
            let (ours, theirs) = try (contents.serverIDs(), sqlite.serverIDs())
            let renumbering = Dictionary(uniqueKeysWithValues: ours.map { ($1, theirs[$0]!) })
            #expect(
                try differencesOfReports(
                    address, renumbering: renumbering,
                    directory.path.appending("one.sqlite").string) == [])
        }

        @Test(arguments: [
            [["0", "1", "2"], ["3", "2", "1"]],
            [["0", "1"], ["1", "2", "0"], ["3", "0"], ["2", "3", "1"]],
            Array(repeating: ["0", "1", "2", "3"], count: 16),
        ])
        func nothingIsLostAndNothingIsThereTwice(folders: [[String]]) throws {
            let fleet = GeneratedFleet(seed: UInt64(folders.count))
            let names = try fleet.write(to: directory)
            let server = try ServerDatabase()
            let writers = try folders.map {
                try RunningCommand(
                    census, ["ingest", "--quiet", "--db", server.address] + $0, in: directory.path)
            }
            for writer in writers {
                let result = try writer.wait()
                #expect((result.status, result.error) == (0, ""))
            }
            try expectSame(
                .server(server.sql), at: server.address,
                as: loadIntoSQLite(["0", "1", "2", "3"]))

            // From each writer a receipt for each of its files, and one of them brought it.
            let expected = names.map { name in
                "\(name)\t\(folders.count { $0.contains(String(name.prefix(1))) })\t1\n"
            }
            #expect(
                try server.sql(
                    """
                    SELECT Path, COUNT(*), SUM(Verdict = 'ingested') FROM Receipts
                    GROUP BY Path ORDER BY Path
                    """) == expected.joined())
        }

        /// The server is killed when so many rows have been written, a number that nobody chose.
        @Test func aServerThatIsKilledInTheMiddleKeepsWholeSnapshots() throws {
            let fleet = GeneratedFleet(seed: 3)
            try fleet.write(to: directory)
            // More than a transaction's worth in one file: a part of it is written and waits.
            try directory.write((0...3).flatMap(fleet.text), to: "large.jsonl")
            let paths = ["0", "1", "large.jsonl", "2", "3"]
            let whole = try loadIntoSQLite(paths)
            let wholeRows = try Set(whole.rows(Self.rowCounts))

            let server = try MariaDBServer()
            func address(_ database: String) -> String {
                "mysql://root@127.0.0.1:\(server.port)/\(database)"
            }
            func ingest(into database: String) throws -> RunningCommand {
                try RunningCommand(
                    census, ["ingest", "--quiet", "--db", address(database)] + paths,
                    in: directory.path)
            }
            // (To ask MySQL writes rows too.)
            let (table, variable) =
                ServerPrograms.current.product == .mariadb
                ? ("information_schema.GLOBAL_STATUS", "Handler_write")
                : ("performance_schema.global_status", "Innodb_rows_inserted")
            let rowsInserted = """
                (SELECT CAST(VARIABLE_VALUE AS UNSIGNED) FROM \(table)
                 WHERE VARIABLE_NAME = '\(variable)')
                """
            // Asked on the server: to start a client takes longer than most of what happens.
            _ = try server.sql(
                """
                CREATE DATABASE watching;
                DELIMITER //
                CREATE PROCEDURE watching.until_written(p_Rows INT)
                BEGIN
                    DECLARE v_End INT DEFAULT \(rowsInserted) + p_Rows;
                    WHILE \(rowsInserted) < v_End DO DO SLEEP(0.001); END WHILE;
                END//
                """)
            _ = try server.sql("CREATE DATABASE undisturbed")
            let undisturbed = try ingest(into: "undisturbed").wait()
            #expect((undisturbed.status, undisturbed.error) == (0, ""))
            let rows = Int(try server.sql("SELECT \(rowsInserted)").dropLast())!
            #expect(rows > 30_000)

            for round in 1...5 {
                let database = "census_\(round)"
                _ = try server.sql("CREATE DATABASE \(database)")
                let watch = try RunningCommand(
                    "mariadb",
                    [
                        "--no-defaults", "--user=root", "--socket=\(server.socket)", "--execute",
                        "CALL watching.until_written(\(Int.random(in: 1..<rows * 3 / 4)))",
                    ])
                let writer = try ingest(into: database)
                while watch.isRunning && writer.isRunning { Thread.sleep(forTimeInterval: 0.001) }
                server.kill()
                let result = try writer.wait()
                #expect(try watch.wait().error == "")
                #expect(result.status == 1)
                #expect(
                    result.error.hasPrefix(
                        "census: \(address(database)): the connection to the server was lost ("),
                    "\(result.error)")
                #expect(
                    result.error.hasSuffix(
                        "); what was loaded before stays loaded: repeat the command\n"),
                    "\(result.error)")

                try server.start()
                let contents = CensusContents.server { try server.sql($0, database: database) }
                #expect(try wholeRows.isSuperset(of: contents.rows(Self.rowCounts)))
                let again = try ingest(into: database).wait()
                #expect((again.status, again.error) == (0, ""))
                #expect(try contents.differences(from: whole) == [])
            }
        }

        /// Each execution with how many rows there are of it.
        private static let rowCounts = """
            SELECT e.Snapshot_ID,
                   (SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION x
                    WHERE x.Execution_ID = e.Execution_ID),
                   (SELECT COUNT(*) FROM USERS_PER_EXECUTION x
                    WHERE x.Execution_ID = e.Execution_ID),
                   (SELECT COUNT(*) FROM ADDRESSES_PER_EXECUTION x
                    WHERE x.Execution_ID = e.Execution_ID)
            FROM Executions e
            """
    }
#endif
