#if WINDOWS
    import CHost
    package import Records
    import Text

    /// The facts of one host with Windows, all taken at about the same moment.
    package struct WindowsCollector: Collector, Sendable {
        /// The records that come first in a snapshot.
        package let head: SnapshotHead
        private let processes: [ProcessRecord]
        private let users: [UserRecord]
        private let packages: [PackageRecord]
        private let patches: [PatchRecord]
        private let accounts: [AccountRecord]
        private let privileges: [PrivilegeRecord]
        private let authorizedKeys: [AuthorizedKeyRecord]
        private let hostKeys: [SSHHostKeyRecord]
        private let listeningPorts: [ListeningPortRecord]
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
            host.readHardware()

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

            let log = SourceLog()
            let inventory = WindowsInventory(log: log, choice: choice, arch: host.arch)
            packages = inventory.packages()
            patches = inventory.patches()
            let accounts = inventory.accounts()
            self.accounts = choice.contains(.accounts) ? accounts : []
            privileges = inventory.privileges()
            authorizedKeys = inventory.authorizedKeys(accounts)
            hostKeys = inventory.hostKeys()
            listeningPorts = inventory.listeningPorts(table?.processes ?? [])

            collection.sources = log.read.isEmpty ? nil : log.read
            collection.failedSources = log.failed.isEmpty ? nil : log.failed
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

        /// Yields the processes, then the users and the other lists.
        package func yield(to sink: inout some RecordSink & ~Copyable) {
            for process in processes { sink.add(process) }
            for user in users { sink.add(user) }
            for package in packages { sink.add(package) }
            for patch in patches { sink.add(patch) }
            for account in accounts { sink.add(account) }
            for privilege in privileges { sink.add(privilege) }
            for key in authorizedKeys { sink.add(key) }
            for key in hostKeys { sink.add(key) }
            for port in listeningPorts { sink.add(port) }
        }
    }

    /// The processes of the running system.
    struct WindowsProcessTable {
        private(set) var processes: [ProcessRecord] = []
        /// Those whose owner or path this user may not know.
        private(set) var unreadable: Int64 = 0
        /// The accounts by their identifiers. To name one, a domain's server may have to be asked.
        private var accounts: [(identifier: [UInt8], name: RawText?)] = []

        /// - Returns: nil if the system does not tell.
        init?() {
            guard let rows = WindowsSystem.processes else { return nil }
            // By their number, as of other hosts.
            var order: [Int] = []
            for index in rows.indices {
                var at = order.count
                while at > 0, rows[order[at - 1]].pid > rows[index].pid { at -= 1 }
                order.insert(index, at: at)
            }
            for index in order { add(rows[index]) }
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
            for account in accounts where account.identifier == identifier { return account.name }
            let name = WindowsSystem.account(identifier)
            accounts.append((identifier, name))
            return name
        }
    }
#endif
