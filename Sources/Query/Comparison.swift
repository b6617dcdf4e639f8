package import Database
import Text

/// A process, as it was seen in one execution.
package struct ObservedProcess: Sendable, Equatable {
    /// Its PID on its host.
    package var pid: Int64
    /// Its name, exactly.
    package var name: String
    /// The name of the user who owned it; nil where that is not known.
    package var owner: String?

    /// All of it.
    package init(pid: Int64, name: String, owner: String?) {
        self.pid = pid
        self.name = name
        self.owner = owner
    }
}

/// What was seen in one execution, to be compared with another.
package struct ExecutionContents: Sendable {
    /// What is one text: the operating system, the kernel and so on, by what it is.
    package var facts: [(what: String, text: String?)] = []
    /// The addresses of the host, loopback and link-local ones aside.
    package var addresses: [String] = []
    /// Nil where it is not known what ran.
    package var processes: [ObservedProcess]?
    /// Nil where it is not known who was logged in.
    package var users: [String]?

    /// Nothing is known.
    package init() {}
}

/// A difference between two executions.
package struct Change: Sendable {
    /// In what way something differs.
    package enum Kind: String, Sendable {
        case appeared, gone, changed
        /// As many run as before, under other PIDs.
        case restarted
        /// More or fewer run than before.
        case more, fewer
    }

    /// In what way it differs.
    package let kind: Kind
    /// `process`, `user`, `address`, or the fact that changed.
    package let what: String
    /// Of the process or user, or the address; nil for a fact.
    package let name: String?
    /// Of a process; nil for other things, and where it is not known.
    package let owner: String?
    /// How many run, or the fact's text.
    package let from: Value
    /// The same in the newer execution.
    package let to: Value
    /// Of a process: PIDs that only the older execution has, in their order.
    package var pidsGone: [Int64] = []
    /// Those that only the newer one has.
    package var pidsNew: [Int64] = []

    /// The titles of `row`.
    package static let columns = [
        "Change", "What", "Name", "Owner", "From", "To", "PIDs_gone", "PIDs_new",
    ]

    /// The change as values of a row.
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
    /// `processes` and `users` where one of the two executions does not know them.
    package private(set) var unknown: [String] = []

    /// - Parameter isSameHost: whether a PID in one means anything in the other.
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

    /// What identifies a process across executions.
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
