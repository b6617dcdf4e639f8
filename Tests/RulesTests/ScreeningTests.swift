#if Rules
    import Database
    import DatabaseSupport
    import Query
    import Rules
    import TestSupport
    import Testing

    /// Of many hosts each name is compared once; of few hosts each process. The results are the same.
    @Suite struct ScreeningTests {
        private let rules = """
            rules:
            - {id: miner, severity: critical, sentence: s, forbidden-processes: ['xm*', 'café']}
            - id: audit
              severity: low
              sentence: s
              required-processes: [auditd, [chronyd, 'ntp*']]
            - {id: some, severity: low, sentence: s, hosts: ['*7'], required-processes: auditd}
            - id: owners
              severity: high
              sentence: s
              process-owners: {processes: 'sshd*', owners: [root, 'adm-*']}
            - {id: users, severity: info, sentence: s, allowed-users: 'adm-*'}
            """

        /// - Parameter executions: of each host, the newest first.
        private func fill(_ test: TestDatabase, hosts: Int, executions: Int = 1) throws {
            var random = SplitMix64(state: 7)
            let names = [
                "xmrig", "café", "cafe\u{301}", "auditd", "chronyd", "ntpd", "sshd", "sshd-session",
                "bash",
                "systemd", "XMRIG",
            ]
            let owners = [#","user":"root""#, #","user":"adm-1""#, #","user":"eve""#, ""]
            var paths: [String] = []
            for index in 0..<hosts * executions {
                let (execution, number) = (index / hosts, index % hosts + 1)
                // Some hosts have more than are looked up one by one.
                let count = Int.random(in: 0...(number % 6 == 0 ? 60 : 8), using: &random)
                let processes = (0..<count).map { pid in
                    process(
                        pid * 10 + number % 3, names.randomElement(using: &random)!,
                        owners.randomElement(using: &random)!)
                }
                var text = SnapshotText(
                    id: uuid(index + 1), takenAt: "2026-11-\(23 - execution)T05:13:11Z",
                    hostID: "host-\(number)", hostname: "h\(number)", processes: processes,
                    users: [login(number % 2 == 0 ? "adm-1" : "eve")])
                if number % 5 > 0 {
                    let hidden = number % 4 == 0
                    text.lines.insert(
                        #"{"record":"collection","session_source":"utmp","processes_hidden":\#(hidden)}"#,
                        at: 4)
                }
                paths.append(
                    try test.directory.write(text.bytes, to: "evidence/\(index).jsonl").string)
            }
            let run = try test.ingest(paths)
            #expect(run.summary.loadedSnapshots == hosts * executions)
        }

        private func findings(
            in test: TestDatabase, of servers: [Int64]? = nil
        ) throws -> [String] {
            let rules = try RulesFile(Array(rules.utf8), path: "rules.yaml").rules
            var selection = ExecutionSelection()
            selection.isLatestOnly = true
            selection.serverIDs = servers
            let inspection = try Inspection(of: test.database, by: rules, selection)
            return inspection.results.map { result in
                "\(inspection.hosts[result.host].facts.serverID) \(inspection.rules[result.rule].id) "
                    + "\(result.finding.verdict.rawValue) \(result.finding.what)"
            }
        }

        /// Of the newest of several executions of each host only those are read; of all executions the
        /// whole table in one pass.
        @Test(arguments: Engine.allCases, [1, 3])
        func manyHostsAreAsOneByOne(_ engine: Engine, executions: Int) throws {
            let test = try TestDatabase(engine)
            try fill(test, hosts: 80, executions: executions)
            let all = try findings(in: test)
            let single = try (1...80).flatMap { try findings(in: test, of: [$0]) }
            #expect(all.count > 200)
            #expect(all.sorted() == single.sorted())
        }

        /// What refers to nothing is an error of the database, and not passed over.
        @Test(arguments: ["Processes", "USERS"]) func aDamagedDatabaseIsOne(_ table: String) throws
        {
            let test = try TestDatabase(.sqlite)
            try fill(test, hosts: 80)
            try test.database.execute("PRAGMA foreign_keys = OFF; DELETE FROM \(table)")
            #expect(throws: DatabaseError.self) { try findings(in: test) }
        }
    }
#endif
