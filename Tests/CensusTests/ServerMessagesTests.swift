#if MySQL
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// What an account or a server does not let through: one line that says what is the case and what
    /// to do.
    @Suite(.serialized) struct ServerMessagesTests {
        let tls: TLSServer
        let home: TemporaryDirectory

        init() throws {
            tls = try TLSServer()
            home = try TemporaryDirectory()
            try expectLoaded(tls.address())
        }

        private func expectLoaded(_ address: String) throws {
            let filled = try census(["ingest", "--quiet", referenceFleet.string], address)
            try #require((filled.status, filled.error) == (0, ""))
        }

        private func census(_ arguments: [String], _ address: String) throws -> RunResult {
            try run(
                TestSupport.census, arguments + ["--db", address],
                environment: ["HOME": home.path.string, "MYSQL_PWD": "secret"])
        }

        private func report(_ user: String = "anna", _ parameters: String = "") throws -> String {
            try message(["report", "2"], user, parameters)
        }

        private func ingest(_ user: String = "anna", _ parameters: String = "") throws -> String {
            try message(["ingest", "--quiet", referenceFleet.string], user, parameters)
        }

        /// Without the address; empty where it succeeds.
        private func message(
            _ arguments: [String], _ user: String, _ parameters: String
        ) throws -> String {
            let address = tls.address(user: user, parameters)
            let result = try census(arguments, address)
            if result.status == 0 { return result.error }
            #expect(result.status == 1)
            let prefix = "census: \(address): "
            #expect(result.error.hasPrefix(prefix) && result.error.hasSuffix("\n"))
            let message = String(result.error.dropFirst(prefix.count).dropLast())
            for sign in ["\n", " (in: ", "INSERT INTO", "SET SESSION"] {
                #expect(!message.contains(sign), "\(message)")
            }
            return message
        }

        private func sql(_ script: String) throws { _ = try tls.server.sql(script) }

        /// The same with what the server says in its own words left out.
        private func withoutQuotation(_ message: String) -> String {
            guard let start = message.firstIndex(of: "("),
                let end = message.range(of: ")", options: .backwards)?.upperBound
            else { return message }
            return message[..<start] + "(…)" + message[end...]
        }

        private static let denied =
            "the server refuses this user or password (Access denied for user "
        private static let passwordAdvice =
            "; the password comes from [client] in ~/.my.cnf, from $MYSQL_PWD, or is asked for on a "
            + "terminal"

        @Test func accountsThatRequireTLS() throws {
            try sql(
                "CREATE USER xena IDENTIFIED BY 'secret' REQUIRE X509; GRANT ALL ON *.* TO xena")
            let tlsAdvice =
                ", or requires TLS (REQUIRE SSL), which ssl-mode=disabled excludes"
                + Self.passwordAdvice
            for user in ["bertha", "xena"] {
                let message = try report(user, "ssl-mode=disabled")
                #expect(
                    message.hasPrefix(Self.denied) && message.hasSuffix(tlsAdvice), "\(message)")
            }
            let message = try report("xena")
            #expect(
                message.hasPrefix(Self.denied)
                    && message.hasSuffix(
                        ", or requires a client certificate (REQUIRE X509), which is set by "
                            + "ssl-cert and ssl-key under [client]" + Self.passwordAdvice),
                "\(message)")
        }

        @Test func aServerThatTakesTLSOnly() throws {
            try sql("SET GLOBAL require_secure_transport = 1")
            // MariaDB 10.11 says no more than of a wrong password.
            #expect(
                try report("anna", "ssl-mode=disabled").contains(
                    "which ssl-mode=disabled excludes"))
            #expect(try report().isEmpty)
        }

        @Test func accountsThatAreOff() throws {
            try sql(
                """
                CREATE USER lara IDENTIFIED BY 'secret' ACCOUNT LOCK;
                CREATE USER ella IDENTIFIED BY 'secret' PASSWORD EXPIRE;
                """)
            #expect(
                try report("lara")
                    == "the account is locked; an administrator can unlock it: ALTER USER … ACCOUNT "
                    + "UNLOCK")
            #expect(
                try report("ella")
                    == "the account's password has expired; set a new one with a server's own "
                    + "client: ALTER USER USER() IDENTIFIED BY …")
        }

        @Test func accountsWithoutRights() throws {
            try sql(
                """
                CREATE USER nora IDENTIFIED BY 'secret';
                CREATE USER ines IDENTIFIED BY 'secret'; GRANT INSERT ON census.* TO ines;
                """)
            for user in ["nora", "ines"] {
                let message = try report(user)
                #expect(
                    message.hasSuffix(
                        "; an administrator can grant it: GRANT SELECT ON `census`.* TO …"),
                    "\(message)")
            }
            #expect(
                try ingest("nora").hasSuffix(
                    "; an administrator can grant it: GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, "
                        + "REFERENCES, CREATE ROUTINE ON `census`.* TO …"))
        }

        @Test(arguments: ["QUERIES", "UPDATES", "CONNECTIONS"])
        func accountsWithALimit(resource: String) throws {
            try sql(
                """
                CREATE USER mona IDENTIFIED BY 'secret' WITH MAX_\(resource)_PER_HOUR 1;
                GRANT ALL ON *.* TO mona; DROP DATABASE census; CREATE DATABASE census
                """)
            _ = try report("mona")
            let message = try self.message(
                ["ingest", "--quiet", referenceFleet.string], "mona", "")
            let again = message.isEmpty ? try ingest("mona") : message
            #expect(
                withoutQuotation(again)
                    == "the account has reached its hourly limit (…); repeat the command later, or an "
                    + "administrator can raise the limit: ALTER USER … WITH …",
                "\(again)")
        }

        @Test func tooManyConnections() throws {
            try sql(
                """
                CREATE USER mona IDENTIFIED BY 'secret' WITH MAX_USER_CONNECTIONS 1;
                GRANT ALL ON *.* TO mona
                """)
            let first = try RunningCommand(
                TestSupport.census,
                ["ingest", "--quiet", "--db", tls.address(user: "mona"), "-"], input: nil,
                environment: ["HOME": "/nonexistent", "MYSQL_PWD": "secret"])
            while try tls.server.sql(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'mona'") == "0\n"
            {
                try #require(first.isRunning)
            }
            #expect(
                try withoutQuotation(report("mona"))
                    == "the account has as many connections as it may have (…); end its other connections "
                    + "and repeat the command, or an administrator can raise the limit: ALTER USER … WITH "
                    + "MAX_USER_CONNECTIONS …")
            try first.closeInput()
            _ = try first.wait()
        }

        private static let readOnly =
            "the server is read-only (…); if it is a replica, or has left its replication "
            + "group, give --db the address of a writable server"
        private static let readOnlyInnoDB =
            "the server's InnoDB is read-only (…); an administrator can start it without "
            + "innodb_read_only and innodb_force_recovery"

        @Test func aServerThatTakesNoChanges() throws {
            try sql("CREATE USER ina IDENTIFIED BY 'secret'; GRANT ALL ON census.* TO ina")
            try sql("SET GLOBAL read_only = 1")
            #expect(try withoutQuotation(ingest("ina")) == Self.readOnly)
            #expect(try report("ina").isEmpty)
        }

        @Test(arguments: ["--innodb-read-only=1", "--innodb-force-recovery=6"])
        func anInnoDBThatTakesNoChanges(option: String) throws {
            // So that it is shut down, as what is undone later could not be.
            tls.server.stop()
            try tls.server.start([option])
            #expect(try withoutQuotation(ingest()) == Self.readOnlyInnoDB)
            #expect(try report().isEmpty)
        }

        @Test func aServerThatTakesSmallStatementsOnly() throws {
            for (bytes, message) in [
                (
                    1024,
                    "a statement is too long for the server; an administrator can raise its "
                        + "max_allowed_packet, 1 MB is enough"
                ), (16 << 10, ""), (64 << 10, ""),
            ] {
                try sql(
                    """
                    SET GLOBAL max_allowed_packet = \(bytes); DROP DATABASE census;
                    CREATE DATABASE census
                    """)
                #expect(try ingest() == message)
                if message.isEmpty { #expect(try report().isEmpty) }
            }
            // One text that is too long by itself: the path of a file.
            let deep = Array(repeating: String(repeating: "d", count: 200), count: 15)
                .joined(separator: "/")
            try sql("SET GLOBAL max_allowed_packet = 3072")
            let large = try home.write(
                SnapshotText().bytes, to: String("\(deep)/\(deep)".prefix(3900)))
            #expect(
                try self.message(["ingest", "--quiet", large.string], "anna", "").contains(
                    "max_allowed_packet"))
        }

        @Test func aTableWhoseFileIsMissing() throws {
            tls.server.stop()
            let file = tls.server.data.appending("census/USERS.ibd")
            #expect(try run("rm", [file.string]).status == 0)
            try tls.server.start()
            let message = try self.message(["report", "1"], "anna", "")
            #expect(
                withoutQuotation(message)
                    == "the server reports damaged or missing files (…); its error log has the "
                    + "details, and an administrator can restore the database", "\(message)")
        }

        @Test func aTableSpaceThatIsFull() throws {
            tls.server.stop()
            // As large as it is, and no larger.
            let file = tls.server.data.appending("ibdata1").string
            let bytes = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
            let megabytes = try #require(bytes) >> 20
            try tls.server.start([
                "--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:\(megabytes)M",
            ])
            try sql("DROP DATABASE census; CREATE DATABASE census")
            let files = try GeneratedFleet(seed: 3).write(to: home).map {
                home.path.appending($0).string
            }
            #expect(
                try withoutQuotation(message(["ingest", "--quiet"] + files, "anna", ""))
                    == "the server has no room left (…): its disk is full, or it limits the size of "
                    + "tables")
        }

        /// Peers that are not a server, or are a faulty one.
        @Test(arguments: [
            (#"c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>")"#, Self.noGreeting),
            (#"c.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")"#, Self.noGreeting),
            (#"c.sendall(b"220 mail.example.org ESMTP\r\n")"#, Self.noGreeting),
            (#"c.sendall(bytes(100))"#, Self.noGreeting),
            (#"c.sendall(bytes([255]) * 100)"#, Self.noGreeting), (#"pass"#, Self.noGreeting),
            (#"time.sleep(15)"#, Self.noGreeting),
            (#"c.sendall(bytes([74, 0, 0, 0, 10]) + b"10.11")"#, Self.noGreeting),
            (#"c.sendall(bytes.fromhex("050000000b08051a00"))"#, Self.another),
            (#"c.sendall(b"\x10\0\0\0\x095.0.0\0abcdefghi")"#, Self.another),
        ])
        func noServer(answer: String, message: String) throws {
            let script = """
                import socket, time
                l = socket.create_server(("127.0.0.1", 0))
                print(l.getsockname()[1], flush=True)
                c, _ = l.accept()
                \(answer)
                time.sleep(0.2)
                c.close()
                """
            let result = try run(
                "bash",
                [
                    "-c",
                    """
                    exec 3< <(python3 -c "$script")
                    read -r port <&3
                    "$census" report --db "mysql://anna@127.0.0.1:$port/c"
                    """,
                ],
                environment: [
                    "script": script, "census": TestSupport.census, "HOME": "/nonexistent",
                ])
            #expect(result.status == 1)
            #expect(result.error.hasSuffix("/c: \(message)\n"), "\(result.error)")
        }
        private static let noGreeting =
            "no greeting of a MySQL or MariaDB server was received; check the address and port, and "
            + "the state of the server"
        private static let another =
            "not a MySQL or MariaDB server, or a very old one; check the address and port"
    }
#endif
