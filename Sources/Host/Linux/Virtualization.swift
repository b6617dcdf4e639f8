import Text

/// What systemd-detect-virt(1) calls the virtual machine that the host is, by the same signs; but `wsl`
/// is the Windows Subsystem for Linux, which it has among the containers.
///
/// A processor can be asked for the hypervisor's name on the running system only. In a tree there are
/// the clocks that a hypervisor gives to its guests.
/// - Parameter kernel: the kernel's release.
/// - Returns: `none` on real hardware; nil if neither SMBIOS nor the device tree nor s390's kernel says
///   which it is.
@inline(never)
func virtualMachine(_ tree: borrowing HostTree, kernel: String?) -> String? {
    let release = Array((kernel ?? "").utf8)
    if release.contains("icrosoft") || release.contains("WSL") { return "wsl" }
    // The first processor's lines.
    let processor = tree.beginning(of: "proc/cpuinfo", count: 4096) ?? []
    let signature = tree.isLive ? LiveSystem.hypervisor : nil
    let isGuest = signature.map { !$0.isEmpty } ?? processor.contains(" hypervisor")

    // These go before the hypervisor, which may be KVM; or one that itself runs in another.
    if let name = boardName(tree, firstVendors, isGuest) { return name }
    if processor.contains("User Mode Linux") { return "uml" }
    let isXen = tree.exists("proc/xen")
    if isXen && !isXenDomain0(tree) { return "xen" }
    let hypervisor =
        signature.map { name(in: signatures, of: $0) } ?? clockName(tree)
    // Others call themselves Hyper-V, too, to have drivers of Windows trust them.
    if let hypervisor, hypervisor != "microsoft" { return hypervisor }
    if isXen { return hypervisor ?? "none" }
    if let name = boardName(tree, vendors, isGuest) { return name }
    // A bit of BIOS Characteristics, SMBIOS 3.4, 7.1.2.2.
    if let table = tree.contents("sys/firmware/dmi/entries/0-0/raw"), table.count >= 20,
        table[1] >= 20, table[19] & 0x10 != 0
    {
        return hypervisor ?? "vm-other"
    }
    if let type = fileText(tree, "sys/hypervisor/type") {
        return type == "xen" ? type : "vm-other"
    }
    let machine = deviceTreeName(tree)
    if let machine, machine != "none" { return machine }
    if let hypervisor { return hypervisor }
    if isGuest { return "vm-other" }
    if let system = tree.contents("proc/sysinfo") {
        guard let program = system.value("VM00 Control Program:") else { return "none" }
        return program.starts(with: "z/VM".utf8) ? "zvm" : "kvm"
    }
    let isBoardKnown = fileText(tree, "sys/class/dmi/id/sys_vendor") != nil && !processor.isEmpty
    return isBoardKnown ? "none" : machine
}

/// The name by SMBIOS.
@inline(never)
private func boardName(
    _ tree: borrowing HostTree, _ table: StaticString, _ isGuest: Bool
) -> String? {
    for file in lines("product_name\nsys_vendor\nboard_vendor\nbios_vendor\nproduct_version") {
        guard let text = tree.contents(path("sys/class/dmi/id", Array(file))),
            let name = name(in: table, of: text)
        else { continue }
        // VirtualBox has the name of its maker, and so have that maker's servers. Of Amazon's the
        // machines themselves are to be had, too.
        let isMachine =
            text.starts(with: "Ora".utf8) && !isGuest
            || tree.contents("sys/class/dmi/id/product_name")?.contains(".metal") == true
        if !isMachine { return name }
    }
    return nil
}

/// Whether this is the domain of Xen that controls the machine: XENFEAT_dom0, or the right to it.
private func isXenDomain0(_ tree: borrowing HostTree) -> Bool {
    if let text = tree.contents("sys/hypervisor/properties/features"),
        let features = hexadecimalNumber(text.prefix { $0 > 0x20 })
    {
        return features & 1 << 11 != 0
    }
    return tree.contents("proc/xen/capabilities")?.contains("control_d") == true
}

/// The name by the device tree.
/// - Returns: `none` if it is a machine's own, nil if there is none.
@inline(never)
private func deviceTreeName(_ tree: borrowing HostTree) -> String? {
    if let type = tree.contents("proc/device-tree/hypervisor/compatible") {
        return name(in: machines, of: type) ?? "vm-other"
    }
    guard let compatible = tree.contents("proc/device-tree/compatible") else { return nil }
    if let name = name(in: machines, of: compatible) { return name }
    for entry in tree.entries("proc/device-tree") ?? [] {
        if entry.bytes.contains("fw-cfg") { return "qemu" }
        if entry.bytes.equals("ibm,partition-name")
            && !tree.exists("proc/device-tree/chosen/qemu,graphic-width")
        {
            return "powervm"
        }
    }
    return "none"
}

/// The name by the clocks that the kernel can use.
private func clockName(_ tree: borrowing HostTree) -> String? {
    let clocks = tree.contents(
        "sys/devices/system/clocksource/clocksource0/available_clocksource")
    guard let clocks else { return nil }
    if clocks.contains("kvm-clock") { return "kvm" }
    if clocks.contains("hyperv_clocksource") { return "microsoft" }
    return clocks.contains("xen") ? "xen" : nil
}

/// What hypervisors and virtual machines are called in a device tree. A dummy, or one of VirtIO, is no
/// machine that is made.
private let machines: StaticString = """
    linux,kvm=kvm
    xen=xen
    vmware=vmware
    qemu,pseries=qemu
    linux,dummy-virt=vm-other
    riscv-virtio=vm-other
    """
