package import Database
package import Snapshot

/// What stands out when the hosts that were seen are held against those that were to be seen.
package struct Coverage {
    package enum Kind: String, Sendable, CaseIterable {
        /// Expected, and never seen.
        case missing
        /// Seen, and not expected.
        case unexpected
        /// Not seen for too long.
        case stale
        /// One name under several ids.
        case severalIDs = "several_ids"
        /// Several hosts under one id, as where a disk was copied with its machine-id.
        case sharedID = "shared_id"
        /// Times that cannot be right.
        case clock
        /// The collector could not see all.
        case partial
    }

    package struct Finding: Sendable {
        package let kind: Kind
        package var host: Host?
        /// As the list of expected hosts has it.
        package var expected: String?
        /// When the host was seen last.
        package var lastSeen: String?
        package let detail: String

        package static let columns = [
            "Finding", "Server_ID", "Host", "IP", "Last_seen", "Detail",
        ]

        package var row: [Value] {
            [
                .text(kind.rawValue), Value(host?.serverID), Value(expected ?? host?.name),
                Value(host?.ip), Value(lastSeen), .text(detail),
            ]
        }
    }

    package private(set) var findings: [Finding] = []
    /// Hosts that were seen.
    package let hosts: [Host]

    private struct Observation {
        let serverID: Int64
        let date: String
        let hostname: String?
        let ip: String?
        let processor: String?
        let bootTime: String?
        /// Nil where it came from no file, but by a stored procedure.
        let receivedAt: String?
        let doubts: [String]
    }

    /// - Parameters:
    ///   - expected: nil where it is not known which hosts there should be.
    ///   - oldest: hosts that were not seen since then are stale; nil where none is.
    package init(
        in database: any Database, expected: ExpectedHosts?, oldest: Timestamp?
    ) throws(DatabaseError) {
        hosts = try Host.all(in: database)
        let observations = try Self.observations(in: database)
        if let expected { compare(with: expected, observations) }
        for host in hosts {
            guard let seen = observations[host.serverID], let last = seen.last else { continue }
            if let oldest, last.date < oldest.sqlText {
                add(.stale, host, last, "not seen since \(oldest.sqlText)")
            }
            if let detail = Self.sharedID(seen) { add(.sharedID, host, last, detail) }
            for detail in Self.clockFaults(seen) { add(.clock, host, last, detail) }
            if !last.doubts.isEmpty {
                add(.partial, host, last, last.doubts.joined(separator: "; "))
            }
        }
        findSeveralIDs(observations)
        let order = Kind.allCases
        let indexed = findings.enumerated().sorted { left, right in
            let first = order.firstIndex(of: left.element.kind)!
            let second = order.firstIndex(of: right.element.kind)!
            return (first, left.offset) < (second, right.offset)
        }
        findings = indexed.map(\.element)
    }

    private mutating func add(
        _ kind: Kind, _ host: Host, _ last: Observation, _ detail: String
    ) {
        findings.append(Finding(kind: kind, host: host, lastSeen: last.date, detail: detail))
    }

    // MARK: What was seen

    /// By server, the oldest first.
    private static func observations(
        in database: any Database
    ) throws(DatabaseError) -> [Int64: [Observation]] {
        let statement = try database.prepare(
            """
            SELECT e.Server_ID, e.Exec_date, e.Hostname, e.IP, p.Brand, e.Boot_time, r.Received_at,
                   e.Collector_euid, e.Processes_hidden, e.Processes_unreadable, e.Processes_known,
                   e.Users_known
            FROM Executions e LEFT JOIN Receipts r ON r.Receipt_ID = e.Receipt_ID
            LEFT JOIN Processors p ON p.Processor_ID = e.Processor_ID
            ORDER BY e.Server_ID, e.Exec_date, e.Snapshot_ID, e.Execution_ID
            """)
        var observations: [Int64: [Observation]] = [:]
        while try statement.step() {
            observations[statement.integer(0), default: []].append(
                Observation(
                    serverID: statement.integer(0), date: statement.text(1),
                    hostname: statement.textOrNil(2), ip: statement.textOrNil(3),
                    processor: statement.textOrNil(4), bootTime: statement.textOrNil(5),
                    receivedAt: statement.textOrNil(6), doubts: doubts(statement)))
        }
        return observations
    }

    private static func doubts(_ row: any Statement) -> [String] {
        var doubts: [String] = []
        if row.integer(10) == 0 { doubts.append("processes unknown") }
        if row.integer(11) == 0 { doubts.append("users unknown") }
        if !row.isNull(7) && row.integer(7) != 0 { doubts.append("not run as root") }
        if !row.isNull(8) && row.integer(8) != 0 { doubts.append("some processes hidden") }
        if !row.isNull(9) && row.integer(9) != 0 {
            doubts.append("\(row.integer(9)) processes unreadable")
        }
        return doubts
    }

    // MARK: Which hosts

    private mutating func compare(
        with expected: ExpectedHosts, _ observations: [Int64: [Observation]]
    ) {
        var byName: [ExactText: Set<Int>] = [:]
        for (index, host) in hosts.enumerated() {
            byName[ExactText(host.hostID), default: []].insert(index)
            for seen in observations[host.serverID] ?? [] {
                for name in Self.names(of: seen) { byName[name, default: []].insert(index) }
            }
        }
        var isExpected = [Bool](repeating: false, count: hosts.count)
        for name in expected.names {
            let found = Self.names(of: name).lazy.compactMap { byName[$0] }.first ?? []
            for index in found { isExpected[index] = true }
            if found.isEmpty {
                findings.append(
                    Finding(kind: .missing, expected: name, detail: "expected and never seen"))
            }
        }
        for (host, isExpected) in zip(hosts, isExpected) where !isExpected {
            guard let last = observations[host.serverID]?.last else { continue }
            add(.unexpected, host, last, "seen and not expected")
        }
    }

    /// What a host that was seen so may be called in a list, beside its id: its address, its name
    /// with and without domain.
    private static func names(of seen: Observation) -> [ExactText] {
        var names: [ExactText] = []
        if let ip = seen.ip { names.append(ExactText(ip)) }
        if let name = seen.hostname {
            let lowercased = name.lowercased()
            names.append(ExactText("name:" + lowercased))
            names.append(ExactText("label:" + label(lowercased)))
        }
        return names
    }

    /// Under what a name in a list is looked for, the closest first. One with a domain is not that
    /// of another domain.
    private static func names(of name: String) -> [ExactText] {
        let lowercased = name.lowercased()
        var names = [ExactText(name), ExactText("name:" + lowercased)]
        if lowercased.contains(".") {
            names.append(ExactText("name:" + label(lowercased)))
        } else {
            names.append(ExactText("label:" + lowercased))
        }
        return names
    }

    private static func label(_ name: String) -> String {
        String(name.prefix { $0 != "." })
    }

    private mutating func findSeveralIDs(_ observations: [Int64: [Observation]]) {
        let named = hosts.filter { $0.name != nil }
        let groups = Dictionary(grouping: named) { ExactText($0.name!.lowercased()) }
        for host in named {
            let group = groups[ExactText(host.name!.lowercased())]!
            guard group.count > 1, group[0].serverID == host.serverID,
                let last = observations[host.serverID]?.last
            else { continue }
            let ids = group.map { "\($0.serverID) (\($0.hostID))" }.joined(separator: ", ")
            add(.severalIDs, host, last, "the name of \(group.count) servers: \(ids)")
        }
    }

    // MARK: One host over time

    /// Two hosts under one id: one that is seen, then another, then the first one again.
    private static func sharedID(_ seen: [Observation]) -> String? {
        for (index, one) in seen.enumerated().dropFirst() where differ(seen[index - 1], one) {
            if let earlier = seen[..<(index - 1)].first(where: { isSame($0, one) }) {
                let other = seen[index - 1]
                return "\(text(earlier)) on \(earlier.date), \(text(other)) on \(other.date), "
                    + "\(text(one)) on \(one.date)"
            }
        }
        return nil
    }

    private static func text(_ seen: Observation) -> String {
        [seen.hostname, seen.ip].compactMap(\.self).joined(separator: " ")
    }

    private static func isSame(_ one: Observation, _ other: Observation) -> Bool {
        [(one.hostname, other.hostname), (one.ip, other.ip), (one.processor, other.processor)]
            .allSatisfy { $0.map(ExactText.init) == $1.map(ExactText.init) }
    }

    /// Whether they cannot be one host: a host that moves keeps its name, one that is renamed its
    /// address or its processor.
    private static func differ(_ one: Observation, _ other: Observation) -> Bool {
        func isOther(_ first: String?, _ second: String?) -> Bool {
            guard let first, let second else { return false }
            return ExactText(first) != ExactText(second)
        }
        return isOther(one.hostname, other.hostname) && isOther(one.ip, other.ip)
    }

    private static func clockFaults(_ seen: [Observation]) -> [String] {
        var faults: [String] = []
        for one in seen {
            if let boot = one.bootTime, one.date < boot {
                faults.append("taken at \(one.date), before the host was started at \(boot)")
            }
            if let receivedAt = one.receivedAt, one.date > receivedAt {
                faults.append("taken at \(one.date), after it was loaded at \(receivedAt)")
            }
        }
        for (one, next) in zip(seen, seen.dropFirst()) {
            // A start that lies further back than one of which an older execution tells.
            if let boot = one.bootTime, let nextBoot = next.bootTime, nextBoot < boot,
                next.date != one.date, !isWithinAMinute(boot, nextBoot)
            {
                faults.append(
                    "out of order: started at \(boot) as of \(one.date), "
                        + "at \(nextBoot) as of \(next.date)")
            }
        }
        return faults
    }

    /// The kernel reckons the time of its start anew when the clock is set: some seconds are no
    /// fault.
    private static func isWithinAMinute(_ one: String, _ other: String) -> Bool {
        guard let one = Timestamp(sqlText: one), let other = Timestamp(sqlText: other) else {
            return false
        }
        return abs(one.unixSeconds - other.unixSeconds) <= 60
    }
}
