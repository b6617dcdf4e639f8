package import Database
import Records
import SQLScripts
package import Text

/// What stands out when the hosts that were seen are compared with those that were expected.
package struct Coverage {
    /// What stands out, in the order in which it is told.
    package enum Kind: String, Sendable, CaseIterable {
        /// Expected, and never seen.
        case missing
        /// Seen, and not expected.
        case unexpected
        /// Several expected entries that mean one host, or one that means several.
        case ambiguous
        /// A file of which nothing was loaded, and which no good one has replaced.
        case rejected
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

    /// Something that stands out, of a host or of an entry of the list.
    package struct Anomaly: Sendable {
        /// What stands out.
        package let kind: Kind
        /// Which host; nil where it is none, or not known which.
        package var host: Server?
        /// As the list of expected hosts, or a file's name, has it.
        package var expected: String?
        /// When the host was seen last.
        package var lastSeen: String?
        /// What is wrong, in words.
        package let detail: String

        /// The titles of `row`.
        package static let columns = [
            "Finding", "Server_ID", "Host", "IP", "Last_seen", "Detail",
        ]

        /// The anomaly as values of a row.
        package var row: [Value] {
            [
                .text(kind.rawValue), Value(host?.serverID), Value(expected ?? host?.name),
                Value(host?.ip), Value(lastSeen), .text(detail),
            ]
        }
    }

    /// By kind, then by host.
    package private(set) var anomalies: [Anomaly] = []
    /// Hosts that were seen.
    package private(set) var hosts: [Server] = []
    /// How many hosts the list names; nil where there is none.
    package let expectedCount: Int?

    /// By the numbers of `hosts`: when each was seen last at a time that may be right.
    private var lastSeen: [String] = []
    private var numbers: [Int64: Int] = [:]
    private var index = HostIndex()
    private var releases = ReleaseDates()
    /// The present moment.
    private let now: String
    private let oldest: String?

    /// What is said is of one state of the database if the caller has begun a transaction.
    ///
    /// - Parameters:
    ///   - expected: nil where it is not known which hosts there should be.
    ///   - oldest: hosts that were not seen since then are stale; nil where none is.
    ///   - now: the present moment, after which nothing can have been taken.
    package init(
        in database: any Database, expected: ExpectedHosts?, oldest: Timestamp?, now: Timestamp
    ) throws(DatabaseError) {
        self.now = now.sqlText
        self.oldest = oldest?.sqlText
        let entries = expected.map(Self.distinctNames)
        expectedCount = entries?.count
        try lookAtHosts(in: database)
        let rejected = try RejectedFileSearch(database).files
        if let entries { try compare(with: entries, rejected, in: database) }
        for file in rejected { add(file) }
        findSeveralIDs()

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

    /// Goes through the executions, host by host: memory grows with the hosts and with the
    /// executions of one.
    private mutating func lookAtHosts(in database: any Database) throws(DatabaseError) {
        var servers = try Server.all(in: database)[...]
        /// Hosts that may be several, to be looked at more closely.
        var doubtful: [(number: Int, seen: [Sighting])] = []
        /// Of one host, the newest first.
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

    /// A row without what it stands for.
    private mutating func addUnseen(_ server: Server) {
        anomalies.append(
            Anomaly(
                kind: .partial, host: server,
                detail: "there is no execution of it: it was never seen"))
    }

    /// Executions without their server's row.
    private mutating func addOrphans(_ serverID: Int64) {
        anomalies.append(
            Anomaly(
                kind: .partial,
                detail: "the database is damaged: Server_ID \(serverID), of which it has "
                    + "executions, is not in it"))
    }

    /// - Parameter seen: the newest first.
    /// - Returns: the host's number.
    private mutating func add(_ host: Server, _ seen: [Sighting]) -> Int {
        let number = hosts.count
        // What came from no file may be of a date that only the present moment shows to be wrong.
        let possible = seen.first { !ClockFaults.isFromFuture($0, now: now) }
        let newest = possible ?? seen[0]
        hosts.append(host)
        lastSeen.append(newest.date)
        numbers[host.serverID] = number
        index.add(number, id: host.hostID, seen, newest: newest)
        if let oldest {
            if possible == nil {
                add(.stale, number, "not seen at a time that can be right")
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

    /// Without those that differ from an earlier one in capitals only.
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
                        detail: "may be any of \(found.count) servers: \(list(found))"))
            }
        }
        for (number, entries) in entriesOfHost.enumerated() {
            if entries.isEmpty {
                add(.unexpected, number, "seen and not expected")
            } else if entries.count > 1 {
                add(.ambiguous, number, Self.severalEntries(entries))
            }
        }
    }

    private static func severalEntries(_ entries: [String]) -> String {
        let list = entries.joined(separator: ", ")
        let what = "\(entries.count) entries of the list are this one server: \(list)"
        let names = entries.map(ComparableHostname.init)
        let arePlainlyOthers = names.contains { name in
            names.contains {
                name.hasDomain && $0.hasDomain && $0.label == name.label && $0 != name
            }
        }
        return arePlainlyOthers
            ? "\(what); as they name hosts of several domains, one of them at least was not seen"
            : "\(what); it is listed more than once, or one of them was not seen"
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
        guard let first = own.first else { return "expected and never seen" }
        let others = own.count > 1 ? ", like \(own.count - 1) more," : ""
        return
            "expected and never seen; \(first.path), which was rejected,\(others) may be its file"
    }

    private mutating func add(_ file: RejectedFile) {
        var detail = file.text
        guard !file.isContradiction else {
            let found = file.hostname.map(index.hosts(inFileName:)) ?? []
            let only = found.count == 1 ? found.first : nil
            return anomalies.append(
                Anomaly(
                    kind: .rejected, host: only.map { hosts[$0] },
                    expected: only == nil ? file.hostname : nil,
                    lastSeen: only.map { lastSeen[$0] },
                    detail: "\(detail): one of the two was altered"))
        }
        detail += " and no good file has replaced it; "
        guard let name = file.name else {
            detail += "its name does not say which host it is of"
            return anomalies.append(Anomaly(kind: .rejected, detail: detail))
        }
        guard let hostname = file.hostname else {
            detail += "by its name it is of a host without a hostname, at \(name.takenAt.sqlText)"
            return anomalies.append(Anomaly(kind: .rejected, detail: detail))
        }
        let found = index.hosts(inFileName: hostname)
        detail += "by its name it is of \(hostname), at \(name.takenAt.sqlText)"
        if found.count == 1, let number = found.first { return add(.rejected, number, detail) }
        detail +=
            found.isEmpty
            ? ", of which nothing was loaded" : ", which may be any of the servers \(list(found))"
        anomalies.append(Anomaly(kind: .rejected, expected: hostname, detail: detail))
    }

    /// Groups of hosts with one name. A name without a domain is that of each with one.
    private mutating func findSeveralIDs() {
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
                add(
                    .severalIDs, numbers[0],
                    "the name of \(numbers.count) servers: \(list(numbers))")
            }
        }
    }
}
