package import Query
import Records

/// The facts of a host in one execution, as rules see them.
package struct Observation: Sendable, Equatable {
    /// A process of the host.
    package typealias Process = ObservedProcess

    /// The facts of the host in one row.
    package var host: ObservedHost
    /// All addresses of the host except loopback and link-local ones.
    package var addresses: [String] = []
    /// The processes, sorted by PID and name; nil if unknown.
    package var processes: [Process]?
    /// The items of each of `ListedKind.all`, such as the logged-in users; nil if unknown.
    package var lists: [ObservedList?] = ListedKind.all.map { _ in nil }

    /// Creates an observation whose lists are unknown.
    package init(host: ObservedHost, addresses: [String] = [], processes: [Process]? = nil) {
        self.host = host
        self.addresses = addresses
        self.processes = processes
    }
}

/// The facts of a host in one row of one execution.
package struct ObservedHost: Sendable, Equatable {
    /// Its `Execution_ID`.
    package var executionID: Int64
    /// Its `Server_ID`.
    package var serverID: Int64
    /// Its `Host_ID`.
    package var hostID: String
    /// Its hostname; nil if unknown.
    package var hostname: String?
    /// Its first address; nil if it has none, or if unknown.
    package var ip: String?
    /// The time of the execution in UTC: `2026-11-23 05:13:11`.
    package var date: String
    /// The name of its operating system.
    package var system: String
    /// The version of its operating system; nil if unknown.
    package var systemVersion: String?
    /// Whether the collector could not see some processes.
    package var hidesProcesses: Bool

    /// Creates the facts from all their values.
    package init(
        executionID: Int64, serverID: Int64, hostID: String, hostname: String?, ip: String?,
        date: String, system: String, systemVersion: String?, hidesProcesses: Bool = false
    ) {
        self.executionID = executionID
        self.serverID = serverID
        self.hostID = hostID
        self.hostname = hostname
        self.ip = ip
        self.date = date
        self.system = system
        self.systemVersion = systemVersion
        self.hidesProcesses = hidesProcesses
    }
}
