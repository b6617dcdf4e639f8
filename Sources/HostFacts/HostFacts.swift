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

    /// Reads the host whose file system the tree is. What cannot be read stays unknown.
    /// - Parameter hostID: what to tell the host by instead of what it has itself.
    /// - Returns: nil if there is nothing to tell the host by.
    package init?(_ tree: borrowing FileTree, hostID: String? = nil) {
        let hostname = hostname(tree)
        guard
            let identity = hostID.map(HostIdentity.init(option:))
                ?? HostIdentity(tree, hostname: hostname)
        else { return nil }
        let bootTime = text(tree, "proc/stat").flatMap(bootTime(inStat:))
        let passwd = Passwd(tree.contents("etc/passwd") ?? [])
        let processes = ProcessTable(tree, bootTime: bootTime, passwd: passwd)
        let arePIDsKnown = tree.isLive || processes?.areSomeHidden == false
        let sessions = Sessions(tree, processIDs: arePIDsKnown ? processes?.processIDs : nil)

        let network = Network(tree)
        host = HostRecord(hostID: identity.id)
        host.hostIDSource = identity.source.rawValue
        host.hostname = hostname
        host.ip = network?.primary
        host.addresses = network?.addresses
        host.bootTime = bootTime
        host.kernel = text(tree, "proc/sys/kernel/osrelease")
        host.arch = tree.isLive ? CallingProcess.machine : text(tree, "proc/sys/kernel/arch")
        host.container = container(tree, processes)

        let release = tree.contents("etc/os-release") ?? tree.contents("usr/lib/os-release")
        osVersion = OSVersionRecord(release.map(Assignments.init), kernel: host.kernel)
        cpuInfo = CPUInfo.record(
            tree.contents("proc/cpuinfo").map(CPUInfo.init), CPUTopology(tree), arch: host.arch)

        collection = CollectionRecord()
        collection.euid = CallingProcess.effectiveUserID
        collection.sessionSource = sessions.source.rawValue
        collection.processesHidden = processes?.areSomeHidden
        collection.processesUnreadable = processes?.unreadable
        self.processes = processes?.processes ?? []
        users = sessions.logins
    }
}

/// A file's text without the white space around it; nil if there is no more than that.
private func text(_ tree: borrowing FileTree, _ path: String) -> String? {
    guard let bytes = tree.contents(path) else { return nil }
    // A file that was being written when the power failed may end in NULs.
    let text = String(RawText(bytes.filter { $0 != 0 }).repaired.trimmingWhitespace())
    return text.isEmpty ? nil : text
}

/// The kernel's name for the host, or that of hostname(5).
private func hostname(_ tree: borrowing FileTree) -> String? {
    let kernel = text(tree, "proc/sys/kernel/hostname").flatMap { $0 == "(none)" ? nil : $0 }
    let file = text(tree, "etc/hostname")?.split(whereSeparator: \.isNewline)
        .map { $0.trimmingWhitespace() }.first { !$0.isEmpty && !$0.hasPrefix("#") }.map(
            String.init)
    // The kernel tells the reader's own name, which is not the host's where the reader is in a
    // container and the tree is its host.
    return tree.isLive ? kernel ?? file : file ?? kernel
}

/// The line `btime` of /proc/stat: when the system was started, in Unix seconds.
private func bootTime(inStat text: String) -> Int? {
    text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int($0.dropFirst(6)) }
}

/// What systemd-detect-virt(1) would call the container that the tree is the root of.
/// - Returns: `none` outside of a container, nil if there is no telling.
private func container(_ tree: borrowing FileTree, _ processes: ProcessTable?) -> String? {
    if let name = text(tree, "run/systemd/container") { return name }
    if tree.exists(".dockerenv") { return "docker" }
    if tree.exists("run/.containerenv") { return "podman" }
    guard let processes else { return nil }
    return processes.areSomeHidden ? nil : "none"
}
