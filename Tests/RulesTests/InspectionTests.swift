#if Rules
    import Database
    import DatabaseSupport
    import Query
    import Rules
    import TestSupport
    import Testing

    /// Hosts of which some break rules, and what is found of them.
    @Suite struct InspectionTests {
        private let rules = """
            rules:
            - {id: miner, severity: critical, sentence: No miners., forbidden-processes: 'xmrig*'}
            - id: audit
              severity: low
              sentence: Auditing.
              hosts: [web-*, 10.9.*]
              required-processes: auditd
            - id: sshd
              severity: high
              sentence: Of root.
              process-owners: {processes: sshd, owners: root}
            - {id: console, severity: info, sentence: Admins., allowed-users: 'adm-*'}
            - id: old
              severity: high
              sentence: No old ones.
              allowed-systems: [{name: Debian*, minimum-version: 12}, {name: Ubuntu*, minimum-version: 22.04}]
            """

        private func inspection(
            of test: TestDatabase, all: Bool = false
        ) throws -> Inspection {
            let rules = try RulesFile(Array(rules.utf8), path: "rules.yaml").rules
            var selection = ExecutionSelection()
            selection.isLatestOnly = !all
            return try Inspection(of: test.database, by: rules, selection)
        }

        /// `miner 2 web-02 4: xmrig (PID 5, owner x)`, `!` before it where it was not checked.
        private func lines(_ inspection: Inspection) -> [String] {
            inspection.results.map { result in
                let host = inspection.hosts[result.host].facts
                let mark = result.finding.verdict == .violated ? "" : "! "
                return "\(mark)\(inspection.rules[result.rule].id) \(host.serverID) "
                    + "\(host.hostname ?? "-") \(host.executionID): \(result.finding.what)"
            }
        }

        private func snapshot(
            _ number: Int, host: Int, day: Int = 1, _ name: String,
            system: String = #""name":"Debian GNU/Linux","version":"12""#, more: String = "",
            collection: String? = nil, processes: [String] = [], users: [String] = []
        ) -> (name: String, bytes: [UInt8]) {
            var text = SnapshotText(
                id: uuid(number), takenAt: "2026-11-0\(day)T00:00:00Z", hostID: "host-\(host)",
                hostname: name, ip: "192.0.2.\(host)", processes: processes, users: users)
            text.lines[1] = text.lines[1].dropLast() + more + "}"
            text.lines[2] = #"{"record":"os_version",\#(system)}"#
            if let collection {
                text.lines.insert(#"{"record":"collection",\#(collection)}"#, at: 4)
            }
            return ("\(number).jsonl", text.bytes)
        }

        private func fill(_ test: TestDatabase) throws {
            let utmp = #""session_source":"utmp","processes_hidden":false"#
            let root = #","user":"root""#
            let sshd = process(20, "sshd", root)
            let run = try test.ingest(
                // No violations now; there were some before.
                snapshot(
                    1, host: 1, "web-01", collection: utmp,
                    processes: [process(9, "xmrig", root)], users: [login("anna")]),
                snapshot(
                    2, host: 1, day: 2, "web-01", collection: utmp,
                    processes: [process(8, "auditd", root), sshd], users: [login("adm-1")]),
                // The newest comes first.
                snapshot(
                    3, host: 2, day: 3, "web-02", system: #""name":"Ubuntu","version":"9.10""#,
                    collection: utmp,
                    processes: [
                        process(31, "xmrig-6", #","user":"mallory""#), process(4, "xmrig", root),
                        process(22, "sshd", #","user":"mallory""#), process(21, "sshd"), sshd,
                    ], users: [login("zoë"), login("anna"), login("adm-2")]),
                snapshot(4, host: 2, day: 2, "web-02", collection: utmp, processes: [sshd]),
                // Matched by a secondary address; everything else is unknown.
                snapshot(
                    5, host: 3, "", system: #""name":"Debian","version":null"#,
                    more: #","addresses":["10.9.8.7"]"#,
                    collection: #""session_source":"none""#),
                // For some rules only.
                snapshot(
                    6, host: 4, "db-01", collection: utmp, processes: [sshd], users: []))
            #expect(run.rejections == [])
        }

        @Test(arguments: Engine.allCases)
        func exactlyWhatWasPlanted(engine: Engine) throws {
            let test = try TestDatabase(engine)
            try fill(test)
            let newest = lines(try inspection(of: test))
            #expect(
                newest == [
                    "miner 2 web-02 3: xmrig (PID 4, owner root)",
                    "miner 2 web-02 3: xmrig-6 (PID 31, owner mallory)",
                    "! miner 3 - 5: processes are unknown",
                    "! sshd 2 web-02 3: sshd (PID 21, owner unknown)",
                    "sshd 2 web-02 3: sshd (PID 22, owner mallory)",
                    "old 2 web-02 3: Ubuntu 9.10 is older than 22.04",
                    "! sshd 3 - 5: processes are unknown",
                    "! old 3 - 5: the version of Debian is unknown",
                    "audit 2 web-02 3: auditd is not running",
                    "! audit 3 - 5: processes are unknown",
                    "console 2 web-02 3: anna is logged in",
                    "console 2 web-02 3: zoë is logged in",
                    "! console 3 - 5: users are unknown",
                ])
            let all = lines(try inspection(of: test, all: true))
            #expect(all.contains("miner 1 web-01 1: xmrig (PID 9, owner root)"))
            #expect(all.contains("audit 2 web-02 4: auditd is not running"))
            #expect(all.count == 13 + 4)
        }

        @Test(arguments: Engine.allCases)
        func ofTwoAtTheSameSecondOneIsTheNewest(engine: Engine) throws {
            let test = try TestDatabase(engine)
            let miner = [process(9, "xmrig")]
            try test.ingest(
                snapshot(12, host: 1, "a"), snapshot(11, host: 1, "a", processes: miner),
                snapshot(21, host: 2, "b"), snapshot(22, host: 2, "b", processes: miner))
            let found = lines(try inspection(of: test)).filter { $0.hasPrefix("miner") }
            #expect(found == ["miner 2 b 4: xmrig (PID 9, owner unknown)"])
        }

        @Test(arguments: Engine.allCases)
        func nothing(engine: Engine) throws {
            let inspection = try inspection(of: TestDatabase(engine))
            #expect(inspection.results.isEmpty && inspection.hosts.isEmpty)
        }

        #if MySQL
            /// Every format says the same of both engines, for a fleet of names that look alike.
            @Test func parity() throws {
                let fleet = GeneratedFleet(seed: 6, hosts: 30, executions: 4)
                let rules = try RulesFile(
                    Array(
                        """
                        rules:
                        - {id: a, severity: low, sentence: A, forbidden-processes: '[!s]*'}
                        - {id: b, severity: high, sentence: B, process-owners: {processes: '*', owners: 'user*'}}
                        - {id: c, severity: low, sentence: C, hosts: '*2*', allowed-users: 'user1*'}
                        - {id: d, severity: info, sentence: D, allowed-systems: [{name: '*', minimum-version: 12}]}
                        - {id: e, severity: info, sentence: E, required-processes: [java, nginx]}
                        """.utf8), path: "r"
                ).rules
                for isLatestOnly in [true, false] {
                    var selection = ExecutionSelection()
                    selection.isLatestOnly = isLatestOnly
                    let outputs = try Engine.allCases.map { engine in
                        let test = try TestDatabase(engine)
                        let paths = try fleet.files.map {
                            try test.directory.write($0.text, to: $0.name).string
                        }
                        #expect(try test.ingest(paths).rejections == [])
                        let inspection = try Inspection(of: test.database, by: rules, selection)
                        return [
                            inspection.table.bytes(.csv), inspection.table.bytes(.json),
                            inspection.junit(failingOn: .low), inspection.sarif(version: "1"),
                        ]
                    }
                    #expect(outputs[0] == outputs[1])
                    #expect(outputs[0].allSatisfy { $0.count > 10_000 })
                }
            }
        #endif
    }
#endif
