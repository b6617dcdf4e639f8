import Text

/// The structure System Information of SMBIOS (DMTF DSP0134, 7.2), as GetSystemFirmwareTable gives the
/// tables: a header of 8 bytes, RawSMBIOSData, of which the last four are the length of the rest.
struct SMBIOS: Equatable {
    /// `Dell Inc.`; empty where there is none. So are the others.
    private(set) var vendor: [UInt8] = []
    private(set) var model: [UInt8] = []
    private(set) var serial: [UInt8] = []
    /// In lower case. Nil where there is none, or that of all boards of a maker.
    private(set) var uuid: String?

    private static let systemInformation: UInt8 = 1

    /// - Returns: nil if there is no such structure.
    init?(_ bytes: [UInt8]) {
        var at = 8
        // Each has its type and its length first. Texts follow: each ends in a NUL, and the last in
        // one more.
        while at + 4 <= bytes.count {
            let texts = at + Int(bytes[at + 1])
            if texts < at + 4 || texts > bytes.count { return nil }
            var end = texts
            while end + 1 < bytes.count, bytes[end] != 0 || bytes[end + 1] != 0 { end += 1 }
            if bytes[at] == Self.systemInformation {
                let strings = bytes[texts..<min(end, bytes.count)].split(
                    separator: 0, omittingEmptySubsequences: false)
                /// The string whose number, from 1 on, stands there.
                func string(_ offset: Int) -> [UInt8] {
                    guard at + offset < texts else { return [] }
                    let number = Int(bytes[at + offset])
                    return 1...strings.count ~= number ? Array(strings[number - 1]) : []
                }
                vendor = string(4)
                model = string(5)
                serial = string(7)
                if at + 24 <= texts { uuid = Self.uuid(Array(bytes[(at + 8)..<(at + 24)])) }
                return
            }
            at = end + 2
        }
        return nil
    }

    /// The first three fields have their lowest byte first, as Windows's own tools have it for every
    /// version of SMBIOS.
    private static func uuid(_ bytes: [UInt8]) -> String? {
        if bytes.allSatisfy({ $0 == bytes[0] }) { return nil }
        var text: [UInt8] = []
        for index in [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15] {
            if index < 0 {
                text.append(0x2D)
            } else {
                text += hexadecimal(CollectionOfOne(bytes[index])).utf8
            }
        }
        let uuid = String(decoding: text, as: UTF8.self)
        return HostIdentity.placeholders.contains(uuid) ? nil : uuid
    }
}

/// What systemd-detect-virt(1) calls a virtual machine: by its maker or model in SMBIOS, or by the
/// bytes by which a hypervisor identifies itself.
/// - Parameters:
///   - smbios: nil if unknown.
///   - hypervisor: empty where none identifies itself.
/// - Returns: `none` on real hardware; nil if unknown.
func virtualMachine(_ smbios: SMBIOS?, hypervisor: [UInt8]) -> String? {
    let texts = smbios.map { [$0.model, $0.vendor] } ?? []
    for text in texts {
        // A server of Oracle's has the name of the same maker.
        if !(text.index(of: "Ora") == 0 && hypervisor.isEmpty),
            let name = name(in: firstVendors, of: text)
        {
            return name
        }
    }
    // Hyper-V says so in Windows on the hardware too, as soon as it is switched on, and others say the
    // same to their guests.
    let byProcessor = name(in: signatures, of: hypervisor)
    if let byProcessor, byProcessor != "microsoft" { return byProcessor }
    for text in texts {
        if let name = name(in: vendors, of: text) { return name }
    }
    // Azure and Hyper-V; a Surface has the same maker.
    if let smbios, smbios.vendor.index(of: "Microsoft Corporation") == 0,
        smbios.model.index(of: "Virtual Machine") == 0
    {
        return "microsoft"
    }
    if !hypervisor.isEmpty && byProcessor == nil { return "vm-other" }
    return smbios == nil ? nil : "none"
}
