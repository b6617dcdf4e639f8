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
            SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
            UNION ALL
            SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
            """
        private static let allThings = [
            "ADDRESSES_PER_EXECUTION", "Census_schema", "Executions", "Insert_os_data",
            "Insert_processes_data", "Insert_processor_data", "Insert_servers_data",
            "Insert_users_data", "OS", "PROCESSES_PER_EXECUTION", "Processes", "Processors",
            "Receipts", "Servers", "USERS", "USERS_PER_EXECUTION",
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

        @Test func itCanBeInterruptedBeforeAnyStatement() throws {
            let statements = SQLScript(Scripts.mysqlSchema[0]).statements
            #expect(statements.count == 2 + 11 + 5 + 2)
            for count in 0..<statements.count {
                let database = try ServerDatabase()
                let connection = try open(database)
                for statement in statements.prefix(count) { try connection.execute(statement) }
                #expect(failure { try connection.requireSchema(upTo: 1) }?.code == .empty)
                try open(database).upgradeSchema(Scripts.mysqlSchema)
                #expect(try names(database) == Self.allThings)
                try connection.requireSchema(upTo: 1)
                // And again, which changes nothing.
                try open(database).upgradeSchema(Scripts.mysqlSchema)
                #expect(try names(database) == Self.allThings)
                #expect(try database.sql("SELECT * FROM Census_schema") == "1\n")
            }
        }

        /// For a moment nobody may make tables: that is no reason to leave one out.
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
            _ = try database.sql("INSERT INTO Census_schema VALUES (7)")
            let message = "it has schema version 7 and this census knows 1: use a newer one"
            #expect(
                failure { try connection.upgradeSchema(Scripts.mysqlSchema) }?.message == message)
            #expect(failure { try connection.requireSchema(upTo: 1) }?.message == message)
        }

        /// Some programs take comments out, and with them the collations.
        @Test func tablesOfAnotherCollationAreRefused() throws {
            let database = try ServerDatabase()
            let script = Scripts.mysqlSchema[0].replacing(/\/\*[^*]*\*\//, with: "")
            _ = try database.sql(script)
            #expect(try names(database) == Self.allThings)
            #expect(
                failure { try open(database).upgradeSchema(Scripts.mysqlSchema) }?.message
                    == "there are tables by the names of a census whose text has another "
                    + "collation: use a database of its own")
        }
    }
#endif
