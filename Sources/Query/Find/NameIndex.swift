package import Database
import SQLScripts

/// The index of the names of processes and of their owners: in which executions each occurs.
///
/// Only `census find` fills it, so that loading takes no longer for it. It goes up to an execution,
/// without those of stored procedures, which may still get processes. `takeOut` takes out of it what
/// census deletes. Executions that another program committed late are noticed by their number, and some
/// that were deleted by hand by their number or by the snapshot of the last one; on SQLite triggers
/// notice all that other programs delete or rename. The index is rebuilt then.
///
/// A database with an execution whose id census would not give, as one altered by hand may have, is
/// searched without it.
package enum NameIndex {
    /// What a name is of. The values are in the database.
    enum Kind: UInt8, CaseIterable {
        case process = 0
        case owner = 1
    }

    /// A name that a pattern matches.
    struct Match {
        let kind: Kind
        let name: [UInt8]
        /// Its executions, ascending. Some may be gone.
        let runs: [ClosedRange<Int64>]
    }

    /// How far the index goes.
    struct State {
        /// The last execution that it has; 0 if it has none.
        var last: Int64 = 0
        /// The number of its executions.
        var count: Int64 = 0
        /// Whether it has executions that are gone, or lacks some before the last.
        var isStale = false
        /// Whether there are executions after the last.
        var isBehind = false
        /// Whether the ids of all executions allow an index. It is stale otherwise.
        var isPossible = true
    }

    static func state(in database: any Database) throws(DatabaseError) -> State {
        var state = State()
        let newest = try database.prepare(Scripts.Query.findState)
        if try newest.step() {
            state.last = newest.integer(0)
            state.count = newest.integer(2)
            state.isStale =
                newest.text(1) != newest.text(3) || !(1..<lastID).contains(state.last)
            newest.reset()
        } else {
            // What says how far it goes was deleted, and the rest was not.
            for table in [NameIndexTables.names, NameIndexTables.runs] {
                let row = try database.prepare("SELECT 1 FROM \(table) LIMIT 1")
                if try row.firstInteger() != nil { state.isStale = true }
            }
        }
        let counts = try database.prepare(Scripts.Query.findCounts)
        try counts.bind([.integer(state.last)])
        guard try counts.step() else { return state }
        defer { counts.reset() }
        let (all, new, others) = (counts.integer(0), counts.integer(1), counts.integer(2))
        state.isBehind = new > 0
        if all - new != state.count { state.isStale = true }
        if others > 0 {
            state.isPossible = false
            state.isStale = true
        }
        return state
    }

    /// Whether `update` would change anything.
    package static func isOutdated(in database: any Database) throws(DatabaseError) -> Bool {
        let state = try state(in: database)
        return state.isPossible && (state.isStale || state.isBehind)
    }

    // MARK: Reading

    /// The greatest id that census gives.
    static let lastID = Int64(UInt32.max)

    /// The names that match, and how many names were compared. The caller has begun a transaction.
    /// What the index lacks is read from the processes themselves.
    static func matches(
        of pattern: NamePattern, _ kinds: Set<Kind>, in database: any Database
    ) throws(DatabaseError) -> (matches: [Match], searched: Int) {
        var state = try state(in: database)
        if state.isStale { state = State(isBehind: true) }
        if state.last == 0, let found = try scan(pattern, kinds, in: database) { return found }
        let loose = try loose(in: database)
        var indexed = NameList(kinds, pattern)
        var others = NameRuns()
        if state.last > 0 {
            let isComplete = !state.isBehind && loose.isEmpty
            let names = try database.prepare(Scripts.Query.findNames)
            var row = NameRow()
            while try names.step() {
                row.read(names)
                indexed.add(row)
                if !isComplete { try others.append(row, in: database) }
            }
        }
        let indexedCount = others.count
        if state.isBehind || !loose.isEmpty {
            // Without the index also ids that census would not give.
            let first = state.last > 0 ? state.last + 1 : Int64.min
            let later = try database.prepare(Scripts.Query.findLater)
            try later.bind(first, at: 0)
            var executions = loose.filter { $0 < first }
            while try later.step() { executions.append(later.integer(0)) }
            try others.add(executions, in: database)
        }
        let runs = try runs(of: indexed.matches, in: database)
        var matches = indexed.matches.map { name in
            // Of a complete index no others were read.
            let new = others.count > 0 ? others.runs[others.append(name.key)] : []
            return match(name.key, (runs[name.id] ?? []) + new)
        }
        for number in indexedCount..<others.count {
            let key = others.key(number)
            if indexed.isMatch(key[...]) { matches.append(match(key, others.runs[number])) }
        }
        return (matches, indexed.searched)
    }

    private static func match(_ key: [UInt8], _ runs: [ClosedRange<Int64>]) -> Match {
        Match(
            kind: Kind(rawValue: key[0])!, name: Array(key.dropFirst()), runs: runs)
    }

    /// The most names whose processes are searched for by the engine.
    private static let fewNames = 200

    /// Searches without the index: all names, and then the processes that have those that match.
    /// - Returns: nil if there are many of these.
    private static func scan(
        _ pattern: NamePattern, _ kinds: Set<Kind>, in database: any Database
    ) throws(DatabaseError) -> (matches: [Match], searched: Int)? {
        var matches: [Match] = []
        var searched = 0
        for kind in Kind.allCases where kinds.contains(kind) {
            let isOwner = kind == .owner
            let all = try database.prepare(
                isOwner ? Scripts.Query.findAllOwners : Scripts.Query.findAllNames)
            // As bytes, because a name that is not UTF-8 is equal only to these.
            var names: [[UInt8]] = []
            var name: [UInt8] = []
            while try all.step() {
                searched += 1
                name.removeAll(keepingCapacity: true)
                all.appendText(0, to: &name)
                if pattern.matches(name[...]) { names.append(name) }
            }
            if names.count > fewNames { return nil }
            if names.isEmpty { continue }
            let marks = names.map { _ in "?" }.joined(separator: ", ")
            let sql = isOwner ? Scripts.Query.findOwned : Scripts.Query.findNamed
            let processes = try database.prepare(sql.replacing("/* names */", with: marks))
            for (index, name) in names.enumerated() { try processes.bind(name[...], at: index) }
            var executions: [[UInt8]: Set<Int64>] = [:]
            while try processes.step() {
                name.removeAll(keepingCapacity: true)
                processes.appendText(0, to: &name)
                executions[name, default: []].insert(processes.integer(1))
            }
            for (name, ids) in executions {
                matches.append(
                    Match(
                        kind: kind, name: name, runs: ids.sorted().map { $0...$0 }))
            }
        }
        return (matches, searched)
    }

    /// The executions of stored procedures.
    private static func loose(in database: any Database) throws(DatabaseError) -> [Int64] {
        let statement = try database.prepare(Scripts.Query.findLoose)
        var ids: [Int64] = []
        while try statement.step() { ids.append(statement.integer(0)) }
        return ids
    }

    /// The runs of names by their ids. Of many names those of all are read.
    private static func runs(
        of names: [NameList.Name], in database: any Database
    ) throws(DatabaseError) -> [Int64: [ClosedRange<Int64>]] {
        var runs: [Int64: [ClosedRange<Int64>]] = [:]
        if names.isEmpty { return runs }
        let ids = names.map { String($0.id) }
        let condition =
            ids.count > 1000 ? "" : "WHERE Name_ID IN (\(ids.joined(separator: ", ")))"
        let statement = try database.prepare(
            Scripts.Query.findRuns.replacing("/* names */", with: condition))
        while try statement.step() {
            runs[statement.integer(0), default: []].append(try run(of: statement, in: database))
        }
        return runs
    }

    /// The run of the current row of `Scripts.Query.findRuns`.
    static func run(
        of row: any Statement, in database: any Database
    ) throws(DatabaseError) -> ClosedRange<Int64> {
        let (first, last) = (row.integer(1), row.integer(2))
        guard 0 < first, first <= last, last <= lastID else {
            throw database.damaged("\(NameIndexTables.runs) has an invalid range of executions")
        }
        return first...last
    }

    // MARK: Writing

    /// Brings the index up to date, in transactions of some thousand executions. It is rebuilt at
    /// most once, so that this ends whatever the database has.
    /// - Throws: also if the account or the file does not allow it.
    package static func update(in database: any Database) throws(DatabaseError) {
        var backoff = RetryBackoff()
        var mayEmpty = true
        while true {
            do throws(DatabaseError) {
                try database.beginWriting()
                let part = try updatePart(in: database, mayEmpty: mayEmpty)
                try database.commit()
                if part.isLast { return }
                if part.wasEmptied { mayEmpty = false }
            } catch {
                database.rollback()
                try backoff.wait(after: error)
            }
        }
    }

    /// - Parameter mayEmpty: whether a stale index is emptied.
    /// - Returns: whether nothing is left to do, and whether the index was emptied.
    private static func updatePart(
        in database: any Database, mayEmpty: Bool
    ) throws(DatabaseError) -> (isLast: Bool, wasEmptied: Bool) {
        var state = try state(in: database)
        if !state.isPossible { return (true, false) }
        let wasStale = state.isStale
        if wasStale {
            if !mayEmpty { return (true, false) }
            try empty(in: database)
            state = State(isBehind: true)
        }
        if !state.isBehind { return (true, false) }
        var executions: [Int64] = []
        var snapshot = ""
        let new = try database.prepare(Scripts.Query.findNew)
        try new.bind([.integer(state.last)])
        while try new.step() {
            executions.append(new.integer(0))
            snapshot = new.text(1)
        }
        guard let last = executions.last else { return (true, wasStale) }

        var names = NameRuns()
        var row = NameRow()
        let dictionary = try database.prepare(Scripts.Query.findNames)
        while try dictionary.step() {
            row.read(dictionary)
            try names.append(row, in: database)
        }
        let firstNew = names.count
        try names.add(executions, in: database)
        try insert(names, from: firstNew, into: database)

        try insertUpdate(last, snapshot, state.count + Int64(executions.count), into: database)
        return (false, wasStale)
    }

    /// Says how far the index goes: its last execution with its snapshot, and how many it has.
    static func insertUpdate(
        _ last: Int64, _ snapshot: String, _ count: Int64, into database: any Database
    ) throws(DatabaseError) {
        var update = Rows(columnCount: 3)
        update.append(last)
        update.append(snapshot)
        update.append(count)
        try database.insert(
            update, into: NameIndexTables.updates,
            columns: ["Last_Execution_ID", "Last_Snapshot_ID", "Executions"])
    }

    /// Empties the index.
    static func empty(in database: any Database) throws(DatabaseError) {
        for table in NameIndexTables.all { try database.execute("DELETE FROM \(table)") }
    }

    /// - Parameter firstNew: the number of the first name that the index does not have yet.
    private static func insert(
        _ names: NameRuns, from firstNew: Int, into database: any Database
    ) throws(DatabaseError) {
        try NameRow.insert(NameRow.rows(of: names, from: firstNew), into: database)
        var rows = Rows(columnCount: 3)
        for (number, runs) in names.runs.enumerated() {
            for run in runs {
                rows.append(names.ids[number])
                rows.append(run.lowerBound)
                rows.append(run.upperBound)
            }
            if rows.count >= runsAtOnce {
                try insert(rows, into: database)
                rows.removeAll()
            }
        }
        try insert(rows, into: database)
    }

    /// The number of runs that are inserted together.
    private static let runsAtOnce = 8192

    static func insert(_ runs: Rows, into database: any Database) throws(DatabaseError) {
        try database.insert(
            runs, into: NameIndexTables.runs,
            columns: ["Name_ID", "First_Execution_ID", "Last_Execution_ID"])
    }
}
