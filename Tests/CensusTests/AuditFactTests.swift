import Foundation
import SystemPackage
import TestSupport
import Testing

/// Accounts, privileges, keys, listeners, updates and hardware, from snapshots to reports,
/// comparisons and rules.
@Suite struct AuditFactTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func census(_ arguments: String...) throws -> RunResult {
        try run(TestSupport.census, arguments, in: directory.path)
    }

    private static let account = #"{"record":"account","username":"#
    private static let sources = [
        "package dpkg var/lib/dpkg/status", "account passwd etc/passwd",
        "privilege sudoers etc/sudoers", "authorized_key sshd root/.ssh/authorized_keys",
        "ssh_host_key sshd etc/ssh/ssh_host_ed25519_key.pub", "listening_port proc proc/net/tcp",
        "patch cbs HKLM",
    ]

    /// A snapshot that says all of the system, with these lines behind it.
    private func write(
        _ number: Int, _ host: String, day: Int, hardware: String = "", system: String? = nil,
        sources: [String] = AuditFactTests.sources, _ lines: [String], processes: [String] = [],
        users: [String] = []
    ) throws {
        var text = SnapshotText(
            id: uuid(number), takenAt: "2026-01-0\(day)T00:00:00Z", hostID: host, hostname: host,
            ip: "192.0.2.\(number)",
            processes: processes.enumerated().map { process($0.offset + 1, $0.element) },
            users: users.map(login))
        text.lines[1].removeLast()
        text.lines[1] += hardware + "}"
        if let system { text.lines[2] = system }
        let list = sources.map { "\"\($0)\"" }.joined(separator: ",")
        text.lines.insert(
            #"{"record":"collection","processes_hidden":false,"session_source":"utmp","sources":[\#(list)]}"#,
            at: 4)
        text.lines += lines
        try directory.write(text.bytes, to: "in/\(number).jsonl")
    }

    private static let before = [
        account
            + #""root","uid":0,"gid":0,"description":"Administrator","home":"/root","shell":"/bin/bash","groups":["root","sudo"],"is_enabled":true,"password_status":"set","hash_alg":"yescrypt","last_change":1767139200,"min":0,"max":365,"never_expires":false,"warning":7,"last_login":1767225600}"#,
        account
            + #""toor","uid":0,"gid":0,"is_enabled":true,"password_status":"empty"}"#,
        account
            + #""old","uid":1001,"gid":1001,"is_enabled":true,"password_status":"set","max":99999,"never_expires":true,"expire":-86400}"#,
        #"{"record":"privilege","subject":"%sudo","source":"/etc/sudoers","rule":"ALL=(ALL:ALL) ALL"}"#,
        #"{"record":"authorized_key","fingerprint":"SHA256:abc","username":"root","algorithm":"ssh-ed25519","options":"from=\"10.0.0.1\"","comment":"=a@b","path":"/root/.ssh/authorized_keys"}"#,
        #"{"record":"ssh_host_key","algorithm":"ssh-ed25519","fingerprint":"SHA256:host1"}"#,
        #"{"record":"listening_port","port":22,"protocol":"tcp","family":"ipv4","address":"0.0.0.0","pid":77,"process":"sshd","path":"/usr/sbin/sshd","package":"openssh-server"}"#,
        #"{"record":"listening_port","port":25,"protocol":"tcp","family":"ipv4","address":"127.0.0.1"}"#,
    ]
    private static let after =
        [
            before[0].replacing("1767225600", with: "1767300000")
                .replacing(#""sudo"]"#, with: #""adm"]"#),
            before[2], before[5].replacing("host1", with: "host2"),
            before[6].replacing(#""pid":77"#, with: #""pid":99"#)
                .replacing("openssh-server", with: "dropbear-bin"),
            #"{"record":"listening_port","port":80,"protocol":"tcp","family":"ipv6","address":"::","interface":"eth0","process":"nginx"}"#,
        ] + [before[3].replacing(" ALL\"", with: " NOPASSWD: ALL\""), before[4]]

    private static let hardware =
        #","virtualization":"none","uuid":"4c4c4544-0042-4410-8031-b4c04f303732","hardware_vendor":"Dell Inc.","hardware_model":"PowerEdge R740","hardware_serial":"4BD1072","physical_memory":16700000000,"interfaces":["eno1 00:11:22:33:44:55","eno2 00:11:22:33:44:56"]"#

    private func fill(_ engine: Engine) throws -> NamedDatabase {
        try write(1, "a", day: 1, hardware: Self.hardware, Self.before)
        try write(2, "a", day: 2, hardware: Self.hardware, Self.after)
        try write(
            3, "w", day: 2,
            [
                #"{"record":"patch","hotfix_id":"KB5034441","description":"Security Update","installed_on":1767139200}"#,
                #"{"record":"patch","hotfix_id":"KB1"}"#,
            ])
        try write(4, "none", day: 2, sources: [], [])
        let database = try engine.emptyDatabase(in: directory)
        let ingest = try census("ingest", "--quiet", "in", "--db", database.name)
        #expect((ingest.status, ingest.error) == (0, ""))
        return database
    }

    private func csv(_ arguments: [String], _ database: NamedDatabase) throws -> [String] {
        let result = try run(
            TestSupport.census, arguments + ["--format", "csv", "--db", database.name],
            in: directory.path)
        return result.output.split(separator: "\r\n").dropFirst().map(String.init)
    }

    /// A fact that `census diff` compares is in the sheet of its host, in a row of its own if in no other.
    @Test(arguments: Engine.allCases) func comparedFactsAreInTheSheet(_ engine: Engine) throws {
        let database = try fill(engine)
        let sheet = try run(
            TestSupport.census, ["show", "a", "--db", database.name], in: directory.path
        ).output
        let rows = [
            ("Interfaces", "eno1 00:11:22:33:44:55, eno2 00:11:22:33:44:56"),
            (
                "Hardware",
                "Dell Inc. PowerEdge R740, serial 4BD1072, UUID 4c4c4544-0042-4410-8031-b4c04f303732"
            ), ("Virtualization", "none"),
        ]
        for (label, value) in rows {
            let words = sheet.split(separator: "\n").filter { $0.contains(label) }
                .map { $0.split(separator: " ") }
            #expect(words.contains([Substring(label)] + value.split(separator: " ")), "\(sheet)")
        }
    }

    @Test(arguments: Engine.allCases) func reports(_ engine: Engine) throws {
        let database = try fill(engine)
        func report(_ name: String) throws -> [String] {
            try csv(["report", name, "--until", "2026-01-01"], database)
                .map { $0.replacing("1,a,192.0.2.1,2026-01-01 00:00:00,", with: "") }
        }
        #expect(
            try report("accounts") == [
                "old,1001,1001,,,,,,1,set,,,99999,1,1969-12-31 00:00:00,",
                "root,0,0,,Administrator,/root,/bin/bash,\"root, sudo\",1,set,yescrypt,2025-12-31 00:00:00,365,0,,2026-01-01 00:00:00",
                "toor,0,0,,,,,,1,empty,,,,,,",
            ])
        #expect(try report("root-accounts") == ["toor,0,,1,empty,"])
        #expect(
            try report("weak-passwords") == ["old,1,set,,99999,1,", "toor,1,empty,,,,"])
        #expect(try report("privileges") == ["%sudo,/etc/sudoers,ALL=(ALL:ALL) ALL"])
        #expect(
            try report("keys") == [
                "root,ssh-ed25519,SHA256:abc,\"from=\"\"10.0.0.1\"\"\",'=a@b,/root/.ssh/authorized_keys"
            ])
        #expect(try report("host-keys") == ["ssh-ed25519,SHA256:host1"])
        #expect(
            try report("listening") == [
                "tcp,ipv4,0.0.0.0,22,,sshd,/usr/sbin/sshd,openssh-server",
                "tcp,ipv4,127.0.0.1,25,,,,",
            ])
        #expect(
            try report("open-ports") == ["tcp,ipv4,22,,sshd,/usr/sbin/sshd,openssh-server"])
        #expect(
            try report("hardware") == [
                "Dell Inc.,PowerEdge R740,4BD1072,4c4c4544-0042-4410-8031-b4c04f303732,none,Intel(R) N100,,16700000000,\"eno1 00:11:22:33:44:55, eno2 00:11:22:33:44:56\""
            ])
        #expect(
            try csv(["report", "patches"], database) == [
                "2,w,192.0.2.3,2026-01-02 00:00:00,KB1,,",
                "2,w,192.0.2.3,2026-01-02 00:00:00,KB5034441,Security Update,2025-12-31 00:00:00",
            ])
    }

    /// The time of the last login, the PID of a listener and the like are no change.
    @Test(arguments: Engine.allCases) func differences(_ engine: Engine) throws {
        let database = try fill(engine)
        let changes = try csv(["diff", "--host", "a"], database)
        #expect(
            changes == [
                "changed,ip,,,192.0.2.1,192.0.2.2,,",
                "changed,account groups,root,,\"root, sudo\",\"adm, root\",,",
                "gone,account,toor,,0 0 1 empty,,,",
                "gone,privilege,%sudo /etc/sudoers ALL=(ALL:ALL) ALL,,,,,",
                "appeared,privilege,%sudo /etc/sudoers ALL=(ALL:ALL) NOPASSWD: ALL,,,,,",
                "changed,ssh_host_key fingerprint,ssh-ed25519,,SHA256:host1,SHA256:host2,,",
                "changed,listening_port package,22 tcp ipv4 0.0.0.0,,openssh-server,dropbear-bin,,",
                "gone,listening_port,25 tcp ipv4 127.0.0.1,,,,,",
                "appeared,listening_port,80 tcp ipv6 :: eth0,,,nginx,,",
            ])
    }

    /// A page has the lists that the database has, of the newest executions.
    @Test(arguments: Engine.allCases) func page(_ engine: Engine) throws {
        let database = try fill(engine)
        let result = try census(
            "report", "--format", "html", "-o", "-", "--db", database.name)
        #expect(result.status == 0)
        let sections = result.output.matches(of: /<section id="([a-z_0-9]+)"/).map {
            String($0.1)
        }
        #expect(
            sections == [
                "case", "host", "findings", "pictures", "servers", "changes", "test_1", "test_2",
                "test_3", "test_4", "test_5", "accounts", "listening", "evidence",
            ])
        // Without the views of hosts, which have what has changed and what is unknown.
        let tables = result.output.replacing(
            /(?s)<script type="application\/json"[^>]*>.*?<\/script>/, with: "")
        #expect(tables.contains("nginx"))
        #expect(!tables.contains("toor"))  // of the older execution
        #expect(!tables.contains("Packages"))
        #expect(tables.contains("Listeners"))
        // The host of no sources, of which nothing is known.
        for list in ["Accounts", "Listeners"] {
            #expect(
                result.output.contains(
                    "</h2>\n<p class=\"note\">\(list) are unknown on 1 server.</p>\n"))
        }
        let known = try census(
            "report", "--format", "html", "-o", "-", "--host", "a", "--db", database.name)
        #expect(known.output.contains("nginx") && !known.output.contains("unknown on"))
    }

    /// What a collector did not look for is no empty list.
    @Test(arguments: Engine.allCases) func unknownIsNotEmpty(_ engine: Engine) throws {
        let database = try fill(engine)
        try directory.write(
            Array(
                """
                rules:
                - {id: accounts, severity: low, sentence: A, forbidden-accounts: '*'}
                - {id: listeners, severity: low, sentence: L, allowed-listeners: []}
                """.utf8), to: "rules.yaml")
        let rows = try csv(["check", "--rules", "rules.yaml"], database)
        #expect(
            rows.filter { $0.contains(",none,") }.map { $0.split(separator: ",")[2] }
                == ["not checked", "not checked"])
        #expect(rows.filter { $0.contains(",w,") } == [])
        #expect(rows.count { $0.contains(",a,") && $0.contains("violated") } == 4)
    }

    /// A host that violates every rule of the file, and one that violates none.
    @Test(arguments: Engine.allCases) func theFileOfControls(_ engine: Engine) throws {
        let set = #","is_enabled":true,"password_status":"set","max":90,"last_change":1767139200"#
        let bad =
            [
                Self.account + #""root2","uid":0\#(set)}"#,
                Self.account + #""e","is_enabled":true,"password_status":"empty"}"#,
                Self.account + #""f","hash_alg":"md5crypt"\#(set)}"#,
                Self.account
                    + #""svc-x","shell":"/bin/bash","is_enabled":true,"password_status":"locked"}"#,
                Self.account + #""guest"\#(set)}"#,
                Self.account
                    + #""n","is_enabled":true,"password_status":"set","never_expires":true}"#,
                #"{"record":"privilege","subject":"mallory","source":"/etc/sudoers","rule":"ALL=NOPASSWD: ALL"}"#,
                #"{"record":"privilege","subject":"W\\Guest","source":"group","rule":"Administrators"}"#,
                #"{"record":"authorized_key","fingerprint":"SHA256:abc","username":"root","algorithm":"ssh-dss"}"#,
                #"{"record":"ssh_host_key","algorithm":"ssh-dss","fingerprint":"SHA256:host1"}"#,
            ]
            + [23, 3306, 5901].map {
                #"{"record":"listening_port","port":\#($0),"protocol":"tcp","family":"ipv4","address":"0.0.0.0"}"#
            }
            + [
                ("telnet", "1"), ("telnetd", "1"), ("gcc-12", "12"),
                ("openssh-server", "1:9.2p1-2+deb12u1"), ("xz-utils", "5.6.1-1"),
            ].map { package($0, $1) }
        let good =
            [
                Self.account + #""root","uid":0,"hash_alg":"yescrypt"\#(set)}"#,
                #"{"record":"privilege","subject":"adm-anna","source":"/etc/sudoers","rule":"ALL=(ALL) ALL"}"#,
                #"{"record":"authorized_key","fingerprint":"SHA256:abc","username":"adm-anna","algorithm":"ssh-ed25519"}"#,
                #"{"record":"ssh_host_key","algorithm":"ssh-ed25519","fingerprint":"SHA256:host2"}"#,
                #"{"record":"listening_port","port":22,"protocol":"tcp","family":"ipv4","address":"0.0.0.0","process":"sshd"}"#,
                #"{"record":"listening_port","port":25,"protocol":"tcp","family":"ipv4","address":"127.0.0.1"}"#,
            ]
            + [("auditd", "1"), ("aide", "1"), ("openssh-server", "1:9.2p1-2+deb12u5")]
            .map { package($0, $1) }
        try write(
            1, "web-01", day: 1,
            system: #"{"record":"os_version","name":"Debian GNU/Linux","version":"9"}"#, bad,
            processes: ["teamviewerd"])
        try write(2, "web-02", day: 1, good, processes: ["chronyd"])
        let database = try engine.emptyDatabase(in: directory)
        #expect(try census("ingest", "--quiet", "in", "--db", database.name).status == 0)
        let file = fixtures.appending("rules/controls.yaml").string
        let rows = try csv(["check", "--rules", file], database)
        let rules = try String(decoding: contents(of: FilePath(file)), as: UTF8.self)
            .matches(of: #/\n  - id: ([-a-z0-9]+)\n/#).map { String($0.1) }
        #expect(rules.count >= 24)
        let violations = rows.filter { $0.contains("violated") }
        #expect(Set(violations.map { String($0.prefix { $0 != "," }) }) == Set(rules))
        #expect(rows.filter { $0.contains("web-02") } == [])
        // Every output has the controls.
        #expect(rows.allSatisfy { $0.contains("NIST ") })
        let json = try census("check", "--rules", file, "--format", "json", "--db", database.name)
        #expect(json.output.contains(#""Controls": "NIST AC-6, CIS 5.4.2.1, PCI DSS 7.2.1""#))
        let junit = try census(
            "check", "--rules", file, "--format", "junit", "--db", database.name)
        #expect(junit.output.contains(#"<property name="control" value="CIS 5.4.2.1"/>"#))
        let sarif = try census(
            "check", "--rules", file, "--format", "sarif", "--db", database.name)
        let log = try #require(
            JSONSerialization.jsonObject(with: Data(sarif.outputBytes)) as? [String: Any])
        let runs = try #require(log["runs"] as? [[String: Any]])
        let driver = try #require((runs[0]["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let first = try #require((driver["rules"] as? [[String: Any]])?.first)
        #expect(
            (first["properties"] as? [String: Any])?["tags"] as? [String]
                == ["NIST AC-6", "CIS 5.4.2.1", "PCI DSS 7.2.1"])
    }
}
