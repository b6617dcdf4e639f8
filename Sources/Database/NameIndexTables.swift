/// The tables of the index that `census find` searches. Their rows follow from those of other tables:
/// they are not exported, and nothing is lost with them.
package enum NameIndexTables {
    /// The names.
    package static let names = "FIND_NAMES"
    /// The executions of each name.
    package static let runs = "FIND_RUNS"
    /// How far the index goes.
    package static let updates = "FIND_UPDATES"

    /// All of them. The one that says how far the index goes is the first to be emptied.
    package static let all = [updates, runs, names]
}
