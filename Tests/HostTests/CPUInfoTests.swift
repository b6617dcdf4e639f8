import Testing

@testable import Host

@Suite struct CPUInfoTests {
    @Test(arguments: [
        ("debian-12-x86_64", "Intel(R) Xeon(R) CPU E3-1220L V2 @ 2.30GHz", "GenuineIntel", 4),
        ("raspberry-pi-aarch64", "ARM Cortex-A72", "ARM", 4),
        ("visionfive2-riscv64", "sifive,u74-mc", nil, 4),
        ("ibm-z15-s390x", "IBM z15 (8561)", "IBM/S390", 2),
        ("power9-ppc64le", "POWER9 (architected)", nil, 4),
        ("loongson-loongarch64", "Loongson-3A5000", nil, 4),
        ("openwrt-mips", "MIPS 1004Kc V2.15", nil, 4),
        ("sun-sparc64", "UltraSparc T5 (Niagara5)", nil, 4),
        ("arm-biglittle-aarch64", "ARM Cortex-A53 + ARM Cortex-A72", "ARM", 4),
        ("armv7-hardware", "ARM Cortex-A7", "ARM", 4),
        (
            "ubuntu-25.10-logind", "AMD Athlon Silver 3050U with Radeon Graphics",
            "AuthenticAMD", 2
        ),
        ("arch-rolling-container", "Intel(R) N100", "GenuineIntel", 2),
    ])
    func fixture(_ tree: String, model: String, manufacturer: String?, processors: Int64) throws {
        let info = CPUInfo(try fixtureFile("\(tree)/proc/cpuinfo"))
        #expect(info.model == model)
        #expect(info.manufacturer == manufacturer)
        #expect(info.logicalProcessors == processors)
    }

    /// Keys as the kernel's `show_cpuinfo` of each architecture prints them.
    @Test(arguments: [
        // Alpha, m68k, PA-RISC, SuperH, Itanium.
        ("cpu\t\t\t: Alpha\ncpu model\t\t: EV56\n", "Alpha EV56"),
        ("CPU:\t\t68040\nMMU:\t\t68040\nFPU:\t\t68040\n", "68040"),
        (
            "processor\t: 0\ncpu family\t: PA-RISC 2.0\ncpu\t\t: PA8700 (PCX-W2)\n",
            "PA8700 (PCX-W2)"
        ),
        (
            "machine\t\t: RTS7751R2D\nprocessor\t: 0\ncpu family\t: sh4\ncpu type\t: SH7751R\n",
            "SH7751R"
        ),
        (
            "processor\t: 0\ncpu family\t: PA-RISC 2.0\ncpu\t\t: PA8700 (PCX-W2)\n"
                + "model\t\t: 9000/785/J6700\nmodel name\t: Duet W+\n", "PA8700 (PCX-W2)"
        ),
        ("processor  : 0\nvendor     : GenuineIntel\nmodel name : Madison\n", "Madison"),
        (
            "processor  : 0\nvendor     : GenuineIntel\nfamily     : Itanium 2\nmodel : 1\n",
            "GenuineIntel family Itanium 2 model 1"
        ),
        // x86's own word for a processor without a name: family and model.
        (
            "processor\t: 0\nvendor_id\t: Vortex86 SoC\ncpu family\t: 5\nmodel\t\t: 2\n"
                + "model name\t: 05/02\n", "Vortex86 SoC family 5 model 2"
        ),
        ("processor\t: 0\nvendor_id\t: unknown\ncpu family\t: 4\nmodel name\t: 486\n", "486"),
        // A Raspberry Pi Zero, by a new kernel and an old one: the name is said once.
        ("processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xb76\n", "ARM1176"),
        (
            "Processor\t: ARMv6-compatible processor rev 7 (v6l)\nCPU implementer\t: 0x41\n"
                + "CPU part\t: 0xb76\nHardware\t: BCM2708\n", "ARM1176"
        ),
        // ARM cores that are not known: what the board or the numbers say.
        ("CPU implementer\t: 0x41\nCPU part\t: 0xfff\nHardware\t: Future Board\n", "Future Board"),
        ("CPU implementer : 0x61\nCPU part : 0x000\n", "Apple part 0x000"),
        // A machine of IBM's that is newer than the table.
        (
            "vendor_id : IBM/S390\nprocessor 0: version = FF,  identification = 1,  "
                + "machine = 9999\n", "IBM 9999"
        ),
        ("", nil), ("\0\u{1}garbage\n:::\n: :\n", nil),
    ])
    func model(_ text: String, expected: String?) {
        #expect(CPUInfo(Array(text.utf8)).model == expected)
    }

