package import Files
package import Records
import Text

/// The facts of one host, all taken at about the same moment.
package struct HostFacts: Sendable {
    package var host: HostRecord
    package var osVersion: OSVersionRecord
    package var cpuInfo: CPUInfoRecord
    package var collection: CollectionRecord
    package var processes: [ProcessRecord]
    package var users: [UserRecord]

    /// Reads the host whose file system the tree is. What cannot be read stays unknown.
    /// - Parameter hostID: what identifies the host instead of what it has itself.
    /// - Returns: nil if nothing identifies the host.
    package init?(_ tree: borrowing FileTree, hostID: String? = nil) {
        let bootTime = fileText(tree, "proc/stat").flatMap(bootTime(inStat:))
        let kernel = fileText(tree, "proc/sys/kernel/osrelease")
        var accounts = Accounts(tree)
        let processes = ProcessTable(tree, bootTime: bootTime, kernel: kernel, accounts: &accounts)
        let container = container(tree, processes)
        let release = OSVersionRecord.assignments(tree)
        let hostname = Hostname.read(tree)
        guard
            let identity = hostID.map(HostIdentity.init(option:))
                ?? HostIdentity(
                    tree, hostname: hostname.flatMap { $0.isDefault(release) ? nil : $0.text },
                    isContainer: container != nil && container != "none"
                        || processes?.areSomeHidden == true)
        else { return nil }
        let sessions = Sessions(tree, processes, bootTime: bootTime)

        let network = Network(tree)
        host = HostRecord(hostID: identity.id)
        host.hostIDSource = identity.source.rawValue
        host.hostname = hostname?.text
        host.ip = network?.primary
        host.addresses = network?.addresses
        host.bootTime = bootTime
        host.kernel = kernel
        host.arch = tree.isLive ? CallingProcess.machine : fileText(tree, "proc/sys/kernel/arch")
        host.container = container

        osVersion = OSVersionRecord(tree, release, kernel: kernel)
        cpuInfo = CPUInfo.record(
            tree.contents("proc/cpuinfo").map { CPUInfo($0) }, CPUTopology(tree), arch: host.arch)

        collection = CollectionRecord()
        collection.euid = CallingProcess.effectiveUserID
        collection.sessionSource = sessions.source.rawValue
        collection.processesHidden = processes?.areSomeHidden
        collection.processesUnreadable = processes?.unreadable
        self.processes = processes?.processes ?? []
        users = sessions.logins
        let unreadable = tree.unreadable
        collection.unreadable = unreadable.isEmpty ? nil : unreadable
    }

    /// Whether a tree that nothing identifies has a product UUID that only root may read.
    package static func needsRootToIdentify(_ tree: borrowing FileTree) -> Bool {
        CallingProcess.effectiveUserID != 0 && tree.exists(HostIdentity.productUUIDPath)
    }
}

/// A file's text without the white space around it; nil if there is no more than that.
func fileText(_ tree: borrowing FileTree, _ path: String) -> String? {
    guard let bytes = tree.contents(path) else { return nil }
    // A file that was being written when the power failed may end in NULs.
    let text = String(RawText(bytes.filter { $0 != 0 }).repaired.trimmingWhitespace())
    return text.isEmpty ? nil : text
}

/// The line `btime` of /proc/stat: when the system was started, in Unix seconds.
private func bootTime(inStat text: String) -> Int? {
    text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int($0.dropFirst(6)) }
}

/// What systemd-detect-virt(1) would call the container that the tree is the root of.
/// - Returns: `none` outside of a container, nil if there is no telling.
private func container(_ tree: borrowing FileTree, _ processes: ProcessTable?) -> String? {
    // Where the kernel's own threads are in view the tree is the machine's. What says otherwise is
    // left over: from an image that a machine was made of, or from a container's files copied.
    if let processes, !processes.areSomeHidden { return "none" }
    for path in ["run/systemd/container", "run/host/container-manager"] {
        if let name = fileText(tree, path) { return name }
    }
    if tree.exists(".dockerenv") { return "docker" }
    if tree.exists("run/.containerenv") { return "podman" }
    return nil
}
