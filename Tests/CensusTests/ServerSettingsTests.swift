#if MySQL
    import Foundation
    import TestSupport
    import Testing

    /// A server whose administrator has other habits, all of which a connection inherits.
    @Suite struct ServerSettingsTests {
        private static let options: [String] =
            switch ServerPrograms.current.product {
            case .mariadb:
                [
                    "--binlog-format=MIXED", "--innodb-default-row-format=compact",
                    "--character-set-server=ucs2",
                ]
            case .mysql: ["--character-set-server=utf16", "--binlog-row-image=MINIMAL"]
            }

        private static let settings: [String] =
            [
                "sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'", "autocommit = 0",
                "completion_type = 'CHAIN'", "sql_select_limit = 5", "sql_safe_updates = 1",
                "sql_big_selects = 0", "max_join_size = 1", "sql_auto_is_null = 1",
                "foreign_key_checks = 0", "unique_checks = 0", "time_zone = '+11:00'",
                "max_sort_length = 64", "sort_buffer_size = 32768", "group_concat_max_len = 4",
                "div_precision_increment = 0", "wait_timeout = 1", "net_read_timeout = 1",
                "net_write_timeout = 1", "innodb_lock_wait_timeout = 1", "lock_wait_timeout = 1",
                "innodb_strict_mode = 0", "lc_messages = 'de_DE'", "tmp_table_size = 1024",
                "max_heap_table_size = 16384", "init_connect = 'SET autocommit = 0'",
                "max_allowed_packet = 65536",
            ]
            + (ServerPrograms.current.product == .mariadb
                ? [
                    "tx_isolation = 'SERIALIZABLE'", "tx_read_only = 1",
                    "max_statement_time = 0.01",
                    "default_storage_engine = Aria", "idle_transaction_timeout = 1",
                    "idle_write_transaction_timeout = 1", "idle_readonly_transaction_timeout = 1",
                    "check_constraint_checks = 0", "old_mode = 'NO_DUP_KEY_WARNINGS_WITH_IGNORE'",
                    "tmp_disk_table_size = 16384", "max_session_mem_used = 4194304",
                    "collation_connection = utf8mb4_general_ci",
                ]
                : [
                    "transaction_isolation = 'SERIALIZABLE'", "transaction_read_only = 1",
                    "max_execution_time = 1", "default_storage_engine = MyISAM",
                    "range_optimizer_max_mem_size = 1", "sql_require_primary_key = 1",
                    "sql_generate_invisible_primary_key = 1",
                    "collation_connection = utf8mb4_0900_ai_ci",
                ])

        /// A server of these settings and an account that may do no more than it needs.
        private func server() throws -> (server: MariaDBServer, address: String) {
            let lowerCase = "--lower-case-table-names=1"
            let server = try MariaDBServer(
                options: [lowerCase, "--log-bin=log"] + Self.options,
                installOptions: ServerPrograms.current.product == .mysql ? [lowerCase] : [])
            _ = try server.sql(
                """
                CREATE DATABASE census; CREATE USER desk;
                GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, REFERENCES, CREATE ROUTINE ON census.* TO desk;
                \(Self.settings.map { "SET GLOBAL \($0);" }.joined(separator: "\n"))
                """)
            return (server, "mysql://desk@127.0.0.1:\(server.port)/census")
        }

        @Test func theyChangeNothing() throws {
            let directory = try TemporaryDirectory()
            let (server, address) = try server()
            defer { server.kill() }
            try GeneratedFleet(seed: 6, hosts: 20).write(to: directory)
            // Twice, so that what is there is looked up too.
            for _ in 1...2 {
                let outputs = try ["test.sqlite", address].map {
                    try run(
                        census, ["ingest", "--db", $0, referenceFleet.string, "0", "1", "2", "3"],
                        in: directory.path, environment: ["HOME": "/nonexistent"])
                }
                #expect(outputs[1].status == 0, "\(outputs[1].error)")
                #expect(difference(outputs[1].outputBytes, outputs[0].outputBytes) == nil)
            }
            let contents = CensusContents.server {
                try server.sql(
                    """
                    SET SESSION sql_select_limit = 18446744073709551615, sql_mode = '', max_sort_length = 4096,
                        sql_big_selects = 1\(Self.withoutTimeLimit); \($0)
                    """, database: "census")
            }
            #expect(
                try contents.differences(from: .file(directory.path.appending("test.sqlite"))) == []
            )
        }
        private static let withoutTimeLimit =
            ServerPrograms.current.product == .mariadb
            ? ", max_statement_time = 0" : ", max_execution_time = 0"

        /// A connection may rest for longer than the server lets others.
        @Test func aConnectionMayRest() throws {
            let (server, address) = try server()
            defer { server.kill() }
            let result = try run(
                "bash",
                [
                    "-c",
                    #"{ cat "$fleet"/a*; sleep 3; cat "$fleet"/d*; sleep 3; } | "$census" ingest --quiet --db "$db" -"#,
                ],
                environment: [
                    "census": census, "db": address, "fleet": referenceFleet.string,
                    "HOME": "/nonexistent",
                ])
            #expect((result.status, result.error) == (0, ""))
        }
    }
#endif
