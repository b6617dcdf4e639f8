import Records
import Testing

@testable import Host

@Suite struct OSReleaseTests {
    @Test(arguments: [
        (#"NAME='Harbour Master\'s Linux'"#, "Harbour Master's Linux"),
        ("NAME='Arch Linux'\r\nID=arch\r\n", "Arch Linux"),
        (#"NAME="a \"b\" \$c \`d\` \\e""#, #"a "b" $c `d` \e"#),
        (#"NAME="no escape: \n""#, #"no escape: \n"#),
        (#"NAME="it's 'so'""#, "it's 'so'"),
        ("NAME=Slackware", "Slackware"),
        ("NAME=\"a=b # no comment\"\n", "a=b # no comment"),
        ("#NAME=comment\n # NAME=too\n\nNAME=after\n", "after"),
        ("NAME=first\nNAME=last\n", "last"),
        ("no assignment\nNAME=x\nNAME\n", "x"),
        ("PRETTY_NAME=\"y\"\nNAME=\"openEuler\"\n", "openEuler"),
        ("NAME=\"caf\u{e9} \u{4e2d}\"\n", "caf\u{e9} \u{4e2d}"),
        // A mark in front, blanks behind, comments, parts of a shell's word.
        ("\u{FEFF}NAME=\"Foo Linux\"\r\n", "Foo Linux"), ("NAME=Foo  \t\n", "Foo"),
        ("NAME=Foo Linux # by hand\n", "Foo Linux"), ("NAME=\"Foo\" # by hand\n", "Foo"),
        ("NAME=\"Foo # \"  # by hand\n", "Foo # "), (#"NAME='it'\''s'"#, "it's"),
        ("NAME=Bob's\n", "Bob's"), ("NAME=a#b\n", "a#b"), ("NAME = spaced\n", "spaced"),
        // An accent behind a separator is no part of it.
        ("NAME=\u{301}x\n", "\u{301}x"), ("NAME=\"\u{301}x\"\u{301} # y\n", "\u{301}x\u{301}"),
        ("#\u{301}NAME=x\n", nil), ("NAME=x #\u{301}y\n", "x"), ("NAME=\\\u{301}\n", "\\\u{301}"),
        ("NAME=\n", nil), ("NAME=\"\"\n", nil), ("NAME=''\n", nil), ("", nil), ("\0\0", nil),
    ])
    func name(_ text: String, expected: String?) {
        #expect(Assignments(Array(text.utf8))["NAME"] == expected)
    }

    @Test func aNameThatIsNotUTF8IsRepaired() {
        #expect(Assignments(Array("NAME=\"caf".utf8) + [0xE9, 0x22])["NAME"] == "caf\u{FFFD}")
    }

    @Test(arguments: [
        ("VERSION_ID=12\nVERSION=\"12 (bookworm)\"", "12"),
        ("VERSION_ID=\"\"\nVERSION=\"41 (Server)\"", "41 (Server)"),
        ("BUILD_ID=rolling", "rolling"),
        ("ID=void", nil),
    ])
    func version(_ text: String, expected: String?) {
        let record = OSVersionRecord(Assignments(Array(text.utf8)), nil, kernel: "6.1.0")
        #expect(record.version == expected)
    }

    @Test func withoutAFileTheKernelIsTheSystem() {
        let record = OSVersionRecord(nil, nil, kernel: "6.1.0-28-amd64")
        #expect(record.name == "Linux")
        #expect(record.version == "6.1.0-28-amd64")
        #expect(record.platform == nil)
    }

    /// os-release(5): without NAME it is "Linux".
    @Test func withoutANameItIsLinux() {
        let record = OSVersionRecord(
            Assignments(Array("ID=x\nID_LIKE=\"y z\"".utf8)), nil, kernel: nil)
        #expect(record.name == "Linux")
        #expect(record.platform == "x")
        #expect(record.platformLike == "y z")
        #expect(record.codename == nil)
    }
}
