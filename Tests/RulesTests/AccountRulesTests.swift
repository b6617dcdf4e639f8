#if Rules
    import Query
    import Records
    import Rules
    import TestSupport
    import Testing

    /// Rules about the values of items, and about passwords.
    @Suite struct AccountRulesTests {
        private func findings(
            _ requirement: String, _ kind: ListedKind, _ items: [[String: String]]
        ) throws -> [String] {
            let text = "rules:\n- {id: r, severity: low, sentence: S, \(requirement)}\n"
            let rule = try RulesFile(Array(text.utf8), path: "r").rules[0]
            var observation = Observation(
                host: ObservedHost(
                    executionID: 7, serverID: 3, hostID: "h-3", hostname: "web-01",
                    ip: "192.0.2.3", date: "2026-11-23 05:13:11", system: "Debian GNU/Linux",
                    systemVersion: "12"))
            observation.lists[kind.index] = ObservedList(
                items.map { item in ListedItem(kind.columns.map { item[$0.key] }) })
            return rule.findings(in: observation).map { "\($0.verdict.rawValue): \($0.what)" }
        }

        private func kind(_ record: String) -> ListedKind {
            ListedKind.all.first { $0.record == record }!
        }

        private let ports: [[String: String]] = [
            [
                "port": "22", "protocol": "tcp", "family": "ipv4", "address": "0.0.0.0",
                "process": "sshd", "package": "openssh-server",
            ],
            ["port": "22", "protocol": "tcp", "family": "ipv6", "address": "::"],
            ["port": "5901", "protocol": "tcp", "family": "ipv4", "address": "127.0.0.1"],
        ]

        @Test(
            arguments: [
                ("forbidden-listeners: '590?'", ["violated: 5901 tcp ipv4 127.0.0.1 is listening"]),
                ("forbidden-listeners: {port: '590?', address: 0.0.0.0}", []),
                // What is known may decide, whatever is not.
                (
                    "forbidden-listeners: {process: 'sshd', port: '22'}",
                    [
                        "violated: 22 tcp ipv4 0.0.0.0 (process sshd) is listening",
                        "not checked: the process of 22 tcp ipv6 :: is unknown",
                    ]
                ),
                (
                    "allowed-listeners: [{process: sshd}, {address: '127.*'}]",
                    ["not checked: the process of 22 tcp ipv6 :: is unknown"]
                ),
                (
                    "allowed-listeners: [{package: 'openssh-*'}, {address: '127.*'}]",
                    ["not checked: the package of 22 tcp ipv6 :: is unknown"]
                ),
                (
                    "allowed-listeners: [{port: 22, package: dropbear-bin}, {port: 5901}]",
                    [
                        "violated: 22 tcp ipv4 0.0.0.0 (package openssh-server) is listening",
                        "not checked: the package of 22 tcp ipv6 :: is unknown",
                    ]
                ),
                ("allowed-listeners: ['22', {exact: '5901', protocol: tcp}]", []),
                (
                    "required-listeners: ['443', '443', ['80', '8080'], ['8080', '80', '80']]",
                    [
                        "violated: 443 is not listening",
                        "violated: 80 or 8080 is not listening",
                    ]
                ),
                (
                    "required-listeners: [{port: 443, process: nginx}]",
                    ["violated: 443 with process nginx is not listening"]
                ),
            ] as [(String, [String])])
        func listeners(requirement: String, expected: [String]) throws {
            #expect(try findings(requirement, kind("listening_port"), ports) == expected)
        }

        @Test(
            arguments: [
                (
                    ["password_status": "set", "max": "90", "last_change": "2026-11-01 00:00:00"],
                    nil
                ),
                (
                    ["password_status": "set", "max": "90"],
                    "not checked: when the password of anna was changed is unknown"
                ),
                (
                    ["password_status": "set", "max": "90", "last_change": "1970-01-01 00:00:00"],
                    nil
                ),
                (
                    ["password_status": "set", "max": "90", "last_change": "2100-01-01 00:00:00"],
                    "violated: the password of anna was last changed on 2100-01-01, in the future"
                ),
                (
                    ["password_status": "locked", "is_enabled": "1", "never_expires": "1"],
                    "violated: the password of anna never expires"
                ),
                (["password_status": "locked"], nil), (["password_status": "none"], nil),
                (["password_status": "empty", "is_enabled": "0"], nil),
                (["password_status": "empty"], "violated: anna needs no password"),
                (["is_enabled": "1"], "not checked: the password of anna is unknown"),
                (
                    ["password_status": "set"],
                    "not checked: when the password of anna expires is unknown"
                ),
                (
                    ["password_status": "set", "max": "99999", "never_expires": "1"],
                    "violated: the password of anna never expires"
                ),
                (
                    ["password_status": "set", "max": "91"],
                    "violated: the password of anna expires after 91 days only"
                ),
                // Of the day of the snapshot, not of today.
                (
                    ["password_status": "set", "max": "90", "last_change": "2026-08-25 00:00:00"],
                    nil
                ),
                (
                    ["password_status": "set", "max": "90", "last_change": "2026-08-24 23:59:59"],
                    "violated: the password of anna was last changed on 2026-08-24"
                ),
            ] as [([String: String], String?)])
        func passwords(account: [String: String], expected: String?) throws {
            let account = account.merging(["username": "anna"]) { $1 }
            #expect(
                try findings("password-max-age: 90", .accounts, [account])
                    == [expected].compactMap(\.self))
        }

        @Test func privilegedAccountsAreAllowedPrivileges() throws {
            let items = ["root", "%sudo", "mallory"].map {
                ["subject": $0, "source": "/etc/sudoers", "rule": "ALL=(ALL) ALL"]
            }
            for key in ["privileged-accounts", "allowed-privileges"] {
                #expect(
                    try findings("\(key): [root, '%sudo']", kind("privilege"), items)
                        == ["violated: mallory /etc/sudoers ALL=(ALL) ALL is granted"])
            }
        }

        @Test func booleansAreWords() throws {
            let items = [
                ["username": "guest", "is_enabled": "1"], ["username": "gast", "is_enabled": "0"],
            ]
            #expect(
                try findings(
                    "forbidden-accounts: {username: 'g*', is_enabled: true}", .accounts, items)
                    == ["violated: guest (is_enabled true) is present"])
        }
    }
#endif
