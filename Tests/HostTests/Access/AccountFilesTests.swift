import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing
import Text

/// The accounts of passwd(5), group(5), shadow(5) and of JSON user records.
@Suite struct AccountFilesTests {
    private let test: TemporaryDirectory

    init() throws { test = try TemporaryDirectory() }

    /// The states of a password, and the algorithms of crypt(5).
    @Test(
        arguments: [
            ("", "empty", nil), ("*", "none", nil), ("x", "none", nil), ("*LK*", "none", nil),
            ("NP", "none", nil), ("!", "locked", nil), ("!!", "locked", nil), ("!*", "locked", nil),
            (
                "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", "set",
                "yescrypt"
            ),
            (
                "!$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
                "locked",
                "yescrypt"
            ),
            ("$gy$j9T$F5$X3", "set", "gost-yescrypt"), ("$7$CU..../....2$x", "set", "scrypt"),
            ("$2a$05$abc", "set", "bcrypt"), ("$2y$05$abc", "set", "bcrypt"),
            ("$6$rounds=5000$a$b", "set", "sha512crypt"), ("$5$a$b", "set", "sha256crypt"),
            ("$1$a$b", "set", "md5crypt"), ("$sha1$40000$a$b", "set", "sha1crypt"),
            ("$md5,rounds=904$a$$b", "set", "sunmd5"), ("$md5$a$$b", "set", "sunmd5"),
            ("$sm3$a$b", "set", "sm3crypt"), ("$3$$abc", "set", "nt"),
            ("_J9..CCCCXBrJUJV154M", "set", "bsdicrypt"), ("_short", "none", nil),
            ("rl.3StKT.4T8M", "set", "descrypt"), ("!rl.3StKT.4T8M", "locked", "descrypt"),
            ("rl.3StKT.4T8Mrl.3StKT.4T", "set", "bigcrypt"), ("thirteen-char", "none", nil),
            ("$99$new$hash", "set", nil), ("$", "none", nil),
        ] as [(String, String, String?)])
    func passwords(field: String, status: String, algorithm: String?) throws {
        try test.write("a:x:1:1::/:/bin/sh\n", to: "etc/passwd")
        try test.write("a:\(field):20000:0:99999:7:::\n", to: "etc/shadow")
        let account = try #require(try test.access().account("a"))
        #expect(account.passwordStatus == status)
        #expect(account.hashAlgorithm == algorithm)
        #expect(account.isEnabled == (status == "set" || status == "empty"))
        // One in passwd itself counts, as of old.
        if field != "x" {
            try test.write("a:\(field):1:1::/:/bin/sh\n", to: "etc/passwd")
            try test.write("a:$1$a$b:20000::::::\n", to: "etc/shadow")
            let account = try #require(try test.access().account("a"))
            #expect(account.passwordStatus == status)
            #expect(account.hashAlgorithm == algorithm)
        }
        // The hash is nowhere.
        let facts = try #require(try test.facts())
        if field.count > 10 { #expect(!"\(facts)".contains(field)) }
    }

    @Test func theFieldsOfAnAccount() throws {
        try test.write(
            """
            # a comment
            +nis::::::
            root:x:0:0:root,room 1,,:/root:/bin/bash
            \tanna:x:1000:1000:Anna Ä,,,:/home/anna:
            bad:x:abc:0:::
            short:x:1
            root:x:7:7:the second::

            big:x:4294967295:4294967296:::
            nul\0l:x:5:5:::
            last:x:5:50000
            """, to: "etc/passwd")
        try test.write("anna:x:9:9:other::\nimage:x:200:200:::\n", to: "usr/lib/passwd")
        try test.write(
            "root:x:0:\nwheel:x:10:anna,root, last,ghost\nanna:x:1000:\n+::\n", to: "etc/group")
        try test.write("image:x:200:image,anna\nzed:x:10:anna\n", to: "usr/lib/group")
        let facts = try test.access()
        // Some lines are of no account; what they were is unknown.
        #expect(
            facts.failures
                == ["account", "privilege", "authorized_key"].map {
                    "\($0) passwd etc/passwd: it has a line that the C library cannot use"
                })
        #expect(
            facts.records.accounts.map(\.username.repaired) == ["anna", "image", "last", "root"])
        let anna = try #require(facts.account("anna"))
        #expect(anna.uid == 1000)
        #expect(anna.gid == 1000)
        #expect(anna.description == "Anna Ä")
        #expect(anna.home == "/home/anna")
        #expect(anna.shell == nil)
        #expect(anna.groups == ["anna", "image", "wheel", "zed"])
        #expect(anna.passwordStatus == nil)
        #expect(anna.isEnabled == nil)
        #expect(facts.account("last")?.groups == ["50000", "wheel"])
        #expect(facts.account("root")?.description == "root")
        #expect(
            facts.rules == ["anna group wheel", "last group wheel", "ghost group wheel"])
        // Without groups nothing is known of them.
        try FileManager.default.removeItem(atPath: test.path.appending("etc/group").string)
        try FileManager.default.removeItem(atPath: test.path.appending("usr/lib/group").string)
        #expect(try test.access().account("anna")?.groups == nil)
    }

    @Test func ages() throws {
        try test.write(
            "a:x:1:1:::\nb:x:2:1:::\nc:x:3:1:::\nd:x:4:1:::\ne:x:5:1:::\nf:x:6:1:::\n",
            to: "etc/passwd")
        try test.write(
            """
            a:$1$a$b:20000:1:90:7:14:20100:
            b:$1$a$b:0:0:99999:0::99999:
            c:$1$a$b:::::::
            d:$1$a$b:-1:-1:-1:-1:-1:-1:
            e:$1$a$b:10000:0:30::5::
            f:$1$a$b:99999999999999999999:0:30::::
            """, to: "etc/shadow")
        let facts = try test.access()
        let a = try #require(facts.account("a"))
        #expect(a.lastChange == 1_728_000_000)
        #expect([a.minDays, a.maxDays, a.warningDays, a.inactiveDays] == [1, 90, 7, 14])
        #expect(a.neverExpires == false)
        #expect(a.expires == 1_736_640_000)
        #expect(a.isEnabled == false)
        let b = try #require(facts.account("b"))
        #expect(b.lastChange == 0)
        #expect([b.minDays, b.maxDays, b.warningDays, b.inactiveDays] == [nil, nil, nil, nil])
        #expect(b.neverExpires == true)
        #expect(b.expires == 8_639_913_600)
        #expect(b.isEnabled == true)
        for name in ["c", "d"] {
            let account = try #require(facts.account(name))
            #expect(account.lastChange == nil)
            #expect(account.neverExpires == true)
            #expect(account.expires == nil)
            #expect(account.isEnabled == true)
        }
        // The password has expired, and the time in which it could be changed as well.
        #expect(facts.account("e")?.isEnabled == false)
        #expect(facts.account("f")?.lastChange == nil)
    }

    /// pam_unix(8) accepts no password of an account that shadow(5) lacks.
    @Test func anAccountWithoutAShadow() throws {
        try test.write("a:x:1:1:::\nb:*:2:1:::\n", to: "etc/passwd")
        #expect(try test.access().account("a")?.passwordStatus == nil)
        #expect(try test.access().account("b")?.passwordStatus == "none")
        try test.write("", to: "etc/shadow")
        #expect(try test.access().account("a")?.passwordStatus == "none")
        #expect(try test.access().account("a")?.isEnabled == false)
    }

    /// The accounts are all known, and nothing of their passwords.
    @Test func anUnreadableShadow() throws {
        try test.write("a:x:1:1:::\n", to: "etc/passwd")
        try test.write("a:$1$a$b:::::::\n", to: "etc/shadow")
        chmod(test.path.appending("etc/shadow").string, 0)
        let facts = try #require(try boundByPermissions { try test.facts() })
        #expect(facts.accounts.map(\.username) == ["a"])
        #expect(facts.accounts.first?.passwordStatus == nil)
        #expect(facts.accounts.first?.isEnabled == nil)
        #expect(
            facts.collection.failedSources?.contains("account shadow etc/shadow: Permission denied")
                == true)
        #expect(AccountRecord.areAll(facts.collection, isEmpty: false) == true)
        chmod(test.path.appending("etc/passwd").string, 0)
        let none = try #require(try boundByPermissions { try test.facts() })
        #expect(none.accounts == [])
        #expect(AccountRecord.areAll(none.collection, isEmpty: true) == false)
        #expect(PrivilegeRecord.areAll(none.collection, isEmpty: true) == false)
        #expect(AuthorizedKeyRecord.areAll(none.collection, isEmpty: true) == false)
    }

    @Test func unknownIsNeverEmpty() throws {
        try test.write("h\n", to: "etc/hostname")
        let none = try #require(try test.facts()).collection
        #expect(AccountRecord.areAll(none, isEmpty: true) == nil)
        #expect(PrivilegeRecord.areAll(none, isEmpty: true) == nil)
        #expect(AuthorizedKeyRecord.areAll(none, isEmpty: true) == nil)
        #expect(SSHHostKeyRecord.areAll(none, isEmpty: true) == nil)
        // Whoever has no accounts has looked for nobody's keys.
        try test.write("Port 22\n", to: "etc/ssh/sshd_config")
        let server = try #require(try test.facts()).collection
        #expect(server.sources?.contains("authorized_key sshd_config etc/ssh/sshd_config") == true)
        #expect(AuthorizedKeyRecord.areAll(server, isEmpty: true) == nil)
        #expect(SSHHostKeyRecord.areAll(server, isEmpty: true) == true)
        try test.write("root:x:0:0:::\n", to: "etc/passwd")
        let one = try #require(try test.facts()).collection
        #expect(AuthorizedKeyRecord.areAll(one, isEmpty: true) == true)
        #expect(PrivilegeRecord.areAll(one, isEmpty: true) == true)
    }

    /// A file may be there and empty after a loss of power, and no host is without root.
    @Test(arguments: ["", "\n", "# nobody\n", "+::::::\n"]) func aPasswdOfNobody(text: String)
        throws
    {
        try test.write("h\n", to: "etc/hostname")
        try test.write(text, to: "etc/passwd")
        let facts = try #require(try test.facts())
        #expect(facts.accounts == [])
        for kind in ["account", "privilege", "authorized_key"] {
            let source = "\(kind) passwd etc/passwd"
            #expect(facts.collection.failedSources?.contains(source + ": it lists nothing") == true)
            #expect(facts.collection.sources?.contains(source) != true)
        }
        #expect(AccountRecord.areAll(facts.collection, isEmpty: true) == false)
        #expect(PrivilegeRecord.areAll(facts.collection, isEmpty: true) == false)
        #expect(AuthorizedKeyRecord.areAll(facts.collection, isEmpty: true) == false)
        // An image may have its accounts in another place.
        try test.write("root:x:0:0:::\n", to: "usr/lib/passwd")
        let image = try #require(try test.facts())
        #expect(image.collection.failedSources == nil)
        #expect(image.collection.sources?.contains("account passwd etc/passwd") == true)
        #expect(AccountRecord.areAll(image.collection, isEmpty: false) == true)
    }

    /// Only what is chosen is read.
    @Test(arguments: [
        (RecordChoice.accounts, "account"), (.privileges, "privilege"),
        (.authorizedKeys, "authorized_key"), (.sshHostKeys, "ssh_host_key"),
    ])
    func choices(choice: RecordChoice, kind: String) throws {
        for path in ["etc/passwd", "etc/shadow", "etc/group", "etc/sudoers", "etc/ssh/sshd_config"]
        {
            try test.writeSocket(to: path)
        }
        try test.write("toor:x:0:0::/root:\n", to: "usr/lib/passwd")
        let facts = try test.access(choice)
        #expect(!facts.failures.isEmpty)
        #expect(facts.failures.allSatisfy { $0.hasPrefix(kind + " ") })
        #expect(facts.records.accounts.isEmpty == (choice != .accounts))
        #expect(facts.records.privileges.isEmpty == (choice != .privileges))
    }

    @Test func userRecords() throws {
        try test.write(
            """
            {"userName":"joe","realName":"Joe Doe","homeDirectory":"/home/joe","shell":"/bin/zsh",
             "uid":6000,"gid":6001,"lastPasswordChangeUSec":1700000000000000}
            """, to: "etc/userdb/joe.user")
        try test.link("etc/userdb/6000.user", to: "joe.user")
        try test.write(
            #"{"hashedPassword":["$6$a$b"]}"#, to: "etc/userdb/joe.user-privileged")
        try test.write(
            #"{"userName":"home","locked":true,"binding":{"1":{"uid":60010,"gid":60010}}}"#,
            to: "var/lib/systemd/home/home.identity")
        let facts = try test.access()
        #expect(facts.failures == [])
        #expect(facts.records.accounts.map(\.username.repaired) == ["home", "joe"])
        let joe = try #require(facts.account("joe"))
        #expect([joe.uid, joe.gid] == [6000, 6001])
        #expect(joe.description == "Joe Doe")
        #expect(joe.home == "/home/joe")
        #expect(joe.shell == "/bin/zsh")
        #expect(joe.passwordStatus == "set")
        #expect(joe.hashAlgorithm == "sha512crypt")
        #expect(joe.lastChange == 1_700_000_000)
        #expect(joe.isEnabled == true)
        #expect(facts.account("home")?.passwordStatus == "locked")
        #expect(facts.account("home")?.uid == 60010)
    }

    /// lastlog(5) of both sizes and byte orders, with holes.
    @Test(arguments: [(4, false), (4, true), (8, false), (8, true)])
    func lastLogins(size: Int, isBigEndian: Bool) throws {
        try test.write("a:x:1:1:::\nb:x:2:1:::\nc:x:70000:1:::\nd:x:80000:1:::\n", to: "etc/passwd")
        func entry(_ time: Int64) -> [UInt8] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: time >> (8 * $0)) }
            return (isBigEndian ? bytes.reversed() : bytes) + Array("pts/0".utf8)
                + [UInt8](repeating: 0, count: 283)
        }
        try test.write([UInt8](), to: "var/log/lastlog")
        let file = try FileDescriptor.open(test.path.appending("var/log/lastlog"), .writeOnly)
        try file.closeAfter {
            _ = try file.writeAll(toAbsoluteOffset: Int64(288 + size), entry(1_700_000_000))
            _ = try file.writeAll(
                toAbsoluteOffset: 70000 * Int64(288 + size), entry(1_800_000_001))
        }
        let facts = try test.access()
        #expect(facts.failures == [])
        #expect(
            facts.records.accounts.map(\.lastLogin) == [1_700_000_000, nil, 1_800_000_001, nil])
    }

    @Test func lastLoginsOfDatabases() throws {
        try test.write("a:x:1:1:::\nb:x:2:1:::\nc:x:3:1:::\n", to: "etc/passwd")
        func sqlite(_ path: String, _ sql: String) throws {
            try runTool("sqlite3", [try test.prepare(path).string], input: sql)
        }
        try sqlite(
            "var/lib/lastlog/lastlog2.db",
            """
            CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT,
                Service TEXT);
            INSERT INTO Lastlog2 VALUES ('a', 1700000000, 'pts/0', '', 'sshd'), ('b', 0, '', '', ''),
                ('c', 5000000000, '', '', ''), ('gone', 1700000000, '', '', '');
            """)
        try sqlite(
            "var/lib/wtmpdb/wtmp.db",
            """
            CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER,
                Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT);
            INSERT INTO wtmp(Type, User, Login) VALUES (1, 'reboot', 1600000000000000),
                (3, 'a', 1800000000000000), (3, 'a', 1750000000000000), (3, 'b', 1600000000000000);
            """)
        let facts = try test.access()
        #expect(facts.failures == [])
        #expect(
            facts.records.accounts.map(\.lastLogin) == [
                1_800_000_000, 1_600_000_000, 5_000_000_000,
            ])
        try test.write("no database", to: "var/lib/wtmpdb/wtmp.db")
        try test.write("cut", to: "var/log/lastlog")
        #expect(
            try test.access().failures == [
                "account lastlog var/log/lastlog: its format is unknown",
                "account wtmpdb var/lib/wtmpdb/wtmp.db: it is truncated",
            ])
    }

    @Test func aHundredThousandAccounts() throws {
        let count = 100_001
        let passwd = (0..<count).map { "u\($0):x:\($0):5:::/bin/sh\n" }.joined()
        try test.write(passwd, to: "etc/passwd")
        try test.write((0..<count).map { "u\($0):*:::::::\n" }.joined(), to: "etc/shadow")
        let members = (0..<count).map { "u\($0)" }.joined(separator: ",")
        try test.write("wheel:x:10:\(members)\nusers:x:5:\n", to: "etc/group")
        let facts = try test.access()
        #expect(facts.records.accounts.count == 100_000)
        #expect(facts.account("u99999")?.groups == ["users", "wheel"])
        #expect(facts.account("u77")?.passwordStatus == "none")
        #expect(facts.records.privileges.count == 10_000)
        #expect(
            facts.failures == [
                "account passwd etc/passwd: it has too many items",
                "privilege passwd etc/passwd: it has too many items",
                "authorized_key passwd etc/passwd: it has too many items",
                "privilege group etc/group: it has too many items",
            ])
        try test.write([UInt8](repeating: 0x61, count: 17 << 20), to: "etc/passwd")
        #expect(try test.access().failures.first == "account passwd etc/passwd: it is too large")
    }
}
