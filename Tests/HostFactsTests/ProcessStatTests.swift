import Testing

@testable import HostFacts

@Suite struct ProcessStatTests {
    @Test(arguments: [
        ") S 1 2", "((()", ")", "(", "", " ", "line1\nline2", "a) R 9 9 9 (b", "tab\there",
        "fifteen-letters", "kworker/u8:1-events_unbound",
    ])
    func name(_ name: String) throws {
        let stat = try #require(
            ProcessStat(statText(42, Array(name.utf8), parent: 7, start: 359_580)))
        #expect(stat.name == Array(name.utf8))
        #expect(stat.parent == 7)
        #expect(stat.startTicks == 359_580)
    }

    @Test func aNameMayBeAnyBytes() {
        let name: [UInt8] = [0xE9, 0x2D, 0xFF, 0xFE, 0x01]
        #expect(ProcessStat(statText(1, name))?.name == name)
    }

    @Test(arguments: [
        "", "\0", "1", "1 (a", "1 a) S 1", "1 )a( S 1 2", "1 (a)", "1 (a) S", "1 (a) S 0 1 1 0 -1",
        "1 (a) S x 7 7 0 -1 1 9 0 0 0 5 6 0 0 20 0 1 0 18 4096",
    ])
    func whatIsNoStatIsNone(text: String) {
        #expect(ProcessStat(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        ("Name:\tpasswd\nUid:\t1000\t0\t5\t6\nGid:\t1\t2\t3\t4\n", 0),
        // The kernel writes a name's newline as \n, so a name cannot forge the line.
        ("Name:\tx\\nUid:\\t0\nUid:\t1000\t1001\t1000\t1000\n", 1001),
        ("Uid:\t1\t4294967294\t1\t1", 4_294_967_294),
        ("Name:\tx\n", nil), ("Uid:\n", nil), ("Uid:\t1000\n", nil), ("", nil),
    ])
    func effectiveUser(_ status: String, expected: Int?) {
        #expect(effectiveUserID(inStatus: Array(status.utf8)) == expected)
    }

    /// As psutil's `Process.name()`: where the kernel's name is 15 bytes long, the base name of the
    /// first argument if it begins with it. psutil splits a lone argument at its spaces.
    @Test(arguments: [
        (
            "gvfs-udisks2-vo", "/usr/libexec/gvfs-udisks2-volume-monitor\0",
            "gvfs-udisks2-volume-monitor"
        ),
        ("systemd-network", "/usr/lib/systemd/systemd-networkd\0", "systemd-networkd"),
        ("gdm-session-wor", "gdm-session-worker [pam/gdm-password]\0", "gdm-session-worker"),
        ("gdm-session-wor", "gdm-session-worker [pam/gdm-password]", "gdm-session-worker"),
        ("postgres-longna", "/usr/bin/postgres-longname: writer idle\0", "postgres-longname:"),
        ("a program with ", "/opt/a program with spaces\0--flag\0", "a program with spaces"),
        ("exactly-15-long", "/bin/exactly-15-long\0-x\0", "exactly-15-long"),
        // The first argument says something else, or nothing.
        ("unattended-upgr", "/usr/bin/python3\0/usr/share/unattended-upgrade\0", "unattended-upgr"),
        ("unattended-upgr", "UNATTENDED-UPGRADE\0", "unattended-upgr"),
        ("fifteen-letters", "", "fifteen-letters"), ("fifteen-letters", "\0\0", "fifteen-letters"),
        ("fifteen-letters", "/usr/bin/\0", "fifteen-letters"),
        ("kworker/R-rcu_gp", "", "kworker/R-rcu_gp"),
        // Shorter names are whole.
        ("sshd", "sshd: /usr/sbin/sshd -D [listener]\0", "sshd"), ("sh", "/bin/shell\0", "sh"),
        ("", "/bin/x\0", ""),
    ])
    func nameInFull(_ name: String, commandLine: String, expected: String) {
        let full = fullName(Array(name.utf8), commandLine: Array(commandLine.utf8))
        #expect(full.text == expected)
    }

    /// The kernel cuts between two bytes of a character.
    @Test func aCutCharacterIsMadeWhole() {
        let whole = "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}"
        let full = fullName(
            Array(whole.utf8.prefix(15)), commandLine: Array("/opt/\(whole)\0".utf8))
        #expect(full.text == whole)
    }
}
