import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Testing

/// What a tree says of the hardware.
private struct Hardware {
    var virtualization: String?
    var uuid: String?
    var vendor: String?
    var model: String?
    var serial: String?
    var memory: Int64?
    var interfaces: [String]?
}

/// What a tree under `fixtures/hosts` says. Processors, processes and sessions in full are the
/// matter of those parts' own tests.
private struct Expected: CustomTestStringConvertible {
    var tree: String
    var hostname: String?
    var id: String
    var idSource = "machine-id"
    var ip: String?
    var addresses: [String]?
    var bootTime: Int64?
    var kernel: String?
    var arch: String?
    var container: String?
    /// Name, version, id, ids of kin, codename.
    var os: (String, String?, String?, String?, String?)
    /// Point release and build.
    var release: (String?, String?) = (nil, nil)
    var cpu: String?
    var sessionSource = "none"
    var hidden: Bool? = false
    /// Process ids.
    var processes: [Int64] = [1, 2]
    var users: [String] = []
    var hardware = Hardware()

    var testDescription: String { tree }
}

private let expectations = [
    Expected(
        tree: "debian-12-x86_64", hostname: "web-01",
        id: "92571683-c409-4adc-8bb5-afc1d190f78c", ip: "192.0.2.10",
        addresses: ["172.17.0.1", "192.0.2.10", "198.51.100.7", "2001:db8::10"],
        bootTime: 1_763_800_000, kernel: "6.1.0-28-amd64", arch: "x86_64", container: "none",
        os: ("Debian GNU/Linux", "12", "debian", nil, "bookworm"),
        cpu: "Intel(R) Xeon(R) CPU E3-1220L V2 @ 2.30GHz", sessionSource: "utmp",
        processes: [1, 2, 57, 640, 655, 701, 1180] + Array(1200...1208),
        users: ["release-engineering-automation01", "deploy"],
        hardware: Hardware(
            virtualization: "none", uuid: "4c4c4544-0042-3510-8052-c4c04f503732",
            vendor: "Dell Inc.", model: "PowerEdge R220", serial: "B5R2S72",
            memory: 16_316_780 * 1024,
            interfaces: ["eno1 f8:bc:12:34:56:78", "eno2 f8:bc:12:34:56:79"])),
    Expected(
        tree: "raspberry-pi-aarch64", hostname: "pi", id: "ebc63542-692f-4de0-a9ff-7743a6ccb69a",
        ip: "192.168.1.77", addresses: ["192.168.1.77"], bootTime: 1_763_800_111,
        kernel: "6.6.51+rpt-rpi-v8", arch: "aarch64", container: "none",
        os: ("Debian GNU/Linux", "12", "debian", nil, "bookworm"), cpu: "ARM Cortex-A72",
        sessionSource: "utmp", processes: [1, 2, 640, 905], users: ["pi"],
        hardware: Hardware(
            virtualization: "none", vendor: "raspberrypi", model: "Raspberry Pi 4 Model B Rev 1.4",
            serial: "10000000a1b2c3d4", memory: 3_884_332 * 1024,
            interfaces: ["eth0 dc:a6:32:01:02:03", "wlan0 dc:a6:32:01:02:04"])),
    Expected(
        tree: "visionfive2-riscv64", hostname: "visionfive2",
        id: "be9fd348-fd86-46af-9aaf-0f5c8358c519", ip: "192.168.1.60",
        addresses: ["192.168.1.60", "2001:db8:3::60"], bootTime: 1_763_800_222,
        kernel: "6.17.8+deb14-riscv64", arch: "riscv64", container: "none",
        os: ("Debian GNU/Linux", "forky", "debian", nil, "forky"), cpu: "sifive,u74-mc",
        processes: [1, 2, 402]),
    Expected(
        tree: "ibm-z15-s390x", hostname: "zlnx15.example.com",
        id: "dd37bfed-fd48-44cf-b7b6-9cc7369078ff", ip: "10.20.30.40",
        addresses: ["10.20.30.40"], bootTime: 1_763_800_333,
        kernel: "5.14.0-570.12.1.el9_6.s390x", container: "none",
        os: ("Red Hat Enterprise Linux", "9.6", "rhel", "fedora", nil), cpu: "IBM z15 (8561)"),
    Expected(
        tree: "power9-ppc64le", hostname: "p9-sles", id: "90def506-71e7-469a-a900-e9e1a9a0588c",
        ip: "10.9.8.7", addresses: ["10.9.8.7"], bootTime: 1_763_800_444,
        kernel: "6.4.0-150600.23.73-default", arch: "ppc64le", container: "none",
        os: ("SLES", "15.6", "sles", "suse", nil), cpu: "POWER9 (architected)",
        hardware: Hardware(
            virtualization: "powervm", vendor: "IBM", model: "IBM,9009-22A", serial: "IBM,0278ABC",
            interfaces: ["eth0 fa:16:3e:00:00:01"])),
    Expected(
        tree: "loongson-loongarch64", hostname: "loong",
        id: "667228cb-c2c2-47c1-85a7-9a2e2c9a3742", ip: "192.168.100.20",
        addresses: ["192.168.100.20"], bootTime: 1_763_800_555,
        kernel: "6.6.0-72.0.0.76.oe2403sp1.loongarch64", arch: "loongarch64", container: "none",
        os: ("openEuler", "24.03", "openEuler", nil, nil), cpu: "Loongson-3A5000"),
    Expected(
        tree: "openwrt-mips", hostname: "openwrt-gw",
        id: "44ca7e36-d89c-4b7a-96a7-642b766795f4", idSource: "hostname", ip: "203.0.113.44",
        addresses: [
            "192.168.8.1", "203.0.113.44", "fd12:3456:789a::1", "2001:db8:7::44",
        ],
        bootTime: 1_763_800_666, kernel: "5.4.238", container: "none",
        os: ("OpenWrt", "21.02.7", "openwrt", "lede openwrt", nil),
        release: (nil, "r16847-f8282da11e"), cpu: "MIPS 1004Kc V2.15",
        processes: [1, 2, 1340, 1702]),
    Expected(
        tree: "sun-sparc64", hostname: "niagara", id: "0d669456-08d5-48b4-b4d3-2a3fd5f5c4af",
        ip: "2001:db8:8::8", addresses: ["2001:db8:8::8"], bootTime: 1_763_800_777,
        kernel: "6.12.58-gentoo", arch: "sparc64", container: "none",
        os: ("Gentoo", "2.18", "gentoo", nil, nil), cpu: "UltraSparc T5 (Niagara5)"),
    Expected(
        tree: "arm-biglittle-aarch64", hostname: "edge-09",
        id: "9ef19e2b-a21d-4a16-a62c-3e718a822b2d", ip: "10.77.0.9", addresses: ["10.77.0.9"],
        bootTime: 1_763_800_888, kernel: "6.12.48", arch: "aarch64", container: "none",
        os: ("Harbour Master's Linux", "3.1", "harbourmaster", "debian", "skua"),
        cpu: "ARM Cortex-A53 + ARM Cortex-A72"),
    Expected(
        tree: "armv7-hardware", hostname: "sunxi", id: "7c081bf5-eddf-401f-9718-a38a4f78f2fc",
        ip: "192.168.55.5", addresses: ["192.168.55.5"], bootTime: 1_763_800_999,
        kernel: "4.4.14-armv7", container: "none",
        os: ("Slackware", "14.2", "slackware", nil, nil), cpu: "ARM Cortex-A7",
        sessionSource: "utmp", processes: [1, 2, 812], users: ["root"]),
    Expected(
        tree: "ubuntu-25.10-logind", hostname: "lab-ubuntu",
        id: "eee2d6ec-6db3-4afe-b404-0e346765abc3", ip: "192.0.2.55",
        addresses: ["192.0.2.55", "192.168.122.1", "2001:db8:55::55"], bootTime: 1_763_802_000,
        kernel: "6.17.0-6-generic", arch: "x86_64", container: "none",
        os: ("Ubuntu", "25.10", "ubuntu", "debian", "questing"),
        cpu: "AMD Athlon Silver 3050U with Radeon Graphics", sessionSource: "logind",
        processes: [1, 2, 1500, 2101, 2110, 2500], users: ["mara"],
        hardware: Hardware(
            virtualization: "kvm", uuid: "f2c1d9a4-6b3e-11eb-8d2f-3a7c9e51b204", vendor: "QEMU",
            model: "Standard PC (Q35 + ICH9, 2009)", memory: 4_005_144 * 1024,
            interfaces: ["enp1s0 52:54:00:12:34:56"])),
    Expected(  // its board's UUID is one that the maker left in for all of them
        tree: "arch-rolling-container", hostname: "arch-ct",
        id: "94650fae-60c0-4ee1-8978-1293ecd332a0", idSource: "hostname", ip: "10.0.3.15",
        addresses: ["10.0.3.15"], bootTime: 1_763_803_000, kernel: "6.14.11-4-pve",
        arch: "x86_64", container: "lxc", os: ("Arch Linux", "rolling", "arch", nil, nil),
        cpu: "Intel(R) N100", hidden: true, processes: [1, 45],
        hardware: Hardware(
            virtualization: "none", vendor: "LENOVO", model: "20XW0055GE",
            interfaces: ["eth0 02:42:ac:11:00:05"])),
    Expected(
        tree: "disk-image", hostname: "old-disk", id: "5548b776-543c-43ee-b0ab-94e9df1f59c5",
        os: ("Fedora Linux", "41", "fedora", nil, nil), hidden: nil, processes: []),
    Expected(  // no os-release, no kthreadd, no default route, and D-Bus' machine-id
        tree: "rhel-5-i686", hostname: "line7.example.com",
        id: "1e8230f3-5d25-4a0f-a7c9-703839d03640", ip: "10.44.0.7",
        addresses: ["192.168.122.1", "10.44.0.7"], bootTime: 1_763_804_000,
        kernel: "2.6.18-398.el5", container: "none",
        os: ("Red Hat Enterprise Linux Client", "5.11", "rhel", nil, "Tikanga"),
        cpu: "Intel(R) Pentium(R) 4 CPU 2.80GHz", sessionSource: "utmp",
        processes: [1, 2, 3, 2801, 2899, 2900], users: ["oracle"]),
    Expected(  // an utmp that nobody fills
        tree: "alpine-openrc-x86_64", hostname: "alp-03",
        id: "64e7cb40-2aaf-416f-9279-a3b764eee465", idSource: "hostname", ip: "192.0.2.43",
        addresses: ["192.0.2.43"], bootTime: 1_763_804_100, kernel: "6.6.58-0-lts",
        arch: "x86_64", container: "none", os: ("Alpine Linux", "3.20.3", "alpine", nil, nil),
        cpu: "Intel(R) Pentium(R) 4 CPU 2.80GHz", processes: [1, 2, 2200],
        hardware: Hardware(
            virtualization: "none", vendor: "ASRock", model: "J4125-ITX")),
    Expected(  // a disk, with an utmp of before it was taken out
        tree: "sles-11-disk", hostname: "erp-2.example.com",
        id: "f62f4af9-6592-41ce-b492-6cf65c16f5c9",
        os: ("SUSE Linux Enterprise Server", "11.3", "sles", nil, nil), hidden: nil,
        processes: []),
    // Accents stand behind the separators; a digit and a capital that only Unicode has.
    Expected(
        tree: "combining-marks", hostname: "\u{663}host\u{301}.example",
        id: "fb0bc678-a50c-476e-b4fd-b79d3178afa4", idSource: "hostname",
        os: ("\u{301}Accents", "\u{301}12", "\u{301}acc", nil, nil),
        cpu: "\u{301} Foo \u{301}\u{212A}", hidden: nil, processes: []),
    Expected(
        tree: "synology-dsm", hostname: "nas-1", id: "908039ca-beb9-4355-b197-32a359455153",
        idSource: "hostname", os: ("Synology DSM", "7.2.1", "synology", nil, nil),
        release: (nil, "69057"), hidden: nil, processes: []),
    Expected(  // a session in both accounts and one in logind's only; a bridge with a card in it
        tree: "ostree-desktop-x86_64", hostname: "fedora",
        id: "1ec2ec16-eed9-40f4-a43f-dee2a394458b", ip: "192.0.2.61",
        addresses: [
            "10.8.0.3", "10.88.0.1", "192.0.2.61", "2001:db8:61::fe", "2001:db8:61::61",
        ],
        bootTime: 1_763_804_200, kernel: "6.11.7-300.fc41.x86_64", arch: "x86_64",
        container: "none", os: ("Fedora Linux", "41", "fedora", nil, nil),
        release: ("41.20241109.0", nil), cpu: "Intel(R) Pentium(R) 4 CPU 2.80GHz",
        sessionSource: "utmp", processes: [1, 2, 900, 950, 1800, 2000, 2002, 2100],
        users: ["nina", "nina"]),
    Expected(  // times, ticks and ids that no 32 bits hold
        tree: "beyond-32-bits", hostname: "far-2137", id: "e698d160-7634-4cb0-a802-d772dee9ec81",
        bootTime: 5_294_967_296,
        kernel: "9.4.0", arch: "aarch64", container: "none",
        os: ("Debian GNU/Linux", "70", "debian", nil, nil), cpu: "ARM Neoverse-N1",
        sessionSource: "utmp", processes: [1, 2, 4_194_304, 3_000_000_000, 4_294_967_295],
        users: ["last", "root"]),
    Expected(  // packages of rpm's form ndb
        tree: "opensuse-ndb", hostname: "geeko", id: "1bc2839a-0c22-45d6-9622-c6e0455305a3",
        idSource: "hostname",
        os: ("openSUSE Tumbleweed", "20241120", "opensuse-tumbleweed", "opensuse suse", nil),
        hidden: nil, processes: []),
    Expected(  // packages of portage and of Slackware's pkgtools
        tree: "gentoo-slackware", hostname: "many", id: "6a7bf09a-fed3-442a-bd73-0756864ca0c8",
        idSource: "hostname", os: ("Gentoo", "2.17", "gentoo", nil, nil), hidden: nil,
        processes: []),
    Expected(
        tree: "bare", hostname: "bare-14", id: "d42dda40-7c9a-4257-aab4-900ec7ef2ec3",
        idSource: "hostname", os: ("Linux", nil, nil, nil, nil), hidden: nil, processes: []),
]

