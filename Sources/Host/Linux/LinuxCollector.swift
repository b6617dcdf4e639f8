package import Records

/// The facts of one host with Linux, all taken at about the same moment.
package struct LinuxCollector: Collector, Sendable {
    /// The records that come first in a snapshot.
    package let head: SnapshotHead
    /// Whether the tree is the running system's.
    package let isLive: Bool
    private let processes: [ProcessRecord]
    private let users: [UserRecord]
    private let packages: [PackageRecord]
    private let access: AccessRecords
    private let listeners: [ListeningPortRecord]

    /// Reads the host whose file system the tree is. What cannot be read stays unknown.
    /// - Parameters:
    ///   - hostID: what identifies the host instead of what it has itself.
    ///   - choice: the kinds of records that `yield` gives.
    /// - Returns: nil if nothing identifies the host.
    package init?(
        _ tree: borrowing HostTree, hostID: String? = nil, choice: RecordChoice = .all
    ) {
        let bootTime = fileText(tree, "proc/stat").flatMap { systemStart(inStat: $0) }
        let kernel = fileText(tree, "proc/sys/kernel/osrelease")
        var accounts = Accounts(tree)
        let processes = ProcessTable(tree, bootTime: bootTime, kernel: kernel, accounts: &accounts)
        let container = container(tree, processes)
        let release = OSVersionRecord.assignments(tree)
        let hostname = Hostname.read(tree)
        guard
            let identity = hostID.map({ HostIdentity(option: $0) })
                ?? HostIdentity(
                    tree, hostname: hostname.flatMap { $0.isDefault(release) ? nil : $0.text },
                    isContainer: container != nil && container != "none"
                        || processes?.areSomeHidden == true)
        else { return nil }
        let log = SourceLog()
        let sessions = Sessions(
            tree, processes, bootTime: bootTime, choice.contains(.users) ? log : SourceLog())

        let network = Network(tree)
        var host = HostRecord(hostID: identity.id)
        host.hostIDSource = identity.source.rawValue
        host.hostname = hostname?.text
        host.ip = network?.primary
        host.addresses = network?.addresses
        host.bootTime = bootTime
        host.kernel = kernel
        host.arch = tree.isLive ? LiveSystem.machine : fileText(tree, "proc/sys/kernel/arch")
        host.container = container
        host.addHardware(tree, kernel: kernel)

        let osVersion = OSVersionRecord(tree, release, kernel: kernel)
        let cpuInfo = CPUInfo.record(
            tree.contents("proc/cpuinfo").map { CPUInfo($0) }, CPUTopology(tree), arch: host.arch)

        var collection = CollectionRecord()
        collection.euid = LiveSystem.effectiveUserID
        collection.sessionSource = sessions.source.rawValue
        if choice.contains(.processes) {
            collection.processesHidden = processes?.areSomeHidden
            collection.processesUnreadable = processes?.unreadable
        }
        var listeners =
            choice.contains(.listeningPorts)
            ? listeningPorts(tree, processes?.processes ?? [], log) : []
        if choice.contains(.packages) {
            let programs = Programs(of: listeners, tree)
            packages = PackageList(tree, log, programs).packages
            programs.name(&listeners)
        } else {
            packages = []
        }
        self.listeners = listeners
        access = AccessList(tree, log, choice).records
        collection.sources = log.read.isEmpty ? nil : log.read
        collection.failedSources = log.failed.isEmpty ? nil : log.failed
        collection.omitted = choice.omitted()
        let unreadable = tree.unreadable
        collection.unreadable = unreadable.isEmpty ? nil : unreadable

        isLive = tree.isLive
        head = SnapshotHead(
            host: host, osVersion: osVersion, cpuInfo: cpuInfo, collection: collection)
        self.processes =
            choice.contains(.processes) ? processes?.processes ?? [] : []
        users = choice.contains(.users) ? sessions.logins : []
    }

    /// Yields the processes, the users, and so on, in the order of `RecordChoice`.
    package func yield(to sink: inout some RecordSink & ~Copyable) {
        for process in processes { sink.add(process) }
        for user in users { sink.add(user) }
        for package in packages { sink.add(package) }
        access.yield(to: &sink)
        for listener in listeners { sink.add(listener) }
    }

    /// Reads the host whose file system has this root.
    package static func read(
        root: String, hostID: String?, choice: RecordChoice
    ) throws(CollectorError) -> LinuxCollector {
        let tree: HostTree
        do throws(HostError) { tree = try HostTree(root: root) } catch { throw .root(error) }
        if let collector = LinuxCollector(tree, hostID: hostID, choice: choice) { return collector }
        throw .unidentified(unidentified(root, tree))
    }

    private static func unidentified(_ root: String, _ tree: borrowing HostTree) -> String {
        let needsRoot = LiveSystem.effectiveUserID != 0 && tree.exists(HostIdentity.productUUIDPath)
        let asRoot = needsRoot ? "run as root to read the product UUID, or " : ""
        let unreadable = tree.unreadable
        let failures =
            unreadable.isEmpty
            ? "" : "; could not read \(unreadable.prefix(3).joined(separator: "; "))"
        return """
            nothing under \(root) identifies the host (no machine-id, no product UUID, no \
            hostname of its own\(failures)): \(asRoot)give --host-id
            """
    }
}
