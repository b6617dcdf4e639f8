#if MySQL
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// Spark makes the same tables and reports as census. Runs by `make test-spark` only.
    @Suite(.serialized) struct SparkTests {
        let warehouse = Warehouse(
            folder: "spark", scheme: "file://",
            command: [
                "spark-submit", "--master", "local[2]", "--conf", "spark.ui.enabled=false",
                "--conf",
                "spark.sql.shuffle.partitions=4", "--conf", "spark.log.level=WARN",
            ])

        @Test func theReferenceFleet() throws {
            try warehouse.expectParity { try Warehouse.copyFleet(to: $0) }
        }

        @Test func aHostileFleet() throws {
            try warehouse.expectParity { try HostileFleet.write(to: $0) }
        }

        @Test func aFileThatChanged() throws { try warehouse.expectRefusal() }
    }

    /// ClickHouse does. Runs by `make test-clickhouse` only.
    @Suite(.serialized) struct ClickHouseTests {
        let warehouse = Warehouse(folder: "clickhouse", scheme: "", command: ["python"])

        @Test func theReferenceFleet() throws {
            try warehouse.expectParity { try Warehouse.copyFleet(to: $0) }
        }

        @Test func aHostileFleet() throws {
            try warehouse.expectParity { try HostileFleet.write(to: $0) }
        }

        @Test func aFileThatChanged() throws { try warehouse.expectRefusal() }
    }

    /// An engine that a folder of `sql` loads files into.
    struct Warehouse {
        let folder: String
        /// What the engine has before an absolute path.
        let scheme: String
        /// What runs the script of the folder, a program that `make` installs with its arguments.
        let command: [String]

        /// Of the tables, in terms that do not depend on the ids: all values are numbers, digests, dates
        /// and hexadecimal.
        private static let queries = [
            "executions": """
            SELECT e.Snapshot_ID AS "Snapshot", e.Snapshot_SHA256 AS "SHA256", HEX(s.Host_ID) AS "Host",
                   e.Server_ID AS "Server", REPLACE(e.Exec_date, ' ', 'T') AS "Date",
                   HEX(e.Hostname) AS "Hostname", HEX(e.IP) AS "IP", HEX(o.OS_Name) AS "OS",
                   HEX(o.OS_Version) AS "Version", HEX(p.Brand) AS "Brand",
                   e.Processes_known AS "Processes", e.Users_known AS "Users",
                   e.Packages_known AS "Packages", k.Set_SHA256 AS "Set", k.Item_count AS "Items",
                   e.Date_is_possible AS "Possible", HEX(e.Unread_files) AS "Unread"
            FROM Executions e
            JOIN Servers s ON s.Server_ID = e.Server_ID
            JOIN OS o ON o.OS_ID = e.OS_ID
            LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
            LEFT JOIN PACKAGE_SETS k ON k.Package_Set_ID = e.Package_Set_ID
            ORDER BY e.Execution_ID
            """,
            "servers": """
            SELECT s.Server_ID AS "Server", HEX(s.Host_ID) AS "Host", HEX(s.Hostname) AS "Hostname",
                   HEX(s.IP) AS "IP", HEX(o.OS_Name) AS "OS", HEX(p.Brand) AS "Brand",
                   s.Newest_date_is_possible AS "Possible",
                   REPLACE(s.Newest_Exec_date, ' ', 'T') AS "Date",
                   s.Newest_Snapshot_ID AS "Snapshot"
            FROM Servers s
            JOIN OS o ON o.OS_ID = s.OS_ID
            LEFT JOIN Processors p ON p.Processor_ID = s.Processor_ID
            ORDER BY s.Server_ID
            """,
            "owners": """
            SELECT x.Execution_ID AS "Execution", p.PID AS "PID", HEX(p.Process_Name) AS "Name",
                   HEX(u.User_Name) AS "Owner"
            FROM PROCESSES_PER_EXECUTION x
            JOIN Processes p ON p.Process_ID = x.Process_ID
            LEFT JOIN USERS u ON u.User_ID = x.Owner_ID
            ORDER BY x.Execution_ID, p.PID, p.Process_Name
            """,
            "processes": """
            SELECT PID AS "PID", HEX(Process_Name) AS "Name" FROM Processes ORDER BY PID, Process_Name
            """,
            "users": """
            SELECT HEX(User_Name) AS "User" FROM USERS ORDER BY User_Name
            """,
            "systems": """
            SELECT COUNT(*) AS "Rows", COUNT(DISTINCT OS_Name) AS "Names" FROM OS
            """,
            "processors": """
            SELECT HEX(Brand) AS "Brand" FROM Processors ORDER BY Brand
            """,
            "packages": """
            SELECT Package_SHA256 AS "SHA256", HEX(Package_Type) AS "Type", HEX(Package_Name) AS "Name",
                   HEX(Version) AS "Version", HEX(Package_Arch) AS "Arch", HEX(Source) AS "Source",
                   HEX(Source_version) AS "Source_version", HEX(Publisher) AS "Publisher"
            FROM Packages ORDER BY Package_SHA256
            """,
            "sets": """
            SELECT k.Set_SHA256 AS "Set", k.Item_count AS "Items", p.Package_SHA256 AS "Package"
            FROM PACKAGE_SETS k
            LEFT JOIN PACKAGES_PER_SET x ON x.Package_Set_ID = k.Package_Set_ID
            LEFT JOIN Packages p ON p.Package_ID = x.Package_ID
            ORDER BY k.Set_SHA256, p.Package_SHA256
            """,
        ]

        static func copyFleet(to directory: TemporaryDirectory) throws {
            for folder in [referenceFleet, fixtures.appending("damaged")] {
                _ = try run("cp", ["-r", folder.string, directory.path.string])
            }
        }

        /// Loads the files into census and into the engine, and compares the reports and the tables.
        func expectParity(_ write: (TemporaryDirectory) throws -> Void) throws {
            let directory = try TemporaryDirectory()
            try write(directory)
            let output = try TemporaryDirectory()
            let database = output.path.appending("census.sqlite").string
            let ingest = try run(
                census,
                ["ingest", "--quiet", "--csv", output.path.string, "--db", database, "."],
                in: directory.path)
            try #require(ingest.status == 2, "\(ingest.error)")
            try verify(directory, into: output)
            var queries: [String] = []
            for (name, query) in Self.queries {
                try output.write("\(query);\n".utf8, to: "\(name).sql")
                queries.append(output.path.appending("\(name).sql").string)
            }
            let load = try load(directory, output, reports: queries)
            try #require(load.status == 0, "\(load.output)\(load.error)")
            for number in 1...5 {
                let bytes = try output.read("test_\(number).csv")
                #expect(bytes.count > 100)
                #expect(try difference(report("test_\(number)", in: output), bytes) == nil)
            }
            for (name, query) in Self.queries {
                let rows = try run("sqlite3", ["-csv", database, query])
                #expect(rows.status == 0, "\(rows.error)")
                // (In the CSV of sqlite3 an empty text is "", and the newlines depend on its version.)
                let ours = try report(name, in: output).filter { $0 != UInt8(ascii: "\r") }
                    .drop { $0 != UInt8(ascii: "\n") }.dropFirst()
                let theirs = rows.outputBytes.filter { !"\r\"".utf8.contains($0) }
                #expect(difference(Array(ours), theirs) == nil, "\(name)")
            }
        }

        /// Verifies the files in three parts, as three machines would do it, and those of `zz` one by one.
        private func verify(_ directory: TemporaryDirectory, into output: TemporaryDirectory) throws
        {
            let script = """
                export LC_ALL=C; mkdir "$1/verdicts"
                verify() { "$0" verify --format csv "$@" || test $? = 2 || exit; }
                for part in 1 2 3; do
                    find . -name zz -prune -o -type f -printf '%P\\0' | sort -z |
                        split -t '\\0' -n r/$part/3 |
                        verify --files0-from - > "$1/verdicts/$part.csv"
                done
                for file in zz/*; do
                    test ! -e "$file" || verify "$file" > "$1/verdicts/$(basename "$file").csv"
                done
                """
            let result = try run(
                "bash", ["-c", script, census, output.path.string], in: directory.path)
            try #require(result.status == 0, "\(result.error)")
        }

        private func load(
            _ directory: TemporaryDirectory, _ output: TemporaryDirectory, reports: [String] = []
        ) throws -> RunResult {
            let programs = DocumentationTests.project.appending(".build-\(folder)/venv/bin").string
            try #require(
                FileManager.default.fileExists(atPath: "\(programs)/\(command[0])"),
                "make test-\(folder) installs it")
            let script = DocumentationTests.project.appending("sql/\(folder)/load.py").string
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            return try run(
                command[0],
                command.dropFirst() + [
                    script, "\(output.path)/verdicts/*.csv", "\(scheme)\(directory.path)/",
                    "\(scheme)\(output.path)/\(folder)",
                ] + reports,
                environment: ["PATH": "\(programs):\(path)", "SPARK_LOCAL_IP": "127.0.0.1"])
        }

        /// A file, or a directory of parts.
        private func report(_ name: String, in output: TemporaryDirectory) throws -> [UInt8] {
            let path = output.path.appending(folder).appending("\(name).csv").string
            return try run("bash", ["-c", #"cat "$0" 2>/dev/null || cat "$0"/part-*"#, path])
                .outputBytes
        }

        /// Files that are others than those that were verified: a line more, and a key that is as long.
        func expectRefusal() throws {
            let directory = try TemporaryDirectory()
            let output = try TemporaryDirectory()
            try Self.copyFleet(to: directory)
            try directory.write(SnapshotText().bytes, to: "longer.jsonl")
            try directory.write(SnapshotText(id: uuid(1)).bytes, to: "other.jsonl")
            try verify(directory, into: output)
            try directory.write(Array((SnapshotText().text + "{}\n").utf8), to: "longer.jsonl")
            let other = SnapshotText(id: uuid(1)).text.replacing("\"process\"", with: "\"project\"")
            try directory.write(Array(other.utf8), to: "other.jsonl")
            let result = try load(directory, output)
            #expect(result.status == 1)
            // (Of spark-submit, a script's messages are on standard output.)
            #expect(
                (result.output + result.error).contains(
                    "not read as census verify read them: longer.jsonl, other.jsonl\n"))
        }
    }
#endif
