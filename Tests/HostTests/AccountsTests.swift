import TestSupport
import Testing

@testable import Host

@Suite struct AccountsTests {
    private let test: TemporaryDirectory

    init() throws { test = try TemporaryDirectory() }

    private func name(of uid: Int64) throws -> String? {
        let tree = try test.tree()
        var accounts = Accounts(tree)
        let name = accounts.name(of: uid, tree)
        #expect(accounts.name(of: uid, tree) == name)
        // Who loads files is named from the same sources.
        #expect(loginName(of: uid, tree) == name?.text ?? String(uid))
        return name?.text
    }

    /// Each source alone, then one that goes before it.
    @Test(arguments: [
        (1000, "etc/passwd", "x:x:1000:0:::\n"), (990, "usr/lib/passwd", "x:x:990:0:::\n"),
        (1000, "var/lib/extrausers/passwd", "x:x:1000:0:::\n"),
        (61234, "run/systemd/dynamic-uid/61234", "x\n"),
        (6000, "etc/userdb/6000.user", #"{"userName":"x","uid":6000}"#),
        (6000, "run/userdb/6000.user", "{ \"uid\" : 6000,\n \"userName\"\t: \"x\" }"),
        (6000, "run/host/userdb/6000.user", #"{"disposition":"container","userName":"x"}"#),
        (6000, "usr/local/lib/userdb/6000.user", #"{"userName":"x"}"#),
        (6000, "usr/lib/userdb/6000.user", #"{"userName":"x"}"#),
        (
            60010, "var/lib/systemd/home/x.identity",
            #"{"userName":"x","binding":{"0123":{"gid":60010,"uid":60010}}}"#
        ),
    ])
    func everyLocalSource(uid: Int64, file: String, text: String) throws {
        #expect(try name(of: uid) == nil)
        try test.write(text, to: file)
        #expect(try name(of: uid) == "x")
        #expect(try name(of: uid + 1) == nil)
        if file != "etc/passwd" {
            try test.write("first:x:\(uid):0:::\n", to: "etc/passwd")
            #expect(try name(of: uid) == "first")
        }
    }

    /// A link that every user may read, where the file beside it is root's.
    @Test func dynamicUsers() throws {
        try test.link("run/systemd/dynamic-uid/direct:61234", to: "collector")
        try test.link("run/systemd/dynamic-uid/direct:collector", to: "61234")
        try test.link("run/systemd/dynamic-uid/direct:61235", to: "/etc/passwd")
        #expect(try name(of: 61234) == "collector")
        #expect(try name(of: 61235) == nil)
    }

    /// nss-systemd(8) makes up these two where nsswitch.conf(5) asks it.
    @Test(
        arguments: [
            ("passwd: files systemd\n", "root", "nobody"),
            ("# x\npasswd:\t\tcompat systemd\ngroup: files\n", "root", "nobody"),
            ("passwd: files\ngroup: files systemd\n", nil, nil), ("", nil, nil),
        ] as [(String, String?, String?)])
    func rootAndNobody(text: String, root: String?, nobody: String?) throws {
        try test.write(text, to: "etc/nsswitch.conf")
        #expect(try name(of: 0) == root)
        #expect(try name(of: 65534) == nobody)
        #expect(try name(of: 1) == nil)
        try test.write("toor:x:0:0:::\n", to: "etc/passwd")
        #expect(try name(of: 0) == "toor")
    }

    @Test(arguments: [
        "", "{", #"{"userName":5}"#, #"{"userName":""}"#, #"{"userName":"a/b"}"#,
        #"{"userName":"a\u0000b"}"#, #"{"userName"}"#, #"{"username":"x"}"#, "\"userName\":",
    ])
    func whatIsNoUserRecordHasNoName(text: String) {
        #expect(userName(inUserRecord: Array(text.utf8)) == nil)
    }
}
