import SystemPackage
import TestSupport
import Testing

/// What census says while it waits, and what it keeps when it is interrupted.
@Suite struct WaitingTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for number in 1...3 {
            let text = SnapshotText(id: uuid(number), hostID: "h\(number)")
            try directory.write(text.bytes, to: "stick/\(number).jsonl")
        }
    }

    private func shell(_ script: String) throws -> RunResult {
        try run("bash", ["-c", script], in: directory.path)
    }

    /// A shell's lines that load more than a batch, and then wait for standard input until that is committed. The
    /// process is `$!`.
    private func loadUntilCommitted() throws -> String {
        for number in 8...9 { try writeMany(number) }
        return """
            mkfifo input
            env --default-signal=INT '\(TestSupport.census)' ingest --max-records 300000 \
                many-8.jsonl many-9.jsonl stick - <input &
            exec 3>input
            for attempt in $(seq 600); do
                test "$(sqlite3 census.sqlite 'SELECT COUNT(*) FROM Executions')" != 2 || break
                sleep 0.1
            done 2>/dev/null

            """
    }

    /// The files of the next batch are not written yet, and are kept, too.
    @Test func aLoadThatIsInterruptedKeepsWhatItHas() throws {
        let result = try shell(
            loadUntilCommitted() + """
                kill -INT $!
                wait $!
                """)
        #expect(result.status == 130)
        #expect(
            result.error.contains(
                "interrupted: what was loaded is in census.sqlite; the same command loads the "
                    + "1 file that is left\n"))
        #expect(result.output == "")
        #expect(
            try run(
                "sqlite3", ["census.sqlite", "SELECT COUNT(*) FROM Receipts"], in: directory.path
            )
            .output == "5\n")
    }

    /// A load that is killed leaves no index of processes, which the first load makes at its end. Reports need
    /// none, and the next load makes it.
    @Test func aFirstLoadThatIsKilledLeavesNothingBroken() throws {
        let result = try shell(
            loadUntilCommitted() + """
                kill -KILL $!
                wait $! 2>/dev/null
                indexes="SELECT COUNT(*) FROM pragma_index_list('Processes')"
                sqlite3 census.sqlite "$indexes"
                '\(TestSupport.census)' report 3 --format csv | tail -n +2 | wc -l
                '\(TestSupport.census)' ingest --quiet stick || exit
                sqlite3 census.sqlite "$indexes" 'PRAGMA integrity_check'
                """)
        #expect(result.output == "0\n400000\n1\nok\n", "\(result.error)")
    }

    /// Output files that are not whole are removed, and so is a directory that was made for them.
    @Test(arguments: ["export out/new", "report 3 --format csv -o out/processes.csv"])
    func outputThatIsInterruptedLeavesNothing(_ command: String) throws {
        try writeMany()
        let result = try shell(
            """
            mkdir out
            '\(TestSupport.census)' ingest --quiet --max-records 300000 many-9.jsonl || exit 1
            env --default-signal=INT '\(TestSupport.census)' \(command) &
            until compgen -G 'out/*.partial' || compgen -G 'out/new/*.partial'; do
                kill -0 $! || break
            done >/dev/null
            kill -INT $!
            wait $!
            status=$?
            ls out
            exit $status
            """)
        #expect(result.status == 130, "\(result.error)")
        #expect(result.error.contains("interrupted: nothing was written\n"))
        #expect(result.output == "")
    }

    #if Spreadsheet
        /// A workbook has no file of its name before all of its rows are in it.
        @Test(arguments: ["report 3", "find 'a-process*'"])
        func aWorkbookThatIsInterrupted(_ command: String) throws {
            let processes = (1...20_000).map { process($0, "a-process-of-some-length-\($0)") }
            let text = SnapshotText(id: uuid(9), hostID: "many", processes: processes)
            try directory.write(text.bytes, to: "many-9.jsonl")
            let result = try shell(
                """
                mkdir out
                '\(TestSupport.census)' ingest --quiet many-9.jsonl || exit 1
                '\(TestSupport.census)' find x --in processes 2>/dev/null
                env --default-signal=INT strace --output=/dev/null --trace=write \
                    --inject=write:signal=INT:when=2 \
                    '\(TestSupport.census)' \(command) --format xlsx -o out/x.xlsx
                status=$?
                ls -A out
                exit $status
                """)
            #expect(result.status == 130, "\(result.error)")
            #expect(result.error == "interrupted: nothing was written\n")
            #expect(result.output == "Empty set\n")
        }
    #endif

    /// While files get their names, Ctrl-C comes too late to prevent that: they are there, and whole.
    @Test(arguments: [1, 2, 7]) func outputThatGetsItsNamesIsFinished(_ call: Int) throws {
        let result = try shell(
            """
            '\(TestSupport.census)' ingest --quiet stick || exit 1
            '\(TestSupport.census)' export first || exit 1
            env --default-signal=INT strace --output=/dev/null --trace=fsync,fdatasync \
                --inject=fsync,fdatasync:signal=INT:when=\(call) \
                '\(TestSupport.census)' export second
            status=$?
            diff -r first second
            exit $status
            """)
        #expect((result.status, result.output, result.error) == (0, "", ""))
    }

    private func writeMany(_ number: Int = 9) throws {
        let processes = (1...200_000).map { process($0, "a-process-of-some-length-\($0)") }
        let many = SnapshotText(id: uuid(number), hostID: "many", processes: processes)
        try directory.write(many.bytes, to: "many-\(number).jsonl")
    }

    /// Runs a command, and interrupts it as soon as standard error, or a query, has a text.
    private func interrupted(
        _ command: String, until condition: String
    ) throws -> (result: RunResult, left: [String]) {
        let before = try directory.names()
        let result = try shell(
            """
            env --default-signal=INT '\(TestSupport.census)' \(command) 2>messages &
            until \(condition); do kill -0 $! 2>/dev/null || break; done
            kill -INT $!
            wait $!
            status=$?
            cat messages >&2
            rm messages
            exit $status
            """)
        return (result, try directory.names().filter { !before.contains($0) })
    }

    /// What was committed before is kept, and said.
    @Test(arguments: Engine.allCases) func aRetractionThatIsInterrupted(_ engine: Engine) throws {
        try writeMany()
        let database = try engine.database()
        let loaded = try shell(
            "'\(TestSupport.census)' ingest --quiet --max-records 300000 --db '\(database.name)' many-9.jsonl stick"
        )
        try #require(loaded.status == 0, "\(loaded.error)")
        func executions() throws -> Int {
            try shell(
                "'\(TestSupport.census)' list executions --format jsonl --db '\(database.name)'"
            )
            .output.split(separator: "\n").count
        }
        let all = try executions()
        let (early, leftEarly) = try interrupted(
            "retract many --reason x --db '\(database.name)'", until: "grep -q 'to delete' messages"
        )
        #expect(early.status == 130)
        #expect(early.error.hasSuffix("interrupted: nothing was deleted\n"), "\(early.error)")
        #expect(leftEarly == [])
        #expect(try executions() == all)
        let (late, leftLate) = try interrupted(
            "retract h1 --vacuum --reason x --db '\(database.name)'",
            until: "grep -q ' deleted' messages")
        #expect(late.status == 130)
        #expect(
            late.error.contains(
                "\ninterrupted: the executions are deleted, and the files of the database were not "
                    + "rewritten: "), "\(late.error)")
        #expect(leftLate == [])
        #expect(try executions() == all - 1)
    }

    /// An index that is not finished is not used for the search, and leaves no journal.
    @Test func anIndexThatIsInterrupted() throws {
        try writeMany()
        let loaded = try shell(
            "'\(TestSupport.census)' ingest --quiet --max-records 300000 many-9.jsonl")
        try #require(loaded.status == 0)
        let (result, left) = try interrupted(
            "find 'a-process-of-some-length-7' --in processes",
            until: "test -s census.sqlite-journal")
        #expect(result.status == 130)
        #expect(
            result.error
                == "interrupted: nothing was searched, and the index of names is not finished; the "
                + "next search goes on with it\n")
        #expect((result.output, left) == ("", []))
        let again = try shell(
            "'\(TestSupport.census)' find 'a-process-of-some-length-7' --in processes --format csv")
        #expect(again.status == 0)
        #expect(again.output.contains("a-process-of-some-length-7,"))
    }

    /// The executions that were added are kept, and the same command adds the rest.
    @Test func aJoinThatIsInterrupted() throws {
        try writeMany()
        for number in 1...3 {
            let processes = (1...150_000).map { process($0, "of-\(number)-\($0)") }
            let text = SnapshotText(
                id: uuid(20 + number), hostID: "join-\(number)", processes: processes)
            try directory.write(text.bytes, to: "other/\(number).jsonl")
        }
        let loaded = try shell(
            "'\(TestSupport.census)' ingest --quiet --max-records 300000 --db other.sqlite other")
        try #require(loaded.status == 0)
        let (result, left) = try interrupted(
            "ingest other.sqlite",
            // Not while the tables are made.
            until: "test \"$(sqlite3 census.sqlite 'PRAGMA user_version' 2>/dev/null)\" -gt 0 "
                + "2>/dev/null && test -s census.sqlite-journal"
        )
        #expect(result.status == 130)
        #expect(
            result.error.hasSuffix(
                "interrupted: what was added is in census.sqlite; the same command adds the rest\n"),
            "\(result.error)")
        #expect((result.output, left) == ("", ["census.sqlite"]))
        let rest = try shell("'\(TestSupport.census)' ingest --quiet other.sqlite; echo $?")
        #expect(rest.output == "0\n")
        #expect(
            try shell("sqlite3 census.sqlite 'SELECT COUNT(*) FROM Executions'").output == "3\n")
    }

    /// Before the first byte is written, too.
    @Test(arguments: [
        "manifest files -o m.sha256", "verify files -o v.txt", "report --format html -o page.html",
    ])
    func outputThatIsNotBegunLeavesNothing(_ command: String) throws {
        try writeMany()
        let loaded = try shell(
            """
            mkdir files
            for n in 1 2 3 4 5 6; do ln many-9.jsonl files/$n.jsonl; done
            '\(TestSupport.census)' ingest --quiet --max-records 300000 many-9.jsonl
            """)
        try #require(loaded.status == 0)
        let input = command.hasPrefix("report") ? "census.sqlite" : "files/1.jsonl"
        let options = command.hasPrefix("report") ? "" : " --max-records 300000"
        let (result, left) = try interrupted(
            command + options, until: "ls -l /proc/$!/fd 2>/dev/null | grep -q '/\(input)$'")
        #expect(result.status == 130)
        #expect(result.error == "interrupted: nothing was written\n")
        #expect((result.output, left) == ("", []))
    }

    /// What only prints has nothing to say.
    @Test(arguments: ["report 3 --limit all", "find xyz", "verify many-9.jsonl"])
    func whatOnlyPrintsSaysNothing(_ command: String) throws {
        try writeMany()
        let loaded = try shell(
            """
            '\(TestSupport.census)' ingest --quiet --max-records 300000 many-9.jsonl
            '\(TestSupport.census)' find x --in processes 2>/dev/null
            """)
        try #require(loaded.output == "Empty set\n")
        let result = try shell(
            """
            env --default-signal=INT strace --output=/dev/null --trace=write \
                --inject=write:signal=INT:when=1 '\(TestSupport.census)' \(command) >/dev/null
            """)
        #expect((result.status, result.error) == (130, ""))
    }

    /// `nohup` and a shell's background ignore Ctrl-C, and so does census there.
    @Test func anIgnoredSignalStaysIgnored() throws {
        let result = try shell(
            """
            trap '' INT
            mkfifo input
            '\(TestSupport.census)' ingest --quiet stick - <input &
            exec 3>input
            for attempt in $(seq 600); do
                test "$(sqlite3 census.sqlite 'SELECT COUNT(*) FROM Executions')" != 3 || break
                sleep 0.1
            done 2>/dev/null
            kill -INT $!
            cat stick/1.jsonl >&3
            exec 3>&-
            wait $!
            """)
        #expect(result.status == 0, "\(result.error)")
    }

    /// On a terminal a wait of more than a second has a reason: the program that has the lock.
    @Test func aWaitForALockIsExplained() throws {
        let loaded = try run(
            TestSupport.census, ["ingest", "--quiet", "stick"], in: directory.path)
        try #require(loaded.status == 0)
        let result = try shell(
            """
            mkfifo commands
            sqlite3 census.sqlite <commands &
            holder=$!
            exec 3>commands
            echo 'BEGIN EXCLUSIVE;' >&3
            while '\(TestSupport.census)' --version >/dev/null &&
                ! grep -q "POSIX.*WRITE $holder " /proc/locks; do sleep 0.1; done
            (sleep 3; echo 'COMMIT;' >&3) &
            script -qec "'\(TestSupport.census)' list hosts --no-pager 2>&1 >out" /dev/null
            exec 3>&-
            echo "holder $holder"
            """)
        let holder = result.output.split(separator: "holder ").last.map { $0.dropLast() } ?? ""
        #expect(
            result.output.contains(
                "\r\u{1B}[Kwaiting for census.sqlite, which process \(holder) (sqlite3) is using"),
            "\(result.output)")
        // Nothing is left of it.
        #expect(result.output.contains("using\r\u{1B}[K"))
        #expect(try String(decoding: directory.read("out"), as: UTF8.self).contains("h1"))
    }
}
