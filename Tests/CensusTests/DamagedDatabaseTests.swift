import Foundation
import SystemPackage
import TestSupport
import Testing

/// Databases with inconsistent rows. No command ends by a signal or leaves a partial output: it
/// reports a damaged database, or skips the rows as SQL joins do.
@Suite struct DamagedDatabaseTests {
    static let tables = [
        "Receipts": [
            "Path", "Size_bytes", "SHA256", "Verdict", "Reason", "Received_at", "Snapshots",
            "Custody", "Cause", "Manifest", "Manifest_Case",
        ],
        "OS": ["OS_Name", "OS_Version"], "Processors": ["Brand"],
        "Servers": [
            "Host_ID", "Hostname", "IP", "OS_ID", "Processor_ID", "Newest_Exec_date",
            "Newest_Snapshot_ID",
        ],
        "Executions": [
            "Server_ID", "Exec_date", "Hostname", "IP", "OS_ID", "Processor_ID", "Processes_known",
            "Users_known", "Boot_time", "Kernel", "Collector_euid", "Processes_hidden",
            "Processes_unreadable", "Snapshot_ID", "Snapshot_SHA256", "Receipt_ID",
        ],
        "ADDRESSES_PER_EXECUTION": ["Execution_ID", "Address"],
        "Processes": ["Process_ID", "PID", "Process_Name"], "USERS": ["User_ID", "User_Name"],
        "PROCESSES_PER_EXECUTION": ["Execution_ID", "Process_ID", "Owner_ID"],
        "USERS_PER_EXECUTION": ["Execution_ID", "User_ID"],
        "FIND_NAMES": ["First_Name_ID", "Kind", "Names"],
        "FIND_RUNS": ["Name_ID", "First_Execution_ID", "Last_Execution_ID"],
        "FIND_UPDATES": ["Last_Execution_ID", "Last_Snapshot_ID", "Executions"],
    ]

    /// Values that census never writes, as SQL literals.
    private static let values = [
        "NULL", "x'FF00'", "9223372036854775807", "'2026-02-30 00:00:00'",
    ]

    /// Statements that damage a table. Those that the schema rejects are skipped.
    private static func damages(_ table: String, _ columns: [String]) -> [String] {
        let last = "(SELECT MAX(\(columns[0])) FROM \(table))"
        return ["DELETE FROM \(table)", "DELETE FROM \(table) WHERE \(columns[0]) = \(last)"]
            + columns.flatMap { column in
                values.map { "UPDATE OR IGNORE \(table) SET \(column) = \($0)" }
            }
    }

    /// All commands that read or write a database; each line of the output is a status.
    private static let commands = """
        check() {
            timeout 60 "$census" "$@" >output 2>error
            local status=$?
            case $status in
            0|1|2) ;;
            *) echo "$status: census $*: $damage: $(tail -n 1 error)" ;;
            esac
            if grep -qi 'fatal error' error; then echo "census $*: $damage: $(head -n 1 error)"; fi
        }
        while IFS= read -r damage; do
            cp census.sqlite damaged.sqlite
            sqlite3 damaged.sqlite "PRAGMA ignore_check_constraints = ON;
                PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '')
                    WHERE sql NOT LIKE '%WITHOUT ROWID%';
                PRAGMA writable_schema = RESET; $damage" 2>/dev/null
            export CENSUS_DB=damaged.sqlite
            check report
            check report 3 --format csv --host '*'
            check report --format html -o page.html --limit 3 --force
            check report --format html -o - --since 2020-02-24
            check diff
            check diff --host 1
            check diff --host 2 --format csv
            check diff --host 1 --against 2
            check coverage --expected hosts.csv --max-age 30d
            check check --rules rules.yaml --all --format junit
            check list hosts
            check list executions --format csv
            check list evidence --host 1
            check show 1 --rules rules.yaml
            check find '*'
            check find '*' --each-host --format csv --latest
            check ingest --db joined.sqlite damaged.sqlite
            check export tables --format sql
            check retract execution:3 --reason damaged
            check ingest "$fleet" new.jsonl
            rm -rf page* tables joined*
        done
        ls
        """

