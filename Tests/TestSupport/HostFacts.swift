package import Host
package import Records

/// All that a collector says of a host.
package struct HostFacts: RecordSink, Sendable {
    package var host: HostRecord
    package var osVersion: OSVersionRecord
    package var cpuInfo: CPUInfoRecord
    package var collection: CollectionRecord
    package private(set) var processes: [ProcessRecord] = []
    package private(set) var users: [UserRecord] = []
    package private(set) var packages: [PackageRecord] = []
    package private(set) var accounts: [AccountRecord] = []
    package private(set) var privileges: [PrivilegeRecord] = []
    package private(set) var authorizedKeys: [AuthorizedKeyRecord] = []
    package private(set) var hostKeys: [SSHHostKeyRecord] = []
    package private(set) var listeners: [ListeningPortRecord] = []

    package init?(
        _ tree: borrowing HostTree, hostID: String? = nil, choice: RecordChoice = .all
    ) {
        guard let collector = HostCollector(tree, hostID: hostID, choice: choice) else {
            return nil
        }
        let head = collector.head
        host = head.host
        osVersion = head.osVersion
        cpuInfo = head.cpuInfo
        collection = head.collection
        collector.yield(to: &self)
    }

    package mutating func add<Line: Record>(_ record: Line) {
        if let process = record as? ProcessRecord { processes.append(process) }
        if let user = record as? UserRecord { users.append(user) }
        if let package = record as? PackageRecord { packages.append(package) }
        if let account = record as? AccountRecord { accounts.append(account) }
        if let privilege = record as? PrivilegeRecord { privileges.append(privilege) }
        if let key = record as? AuthorizedKeyRecord { authorizedKeys.append(key) }
        if let key = record as? SSHHostKeyRecord { hostKeys.append(key) }
        if let listener = record as? ListeningPortRecord { listeners.append(listener) }
    }
}
