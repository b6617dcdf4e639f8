package import Database
package import Output
package import Query
import Records
import SQLScripts

/// The result of checking the hosts in a database against the rules.
package struct Inspection: Sendable {
    /// The rules, in the order of their file.
    package let rules: [Rule]
    /// In the order of servers, dates and executions.
    package private(set) var hosts: [InspectedHost] = []
    /// The results, sorted by severity, highest first, then by host, then by rule.
    package private(set) var results: [Result] = []
    /// The indices of rules that apply to none of the hosts, sorted by severity, then by rule.
    package private(set) var unmatchedRules: [Int] = []

    /// A host at one execution.
    package struct InspectedHost: Sendable {
        /// Its facts in one row.
        package let facts: ObservedHost
        /// The indices of the rules that apply to it.
        package let rules: [Int]
    }

    /// A finding, with its rule and its host.
    package struct Result: Sendable {
        /// The index in `rules`.
        package let rule: Int
        /// The index in `hosts`.
        package let host: Int
        /// The finding.
        package let finding: Finding
    }

    /// Checks the hosts. Memory is proportional to the number of findings, not of processes.
    ///
    /// The database is read in one state if the caller has begun a transaction.
    package init(
        of database: any Database, by rules: [Rule], _ selection: ExecutionSelection
    ) throws(DatabaseError) {
        self.rules = rules
        let reader = try ObservationReader(database)
        let heads = try ObservationReader.heads(in: database, selection)
        let screening =
            heads.count > Self.fewHosts
            ? try ProcessScreening(rules, of: heads.map(\.host.executionID), in: database) : nil
        let kinds = ListedKind.all.filter { kind in rules.contains { $0.needs(kind) } }
        for head in heads { try inspect(head, kinds, reader, screening) }
        results = results.indices.sorted { a, b in
            let (x, y) = (results[a], results[b])
            let (severityX, severityY) = (rules[x.rule].severity, rules[y.rule].severity)
            if severityX != severityY { return severityX > severityY }
            return (x.host, x.rule, a) < (y.host, y.rule, b)
        }.map { results[$0] }
        let used = Set(hosts.flatMap(\.rules))
        unmatchedRules = rules.indices.filter { !used.contains($0) }.sorted { a, b in
            let (severityA, severityB) = (rules[a].severity, rules[b].severity)
            return severityA != severityB ? severityA > severityB : a < b
        }
    }

    /// The number of hosts up to which reading their processes takes less time than reading all names.
    private static let fewHosts = 50

    /// - Parameters:
    ///   - kinds: the lists that any rule needs.
    ///   - screening: nil if all processes are to be read.
    private mutating func inspect(
        _ head: ObservationReader.Head, _ kinds: [ListedKind], _ reader: ObservationReader,
        _ screening: ProcessScreening?
    ) throws(DatabaseError) {
        var observation = Observation(host: head.host)
        if rules.contains(where: { $0.hosts != nil }) {
            observation.addresses = try reader.addresses(of: head)
        }
        let names = observation.names
        let own = rules.indices.filter { rules[$0].isFor(names) }
        var kept: Set<Int> = []
        if own.contains(where: { rules[$0].needsProcesses }) {
            let outcome =
                try head.processesAreKnown ? screening?.outcome(of: head.host.executionID) : nil
            if let outcome {
                kept = Set(own.filter { rules[$0].needsProcesses && !outcome.broken.contains($0) })
            }
            if own.contains(where: { rules[$0].needsProcesses && !kept.contains($0) }) {
                if let processes = outcome?.processes {
                    observation.processes = processes
                } else {
                    observation.processes = try reader.processes(of: head)
                }
            }
        }
        for kind in kinds where own.contains(where: { rules[$0].needs(kind) }) {
            observation.lists[kind.index] = try reader.items(kind, of: head)
        }
        hosts.append(InspectedHost(facts: head.host, rules: own))
        for rule in own where !kept.contains(rule) {
            for finding in rules[rule].findings(in: observation) {
                results.append(Result(rule: rule, host: hosts.count - 1, finding: finding))
            }
        }
    }

    /// Whether a rule of this severity or higher is violated.
    package func isBroken(from severity: Severity) -> Bool {
        results.contains {
            $0.finding.verdict == .violated && rules[$0.rule].severity >= severity
        }
    }

    /// Whether anything could not be checked on a host.
    package var hasUnchecked: Bool {
        results.contains { $0.finding.verdict == .notChecked }
    }

    /// The finding of the rules that apply to none of the hosts.
    var unmatchedFinding: Finding {
        .notChecked(hosts.isEmpty ? "there is no host" : "no host matches its hosts")
    }

    /// The indices of rules that could not be fully checked on any host that they apply to, with
    /// the number of these hosts; sorted by rule.
    package var uncheckedRules: [(rule: Int, hosts: Int)] {
        var unchecked: [Int: Set<Int>] = [:]
        for result in results where result.finding.verdict == .notChecked {
            unchecked[result.rule, default: []].insert(result.host)
        }
        return unchecked.keys.sorted().compactMap { rule in
            let own = hosts.count { $0.rules.contains(rule) }
            return unchecked[rule]!.count == own ? (rule, own) : nil
        }
    }

    /// One row per result, then one per rule that applies to no host. There is a column of controls
    /// if any of the rules has some.
    package var table: RowTable {
        let columns = [
            "Rule", "Severity", "Verdict", "Server_ID", "Hostname", "IP", "Exec_date",
            "Execution_ID", "What", "Sentence",
        ]
        let hasControls = rules.contains { !$0.controls.isEmpty }
        func row(_ index: Int, _ host: ObservedHost?, _ finding: Finding) -> [Value] {
            let rule = rules[index]
            let controls = rule.controls.joined(separator: ", ")
            return [
                Value(rule.id), Value(rule.severity.rawValue), Value(finding.verdict.rawValue),
                Value(host?.serverID), Value(host?.hostname), Value(host?.ip), Value(host?.date),
                Value(host?.executionID), Value(finding.what), Value(rule.sentence),
            ] + (hasControls ? [Value(controls.isEmpty ? nil : controls)] : [])
        }
        return RowTable(
            columns + (hasControls ? ["Controls"] : []),
            results.map { row($0.rule, hosts[$0.host].facts, $0.finding) }
                + unmatchedRules.map { row($0, nil, unmatchedFinding) })
    }
}

