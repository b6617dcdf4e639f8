package import Query

/// What was observed of a host at one execution.
package struct Observation: Sendable, Equatable {
    /// A process of the host.
    package typealias Process = ObservedProcess

    /// What is known of the host in one row.
    package var host: ObservedHost
    /// All addresses of the host but loopback and link-local ones.
    package var addresses: [String] = []
    /// By PID and name; nil where they are not known.
    package var processes: [Process]?
    /// Who is logged in, by name; nil where that is not known.
    package var users: [String]?

    package init(
        host: ObservedHost, addresses: [String] = [], processes: [Process]? = nil,
        users: [String]? = nil
    ) {
        self.host = host
        self.addresses = addresses
        self.processes = processes
        self.users = users
    }
}

/// A host at one execution.
package struct ObservedHost: Sendable, Equatable {
    /// Its `Execution_ID`.
    package var executionID: Int64
    /// Its `Server_ID`.
    package var serverID: Int64
    /// Its `Host_ID`.
    package var hostID: String
    /// Nil where it is not known.
    package var hostname: String?
    /// Its first address; nil where it has none, or it is not known.
    package var ip: String?
    /// `2026-11-23 05:13:11`, in UTC.
    package var date: String
    /// The name of its operating system.
    package var system: String
    /// The version of that; nil where it is not known.
    package var systemVersion: String?
    /// Whether there are processes that the collector could not see.
    package var hidesProcesses: Bool

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
