#if MySQL
    import TestSupport
    import Testing

    /// Three programs write to a group of MySQL servers at once, each to its own primary. Run only
    /// by `make test-mysql`.
    @Suite(.serialized) struct GroupReplicationTests {
        let directory: TemporaryDirectory
        let group: ReplicationGroup
        private var members: Members {
            Members(
                nodes: group.nodes, directory: directory,
                catchingUp: "SET SESSION group_replication_consistency = 'BEFORE'")
        }

        init() throws {
            directory = try TemporaryDirectory()
            group = try ReplicationGroup(nodes: 3)
            _ = try group.nodes[0].sql("CREATE DATABASE census")
        }

        /// The number of transactions rolled back at commit because another primary was first.
        private func conflictsAtCommit() throws -> Int {
            try group.nodes.reduce(0) {
                $0
                    + Int(
                        try $1.sql(
                            """
                            SELECT SUM(SUM_ERROR_RAISED)
                            FROM performance_schema.events_errors_summary_global_by_error
                            WHERE ERROR_NUMBER IN (1180, 3101)
                            """
                        ).dropLast())!
            }
        }

        @Test func eachWritesToItsOwnPrimary() throws {
            try members.expectEachToWrite(GeneratedFleet(seed: 4))
            // Otherwise the test has tested nothing.
            #expect(try conflictsAtCommit() > 0)
            #expect(try group.nodes[0].sql("SELECT @@auto_increment_increment") == "7\n")
        }
    }
#endif
