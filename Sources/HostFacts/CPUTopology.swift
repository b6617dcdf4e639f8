import Linux

/// How the logical processors are put together, from /sys/devices/system/cpu
/// (kernel document admin-guide/cputopology).
struct CPUTopology: Equatable {
    var sockets: Int?
    var cores: Int?
    /// The highest clock that any processor can reach.
    var maxClockSpeedMHz: Int?

    /// - Returns: nil if the tree has no such directory.
    init?(_ tree: borrowing FileTree) throws(FileError) {
        let directory: Directory
        do {
            directory = try tree.directory("sys/devices/system/cpu")
        } catch let error where error.isAbsence || error.isRefusal {
            return nil
        }
        var packages: Set<Int> = []
        var coresSeen: Set<[Int?]> = []
        for entry in try directory.entries() {
            let name = entry.name.string
            guard name.hasPrefix("cpu"), Int(name.dropFirst(3)) != nil else { continue }
            func number(_ file: String) throws(FileError) -> Int? {
                do {
                    let bytes = try directory.open("\(name)/\(file)").contents()
                    return Int(String(decoding: bytes, as: UTF8.self).trimmingWhitespace())
                } catch let error where error.isAbsence || error.isRefusal {
                    return nil
                }
            }
            if let hertz = try number("cpufreq/cpuinfo_max_freq") {  // in kHz
                maxClockSpeedMHz = max(maxClockSpeedMHz ?? 0, hertz / 1000)
            }
            guard let core = try number("topology/core_id") else { continue }  // it is offline
            let package = try number("topology/physical_package_id")
            if let package, package >= 0 { packages.insert(package) }
            // A core's id is unique within its cluster or die only.
            coresSeen.insert([
                package, try number("topology/die_id"), try number("topology/cluster_id"), core,
            ])
        }
        sockets = packages.isEmpty ? nil : packages.count
        cores = coresSeen.isEmpty ? nil : coresSeen.count
    }
}
