import Foundation
import Host
import Records
import TestSupport
import Testing

/// The rules of sudo and of doas.
@Suite struct AccessRulesTests {
    private let test: TemporaryDirectory

    init() throws { test = try TemporaryDirectory() }

    private static let all = """
        User_Alias ADMINS = alice, bob, %#1000, "domain user"
        User_Alias ALLADM = ADMINS, !bob : OTHERS = #501, carol
        Host_Alias WEB = web1, 192.168.0.0/24
        Runas_Alias OP = operator, %ops, #77
        Cmnd_Alias SHUT = /sbin/shutdown, /sbin/reboot -f "a", !/bin/ls : VI = sudoedit /etc/x, /usr/bin/vi
        Cmnd_Alias BOTH = SHUT, !VI
        Defaults env_reset, !lecture # x \\
        ALLADM WEB = (OP) NOPASSWD: BOTH : ALL = NOEXEC: /bin/cat a\\,b\\:c, PASSWD: ALL # all \\
        OTHERS ALL = /bin/true
        dave ALL=(root : wheel) CWD=/tmp SETENV: /bin/a   \t\\
          b, sha224:d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f /bin/c
        %wheel,  +net   ALL , !WEB = (ALL:ALL) ALL
        erin ALL = (:ops) ^/usr/bin/(a|b),c$ , /bin/x ^a=.*, b:c$
        #501 ALL = ALL
        frank\\ x ALL = /bin/echo "\\#1", /bin/ls # 3
        # a comment, and an id: #12
        DOM\\\\grp ALL = ALL
        Defaultsx ALL=(ALL) NOPASSWD: ALL
        User_Aliases ALL = /bin/ls
        foo_Alias, Defaults-y ALL = ALL
        Defaults@web !lecture
        greta ALL=("o#p (x" : ops) ALL
        heinz !WEB = ALL

        """

