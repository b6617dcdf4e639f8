#if MySQL
    import Foundation
    import TestSupport
    import Testing

    /// What MySQL has and MariaDB has not. Runs by `make test-mysql` only.
    @Suite(.serialized) struct MySQLOnlyTests {
        let server: MariaDBServer

        /// - Parameter options: of the server.
        private static func server(_ options: [String]) throws -> MariaDBServer {
            try #require(
                ServerPrograms.current.product == .mysql, "$CENSUS_TEST_ROOT has no MySQL")
            let server = try MariaDBServer(options: options)
            _ = try server.sql(
                """
                CREATE DATABASE census; CREATE USER anna IDENTIFIED BY 'secret';
                GRANT ALL ON census.* TO anna;
                CREATE USER shanna IDENTIFIED WITH sha256_password BY 'secret';
                GRANT ALL ON census.* TO shanna;
                """)
            return server
        }

        init() throws { server = try Self.server([]) }

        private func message(
            _ arguments: [String], user: String = "anna", _ parameters: String = "",
            on server: MariaDBServer? = nil
        ) throws -> String {
            let server = server ?? self.server
            let address =
                parameters.hasPrefix("socket")
                ? "mysql://\(user)@/census?socket=\(server.socket)"
                : "mysql://\(user)@127.0.0.1:\(server.port)/census"
                    + (parameters.isEmpty ? "" : "?\(parameters)")
            let result = try run(
                census, arguments + ["--db", address],
                environment: ["HOME": "/nonexistent", "MYSQL_PWD": "secret"])
            return String(result.error.dropFirst("census: \(address): ".count).dropLast())
        }
        private let ingest = ["ingest", "--quiet", referenceFleet.string]

        /// An account of MySQL's default kind gives its password away the first time.
        @Test func withoutTLS() throws {
            let server = try Self.server(["--tls-version="])
            defer { server.kill() }
            let advice =
                "the account's authentication method (such as MySQL's caching_sha2_password) sends "
                + "the password itself, which census does only through TLS or the local socket: "
                + "the server does not offer TLS; an administrator can enable it, or on the "
                + "server's own machine use mysql:///census?socket=PATH or ssl-mode=disabled"
            for user in ["anna", "shanna"] {
                for parameters in ["", "ssl-mode=preferred"] {
                    #expect(try message(ingest, user: user, parameters, on: server) == advice)
                }
                // As the message says.
                for parameters in ["ssl-mode=disabled", "socket"] {
                    _ = try server.sql("FLUSH PRIVILEGES")  // forgets the hashes of passwords
                    #expect(try message(ingest, user: user, parameters, on: server) == "")
                }
            }
            // An account whose hash the server has kept from a login gives nothing away.
            #expect(try message(ingest, "socket", on: server) == "")
            #expect(try message(ingest, on: server) == "")
        }

        @Test func withTLS() throws {
            for user in ["anna", "shanna"] {
                let parameters = [
                    "", "ssl-mode=disabled", "ssl-mode=required",
                    "ssl-mode=verify-ca&ssl-ca=\(server.data.appending("ca.pem"))",
                ]
                // The file is the server's own.
                _ = try run("chmod", ["755", server.data.string])
                for parameters in parameters {
                    _ = try server.sql("FLUSH PRIVILEGES")
                    #expect(try message(ingest, user: user, parameters) == "")
                }
            }
        }

        @Test func whatTakesNoChanges() throws {
            #expect(try message(ingest) == "")
            _ = try server.sql("SET GLOBAL super_read_only = 1")
            #expect(
                try message(ingest).hasSuffix(
                    "; if it is a replica, or has left its replication group, give --db the "
                        + "address of a writable server"))
            _ = try server.sql("SET GLOBAL super_read_only = 0; SET GLOBAL read_only = 0")
            _ = try server.sql("ALTER DATABASE census READ ONLY = 1")
            #expect(
                try message(ingest)
                    == "the database is read-only; an administrator can change that: ALTER DATABASE "
                    + "`census` READ ONLY = 0")
            #expect(try message(["report"]) == "")
            _ = try server.sql("ALTER DATABASE census READ ONLY = 0")
        }

        @Test func whatLetsNobodyIn() throws {
            _ = try server.sql("SET GLOBAL offline_mode = 1")
            #expect(
                try message(["report"])
                    == "the server is in offline mode and accepts only administrators; one can end it: "
                    + "SET GLOBAL offline_mode = OFF"
            )
            _ = try server.sql(
                """
                SET GLOBAL offline_mode = 0;
                CREATE USER faye IDENTIFIED BY 'other' FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME 1
                """)
            for _ in 1...2 {
                #expect(
                    try message(["report"], user: "faye").hasPrefix(
                        "the account is blocked after too many wrong passwords ("))
            }
        }
    }
#endif