@Suite struct HostFactsTests {
    @Test func everyTreeIsTested() throws {
        let trees = try FileManager.default.contentsOfDirectory(
            atPath: fixtures.appending("hosts").string)
        #expect(trees.sorted() == expectations.map(\.tree).sorted())
    }

    @Test(arguments: expectations)
    private func fixture(_ expected: Expected) throws {
        let facts = try #require(try HostFacts(fixtureTree(expected.tree)))

        var host = HostRecord(hostID: expected.id)
        host.hostIDSource = expected.idSource
        host.hostname = expected.hostname
        host.ip = expected.ip
        host.addresses = expected.addresses
        host.bootTime = expected.bootTime
        host.kernel = expected.kernel
        host.arch = expected.arch
        host.container = expected.container
        host.virtualization = expected.hardware.virtualization
        host.uuid = expected.hardware.uuid
        host.hardwareVendor = expected.hardware.vendor
        host.hardwareModel = expected.hardware.model
        host.hardwareSerial = expected.hardware.serial
        host.physicalMemory = expected.hardware.memory
        host.interfaces = expected.hardware.interfaces
        #expect(facts.host == host)

        var os = OSVersionRecord(name: expected.os.0)
        (_, os.version, os.platform, os.platformLike, os.codename) = expected.os
        (os.release, os.build) = expected.release
        #expect(facts.osVersion == os)
        #expect(facts.cpuInfo.model == expected.cpu)

        #expect(facts.collection.euid == Int64(geteuid()))
        #expect(facts.collection.sessionSource == expected.sessionSource)
        #expect(facts.collection.processesHidden == expected.hidden)
        #expect(facts.collection.processesUnreadable == (expected.hidden == nil ? nil : 0))
        #expect(facts.processes.map(\.pid) == expected.processes)
        #expect(facts.users.map(\.user.text) == expected.users)
    }

