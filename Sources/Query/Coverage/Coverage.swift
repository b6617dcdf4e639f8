package import Database
import Records
import SQLScripts
package import Text

/// The findings about the hosts in a database, compared with the list of expected hosts.
package struct Coverage {
    /// A finding about a host or a list entry.
    package struct Anomaly: Sendable {
        /// The kind of the finding.
        package let kind: Kind
        /// The host; nil if there is none, or if unknown.
        package var host: Server?
        /// The list entry, or the host in a file's name.
        package var expected: String?
        /// The time at which the host was last seen, in UTC.
        package var lastSeen: String?
        /// The rejected file; nil for any other finding.
        package var file: CitedFile?
        /// The description of the finding.
        package let detail: String

        /// The titles of `row`.
        package static let columns = [
            "Finding", "Server_ID", "Host", "IP", "Last_seen", "Detail",
        ]

        /// The finding as a row.
        package var row: [Value] {
            [
                .text(kind.rawValue), Value(host?.serverID), Value(expected ?? host?.name),
                Value(host?.ip), Value(lastSeen), .text(detail),
            ]
        }
    }

    /// The findings, sorted by kind, then by host.
    package private(set) var anomalies: [Anomaly] = []
    /// The hosts in the database.
    package private(set) var hosts: [Server] = []
    /// The number of hosts in the list; nil without a list.
    package var expectedCount: Int? { entries?.count }
    /// The distinct entries of the list; nil without a list.
    private var entries: [String]?

    /// By the index in `hosts`: the time at which each was last seen, among plausible times.
    private var lastSeen: [String] = []
    private var numbers: [Int64: Int] = [:]
    private var index = HostIndex()
    private var releases = ReleaseDates()
    private var hostKeys: HostKeys
    private let signatures: SignatureVerdicts
    /// By the index in `hosts`: the hardware, as it was known last.
    private var hardware: [Hardware] = []
    /// The current time.
    private let now: String
    private let oldest: String?

    /// Examines the database, in one state if the caller has begun a transaction.
    ///
    /// - Parameters:
    ///   - expected: the list of expected hosts; nil for none.
    ///   - oldest: hosts not seen since then are stale; nil for no limit.
    ///   - now: the current time; later executions are implausible.
    package init(
        in database: any Database, expected: ExpectedHosts?, oldest: Timestamp?, now: Timestamp
    ) throws(DatabaseError) {
        self.now = now.sqlText
        self.oldest = oldest?.sqlText
        entries = expected.map(Self.distinctNames)
        hostKeys = try HostKeys(in: database)
        signatures = try SignatureVerdicts(in: database)
        try examineHosts(in: database)
        let rejected = try RejectedFileSearch(database).files
        if let entries { try compare(with: entries, rejected, in: database) }
        for file in rejected { add(file) }
        let byName = findSeveralIDs()
        findSharedHardware(besides: byName)
        findSharedKeys()

        let order = Kind.allCases
        let indexed = anomalies.enumerated().sorted { left, right in
            func key(_ one: (offset: Int, element: Anomaly)) -> (Int, Int64, Int) {
                let kind = order.firstIndex(of: one.element.kind)!
                return (kind, one.element.host?.serverID ?? 0, one.offset)
            }
            return key(left) < key(right)
        }
        anomalies = indexed.map(\.element)
    }

    /// Keeps only the findings about some hosts, and about list entries that match a pattern.
    package mutating func keep(_ servers: [Server], _ patterns: [NamePattern]) {
        let ids = Set(servers.map(\.serverID))
        func isMatch(_ name: String) -> Bool { patterns.contains { $0.matches(name) } }
        anomalies.removeAll { anomaly in
            if let host = anomaly.host { return !ids.contains(host.serverID) }
            return !(anomaly.expected.map(isMatch) ?? false)
        }
        hosts.removeAll { !ids.contains($0.serverID) }
        entries = entries?.filter(isMatch)
    }

    private mutating func add(_ kind: Kind, _ number: Int, _ detail: String) {
        anomalies.append(
            Anomaly(
                kind: kind, host: hosts[number], lastSeen: lastSeen[number], detail: detail))
    }

    /// `3 (host-3), 7 (host-7)`.
    private func list(_ numbers: some Sequence<Int>) -> String {
        numbers.sorted().map { "\(hosts[$0].serverID) (\(hosts[$0].hostID))" }
            .joined(separator: ", ")
    }

    // MARK: Each host by itself

    /// Examines the executions host by host. Memory is proportional to the number of hosts and to
    /// the executions of one host.
    private mutating func examineHosts(in database: any Database) throws(DatabaseError) {
        var servers = try Server.all(in: database)[...]
        /// Hosts that may be several, for a second check.
        var doubtful: [(number: Int, seen: [Sighting])] = []
        /// The executions of one host, newest first.
        var seen: [Sighting] = []
        let statement = try Sighting.all(in: database)
        func finish(_ coverage: inout Coverage) {
            guard let serverID = seen.first?.serverID else { return }
            while let server = servers.first, server.serverID < serverID {
                coverage.addUnseen(server)
                servers.removeFirst()
            }
            defer { seen = [] }
            guard let server = servers.first, server.serverID == serverID else {
                return coverage.addOrphans(serverID)
            }
            servers.removeFirst()
            let number = coverage.add(server, seen)
            let byDate = seen.reversed().sorted { $0.date < $1.date }
            if SharedID(byDate) == nil {
                coverage.addClockFaults(number, byDate, isOneHost: true)
            } else {
                doubtful.append((number, byDate))
            }
        }
        while try statement.step() {
            let one = Sighting(statement)
            if seen.last.map({ $0.serverID != one.serverID }) ?? false { finish(&self) }
            seen.append(one)
        }
        finish(&self)
        for server in servers { addUnseen(server) }

        if doubtful.isEmpty { return }
        let addresses = try database.prepare(Scripts.Query.hostAddresses)
        for (number, var seen) in doubtful {
            try addresses.bind([.integer(hosts[number].serverID)])
            var byExecution: [Int64: Set<ExactText>] = [:]
            while try addresses.step() {
                byExecution[addresses.integer(0), default: []].insert(
                    ExactText(addresses.text(1)))
            }
            for index in seen.indices {
                seen[index].addresses = byExecution[seen[index].executionID] ?? []
            }
            let shared = SharedID(seen)
            if let shared { add(.sharedID, number, shared.detail) }
            addClockFaults(number, seen, isOneHost: shared == nil)
        }
    }

    /// Adds a row of `Servers` without executions.
    private mutating func addUnseen(_ server: Server) {
        anomalies.append(
            Anomaly(
                kind: .partial, host: server,
                detail: "no executions: never seen"))
    }

    /// Adds executions without a row in `Servers`.
    private mutating func addOrphans(_ serverID: Int64) {
        anomalies.append(
            Anomaly(
                kind: .partial,
                detail: "the database is damaged: Server_ID \(serverID) has executions, but "
                    + "no row in Servers"))
    }

    /// - Parameter seen: sorted, newest first.
    /// - Returns: the host's index in `hosts`.
    private mutating func add(_ host: Server, _ seen: [Sighting]) -> Int {
        let number = hosts.count
        // Executions without a file can be in the future: only the current time shows that.
        let possible = seen.first { !ClockFaults.isFromFuture($0, now: now) }
        let newest = possible ?? seen[0]
        hosts.append(host)
        lastSeen.append(newest.date)
        numbers[host.serverID] = number
        index.add(number, id: host.hostID, seen, newest: newest)
        hardware.append(seen.first { $0.hardware.isKnown }?.hardware ?? Hardware())
        if let change = hostKeys.add(number, seen) { add(.hostKey, number, change) }
        for (kind, detail) in signatures.findings(about: seen, newest: newest, hostKeys) {
            add(kind, number, detail)
        }
        if let oldest {
            if possible == nil {
                add(.stale, number, "no execution with a plausible date")
            } else if newest.date < oldest {
                add(.stale, number, "not seen since \(oldest)")
            }
        }
        if !newest.doubts.isEmpty {
            add(.partial, number, newest.doubts.joined(separator: "; "))
        }
        return number
    }

    private mutating func addClockFaults(_ number: Int, _ seen: [Sighting], isOneHost: Bool) {
        let faults = ClockFaults(seen, isOneHost: isOneHost, &releases, now: now)
        for detail in faults.details { add(.clock, number, detail) }
    }

    // MARK: Which hosts

    /// The entries without those that differ from an earlier one only in case.
    private static func distinctNames(_ list: ExpectedHosts) -> [String] {
        var known: Set<ExactText> = []
        return list.names.filter {
            known.insert(ExactText(ComparableHostname($0).name)).inserted
        }
    }

    private mutating func compare(
        with entries: [String], _ rejected: [RejectedFile], in database: any Database
    ) throws(DatabaseError) {
        let unknown = entries.filter { index.hosts(called: $0).isEmpty }
        if unknown.contains(where: { $0.contains(":") || $0.contains(".") }) {
            try index.addAddresses(unknown, numbers, in: database)
        }
        var entriesOfHost: [[String]] = Array(repeating: [], count: hosts.count)
        for entry in entries {
            let found = index.hosts(called: entry)
            for number in found { entriesOfHost[number].append(entry) }
            if found.isEmpty {
                anomalies.append(
                    Anomaly(
                        kind: .missing, expected: entry, detail: missing(entry, rejected)))
            } else if found.count > 1 {
                anomalies.append(
                    Anomaly(
                        kind: .ambiguous, expected: entry,
                        detail: "matches \(found.count) servers: \(list(found))"))
            }
        }
        for (number, entries) in entriesOfHost.enumerated() {
            if entries.isEmpty {
                add(.unexpected, number, "seen but not expected")
            } else if entries.count > 1 {
                add(.ambiguous, number, Self.severalEntries(entries))
            }
        }
    }

    private static func severalEntries(_ entries: [String]) -> String {
        let list = entries.joined(separator: ", ")
        let what = "\(entries.count) list entries match this server: \(list)"
        let names = entries.map(ComparableHostname.init)
        let arePlainlyOthers = names.contains { name in
            names.contains {
                name.hasDomain && $0.hasDomain && $0.label == name.label && $0 != name
            }
        }
        return arePlainlyOthers
            ? "\(what); they name hosts in different domains, so at least one of them was not seen"
            : "\(what); either the host is listed more than once, or one of them was not seen"
    }

    private func missing(_ entry: String, _ rejected: [RejectedFile]) -> String {
        let name = ComparableHostname(entry)
        let fileName = SnapshotName.host(entry).lowercased()
        let own = rejected.filter { file in
            file.possibleHostnames.contains {
                ExactText($0.lowercased()) == ExactText(fileName)
                    || ComparableHostname($0).isNameOf(sameHostAs: name)
            }
        }
        guard let first = own.first else { return "expected but never seen" }
        let others = own.count > 1 ? " and \(own.count - 1) more" : ""
        return
            "expected but never seen; rejected files that may be from it: \(first.path)\(others)"
    }

    private mutating func add(_ file: RejectedFile) {
        var anomaly = anomaly(of: file)
        anomaly.file = CitedFile(path: file.path, sha256: file.sha256)
        anomalies.append(anomaly)
    }

    private func anomaly(of file: RejectedFile) -> Anomaly {
        if file.isCustodyLog { return Anomaly(kind: .custody, detail: file.text) }
        let kind: Kind = file.isContradictedByLog ? .custody : .rejected
        func anomaly(_ number: Int?, _ expected: String?, _ detail: String) -> Anomaly {
            Anomaly(
                kind: kind, host: number.map { hosts[$0] },
                expected: number == nil ? expected : nil, lastSeen: number.map { lastSeen[$0] },
                detail: detail)
        }
        let found = file.hostname.map(index.hosts(inFileName:)) ?? []
        let only = found.count == 1 ? found.first : nil
        if let detail = file.contradiction { return anomaly(only, file.hostname, detail) }
        let detail = file.text + " and was not replaced by a valid file; "
        guard let name = file.name else {
            return anomaly(nil, nil, detail + "its name does not identify the host")
        }
        guard let hostname = file.hostname else {
            return anomaly(
                nil, nil,
                detail + "its name is that of a host without a hostname, taken at "
                    + name.takenAt.sqlText)
        }
        let more =
            only != nil
            ? ""
            : found.isEmpty
                ? ", from which nothing was loaded" : ", which matches the servers \(list(found))"
        return anomaly(
            only, hostname,
            detail + "its name is that of host \(hostname), taken at \(name.takenAt.sqlText)"
                + more)
    }

    /// Finds groups of hosts with one name. A name without a domain equals that name with any
    /// domain.
    /// - Returns: the groups.
    private mutating func findSeveralIDs() -> [Set<Int>] {
        var found: [Set<Int>] = []
        var byLabel: [ExactText: [(number: Int, name: ComparableHostname)]] = [:]
        for (number, host) in hosts.enumerated() {
            guard let name = host.name.map(ComparableHostname.init) else { continue }
            byLabel[ExactText(name.label), default: []].append((number, name))
        }
        for hosts in byLabel.values where hosts.count > 1 {
            let isAnyBare = hosts.contains { !$0.name.hasDomain }
            let groups =
                isAnyBare
                ? [hosts]
                : Array(Dictionary(grouping: hosts) { ExactText($0.name.name) }.values)
            for group in groups where group.count > 1 {
                let numbers = group.map(\.number)
                found.append(Set(numbers))
                add(
                    .severalIDs, numbers[0],
                    "\(numbers.count) servers have this name: \(list(numbers))")
            }
        }
        return found
    }

    /// Finds groups of hosts on one machine: it was reinstalled, or has several systems, or the host
    /// was copied together with its virtual machine.
    /// - Parameter groups: those that are reported already.
    private mutating func findSharedHardware(besides groups: [Set<Int>]) {
        var groupOfHost = Array(hosts.indices)
        var candidates: [ExactText: [Int]] = [:]
        for (number, one) in hardware.enumerated() {
            for key in [one.uuid, one.serial] {
                guard let key = key.map(ExactText.init) else { continue }
                // A serial number that a thousand boards have would take a million comparisons.
                let others = candidates[key, default: []]
                if let other = others.first(where: { one.isSame(as: hardware[$0]) == true }) {
                    groupOfHost[number] = groupOfHost[other]
                } else if others.count < 64 {
                    candidates[key, default: []].append(number)
                }
            }
        }
        let machines = Dictionary(grouping: hosts.indices) { groupOfHost[$0] }
        for (first, numbers) in machines where numbers.count > 1 {
            if groups.contains(where: { $0.isSuperset(of: numbers) }) { continue }
            let one = hardware[first]
            let text = [one.vendor, one.model, one.serial ?? one.uuid].compactMap(\.self)
            add(
                .severalIDs, first,
                "\(numbers.count) servers are on this machine (\(text.joined(separator: " "))): "
                    + list(numbers))
        }
    }

    /// Finds groups of hosts with one key of SSH: one of them can pass for the other.
    private mutating func findSharedKeys() {
        for (numbers, keys) in hostKeys.shared() {
            let more = keys.count > 1 ? " and \(keys.count - 1) more" : ""
            add(
                .hostKey, numbers[0],
                "\(numbers.count) servers have the key \(keys[0])\(more): \(list(numbers))")
        }
    }
}
