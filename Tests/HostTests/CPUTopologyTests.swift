import TestSupport
import Testing

@testable import Host

@Suite struct CPUTopologyTests {
    @Test(arguments: [
        ("debian-12-x86_64", 1, 2, 3500), ("raspberry-pi-aarch64", 1, 4, 1800),
        ("visionfive2-riscv64", 1, 4, 1500), ("ibm-z15-s390x", 1, 2, nil),
        // No package is numbered -1: that says it is not known.
        ("power9-ppc64le", nil, 1, nil), ("loongson-loongarch64", 1, 4, nil),
        ("openwrt-mips", 1, 2, nil), ("sun-sparc64", 1, 1, nil),
        // Two clusters of two cores, numbered alike; the second is the faster one.
        ("arm-biglittle-aarch64", 1, 4, 2106), ("armv7-hardware", 1, 4, 1008),
        ("ubuntu-25.10-logind", 1, 2, 2300), ("arch-rolling-container", 1, 2, 3400),
    ])
    func fixture(_ name: String, sockets: Int64?, cores: Int64?, megahertz: Int64?) throws {
        let topology = try CPUTopology(fixtureTree(name))
        #expect(topology?.sockets == sockets)
        #expect(topology?.cores == cores)
        #expect(topology?.maxClockSpeedMHz == megahertz)
    }

    @Test(arguments: ["bare", "disk-image"])
    func aTreeWithoutProcessorsHasNone(name: String) throws {
        #expect(try CPUTopology(fixtureTree(name)) == nil)
    }

    @Test func coresAreCountedWithinTheirSocketAndOfflineOnesAreNot() throws {
        let test = try TemporaryDirectory()
        for (cpu, package, core) in [(0, 0, 0), (1, 0, 1), (2, 1, 0), (10, 1, 1)] {
            let topology = "sys/devices/system/cpu/cpu\(cpu)/topology"
            try test.write("\(package)\n", to: "\(topology)/physical_package_id")
            try test.write("\(core)\n", to: "\(topology)/core_id")
        }
        try test.write("0\n", to: "sys/devices/system/cpu/cpu11/online")
        try test.write("7\n", to: "sys/devices/system/cpu/cpufreq/topology/core_id")
        let topology = try CPUTopology(test.tree())
        #expect(topology?.sockets == 2)
        #expect(topology?.cores == 4)
        #expect(topology?.maxClockSpeedMHz == nil)
    }

    /// Firmware that does not number the cores: the kernel still lists which processors are one.
    @Test(
        arguments: [
            (nil, ["0", "1", "2", "3"], nil), ("core_cpus_list", ["0", "1", "2", "3"], 4),
            ("thread_siblings_list", ["0", "1", "2", "3"], 4),
            ("core_cpus_list", ["0-1", "0-1", "2-3", "2-3"], 2),
        ] as [(String?, [String], Int64?)])
    func aCoreOfNoNumber(file: String?, lists: [String], cores: Int64?) throws {
        let test = try TemporaryDirectory()
        for (cpu, list) in lists.enumerated() {
            let topology = "sys/devices/system/cpu/cpu\(cpu)/topology"
            try test.write("-1\n", to: "\(topology)/core_id")
            try test.write("-1\n", to: "\(topology)/physical_package_id")
            if let file { try test.write("\(list)\n", to: "\(topology)/\(file)") }
        }
        let topology = try CPUTopology(test.tree())
        #expect(topology?.cores == cores)
        #expect(topology?.sockets == nil)
    }

    /// The kernel refuses the clock of an offline processor with EBUSY.
    @Test func aClockThatCannotBeReadIsUnknown() throws {
        let test = try TemporaryDirectory()
        try test.write("0\n", to: "sys/devices/system/cpu/cpu0/topology/core_id")
        try test.writeSocket(to: "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq")
        let topology = try CPUTopology(test.tree())
        #expect(topology?.cores == 1)
        #expect(topology?.maxClockSpeedMHz == nil)
    }

    @Test func aLinkDoesNotLeadOutOfTheTree() throws {
        let outside = try TemporaryDirectory()
        try outside.write("0\n", to: "cpu/topology/core_id")
        let test = try TemporaryDirectory()
        let target = outside.path.appending("cpu").string
        try test.link("sys/devices/system/cpu/cpu0", to: target)
        #expect(try CPUTopology(test.tree())?.cores == nil)
    }
}
