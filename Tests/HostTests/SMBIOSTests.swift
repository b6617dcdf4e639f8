import Testing
import Text

@testable import Host

@Suite struct SMBIOSTests {
    private static let uuid: [UInt8] = [
        0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE,
        0xFF,
    ]

    private static func structure(_ type: UInt8, _ fields: [UInt8], _ texts: [String]) -> [UInt8] {
        var bytes = [type, UInt8(fields.count + 4), 0, type] + fields
        for text in texts { bytes += Array(text.utf8) + [0] }
        return bytes + (texts.isEmpty ? [0, 0] : [0])
    }

    /// What GetSystemFirmwareTable gives: RawSMBIOSData.
    private static func table(_ structures: [UInt8]) -> [UInt8] {
        let count = UInt32(structures.count)
        return [0, 3, 2, 0] + [0, 8, 16, 24].map { UInt8(count >> $0 & 255) } + structures
    }

    private static let bios = structure(
        0, [1, 2, 0, 0xE0, 3] + [UInt8](repeating: 0, count: 12), ["Vendor", "1.0", "01/02/2024"])

    @Test func systemInformation() throws {
        let system = Self.structure(
            1, [1, 2, 3, 4] + Self.uuid + [6, 5, 0], ["Dell Inc.", "Latitude 5420", "", "ABC1234"])
        // A text that is empty ends the list: it must not be there.
        let smbios = try #require(SMBIOS(Self.table(Self.bios + system)))
        #expect(smbios.vendor == Array("Dell Inc.".utf8))
        #expect(smbios.model == Array("Latitude 5420".utf8))
        #expect(smbios.serial == [])
        #expect(smbios.uuid == "00112233-4455-6677-8899-aabbccddeeff")
        let whole = Self.structure(
            1, [1, 2, 3, 4] + Self.uuid + [6], ["Dell Inc.", "Latitude 5420", "1", "ABC1234"])
        #expect(SMBIOS(Self.table(Self.bios + whole))?.serial == Array("ABC1234".utf8))
        // Of version 2.0, without a UUID; and without texts.
        let old = Self.structure(1, [1, 2, 0, 0], ["A", "B"])
        #expect(SMBIOS(Self.table(old))?.uuid == nil)
        #expect(SMBIOS(Self.table(old))?.model == Array("B".utf8))
        let empty = Self.structure(1, [1, 2, 3, 4] + Self.uuid, [])
        #expect(SMBIOS(Self.table(empty))?.vendor == [])
        #expect(SMBIOS(Self.table(empty))?.uuid != nil)
    }

    @Test(arguments: [0, 0xFF] as [UInt8])
    func noUUID(byte: UInt8) {
        let system = Self.structure(
            1, [1, 0, 0, 0] + [UInt8](repeating: byte, count: 16), ["A"])
        #expect(SMBIOS(Self.table(system))?.uuid == nil)
        #expect(SMBIOS(Self.table(system))?.vendor == Array("A".utf8))
    }

    @Test func whatIsDamaged() {
        #expect(SMBIOS([]) == nil)
        #expect(SMBIOS(Self.table([])) == nil)
        #expect(SMBIOS(Self.table(Self.bios)) == nil)
        #expect(SMBIOS(Self.table([1, 3, 0, 0, 0, 0])) == nil)
        #expect(SMBIOS(Self.table([1, 200, 0, 0, 0, 0])) == nil)
        let whole = Self.table(
            Self.bios + Self.structure(1, [1, 2, 3, 4] + Self.uuid, ["A", "B", "C", "D"]))
        for count in whole.indices { _ = SMBIOS(Array(whole[..<count])) }
        for index in whole.indices {
            for byte: UInt8 in [0, 1, 4, 127, 255] {
                var bytes = whole
                bytes[index] = byte
                _ = SMBIOS(bytes)
            }
        }
    }

    @Test(arguments: [
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "KVMKVMKVM\0\0\0", "kvm"),
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "Microsoft Hv", "qemu"),
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "TCGTCGTCGTCG", "qemu"),
        ("Red Hat", "KVM", "Microsoft Hv", "kvm"), ("Amazon EC2", "m5.large", "", "amazon"),
        ("VMware, Inc.", "VMware Virtual Platform", "VMwareVMware", "vmware"),
        ("innotek GmbH", "VirtualBox", "", "oracle"), ("Xen", "HVM domU", "XenVMMXenVMM", "xen"),
        ("Microsoft Corporation", "Virtual Machine", "Microsoft Hv", "microsoft"),
        ("Microsoft Corporation", "Surface Pro 7", "Microsoft Hv", "none"),
        ("Dell Inc.", "Latitude 5420", "Microsoft Hv", "none"),
        ("Dell Inc.", "Latitude 5420", "", "none"), ("", "", "", "none"),
        ("", "", "KVMKVMKVM\0\0\0", "kvm"), ("", "", "ACRNACRNACRN", "acrn"),
    ])
    func virtualMachines(vendor: String, model: String, hypervisor: String, expected: String) {
        let texts = [vendor, model].filter { !$0.isEmpty }
        let numbers: [UInt8] = [vendor.isEmpty ? 0 : 1, model.isEmpty ? 0 : 2, 0, 0]
        let smbios = SMBIOS(Self.table(Self.structure(1, numbers + Self.uuid, texts)))
        #expect(smbios != nil)
        #expect(virtualMachine(smbios, hypervisor: Array(hypervisor.utf8)) == expected)
    }

    @Test func withoutSMBIOS() {
        #expect(virtualMachine(nil, hypervisor: []) == nil)
        #expect(virtualMachine(nil, hypervisor: Array("Microsoft Hv".utf8)) == nil)
        #expect(virtualMachine(nil, hypervisor: Array("VMwareVMware".utf8)) == "vmware")
    }
}
