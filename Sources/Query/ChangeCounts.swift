package import Database

/// How much differs between two executions of a host, for a line of many.
package struct ChangeCounts: Sendable {
    /// All that is more than another PID.
    package let changes: Int
    /// Nil, like the next two, where one of the executions could not see what ran.
    package let processesAppeared: Int?
    /// Processes that no longer run.
    package let processesGone: Int?
    /// Processes that run under other PIDs.
    package let processesRestarted: Int?
    /// Nil where one of the executions could not see who was logged in.
    package let users: Int?
    /// Changes of facts and addresses.
    package let facts: Int

    /// Counts the changes of a comparison.
    package init(_ comparison: Comparison) {
        func count(_ what: String, _ kinds: Change.Kind...) -> Int {
            comparison.changes.count { $0.what == what && kinds.contains($0.kind) }
        }
        changes = comparison.changes.count { $0.kind != .restarted }
        let areProcessesKnown = !comparison.unknown.contains("processes")
        processesAppeared = areProcessesKnown ? count("process", .appeared, .more) : nil
        processesGone = areProcessesKnown ? count("process", .gone, .fewer) : nil
        processesRestarted = areProcessesKnown ? count("process", .restarted) : nil
        users = comparison.unknown.contains("users") ? nil : count("user", .appeared, .gone)
        facts = comparison.changes.count { $0.what != "process" && $0.what != "user" }
    }

    /// Whether nothing is known to have changed, PIDs included.
    package var areEqual: Bool { changes == 0 && processesRestarted ?? 0 == 0 }

    /// Whether there is something that could not be compared.
    package var areIncomplete: Bool { processesAppeared == nil || users == nil }

    /// Whether something changed, or processes or users at least are known not to have.
    package var sayAnything: Bool { !areEqual || processesAppeared != nil || users != nil }

    /// Whether more has changed than what the other tells of.
    package func outweighs(_ other: ChangeCounts) -> Bool {
        (changes, processesRestarted ?? 0) > (other.changes, other.processesRestarted ?? 0)
    }

    /// The titles of `row`.
    package static let columns = [
        "Changes", "Processes_appeared", "Processes_gone", "Processes_restarted", "Users", "Facts",
    ]

    /// The counts as values of a row; null is what is not known.
    package var row: [Value] {
        [
            Value(changes), Value(processesAppeared), Value(processesGone),
            Value(processesRestarted), Value(users), Value(facts),
        ]
    }
}
