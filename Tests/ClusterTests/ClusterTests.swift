#if MySQL
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// Three programs write to a cluster at once, each to its own node.
    @Suite(.serialized) struct ClusterTests {
        let directory: TemporaryDirectory
        let cluster: GaleraCluster

        init() throws {
            directory = try TemporaryDirectory()
            cluster = try GaleraCluster(nodes: 3)
            _ = try cluster.nodes[0].sql("CREATE DATABASE census")
        }

        private var members: Members {
            Members(
                nodes: cluster.nodes, directory: directory,
                catchingUp: "SET SESSION wsrep_sync_wait = 15")
        }

        /// Whether the program that loads `./…` through a node has committed a part of it; or waits
        /// for its input, as it does when the others have loaded all those files meanwhile.
        private func hasCommittedOrWaits(node: Int) throws -> Bool {
            // While the schema is made, the server may give up waiting for the lock of a table.
            let tables = try? members.contents(node).rows(
                """
                SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_NAME = 'Receipts'
                """)
            return try tables?.contains("Receipts") == true
                && cluster.nodes[node].sql(
                    """
                    SELECT EXISTS (SELECT * FROM Receipts WHERE Path LIKE './%') OR EXISTS (
                        SELECT * FROM information_schema.PROCESSLIST
                        WHERE DB = 'census' AND COMMAND = 'Sleep' AND TIME >= 10)
                    """, database: "census") == "1\n"
        }

        @Test func eachWritesToItsOwnNode() throws {
            try members.expectEachToWrite(GeneratedFleet(seed: 4))
        }

        @Test func aNodeIsKilledWhileAllAreWrittenTo() throws {
            let fleet = GeneratedFleet(seed: 5)
            try fleet.write(to: directory)
            for folder in 0...3 {
                try directory.write(fleet.text(folder: folder), to: "\(folder).txt")
            }
            /// Begins to load folders; the rest follows when the input is closed.
            func begin(_ node: Int, _ folders: String, rest: String) throws -> RunningCommand {
                try RunningCommand(
                    "bash",
                    [
                        "-c",
                        """
                        { read -r line; cat \(rest); } | "$census" ingest --quiet --db "$db" \(folders) -
                        """,
                    ], in: directory.path, input: nil,
                    environment: ["census": census, "db": members.address(node)])
            }
            // Three folders exceed a transaction, so that one part of them is committed and another
            // is pending. Only the last program loads folder 3.
            let writers = try [
                begin(0, "0 1 2", rest: "1.txt"), begin(1, "2 1 0", rest: "2.txt"),
                begin(2, "./0 ./2 ./1", rest: "3.txt"),
            ]
            let deadline = ContinuousClock.now + .seconds(300)
            while try !hasCommittedOrWaits(node: 2) {
                try #require(writers[2].isRunning && ContinuousClock.now < deadline)
                Thread.sleep(forTimeInterval: 0.02)
            }
            cluster.nodes[2].kill()
            for writer in writers { try writer.closeInput() }
            let results = try writers.map { try $0.wait() }
            for result in results.prefix(2) { #expect((result.status, result.error) == (0, "")) }
            #expect(results[2].status == 1)
            #expect(
                results[2].error.hasPrefix(
                    "census: \(members.address(2)): the connection to the server was lost ("),
                "\(results[2].error)")

            let again = try run(
                census,
                ["ingest", "--quiet", "--db", members.address(0), "./0", "./2", "./1", "3"],
                in: directory.path)
            #expect((again.status, again.error) == (0, ""))
            try members.expectWhole(onNodes: [0, 1])

            // The killed node rejoins with the same content.
            try cluster.nodes[2].start()
            try cluster.waitUntilSynced()
            try members.expectWhole(onNodes: [2])
        }
    }
#endif
