package import Query

/// A finding as a page shows it, of `coverage` or of `check`.
package struct PageFinding: Sendable {
    /// How much it weighs; nil if a rule could not be checked.
    package let severity: Severity?
    /// The kind of a finding of `coverage`, or the id of a rule.
    package let name: String
    /// What findings of that name mean, in one sentence.
    package let meaning: String
    /// The `Server_ID` of the host; nil if it is of none.
    package let serverID: Int64?
    /// The name of the host, or what else is known of it.
    package let host: String?
    /// The address of the host.
    package let ip: String?
    /// The time of the execution that it is about, in UTC, or at which the host was last seen.
    package let seen: String?
    /// What was found.
    package let what: String
    /// The evidence.
    package let source: Source

    /// Where the file that shows a finding is found.
    package enum Source: Sendable {
        /// This file, or none.
        case file(CitedFile?)
        /// That of an execution, by its `Execution_ID`.
        case execution(Int64)
        /// That of the newest execution of the host.
        case newestExecution
    }

    /// A finding from all its values.
    package init(
        _ severity: Severity?, _ name: String, meaning: String, serverID: Int64?, host: String?,
        ip: String?, seen: String?, what: String, source: Source
    ) {
        self.severity = severity
        self.name = name
        self.meaning = meaning
        self.serverID = serverID
        self.host = host
        self.ip = ip
        self.seen = seen
        self.what = what
        self.source = source
    }

    /// A finding of `coverage`.
    package init(_ anomaly: Coverage.Anomaly) {
        let source: Source =
            anomaly.host == nil || anomaly.file != nil ? .file(anomaly.file) : .newestExecution
        self.init(
            anomaly.kind.severity, anomaly.kind.rawValue, meaning: anomaly.kind.meaning,
            serverID: anomaly.host?.serverID, host: anomaly.expected ?? anomaly.host?.name,
            ip: anomaly.host?.ip, seen: anomaly.lastSeen, what: anomaly.detail, source: source)
    }

    /// `high`, or `not checked`.
    var weight: String { severity?.rawValue ?? "not checked" }
}

/// What a page says first: what was checked, and what was found.
package struct PageFindings: Sendable {
    /// What was checked, each in a clause: `coverage: 4 hosts seen`.
    package private(set) var checks: [String] = []
    /// Worst first; what could not be checked comes last.
    private(set) var all: [PageFinding] = []

    /// Nothing was checked.
    package init() {}

    /// Adds the findings of a command.
    /// - Parameter check: what was checked, in a clause.
    package mutating func add(_ findings: [PageFinding], of check: String) {
        checks.append(check)
        all = (all + findings).enumerated().sorted { a, b in
            let (x, y) = (a.element.severity, b.element.severity)
            if x == y { return a.offset < b.offset }
            guard let x, let y else { return x != nil }
            return x > y
        }.map(\.element)
    }

    /// Those about some hosts, by `Server_ID`, or about none.
    func of(_ servers: Set<Int64>) -> [PageFinding] {
        all.filter { $0.serverID.map(servers.contains) ?? true }
    }
}
