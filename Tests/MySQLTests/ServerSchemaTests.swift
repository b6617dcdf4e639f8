#if MySQL
    import Database
    import Foundation
    import SQLScripts
    import TestSupport
    import Testing

    @testable import MySQL

    /// The schema of a server, each of whose statements takes effect by itself.
    @Suite struct ServerSchemaTests {
        private static let things = """
            SELECT TABLE_NAME FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'
            UNION ALL
            SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
            """
        private static let allThings = [
            "ACCOUNTS_PER_SET",
            "ACCOUNT_SETS",
            "ADDRESSES_PER_EXECUTION",
            "AUTHORIZED_KEYS_PER_SET",
            "AUTHORIZED_KEY_SETS",
            "Accounts",
            "Authorized_keys",
            "Census_schema",
            "Executions",
            "FIND_NAMES",
            "FIND_RUNS",
            "FIND_UPDATES",
            "Insert_os_data",
            "Insert_processes_data",
            "Insert_processor_data",
            "Insert_servers_data",
            "Insert_users_data",
            "LISTENING_PORTS_PER_EXECUTION",
            "Listening_ports",
            "OS",
            "PACKAGES_PER_SET",
            "PACKAGE_SETS",
            "PATCHES_PER_SET",
            "PATCH_SETS",
            "PRIVILEGES_PER_SET",
            "PRIVILEGE_SETS",
            "PROCESSES_PER_EXECUTION",
            "Packages",
            "Patches",
            "Privileges",
            "Processes",
            "Processors",
            "Receipts",
            "Retractions",
            "SSH_HOST_KEYS_PER_SET",
            "SSH_HOST_KEY_SETS",
            "SSH_host_keys",
            "Servers",
            "USERS",
            "USERS_PER_EXECUTION",
        ]

        private func names(_ database: ServerDatabase) throws -> [String] {
            try database.sql(Self.things).split(separator: "\n").map(String.init).sorted()
        }

        private func open(_ database: ServerDatabase) throws -> MySQLDatabase {
            try MySQLDatabase(MySQLAddress(database.address), password: nil)
        }

        private func failure(_ body: () throws -> Void) -> DatabaseError? {
            do { try body() } catch { return error as? DatabaseError }
            return nil
        }

        private static let newest = Scripts.mysqlSchema.count
        private static let versions = (1...newest).map { "\($0)\n" }.joined()
        private static let statements = Scripts.mysqlSchema.map { SQLScript($0).statements }

        @Test func itCanBeInterruptedBeforeAnyStatement() throws {
            let statements = Self.statements.flatMap(\.self)
            #expect(Self.statements[0].count == 2 + 11 + 5 + 3)
            for count in 0..<statements.count {
                let database = try ServerDatabase()
                let connection = try open(database)
                for statement in statements.prefix(count) { try connection.execute(statement) }
                let error = try #require(failure { try connection.requireSchema(Self.newest) })
                #expect(error.code == (count < Self.statements[0].count ? .empty : .olderSchema))
                try open(database).upgradeSchema(Scripts.mysqlSchema)
                #expect(try names(database) == Self.allThings)
                try connection.requireSchema(Self.newest)
                // A second run changes nothing.
                try open(database).upgradeSchema(Scripts.mysqlSchema)
                #expect(try names(database) == Self.allThings)
                #expect(try database.sql("SELECT * FROM Census_schema") == Self.versions)
            }
        }

        /// What the first version wrote: a host whose newest execution is of a date that is more than
        /// a minute after its receipt, one that has such dates only, one of stored procedures.
        private static let contents = """
            INSERT INTO OS (OS_Name) VALUES ('Linux');
            INSERT INTO Receipts (Path, Verdict, Received_at) VALUES ('a', 'ingested', '2026-01-05');
            INSERT INTO Servers (Host_ID, Hostname, OS_ID, Newest_Exec_date, Newest_Snapshot_ID)
            VALUES ('h1', 'ahead', 1, '2099-01-01', 'e'), ('h2', 'last', 1, '2099-01-02', 'g');
            INSERT INTO Executions (Server_ID, Exec_date, Hostname, OS_ID, Processes_known,
                                    Users_known, Snapshot_ID, Snapshot_SHA256, Receipt_ID)
            VALUES (1, '2026-01-05 00:01:00', 'tied', 1, 1, 1, 'a', '', 1),
                   (1, '2026-01-05 00:01:00', 'newest', 1, 1, 1, 'b', '', 1),
                   (1, '2026-01-04 00:00:00', 'old', 1, 1, 1, 'c', '', 1),
                   (1, '2026-01-05 00:01:01', 'just', 1, 1, 1, 'd', '', 1),
                   (1, '2099-01-01 00:00:00', 'ahead', 1, 1, 1, 'e', '', 1),
                   (2, '2099-01-01 00:00:00', 'first', 1, 1, 1, 'f', '', 1),
                   (2, '2099-01-02 00:00:00', 'last', 1, 1, 1, 'g', '', 1);
            CALL Insert_os_data('windows', '10');
            CALL Insert_servers_data('h3', 'old', NULL, 'windows', '10', NULL, '2098-01-01');
            CALL Insert_servers_data('h3', 'new', NULL, 'windows', '10', NULL, '2099-01-01')
            """

        private func expectUpgraded(_ database: ServerDatabase) throws {
            #expect(try names(database) == Self.allThings)
            #expect(try database.sql("SELECT * FROM Census_schema") == Self.versions)
            #expect(
                try database.sql(
                    """
                    SELECT Host_ID, Hostname, OS_ID, Newest_date_is_possible, Newest_Exec_date,
                           Newest_Snapshot_ID FROM Servers ORDER BY Server_ID;
                    SELECT Hostname FROM Executions WHERE Date_is_possible = 0 ORDER BY 1;
                    SELECT Absolute_path, Ingested_by, Ingested_on, Ingested_with FROM Receipts
                    """) == """
                        h1\tnewest\t1\t1\t2026-01-05 00:01:00\tb
                        h2\tlast\t1\t0\t2099-01-02 00:00:00\tg
                        h3\tnew\t2\t1\t2099-01-01 00:00:00\t
                        ahead
                        first
                        just
                        last
                        NULL\tNULL\tNULL\tNULL

                        """)
            // The procedure of the newest version: a possible date replaces an impossible one.
            _ = try database.sql(
                "CALL Insert_servers_data('h2', 'told', NULL, 'Linux', NULL, NULL, '2020-01-01')")
            #expect(
                try database.sql("SELECT Hostname FROM Servers ORDER BY Server_ID")
                    == "newest\ntold\nnew\n")
        }

        private func databaseOfVersion1() throws -> ServerDatabase {
            let database = try ServerDatabase()
            _ = try database.sql(Scripts.mysqlSchema[0])
            _ = try database.sql(Self.contents)
            return database
        }

        @Test func aDatabaseOfVersion1IsBroughtToTheNewest() throws {
            let statements = Self.statements.dropFirst().enumerated().flatMap { index, script in
                script.map { (version: index + 1, sql: $0) }
            }
            for count in statements.indices {
                let database = try databaseOfVersion1()
                let connection = try open(database)
                for statement in statements.prefix(count) { try connection.execute(statement.sql) }
                let error = failure { try connection.requireSchema(Self.newest) }
                #expect(error?.code == .olderSchema)
                #expect(
                    error?.message
                        == "the database has schema version \(statements[count].version) of an "
                        + "older census, and this one reads \(Self.newest): upgrade it by running `census ingest` on any file"
                )
                try open(database).upgradeSchema(Scripts.mysqlSchema)
                try expectUpgraded(database)
            }
        }

        @Test func aPersonUpgradesItWithTheScript() throws {
            let database = try databaseOfVersion1()
            for script in Scripts.mysqlSchema.dropFirst() {
                _ = try database.sql(script)
                _ = try database.sql(script)
            }
            try expectUpgraded(database)
            try open(database).requireSchema(Self.newest)
        }

        @Test func manyUpgradeItAtOnce() async throws {
            let database = try databaseOfVersion1()
            let address = database.address
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try MySQLDatabase(MySQLAddress(address), password: nil)
                            .upgradeSchema(Scripts.mysqlSchema)
                    }
                }
                try await group.waitForAll()
            }
            try expectUpgraded(database)
        }

        @Test func whoMayNotUpgradeItIsToldSo() throws {
            let database = try databaseOfVersion1()
            let account = try ServerAccount(
                "SELECT, INSERT, UPDATE, CREATE, REFERENCES, CREATE ROUTINE", on: database)
            let error = failure {
                try MySQLDatabase(MySQLAddress(account.address), password: account.password)
                    .upgradeSchema(Scripts.mysqlSchema)
            }
            #expect(error?.code == .readOnly)
            #expect(
                error?.message.hasPrefix(
                    "the database has schema version 1 and this account may not upgrade it to \(Self.newest): an "
                        + "administrator can, as the article \"Servers\" of the documentation says "
                        + "(ALTER command denied to ") == true, "\(error?.message ?? "")")
        }

        private static let thingsOfVersion1 = [
            "ADDRESSES_PER_EXECUTION", "Executions", "Insert_os_data", "Insert_processes_data",
            "Insert_processor_data", "Insert_servers_data", "Insert_users_data", "OS",
            "PROCESSES_PER_EXECUTION", "Processes", "Processors", "Receipts", "Servers", "USERS",
            "USERS_PER_EXECUTION",
        ]
        private static let tables = thingsOfVersion1.filter { !$0.hasPrefix("Insert_") }

        /// Runs the scripts over an incomplete schema: no version is recorded; then the complete
        /// schema is created.
        @Test(arguments: thingsOfVersion1)
        func aHalfMadeSchemaHasNoVersion(_ missing: String) throws {
            let database = try ServerDatabase()
            let connection = try open(database)
            for statement in Self.statements[0].dropLast(3) { try connection.execute(statement) }
            _ = try database.sql(
                Self.tables.contains(missing)
                    ? "SET foreign_key_checks = 0; DROP TABLE \(missing)"
                    : "DROP PROCEDURE \(missing)")
            for statement in Self.statements[0].suffix(3) {
                // The server says which table is missing.
                if let error = failure({ try connection.execute(statement) }) {
                    #expect(error.message.contains(missing))
                }
            }
            #expect(try database.sql("SELECT * FROM Census_schema") == "")
            // The version that older scripts recorded all the same.
            for isMarked in [false, true] {
                if isMarked {
                    _ = try database.sql(
                        Self.tables.contains(missing)
                            ? "SET foreign_key_checks = 0; DROP TABLE \(missing)"
                            : "DROP PROCEDURE \(missing)")
                    _ = try database.sql("DELETE FROM Census_schema WHERE Version > 1")
                }
                try open(database).upgradeSchema(Scripts.mysqlSchema)
                #expect(try names(database) == Self.allThings)
                #expect(try database.sql("SELECT * FROM Census_schema") == Self.versions)
            }
        }

        /// With the referenced columns, but not all.
        @Test(arguments: ["Executions", "Receipts", "Servers", "OS", "USERS"])
        func aTableThatIsAnotherPrograms(_ table: String) throws {
            let database = try ServerDatabase()
            let columns = ["OS", "User", "Server", "Execution", "Receipt"].map {
                "\($0)_ID INT UNSIGNED NOT NULL, KEY (\($0)_ID)"
            }
            _ = try database.sql(
                """
                \(Self.statements[0][1]);
                CREATE TABLE \(table) (\(columns.joined(separator: ", "))) ENGINE = InnoDB
                """)
            #expect(failure { try open(database).upgradeSchema(Scripts.mysqlSchema) } != nil)
            #expect(try database.sql("SELECT COUNT(*) FROM Census_schema") == "0\n")
        }

        @Test(arguments: ["4k", "8k"]) func pagesThatAreTooSmall(_ size: String) throws {
            let server = try MariaDBServer(
                options: ["--innodb-page-size=\(size)"],
                installOptions: ["--innodb-page-size=\(size)"])
            _ = try server.sql("CREATE DATABASE census")
            let address = "mysql://root@127.0.0.1:\(server.port)/census"
            let error = failure {
                try MySQLDatabase(MySQLAddress(address), password: nil)
                    .upgradeSchema(Scripts.mysqlSchema)
            }
            #expect(
                error?.description
                    == "\(address): the server's innodb_page_size is "
                    + "\(size == "4k" ? 4096 : 8192), which is too small for census's keys: use "
                    + "a server whose data directory was created with 16384, the default, or more")
            #expect(try server.sql("SHOW TABLES", database: "census") == "")
        }

        /// For a moment tables cannot be created: none may be omitted.
        @Test func whatHasToWaitIsNotLeftOut() throws {
            let server = try MariaDBServer(options: ["--lock-wait-timeout=1"])
            _ = try server.sql("CREATE DATABASE census")
            let lock = try RunningCommand(
                "mariadb",
                [
                    "--no-defaults", "--user=root", "--socket=\(server.socket)",
                    "--execute=FLUSH TABLES WITH READ LOCK; DO SLEEP(4)",
                ])
            while try server.sql("SHOW PROCESSLIST").contains("SLEEP(4)") == false {
                try #require(lock.isRunning)
            }
            let address = "mysql://root@127.0.0.1:\(server.port)/census"
            try MySQLDatabase(MySQLAddress(address), password: nil)
                .upgradeSchema(Scripts.mysqlSchema)
            #expect(try lock.wait().status == 0)
            let things = try server.sql(Self.things, database: "census")
            #expect(things.split(separator: "\n").map(String.init).sorted() == Self.allThings)
        }

        @Test func aNewerSchemaIsRefused() throws {
            let database = try ServerDatabase()
            let connection = try open(database)
            try connection.upgradeSchema(Scripts.mysqlSchema)
            _ = try database.sql("INSERT INTO Census_schema VALUES (999)")
            let message =
                "the database has schema version 999, and this census knows \(Self.newest): "
                + "use a newer one"
            #expect(
                failure { try connection.upgradeSchema(Scripts.mysqlSchema) }?.message == message)
            #expect(failure { try connection.requireSchema(Self.newest) }?.message == message)
        }

        /// Some programs remove comments, and with them the collations.
        @Test func tablesOfAnotherCollationAreRefused() throws {
            let database = try ServerDatabase()
            let script = Scripts.mysqlSchema.joined().replacing(/\/\*[^*]*\*\//, with: "")
            _ = try database.sql(script)
            #expect(try names(database) == Self.allThings)
            #expect(
                failure { try open(database).upgradeSchema(Scripts.mysqlSchema) }?.message
                    == "the database has tables with census's names but another collation: use a "
                    + "separate database")
        }
    }
#endif