    @Test(arguments: tables.keys.sorted()) func nothingTraps(_ table: String) throws {
        let directory = try TemporaryDirectory()
        let ingest = try run(
            census, ["ingest", "--quiet", referenceFleet.string], in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
        let find = try run(census, ["find", "*"], in: directory.path)  // fills the index
        #expect(find.status == 0)
        try directory.write(SnapshotText().bytes, to: "new.jsonl")
        try directory.write("Host\nivan-pc\n192.168.0.64\n".utf8, to: "hosts.csv")
        try directory.write(
            contents(of: fixtures.appending("rules/example.yaml")), to: "rules.yaml")
        let damages = Self.damages(table, try #require(Self.tables[table]))
        let result = try run(
            "bash", ["-c", Self.commands], in: directory.path,
            input: Array((damages.joined(separator: "\n") + "\n").utf8),
            environment: ["census": census, "fleet": referenceFleet.string])
        #expect(result.error == "")
        #expect(
            result.output.split(separator: "\n").map(String.init) == [
                "census.sqlite", "damaged.sqlite", "error", "hosts.csv", "new.jsonl", "output",
                "rules.yaml",
            ])
    }

    /// The messages for some of them, and the remaining output.
    @Test(arguments: [
        (
            "DELETE FROM Executions WHERE Server_ID = 2", "diff --host 2", 2,
            "192.168.56.1) has no execution"
        ),
        ("DELETE FROM Executions", "diff --host 1", 2, "192.168.0.64) has no execution"),
        ("DELETE FROM Executions", "report --format html -o page.html", 0, nil),
        (
            "DELETE FROM Servers", "report --format html -o page.html", 1,
            "the database is damaged: execution 1 refers to a missing server, or to one without "
                + "operating system"
        ),
        (
            "DELETE FROM Servers WHERE Server_ID = 2", "report --format html -o page.html", 1,
            "the database is damaged: execution 3 refers to a missing server, or to one without "
                + "operating system"
        ),
        (
            "DELETE FROM OS WHERE OS_Name = 'Linux'", "report --format html -o page.html", 1,
            "the database is damaged: execution 8 refers to a missing server, or to one without "
                + "operating system"
        ),
        (
            "DELETE FROM OS", "diff --host 2", 2,
            "the database is damaged: execution 5 has no operating system"
        ),
        (
            "DELETE FROM OS", "diff", 2,
            "the database is damaged: execution 1 has no operating system"
        ),
        (
            "UPDATE Executions SET Exec_date = 'never' WHERE Execution_ID = 4",
            "report --format html -o page.html", 1,
            "the database is damaged: an execution has the date “never”"
        ),
        (
            "UPDATE Executions SET Exec_date = 7", "report --format html -o -", 1,
            "the database is damaged: an execution has the date “7”"
        ),
        ("DELETE FROM OS", "report 2", 0, nil),
        // Missing rows are not reported as unchanged.
        (
            "DELETE FROM Processes", "diff --host 2", 2,
            "the database is damaged: execution 5 has a process without a name"
        ),
        ("DELETE FROM Processes", "diff", 2, "execution 1 has a process without a name"),
        ("DELETE FROM USERS", "diff --host 2", 2, "execution 5 has a user without a name"),
        (
            "UPDATE PROCESSES_PER_EXECUTION SET Owner_ID = 99", "diff --host 2", 2,
            "the database is damaged: execution 5 has a process owner without a name"
        ),
        ("DELETE FROM Processors", "diff --host 2", 2, "execution 5 has no processor"),
    ])
    func whatIsSaid(_ damage: String, _ command: String, _ status: Int32, _ error: String?) throws {
        let directory = try TemporaryDirectory()
        let ingest = try run(
            census, ["ingest", "--quiet", referenceFleet.string], in: directory.path)
        #expect((ingest.status, ingest.error) == (0, ""))
        let damaged = try run("sqlite3", ["census.sqlite", damage], in: directory.path)
        #expect((damaged.status, damaged.error) == (0, ""))
        let result = try run(
            census, command.split(separator: " ").map(String.init), in: directory.path)
        #expect(result.status == status)
        if let error {
            #expect(result.error.hasPrefix("census: "))
            #expect(result.error.hasSuffix("\(error)\n"))
            #expect(result.error.split(separator: "\n").count == 1)
            #expect(try directory.names() == ["census.sqlite"])
        } else {
            #expect(result.error == "")
        }
    }

    #if Rules
        @Test func nothingIsCheckedOfWhatIsNotThere() throws {
            let directory = try TemporaryDirectory()
            let ingest = try run(
                census, ["ingest", "--quiet", referenceFleet.string], in: directory.path)
            #expect(ingest.status == 0)
            #expect(
                try run(
                    "sqlite3", ["census.sqlite", "DELETE FROM Processes WHERE Process_ID > 200"],
                    in: directory.path
                ).status == 0)
            try directory.write(
                "rules: [{id: a, severity: low, sentence: S., forbidden-processes: x}]".utf8,
                to: "rules.yaml")
            let result = try run(census, ["check", "--rules", "rules.yaml"], in: directory.path)
            #expect((result.status, result.output) == (2, ""))
            #expect(result.error.contains("the database is damaged: execution "))
        }
    #endif

    /// As on a disc, after another program has opened it.
    @Test(.enabled("mounting is not allowed here") { try mayMount() })
    func writeAheadLoggingOnAReadOnlyMedium() throws {
        let directory = try TemporaryDirectory()
        try directory.write(SnapshotText().bytes, to: "a.jsonl")
        let result = try run(
            "bash",
            [
                "-c",
                """
                \(ownMounts) bash -c '
                mkdir disc; mount -t tmpfs none disc
                "$census" ingest --quiet --db disc/x.sqlite a.jsonl
                sqlite3 disc/x.sqlite "PRAGMA journal_mode = WAL" >journal
                mount -o remount,ro disc
                for command in "report 2" diff coverage; do
                    "$census" $command --db disc/x.sqlite; echo $?
                done 2>&1'
                """,
            ], in: directory.path, environment: ["census": census])
        let message =
            "census: disc/x.sqlite: the database is in WAL mode, set by another program, and can be "
            + "read only in a directory that is writable; copy it to one\n"
        #expect(result.output == "\(message)1\n\(message)2\n\(message)2\n")
        #expect(try directory.read("journal") == Array("wal\n".utf8))
    }
}
