package import Database
package import Output
import Query
import SQLScripts

/// What the rules say of the hosts in a database.
package struct Inspection: Sendable {
    /// In the order of their file.
    package let rules: [Rule]
    /// In the order of servers, dates and executions.
    package private(set) var hosts: [InspectedHost] = []
    /// Sorted by severity, the worst first, then by host, then as the rules are.
    package private(set) var results: [Result] = []
    /// The rules that are for none of the hosts, sorted by severity, then as the rules are.
    package private(set) var unused: [Int] = []

    /// A host at one execution.
    package struct InspectedHost: Sendable {
        /// What is known of it in one row.
        package let facts: ObservedHost
        /// Which of the rules are for it.
        package let rules: [Int]
    }

    /// A finding, with the rule and the host it is of.
    package struct Result: Sendable {
        /// Which of the rules.
        package let rule: Int
        /// Which of the hosts.
        package let host: Int
        /// What was found.
        package let finding: Finding
    }

    /// Which executions of a host are looked at.
    package enum Scope: Sendable {
        /// The newest, as its row in `Servers` is of.
        case newest
        case all
    }

    /// Memory does not grow with the processes in the database, but with what is found.
    ///
    /// What is said is of one state of the database if the caller has begun a transaction.
    package init(
        of database: any Database, by rules: [Rule], _ scope: Scope
    ) throws(DatabaseError) {
        self.rules = rules
        let reader = try ObservationReader(database)
        for head in try ObservationReader.heads(in: database, scope) {
            try inspect(head, reader)
        }
        results = results.indices.sorted { a, b in
            let (x, y) = (results[a], results[b])
            let (severityX, severityY) = (rules[x.rule].severity, rules[y.rule].severity)
            if severityX != severityY { return severityX > severityY }
            return (x.host, x.rule, a) < (y.host, y.rule, b)
        }.map { results[$0] }
        let used = Set(hosts.flatMap(\.rules))
        unused = rules.indices.filter { !used.contains($0) }.sorted { a, b in
            let (severityA, severityB) = (rules[a].severity, rules[b].severity)
            return severityA != severityB ? severityA > severityB : a < b
        }
    }

    private mutating func inspect(
        _ head: ObservationReader.Head, _ reader: ObservationReader
    ) throws(DatabaseError) {
        var observation = Observation(host: head.host)
        if rules.contains(where: { $0.hosts != nil }) {
            observation.addresses = try reader.addresses(of: head)
        }
        let own = rules.indices.filter { rules[$0].isFor(observation) }
        if own.contains(where: { rules[$0].needsProcesses }) {
            observation.processes = try reader.processes(of: head)
        }
        if own.contains(where: { rules[$0].needsUsers }) {
            observation.users = try reader.users(of: head)
        }
        hosts.append(InspectedHost(facts: head.host, rules: own))
        for rule in own {
            for finding in rules[rule].findings(in: observation) {
                results.append(Result(rule: rule, host: hosts.count - 1, finding: finding))
            }
        }
    }

    /// Whether a rule of this severity or a worse one is broken.
    package func isBroken(from severity: Severity) -> Bool {
        results.contains {
            $0.finding.verdict == .violated && rules[$0.rule].severity >= severity
        }
    }

    /// Whether anything could not be checked on a host.
    package var hasUnchecked: Bool {
        results.contains { $0.finding.verdict == .notChecked }
    }

    /// Why nothing was checked by the rules that are for none of the hosts.
    var unusedFinding: Finding {
        .notChecked(hosts.isEmpty ? "there is no host" : "no host matches its hosts")
    }

    /// The rules that could not be checked in full on any of the hosts that they are for, with how
    /// many hosts these are; as the rules are.
    package var blind: [(rule: Int, hosts: Int)] {
        var unchecked: [Int: Set<Int>] = [:]
        for result in results where result.finding.verdict == .notChecked {
            unchecked[result.rule, default: []].insert(result.host)
        }
        return unchecked.keys.sorted().compactMap { rule in
            let own = hosts.count { $0.rules.contains(rule) }
            return unchecked[rule]!.count == own ? (rule, own) : nil
        }
    }

    /// A row for each result, then one for each rule that is for no host.
    package var table: RowTable {
        RowTable(
            [
                "Rule", "Severity", "Verdict", "Server_ID", "Hostname", "IP", "Exec_date",
                "Execution_ID", "What", "Sentence",
            ],
            results.map { row($0.rule, hosts[$0.host].facts, $0.finding) }
                + unused.map { row($0, nil, unusedFinding) })
    }

    private func row(_ rule: Int, _ host: ObservedHost?, _ finding: Finding) -> [Value] {
        [
            Value(rules[rule].id), Value(rules[rule].severity.rawValue),
            Value(finding.verdict.rawValue), Value(host?.serverID), Value(host?.hostname),
            Value(host?.ip), Value(host?.date), Value(host?.executionID), Value(finding.what),
            Value(rules[rule].sentence),
        ]
    }
}

extension Rule {
    fileprivate var needsProcesses: Bool {
        switch requirement {
        case .forbiddenProcesses, .requiredProcesses, .processOwners: true
        case .allowedUsers, .allowedSystems: false
        }
    }

    fileprivate var needsUsers: Bool {
        if case .allowedUsers = requirement { true } else { false }
    }
}

/// Reads what was observed, execution by execution.
private struct ObservationReader {
    /// An execution without its processes and users.
    struct Head {
        let host: ObservedHost
        let processesAreKnown: Bool
        let usersAreKnown: Bool
    }

    private let query: ExecutionQuery

    init(_ database: any Database) throws(DatabaseError) { query = try ExecutionQuery(database) }

    /// In the order of servers, dates and executions.
    static func heads(
        in database: any Database, _ scope: Inspection.Scope
    ) throws(DatabaseError) -> [Head] {
        var selection = ExecutionSelection()
        selection.isLatestOnly = scope == .newest
        let statement = try selection.prepare(Scripts.Query.observations, in: database)
        var heads: [Head] = []
        while try statement.step() { heads.append(Head(statement)) }
        return heads
    }

    func addresses(of head: Head) throws(DatabaseError) -> [String] {
        try query.addresses(of: head.host.executionID)
    }

    func processes(of head: Head) throws(DatabaseError) -> [ObservedProcess]? {
        head.processesAreKnown ? try query.processes(of: head.host.executionID) : nil
    }

    func users(of head: Head) throws(DatabaseError) -> [String]? {
        head.usersAreKnown ? try query.users(of: head.host.executionID) : nil
    }
}

extension ObservationReader.Head {
    /// The present row.
    fileprivate init(_ row: any Statement) {
        host = ObservedHost(
            executionID: row.integer(0), serverID: row.integer(1), hostID: row.text(2),
            hostname: row.textOrNil(3), ip: row.textOrNil(4), date: row.text(5),
            system: row.text(6),
            systemVersion: row.textOrNil(7), hidesProcesses: !row.isNull(10) && row.integer(10) == 1
        )
        processesAreKnown = row.integer(8) == 1
        usersAreKnown = row.integer(9) == 1
    }
}
