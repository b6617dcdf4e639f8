#if Rules
    import Query
    import Records
    import Rules
    import Testing

    @Suite struct CheckingTests {
        private func host(
            system: String = "Debian GNU/Linux", version: String? = "12",
            hidesProcesses: Bool = false
        ) -> ObservedHost {
            ObservedHost(
                executionID: 7, serverID: 3, hostID: "h-3", hostname: "web-01", ip: "192.0.2.3",
                date: "2026-11-23 05:13:11", system: system, systemVersion: version,
                hidesProcesses: hidesProcesses)
        }

        private func rule(_ requirement: String, hosts: String? = nil) throws -> Rule {
            let hosts = hosts.map { ", hosts: \($0)" } ?? ""
            let text =
                "rules:\n- {id: r, severity: low, sentence: S\(hosts), \(requirement)}\n"
            return try RulesFile(Array(text.utf8), path: "r").rules[0]
        }

        private let processes = [
            Observation.Process(pid: 1, name: "systemd", owner: "root"),
            Observation.Process(pid: 20, name: "sshd", owner: "root"),
            Observation.Process(pid: 21, name: "sshd", owner: "mallory"),
            Observation.Process(pid: 22, name: "sshd", owner: nil),
            Observation.Process(pid: 30, name: "[x]", owner: nil),
        ]

        private let packages = [
            ["bash", "deb", "5.2.15-2+b7", "amd64", nil, nil, nil],
            ["openssl", "deb", "3.0.9-1", "amd64", nil, nil, nil],
            ["openssl", "apk", "3.0.9-r10", nil, nil, nil, nil],
            ["xz-utils", "rpm", nil, "x86_64", nil, nil, nil],
        ].map { ListedItem($0) }

        @Test(
            arguments: [
                ("forbidden-packages: telnetd", []), ("forbidden-packages: deb", []),
                (
                    "forbidden-packages: 'open*'",
                    [
                        .violated("openssl deb 3.0.9-1 amd64 is installed"),
                        .violated("openssl apk 3.0.9-r10 is installed"),
                    ]
                ),
                // Compared as each system does.
                (
                    "forbidden-packages: {name: openssl, older-than: 3.0.9-r2}",
                    [.violated("openssl deb 3.0.9-1 amd64 is installed")]
                ),
                ("forbidden-packages: {name: openssl, older-than: 3.0.9-1~deb12u1}", []),
                (
                    "forbidden-packages: {name: xz-utils, minimum-version: 5.6.0, older-than: 5.6.2}",
                    [.notChecked("the version of xz-utils rpm x86_64 is unknown")]
                ),
                ("required-packages: [bash, [auditd, {name: bash, minimum-version: '5.2'}]]", []),
                (
                    "required-packages: [auditd, {exact: bash}, ['a*', zsh]]",
                    [.violated("auditd is not installed"), .violated("a* or zsh is not installed")]
                ),
                (
                    "required-packages: {name: bash, minimum-version: 5.2.15-3}",
                    [
                        .violated(
                            "bash deb 5.2.15-2+b7 amd64 is installed, not bash from 5.2.15-3 on")
                    ]
                ),
                (
                    "required-packages: {name: 'xz*', minimum-version: '1'}",
                    [.notChecked("the version of xz-utils rpm x86_64 is unknown")]
                ),
                (
                    "allowed-packages: [bash, {name: openssl, minimum-version: 3.0.9-2}, 'xz*']",
                    [.violated("openssl deb 3.0.9-1 amd64 is installed")]
                ),
            ] as [(String, [Finding])])
        func packages(requirement: String, findings: [Finding]) throws {
            var observation = Observation(host: host())
            #expect(
                try rule(requirement).findings(in: observation)
                    == [.notChecked("packages are unknown")])
            observation.lists[ListedKind.packages.index] = ObservedList(packages)
            #expect(try rule(requirement).findings(in: observation) == findings)
        }

        /// What was seen of an incomplete list may break a rule; what was not seen is unknown.
        @Test(
            arguments: [
                (
                    "forbidden-packages: bash",
                    [
                        .violated("bash deb 5.2.15-2+b7 amd64 is installed"),
                        .notChecked("some packages are unknown"),
                    ]
                ),
                ("forbidden-packages: telnetd", [.notChecked("some packages are unknown")]),
                (
                    "allowed-packages: [bash, openssl]",
                    [
                        .violated("xz-utils rpm x86_64 is installed"),
                        .notChecked("some packages are unknown"),
                    ]
                ),
                ("required-packages: bash", []),
                (
                    "required-packages: [bash, auditd]",
                    [.notChecked("auditd was not found, but some packages are unknown")]
                ),
            ] as [(String, [Finding])])
        func somePackages(requirement: String, findings: [Finding]) throws {
            var observation = Observation(host: host())
            observation.lists[ListedKind.packages.index] = ObservedList(
                packages, isComplete: false)
            #expect(try rule(requirement).findings(in: observation) == findings)
        }

        @Test(
            arguments: [
                ("forbidden-processes: [xmrig]", []),
                ("forbidden-processes: [ssh]", []),
                (
                    "forbidden-processes: ['sys*', {exact: '[x]'}]",
                    [
                        .violated("systemd (PID 1, owner root)"),
                        .violated("[x] (PID 30, owner unknown)"),
                    ]
                ),
                ("required-processes: [systemd, [auditd, 'ssh?']]", []),
                (
                    "required-processes: [auditd, systemd, ['a*', b]]",
                    [.violated("auditd is not running"), .violated("a* or b is not running")]
                ),
                (
                    "process-owners: {processes: sshd, owners: root}",
                    [
                        .violated("sshd (PID 21, owner mallory)"),
                        .notChecked("sshd (PID 22, owner unknown)"),
                    ]
                ),
                ("process-owners: {processes: nginx, owners: root}", []),
            ] as [(String, [Finding])])
        func processes(requirement: String, findings: [Finding]) throws {
            let observation = Observation(host: host(), processes: processes)
            #expect(try rule(requirement).findings(in: observation) == findings)
        }

        @Test(arguments: [
            "forbidden-processes: x", "required-processes: x",
            "process-owners: {processes: x, owners: y}",
        ])
        func processesThatAreNotKnown(requirement: String) throws {
            let rule = try rule(requirement)
            #expect(
                rule.findings(in: Observation(host: host()))
                    == [.notChecked("processes are unknown")])
            // None at all are known.
            let none = Observation(host: host(), processes: [])
            #expect(
                rule.findings(in: none)
                    == (requirement.hasPrefix("required") ? [.violated("x is not running")] : []))
        }

        @Test func whatHidesMayBeWhatIsRequired() throws {
            let observation = Observation(host: host(hidesProcesses: true), processes: processes)
            #expect(
                try rule("required-processes: [auditd, sshd]").findings(in: observation)
                    == [.notChecked("auditd was not found, but some processes are hidden")])
        }

        private func observation(users: [String]?) -> Observation {
            var observation = Observation(host: host())
            observation.lists[ListedKind.users.index] = users.map {
                ObservedList($0.map { ListedItem([$0]) })
            }
            return observation
        }

        @Test(
            arguments: [
                (
                    "allowed-users: [root, 'adm-*']",
                    [.violated("anna is logged in"), .violated("rootx is logged in")]
                ),
                ("allowed-users: '*'", []),
                (
                    "forbidden-users: 'root*'",
                    [
                        .violated("root is logged in"), .violated("rootx is logged in"),
                    ]
                ),
                ("forbidden-users: ro", []),
                ("required-users: [adm-1, [x, anna]]", []),
                (
                    "required-users: [[x, y], root, z]",
                    [
                        .violated("x or y is not logged in"), .violated("z is not logged in"),
                    ]
                ),
            ] as [(String, [Finding])])
        func users(requirement: String, findings: [Finding]) throws {
            let rule = try rule(requirement)
            let all = observation(users: ["adm-1", "anna", "root", "rootx"])
            #expect(rule.findings(in: all) == findings)
            #expect(
                rule.findings(in: observation(users: nil)) == [.notChecked("users are unknown")])
            let isViolatedByNone = rule.findings(in: observation(users: [])) != []
            #expect(isViolatedByNone == requirement.hasPrefix("required"))
        }

        @Test(
            arguments: [
                ("Debian GNU/Linux", "12", nil), ("Debian GNU/Linux", "13.1", nil),
                ("Debian GNU/Linux", "9", .violated("Debian GNU/Linux 9 is older than 12")),
                (
                    "Debian GNU/Linux", nil,
                    .notChecked("the version of Debian GNU/Linux is unknown")
                ),
                ("Debian Hurd", "1", .violated("Debian Hurd 1 is older than 12")),
                ("Ubuntu", "22.04", nil),
                ("Ubuntu", "9.10", .violated("Ubuntu 9.10 is older than 22.04")),
                ("Arch Linux", nil, nil), ("Plan 9", nil, .violated("Plan 9 is not allowed")),
                ("Plan 9", "4", .violated("Plan 9 4 is not allowed")),
            ] as [(String, String?, Finding?)])
        func systems(name: String, version: String?, finding: Finding?) throws {
            let rule = try rule(
                """
                allowed-systems: [{name: 'Debian*', minimum-version: 12}, 'Debian Hurd', \
                {name: Ubuntu, minimum-version: '22.04'}, Arch*]
                """)
            let observation = Observation(host: host(system: name, version: version))
            #expect(rule.findings(in: observation) == (finding.map { [$0] } ?? []))
        }

        @Test(
            arguments: [
                (nil, true), ("web-*", true), ("h-3", true), ("192.0.2.*", true), ("10.*", true),
                ("db-*", false), ("[db-*, '*-01']", true), ("'*'", true), ("WEB-*", false),
                ("2001*", false),
            ] as [(String?, Bool)])
        func hosts(pattern: String?, isFor: Bool) throws {
            let observation = Observation(host: host(), addresses: ["192.0.2.3", "10.1.2.3"])
            #expect(try rule("allowed-users: x", hosts: pattern).isFor(observation) == isFor)
        }

        @Test func aHostMayHaveNoNames() throws {
            var host = host()
            host.hostname = nil
            host.ip = nil
            let all = try rule("allowed-users: x", hosts: "'*'")
            #expect(all.isFor(Observation(host: host)))
            #expect(try !rule("allowed-users: x", hosts: "web-*").isFor(Observation(host: host)))
        }
    }
#endif
