import SystemPackage
import TestSupport
import Testing

/// Packages, accounts, keys, listeners and hardware of a fleet: exactly what is planted in them is
/// found, on SQLite and on a server.
@Suite struct PlantedListsTests {
    private static let fleet = try! LoadedFleet(withLists: true)

    private func census(_ arguments: String...) throws -> RunResult {
        try Self.fleet.census(arguments)
    }

    private func rows(_ arguments: String...) throws -> [String] {
        try Self.fleet.census(arguments + ["--format", "csv"]).output.split(separator: "\r\n")
            .dropFirst().map(String.init)
    }

    private static let last = "2026-10-15 06:00:00"

    /// Hosts by their plants; those of `PlantedFleetTests` have theirs as well.
    @Test func whatChangedOnEachHost() throws {
        let result = try census("diff", "--format", "csv")
        #expect(result.status == 1)
        let header = result.output.prefix { $0 != "\r\n" }
        #expect(
            header.hasSuffix(
                "Changes,Processes_appeared,Processes_gone,Processes_restarted,Users,Packages,"
                    + "Accounts,Privileges,Keys,Host_keys,Listeners,Facts"))
        func line(_ host: Int, _ counts: String) -> String {
            "\(host + 1),2026-09-15 06:00:00,\(Self.last),\(counts)"
        }
        #expect(
            try rows("diff").map { row in
                let fields = row.split(separator: ",", omittingEmptySubsequences: false)
                return (fields[..<1] + fields[3...]).joined(separator: ",")
            } == [
                line(65, "4,0,0,0,0,0,0,0,0,0,0,4"), line(120, "2,0,0,0,0,0,0,0,0,0,0,2"),
                line(17, "1,1,0,0,0,0,0,0,0,0,0,0"), line(42, "1,0,0,0,1,0,0,0,0,0,0,0"),
            ] + (50..<54).map { line($0, "1,0,0,0,0,1,0,0,0,0,0,0") }
                + (54..<58).map { line($0, "1,0,0,0,0,0,1,0,0,0,0,0") } + [
                    line(58, "1,0,0,0,0,0,0,1,0,0,0,0"), line(59, "1,0,0,0,0,0,0,0,1,0,0,0"),
                    line(60, "1,0,0,0,0,0,0,0,0,1,0,0"),
                ] + (61..<64).map { line($0, "1,0,0,0,0,0,0,0,0,0,1,0") } + [
                    line(77, "1,0,0,0,0,0,0,0,0,0,0,1"), line(88, "1,0,0,0,0,0,0,0,0,0,0,1"),
                    line(23, "0,0,0,1,0,0,0,0,0,0,0,0"),
                ])
        #expect(
            result.error == """
                1 execution dated after the file was loaded; such executions are compared only with each other (see census coverage)
                21 hosts of 200 changed, 1 with incomplete data

                """)
    }

    private static let changes: [(PlantedFleet.ListPlant, [String])] = [
        (.installed, ["appeared,package,nmap deb amd64,,,7.93+dfsg1-1,,"]),
        (.removed, ["gone,package,auditd deb amd64,,1:3.0.9-1,,,"]),
        (
            .upgraded,
            ["upgraded,package version,openssl deb amd64,,3.0.14-1~deb12u1,3.0.14-1~deb12u2,,"]
        ),
        (.downgraded, ["downgraded,package version,openssl deb amd64,,3.0.14-1~deb12u1,3.0.9-1,,"]),
        (.account, ["appeared,account,mallory,,,1002 1002 1 set,,"]),
        (.leaver, ["gone,account,bert,,1001 1001 1 set,,,"]),
        (
            .locked,
            ["changed,account enabled,anna,,1,0,,", "changed,account password,anna,,set,locked,,"]
        ),
        (.superuser, ["appeared,account,toor,,,0 0 1 set,,"]),
        (
            .administrator,
            ["appeared,privilege,bert /etc/sudoers ALL=(ALL) NOPASSWD: ALL,,,,,"]
        ),
        (
            .authorizedKey,
            [
                "appeared,authorized_key,SHA256:mallory anna /home/anna/.ssh/authorized_keys,,,ssh-ed25519,,"
            ]
        ),
        (
            .hostKey,
            ["changed,ssh_host_key fingerprint,ssh-ed25519,,SHA256:host60,SHA256:host9999,,"]
        ),
        (.opened, ["appeared,listening_port,4444 tcp ipv4 0.0.0.0,,,nc /tmp/nc,,"]),
        (
            .closed,
            [
                "gone,listening_port,5432 tcp ipv4 127.0.0.1,,postgres /usr/lib/postgresql/15/bin/postgres postgresql-15,,,"
            ]
        ),
        (
            .replaced,
            ["changed,listening_port package,22 tcp ipv4 0.0.0.0,,openssh-server,ssh-of-our-own,,"]
        ),
        (.unknown, []), (.copy, []), (.volatile, []),
        (
            .otherHardware,
            [
                "changed,hostname,,,web-1065,spare,,",
                "changed,hardware UUID,,,00000000-0000-4000-8000-000000000065,00000000-0000-4000-8000-000000001000,,",
                "changed,hardware serial,,,SN65,SN1000,,",
                "changed,interfaces,,,eno1 52:54:00:10:10:75,eno1 52:54:00:10:21:20,,",
            ]
        ),
    ]

    @Test(arguments: changes)
    func whatChangedOnOneHost(_ plant: PlantedFleet.ListPlant, _ changes: [String]) throws {
        #expect(try rows("diff", "--host", "id-\(plant.rawValue)") == changes)
        // Nothing happened before.
        #expect(try rows("diff", "--host", "id-\(plant.rawValue)", "--to", "2026-10-14") == [])
    }

    @Test func whatStandsOut() throws {
        let lines = try rows("coverage").filter { !$0.hasPrefix("clock,132") }
        #expect(
            lines == [
                "several_ids,122,web-1121,10.0.1.21,\(Self.last),"
                    + "\"2 servers have this name: 122 (id-121), 123 (id-122)\"",
                "shared_id,66,spare,10.0.0.65,\(Self.last),"
                    + "\"web-1065 10.0.0.65 [serial SN65] on 2026-09-15 06:00:00, "
                    + "spare 10.0.0.65 [serial SN1000] on \(Self.last): "
                    + "two machines under one id, or one whose disk was moved to other hardware\"",
                // The same UUID, and yet two that come and go.
                "shared_id,121,copy,10.9.9.9,\(Self.last),"
                    + "\"web-1120 10.0.1.20 on 2026-01-15 06:00:00, copy 10.9.9.9 on 2026-02-15 06:00:00, "
                    + "web-1120 10.0.1.20 on 2026-03-15 06:00:00\"",
                "host_key,61,web-1060,10.0.0.60,\(Self.last),"
                    + "\"ssh-ed25519 was SHA256:host60 on 2026-09-15 06:00:00, "
                    + "is SHA256:host9999 since \(Self.last)\"",
                "host_key,66,spare,10.0.0.65,\(Self.last),"
                    + "\"2 servers have the key ssh-ed25519 SHA256:host65: 66 (id-65), 67 (id-66)\"",
                "clock,131,web-1130,10.0.1.30,\(Self.last),"
                    + "\"taken at \(Self.last), before the host booted at 2030-03-17 17:46:40\"",
                "partial,65,web-1064,10.0.0.64,\(Self.last),packages unknown; listeners unknown",
                "partial,141,web-1140,10.0.1.40,\(Self.last),not run as root",
                "partial,142,web-1141,10.0.1.41,\(Self.last),some processes hidden",
            ])
    }

    #if Rules
        @Test func whatBreaksRules() throws {
            let rules = [
                "tools": "forbidden-packages: [nmap]", "audit": "required-packages: [auditd]",
                "openssl":
                    "required-packages: [{name: openssl, minimum-version: 3.0.14-1~deb12u1}]",
                "accounts": "allowed-accounts: [root, anna, bert]",
                "anna": "required-accounts: [{username: anna, is_enabled: true}]",
                "bert": "required-accounts: [bert]",
                "root": "allowed-accounts: [root, {uid: '[1-9]*'}]",
                "admins": "privileged-accounts: ['%sudo']", "keys": "allowed-keys: ['SHA256:anna']",
                "ports":
                    "allowed-listeners: [{port: 22, package: openssh-server}, {address: '127.*'}]",
                "database": "required-listeners: [{port: 5432, package: 'postgresql-*'}]",
            ]
            let text = rules.map { "- {id: \($0), severity: high, sentence: S, \($1)}\n" }
            let directory = try TemporaryDirectory()
            let file = try directory.write(
                Array(("rules:\n" + text.joined()).utf8), to: "rules.yaml")
            let found = try rows("check", "--rules", file.string).map { row in
                let fields = row.split(separator: ",", omittingEmptySubsequences: false)
                return "\(fields[0]) \(fields[2]) \(fields[4])"
            }
            #expect(
                Set(found) == [
                    "tools violated web-1050", "audit violated web-1051",
                    "openssl violated web-1053", "accounts violated web-1054",
                    "bert violated web-1055", "anna violated web-1056",
                    "accounts violated web-1057", "root violated web-1057",
                    "admins violated web-1058", "keys violated web-1059",
                    "ports violated web-1061", "database violated web-1062",
                    "ports violated web-1063", "tools not checked web-1064",
                    "audit not checked web-1064", "openssl not checked web-1064",
                    "ports not checked web-1064", "database not checked web-1064",
                ])
            #expect(found.count == 18)
        }
    #endif

    // MARK: Reports

    @Test func reportsOfTheFleet() throws {
        #expect(try rows("report", "rare-packages") == ["51,web-1050,10.0.0.50,deb,nmap"])
        #expect(
            try rows("report", "package-versions") == [
                "deb,adduser,3.134,amd64,199", "deb,auditd,1:3.0.9-1,amd64,198",
                "deb,bash,5.2.15-2+b7,amd64,199", "deb,nmap,7.93+dfsg1-1,amd64,1",
                "deb,openssh-server,1:9.2p1-2+deb12u3,amd64,199",
                "deb,openssl,3.0.14-1~deb12u1,amd64,197", "deb,openssl,3.0.14-1~deb12u2,amd64,1",
                "deb,openssl,3.0.9-1,amd64,1", "deb,postgresql-15,15.8-0+deb12u1,amd64,199",
            ])
        #expect(
            try rows("report", "root-accounts") == [
                "58,web-1057,10.0.0.57,\(Self.last),toor,0,,1,set,"
            ])
        #expect(try rows("report", "weak-passwords") == [])
        let ports = try rows("report", "open-ports")
        #expect(ports.count == 200)
        #expect(
            ports.filter { !$0.hasSuffix(",tcp,ipv4,22,,sshd,/usr/sbin/sshd,openssh-server") } == [
                "62,web-1061,10.0.0.61,\(Self.last),tcp,ipv4,4444,,nc,/tmp/nc,",
                "64,web-1063,10.0.0.63,\(Self.last),tcp,ipv4,22,,sshd,/usr/sbin/sshd,ssh-of-our-own",
            ])
        for (report, count) in [
            ("accounts", 601), ("privileges", 201), ("keys", 201), ("host-keys", 200),
            ("listening", 398), ("hardware", 200), ("patches", 0), ("packages", 6 * 199),
        ] {
            #expect(try rows("report", report, "--latest").count == count)
        }
    }

    /// What is unknown is said, on standard error and in the page.
    @Test func whatIsUnknown() throws {
        for (report, list) in [
            ("packages", "packages"), ("open-ports", "listeners"), ("listening", "listeners"),
        ] {
            let result = try census("report", report, "--latest", "--format", "csv")
            let name = report.replacing("-", with: "_")
            #expect(result.error == "\(name): \(list) are unknown on 1 server\n")
        }
        #expect(try census("report", "accounts", "--format", "csv").error == "")
        for database in Self.fleet.databases {
            let page = try run(
                TestSupport.census, ["report", "--format", "html", "-o", "-", "--db", database],
                in: Self.fleet.path)
            #expect(page.status == 0)
            let notes = page.output.matches(of: /<p class="note">([A-Za-z]+ are unknown[^<]+)</)
            #expect(
                notes.map { $0.1 } == [
                    "Packages are unknown on 1 server.", "Listeners are unknown on 1 server.",
                ])
        }
    }
}
