import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing

/// Files of accounts, privileges and keys that nobody wrote so, or that the C library reads otherwise
/// than one would think: none is read as if there were nobody.
@Suite struct DamagedAccessTests {
    private let test: TemporaryDirectory

    init() throws {
        test = try TemporaryDirectory()
        try test.write("root:x:0:0::/root:/bin/sh\n", to: "etc/passwd")
    }

    /// After a loss of power a file may have its length, and NULs in the place of its text.
    @Test(arguments: [
        ("etc/passwd", "account passwd"), ("etc/shadow", "account shadow"),
        ("etc/group", "privilege group"), ("etc/sudoers", "privilege sudoers"),
        ("etc/doas.conf", "privilege doas"),
        ("root/.ssh/authorized_keys", "authorized_key openssh"),
        ("etc/ssh/sshd_config", "authorized_key sshd_config"),
        ("etc/ssh/sshd_config", "ssh_host_key sshd_config"),
        ("etc/ssh/ssh_host_x_key.pub", "ssh_host_key openssh"),
        ("etc/userdb/x.user", "account userdb"),
    ])
    func zeros(path: String, source: String) throws {
        for count in [1, 300, 5000] {
            try test.write([UInt8](repeating: 0, count: count), to: path)
            let failures = try test.access().failures
            #expect(failures.contains { $0.hasPrefix("\(source) \(path): ") }, "\(failures)")
        }
    }

    /// A link in the place of a source, in a tree: where it leads may be another file system, which is
    /// not mounted there.
    @Test(arguments: [
        ("etc/passwd", "account passwd"), ("etc/passwd", "authorized_key passwd"),
        ("etc/shadow", "account shadow"), ("etc/group", "privilege group"),
        ("etc/sudoers", "privilege sudoers"), ("etc/doas.conf", "privilege doas"),
        ("root/.ssh/authorized_keys", "authorized_key openssh"),
        ("etc/ssh/sshd_config", "ssh_host_key sshd_config"),
        ("etc/ssh/ssh_host_x_key.pub", "ssh_host_key openssh"),
        ("etc/userdb/x.user", "account userdb"), ("var/log/lastlog", "account lastlog"),
        ("var/lib/dpkg/status", "package dpkg"), ("lib/apk/db/installed", "package apk"),
        ("var/lib/rpm/rpmdb.sqlite", "package rpm"),
    ])
    func aLinkThatLeadsNowhere(path: String, source: String) throws {
        try test.write("id\n", to: "etc/machine-id")
        let file = test.path.appending(path)
        for (target, reason) in [
            ("/not-mounted/x", "it is a link that leads nowhere"),
            (file.lastComponent!.string, "Too many levels of symbolic links"),
        ] {
            unlink(file.string)
            try test.link(path, to: target)
            let failures = try #require(try test.facts()).collection.failedSources ?? []
            #expect(failures.contains("\(source) \(path): \(reason)"), "\(failures)")
        }
    }

    @Test(arguments: [
        "\0\0\0\0", "root", "root:x", "root:x:0", "root:x:0:", "root:x::0::/:", ":x:0:0::/:",
        "root:x:0x0:0::/:", "root:x:0 :0::/:", "root:x:4294967296:0::/:", "root:x:-1:0::/:",
        "<html>", "root:x:0:\0:0::/:",
    ])
    func aPasswdOfUnusableLines(line: String) throws {
        try test.write("id\n", to: "etc/machine-id")
        try test.write(line + "\n", to: "etc/passwd")
        let facts = try #require(try test.facts())
        #expect(facts.accounts == [])
        #expect(AccountRecord.areAll(facts.collection, isEmpty: true) == false)
        #expect(PrivilegeRecord.areAll(facts.collection, isEmpty: true) == false)
        #expect(AuthorizedKeyRecord.areAll(facts.collection, isEmpty: true) == false)
    }

    /// Numbers as strtoul(3) takes them, against fgetpwent(3) and fgetgrent(3) of glibc 2.36.
    @Test(arguments: [
        ("+0", 0), (" 0", 0), ("-0", 0), ("\t+0", 0), ("00000000000000000000", 0), ("+27", 27),
        ("\u{0B}\r 000000000000000000000027", 27), ("4294967295", 4_294_967_295),
        ("-18446744073709551615", 1),
    ])
    func idsAreThoseOfTheCLibrary(text: String, id: Int64) throws {
        try test.write("evil:x:\(text):\(text)::/root:/bin/sh\nanna:x:9:9:::\n", to: "etc/passwd")
        try test.write("evil::19000::::::\n", to: "etc/shadow")
        try test.write("sudo:x:\(text):anna\n", to: "etc/group")
        let facts = try test.access()
        #expect(facts.failures == [])
        let evil = try #require(facts.account("evil"))
        #expect([evil.uid, evil.gid] == [id, id])
        #expect(evil.passwordStatus == "empty")
        #expect(evil.groups == ["sudo"])
        #expect(facts.rules.contains("anna group sudo"))
        #expect(facts.rules.contains("evil /etc/passwd uid 0") == (id == 0))
    }

    /// The days of a line of shadow(5), against fgetspent(3): days, or -1; nil if it is refused.
    @Test(
        arguments: [
            ("1:2:+90:7:14:9:", [2, 90, 7, 14]), ("1:2: 90: :14:9:", [2, 90, -1, 14]),
            ("1:2:3", [2, 3, -1, -1]), ("1:2:3:", [2, 3, -1, -1]), ("1:2:3: ", [2, 3, -1, -1]),
            ("1:2:3:4:5:6", [2, 3, 4, 5]), ("1:2:3:4:5:6:7", [2, 3, 4, 5]),
            ("::::::", [-1, -1, -1, -1]),
            ("", nil), ("1", nil), ("1:2", nil), ("1:2:", nil), ("1:2:3:4", nil),
            ("1:2:3:4:5", nil),
            ("1:2:3:4:5:", nil), (":::::", nil), ("1:2:3:4:5:6:x", nil), ("1:2:3:4:5:6:7:8", nil),
            ("1:x:3:4:5:6:", nil), ("1: :3:4:5:6:", nil), ("1:2:3x:4:5:6:", nil),
        ] as [(String, [Int64]?)])
    func daysAreThoseOfTheCLibrary(text: String, days: [Int64]?) throws {
        try test.write("root:$1$a$b:\(text)\n", to: "etc/shadow")
        let facts = try test.access(.accounts)
        let root = try #require(facts.account("root"))
        let found = [root.minDays, root.maxDays, root.warningDays, root.inactiveDays].map {
            $0 ?? -1
        }
        #expect(found == days ?? [-1, -1, -1, -1])
        #expect(root.passwordStatus == (days == nil ? nil : "set"))
        #expect(root.neverExpires == days.map { $0[1] < 0 })
        #expect((facts.failures == []) == (days != nil))
    }

    /// The public key of a host is a source, even if nothing is left of it.
    @Test(arguments: ["", "\n", "# a comment\n", "ssh-rsa x\n", "\0"])
    func aHostKeyWithoutAKey(text: String) throws {
        try test.write(text, to: "etc/ssh/ssh_host_ed25519_key.pub")
        #expect(
            try test.access(.sshHostKeys).failures == [
                "ssh_host_key openssh etc/ssh/ssh_host_ed25519_key.pub: it has no key"
            ])
    }
}
