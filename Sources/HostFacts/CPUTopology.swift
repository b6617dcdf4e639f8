import Linux

/// How the logical processors are put together, from /sys/devices/system/cpu
/// (kernel document admin-guide/cputopology).
struct CPUTopology: Equatable {
    var sockets: Int?
    var cores: Int?
    /// The highest clock that any processor can reach.
    var maxClockSpeedMHz: Int?

    /// - Returns: nil if the tree has no such directory.
    init?(_ tree: borrowing FileTree) {
        let path = "sys/devices/system/cpu"
        let names: [String]
        do throws(FileError) {
            names = try tree.directory(path).entries().map(\.name.string)
        } catch {
            return nil
        }
        var packages: Set<Int> = []
        var coresSeen: Set<[Int?]> = []
        for name in names where name.hasPrefix("cpu") && Int(name.dropFirst(3)) != nil {
            func number(_ file: String) -> Int? {
                tree.contents("\(path)/\(name)/\(file)").flatMap {
                    Int(String(decoding: $0, as: UTF8.self).trimmingWhitespace())
                }
            }
            if let kilohertz = number("cpufreq/cpuinfo_max_freq") {
                maxClockSpeedMHz = max(maxClockSpeedMHz ?? 0, kilohertz / 1000)
            }
            guard let core = number("topology/core_id") else { continue }  // it is offline
            let package = number("topology/physical_package_id")
            if let package, package >= 0 { packages.insert(package) }
            // A core's id is unique within its cluster or die only.
            coresSeen.insert([
                package, number("topology/die_id"), number("topology/cluster_id"), core,
            ])
        }
        sockets = packages.isEmpty ? nil : packages.count
        cores = coresSeen.isEmpty ? nil : coresSeen.count
    }
}
