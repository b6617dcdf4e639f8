import Text

// What the firmware and processors of real and virtual machines say, on whatever system.

/// A text of the hardware without white space around it; nil if it is empty, or what makers leave in
/// for all their boards.
@inline(never)
func knownHardwareText(_ text: [UInt8]) -> String? {
    // `0000000`, `XXXX`, `....`.
    if text.allSatisfy({ $0 == text[0] }) { return nil }
    var lower: [UInt8] = []
    for byte in text { lower.append((0x41...0x5A) ~= byte ? byte | 0x20 : byte) }
    let isPlaceholder = lines(placeholders).contains { lower.elementsEqual($0) }
    return isPlaceholder ? nil : RawText(text).repaired
}

/// The lines of a text.
@inline(never)
func lines(_ text: StaticString) -> [ArraySlice<UInt8>] {
    Array("\(text)".utf8).split(separator: 0x0A)
}

private let placeholders: StaticString = """
    to be filled by o.e.m.
    to be filled by o.e.m
    to be filled by oem
    default string
    system serial number
    system product name
    system manufacturer
    system name
    system version
    chassis serial number
    base board serial number
    serial number
    product name
    manufacturer
    not specified
    not available
    not applicable
    not present
    not defined
    no asset tag
    none
    null
    unknown
    undefined
    empty
    invalid
    oem
    o.e.m.
    n/a
    na
    sernum0
    123456789
    1234567890
    0123456789
    """

/// The value of the first key that a text begins with.
/// - Parameter table: `key=value` a line.
@inline(never)
func name(in table: StaticString, of text: [UInt8]) -> String? {
    for line in lines(table) {
        guard let end = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
        if text.starts(with: line[..<end]) {
            return String(decoding: line[(end + 1)...], as: UTF8.self)
        }
    }
    return nil
}

/// What SMBIOS says of vendors, or how it begins: those that count more than the processor.
let firstVendors: StaticString = """
    Amazon EC2=amazon
    innotek GmbH=oracle
    VirtualBox=oracle
    Oracle Corporation=oracle
    Xen=xen
    Parallels=parallels
    Google Compute Engine=google
    """

let vendors: StaticString = """
    KVM=kvm
    OpenStack=kvm
    KubeVirt=kvm
    QEMU=qemu
    VMware=vmware
    VMW=vmware
    Bochs=bochs
    BHYVE=bhyve
    Hyper-V=microsoft
    Apple Virtualization=apple
    """

/// What hypervisors call themselves to a processor of x86.
let signatures: StaticString = """
    XenVMMXenVMM=xen
    KVMKVMKVM=kvm
    Linux KVM Hv=kvm
    TCGTCGTCGTCG=qemu
    VMwareVMware=vmware
    Microsoft Hv=microsoft
    bhyve bhyve =bhyve
    QNXQVMBSQG=qnx
    ACRNACRNACRN=acrn
    SRESRESRESRE=sre
    Apple VZ=apple
    """
