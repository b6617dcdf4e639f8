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
            // First they install the schema, which one of them does while the others wait. Then they
            // write at once, until there were conflicts: otherwise the test has tested nothing.
            var seeds: [UInt64] = [4, 5, 6, 7, 8, 9, 10, 11].reversed()
            repeat {
                try members.expectEachToWrite(GeneratedFleet(seed: seeds.popLast()!))
            } while try conflictsAtCommit() == 0 && !seeds.isEmpty
            #expect(try conflictsAtCommit() > 0)
            #expect(try group.nodes[0].sql("SELECT @@auto_increment_increment") == "7\n")
            // All of them are still in the group, and none is changing the schema.
            #expect(
                try group.nodes[2].sql(
                    """
                    SELECT COUNT(*) FROM performance_schema.replication_group_members
                    WHERE MEMBER_STATE = 'ONLINE';
                    SELECT COUNT(*) FROM census.Census_upgrade WHERE Holder IS NULL
                    """) == "3\n1\n")
        }

        /// Nobody can see from another member whether a program still runs.
        @Test func anInterruptedUpgradeIsNamed() throws {
            let ingest = ["ingest", "--quiet", "--db", members.address(1), referenceFleet.string]
            _ = try group.nodes[0].sql(
                """
                CREATE TABLE Census_schema (Version INT UNSIGNED NOT NULL PRIMARY KEY);
                CREATE TABLE Census_upgrade (Upgrade_ID INT UNSIGNED NOT NULL PRIMARY KEY,
                    Holder BIGINT UNSIGNED, Claimed_by VARCHAR(380), Claimed_at DATETIME);
                INSERT INTO Census_upgrade VALUES (1, UUID_SHORT(), 'ann@desk', '2026-11-23 05:13:11')
                """, database: "census")
            let refused = try run(census, ingest, in: directory.path)
            #expect(refused.status == 1)
            let advice = "UPDATE Census_upgrade SET Holder = NULL"
            #expect(refused.error.contains("ann@desk at 2026-11-23 05:13:11"))
            #expect(refused.error.contains(advice))
            _ = try group.nodes[2].sql(advice, database: "census")
            let loaded = try run(census, ingest, in: directory.path)
            #expect((loaded.status, loaded.error) == (0, ""))
        }

        @Test func anAccountThatMayNotUpgradeIsToldWhoMay() throws {
            _ = try group.nodes[0].sql(
                """
                CREATE TABLE Census_schema (Version INT UNSIGNED NOT NULL PRIMARY KEY);
                INSERT INTO Census_schema VALUES (1);
                CREATE USER clerk;
                GRANT SELECT, INSERT, UPDATE, DELETE ON census.* TO clerk
                """, database: "census")
            let address = members.address(1).replacing("root@", with: "clerk@")
            let refused = try run(
                census, ["ingest", "--quiet", "--db", address, referenceFleet.string],
                in: directory.path)
            #expect(refused.status == 1)
            #expect(
                refused.error.contains("has schema version 1 and this account may not upgrade it"))
            #expect(refused.error.split(separator: "\n").count == 1)
        }
    }
#endif
