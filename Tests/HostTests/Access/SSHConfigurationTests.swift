import Records
import TestSupport
import Testing

@testable import Host

/// sshd_config as sshd itself reads it.
@Suite struct SSHConfigurationTests {
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHNNpYhZ9VfIw4m9eVIzJLDXtjlYzjtDDqpwp4ojGnfV\n"
    private let test: TemporaryDirectory

    init() throws {
        test = try TemporaryDirectory()
        try test.write("root:x:0:0::/root:\nanna:x:1000:1000::/home/anna:\n", to: "etc/passwd")
    }

    /// Keywords, and quotes, escapes and comments of their arguments.
    @Test(
        arguments: [
            ("", []), ("  \t", []), ("# HostKey /a", []), ("  #x", []),
            ("HostKey /a", ["hostkey", "/a"]),
            ("\tHOSTKEY\t /a \t\r", ["hostkey", "/a"]), ("hostkey=/a", ["hostkey", "/a"]),
            ("hostkey = /a", ["hostkey", "/a"]), ("HostKey =  /a # b", ["hostkey", "/a"]),
            ("HostKey==/a", ["hostkey", "=/a"]), ("\"HostKey\" /a", ["hostkey", "/a"]),
            ("=HostKey /a", ["hostkey", "/a"]), ("HostKey", ["hostkey"]),
            ("X 'a b' \"c d\" e'f g'h", ["x", "a b", "c d", "ef gh"]),
            (
                #"X a\ b \"c\' 'd\'e' 'f\ g' \\h \i"#,
                ["x", "a b", "\"c'", "d'e", #"f\ g"#, #"\h"#, #"\i"#]
            ),
            ("X a#b #c", ["x", "a#b"]), ("X '' b", ["x", "", "b"]), ("X a\u{0C}", ["x", "a"]),
            ("X 'a", nil), ("X a\"", nil), ("\"X a", nil), ("X a\0", nil), ("\0\0", nil),
        ] as [(String, [String]?)])
    func words(line: String, words: [String]?) {
        let found = sshWords(Array(line.utf8))?.map { String(decoding: $0, as: UTF8.self) }
        #expect(found == words)
    }

    /// glob(7).
    @Test(arguments: [
        ("*.conf", ["10.conf", "a.conf", ".conf"], ["conf", "a.conf~"]),
        ("[0-9]*.conf", ["10.conf", "9.conf"], ["a.conf", "-.conf"]),
        ("[!0-9]*", ["a", "]"], ["1", ""]), ("[]a-c-]", ["]", "b", "-"], ["d", "["]),
        ("[[:digit:]_]?", ["1x", "_x"], ["ax", "1", ":x"]),
        ("[[:upper:][:punct:]]", ["A", "_"], ["a", "1"]),
        (#"\*\[a\]"#, ["*[a]"], ["x[a]", #"\*[a]"#]), ("[a", ["[a"], ["a"]), ("[", ["["], ["a"]),
        (#"[\]a]"#, ["]", "a"], [#"\"#]), ("a*b*c", ["abc", "axbxbxc"], ["ab", "abcd"]),
        ("*", ["", "a"], []), ("", [""], ["a"]), ("[z-a]", [], ["z", "m", "a"]),
        ("[[:nothing:]]", [":]", "n]"], ["[", "x"]), ("x[a-", ["x[a-"], ["xa", "x-"]),
    ])
    func patterns(pattern: String, matching: [String], others: [String]) {
        for name in matching { #expect(isMatch(Array(name.utf8), Array(pattern.utf8)), "\(name)") }
        for name in others { #expect(!isMatch(Array(name.utf8), Array(pattern.utf8)), "\(name)") }
    }

    /// The accounts' keys that one configuration leads to.
    @Test(arguments: [
        ("Include /etc/ssh/sshd_config.d/[0-9]*.conf", ["sshd_config.d/10.conf"], "/etc/keys/%u"),
        ("Include /etc/ssh/*/auth.conf", ["a/auth.conf"], "/etc/keys/%u"),
        ("include = '*/?uth.conf'", ["a/auth.conf"], "/etc/keys/%u"),
        ("Include /etc/ssh/no /etc/ssh/[!b]/a*", ["a/auth.conf"], "/etc/keys/%u"),
        ("Match User x\n  Include a/auth.conf", ["a/auth.conf"], "/etc/keys/%u"),
        ("Include .a/*", [".a/auth.conf"], "/etc/keys/%u"),
        ("Include [.]a/* a/.*", ["a/.auth.conf"], "/etc/keys/%u"),
        ("", ["../../etc/ssh/sshd_config"], "'/etc/keys/%u'"),
        ("", ["sshd_config"], "NONE \"/etc/keys/%u\""), ("", ["sshd_config"], "/etc/keys/%U"),
        ("", ["sshd_config"], "/etc/keys/a%%\\ %u"), ("", ["sshd_config"], "~/%u"),
        ("", ["sshd_config"], "~anna/k"), ("", ["sshd_config"], "%h/k"), ("", ["sshd_config"], "k"),
    ])
    func keysOfAccounts(main: String, files: [String], pattern: String) throws {
        try test.write(main + "\n", to: "etc/ssh/sshd_config")
        for file in files {
            try test.write("AuthorizedKeysFile\t\(pattern)\n", to: "etc/ssh/\(file)")
        }
        for path in [
            "etc/keys/anna", "etc/keys/1000", "etc/keys/a% anna", "root/anna", "home/anna/k",
        ] {
            try test.write(Self.key, to: path)
        }
        let facts = try test.access(.authorizedKeys)
        #expect(facts.failures == [])
        #expect(facts.records.authorizedKeys.map(\.username.repaired).contains("anna"))
    }

    /// What a pattern does not stand for.
    @Test(arguments: [
        "Include /etc/ssh/*.d/[!0-9]*.conf", "Include /etc/ssh/*", "Include *.d/10.conf/*",
        "Include sshd_config.d/10.con", "Include '*.d/10.conf' x\"",
    ])
    func otherFiles(line: String) throws {
        try test.write(line + "\n", to: "etc/ssh/sshd_config")
        try test.write("AuthorizedKeysFile /k\n", to: "etc/ssh/sshd_config.d/10.conf")
        try test.write("AuthorizedKeysFile /k\n", to: "etc/ssh/.d/a.conf")
        try test.write(Self.key, to: "k")
        #expect(try test.access(.authorizedKeys).records.authorizedKeys == [])
    }

    /// Neither is left out in silence.
    @Test(arguments: [
        ("AuthorizedKeysFile '/a", "it has a line that is not understood"),
        (
            (0..<300).map { "AuthorizedKeysFile /k\($0)\n" }.joined(),
            "it has too many items"
        ),
        (String(repeating: "Include x\n", count: 300), "it has too many items"),
    ])
    func whatIsNotRead(text: String, reason: String) throws {
        try test.write(text, to: "etc/ssh/sshd_config")
        #expect(
            try test.access(.authorizedKeys).failures == [
                "authorized_key sshd_config etc/ssh/sshd_config: \(reason)"
            ])
    }
}
