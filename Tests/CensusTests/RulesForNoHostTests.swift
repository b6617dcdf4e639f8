#if Rules
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    // Rules that apply to no host are not a pass.
    extension CheckCommandTests {
        private static let unused = """
            rules:
            - {id: a, severity: low, sentence: A, hosts: [WEB-*, 10.*], required-processes: auditd}
            - {id: b, severity: high, sentence: B, forbidden-processes: zzz}
            - {id: c, severity: high, sentence: C, hosts: mail-*, allowed-systems: [Debian*]}

            """

        /// Rules that apply to no host are not a pass.
        @Test(arguments: [
            (
                "table",
                """
                +------+----------+-------------+-----------+----------+----+-----------+--------------+---------------------------+----------+
                | Rule | Severity | Verdict     | Server_ID | Hostname | IP | Exec_date | Execution_ID | What                      | Sentence |
                +------+----------+-------------+-----------+----------+----+-----------+--------------+---------------------------+----------+
                | c    | high     | not checked | ∅         | ∅        | ∅  | ∅         | ∅            | no host matches its hosts | C        |
                | a    | low      | not checked | ∅         | ∅        | ∅  | ∅         | ∅            | no host matches its hosts | A        |
                +------+----------+-------------+-----------+----------+----+-----------+--------------+---------------------------+----------+
                2 rows in set

                """
            ),
            (
                "csv",
                "Rule,Severity,Verdict,Server_ID,Hostname,IP,Exec_date,Execution_ID,What,Sentence\r\n"
                    + "c,high,not checked,,,,,,no host matches its hosts,C\r\n"
                    + "a,low,not checked,,,,,,no host matches its hosts,A\r\n"
            ),
            (
                "json",
                #"""
                [
                {"Rule": "c", "Severity": "high", "Verdict": "not checked", "Server_ID": null, "Hostname": null, "IP": null, "Exec_date": null, "Execution_ID": null, "What": "no host matches its hosts", "Sentence": "C"},
                {"Rule": "a", "Severity": "low", "Verdict": "not checked", "Server_ID": null, "Hostname": null, "IP": null, "Exec_date": null, "Execution_ID": null, "What": "no host matches its hosts", "Sentence": "A"}
                ]

                """#
            ),
        ])
        func rulesForNoHost(format: String, output: String) throws {
            try fill()
            try directory.write(Array(Self.unused.utf8), to: "unused.yaml")
            let result = try census("check", "--rules", "unused.yaml", "--format", format)
            #expect(result.status == 2)
            #expect(result.output == output)
            #expect(
                result.error == """
                    rule a: no host matches its hosts
                    rule c: no host matches its hosts
                    2 hosts, 3 rules: 0 violations, 2 not checked

                    """)
        }

        @Test func rulesForNoHostInReports() throws {
            try fill()
            try directory.write(Array(Self.unused.utf8), to: "unused.yaml")
            let junit = try census("check", "--rules", "unused.yaml", "--format", "junit")
            #expect(junit.status == 2)
            #expect(
                junit.output.contains(
                    #"<testsuites name="census check" tests="4" failures="0" errors="0">"#))
            #expect(
                junit.output.contains(
                    #"""
                      <testsuite name="c" tests="1" failures="0" errors="0" skipped="1">
                        <properties>
                          <property name="severity" value="high"/>
                          <property name="sentence" value="C"/>
                        </properties>
                        <testcase classname="c" name="no host">
                          <skipped message="no host matches its hosts"/>
                        </testcase>
                      </testsuite>
                    """#))
            let valid = try run(
                "xmllint",
                ["--noout", "--relaxng", fixtures.appending("rules/junit.rng").string, "-"],
                in: directory.path, input: junit.outputBytes)
            #expect((valid.status, valid.error) == (0, "- validates\n"))
            let sarif = try census("check", "--rules", "unused.yaml", "--format", "sarif")
            let results = try run(
                "jq",
                [
                    "-c",
                    ".runs[0].results[] | [.ruleId, .ruleIndex, .kind, .level, .message.text, "
                        + ".locations, .properties.serverID]",
                ], input: sarif.outputBytes)
            #expect(
                results.output == """
                    ["c",2,"open","none","no host matches its hosts",[],null]
                    ["a",0,"open","none","no host matches its hosts",[],null]

                    """)
        }

        /// A violation takes precedence over an unchecked rule, unless its severity is too low to
        /// count.
        @Test func violationsBesideRulesForNoHost() throws {
            try fill()
            let rules = """
                rules:
                - {id: a, severity: medium, sentence: A, forbidden-processes: systemd}
                - {id: b, severity: high, sentence: B, hosts: mail-*, forbidden-processes: zzz}
                """
            try directory.write(Array(rules.utf8), to: "a.yaml")
            let cases: [(options: [String], status: Int32)] = [
                ([], 1), (["--fail-on", "high"], 2), (["--fail-on", "high", "--all"], 2),
                (["--fail-on", "high", "--fail-on-unknown"], 2),
            ]
            for (options, status) in cases {
                let result = try run(
                    TestSupport.census, ["check", "--rules", "a.yaml"] + options,
                    in: directory.path)
                #expect(result.status == status)
                let what = options.contains("--all") ? "executions" : "hosts"
                #expect(
                    result.error
                        == "rule b: no host matches its hosts\n"
                        + "2 \(what), 2 rules: 2 violations (2 medium), 1 not checked\n")
            }
        }
    }
#endif
