#if Rules
    import Text
    import SystemPackage
    import TestSupport
    import Testing

    import Files
    @testable import Rules

    @Suite struct RulesFileTests {
        private func rules(_ text: String) throws -> [Rule] {
            try RulesFile(Array(text.utf8), path: "rules.yaml").rules
        }

        /// What is wrong with the text, a line for each fault.
        private func faults(_ bytes: [UInt8]) -> String {
            let refusal = #expect(throws: RulesFile.Refusal.self) {
                try RulesFile(bytes, path: "rules.yaml")
            }
            return (refusal?.faults ?? []).map(\.description).joined(separator: "\n")
        }

        /// A rule with these lines in the place of its requirement.
        private func rule(_ lines: String) -> String {
            "rules:\n  - id: a\n    severity: low\n    sentence: S.\n    \(lines)\n"
        }

        @Test func everyKindOfRule() throws {
            let text = """
                rules:
                - {id: a.b-c_1, severity: info, sentence: 'No x.', forbidden-processes: ['x*', y]}
                - id: b
                  severity: critical
                  sentence: >
                    Two of
                    them.
                  hosts: web-*
                  required-processes: [a, [b, 'c?']]
                - id: "c"
                  severity: high
                  sentence: no
                  hosts: [192.0.2.*, {exact: '[x]'}]
                  process-owners: {processes: sshd, owners: [root]}
                - {id: d, severity: medium, sentence: D, allowed-users: []}
                - id: e
                  severity: low
                  sentence: AT&T & co, *, "R \\x26D".
                  allowed-systems:
                  - name: Ubuntu
                    minimum-version: 22.10
                  - 'Arch*'
                """
            let expected = [
                Rule(
                    id: "a.b-c_1", severity: .info, sentence: "No x.", hosts: nil,
                    requirement: .forbiddenProcesses([try Glob("x*"), try Glob("y")])),
                Rule(
                    id: "b", severity: .critical, sentence: "Two of them.\n",
                    hosts: [try Glob("web-*")],
                    requirement: .requiredProcesses([
                        [try Glob("a")], [try Glob("b"), try Glob("c?")],
                    ])),
                Rule(
                    id: "c", severity: .high, sentence: "no",
                    hosts: [try Glob("192.0.2.*"), Glob(exactly: "[x]")],
                    requirement: .processOwners(
                        processes: [try Glob("sshd")], owners: [try Glob("root")])),
                Rule(
                    id: "d", severity: .medium, sentence: "D", hosts: nil,
                    requirement: .items(.users, .allowed([]))),
                Rule(
                    id: "e", severity: .low, sentence: #"AT&T & co, *, "R \x26D"."#, hosts: nil,
                    requirement: .allowedSystems([
                        Rule.System(name: try Glob("Ubuntu"), minimumVersion: "22.10"),
                        Rule.System(name: try Glob("Arch*"), minimumVersion: nil),
                    ])),
            ]
            #expect(try rules(text) == expected)
        }

        /// What is in a list twice counts once, in whichever way it is written.
        @Test(
            arguments: [
                ("forbidden-processes: [x, y, x]", "forbidden-processes: [x, y]"),
                (
                    "required-processes: [x, [a, b, a], {exact: x}, [b, a], [a]]",
                    "required-processes: [x, [a, b], a]"
                ),
                (
                    "process-owners: {processes: [p, p], owners: [o, q, o]}",
                    "process-owners: {processes: p, owners: [o, q]}"
                ),
                ("forbidden-users: [x, {user: x}, {exact: x}]", "forbidden-users: x"),
                (
                    "required-packages: [x, x, {name: x, older-than: 2}, [y, x, y], [x, y]]",
                    "required-packages: [x, {name: x, older-than: 2}, [y, x]]"
                ),
                (
                    "allowed-listeners: [{port: 22, address: a}, {address: a, port: 22}]",
                    "allowed-listeners: {port: 22, address: a}"
                ),
                (
                    "privileged-accounts: [root, {subject: root}]", "privileged-accounts: root"
                ),
                (
                    "allowed-systems: [a, {name: b, minimum-version: 1}, {name: a}, b, "
                        + "{name: b, minimum-version: 1}]",
                    "allowed-systems: [a, {name: b, minimum-version: 1}, b]"
                ),
                (
                    "hosts: [h, g, h]\n    controls: [c, d, c]\n    allowed-users: []",
                    "hosts: [h, g]\n    controls: [c, d]\n    allowed-users: []"
                ),
            ])
        func whatIsInAListTwice(twice: String, once: String) throws {
            #expect(try rules(rule(twice)) == rules(rule(once)))
        }

        @Test(arguments: [
            ("", "rules.yaml: the file is empty"),
            ("# nothing", "rules.yaml: the file is empty"),
            ("rules: []", "rules.yaml:1:8: there are no rules"),
            (
                "- a",
                #"rules.yaml:1:1: the file is not a mapping of keys to values, such as "rules: …""#
            ),
            ("rules: x", #"rules.yaml:1:8: "rules" is not a list"#),
            (
                "rule:\n- a",
                """
                rules.yaml:1:1: "rules" is missing
                rules.yaml:1:1: the file has no key "rule"; did you mean "rules"?
                """
            ),
            (
                "rules:\n- a",
                #"rules.yaml:2:3: a rule is not a mapping of keys to values, such as "id: …""#
            ),
            (
                "rules:\n  - {}",
                """
                rules.yaml:2:5: "id" is missing
                rules.yaml:2:5: "sentence" is missing
                rules.yaml:2:5: "severity" is missing
                """
            ),
            (
                "rules:\n- a: 1\n   b: 2",
                "rules.yaml:3:5: invalid YAML: mapping values are not allowed in this context"
            ),
            (
                "rules: [",
                "rules.yaml:2:1: invalid YAML: did not find expected node content "
                    + "(while parsing a flow node)"
            ),
            (
                "rules: 'a\n",
                "rules.yaml:2:1: invalid YAML: found unexpected end of stream "
                    + "(while scanning a quoted scalar)"
            ),
            ("a: 1\na: 2", #"rules.yaml:1:1: duplicate key "a""#),
            (
                "a: é\nrules: \u{7}",
                "rules.yaml:2:8: invalid YAML: control characters are not allowed"
            ),
            (
                "--- {rules: []}\n--- {}",
                "rules.yaml:2:1: the file contains more than one YAML document"
            ),
            ("rules: *a", "rules.yaml:1:8: invalid YAML: found undefined alias"),
            (
                "rules:\n - &a [1]\n - *a",
                "rules.yaml:2:4: anchors and aliases are not supported; "
                    + #"write "\x26" for "&" before a letter"#
            ),
        ])
        func wrongFiles(text: String, message: String) {
            #expect(faults(Array(text.utf8)) == message)
        }

        @Test(arguments: [
            (
                "forbiden-processes: [x]",
                #"5:5: a rule has no key "forbiden-processes"; did you mean "forbidden-processes"?"#
            ),
            (
                "zzz: [x]",
                #"5:5: a rule has no key "zzz"; see the kinds of rules in the documentation"#
            ),
            (
                "hosts: x",
                #"2:5: the rule has no requirement, such as "forbidden-processes" or "allowed-users""#
            ),
            (
                "allowed-users: x\n    required-processes: y",
                #"2:5: the rule has "required-processes" and "allowed-users"; split it into one rule for each"#
            ),
            ("forbidden-processes: []", #"5:26: "forbidden-processes" is empty"#),
            ("forbidden-processes:", #"5:25: "forbidden-processes" is empty"#),
            ("forbidden-processes: [a, ~]", #"5:30: "forbidden-processes" is empty"#),
            ("forbidden-processes: [a, [b]]", #"5:30: "forbidden-processes" is not a string"#),
            (
                "forbidden-processes: {exect: b}",
                "5:26: \"exact\" is missing\nrules.yaml:5:27: an entry of \"forbidden-processes\" has no key \"exect\"; did you mean \"exact\"?"
            ),
            (
                "forbidden-processes: ['x', '[z-a]']",
                #"5:32: the pattern "[z-a]": the range z-a is the wrong way round"#
            ),
            (
                "required-processes: ['a[']",
                #"5:26: the pattern "a[": "[" has no "]"; "\[" is the character itself"#
            ),
            ("required-processes: []", #"5:25: "required-processes" is empty"#),
            (
                "hosts: [a, '\\']\n    allowed-users: x",
                #"5:16: the pattern "\": nothing follows the backslash at its end"#
            ),
            (
                "process-owners: [sshd]",
                #"5:21: "process-owners" is not a mapping of keys to values, such as "processes: …""#
            ),
            ("process-owners: {processes: sshd}", #"5:21: "owners" is missing"#),
            (
                "process-owners: {processes: a, owners: b, owner: c}",
                #"5:47: "process-owners" has no key "owner"; did you mean "owners"?"#
            ),
            (
                "allowed-users: {a: b}",
                #"5:21: an entry of "allowed-users" has no key "a"; the keys are "user" and "exact""#
            ),
            (
                "required-packages: {name: a, minimum-versoin: 1}",
                #"5:34: an entry of "required-packages" has no key "minimum-versoin"; did you mean "minimum-version"?"#
            ),
            (
                "forbidden-packages: {name: a, minimum-version: 2, older-than: 1.9}",
                "5:25: no version is from 2 on and before 1.9"
            ),
            (
                "forbidden-packages: [{older-than: 1}]",
                #"5:26: an entry of "forbidden-packages" needs "name", "type", "version", "arch", "source", "source_version" or "publisher""#
            ),
            (
                "forbidden-packages: [{name: a, exact: a}]",
                #"5:26: "exact" is the name; remove one of them"#
            ),
            (
                "forbidden-accounts: [{uid: [0]}]",
                #"5:32: "uid" is not a string"#
            ),
            (
                "forbidden-accounts: {usrname: a}",
                "5:26: an entry of \"forbidden-accounts\" has no key \"usrname\"; did you mean \"username\"?"
            ),
            ("forbidden-accounts: {is_enabled: no}", #"5:38: "is_enabled" is true or false"#),
            (
                "forbidden-listeners: {port: ssh}",
                #"5:33: "port" is a number or a pattern of one"#
            ),
            (
                "forbidden-listeners: {port: 0443}",
                #"5:33: "port" is a number or a pattern of one"#
            ),
            (
                "privileged-accounts: {uid: 0}",
                #"5:27: an entry of "privileged-accounts" has no key "uid"; the keys are "subject", "source", "rule" and "exact""#
            ),
            (
                "password-max-age: a year",
                #"5:23: "password-max-age" is not a number of days from 1 to 99999"#
            ),
            (
                "password-max-age: 0",
                #"5:23: "password-max-age" is not a number of days from 1 to 99999"#
            ),
            ("controls: [[a]]\n    allowed-users: x", #"5:16: "controls" is not a string"#),
            (
                "forbidden-packages: [{name: a, older-than: [1]}]",
                #"5:48: "older-than" is not a string"#
            ),
            (
                "allowed-users: {name: a, minimum-version: 1}",
                "5:21: an entry of \"allowed-users\" has no key \"name\"; the keys are \"user\" and \"exact\"\nrules.yaml:5:30: an entry of \"allowed-users\" has no key \"minimum-version\"; the keys are \"user\" and \"exact\""
            ),
            ("allowed-systems: Debian", #"5:22: "allowed-systems" is not a list"#),
            ("allowed-systems: []", #"5:22: "allowed-systems" is empty"#),
            (
                "allowed-systems: [{name: a, min-version: 1}]",
                #"5:33: a system has no key "min-version"; did you mean "minimum-version"?"#
            ),
            (
                "allowed-systems: [{minimum-version: [1]}]",
                "5:23: \"name\" is missing\nrules.yaml:5:41: \"minimum-version\" is not a string"
            ),
            ("? [a]\n    : b", "5:7: a key is not a string"),
        ])
        func wrongRules(lines: String, message: String) {
            #expect(faults(Array(rule(lines).utf8)) == "rules.yaml:\(message)")
        }

        @Test(arguments: [
            ("id: a b", #"2:9: "id" has characters other than letters, digits, "-", "_" and ".""#),
            ("id: [a]", #"2:9: "id" is not a string"#), ("id: ''", #"2:9: "id" is empty"#),
            ("severity: hihg", #"3:15: unknown severity "hihg"; did you mean "high"?"#),
            (
                "severity: 5",
                #"3:15: unknown severity "5"; use "info", "low", "medium", "high" or "critical""#
            ),
            ("severity:", #"3:14: "severity" is empty"#),
            ("sentence: {a: b}", #"4:15: "sentence" is not a string"#),
        ])
        func wrongMembers(line: String, message: String) {
            let key = line.prefix { $0 != ":" }
            let lines = rule("allowed-users: x").split(separator: "\n").map { right in
                right.contains("\(key):") ? right.prefix(4) + line : right
            }
            #expect(faults(Array(lines.joined(separator: "\n").utf8)) == "rules.yaml:\(message)")
        }

        @Test func anIDIsThereOnce() {
            let text = rule("allowed-users: x") + rule("allowed-users: y").dropFirst(7)
            #expect(
                faults(Array(text.utf8))
                    == #"rules.yaml:6:9: duplicate rule id "a"; it is already used in line 2"#)
        }

        @Test func allFaultsAreNamedInTheirOrder() {
            let text = "rules:\n- {id: a, severity: x, sentence: ''}\n- {idd: b}\n- c\n"
            #expect(
                faults(Array(text.utf8))
                    == """
                    rules.yaml:2:21: unknown severity "x"; use "info", "low", "medium", "high" or "critical"
                    rules.yaml:2:34: "sentence" is empty
                    rules.yaml:3:3: "id" is missing
                    rules.yaml:3:3: "sentence" is missing
                    rules.yaml:3:3: "severity" is missing
                    rules.yaml:3:4: a rule has no key "idd"; did you mean "id"?
                    rules.yaml:4:3: a rule is not a mapping of keys to values, such as "id: …"
                    """)
        }

        @Test func bytesThatAreNoText() {
            #expect(faults([0x72, 0xFF]) == "rules.yaml: the file is not UTF-8")
            let long = Array(repeating: UInt8(ascii: "#"), count: 1 << 20)
            #expect(faults(long) == "rules.yaml: the file is empty")
            #expect(faults(long + [35]) == "rules.yaml: the file exceeds 1 MiB")
        }

        /// Expanding any of these would take forever or exhaust the memory.
        @Test(arguments: [
            String(repeating: "[", count: 1 << 19),
            String(repeating: "- ", count: 1 << 18),
            String(repeating: "{a: ", count: 1 << 17),
            "a: &a [x, x]\n"
                + (0..<40).map { "b\($0): &b\($0) [*a, *a]\n? *a\n: 1\n" }.joined(),
            "\"\": !!map &a {}\n", "\"a\":&a 1", "[&a]", "{&a : *a}", "a:\n\t&a 1", "? &a b",
        ])
        func traps(text: String) {
            #expect(faults(Array(text.utf8)).hasPrefix("rules.yaml:"))
        }

        @Test func theFileOfControlsIsAccepted() throws {
            let path = fixtures.appending("rules/controls.yaml")
            let rules = try RulesFile(OpenFile(reading: path)).rules
            #expect(rules.count >= 24)
            #expect(rules.allSatisfy { !$0.controls.isEmpty })
            #expect(rules[0].controls == ["NIST AC-6", "CIS 5.4.2.1", "PCI DSS 7.2.1"])
        }

        @Test func theExampleIsAccepted() throws {
            let path = fixtures.appending("rules/example.yaml")
            let rules = try RulesFile(OpenFile(reading: path)).rules
            #expect(rules.count == 12)
            #expect(Set(rules.map(\.severity)).isSuperset(of: [.low, .medium, .high, .critical]))
        }
    }
#endif
