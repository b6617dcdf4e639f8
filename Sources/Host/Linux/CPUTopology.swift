/// How the logical processors are put together, from /sys/devices/system/cpu
/// (kernel document admin-guide/cputopology).
struct CPUTopology: Equatable {
    var sockets: Int64?
    var cores: Int64?
    /// The highest clock that any processor can reach.
    var maxClockSpeedMHz: Int64?

    /// - Returns: nil if the tree has no such directory.
    init?(_ tree: borrowing HostTree) {
        let path = "sys/devices/system/cpu"
        guard let entries = tree.entries(path) else { return nil }
        let names = entries.map { String(decoding: $0.bytes, as: UTF8.self) }
        var packages: Set<Int64> = []
        var coresSeen: Set<[Int64?]> = []
        // Where firmware does not number the cores, the kernel still lists which logical processors
        // are one: `0,4`.
        var siblingsSeen: Set<[UInt8]> = []
        var isCoreUnknown = false
        for name in names where name.hasPrefix("cpu") && Int64(name.dropFirst(3)) != nil {
            func number(_ file: String) -> Int64? {
                tree.contents("\(path)/\(name)/\(file)").flatMap {
                    Int64(String(decoding: $0, as: UTF8.self).trimmingWhitespace())
                }
            }
            if let kilohertz = number("cpufreq/cpuinfo_max_freq") {
                maxClockSpeedMHz = max(maxClockSpeedMHz ?? 0, kilohertz / 1000)
            }
            guard let core = number("topology/core_id") else { continue }  // it is offline
            let package = number("topology/physical_package_id")
            if let package, package >= 0 { packages.insert(package) }
            if core < 0 {
                let siblings =
                    tree.contents("\(path)/\(name)/topology/core_cpus_list")
                    ?? tree.contents("\(path)/\(name)/topology/thread_siblings_list")
                if let siblings { siblingsSeen.insert(siblings) } else { isCoreUnknown = true }
                continue
            }
            // A core's id is unique within its cluster or die only.
            coresSeen.insert([
                package, number("topology/die_id"), number("topology/cluster_id"), core,
            ])
        }
        sockets = packages.isEmpty ? nil : Int64(packages.count)
        let count = coresSeen.count + siblingsSeen.count
        cores = isCoreUnknown || count == 0 ? nil : Int64(count)
    }
}
