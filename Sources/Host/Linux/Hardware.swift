import Records
import Text

extension HostRecord {
    /// Adds the facts about the hardware: of SMBIOS, as /sys/class/dmi/id has them (kernel document
    /// ABI/testing/sysfs-class-dmi), or of the device tree (Devicetree Specification).
    @inline(never)
    mutating func addHardware(_ tree: borrowing HostTree, kernel: String?) {
        virtualization = virtualMachine(tree, kernel: kernel)
        uuid = firstHardwareText(
            tree, "sys/class/dmi/id/product_uuid\nproc/device-tree/vm,uuid"
        ).flatMap { HostIdentity(productUUID: $0)?.id }
        // `raspberrypi,4-model-b`.
        hardwareVendor =
            firstHardwareText(tree, "sys/class/dmi/id/sys_vendor\nsys/class/dmi/id/board_vendor")
            ?? firstHardwareText(tree, "proc/device-tree/compatible", until: UInt8(ascii: ","))
        hardwareModel = firstHardwareText(
            tree,
            "sys/class/dmi/id/product_name\nsys/class/dmi/id/board_name\nproc/device-tree/model")
        hardwareSerial = firstHardwareText(
            tree,
            """
            sys/class/dmi/id/product_serial
            proc/device-tree/serial-number
            proc/device-tree/system-id
            """)
        // `MemTotal:       16303540 kB`.
        if let size = tree.contents("proc/meminfo")?.value("MemTotal:"),
            let kibibytes = decimalNumber(size.prefix { $0 != 0x20 }), kibibytes < 1 << 50
        {
            physicalMemory = kibibytes * 1024
        }
        interfaces = hardwareInterfaces(tree)
    }
}

/// What the first file that knows it says of the hardware, up to a NUL, at which texts of a device tree
/// end.
/// - Parameter paths: one a line.
/// - Returns: nil if none knows it: it is not there, or has what makers leave in for all their boards.
@inline(never)
private func firstHardwareText(
    _ tree: borrowing HostTree, _ paths: StaticString, until end: UInt8 = 0
) -> String? {
    for path in lines(paths) {
        let contents = tree.contents(String(decoding: path, as: UTF8.self)) ?? []
        let text = Array(contents.prefix { $0 != 0 && $0 != end }).value("") ?? []
        if let text = knownHardwareText(text) { return text }
    }
    return nil
}

/// The network interfaces with a card behind them, and those that look like it from inside of a
/// container, each with its MAC address; by name.
/// - Returns: nil if sysfs has none, not even `lo`.
@inline(never)
private func hardwareInterfaces(_ tree: borrowing HostTree) -> [String]? {
    guard let entries = tree.entries("sys/class/net") else { return nil }
    var names: [[UInt8]] = []
    for entry in entries { names.append(entry.bytes) }
    sort(&names)
    var interfaces: [String]?
    for name in names {
        let directory = path("sys/class/net", name)
        // The cards of a bond all have its address, and keep their own in the first place. Where the
        // links of sysfs were copied without the files they lead to, there is nothing.
        guard
            let address = fileText(tree, directory + "/bonding_slave/perm_hwaddr")
                ?? fileText(tree, directory + "/address")
        else { continue }
        if interfaces == nil { interfaces = [] }
        if address != "00:00:00:00:00:00", isCard(tree, name, directory) {
            interfaces?.append(String(decoding: name, as: UTF8.self) + " " + address)
        }
    }
    return interfaces
}

/// Whether an interface has a device; or else is what a container has for a card: neither made of
/// others (a bridge, a bond, a VLAN) nor a tunnel.
private func isCard(_ tree: borrowing HostTree, _ name: [UInt8], _ directory: String) -> Bool {
    var isMade = false
    for entry in tree.entries(directory) ?? [] {
        if entry.bytes.equals("device") { return true }
        if entry.bytes.contains("lower_") { isMade = true }
    }
    return !isMade && tree.contents(directory + "/uevent")?.value("DEVTYPE=") == nil
        && InterfaceKind(tree, String(decoding: name, as: UTF8.self)) == .card
}