    @Test(arguments: ["unknown", ""])
    func aProcessorWithoutANameIsToldByItsMaker(name: String) {
        let info = CPUInfo(
            Array("processor : 0\nvendor_id : GenuineIntel\nmodel name : \(name)\n".utf8))
        #expect(info.model?.contains("GenuineIntel") == true)
    }

    @Test(
        arguments: [
            ("vendor : GenuineIntel\n", "GenuineIntel"), ("vendor_id : unknown\n", nil),
            ("vendor_id : AuthenticAMD\n", "AuthenticAMD"), ("cpu : Alpha\n", nil),
        ] as [(String, String?)])
    func manufacturer(_ text: String, expected: String?) {
        #expect(CPUInfo(Array(text.utf8)).manufacturer == expected)
    }

    @Test(arguments: [
        // The number alone is printed on these.
        ("cpu : Alpha\ncpus detected : 4\ncpus active : 2\n", 2),
        ("cpu : TI UltraSparc II\nncpus probed : 4\nncpus active : 3\n", 3),
        // The first line is the processor's name, the others are numbers.
        ("Processor : ARMv7 rev 10 (v7l)\nprocessor : 0\nprocessor : 1\n", 2),
    ])
    func logicalProcessors(_ text: String, expected: Int64) {
        #expect(CPUInfo(Array(text.utf8)).logicalProcessors == expected)
    }

    @Test func coresAreCountedWithinTheirSocket() {
        let text = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 1)].enumerated().map { index, place in
            "processor : \(index)\nphysical id : \(place.0)\ncore id : \(place.1)\n\n"
        }
        let info = CPUInfo(Array(text.joined().utf8))
        #expect(info.sockets == 2)
        #expect(info.numberOfCores == 4)
        #expect(info.logicalProcessors == 5)
    }

    /// -1 says that it is not known.
    @Test func aNegativeNumberIsNoSocketAndNoCore() {
        let text = (0..<4).map { "processor : \($0)\nphysical id : -1\ncore id : -1\n\n" }
        let info = CPUInfo(Array(text.joined().utf8))
        #expect(info.sockets == nil && info.numberOfCores == nil)
    }

    /// Xtensa has the core's name under the key under which others number it.
    @Test func aWordIsNoCore() {
        let info = CPUInfo(Array("vendor_id : Tensilica\ncore ID : dc232b\n".utf8))
        #expect(info.numberOfCores == nil)
    }

    @Test func theRecordIsNeverNameless() {
        let record = CPUInfo.record(CPUInfo([]), nil, arch: "openrisc")
        #expect(record.model == "openrisc")
        #expect(record.logicalProcessors == nil)
        #expect(record.sockets == nil)
    }

    @Test func nothingIsKnownWithoutAFile() {
        #expect(CPUInfo.record(nil, nil, arch: nil).model == nil)
    }

    /// Main ID register values from Arm's technical reference manuals and util-linux's lscpu.
    @Test(arguments: [
        ("0x41", "0xD0C", "ARM Neoverse-N1"), ("0x41", "0xd40", "ARM Neoverse-V1"),
        ("0x48", "0xd01", "HiSilicon Kunpeng-920"),
        ("0x48", "0xd02", "HiSilicon TaiShan-v120"), ("0x51", "0xc01", "Qualcomm Saphira"),
        ("0x69", "0x411", "Intel PXA27x"), ("0x61", "0x023", "Apple M1 Firestorm"),
        ("0xC0", "0xac3", "Ampere-1"), ("0x41", "0xfff", nil), ("", "", nil),
    ])
    func core(implementer: String, part: String, name: String?) {
        #expect(ARMCore(implementer: implementer, part: part).name == name)
    }
}
