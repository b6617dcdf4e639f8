import Query
import Records

/// A violation of a rule by a host, or the reason why the rule could not be checked.
package struct Finding: Sendable, Equatable {
    /// The outcome of a check.
    package enum Verdict: String, Sendable {
        case violated
        /// The required facts are unknown.
        case notChecked = "not checked"
    }

    /// The outcome of the check.
    package let verdict: Verdict
    /// The subject: `xmrig (PID 4711, owner root)`.
    package let what: String

    /// The rule is violated.
    package static func violated(_ what: String) -> Finding { Finding(.violated, what) }
    /// The rule could not be checked.
    package static func notChecked(_ what: String) -> Finding { Finding(.notChecked, what) }

    private init(_ verdict: Verdict, _ what: String) {
        self.verdict = verdict
        self.what = what
    }
}

extension Rule {
    /// Whether the rule applies to the host.
    package func isFor(_ observation: Observation) -> Bool { isFor(observation.names) }

    /// - Parameter names: `Observation.names`, for a host that is compared with many rules.
    func isFor(_ names: [[Unicode.Scalar]]) -> Bool {
        guard let hosts else { return true }
        return names.contains { name in hosts.contains { $0.matches(name) } }
    }

    /// The violations of the rule by the host, in the order of the observation; empty if there are
    /// none.
    package func findings(in observation: Observation) -> [Finding] {
        switch requirement {
        case .forbiddenProcesses(let forbidden):
            guard let processes = observation.processes else { return [.processesNotKnown] }
            return processes.filter { forbidden.matchAny($0.name) }
                .map { .violated($0.description) }
        case .requiredProcesses(let required):
            guard let processes = observation.processes else { return [.processesNotKnown] }
            return required.filter { globs in !processes.contains { globs.matchAny($0.name) } }
                .map { globs in
                    // The required process can be among the hidden ones.
                    let names = globs.map(\.pattern).joined(separator: " or ")
                    return observation.host.hidesProcesses
                        ? .notChecked("\(names) was not found, but some processes are hidden")
                        : .violated("\(names) is not running")
                }
        case .processOwners(let names, let owners):
            guard let processes = observation.processes else { return [.processesNotKnown] }
            return processes.filter { names.matchAny($0.name) }.compactMap { process in
                guard let owner = process.owner else { return .notChecked(process.description) }
                return owners.matchAny(owner) ? nil : .violated(process.description)
            }
        case .items(let kind, let required):
            guard let list = observation.lists[kind.index] else {
                return [.notChecked("\(kind.name) are unknown")]
            }
            return findings(of: required, by: list, kind)
        case .passwordMaxAge(let days): return passwordFindings(in: observation, days: days)
        case .allowedSystems(let allowed):
            return finding(of: observation.host, allowed).map { [$0] } ?? []
        }
    }

    /// `alice is logged in`, `auditd is not installed`.
    private func findings(
        of requirement: ItemRequirement, by list: ObservedList, _ kind: ListedKind
    ) -> [Finding] {
        let items = list.items
        // What was seen may break the rule, and so may what was not.
        let rest: [Finding] =
            list.isComplete ? [] : [.notChecked("some \(kind.name) are unknown")]
        let keys = requirement.keys
        func text(_ item: ListedItem) -> String {
            "\(kind.description(of: item, with: keys)) is \(kind.state)"
        }
        func unknown(_ key: String, _ item: ListedItem) -> Finding {
            .notChecked("the \(key) of \(kind.description(of: item)) is unknown")
        }
        switch requirement {
        case .forbidden(let patterns):
            return items.compactMap { item in
                switch patterns.match(item, kind) {
                case .matches: .violated(text(item))
                case .differs: nil
                case .isUnknown(let key): unknown(key, item)
                }
            } + rest
        case .allowed(let patterns):
            return items.compactMap { item in
                switch patterns.match(item, kind) {
                case .matches: nil
                case .differs: .violated(text(item))
                case .isUnknown(let key): unknown(key, item)
                }
            } + rest
        case .required(let alternatives):
            return alternatives.compactMap { patterns in
                var doubt: Finding?
                for item in items {
                    switch patterns.match(item, kind) {
                    case .matches: return nil
                    case .differs: continue
                    case .isUnknown(let key): doubt = doubt ?? unknown(key, item)
                    }
                }
                if let doubt { return doubt }
                // Those of the name, of other versions.
                let others = items.filter { item in
                    patterns.contains { $0.name(in: kind)?.matches(item, kind) == true }
                }
                let names = patterns.map { $0.description(in: kind) }.joined(separator: " or ")
                if !list.isComplete {
                    return .notChecked("\(names) was not found, but some \(kind.name) are unknown")
                }
                return .violated(
                    others.isEmpty
                        ? "\(names) is not \(kind.state)"
                        : "\(others.map(text).joined(separator: ", ")), not \(names)")
            }
        }
    }

    private func finding(of host: ObservedHost, _ allowed: [System]) -> Finding? {
        let system = ([host.system] + [host.systemVersion].compactMap(\.self))
            .joined(separator: " ")
        guard let own = allowed.first(where: { $0.name.matches(host.system) }) else {
            return .violated("\(system) is not allowed")
        }
        guard let minimum = own.minimumVersion else { return nil }
        guard let version = host.systemVersion else {
            return .notChecked("the version of \(system) is unknown")
        }
        return SystemVersion(version) < SystemVersion(minimum)
            ? .violated("\(system) is older than \(minimum)") : nil
    }
}

extension Observation {
    /// What the patterns of a rule's hosts are compared with.
    var names: [[Unicode.Scalar]] {
        ([host.hostID, host.hostname, host.ip].compactMap(\.self) + addresses)
            .map(\.patternScalars)
    }
}

extension Finding {
    fileprivate static let processesNotKnown = notChecked("processes are unknown")
}

extension Observation.Process {
    fileprivate var description: String {
        "\(name) (PID \(pid), \(owner.map { "owner \($0)" } ?? "owner unknown"))"
    }
}
