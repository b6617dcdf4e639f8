import Foundation
import Records
import TestSupport
import Testing
import Text

@testable import Host

@Suite struct ProcessTableTests {
    private static func process(
        _ pid: Int64, _ name: RawText, parent: Int64, uid: Int64, user: RawText?, start: Int64,
        path: RawText?
    ) -> ProcessRecord {
        var process = ProcessRecord(pid: pid, name: name)
        process.parent = parent
        process.uid = uid
        process.user = user
        process.startTime = start
        process.path = path
        return process
    }

    @Test func numbersOfMoreThan32Bits() throws {
        let processes = try readTable(
            fixtureTree("beyond-32-bits"), bootTime: 5_294_967_296
        ).processes
        #expect(processes.map(\.parent) == [0, 0, 4_294_967_295, 1, 3_000_000_000])
        #expect(processes.map(\.uid) == [0, 0, 4_294_967_295, 4_294_967_294, 2_147_483_648])
        #expect(
            processes.map(\.startTime) == [
                5_294_967_296, 5_294_967_296, 92_233_725_663_515_054, 5_316_442_132,
                16_290_083_573,
            ])
    }

    /// Started at 1763800000, a hundred ticks a second.
    private static let debian = [
        process(
            1, "systemd", parent: 0, uid: 0, user: "root", start: 1_763_800_000,
            path: "/usr/lib/systemd/systemd"),
        process(
            2, "kthreadd", parent: 0, uid: 0, user: "root", start: 1_763_800_000, path: nil),
        process(
            57, "kworker/u8:1-events_unbound", parent: 2, uid: 0, user: "root",
            start: 1_763_800_000, path: nil),
        process(
            640, "agetty", parent: 1, uid: 0, user: "root", start: 1_763_800_012,
            path: "/usr/sbin/agetty"),
        process(
            655, "sshd", parent: 1, uid: 0, user: "root", start: 1_763_800_012,
            path: "/usr/sbin/sshd"),
        process(
            701, "login", parent: 1, uid: 0, user: "root", start: 1_763_800_881,
            path: "/usr/bin/login"),
        process(
            1180, "sshd", parent: 655, uid: 0, user: "root", start: 1_763_803_595,
            path: "/usr/sbin/sshd"),
        process(
            1200, ") S 1 2", parent: 1180, uid: 1000, user: "deploy", start: 1_763_803_610,
            path: "/opt/odd/brackets"),
        process(
            1201, "line1\nline2", parent: 1180, uid: 1000, user: "deploy", start: 1_763_803_610,
            path: "/opt/odd/newline"),
        process(
            1202, "gvfs-udisks2-volume-monitor", parent: 1, uid: 1000, user: "deploy",
            start: 1_763_803_611, path: "/usr/libexec/gvfs-udisks2-volume-monitor"),
        process(
            1203, "postgres-longname", parent: 1, uid: 106, user: "postgres",
            start: 1_763_800_024, path: "/usr/bin/postgres-longname"),
        process(
            1204, "unattended-upgrade-shutdown", parent: 1, uid: 0, user: "root",
            start: 1_763_800_013,
            path: "/usr/bin/python3.11"),
        process(
            1205, RawText([0x63, 0x61, 0x66, 0xE9, 0x2D, 0xFF, 0xFE]), parent: 1180, uid: 1000,
            user: "deploy", start: 1_763_803_612, path: "/opt/odd/cafe"),
        process(  // a zombie
            1206, "sh", parent: 1204, uid: 0, user: "root", start: 1_763_803_613, path: nil),
        process(  // set-user-id: the effective user counts
            1207, "passwd", parent: 1180, uid: 0, user: "root", start: 1_763_803_614,
            path: "/usr/bin/passwd"),
        process(
            1208, "node", parent: 1, uid: 10234, user: nil, start: 1_763_803_615,
            path: "/usr/bin/node (deleted)"),
    ]

    @Test func everyProcessOfAHost() throws {
        let table = try readTable(
            fixtureTree("debian-12-x86_64"), bootTime: 1_763_800_000,
            accounts: Accounts(fixtureTree("debian-12-x86_64")))
        #expect(table.processes.map(\.pid) == Self.debian.map(\.pid))
        for (process, expected) in zip(table.processes, Self.debian) {
            #expect(process == expected)
        }
        #expect(table.unreadable == 0)
        #expect(!table.areSomeHidden)
    }

    @Test(arguments: [
        ("raspberry-pi-aarch64", ["systemd", "kthreadd", "agetty", "sshd"]),
        ("visionfive2-riscv64", ["systemd", "kthreadd", "systemd-networkd"]),
        ("openwrt-mips", ["procd", "kthreadd", "dropbear", "dnsmasq"]),
        ("sun-sparc64", ["init", "kthreadd"]),
        ("armv7-hardware", ["init", "kthreadd", "login"]),
        (
            "ubuntu-25.10-logind",
            [
                "systemd", "kthreadd", "gdm-session-worker", "gdm-session-worker", "systemd",
                "sshd-session",
            ]
        ),
        ("arch-rolling-container", ["systemd", "systemd-journald"]),
        (
            "rhel-5-i686",
            ["init", "migration/0", "ksoftirqd/0", "mingetty", "sshd", "sshd"]
        ),
        (
            "ostree-desktop-x86_64",
            [
                "systemd", "kthreadd", "chronyd", "passimd", "gdm-session-worker",
                "sshd-session", "sshd-session", "ansible-playbook",
            ]
        ),
    ])
    func names(_ tree: String, expected: [String]) throws {
        let table = try readTable(fixtureTree(tree), kernel: "2.6.18-398.el5")
        #expect(table.processes.map(\.name.text) == expected)
        #expect(table.areSomeHidden == (tree == "arch-rolling-container"))
    }

    @Test func owners() throws {
        let tree = "ostree-desktop-x86_64"
        let table = try readTable(fixtureTree(tree), accounts: Accounts(fixtureTree(tree)))
        let owners = table.processes.map { "\($0.name.text ?? "") \($0.user?.text ?? "")" }
        #expect(owners.contains("chronyd chrony") && owners.contains("passimd passim"))
    }

    @Test func withoutABootTimeNoStartIsKnown() throws {
        let table = try readTable(fixtureTree("debian-12-x86_64"))
        #expect(table.processes.allSatisfy { $0.startTime == nil && $0.user == nil })
    }

    @Test func whatEndedIsPassedOverAndWhatIsNoProcessToo() throws {
        let test = try TemporaryDirectory()
        try test.writeProcess(1, "init")
        _ = try test.prepare("proc/2/stat")  // a directory without its files
        try test.write("", to: "proc/3")
        try test.write("x", to: "proc/4/stat/within")
        try test.writeProcess(5, "last", parent: 1)
        let table = try readTable(test.tree())
        #expect(table.processes.map(\.pid) == [1, 5])
    }

    @Test func whatMayNotBeReadIsCounted() throws {
        let test = try TemporaryDirectory()
        try test.writeProcess(1, "init", uid: 0)
        try test.writeProcess(2, "secret")
        try test.writeProcess(3, "fifteen-letters-and-more")
        try test.write(statText(3, Array("fifteen-letters".utf8)), to: "proc/3/stat")
        for file in ["proc/2/stat", "proc/3/cmdline", "proc/3/status"] {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0], ofItemAtPath: test.path.appending(file).string)
        }
        let table = try boundByPermissions { try readTable(test.tree()) }
        #expect(table.processes.map(\.pid) == [1, 3])
        #expect(table.unreadable == 1)
        // What is not known of a process that may be read in part.
        #expect(table.processes.last?.name == "fifteen-letters")
        #expect(table.processes.last?.uid == nil)
        #expect(table.processes.first?.uid == 0)
    }

    @Test func aStatOfNoSenseIsCounted() throws {
        let test = try TemporaryDirectory()
        try test.writeProcess(1, "init")
        try test.write("garbage", to: "proc/2/stat")
        let table = try readTable(test.tree())
        #expect(table.processes.map(\.pid) == [1])
        #expect(table.unreadable == 1)
    }

    /// Any user can start a program that makes one of these unreadable, and must not by that keep
    /// the host from being read: a path beyond PATH_MAX, arguments without end (PR_SET_MM_MAP).
    @Test func anOddProcessDoesNotHideTheOthers() throws {
        let test = try TemporaryDirectory()
        try test.writeProcess(1, "init")
        try test.write("no link, EINVAL", to: "proc/1/exe")
        try test.writeProcess(2, "kthreadd")
        try test.writeProcess(3, "fifteen-letters")
        try test.write(
            Array("/bin/fifteen-letters-and-more\0".utf8)
                + [UInt8](repeating: 120, count: 17 << 20),
            to: "proc/3/cmdline")
        let table = try readTable(test.tree())
        #expect(table.processes.map(\.pid) == [1, 2, 3])
        #expect(table.processes.first?.path == nil)
        #expect(table.processes.last?.name.text?.hasPrefix("fifteen-letters") == true)
    }

    /// kthreadd came with Linux 2.6.22. What the kernel started before it is in view all the same.
    @Test(
        arguments: [
            ("kthreadd", 0, "6.1.0", false), ("kthreadd", 0, nil, false),
            ("migration/0", 1, "2.6.18-398.el5", false), ("ksoftirqd/0", 1, "2.6.9-103.EL", false),
            ("keventd", 1, "2.4.21-60.EL", false), ("migration/0", 0, "2.6.21", false),
            // In a pid namespace, where any process may take the name.
            ("migration/0", 1, "2.6.22", true), ("migration/0", 1, "6.1.0", true),
            ("migration/0", 1, nil, true), ("bash", 1, "2.6.18", true),
            ("kthreadd", 1, "6.1.0", true),
            ("kthreadd/101", 1, "2.6.18-417.el5.028stab", true),
        ] as [(String, Int64, String?, Bool)])
    func theKernelsThreads(
        second: String, parent: Int64, kernel: String?, areHidden: Bool
    ) throws {
        let test = try TemporaryDirectory()
        try test.writeProcess(1, "init")
        try test.writeProcess(2, second, parent: parent)
        #expect(try readTable(test.tree(), kernel: kernel).areSomeHidden == areHidden)
        // A program has an executable, whatever it calls itself.
        try test.link("proc/2/exe", to: "/bin/x")
        let isHidden = try readTable(test.tree(), kernel: kernel).areSomeHidden
        #expect(isHidden == (areHidden || second != "kthreadd"))
    }

    @Test func aLinkDoesNotLeadOutOfTheTree() throws {
        let outside = try TemporaryDirectory()
        try outside.writeProcess(7, "outside")
        let test = try TemporaryDirectory()
        try test.writeProcess(1, "init")
        try test.link("proc/7", to: outside.path.appending("proc/7").string)
        try test.link(
            "proc/8/stat", to: outside.path.appending("proc/7/stat").string)
        #expect(try readTable(test.tree()).processes.map(\.pid) == [1])
    }

    private func readTable(
        _ tree: consuming HostTree, bootTime: Int64? = nil, kernel: String? = nil,
        accounts: Accounts? = nil
    ) throws -> ProcessTable {
        var accounts = try accounts ?? Accounts(TemporaryDirectory().tree())
        let table = ProcessTable(tree, bootTime: bootTime, kernel: kernel, accounts: &accounts)
        return try #require(table)
    }
}
