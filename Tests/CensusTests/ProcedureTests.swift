#if MySQL
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// The stored procedures, called by the client `mariadb` on tables that its client made.
    @Suite struct ProcedureTests {
        let directory: TemporaryDirectory
        let database: ServerDatabase

        init() throws {
            directory = try TemporaryDirectory()
            database = try ServerDatabase()
            // As the article "Servers" says.
            let scripts = try run(
                "bash",
                [
                    "-c",
                    "cat mysql_schema_1.sql mysql_procedures_1.sql mysql_schema_[2-9].sql mysql_schema_??.sql",
                ], in: fixtures.removingLastComponent().appending("sql/mysql"))
            #expect(scripts.error == "")
            _ = try database.sql(scripts.output)
        }

        /// The calls that add a snapshot file row by row, a line for each.
        private func calls(for file: FilePath) throws -> [String] {
            struct Record: Decodable {
                var record: String
                var takenAt: String?
                var hostID: String?
                var hostname: String?
                var ip: String?
                var name: String?
                var version: String?
                var model: String?
                var pid: Int?
                var uid: Int?
                var user: String?

                enum CodingKeys: String, CodingKey {
                    case record, hostname, ip, name, version, model, pid, uid, user
                    case takenAt = "taken_at"
                    case hostID = "host_id"
                }
            }
            let records = try contents(of: file).split(separator: 10).map {
                try JSONDecoder().decode(Record.self, from: Data($0))
            }
            let first = Dictionary(records.map { ($0.record, $0) }) { first, _ in first }
            let (host, system, model) = (
                first["host"]!, first["os_version"]!, first["cpu_info"]!.model
            )
            let id = quoted(host.hostID)
            let date = quoted(
                first["snapshot"]!.takenAt!.replacing("T", with: " ").replacing("Z", with: ""))
            let version = quoted(system.version)
            var calls = [
                "CALL Insert_os_data(\(quoted(system.name)), \(version));",
                "CALL Insert_processor_data(\(quoted(model)));",
                "CALL Insert_servers_data(\(id), \(quoted(host.hostname)), \(quoted(host.ip)), "
                    + "\(quoted(system.name)), \(version), \(quoted(model)), \(date));",
            ]
            for record in records where record.record == "process" {
                let pid = try #require(record.pid)
                calls.append(
                    "CALL Insert_processes_data(\(id), \(date), \(pid), \(quoted(record.name)), "
                        + "\(quoted(record.user ?? record.uid.map(String.init))));")
            }
            for record in records where record.record == "user" {
                calls.append("CALL Insert_users_data(\(id), \(date), \(quoted(record.user)));")
            }
            return calls
        }

        private func quoted(_ text: String?) -> String {
            guard let text else { return "NULL" }
            return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
        }

        private func csv(_ database: String) throws -> [[UInt8]] {
            let result = try run(
                census, ["report", "--format", "csv", "-o", "out", "--db", database],
                in: directory.path)
            #expect((result.status, result.error) == (0, ""))
            return try (1...5).map { try directory.read("out/test_\($0).csv") }
        }

        @Test func theReferenceFleetRowByRow() throws {
            let script = try FileManager.default.contentsOfDirectory(atPath: referenceFleet.string)
                .sorted().flatMap { try calls(for: referenceFleet.appending($0)) }
            #expect(script.count == 8 * 3 + 1729 + 8)
            // One transaction for all, which is what makes it quick.
            let all = "BEGIN;\n\(script.joined(separator: "\n"))\nCOMMIT;\n"
            #expect(try database.sql(all) == "")

            let ingested = try ServerDatabase()
            let ingest = try run(
                census, ["ingest", "--quiet", referenceFleet.string, "--db", ingested.address])
            #expect((ingest.status, ingest.error) == (0, ""))
            let reports = try csv(database.address)
            for (ours, theirs) in try zip(reports, csv(ingested.address)) {
                #expect(difference(ours, theirs) == nil)
            }

            let checksum = """
                CHECKSUM TABLE Census_schema, Receipts, OS, Processors, Servers, Executions,
                    ADDRESSES_PER_EXECUTION, Processes, USERS, PROCESSES_PER_EXECUTION,
                    USERS_PER_EXECUTION
                """
            let before = try database.sql(checksum)
            #expect(try database.sql(all) == "")
            #expect(try database.sql(checksum) == before)
            for (ours, theirs) in try zip(csv(database.address), reports) {
                #expect(difference(ours, theirs) == nil)
            }
        }

        /// An execution of the host `h` on 2026-11-23.
        private static let execution = """
            CALL Insert_os_data('Linux', '6');
            CALL Insert_servers_data('h', 'h', '192.0.2.1', 'Linux', '6', NULL, '2026-11-23');
            """

        @Test func namesThatLookAlikeStayApart() throws {
            let names = [
                "cafe", "cafe ", " cafe", "CAFE", "café", "cafe\u{301}", "ｃafe", "caf\u{200B}e", "",
                " ", "\t", "ß", "ss", "i", "ı", "İ", "😀", "😁", "NULL", "a\\", "'",
                String(repeating: "😀", count: 380), String(repeating: "😀", count: 379) + "😁",
            ]
            let calls = names.map { name in
                let name = quoted(name)
                return """
                    CALL Insert_os_data(\(name), \(name));
                    CALL Insert_processor_data(\(name));
                    CALL Insert_servers_data(\(name), \(name), \(name), \(name), \(name), \(name),
                                             '2026-11-22');
                    CALL Insert_processes_data('h', '2026-11-23', 1, \(name), \(name));
                    CALL Insert_users_data('h', '2026-11-23', \(name));

                    """
            }
            for _ in 1...2 { _ = try database.sql(Self.execution + calls.joined()) }

            let bytes = names.map { $0.utf8.map { String(format: "%02X", $0) }.joined() }.sorted()
            func rows(_ query: String) throws -> [String] {
                try database.sql(query).dropLast().split(
                    separator: "\n", omittingEmptySubsequences: false
                ).map(String.init).sorted()
            }
            let linux = "4C696E7578"  // beside what the host `h` has
            #expect(
                try rows("SELECT HEX(OS_Name) FROM OS WHERE OS_Name <> 'Linux'") == bytes)
            #expect(try rows("SELECT HEX(Brand) FROM Processors") == bytes)
            #expect(try rows("SELECT HEX(Process_Name) FROM Processes") == bytes)
            #expect(try rows("SELECT HEX(User_Name) FROM USERS") == bytes)
            #expect(
                try rows("SELECT HEX(Host_ID) FROM Servers WHERE Host_ID <> 'h'") == bytes)
            #expect(
                try rows(
                    """
                    SELECT CONCAT_WS('|', HEX(s.Host_ID), HEX(e.Hostname), HEX(e.IP),
                                     HEX(o.OS_Name), HEX(o.OS_Version), HEX(p.Brand))
                    FROM Executions e
                    JOIN Servers s ON s.Server_ID = e.Server_ID
                    JOIN OS o ON o.OS_ID = e.OS_ID
                    LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
                    """)
                    == (bytes.map { Array(repeating: $0, count: 6).joined(separator: "|") }
                    + ["68|68|3139322E302E322E31|\(linux)|36"]).sorted())
            #expect(
                try rows(
                    """
                    SELECT CONCAT_WS('|', HEX(p.Process_Name), HEX(u.User_Name))
                    FROM PROCESSES_PER_EXECUTION x
                    JOIN Processes p ON p.Process_ID = x.Process_ID
                    JOIN USERS u ON u.User_ID = x.Owner_ID
                    """) == bytes.map { "\($0)|\($0)" }.sorted())
            #expect(
                try rows(
                    """
                    SELECT HEX(u.User_Name) FROM USERS_PER_EXECUTION x
                    JOIN USERS u ON u.User_ID = x.User_ID
                    """) == bytes)
        }

        /// The message of a call that fails.
        private func refusal(of call: String) -> String? {
            do {
                _ = try database.sql(call)
                return nil
            } catch {
                // `ERROR 1644 (45000) at line 1: …`
                return "\(error)".split(separator: ": ", maxSplits: 1).last
                    .map { $0.trimmingCharacters(in: .newlines) }
            }
        }

        @Test func whatCameFromASnapshotIsNotAddedTo() throws {
            try directory.write(
                SnapshotText(
                    takenAt: "2026-11-23T05:13:11Z", hostID: "h",
                    users: [#"{"record":"user","user":"ana"}"#]
                ).bytes, to: "a.jsonl")
            let ingest = try run(
                census, ["ingest", "--quiet", "a.jsonl", "--db", database.address],
                in: directory.path)
            #expect((ingest.status, ingest.error) == (0, ""))
            let message = "this execution comes from a snapshot: nothing can be added to it"
            let execution = "'h', '2026-11-23 05:13:11'"
            #expect(
                refusal(of: "CALL Insert_processes_data(\(execution), 1, 'x', NULL)") == message)
            #expect(
                refusal(of: "CALL Insert_processes_data(\(execution), 2, 'systemd', NULL)")
                    == message)
            #expect(refusal(of: "CALL Insert_users_data(\(execution), 'root')") == message)
            // What is there already is no change.
            #expect(
                refusal(of: "CALL Insert_processes_data(\(execution), 1, 'systemd', NULL)") == nil)
            #expect(refusal(of: "CALL Insert_users_data(\(execution), 'ana')") == nil)
            #expect(
                try database.sql(
                    """
                    SELECT COUNT(*) FROM Processes; SELECT COUNT(*) FROM PROCESSES_PER_EXECUTION;
                    SELECT COUNT(*) FROM USERS; SELECT COUNT(*) FROM USERS_PER_EXECUTION
                    """) == "1\n1\n1\n1\n")
        }

        @Test(arguments: [
            (
                "Insert_servers_data('h', 'h', NULL, 'Linux', NULL, NULL, '2026-11-23')",
                "there is no such OS: call Insert_os_data first"
            ),
            (
                "Insert_servers_data('h', 'h', NULL, 'Linux', '6 ', NULL, '2026-11-23')",
                "there is no such OS: call Insert_os_data first"
            ),
            (
                "Insert_servers_data('h', 'h', NULL, 'linux', '6', NULL, '2026-11-23')",
                "there is no such OS: call Insert_os_data first"
            ),
            (
                "Insert_servers_data('h', 'h', NULL, 'Linux', '6', 'Z80', '2026-11-23')",
                "there is no such processor: call Insert_processor_data first"
            ),
            (
                "Insert_processes_data('h', '2026-11-24', 1, 'x', NULL)",
                "there is no execution of this server and date: call Insert_servers_data first"
            ),
            (
                "Insert_users_data('H', '2026-11-23', 'ana')",
                "there is no execution of this server and date: call Insert_servers_data first"
            ),
        ])
        func whatIsMissingIsNamed(call: String, message: String) throws {
            _ = try database.sql(Self.execution)
            #expect(refusal(of: "CALL \(call)") == message)
            #expect(
                try database.sql("SELECT COUNT(*) FROM Executions; SELECT COUNT(*) FROM Processes")
                    == "1\n0\n")
        }
    }
#endif
