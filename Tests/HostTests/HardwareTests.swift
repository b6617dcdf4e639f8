import Foundation
import Records
import TestSupport
import Testing

@testable import Host

/// The facts about the hardware, and whether it is any.
@Suite struct HardwareTests {
    private static let id = "sys/class/dmi/id/"
    private static let clocks =
        "sys/devices/system/clocksource/clocksource0/available_clocksource"
    private static let x86 = "processor\t: 0\nflags\t\t: fpu vme lm\n"
    private static let guest = "processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n"

    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let files: [String: String]
        let name: String?
        var testDescription: String { what }

        init(_ what: String, _ name: String?, _ files: [String: String]) {
            (self.what, self.name, self.files) = (what, name, files)
        }
    }

    private static let cases = [
        Case("nothing is known", nil, [:]),
        Case("a processor of x86 without SMBIOS", nil, ["proc/cpuinfo": x86]),
        Case("SMBIOS without a processor", nil, [id + "sys_vendor": "Dell Inc.\n"]),
        Case(
            "a server", "none",
            [
                id + "sys_vendor": "Dell Inc.\n", id + "product_name": "PowerEdge R220\n",
                "proc/cpuinfo": x86,
            ]),
        Case(
            "a server of Oracle", "none",
            [id + "sys_vendor": "Oracle Corporation\n", "proc/cpuinfo": x86]),
        Case(
            "VirtualBox", "oracle",
            [
                id + "sys_vendor": "innotek GmbH\n", id + "product_name": "VirtualBox\n",
                "proc/cpuinfo": guest, clocks: "kvm-clock tsc\n",
            ]),
        Case(
            "VirtualBox behind another's name", "oracle",
            [
                id + "sys_vendor": "LENOVO\n", id + "board_vendor": "Oracle Corporation\n",
                "proc/cpuinfo": guest,
            ]),
        Case("a guest of something", "vm-other", ["proc/cpuinfo": guest]),
        Case(
            "a guest with a server's SMBIOS", "vm-other",
            [id + "sys_vendor": "Dell Inc.\n", "proc/cpuinfo": guest]),
        Case(
            "KVM", "kvm",
            [
                id + "sys_vendor": "QEMU\n", "proc/cpuinfo": guest,
                clocks: "tsc kvm-clock acpi_pm \n",
            ]),
        Case("QEMU without KVM", "qemu", [id + "sys_vendor": "QEMU\n", "proc/cpuinfo": guest]),
        Case("a small KVM without SMBIOS", "kvm", ["proc/cpuinfo": guest, clocks: "kvm-clock\n"]),
        Case(
            "VMware", "vmware",
            [
                id + "sys_vendor": "VMware, Inc.\n",
                id + "product_name": "VMware Virtual Platform\n", "proc/cpuinfo": guest,
            ]),
        Case(
            "Hyper-V", "microsoft",
            [
                id + "sys_vendor": "Microsoft Corporation\n",
                id + "product_version": "Hyper-V UEFI\n",
                "proc/cpuinfo": guest, clocks: "hyperv_clocksource_tsc_page acpi_pm\n",
            ]),
        Case(
            "QEMU that calls itself Hyper-V", "qemu",
            [
                id + "sys_vendor": "QEMU\n", "proc/cpuinfo": guest,
                clocks: "hyperv_clocksource_tsc_page\n",
            ]),
        Case(
            "a tablet of Microsoft", "none",
            [id + "sys_vendor": "Microsoft Corporation\n", "proc/cpuinfo": x86]),
        Case(
            "Amazon's KVM", "amazon",
            [
                id + "sys_vendor": "Amazon EC2\n", id + "product_name": "m5.large\n",
                "proc/cpuinfo": guest, clocks: "kvm-clock\n",
            ]),
        Case(
            "Amazon's machine", "none",
            [
                id + "sys_vendor": "Amazon EC2\n", id + "product_name": "m5.metal\n",
                "proc/cpuinfo": x86,
            ]),
        Case(
            "Google's", "google",
            [id + "product_name": "Google Compute Engine\n", "proc/cpuinfo": guest]),
        Case(
            "a domain of Xen", "xen",
            ["proc/xen/capabilities": "", "sys/hypervisor/type": "xen\n", "proc/cpuinfo": guest]),
        Case(
            "the first domain of Xen", "none",
            [
                "proc/xen/capabilities": "control_d\n", "proc/cpuinfo": guest,
                id + "sys_vendor": "Dell Inc.\n",
            ]),
        Case(
            "the first domain, by its features", "none",
            [
                "proc/xen/capabilities": "", "sys/hypervisor/properties/features": "00002fff\n",
                "proc/cpuinfo": guest,
            ]),
        Case("User Mode Linux", "uml", ["proc/cpuinfo": "vendor_id\t: User Mode Linux\n"]),
        Case(
            "WSL 2", "wsl",
            [
                "proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2\n",
                "proc/cpuinfo": guest, clocks: "hyperv_clocksource_tsc_page\n",
            ]),
        Case("WSL 1", "wsl", ["proc/sys/kernel/osrelease": "4.4.0-19041-Microsoft\n"]),
        Case(
            "a bit of SMBIOS", "vm-other",
            [
                id + "sys_vendor": "Somebody\n", "proc/cpuinfo": x86,
                "sys/firmware/dmi/entries/0-0/raw":
                    "\0\u{18}\0\0\u{1}\u{2}\0\0\u{3}\0\0\0\0\0\0\0\0\0\u{3}\u{10}\0\0\0\0",
            ]),
        Case(
            "a single-board computer", "none",
            ["proc/device-tree/compatible": "raspberrypi,4-model-b\0brcm,bcm2711\0"]),
        Case(
            "KVM on ARM", "kvm",
            [
                "proc/device-tree/compatible": "xen,xenvm-4.17\0",
                "proc/device-tree/hypervisor/compatible": "linux,kvm\0",
            ]),
        Case(
            "Xen on ARM", "xen",
            ["proc/device-tree/hypervisor/compatible": "xen,xen-4.17\0xen,xen\0"]),
        Case(
            "QEMU on ARM", "qemu",
            [
                "proc/device-tree/compatible": "a,board\0",
                "proc/device-tree/fw-cfg@9020000/compatible": "qemu,fw-cfg-mmio\0",
            ]),
        Case(
            "a virtual machine on ARM", "vm-other",
            [
                "proc/device-tree/compatible": "linux,dummy-virt\0"
            ]),
        Case(
            "a partition of Power", "powervm",
            [
                "proc/device-tree/compatible": "IBM,9009-22A\0",
                "proc/device-tree/ibm,partition-name": "p9\0",
            ]),
        Case("KVM on Power", "qemu", ["proc/device-tree/compatible": "qemu,pseries\0"]),
        Case(
            "z/VM", "zvm",
            ["proc/sysinfo": "Manufacturer:  IBM\nVM00 Control Program: z/VM    7.2.0\n"]),
        Case(
            "KVM on Z", "kvm",
            ["proc/sysinfo": "Manufacturer:  IBM\nVM00 Control Program: KVM/Linux\n"]),
        Case("a partition of Z", "none", ["proc/sysinfo": "Manufacturer:  IBM\nType: 8561\n"]),
    ]

    @Test(arguments: cases) func virtualMachines(one: Case) throws {
        let test = try TemporaryDirectory()
        try test.write("web-01\n", to: "etc/hostname")
        for (name, text) in one.files { try test.write(text, to: name) }
        #expect(try #require(try test.facts()).host.virtualization == one.name)
    }

    @Test(
        arguments: [
            ("Dell Inc.\n", "Dell Inc."), ("  X 1 \n", "X 1"), ("", nil), ("\n", nil),
            ("To Be Filled By O.E.M.\n", nil), ("To be filled by O.E.M.\n", nil),
            ("Default string\n", nil), ("System manufacturer\n", nil), ("Not Specified\n", nil),
            ("N/A\n", nil), ("None\n", nil), ("00000000\n", nil), ("xxxxxxx\n", nil),
            ("........\n", nil), ("0123456789\n", nil), ("01234567890\n", "01234567890"),
            ("Gigabyte Technology Co., Ltd.\n", "Gigabyte Technology Co., Ltd."),
        ] as [(String, String?)])
    func whatMakersLeaveInIsUnknown(text: String, known: String?) throws {
        let test = try TemporaryDirectory()
        for file in ["sys_vendor", "product_name", "product_serial"] {
            try test.write(text, to: Self.id + file)
        }
        let host = try #require(try test.facts()).host
        #expect(host.hardwareVendor == known)
        #expect(host.hardwareModel == known)
        #expect(host.hardwareSerial == known)
    }

    @Test(
        arguments: [
            ("4C4C4544-0042-3510-8052-C4C04F503732\n", "4c4c4544-0042-3510-8052-c4c04f503732"),
            ("00000000-0000-0000-0000-000000000000\n", nil),
            ("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\n", nil),
            ("03000200-0400-0500-0006-000700080009\n", nil), ("Not Settable\n", nil), ("", nil),
        ] as [(String, String?)])
    func uuids(text: String, uuid: String?) throws {
        let test = try TemporaryDirectory()
        try test.write(text, to: Self.id + "product_uuid")
        #expect(try #require(try test.facts()).host.uuid == uuid)
    }

    @Test(
        arguments: [
            ("MemTotal:       16303540 kB\nMemFree: 1 kB\n", 16_694_824_960),
            ("MemTotal: 8 kB", 8192), ("MemFree: 1 kB\n", nil), ("", nil),
            ("MemTotal: many kB\n", nil), ("MemTotal: 9999999999999999 kB\n", nil),
        ] as [(String, Int64?)])
    func memory(text: String, bytes: Int64?) throws {
        let test = try TemporaryDirectory()
        try test.write(text, to: "proc/meminfo")
        #expect(try #require(try test.facts()).host.physicalMemory == bytes)
    }

    @Test func interfaces() throws {
        let test = try TemporaryDirectory()
        func add(_ name: String, _ address: String, _ files: [String: String]) throws {
            try test.write(address + "\n", to: "sys/class/net/\(name)/address")
            for (file, text) in ["type": "1\n"].merging(files, uniquingKeysWith: { $1 }) {
                try test.write(text, to: "sys/class/net/\(name)/\(file)")
            }
        }
        let device = ["device/vendor": "0x8086\n"]
        #expect(try #require(try test.facts()).host.interfaces == nil)
        try add("lo", "00:00:00:00:00:00", ["type": "772\n"])
        #expect(try #require(try test.facts()).host.interfaces == [])
        try test.write("", to: "sys/class/net/bonding_masters")
        try add("eth1", "52:54:00:00:00:02", device)
        try add("eth0", "52:54:00:00:00:01", device)
        // InfiniBand's are longer.
        try add("ib0", "80:00:02:08:fe:80:00:01", ["type": "32\n", "device/vendor": "1\n"])
        // Slaves of a bond have its address.
        try add(
            "eno1", "52:54:00:00:00:09",
            [
                "device/vendor": "1\n", "bonding_slave/perm_hwaddr": "52:54:00:00:00:03\n",
            ])
        try add(
            "bond0", "52:54:00:00:00:09",
            [
                "bonding/mode": "", "lower_eno1/x": "", "uevent": "DEVTYPE=bond\n",
            ])
        try add("eth0.5", "52:54:00:00:00:01", ["lower_eth0/x": "", "uevent": "DEVTYPE=vlan\n"])
        try add("macvlan0", "52:54:00:00:00:08", ["lower_eth0/x": ""])
        try add(
            "br0", "52:54:00:00:00:01", ["bridge/x": "", "brif/eth0/x": "", "lower_eth0/x": ""])
        try add("docker0", "02:42:00:00:00:01", ["bridge/x": ""])
        try add("veth12", "02:42:00:00:00:02", [:])
        try add("tap0", "02:42:00:00:00:03", ["tun_flags": "0x1002\n"])
        try add("wg0", "", ["type": "65534\n"])
        try add("usb0", "00:00:00:00:00:00", device)
        // What a container has, and names as it likes.
        try add("eth9", "02:42:ac:11:00:05", ["uevent": "INTERFACE=eth9\n"])
        #expect(
            try #require(try test.facts()).host.interfaces == [
                "eno1 52:54:00:00:00:03", "eth0 52:54:00:00:00:01", "eth1 52:54:00:00:00:02",
                "eth9 02:42:ac:11:00:05", "ib0 80:00:02:08:fe:80:00:01",
            ])
    }

    // MARK: The running host

    private static let hasSystemd = FileManager.default.isExecutableFile(
        atPath: "/usr/bin/systemd-detect-virt")

    @Test(.enabled(if: hasSystemd, "systemd is not here")) func asSystemdDetectsIt() throws {
        let result = try run("/usr/bin/systemd-detect-virt", ["--vm"])
        let name = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
        let found = facts.host.virtualization
        // It says `none` too where it does not know.
        #expect(found == name || found == nil && name == "none" || found == "wsl")
    }

    @Test func asTheSystemsOwnFilesSay() throws {
        let facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
        let memory = try run("free", ["--bytes"]).output.split(separator: "\n")[1]
        #expect(facts.host.physicalMemory == Int64(memory.split(separator: " ")[1]))
        let script = """
            for link in /sys/class/net/*/device; do
                name=${link%/device}; name=${name##*/}
                [ "$name" = '*' ] || echo "$name $(cat "/sys/class/net/$name/address")"
            done
            """
        let cards = try run("bash", ["-c", script]).output.split(separator: "\n").map(String.init)
        let interfaces = try #require(facts.host.interfaces)
        let zero = " 00:00:00:00:00:00"
        #expect(Set(interfaces).isSuperset(of: cards.filter { !$0.hasSuffix(zero) }))
    }
}
