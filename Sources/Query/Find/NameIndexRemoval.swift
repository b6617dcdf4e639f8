package import Database
import SQLScripts

extension NameIndex {
    /// An index out of which executions were taken that are not deleted yet. As long as nothing says how
    /// far it goes it counts as none, and the triggers on SQLite leave it alone.
    package struct Remainder {
        /// The last execution that the index had.
        fileprivate let last: Int64

        /// Says how far the index goes, after the executions were deleted.
        package func finish(in database: any Database) throws(DatabaseError) {
            let rest = try database.prepare(Scripts.Query.findRest)
            try rest.bind([.integer(last)])
            guard try rest.step() else { return try NameIndex.empty(in: database) }
            let (id, snapshot, count) = (rest.integer(0), rest.text(1), rest.integer(2))
            rest.reset()
            try NameIndex.insertUpdate(id, snapshot, count, into: database)
        }
    }

    /// Takes executions out of the index, and the names that occur in no others, in the caller's
    /// transaction. An index that is not right is emptied.
    ///
    /// Only the runs of names that the executions have are read. Names keep their numbers.
    /// - Parameter executions: by `Execution_ID`; they and their processes are still there.
    /// - Returns: what is left, to be finished after they were deleted; nil if nothing is.
    package static func takeOut(
        _ executions: [Int64], in database: any Database
    ) throws(DatabaseError) -> Remainder? {
        // Where several programs write at once, only one that has these rows takes something out.
        try database.execute("UPDATE \(NameIndexTables.updates) SET Executions = Executions")
        let state = try state(in: database)
        if state.isStale {
            try empty(in: database)
            return nil
        }
        if state.last == 0 { return nil }
        try database.execute("DELETE FROM \(NameIndexTables.updates)")
        var removed = NameRuns()
        try removed.add(executions.filter { $0 <= state.last }.sorted(), in: database)
        let names = try indexed(&removed, in: database)
        try takeOut(removed, names, in: database)
        try deleteUnused(names, in: database)
        return Remainder(last: state.last)
    }

    /// A name that executions have which are taken out.
    private struct IndexedName {
        /// The number in `NameRuns`.
        let number: Int
        /// `First_Name_ID` of the row that has it.
        let row: Int64
    }

    /// The names in the index, by `Name_ID`.
    private static func indexed(
        _ removed: inout NameRuns, in database: any Database
    ) throws(DatabaseError) -> [Int64: IndexedName] {
        var names: [Int64: IndexedName] = [:]
        let count = removed.count
        var row = NameRow()
        let dictionary = try database.prepare(Scripts.Query.findNames)
        while try dictionary.step() {
            row.read(dictionary)
            row.forEachLine { id, line in
                let number = removed.append([row.kind] + NameRow.unescaped(line))
                if number < count { names[id] = IndexedName(number: number, row: row.first) }
            }
        }
        return names
    }

    /// Replaces the runs of names by what is left of them.
    private static func takeOut(
        _ removed: NameRuns, _ names: [Int64: IndexedName], in database: any Database
    ) throws(DatabaseError) {
        for list in idLists(of: names.keys) {
            let runs = try database.prepare(
                Scripts.Query.findRuns.replacing(
                    "/* names */", with: "WHERE Name_ID IN (\(list))"))
            var changed: [Int64: [Int64]] = [:]
            var rest = Rows(columnCount: 3)
            var name: Int64?
            // The next gaps in the runs of the name.
            var gaps: ArraySlice<ClosedRange<Int64>> = []
            while try runs.step() {
                let run = try run(of: runs, in: database)
                let id = runs.integer(0)
                if name != id {
                    name = id
                    gaps = names[id].map { removed.runs[$0.number][...] } ?? []
                }
                gaps = gaps.drop { $0.upperBound < run.lowerBound }
                guard let gap = gaps.first, gap.lowerBound <= run.upperBound else { continue }
                changed[id, default: []].append(run.lowerBound)
                for part in parts(of: run, between: gaps) {
                    rest.append(id)
                    rest.append(part.lowerBound)
                    rest.append(part.upperBound)
                }
            }
            for (id, firsts) in changed {
                for list in idLists(of: firsts) {
                    try database.execute(
                        """
                        DELETE FROM \(NameIndexTables.runs)
                        WHERE Name_ID = \(id) AND First_Execution_ID IN (\(list))
                        """)
                }
            }
            try insert(rest, into: database)
        }
    }

    /// What is left of a run.
    /// - Parameter gaps: ascending; those after the run do not count.
    private static func parts(
        of run: ClosedRange<Int64>, between gaps: ArraySlice<ClosedRange<Int64>>
    ) -> [ClosedRange<Int64>] {
        var parts: [ClosedRange<Int64>] = []
        var first = run.lowerBound
        for gap in gaps {
            if gap.lowerBound > run.upperBound { break }
            if first < gap.lowerBound { parts.append(first...gap.lowerBound - 1) }
            first = gap.upperBound + 1
        }
        if first <= run.upperBound { parts.append(first...run.upperBound) }
        return parts
    }

    /// Deletes the names that have no runs any more.
    private static func deleteUnused(
        _ names: [Int64: IndexedName], in database: any Database
    ) throws(DatabaseError) {
        var unused = Set(names.keys)
        for list in idLists(of: names.keys) {
            let used = try database.prepare(
                Scripts.Query.findUsed.replacing(
                    "/* names */", with: "WHERE Name_ID IN (\(list))"))
            while try used.step() { unused.remove(used.integer(0)) }
        }
        for list in idLists(of: Set(unused.compactMap { names[$0]?.row })) {
            var rest: [NameRow] = []
            var row = NameRow()
            let condition = "WHERE First_Name_ID IN (\(list))"
            let rows = try database.prepare(
                Scripts.Query.findNames.replacing("/* rows */", with: condition))
            while try rows.step() {
                row.read(rows)
                rest += row.without(unused)
            }
            try database.execute("DELETE FROM \(NameIndexTables.names) \(condition)")
            try NameRow.insert(rest, into: database)
        }
    }
}
