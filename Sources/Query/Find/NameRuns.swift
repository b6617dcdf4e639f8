import Database

/// Names, and the executions in which each occurs as runs of consecutive ids.
struct NameRuns {
    /// Each name after the byte of its kind, by its number.
    private(set) var keys: [[UInt8]] = []
    /// The runs of each name, ascending.
    private(set) var runs: [[ClosedRange<Int64>]] = []
    private var numbers: [[UInt8]: Int] = [:]

    /// Adds a name without executions; the next number is its number.
    mutating func append(_ key: [UInt8]) {
        numbers[key] = keys.count
        keys.append(key)
        runs.append([])
    }

    /// Adds the names of the processes of executions, and of their owners.
    /// - Parameters:
    ///   - executions: they follow those that were added before.
    ///   - others: executions among them that are passed over.
    ///   - statement: `Scripts.Query.findProcesses`.
    mutating func add(
        _ executions: ClosedRange<Int64>, besides others: Set<Int64> = [],
        from statement: any Statement
    ) throws(DatabaseError) {
        try statement.bind([.integer(executions.lowerBound), .integer(executions.upperBound)])
        var key: [UInt8] = []
        while try statement.step() {
            let execution = statement.integer(0)
            if others.contains(execution) { continue }
            for kind in NameIndex.Kind.allCases where !statement.isNull(Int(kind.rawValue) + 1) {
                key.removeAll(keepingCapacity: true)
                key.append(kind.rawValue)
                statement.appendText(Int(kind.rawValue) + 1, to: &key)
                add(key, execution)
            }
        }
    }

    private mutating func add(_ key: [UInt8], _ execution: Int64) {
        if numbers[key] == nil { append(key) }
        let number = numbers[key]!
        guard let last = runs[number].last else {
            runs[number].append(execution...execution)
            return
        }
        if last.upperBound == execution { return }
        if last.upperBound == execution &- 1 {
            runs[number][runs[number].count - 1] = last.lowerBound...execution
        } else {
            runs[number].append(execution...execution)
        }
    }
}
