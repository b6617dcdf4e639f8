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
    package func isFor(_ observation: Observation) -> Bool {
        guard let hosts else { return true }
        let names =
            [observation.host.hostID, observation.host.hostname, observation.host.ip]
            .compactMap(\.self) + observation.addresses
        return names.contains(where: hosts.matchAny)
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
            guard let items = observation.lists[kind.index] else {
                return [.notChecked("\(kind.name) are unknown")]
            }
            return violations(of: required, by: items, kind).map { .violated($0) }
        case .allowedSystems(let allowed):
            return finding(of: observation.host, allowed).map { [$0] } ?? []
        }
    }

    /// `alice is logged in`, `auditd is not installed`.
    private func violations(
        of requirement: ItemRequirement, by items: [ListedItem], _ kind: ListedKind
    ) -> [String] {
        func text(_ item: ListedItem) -> String {
            "\(item.values.compactMap { $0?.text }.joined(separator: " ")) is \(kind.state)"
        }
        switch requirement {
        case .forbidden(let globs): return items.filter { globs.matchAny($0.name) }.map(text)
        case .allowed(let globs): return items.filter { !globs.matchAny($0.name) }.map(text)
        case .required(let alternatives):
            return alternatives.filter { globs in !items.contains { globs.matchAny($0.name) } }
                .map { globs in
                    let names = globs.map(\.pattern).joined(separator: " or ")
                    return "\(names) is not \(kind.state)"
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

extension Finding {
    fileprivate static let processesNotKnown = notChecked("processes are unknown")
}

extension Observation.Process {
    fileprivate var description: String {
        "\(name) (PID \(pid), \(owner.map { "owner \($0)" } ?? "owner unknown"))"
    }
}
