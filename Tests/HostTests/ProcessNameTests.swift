import Testing

@testable import Host

@Suite struct ProcessNameTests {
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
        ("postgres-longna", "/usr/bin/postgres-longname: writer idle\0", "postgres-longname"),
        ("a program with ", "/opt/a program with spaces\0--flag\0", "a program with spaces"),
        ("exactly-15-long", "/bin/exactly-15-long\0-x\0", "exactly-15-long"),
        // The first argument says something else, or nothing.
        (
            "unattended-upgr", "/usr/bin/python3\0/usr/share/x\0unattended-upgrade\0",
            "unattended-upgr"
        ),
        ("unattended-upgr", "UNATTENDED-UPGRADE\0", "unattended-upgr"),
        ("fifteen-letters", "", "fifteen-letters"), ("fifteen-letters", "\0\0", "fifteen-letters"),
        ("fifteen-letters", "/usr/bin/\0", "fifteen-letters"),
        ("kworker/R-rcu_gp", "", "kworker/R-rcu_gp"),
        // Shorter names are whole.
        ("sshd", "sshd: /usr/sbin/sshd -D [listener]\0", "sshd"), ("sh", "/bin/shell\0", "sh"),
        ("", "/bin/x\0", ""),
    ])
    func byFirstArgument(_ name: String, commandLine: String, expected: String) {
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

    /// The kernel names a script's process after the script; its arguments are the interpreter, at
    /// most one word of options, the script.
    @Test(arguments: [
        ("/usr/bin/python3\0/usr/bin/ansible-playbook\0site.yml\0", "ansible-playbook"),
        ("/usr/bin/python3\0-u\0/usr/bin/ansible-playbook\0", "ansible-playbook"),
        ("/usr/bin/python3\0-u -W ignore\0/usr/bin/ansible-playbook\0", "ansible-playbook"),
        ("python3\0-u\0-W\0ignore\0/usr/bin/ansible-playbook\0-v\0", "ansible-playbook"),
        ("/usr/bin/perl\0-w\0./ansible-playbook.pl\0", "ansible-playbook.pl"),
        ("/bin/bash\0/x y/ansible-playbook.sh\0", "ansible-playbook.sh"),
        ("/usr/bin/python3 /usr/bin/ansible-playbook site.yml\0", "ansible-playbook"),
        // What stands behind the script is the script's.
        ("/bin/sh\0/x/y\0/etc/ansible-playbook.conf\0", "ansible-playboo"),
        ("/bin/sh\0-c\0--\0-x\0", "ansible-playboo"), ("/bin/sh\0", "ansible-playboo"),
    ])
    func byScript(commandLine: String, expected: String) {
        let name = Array("ansible-playboo".utf8)
        #expect(fullName(name, commandLine: Array(commandLine.utf8)).text == expected)
    }

    @Test(arguments: [
        ("replaced\0", "/usr/sbin/long-daemon-name-x", "long-daemon-name-x"),
        ("", "/usr/sbin/long-daemon-name-x (deleted)", "long-daemon-name-x"),
        ("long-daemon-name: idle\0\0", "/usr/sbin/other", "long-daemon-name"),
        ("-long-daemon-name\0", "/bin/other", "long-daemon-name"),
        ("replaced\0", "/usr/bin/python3.11", "long-daemon-nam"),
    ])
    func byExecutable(commandLine: String, executable: String, expected: String) {
        let full = fullName(
            Array("long-daemon-nam".utf8), commandLine: Array(commandLine.utf8),
            executable: Array(executable.utf8))
        #expect(full.text == expected)
    }
}
