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

    /// The wait begins when everything that was there has been committed.
    @Test func aLoadThatIsInterruptedKeepsWhatItHas() throws {
        let result = try shell(
            """
            mkfifo input
            env --default-signal=INT '\(TestSupport.census)' ingest stick - <input &
            exec 3>input
            for attempt in $(seq 600); do
                test "$(sqlite3 census.sqlite 'SELECT COUNT(*) FROM Executions')" != 3 || break
                sleep 0.1
            done 2>/dev/null
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
            .output == "3\n")
    }

    /// A load that is killed leaves no index of processes, which the first load makes at its end. Reports need
    /// none, and the next load makes it.
    @Test func aFirstLoadThatIsKilledLeavesNothingBroken() throws {
        let result = try shell(
            """
            mkfifo input
            '\(TestSupport.census)' ingest stick - <input >/dev/null 2>&1 &
            exec 3>input
            for attempt in $(seq 600); do
                test "$(sqlite3 census.sqlite 'SELECT COUNT(*) FROM Executions')" != 3 || break
                sleep 0.1
            done 2>/dev/null
            kill -KILL $!
            wait $! 2>/dev/null
            indexes="SELECT COUNT(*) FROM pragma_index_list('Processes')"
            sqlite3 census.sqlite "$indexes"
            '\(TestSupport.census)' report 3 --format csv | tail -n +2 | wc -l
            '\(TestSupport.census)' ingest --quiet stick || exit
            sqlite3 census.sqlite "$indexes" 'PRAGMA integrity_check'
            """)
        #expect(result.output == "0\n3\n1\nok\n", "\(result.error)")
    }

    /// Output files that are not whole are removed, and so is a directory that was made for them.
    @Test(arguments: ["export out/new", "report 3 --format csv -o out/processes.csv"])
    func outputThatIsInterruptedLeavesNothing(_ command: String) throws {
        let processes = (1...200_000).map { process($0, "a-process-of-some-length-\($0)") }
        let text = SnapshotText(id: uuid(9), hostID: "many", processes: processes)
        try directory.write(text.bytes, to: "many.jsonl")
        let result = try shell(
            """
            mkdir out
            '\(TestSupport.census)' ingest --quiet --max-records 300000 many.jsonl || exit 1
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
            try directory.write(text.bytes, to: "many.jsonl")
            let result = try shell(
                """
                mkdir out
                '\(TestSupport.census)' ingest --quiet many.jsonl || exit 1
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
