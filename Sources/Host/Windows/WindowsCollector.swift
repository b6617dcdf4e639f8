#if WINDOWS
    import CHost
    package import Records
    import Text

    /// The facts of one host with Windows, all taken at about the same moment.
    package struct WindowsCollector: Collector, Sendable {
        /// The records that stand first in a snapshot.
        package let head: SnapshotHead
        private let processes: [ProcessRecord]
        private let users: [UserRecord]
        /// There is no other than the running system's.
        package let isLive = true

        /// Reads the running system. What cannot be read stays unknown.
        /// - Parameters:
        ///   - hostID: what identifies the host instead of its MachineGuid.
        ///   - choice: the kinds of records that `yield` gives.
        /// - Returns: nil if nothing identifies the host.
        package init?(hostID: String?, choice: RecordChoice) {
            let hostname = filledIn(WindowsSystem.hostname)
            guard
                let identity = HostIdentity(
                    option: hostID, machineGUID: WindowsSystem.machineGUID, hostname: hostname)
            else { return nil }
            let version = WindowsSystem.version
            let join = WindowsSystem.join
            let container = WindowsSystem.container
            let network = WindowsSystem.addresses.map { WindowsNetwork($0) }
            var host = HostRecord(hostID: identity.id)
            host.hostIDSource = identity.source.rawValue
            host.hostname = hostname
            host.domain = join.domain
            host.workgroup = join.workgroup
            host.ip = network?.primary
            host.addresses = network?.addresses
            host.bootTime = unixSeconds(fileTime: census_windows_boot_time())
            host.kernel = version?.kernel
            host.arch = filledIn(LiveSystem.machine)
            host.container = container

            let table = WindowsProcessTable()
            let sessions = WindowsSystem.sessions
            var collection = CollectionRecord()
            collection.elevated = WindowsSystem.isElevated
            collection.sessionSource = sessions == nil ? "none" : "wts"
            if choice.contains(.processes) {
                // A container is shown its own processes only.
                collection.processesHidden =
                    table.map { _ in container != nil && container != "none" }
                collection.processesUnreadable = table?.unreadable
            }

            collection.omitted = choice.omitted()
            head = SnapshotHead(
                host: host, osVersion: version?.record ?? OSVersionRecord(name: "Windows"),
                cpuInfo: WindowsSystem.cpuInfo, collection: collection)
            processes = choice.contains(.processes) ? table?.processes ?? [] : []
            users =
                choice.contains(.users) ? sessions?.compactMap { $0.login } ?? [] : []
        }

        /// Reads the running system.
        package static func read(
            root: String, hostID: String?, choice: RecordChoice
        ) throws(CollectorError) -> WindowsCollector {
            if let collector = WindowsCollector(hostID: hostID, choice: choice) { return collector }
            throw .unidentified(
                "nothing identifies the host (no MachineGuid, no computer name): give --host-id")
        }

        /// Yields the processes, then the users.
        package func yield(to sink: inout some RecordSink & ~Copyable) {
            for process in processes { sink.add(process) }
            for user in users { sink.add(user) }
        }
    }

    /// The processes of the running system.
    struct WindowsProcessTable {
        private(set) var processes: [ProcessRecord] = []
        /// Those whose owner or path this user may not know.
        private(set) var unreadable: Int64 = 0
        /// The accounts by their identifiers. To name one, a domain's server may have to be asked.
        private var accounts: [[UInt8]: RawText?] = [:]

        /// - Returns: nil if the system does not tell.
        init?() {
            guard let rows = WindowsSystem.processes else { return nil }
            // By their number, as of other hosts.
            for row in rows.sorted(by: { $0.pid < $1.pid }) { add(row) }
        }

        private mutating func add(_ row: WindowsProcess) {
            var record = row.record
            if row.isKernel {
                record.user = account(localSystem)
            } else {
                let details = WindowsSystem.details(of: row)
                record.user = details.owner.flatMap { account($0) }
                record.path = details.path.map { RawText(utf16: $0) }
                if details.isRefused { unreadable += 1 }
            }
            processes.append(record)
        }

        private mutating func account(_ identifier: [UInt8]) -> RawText? {
            if let known = accounts[identifier] { return known }
            let account = WindowsSystem.account(identifier)
            accounts[identifier] = .some(account)
            return account
        }
    }
#endif