extension Rule {
    fileprivate var needsProcesses: Bool {
        switch requirement {
        case .forbiddenProcesses, .requiredProcesses, .processOwners: true
        case .items, .passwordMaxAge, .allowedSystems: false
        }
    }

    fileprivate func needs(_ list: ListedKind) -> Bool {
        switch requirement {
        case .items(list, _): true
        case .passwordMaxAge: list == .accounts
        default: false
        }
    }
}

/// Reads observations, execution by execution.
private struct ObservationReader {
    /// An execution without its processes and lists.
    struct Head {
        let host: ObservedHost
        let processesAreKnown: Bool
    }

    private let query: ExecutionQuery

    init(_ database: any Database) throws(DatabaseError) { query = try ExecutionQuery(database) }

    /// In the order of servers, dates and executions.
    static func heads(
        in database: any Database, _ selection: ExecutionSelection
    ) throws(DatabaseError) -> [Head] {
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

    func items(_ kind: ListedKind, of head: Head) throws(DatabaseError) -> ObservedList? {
        try query.items(kind, of: head.host.executionID)
    }
}

extension ObservationReader.Head {
    /// Reads the current row.
    fileprivate init(_ row: any Statement) {
        host = ObservedHost(
            executionID: row.integer(0), serverID: row.integer(1), hostID: row.text(2),
            hostname: row.textOrNil(3), ip: row.textOrNil(4), date: row.text(5),
            system: row.text(6),
            systemVersion: row.textOrNil(7), hidesProcesses: !row.isNull(9) && row.integer(9) == 1
        )
        processesAreKnown = row.integer(8) == 1
    }
}
