package import Database
package import Records
package import Text

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

/// An item of a list, such as a logged-in user, observed in one execution.
package struct ListedItem: Sendable, Hashable {
    /// The value of each column of its kind; nil if unknown.
    package let values: [ExactText?]

    /// Creates an item from the value of each column of its kind.
    package init(_ values: [String?]) { self.values = values.map { $0.map(ExactText.init) } }

    /// The first value.
    package var name: String { values[0]?.text ?? "" }
}

/// The items of a kind that were observed in one execution.
package struct ObservedList: Sendable, Equatable {
    /// The items, sorted by their values.
    package let items: [ListedItem]
    /// Whether there are no others.
    package let isComplete: Bool

    /// Creates a list.
    package init(_ items: [ListedItem], isComplete: Bool = true) {
        self.items = items
        self.isComplete = isComplete
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
    /// Each of `ListedKind.all`, such as the logged-in users.
    package var lists: [List] = ListedKind.all.map { _ in .unknown }

    /// The items of a kind.
    package enum List: Sendable, Equatable {
        /// The collector did not look for them.
        case notCollected
        /// Some are unknown.
        case unknown
        /// All items.
        case items([ListedItem])
    }

    /// Creates contents without known facts.
    package init() {}
}

/// A difference between two executions.
package struct Change: Sendable {
    /// The kind of a difference.
    package enum Kind: String, Sendable {
        case appeared, gone, changed
        /// A newer or an older version of a package, in the order of its system.
        case upgraded, downgraded
        /// As many processes as before, with other PIDs.
        case restarted
        /// More or fewer processes than before.
        case more, fewer
    }

    /// The kind of the difference.
    package let kind: Kind
    /// `process`, `address`, a listed record such as `user`, followed by the name of the value if one
    /// changed; or the fact that changed.
    package let what: String
    /// The name of the process or item, or the address; nil for a fact.
    package let name: String?
    /// The owner of a process; nil if unknown, and for anything else.
    package let owner: String?
    /// The number of processes, or the fact's text, in the older execution.
    package let from: Value
    /// The number or text in the newer execution.
    package let to: Value
    /// The index in `ListedKind.all` of the kind of an item; nil for anything else.
    package var list: Int?
    /// The values that identify an item, each but the first after a NUL; nil for anything else.
    var identity: String?
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

/// All differences between two executions.
package struct Comparison: Sendable {
    /// In a fixed order: facts, addresses, lists such as users, processes.
    package private(set) var changes: [Change] = []
    /// `processes` and the names of lists, such as `users`, that are unknown in one of the
    /// executions.
    package private(set) var unknown: [String] = []
    /// The names of lists that neither collector looked for.
    package private(set) var notCollected: [String] = []

    /// - Parameters:
    ///   - isSameHost: whether the PIDs of the two executions are comparable.
    ///   - kinds: the kinds of lists that the contents have.
    package init(
        from old: ExecutionContents, to new: ExecutionContents, isSameHost: Bool = true,
        lists kinds: [ListedKind] = ListedKind.all
    ) {
        for (before, after) in zip(old.facts, new.facts) {
            if before.text.map(ExactText.init) == after.text.map(ExactText.init) { continue }
            // What one of the two could not see is not compared.
            let isUnknown = before.text == nil || after.text == nil
            if isUnknown && Self.optionalFacts.contains(before.what) { continue }
            changes.append(
                Change(
                    kind: .changed, what: before.what, name: nil, owner: nil,
                    from: Value(before.text), to: Value(after.text)))
        }
        compare("address", old.addresses, new.addresses)
        for kind in kinds {
            switch (old.lists[kind.index], new.lists[kind.index]) {
            case (.items(let before), .items(let after)): compare(kind, before, after)
            case (.notCollected, .notCollected): notCollected.append(kind.name)
            default: unknown.append(kind.name)
            }
        }
        if let before = old.processes, let after = new.processes {
            compare(before, after, isSameHost)
        } else {
            unknown.append("processes")
        }
    }

    /// The facts that are unknown if there is no text. Others, such as the address, may be none.
    private static let optionalFacts = Set(ComparedFields.all.map(\.name))

    /// An item that has changed in some values only is one item; see `ListedKind.Column.comparedAs`.
    private mutating func compare(
        _ kind: ListedKind, _ before: [ListedItem], _ after: [ListedItem]
    ) {
        if before == after { return }  // most lists, and they are sorted
        let before = Set(before.map { $0.withoutVolatileValues(in: kind) })
        let after = Set(after.map { $0.withoutVolatileValues(in: kind) })
        let old = Dictionary(grouping: before.subtracting(after)) { $0.identity(in: kind) }
        let new = Dictionary(grouping: after.subtracting(before)) { $0.identity(in: kind) }
        for identity in Set(old.keys).union(new.keys).sorted(by: ListedItem.precedes) {
            let gone = (old[identity] ?? []).sorted { ListedItem.precedes($0.values, $1.values) }
            let appeared = (new[identity] ?? []).sorted {
                ListedItem.precedes($0.values, $1.values)
            }
            let name = identity.compactMap { $0?.text }.joined(separator: " ")
            let key = identity.map { $0?.text ?? "" }.joined(separator: "\0")
            func change(_ change: Change.Kind, _ what: String, _ from: String?, _ to: String?) {
                changes.append(
                    Change(
                        kind: change, what: what, name: name, owner: nil, from: Value(from),
                        to: Value(to), list: kind.index, identity: key))
            }
            if gone.count == 1 && appeared.count == 1 {
                for (index, column) in kind.columns.enumerated() {
                    let (from, to) = (gone[0].values[index], appeared[0].values[index])
                    guard let detail = column.comparedAs, from != to else { continue }
                    // What one of the two could not see is not compared.
                    if !column.isNoneIfAbsent && (from == nil || to == nil) { continue }
                    change(
                        kind.change(of: index, from: gone[0], to: appeared[0]),
                        "\(kind.record) \(detail)", from?.text, to?.text)
                }
            } else {
                for item in gone { change(.gone, kind.record, item.details(in: kind), nil) }
                for item in appeared { change(.appeared, kind.record, nil, item.details(in: kind)) }
            }
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

extension ListedKind {
    /// What a difference of a value is: of a package's version, whether it is newer or older.
    fileprivate func change(of index: Int, from old: ListedItem, to new: ListedItem) -> Change.Kind
    {
        guard self == .packages, columns[index].key == "version",
            let from = old.values[index]?.text, let to = new.values[index]?.text,
            let type = columns.firstIndex(where: { $0.key == "type" }),
            let system = new.values[type]?.text
        else { return .changed }
        if PackageVersion.precedes(from, to, type: system) { return .upgraded }
        return PackageVersion.precedes(to, from, type: system) ? .downgraded : .changed
    }
}

extension ListedItem {
    /// The item without the values that change in the usual course of things.
    fileprivate func withoutVolatileValues(in kind: ListedKind) -> ListedItem {
        if !kind.columns.contains(where: \.isVolatile) { return self }
        return ListedItem(
            zip(kind.columns, values).map { $0.0.isVolatile ? nil : $0.1?.text })
    }

    /// The values that identify it among the items of a host.
    fileprivate func identity(in kind: ListedKind) -> [ExactText?] {
        zip(kind.columns, values).filter { $0.0.isIdentity }.map(\.1)
    }

    /// The known values that do not identify it, in one text; nil if there are none.
    fileprivate func details(in kind: ListedKind) -> String? {
        let texts = zip(kind.columns, values).filter { $0.0.comparedAs != nil }
            .compactMap { $0.1?.text }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }

    /// Value by value; an unknown value precedes all others.
    fileprivate static func precedes(_ left: [ExactText?], _ right: [ExactText?]) -> Bool {
        for (a, b) in zip(left, right) where a != b {
            guard let a, let b else { return a == nil }
            return a < b
        }
        return false
    }
}
