package import Database
import Text

/// A process observed in one execution.
package struct ObservedProcess: Sendable, Equatable {
    /// Its PID on its host.
    package var pid: Int64
    /// Its name, unmodified.
    package var name: String
    /// The name of its owner; nil if unknown.
    package var owner: String?

    /// Creates a process from all its values.
    package init(pid: Int64, name: String, owner: String?) {
        self.pid = pid
        self.name = name
        self.owner = owner
    }
}

/// The contents of one execution, for a comparison with another.
package struct ExecutionContents: Sendable {
    /// The facts with a single value, such as the operating system and the kernel, by name; the
    /// text is nil if unknown.
    package var facts: [(what: String, text: String?)] = []
    /// The addresses of the host, without loopback and link-local ones.
    package var addresses: [String] = []
    /// The processes; nil if unknown.
    package var processes: [ObservedProcess]?
    /// The logged-in users; nil if unknown.
    package var users: [String]?

    /// Creates contents without known facts.
    package init() {}
}

/// A difference between two executions.
package struct Change: Sendable {
    /// The kind of a difference.
    package enum Kind: String, Sendable {
        case appeared, gone, changed
        /// As many processes as before, with other PIDs.
        case restarted
        /// More or fewer processes than before.
        case more, fewer
    }

    /// The kind of the difference.
    package let kind: Kind
    /// `process`, `user`, `address`, or the fact that changed.
    package let what: String
    /// The name of the process or user, or the address; nil for a fact.
    package let name: String?
    /// The owner of a process; nil if unknown, and for anything else.
    package let owner: String?
    /// The number of processes, or the fact's text, in the older execution.
    package let from: Value
    /// The number or text in the newer execution.
    package let to: Value
    /// The PIDs of a process that only the older execution has, sorted.
    package var pidsGone: [Int64] = []
    /// The PIDs that only the newer execution has, sorted.
    package var pidsNew: [Int64] = []

    /// The column titles of `row`.
    package static let columns = [
        "Change", "What", "Name", "Owner", "From", "To", "PIDs_gone", "PIDs_new",
    ]

    /// The change as a row.
    package var row: [Value] {
        func list(_ pids: [Int64]) -> Value {
            pids.isEmpty ? .null : .text(pids.map(String.init).joined(separator: " "))
        }
        return [
            .text(kind.rawValue), .text(what), Value(name), Value(owner), from, to,
            list(pidsGone), list(pidsNew),
        ]
    }
}

/// All differences between two executions, in a fixed order: facts, addresses, users, processes.
package struct Comparison: Sendable {
    /// In a fixed order: facts, addresses, users, processes.
    package private(set) var changes: [Change] = []
    /// `processes` or `users`, if they are unknown in one of the executions.
    package private(set) var unknown: [String] = []

    /// - Parameter isSameHost: whether the PIDs of the two executions are comparable.
    package init(
        from old: ExecutionContents, to new: ExecutionContents, isSameHost: Bool = true
    ) {
        for (before, after) in zip(old.facts, new.facts)
        where before.text.map(ExactText.init) != after.text.map(ExactText.init) {
            changes.append(
                Change(
                    kind: .changed, what: before.what, name: nil, owner: nil,
                    from: Value(before.text), to: Value(after.text)))
        }
        compare("address", old.addresses, new.addresses)
        if let before = old.users, let after = new.users {
            compare("user", before, after)
        } else {
            unknown.append("users")
        }
        if let before = old.processes, let after = new.processes {
            compare(before, after, isSameHost)
        } else {
            unknown.append("processes")
        }
    }

    private mutating func compare(_ what: String, _ before: [String], _ after: [String]) {
        let old = Set(before.map(ExactText.init))
        let new = Set(after.map(ExactText.init))
        for name in old.symmetricDifference(new).sorted() {
            changes.append(
                Change(
                    kind: new.contains(name) ? .appeared : .gone, what: what, name: name.text,
                    owner: nil, from: .null, to: .null))
        }
    }

    private mutating func compare(
        _ before: [ObservedProcess], _ after: [ObservedProcess], _ isSameHost: Bool
    ) {
        let old = pids(before)
        let new = pids(after)
        for process in Set(old.keys).union(new.keys).sorted(by: precedes) {
            let before = old[process] ?? []
            let after = new[process] ?? []
            let kind: Change.Kind
            if before.isEmpty {
                kind = .appeared
            } else if after.isEmpty {
                kind = .gone
            } else if before.count != after.count {
                kind = before.count < after.count ? .more : .fewer
            } else if before != after && isSameHost {
                kind = .restarted
            } else {
                continue
            }
            changes.append(
                Change(
                    kind: kind, what: "process", name: process.name.text,
                    owner: process.owner?.text, from: Value(before.count), to: Value(after.count),
                    pidsGone: isSameHost ? before.subtracting(after).sorted() : [],
                    pidsNew: isSameHost ? after.subtracting(before).sorted() : []))
        }
    }

    /// The key that identifies a process across executions.
    private struct Identity: Hashable {
        let name: ExactText
        let owner: ExactText?
    }

    private func pids(_ processes: [ObservedProcess]) -> [Identity: Set<Int64>] {
        var pids: [Identity: Set<Int64>] = [:]
        for process in processes {
            let identity = Identity(
                name: ExactText(process.name), owner: process.owner.map(ExactText.init))
            pids[identity, default: []].insert(process.pid)
        }
        return pids
    }

    private func precedes(_ left: Identity, _ right: Identity) -> Bool {
        if left.name != right.name { return left.name < right.name }
        guard let first = left.owner else { return right.owner != nil }
        return right.owner.map { first < $0 } ?? false
    }
}