    /// Rule by rule what cvtsudoers(1) makes of the file, with its aliases written out.
    @Test func agreesWithCvtsudoers() throws {
        try test.write(Self.all, to: "etc/sudoers")
        let path = test.path.appending("etc/sudoers").string
        try runTool("visudo", ["-c", "-f", path])
        let expected = try runTool("cvtsudoers", ["-e", "-f", "sudoers", path])
            .replacing("\\\n", with: " ").split(separator: "\n")
            .filter { !$0.isEmpty && !$0.hasPrefix("Defaults ") && !$0.hasPrefix("Defaults@") }
        // The users are given one by one; blanks are where a program likes them.
        func bare(_ text: some StringProtocol) -> String {
            String(text.filter { !" \t\"".contains($0) })
        }
        var rules: [(users: [String], rule: String)] = []
        for privilege in try test.access(.privileges).records.privileges {
            let rule = privilege.rule.repaired
            if rules.last?.rule != rule { rules.append(([], rule)) }
            rules[rules.count - 1].users.append(privilege.subject.repaired)
        }
        #expect(
            rules.map { bare($0.users.joined(separator: ",") + $0.rule) } == expected.map(bare))
        #expect(rules.count == 13)
    }

    /// Names of users and groups against cvtsudoers(1): where quotes and backslashes stay, and where
    /// they are for sudo only.
    @Test(arguments: [
        #""%corp\domain users""#, #"%corp\\domain\ users"#, #""corp\\d""#, #""a\"b""#, #"a\x41b"#,
        #""a\x41b""#, #"a\,b"#, #"a\ "#, "\"a\\\n  b\"", "\"a \\\n  b\"", #""%:x y""#, "+net",
        "Defaults-x", #"Defaults\x41"#, #""Defaults""#, "user_alias", "Cmnd_Aliasx", "x,Defaults",
        "x!",
    ])
    func namesAreThoseOfSudo(names: String) throws {
        try test.write("\(names) ALL=ALL\n", to: "etc/sudoers")
        let text = try runTool(
            "cvtsudoers", ["-f", "json", test.path.appending("etc/sudoers").string])
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let rules = try #require((json as? [String: Any])?["User_Specs"] as? [[String: Any]])
        let users = try #require(rules.first?["User_List"] as? [[String: String]])
        let prefixes = ["usergroup": "%", "nonunixgroup": "%:", "netgroup": "+"]
        let expected = users.flatMap { $0.map { (prefixes[$0.key] ?? "") + $0.value } }
        let facts = try test.access(.privileges)
        #expect(facts.records.privileges.map(\.subject.repaired) == expected)
        #expect(facts.failures == [])
    }

    @Test(arguments: [
        ("root ALL=(ALL:ALL) ALL", ["root /etc/sudoers ALL=(ALL:ALL) ALL"]),
        ("%sudo\tALL=(ALL:ALL)\tNOPASSWD:ALL", ["%sudo /etc/sudoers ALL=(ALL:ALL) NOPASSWD: ALL"]),
        ("a,b ALL = ALL", ["a /etc/sudoers ALL=ALL", "b /etc/sudoers ALL=ALL"]),
        ("#comment\n  # another\n\n", []),
        ("Defaults:a !lecture\nDefaults secure_path=\"/a#b\"\n", []),
        ("a ALL = A : B = /x\nCmnd_Alias A = /a, /b", ["a /etc/sudoers ALL=/a, /b : B=/x"]),
        ("a ALL = A\nCmnd_Alias A = B\nCmnd_Alias B = A", ["a /etc/sudoers ALL=A"]),
        ("a ALL = /bin/x\\\n   y,\\\n/z", ["a /etc/sudoers ALL=/bin/x y, /z"]),
        ("a ALL=ALL\r\nb ALL=ALL\r\n", ["a /etc/sudoers ALL=ALL", "b /etc/sudoers ALL=ALL"]),
        (
            "a ALL=(ALL) ALL # \\\nb ALL=ALL",
            ["a /etc/sudoers ALL=(ALL) ALL", "b /etc/sudoers ALL=ALL"]
        ),
    ])
    func sudoers(text: String, expected: [String]) throws {
        try test.write(text, to: "etc/sudoers")
        let facts = try test.access(.privileges)
        #expect(facts.rules == expected)
        #expect(facts.failures == [])
    }

    @Test(arguments: [
        "alice", "alice ALL", "alice = ALL", "a ALL = (root ALL) x", "a ALL=ALL) b",
        "\0\0\0", "a\0b ALL=ALL", "User_Alias X", "User_Alias X a", "Cmnd_Alias = /bin/a",
        "User_AliasX = a", "Host_Alias X=a b", "\"a ALL=ALL",
    ])
    func whatIsNoRule(text: String) throws {
        try test.write("root ALL=ALL\n\(text)\nb ALL=ALL\n", to: "etc/sudoers")
        let facts = try test.access(.privileges)
        #expect(
            facts.failures == [
                "privilege sudoers etc/sudoers: it has a rule that is not understood"
            ])
        #expect(facts.rules.contains("root /etc/sudoers ALL=ALL"))
        #expect(facts.rules.contains("b /etc/sudoers ALL=ALL"))
    }

    /// sudo's own rules of names, and links that would lead out of the tree.
    @Test func includes() throws {
        try test.write("web-1.example.org\n", to: "etc/hostname")
        try test.write(
            """
            @include local
            @include /etc/sudoers.%h
            #includedir /etc/sudoers.d
            @includedir /etc/none
            @include "/etc/with blank"
            @include /etc/with\\ other
            #include /etc/sudoers
             #include /etc/no
            #includes ALL=ALL
            root ALL=ALL
            """, to: "etc/sudoers")
        for (name, user) in [
            ("local", "a"), ("sudoers.web-1", "b"), ("sudoers.d/10-c", "c"),
            ("sudoers.d/d.conf", "d"), ("sudoers.d/e~", "e"), ("sudoers.d/.f", "f"),
            ("with blank", "g"), ("with other", "h"), ("no", "i"),
        ] {
            try test.write("\(user) ALL=ALL\n", to: "etc/\(name)")
        }
        try test.link("etc/sudoers.d/20-link", to: "/opt/rules")
        try test.write("j ALL=ALL\n@include /etc/sudoers.d/20-link\n", to: "opt/rules")
        let facts = try test.access(.privileges)
        #expect(facts.failures == [])
        #expect(
            facts.rules == [
                "root /etc/sudoers ALL=ALL", "a /etc/local ALL=ALL",
                "b /etc/sudoers.web-1 ALL=ALL", "c /etc/sudoers.d/10-c ALL=ALL",
                "j /etc/sudoers.d/20-link ALL=ALL", "g /etc/with blank ALL=ALL",
                "h /etc/with other ALL=ALL",
            ])
    }

    /// The administrator's file goes before the system's.
    @Test func places() throws {
        try test.write("a ALL=ALL\n", to: "usr/etc/sudoers")
        #expect(try test.access(.privileges).rules == ["a /usr/etc/sudoers ALL=ALL"])
        try test.write("b ALL=ALL\n", to: "etc/sudoers")
        #expect(try test.access(.privileges).rules == ["b /etc/sudoers ALL=ALL"])
        try test.write("c ALL=ALL\n", to: "etc/sudoers-rs")
        #expect(
            try test.access(.privileges).rules == [
                "c /etc/sudoers-rs ALL=ALL", "b /etc/sudoers ALL=ALL",
            ])
        try test.writeSocket(to: "etc/sudoers.d/x")
        try test.write("@includedir /etc/sudoers.d\n", to: "etc/sudoers")
        #expect(
            try test.access(.privileges).failures == [
                "privilege sudoers etc/sudoers.d/x: it is not a regular file"
            ])
    }

    /// Each would take years or a machine's memory if it were followed.
    private enum Hostile: CaseIterable {
        case commandAliases, userAliases, continuations, users, rules, openings, negations
        case openingsInRule, tags, aliases, zeros, quotes

        private func list(_ kind: String, _ letter: String) -> String {
            (0..<64).map { number in
                let members = Array(repeating: "\(letter)\(number + 1)", count: 99)
                return "\(kind) \(letter)\(number) = \(members.joined(separator: ","))\n"
            }.joined()
        }

        var text: String {
            switch self {
            case .commandAliases: list("Cmnd_Alias", "C") + "a ALL=C0\n"
            case .userAliases: list("User_Alias", "U") + "U0 ALL=ALL\n"
            case .continuations: String(repeating: "\\\n", count: 500_000)
            case .users: String(repeating: "a,", count: 500_000) + "b ALL=ALL"
            case .rules: String(repeating: "a ALL=ALL\n", count: 100_000)
            case .openings: String(repeating: "(", count: 1_000_000)
            case .negations: String(repeating: "!", count: 1_000_000)
            case .openingsInRule: "a ALL=" + String(repeating: "(", count: 1_000_000)
            case .tags: "a ALL=" + String(repeating: "X:", count: 500_000)
            case .aliases: String(repeating: "User_Alias A=", count: 100_000)
            case .zeros: "a\0b ALL=\0\n\0\n\"\n"
            case .quotes: String(repeating: "\"", count: 99_999)
            }
        }
    }

    @Test(arguments: Hostile.allCases)
    private func hostileRules(_ hostile: Hostile) throws {
        try test.write(hostile.text, to: "etc/sudoers")
        let facts = try test.access(.privileges)
        #expect(facts.records.privileges.count <= 10_000)
        #expect(facts.records.privileges.allSatisfy { $0.rule.bytes.count <= 16 << 10 })
    }

    @Test func hostileIncludes() throws {
        for number in 0..<1200 {
            try test.write(
                "@include f\(number + 1)\n@include f\(number)\n@includedir /etc\n",
                to: "etc/f\(number)")
        }
        try test.write("@include f0\na ALL=ALL\n", to: "etc/sudoers")
        let facts = try test.access(.privileges)
        #expect(facts.failures.contains { $0.hasSuffix("it has too many items") })
        #expect(facts.rules == ["a /etc/sudoers ALL=ALL"])
    }

    @Test func doas() throws {
        try test.write(
            """
            # comment
            permit persist :wheel
            permit nopass setenv { PATH=/bin A } anna as root cmd /bin/ls args "a b"
            deny bob
            permit keepenv \\
              joe
            permit nopass
            nonsense
            """, to: "etc/doas.conf")
        try test.write("permit carl\n", to: "etc/doas.d/x.conf")
        try test.write("permit dora\n", to: "etc/doas.d/x.old")
        let facts = try test.access(.privileges)
        #expect(
            facts.rules == [
                ":wheel /etc/doas.conf permit persist :wheel",
                "anna /etc/doas.conf permit nopass setenv { PATH=/bin A } anna as root cmd /bin/ls "
                    + "args \"a b\"",
                "joe /etc/doas.conf permit keepenv joe", "carl /etc/doas.d/x.conf permit carl",
            ])
        #expect(
            facts.failures == [
                "privilege doas etc/doas.conf: it has a rule that is not understood"
            ])
    }

    @Test func administrators() throws {
        try test.write(
            "root:x:0:0:::\ntoor:x:0:0:::\nop:x:11:0:::\nd:x:12:12:::\n", to: "etc/passwd")
        try test.write(
            "root:x:0:root\nsudo:x:27:d\nadm:x:4:d\ndocker:x:99:d,ldap\nsu:x:5:d\n", to: "etc/group"
        )
        #expect(
            try test.access(.privileges).rules == [
                "d group sudo", "d group docker", "ldap group docker", "op group root",
                "toor /etc/passwd uid 0",
            ])
    }
}
