#if Rules
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    @Suite struct CheckCommandTests {
        let directory: TemporaryDirectory

        init() throws {
            directory = try TemporaryDirectory()
            try directory.write(Array(Self.rules.utf8), to: "rules.yaml")
        }

        private static let rules = """
            rules:
            - {id: audit, severity: low, sentence: Servers are audited., hosts: web-*, required-processes: auditd}
            - {id: miners, severity: critical, sentence: 'No <miners> & co.', forbidden-processes: 'xmrig*'}
            - {id: console, severity: medium, sentence: Only root is here., allowed-users: root}

            """

        func census(_ arguments: String...) throws -> RunResult {
            try run(TestSupport.census, arguments, in: directory.path)
        }

        /// Two hosts: one violates many rules, the other has unknown users.
        func fill() throws {
            let processes = [
                #"{"record":"process","pid":1,"name":"systemd","user":"root"}"#,
                #"{"record":"process","pid":7,"name":"xmrig\"<\u001b>","user":"=cmd"}"#,
            ]
            let web = SnapshotText(
                hostID: "h-1", hostname: "web-01", processes: processes,
                users: [#"{"record":"user","user":"anna"}"#])
            var db = SnapshotText(
                id: "11111111-2222-4333-8444-000000000002", hostID: "h-2", hostname: "db-01",
                ip: "192.0.2.11")
            db.lines.insert(#"{"record":"collection","session_source":"none"}"#, at: 4)
            try directory.write(web.bytes + db.bytes, to: "a.jsonl")
            let result = try census("ingest", "--quiet", "a.jsonl")
            #expect((result.status, result.error) == (0, ""))
        }

        @Test func rulesFromStandardInput() throws {
            try fill()
            func check(_ rules: String) throws -> RunResult {
                try run(
                    TestSupport.census, ["check", "--rules", "-"], in: directory.path,
                    input: Array(rules.utf8))
            }
            let result = try check(Self.rules)
            let named = try census("check", "--rules", "rules.yaml")
            #expect((result.status, result.output, result.error) == (1, named.output, summary))
            let faulty = try check("rules: x")
            #expect(faulty.status == 64)
            #expect(faulty.error.hasPrefix("standard input:1:8: "))
            let both = try run(
                "bash", ["-c", #""$census" check --rules - <rules.yaml >>rules.yaml"#],
                in: directory.path, environment: ["census": TestSupport.census])
            #expect(
                both.error
                    == "census: standard output is the file of --rules: redirect it elsewhere\n")
            #expect(try directory.read("rules.yaml") == Array(Self.rules.utf8))
        }

        private let summary =
            "2 hosts, 3 rules: 3 violations (1 critical, 1 medium, 1 low), 1 not checked\n"

        @Test func table() throws {
            try fill()
            let result = try census("check", "--rules", "rules.yaml")
            #expect(result.status == 1)
            #expect(result.error == summary)
            #expect(
                result.output == #"""
                    +---------+----------+-------------+-----------+----------+------------+---------------------+--------------+----------------------------------+----------------------+
                    | Rule    | Severity | Verdict     | Server_ID | Hostname | IP         | Exec_date           | Execution_ID | What                             | Sentence             |
                    +---------+----------+-------------+-----------+----------+------------+---------------------+--------------+----------------------------------+----------------------+
                    | miners  | critical | violated    |         1 | web-01   | 192.0.2.10 | 2026-11-23 05:13:11 |            1 | xmrig"<\x1B> (PID 7, owner =cmd) | No <miners> & co.    |
                    | console | medium   | violated    |         1 | web-01   | 192.0.2.10 | 2026-11-23 05:13:11 |            1 | anna is logged in                | Only root is here.   |
                    | console | medium   | not checked |         2 | db-01    | 192.0.2.11 | 2026-11-23 05:13:11 |            2 | users are unknown                | Only root is here.   |
                    | audit   | low      | violated    |         1 | web-01   | 192.0.2.10 | 2026-11-23 05:13:11 |            1 | auditd is not running            | Servers are audited. |
                    +---------+----------+-------------+-----------+----------+------------+---------------------+--------------+----------------------------------+----------------------+
                    4 rows in set

                    """#)
        }

        @Test func csvAndJSON() throws {
            try fill()
            let csv = try census("check", "--rules", "rules.yaml", "--format", "csv")
            let lines = csv.output.split(separator: "\r\n")
            #expect(
                lines.prefix(2) == [
                    "Rule,Severity,Verdict,Server_ID,Hostname,IP,Exec_date,Execution_ID,What,Sentence",
                    "miners,critical,violated,1,web-01,192.0.2.10,2026-11-23 05:13:11,1,"
                        + "\"xmrig\"\"<\u{1B}> (PID 7, owner =cmd)\",No <miners> & co.",
                ])
            #expect(lines.count == 5)
            let json = try census("check", "--rules", "rules.yaml", "--format", "json")
            let rows = try #require(
                try JSONSerialization.jsonObject(with: Data(json.outputBytes)) as? [[String: Any]])
            #expect(
                rows.compactMap { $0["Rule"] as? String } == [
                    "miners", "console", "console", "audit",
                ])
            #expect(rows[0]["What"] as? String == "xmrig\"<\u{1B}> (PID 7, owner =cmd)")
        }

        @Test func junit() throws {
            try fill()
            let result = try census(
                "check", "--rules", "rules.yaml", "--format", "junit", "--fail-on", "medium")
            #expect(result.status == 1)
            #expect(
                result.output == #"""
                    <?xml version="1.0" encoding="UTF-8"?>
                    <testsuites name="census check" tests="5" failures="2" errors="0">
                      <testsuite name="audit" tests="1" failures="0" errors="0" skipped="0">
                        <properties>
                          <property name="severity" value="low"/>
                          <property name="sentence" value="Servers are audited."/>
                        </properties>
                        <testcase classname="audit" name="web-01 (server 1, execution 1)">
                          <system-out>Servers are audited.
                    auditd is not running</system-out>
                        </testcase>
                      </testsuite>
                      <testsuite name="miners" tests="2" failures="1" errors="0" skipped="0">
                        <properties>
                          <property name="severity" value="critical"/>
                          <property name="sentence" value="No &lt;miners&gt; &amp; co."/>
                        </properties>
                        <testcase classname="miners" name="web-01 (server 1, execution 1)">
                          <failure message="No &lt;miners&gt; &amp; co." type="critical">xmrig&quot;&lt;\x1B&gt; (PID 7, owner =cmd)</failure>
                        </testcase>
                        <testcase classname="miners" name="db-01 (server 2, execution 2)"/>
                      </testsuite>
                      <testsuite name="console" tests="2" failures="1" errors="0" skipped="1">
                        <properties>
                          <property name="severity" value="medium"/>
                          <property name="sentence" value="Only root is here."/>
                        </properties>
                        <testcase classname="console" name="web-01 (server 1, execution 1)">
                          <failure message="Only root is here." type="medium">anna is logged in</failure>
                        </testcase>
                        <testcase classname="console" name="db-01 (server 2, execution 2)">
                          <skipped message="users are unknown"/>
                        </testcase>
                      </testsuite>
                    </testsuites>

                    """#)
            let checked = try run(
                "xmllint",
                ["--noout", "--relaxng", fixtures.appending("rules/junit.rng").string, "-"],
                in: directory.path, input: result.outputBytes)
            #expect((checked.status, checked.error) == (0, "- validates\n"))
        }

        @Test func sarif() throws {
            try fill()
            let result = try census("check", "--rules", "rules.yaml", "--format", "sarif")
            #expect((result.status, result.error) == (1, summary))
            // The requirements of the standard, as jq filters.
            let structure = try run(
                "jq",
                [
                    "-c",
                    """
                    (.version == "2.1.0"), (.runs | length), .runs[0].tool.driver.name,
                    ([.runs[0].tool.driver.rules[] | [.id, .shortDescription.text,
                        .defaultConfiguration.level]]),
                    (.runs[0] as $run | $run.results[] | [
                        .ruleId, ($run.tool.driver.rules[.ruleIndex].id == .ruleId), .kind, .level,
                        .message.text, .locations[0].logicalLocations[0].fullyQualifiedName,
                        .properties.serverID, .properties.executionID])
                    """,
                ], input: result.outputBytes)
            #expect(
                structure.output == #"""
                    true
                    1
                    "census"
                    [["audit","Servers are audited.","note"],["miners","No <miners> & co.","error"],["console","Only root is here.","warning"]]
                    ["miners",true,"fail","error","web-01: xmrig\"<\u001b> (PID 7, owner =cmd)","h-1",1,1]
                    ["console",true,"fail","warning","web-01: anna is logged in","h-1",1,1]
                    ["console",true,"open","none","db-01: users are unknown","h-2",2,2]
                    ["audit",true,"fail","note","web-01: auditd is not running","h-1",1,1]

                    """#)
        }

        @Test(
            arguments: [
                ([], 1), (["--fail-on", "info"], 1), (["--fail-on", "critical"], 1),
                (["--all"], 1),
            ] as [([String], Int32)])
        func violations(options: [String], status: Int32) throws {
            try fill()
            let result = try run(
                TestSupport.census, ["check", "--rules", "rules.yaml"] + options,
                in: directory.path)
            #expect(result.status == status)
        }

        @Test func noViolations() throws {
            try fill()
            let rules = """
                rules:
                - {id: a, severity: medium, sentence: A, hosts: web-*, required-processes: auditd}
                - {id: b, severity: critical, sentence: B, hosts: db-*, allowed-users: root}
                """
            try directory.write(Array(rules.utf8), to: "b.yaml")
            let cases: [(options: [String], status: Int32)] = [
                ([], 1), (["--fail-on", "medium"], 1), (["--fail-on", "high"], 2),
                (["--fail-on", "high", "--fail-on-unknown"], 1),
            ]
            for (options, status) in cases {
                let result = try run(
                    TestSupport.census, ["check", "--rules", "b.yaml"] + options,
                    in: directory.path)
                #expect(result.status == status)
                #expect(
                    result.error
                        == "rule b: could not be fully checked on the one host it applies to\n"
                        + "2 hosts, 2 rules: 1 violation (1 medium), 1 not checked\n")
            }
            let none = "rules: [{id: a, severity: low, sentence: A, forbidden-processes: zzz}]"
            try directory.write(Array(none.utf8), to: "c.yaml")
            let result = try census("check", "--rules", "c.yaml")
            #expect(
                (result.status, result.output, result.error)
                    == (0, "Empty set\n", "2 hosts, 1 rule: 0 violations\n"))
        }

        @Test(arguments: Engine.allCases, ["table", "csv", "json", "junit", "sarif"])
        func anEmptyDatabase(engine: Engine, format: String) throws {
            let database = try engine.emptyDatabase(in: directory)
            let result = try census(
                "check", "--rules", "rules.yaml", "--db", database.name, "--format", format)
            #expect(result.status == 2)
            #expect(
                result.error == "census: \(database.name) contains no hosts: nothing was checked\n")
            #expect(result.output.components(separatedBy: "there is no host").count >= 4)
        }

        #if MySQL
            @Test(arguments: ["table", "csv", "json", "junit", "sarif"])
            func aServerGivesWhatSQLiteGives(format: String) throws {
                let server = try ServerDatabase()
                try GeneratedFleet(seed: 8, hosts: 10).write(to: directory)
                let example = fixtures.appending("rules/example.yaml").string
                let outputs = try ["x.sqlite", server.address].map { database in
                    let loading = try census("ingest", "--quiet", "--db", database, ".")
                    #expect((loading.status, loading.error) == (0, ""))
                    let result = try census(
                        "check", "--rules", example, "--db", database, "--format", format, "--all")
                    #expect(result.status == 1)
                    return result
                }
                #expect(outputs[0].outputBytes == outputs[1].outputBytes)
                #expect(outputs[0].error == outputs[1].error)
                #expect(outputs[0].outputBytes.count > 5000)
            }
        #endif

        /// A host that violates all rules of the example.
        @Test func eachRuleOfTheExampleCanFire() throws {
            let processes = [
                "teamviewerd", "nc.openbsd", "in.telnetd", "xmrig", "hydra", "sshd", "nginx",
            ]
            .enumerated().map {
                #"{"record":"process","pid":\#($0.offset),"name":"\#($0.element)","user":"anna"}"#
            }
            var bad = SnapshotText(
                hostID: "h-1", hostname: "web-01", processes: processes,
                users: [#"{"record":"user","user":"anna"}"#])
            bad.lines[2] = #"{"record":"os_version","name":"Debian GNU/Linux","version":"9"}"#
            let good = SnapshotText(
                id: "11111111-2222-4333-8444-000000000002", hostID: "h-2", hostname: "web-02",
                processes: ["auditd", "chronyd", "rsyslogd", "sshd", "nginx"].enumerated().map {
                    #"{"record":"process","pid":\#($0.offset),"name":"\#($0.element)","user":"root"}"#
                }, users: [#"{"record":"user","user":"adm-anna"}"#])
            try directory.write(bad.bytes + good.bytes, to: "a.jsonl")
            #expect(try census("ingest", "--quiet", "a.jsonl").status == 0)
            let example = fixtures.appending("rules/example.yaml").string
            let result = try census("check", "--rules", example, "--format", "csv")
            #expect(result.status == 1)
            let rows = result.output.split(separator: "\r\n").dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            #expect(
                rows.map { "\($0[0]) \($0[2]) \($0[4])" }
                    == [
                        "cryptominers", "attack-tools", "remote-access", "netcat",
                        "clear-text-logins",
                        "sshd-owner", "end-of-life", "audit", "logging", "web-server-owner",
                        "console-users", "time",
                    ].map { "\($0) violated web-01" })
        }
    }
#endif
