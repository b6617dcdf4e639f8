#if MySQL
    import Foundation
    import TestSupport
    import Testing

    /// A server that is lost half-way is told in the same words, with TLS and without.
    @Suite(.serialized) struct ServerLossTests {
        let directory: TemporaryDirectory
        let tls: TLSServer
        private static let modes = ["disabled", "required"]

        init() throws {
            directory = try TemporaryDirectory()
            tls = try TLSServer()
            let filled = try run(
                census,
                [
                    "ingest", "--quiet", "--db", tls.address("ssl-mode=disabled"),
                    referenceFleet.string,
                ],
                environment: ["HOME": "/nonexistent", "MYSQL_PWD": "secret"])
            try #require((filled.status, filled.error) == (0, ""))
        }

        enum End: CaseIterable { case connectionKilled, shutdown, crash }

        private func end(_ end: End) throws {
            switch end {
            case .connectionKilled:
                for id in try tls.server.sql(
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'anna'"
                ).split(separator: "\n") {
                    _ = try tls.server.sql("KILL \(id)")
                }
            case .shutdown: tls.server.stop()
            case .crash: tls.server.kill()
            }
        }

        private func command(_ script: String, _ mode: String) throws -> RunningCommand {
            try RunningCommand(
                "bash", ["-c", script], in: directory.path, input: nil,
                environment: [
                    "census": census, "db": tls.address("ssl-mode=\(mode)"),
                    "fleet": referenceFleet.string, "HOME": "/nonexistent", "MYSQL_PWD": "secret",
                ])
        }

        /// Waits for a connection of census's that is in a state.
        private func wait(for condition: String, of command: RunningCommand) throws {
            while try tls.server.sql(
                """
                SELECT COUNT(*) FROM information_schema.PROCESSLIST
                WHERE USER = 'anna' AND \(condition)
                """) == "0\n"
            {
                try #require(command.isRunning)
            }
        }

        private func expectGone(_ command: RunningCommand, _ mode: String) throws {
            let result = try command.wait()
            #expect(result.status == 1)
            let error = result.error
            #expect(
                error.hasPrefix(
                    "census: \(tls.address("ssl-mode=\(mode)")): the connection to the server was lost ("
                ),
                "\(error)")
            #expect(
                error.hasSuffix(
                    "); what was loaded before stays loaded: repeat the command\n"),
                "\(error)")
            #expect(error.split(separator: "\n").count == 1)
        }

        @Test(arguments: End.allCases, modes) func betweenStatements(end: End, mode: String) throws
        {
            let writer = try command(
                #"{ read -r line; cat "$fleet"/*; } | "$census" ingest --quiet --db "$db" -"#, mode)
            try wait(for: "COMMAND = 'Sleep'", of: writer)
            try self.end(end)
            try writer.closeInput()
            try expectGone(writer, mode)
        }

        @Test(arguments: End.allCases, modes) func whileAStatementRuns(end: End, mode: String)
            throws
        {
            let lock = try RunningCommand(
                "mariadb",
                [
                    "--no-defaults", "--user=root", "--socket=\(tls.server.socket)", "census",
                    "--execute=LOCK TABLES Census_schema WRITE; DO SLEEP(60)",
                ])
            while try !tls.server.sql("SHOW PROCESSLIST").contains("SLEEP(60)") {
                try #require(lock.isRunning)
            }
            let reader = try command(#"exec "$census" report --db "$db" </dev/null"#, mode)
            try wait(for: "STATE LIKE 'Waiting for table%'", of: reader)
            try self.end(end)
            try expectGone(reader, mode)
            if tls.server.processID != nil { tls.server.kill() }
            _ = try lock.wait()
        }

        @Test(arguments: End.allCases, modes) func whileRowsAreRead(end: End, mode: String) throws {
            // More than fits into the buffers on the way.
            _ = try tls.server.sql(
                """
                CREATE TEMPORARY TABLE Numbers WITH RECURSIVE n AS (
                    SELECT 1 AS N UNION ALL SELECT N + 1 FROM n WHERE N < 400
                ) SELECT N FROM n;
                CREATE TEMPORARY TABLE More SELECT * FROM Numbers;
                INSERT INTO Processes (PID, Process_Name)
                    SELECT 1000000 + a.N * 1000 + b.N, RPAD('x', 300, 'y') FROM Numbers a, More b;
                INSERT INTO PROCESSES_PER_EXECUTION (Execution_ID, Process_ID)
                    SELECT 1, Process_ID FROM Processes WHERE PID > 1000000;
                """, database: "census")
            let reader = try command(
                #"""
                set -o pipefail
                "$census" report 3 --format csv --db "$db" </dev/null |
                    { read -r line; echo >started; while [ ! -e go ]; do sleep 0.02; done; cat; } \
                        >/dev/null
                """#, mode)
            while try !directory.names().contains("started") { try #require(reader.isRunning) }
            try self.end(end)
            try directory.write([], to: "go")
            try expectGone(reader, mode)
        }

        @Test func aStatementThatIsEnded() throws {
            let lock = try RunningCommand(
                "mariadb",
                [
                    "--no-defaults", "--user=root", "--socket=\(tls.server.socket)", "census",
                    "--execute=LOCK TABLES Census_schema WRITE; DO SLEEP(60)",
                ])
            while try !tls.server.sql("SHOW PROCESSLIST").contains("SLEEP(60)") {
                try #require(lock.isRunning)
            }
            let reader = try command(#"exec "$census" report --db "$db" </dev/null"#, "required")
            try wait(for: "STATE LIKE 'Waiting for table%'", of: reader)
            let id = try tls.server.sql(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'anna'")
            _ = try tls.server.sql("KILL QUERY \(id)")
            let result = try reader.wait()
            #expect(result.status == 1)
            #expect(
                result.error
                    == "census: \(tls.address("ssl-mode=required")): the statement was "
                    + "interrupted on the server (Query execution was interrupted); what was loaded "
                    + "before stays loaded: repeat the command\n")
            tls.server.kill()
            _ = try lock.wait()
        }

        /// In the handshake of TLS, and after it.
        @Test(arguments: [
            ["--key", "/nonexistent", "close"], ["close"],
            ["switch:caching_sha2_password", "close"],
        ])
        func inTheLogin(moves: [String]) throws {
            for mode in Self.modes {
                let certificate =
                    mode == "required"
                    ? ["--certificate", "\(tls.certificate)", "--key", "\(tls.key)"] : []
                let error = try HostileServer(certificate + moves).report("ssl-mode=\(mode)")
                    .client.error
                #expect(
                    error.contains(": the connection was lost during the login ("), "\(error)")
                #expect(error.hasSuffix("); repeat the command\n"), "\(error)")
                #expect(error.split(separator: "\n").count == 1)
            }
        }
    }
#endif
