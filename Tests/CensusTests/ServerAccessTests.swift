#if MySQL
    import SystemPackage
    import TestSupport
    import Testing

    /// Who may do what on a server, and what is said to whoever may not.
    @Suite struct ServerAccessTests {
        let directory: TemporaryDirectory
        let database: ServerDatabase

        init() throws {
            directory = try TemporaryDirectory()
            database = try ServerDatabase()
        }

        /// With a password, and nothing of this machine's option files.
        private func run(
            _ arguments: [String], password: String? = nil, home: FilePath = "/nonexistent"
        ) throws -> RunResult {
            var environment = ["HOME": home.string]
            if let password { environment["MYSQL_PWD"] = password }
            return try TestSupport.run(census, arguments, environment: environment)
        }

        private func ingest(_ account: ServerAccount) throws -> RunResult {
            try run(
                ["ingest", "--quiet", "--db", account.address, referenceFleet.string],
                password: account.password)
        }

        private func report(_ account: ServerAccount) throws -> RunResult {
            try run(
                ["report", "2", "--format", "csv", "--db", account.address],
                password: account.password)
        }

        private static let onePerServer = 5  // a heading and four servers

        @Test func theRightsThatTheReadmeNamesAreEnough() throws {
            let owner = try ServerAccount(
                "SELECT, INSERT, UPDATE, CREATE, ALTER, REFERENCES, CREATE ROUTINE", on: database)
            let desk = try ServerAccount("SELECT, INSERT, UPDATE", on: database)
            let reader = try ServerAccount("SELECT", on: database)
            let first = try ingest(owner)
            #expect((first.status, first.error) == (0, ""))
            let second = try ingest(desk)
            #expect((second.status, second.error) == (0, ""))
            for account in [owner, desk, reader] {
                let result = try report(account)
                #expect((result.status, result.error) == (0, ""))
                #expect(result.output.split(separator: "\r\n").count == Self.onePerServer)
            }
            let third = try ingest(reader)
            #expect(third.status == 1)
            #expect(third.error.hasPrefix("census: \(reader.address): UPDATE command denied to "))
            #expect(
                third.error.hasSuffix(
                    "; the article \"Servers\" of the documentation lists the privileges that an "
                        + "account needs, and how an administrator creates the tables for one "
                        + "without them\n"))
            #expect(third.error.split(separator: "\n").count == 1)
        }

        @Test func whoMayNotMakeTablesIsToldSo() throws {
            let desk = try ServerAccount("SELECT, INSERT, UPDATE", on: database)
            let result = try ingest(desk)
            #expect(result.status == 1)
            #expect(result.error.hasPrefix("census: \(desk.address): CREATE command denied to "))
            #expect(
                result.error.contains("how an administrator creates the tables for one without"))
            #expect(result.error.split(separator: "\n").count == 1)
            #expect(try database.sql("SHOW TABLES") == "")
        }

        @Test func whoMayNothingIsToldWhatToGrant() throws {
            let nobody = try ServerAccount("", on: database)
            for (result, rights) in try [
                (
                    ingest(nobody),
                    "SELECT, INSERT, UPDATE, CREATE, ALTER, REFERENCES, CREATE ROUTINE"
                ), (report(nobody), "SELECT"),
            ] {
                #expect(result.status == 1)
                #expect(
                    result.error.hasSuffix(
                        "; an administrator can grant it: GRANT \(rights) ON "
                            + "`\(database.name)`.* TO …\n"))
                #expect(result.error.split(separator: "\n").count == 1)
            }
        }

        private func expectAccessDenied(_ result: RunResult, _ account: ServerAccount) {
            #expect(result.status == 1)
            #expect(
                result.error.hasPrefix(
                    "census: \(account.address): the server refuses this user or password ("))
            #expect(
                result.error.hasSuffix(
                    "; the password comes from [client] in ~/.my.cnf, from $MYSQL_PWD, or is asked "
                        + "for on a terminal\n"))
            #expect(result.error.split(separator: "\n").count == 1)
        }

        @Test func thePasswordIsThatOfTheOptionFileOrTheEnvironment() throws {
            let account = try ServerAccount("SELECT", on: database)
            let report = ["report", "2", "--db", account.address]
            try expectAccessDenied(run(report), account)
            try expectAccessDenied(run(report, password: "hush"), account)

            let empty = ": the database is empty; load files with `census ingest`\n"
            let fromEnvironment = try run(report, password: account.password)
            #expect(fromEnvironment.error == "census: \(account.address)\(empty)")
            try directory.write("[client]\npassword = \(account.password)\n".utf8, to: ".my.cnf")
            let fromFile = try run(report, home: directory.path)
            #expect(fromFile.error == "census: \(account.address)\(empty)")

            // The file may name the user too.
            try directory.write(
                "[client]\nuser = \(account.name)\npassword = \(account.password)\n".utf8,
                to: ".my.cnf")
            let address = account.address.replacing("\(account.name)@", with: "")
            let named = try run(["report", "--db", address], home: directory.path)
            #expect(named.error == "census: \(address)\(empty)")
        }

        @Test func aPasswordOnTheCommandLineIsRefused() throws {
            let result = try run(["report", "--db", "mysql://anna:hush@127.0.0.1/census"])
            #expect(result.status == 64)
            #expect(
                result.error.contains(
                    "census: --db: the address must not contain a password, because others can "
                        + "read it; put it under [client] in ~/.my.cnf or into $MYSQL_PWD, or wait "
                        + "for the prompt.\n"), "\(result.error)")
            #expect(!result.error.contains("hush"))
        }

        /// Types a line at a prompt, and shows what the terminal showed.
        private static let typing = """
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0:
                os.execvp(sys.argv[2], sys.argv[2:])
            shown, typed = b"", False
            while True:
                try:
                    chunk = os.read(terminal, 4096)
                except OSError:  # nobody has the terminal open any more
                    break
                shown += chunk
                if not typed and shown.endswith(b": "):
                    os.write(terminal, sys.argv[1].encode() + b"\\n")
                    typed = True
            os.write(1, shown)
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """

        @Test func thePasswordIsAskedForOnATerminal() throws {
            let account = try ServerAccount("SELECT", on: database)
            func type(_ password: String) throws -> RunResult {
                try TestSupport.run(
                    "python3",
                    [
                        "-c", Self.typing, password, census, "report", "2", "--db", account.address,
                    ], environment: ["HOME": "/nonexistent"])
            }
            let prompt = "Password for \(account.address): "
            let right = try type(account.password)
            #expect(right.status == 1)
            #expect(
                right.output
                    == "\(prompt)\r\ncensus: \(account.address): the database is empty; load "
                    + "files with `census ingest`\r\n")
            let wrong = try type("hush")
            #expect(wrong.status == 1)
            #expect(
                wrong.output.hasPrefix(
                    "\(prompt)\r\ncensus: \(account.address): the server refuses this user or "
                        + "password ("))
            #expect(!wrong.output.contains("hush"))
        }

        @Test func aDatabaseThatIsNotThere() throws {
            let address = "\(database.server.address)/no%60such%20thing"
            let result = try run(["ingest", "--db", address, referenceFleet.string])
            #expect(result.status == 1)
            #expect(
                result.error
                    == "census: \(address): the server has no database of this name; to create it: "
                    + "CREATE DATABASE `no``such thing`\n")
        }

        @Test(arguments: [
            // A port of the system's that nobody listens on, and a socket that is not there.
            (
                "mysql://127.0.0.1:1/census",
                "cannot connect ("
            ),
            ("mysql:///census?socket=/nonexistent", "cannot connect ("),
            ("mysql://desk.invalid/census", "unknown host ("),
        ])
        func aServerThatIsNotThere(address: String, message: String) throws {
            let result = try run(["report", "--db", address])
            #expect(result.status == 1)
            #expect(
                result.error.hasPrefix("census: \(address): \(message)"), "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1)
        }

        @Test func aDatabaseOfAnotherProgramIsLeftAlone() throws {
            _ = try database.sql("CREATE TABLE Servers (x INT)")
            for command in [["ingest", referenceFleet.string], ["report"]] {
                let result = try run(command + ["--db", database.address])
                #expect(result.status == 1)
                #expect(
                    result.error.hasPrefix(
                        "census: \(database.address): this is not a census database: it has other "
                            + "tables, and no Census_schema that this account may read; "))
            }
            #expect(try database.sql("SHOW TABLES") == "Servers\n")
        }
    }
#endif
