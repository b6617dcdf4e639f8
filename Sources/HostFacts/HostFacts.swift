package import Linux
package import Snapshot

/// The facts of one host, all taken at about the same moment.
package struct HostFacts: Sendable {
    package var host: HostRecord
    package var osVersion: OSVersionRecord
    package var cpuInfo: CPUInfoRecord
    package var collection: CollectionRecord
    package var processes: [ProcessRecord]
    package var users: [UserRecord]

    /// Reads the host whose file system the tree is. What the tree lacks stays unknown.
    /// - Parameter hostID: what to tell the host by instead of what it has itself.
    /// - Returns: nil if there is nothing to tell the host by.
    package init?(_ tree: borrowing FileTree, hostID: String? = nil) throws(FileError) {
        func text(_ path: String) throws(FileError) -> String? {
            let text = try tree.contents(path).map {
                String(RawText($0).repaired.trimmingWhitespace())
            }
            return text?.isEmpty == true ? nil : text
        }
        // The kernel tells the reader's own name, which is not the host's where the reader is in
        // a container and the tree is its host.
        let nameFiles = ["proc/sys/kernel/hostname", "etc/hostname"]
        var hostname: String?
        for file in tree.isLive ? nameFiles : nameFiles.reversed() where hostname == nil {
            hostname = try text(file)
        }
        let identity: HostIdentity
        if let hostID {
            identity = HostIdentity(option: hostID)
        } else if let found = try HostIdentity(tree, hostname: hostname) {
            identity = found
        } else {
            return nil
        }
        let bootTime = try text("proc/stat").flatMap(bootTime(inStat:))
        let passwd = Passwd(try tree.contents("etc/passwd") ?? [])
        let processes = try Self.processes(tree, bootTime: bootTime, passwd: passwd)
        let sessions = try Sessions(
            tree, processIDs: processes.map { Set($0.processes.map(\.pid)) })

        let network = try Network(tree)
        host = HostRecord(hostID: identity.id)
        host.hostIDSource = identity.source.rawValue
        host.hostname = hostname
        host.ip = network?.primary
        host.addresses = network?.addresses
        host.bootTime = bootTime
        host.kernel = try text("proc/sys/kernel/osrelease")
        host.arch = tree.isLive ? CallingProcess.machine : try text("proc/sys/kernel/arch")
        host.container = try container(tree, processes)

        var release: OSRelease?
        for file in ["etc/os-release", "usr/lib/os-release"] where release == nil {
            release = try tree.contents(file).map(OSRelease.init)
        }
        osVersion = OSRelease.record(release, kernel: host.kernel)
        cpuInfo = CPUInfo.record(
            try tree.contents("proc/cpuinfo").map(CPUInfo.init), try CPUTopology(tree),
            arch: host.arch)

        collection = CollectionRecord()
        collection.euid = CallingProcess.effectiveUserID
        collection.sessionSource = sessions.source.rawValue
        collection.processesHidden = processes?.areSomeHidden
        collection.processesUnreadable = processes?.unreadable
        self.processes = processes?.processes ?? []
        users = sessions.logins
    }

    /// - Returns: nil if the tree has no /proc, or an empty one on which nothing is mounted.
    private static func processes(
        _ tree: borrowing FileTree, bootTime: Int?, passwd: Passwd
    ) throws(FileError) -> ProcessTable? {
        do {
            let proc = try tree.directory("proc")
            let table = try ProcessTable(proc, bootTime: bootTime, passwd: passwd)
            return table.processes.isEmpty && table.unreadable == 0 ? nil : table
        } catch let error where error.isAbsence || error.isRefusal {
            return nil
        }
    }
}

/// The line `btime` of /proc/stat: when the system was started, in Unix seconds.
private func bootTime(inStat text: String) -> Int? {
    text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int($0.dropFirst(6)) }
}

/// What systemd-detect-virt(1) would call the container that the tree is the root of.
/// - Returns: `none` outside of a container, nil if there is no telling.
private func container(
    _ tree: borrowing FileTree, _ processes: ProcessTable?
) throws(FileError) -> String? {
    if let name = try tree.contents("run/systemd/container") {
        return String(String(decoding: name, as: UTF8.self).trimmingWhitespace())
    }
    if tree.exists(".dockerenv") { return "docker" }
    if tree.exists("run/.containerenv") { return "podman" }
    guard let processes else { return nil }
    return processes.areSomeHidden ? nil : "none"
}