    @Test func whatTheTreeLacksIsUnknown() throws {
        let facts = try #require(try HostFacts(fixtureTree("bare")))
        #expect(facts.cpuInfo == CPUInfoRecord())
        let image = try #require(try HostFacts(fixtureTree("disk-image")))
        #expect(image.cpuInfo == CPUInfoRecord())
    }

    @Test func anOptionGoesBeforeEveryIdentity() throws {
        let facts = try #require(
            try HostFacts(fixtureTree("debian-12-x86_64"), hostID: "asset-0042"))
        #expect(facts.host.hostID == "asset-0042")
        #expect(facts.host.hostIDSource == "option")
        #expect(facts.host.hostname == "web-01")
    }

    @Test func aTreeWithNothingToTellItByIsNone() throws {
        #expect(try HostFacts(TemporaryDirectory().tree()) == nil)
        let named = try #require(try TemporaryDirectory().facts())
        #expect(named.host.hostname == nil)
        #expect(named.osVersion.name == "Linux")
        #expect(named.processes == [])
    }

    @Test(arguments: [
        ("web-01\n", nil, "web-01"), ("  web-01  \n\n", nil, "web-01"),
        // hostname(5): lines that begin with # are none.
        ("# set by hand\nweb-01\n", nil, "web-01"),
        ("\n", "kernel-01\n", "kernel-01"), (nil, "kernel-01\n", "kernel-01"),
        // The kernel's word for none, which is the same on all hosts.
        (nil, "(none)\n", nil), (nil, nil, nil),
    ])
    func hostname(file: String?, kernel: String?, expected: String?) throws {
        let test = try TemporaryDirectory()
        if let file { try test.write(file, to: "etc/hostname") }
        if let kernel { try test.write(kernel, to: "proc/sys/kernel/hostname") }
        #expect(try test.facts()?.host.hostname == expected)
    }

    /// Where the kernel's own threads are in view, what says otherwise is left over.
    @Test(arguments: [
        "run/systemd/container", "run/host/container-manager", ".dockerenv", "run/.containerenv",
    ])
    func aMachineIsNoContainer(file: String) throws {
        let test = try TemporaryDirectory()
        try test.write("lxc\n", to: file)
        try test.writeProcess(1, "init")
        #expect(try test.facts()?.host.container != "none")
        try test.writeProcess(2, "kthreadd")
        #expect(try test.facts()?.host.container == "none")
    }

    @Test(arguments: [
        ("run/systemd/container", "systemd-nspawn\n", "systemd-nspawn"),
        ("run/host/container-manager", "podman\n", "podman"),
        (".dockerenv", "", "docker"), ("run/.containerenv", "", "podman"), ("x", "", nil),
    ])
    func container(file: String, text: String, expected: String?) throws {
        let test = try TemporaryDirectory()
        try test.write(text, to: file)
        try test.writeProcess(1, "init")
        #expect(try test.facts()?.host.container == expected)
    }

    /// One file that cannot be read is one fact less, and not a host less.
    @Test(arguments: [
        "etc/os-release", "etc/passwd", "run/utmp", "proc/stat", "proc/cpuinfo",
        "proc/1/net/fib_trie", "proc/1/cmdline", "proc/3/status", "proc/2/stat",
        "sys/devices/system/cpu/cpu0/topology/core_id", "run/systemd/sessions/2",
    ])
    func aFileThatCannotBeReadIsUnknown(name: String) throws {
        let test = try TemporaryDirectory()
        try test.writeProcess(1, "fifteen-letters")
        try test.writeProcess(3, "last")
        try test.write("NAME=Found\n", to: "usr/lib/os-release")
        try test.writeSocket(to: name)
        let facts = try #require(try test.facts())
        #expect(facts.osVersion.name == "Found")
        #expect(facts.processes.contains { $0.pid == 3 })
        #expect(facts.processes.first?.name == "fifteen-letters")
    }

    /// A router with the whole Internet's routes has some 100 MB of them.
    @Test func aFileWithoutEndIsUnknown() throws {
        let test = try TemporaryDirectory()
        try test.write([UInt8](repeating: 0x0A, count: 17 << 20), to: "proc/1/net/fib_trie")
        try test.write("web-01", to: "etc/hostname")
        #expect(try test.facts()?.host.hostname == "web-01")
    }
}
