package import Database
package import Records

/// The number of differences between two executions of a host, as a line of a table.
package struct ChangeCounts: Sendable {
    /// All changes except those of PIDs only. An item of a list of which several values changed is
    /// one.
    package let changes: Int
    /// New processes; this and the next two are nil if the processes of one execution are unknown.
    package let processesAppeared: Int?
    /// Processes that no longer run.
    package let processesGone: Int?
    /// Processes that run under other PIDs.
    package let processesRestarted: Int?
    /// Changed items of each of `ListedKind.all`, such as users; nil if those of one execution are
    /// unknown.
    package let lists: [Int?]
    /// Whether one of the collectors looked for each of `ListedKind.all`.
    package let areCollected: [Bool]
    /// Whether processes or a list could not be compared.
    package let areIncomplete: Bool
    /// Changes of facts and addresses.
    package let facts: Int

    /// Counts the changes of a comparison.
    package init(_ comparison: Comparison) {
        func count(_ what: String, _ kinds: Change.Kind...) -> Int {
            comparison.changes.count { $0.what == what && kinds.contains($0.kind) }
        }
        let areProcessesKnown = !comparison.unknown.contains("processes")
        processesAppeared = areProcessesKnown ? count("process", .appeared, .more) : nil
        processesGone = areProcessesKnown ? count("process", .gone, .fewer) : nil
        processesRestarted = areProcessesKnown ? count("process", .restarted) : nil
        let items = ListedKind.all.map { kind in
            Set(comparison.changes.filter { $0.list == kind.index }.map(\.identity)).count
        }
        lists = zip(ListedKind.all, items).map { kind, count in
            (comparison.unknown + comparison.notCollected).contains(kind.name) ? nil : count
        }
        areCollected = ListedKind.all.map { !comparison.notCollected.contains($0.name) }
        changes =
            comparison.changes.count { $0.kind != .restarted && $0.list == nil }
            + items.reduce(0, +)
        areIncomplete = !comparison.unknown.isEmpty
        facts = comparison.changes.count { $0.what != "process" && $0.list == nil }
    }

    /// Whether no change is known, including PIDs.
    package var areEqual: Bool { changes == 0 && processesRestarted ?? 0 == 0 }

    /// Whether something changed, or processes or a list are known to be unchanged.
    package var areConclusive: Bool {
        !areEqual || processesAppeared != nil || lists.contains { $0 != nil }
    }

    /// Whether this has more changes than the other.
    package func outweighs(_ other: ChangeCounts) -> Bool {
        (changes, processesRestarted ?? 0) > (other.changes, other.processesRestarted ?? 0)
    }

    /// The titles of `row`.
    package static func columns(_ kinds: [ListedKind]) -> [String] {
        ["Changes", "Processes_appeared", "Processes_gone", "Processes_restarted"]
            + kinds.map(\.title) + ["Facts"]
    }

    /// The counts as a row; unknown counts are null.
    /// - Parameter kinds: the lists that are shown.
    package func row(_ kinds: [ListedKind]) -> [Value] {
        [
            Value(changes), Value(processesAppeared), Value(processesGone),
            Value(processesRestarted),
        ] + kinds.map { Value(lists[$0.index]) } + [Value(facts)]
    }
}
