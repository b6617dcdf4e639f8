import Database
import Query
import SQLScripts

/// The rows of `sql/reports/test_3_process_names.sql`, which defines them, in a fraction of the time.
///
/// SQLite answers the query by a search in Processes for each row, and a sort of records. Consecutive
/// executions have most of their processes in common: here only the others are searched for. Memory is
/// that of two executions.
///
/// It knows PIDs as integers and names as texts in UTF-8; `isPossible` says whether they are. Links need
/// no check beforehand: the ids of processes are integers (INTEGER PRIMARY KEY), so that a link by another
/// value has no row.
final class ProcessListing: RowCursor {
    /// The name of the report.
    static let report = "test_3"

    let columnNames: [String]
    private let executions: any Statement
    private let ids: any Statement
    private let process: any Statement
    private let database: any Database

    /// The columns of the current execution.
    private var server = Cell()
    private var date = Cell()
    private var current = Processes()
    /// Those of the execution before.
    private var previous = Processes()
    /// The places of the processes in `current`, in the order of the rows.
    private var order: [Place] = []
    /// The number of rows of `order` that were read, with the current one.
    private var count = 0

    private struct Cell {
        var text: [UInt8] = []
        var isNull = false
        var isInteger = false

        mutating func read(_ column: Int, of row: any Row) {
            text.removeAll(keepingCapacity: true)
            row.appendText(column, to: &text)
            isNull = row.isNull(column)
            isInteger = row.isInteger(column)
        }
    }

    private struct Place {
        let pid: Int64
        let index: Int
    }

    /// Processes in the order of their ids.
    private struct Processes {
        struct Entry {
            let id: Int64
            let pid: Int64
            /// In `text`.
            let name: Range<Int>
        }

        var entries: [Entry] = []
        /// The UTF-8 of all names.
        var text: [UInt8] = []

        mutating func removeAll() {
            entries.removeAll(keepingCapacity: true)
            text.removeAll(keepingCapacity: true)
        }

        mutating func append(_ entry: Entry, of other: Processes) {
            let start = text.count
            text += other.text[entry.name]
            entries.append(Entry(id: entry.id, pid: entry.pid, name: start..<text.count))
        }

        /// - Parameter row: the PID and the name.
        mutating func append(_ id: Int64, _ row: any Statement) {
            let start = text.count
            row.appendText(1, to: &text)
            entries.append(Entry(id: id, pid: row.integer(0), name: start..<text.count))
        }
    }

    /// Whether all PIDs and names are of the types that census writes. SQLite keeps others, too, and a
    /// database in UTF-16 sorts by its code units. All processes are read, but not the links, which
    /// are many times as many.
    static func isPossible(in database: any Database) throws(DatabaseError) -> Bool {
        if try database.texts("PRAGMA encoding") != ["UTF-8"] { return false }
        return try database.prepare(Scripts.Query.processTypes).firstInteger() == 0
    }

    /// - Parameter database: one for which it `isPossible`.
    init(
        _ columns: [String], of selection: ExecutionSelection, in database: any Database
    ) throws(DatabaseError) {
        columnNames = columns
        executions = try selection.prepare(Scripts.Query.listedExecutions, in: database)
        ids = try database.prepare(Scripts.Query.processIDs)
        process = try database.prepare(Scripts.Query.process)
        self.database = database
    }

    func step() throws(DatabaseError) -> Bool {
        while count == order.count {
            guard try executions.step() else {
                forget()
                return false
            }
            server.read(1, of: executions)
            date.read(2, of: executions)
            try readProcesses(of: executions.integer(0))
        }
        count += 1
        return true
    }

    func reset() {
        executions.reset()
        forget()
    }

    func countRest() throws(DatabaseError) -> Int {
        // A search for each process would take ten times as long, and is needed only where ids are
        // missing, as after a retraction.
        let range = try database.prepare(Scripts.Query.processRange)
        _ = try range.step()
        let (first, last, known) = (range.integer(0), range.integer(1), range.integer(2))
        let hasGaps = known == 0 || last &- first != known - 1
        let rows = try database.prepare(
            hasGaps ? Scripts.Query.listedCount : Scripts.Query.listedRangeCount)
        var rest = order.count - count
        while try executions.step() {
            let execution = Value.integer(executions.integer(0))
            try rows.bind(hasGaps ? [execution] : [execution, .integer(first), .integer(last)])
            rest += Int(try rows.firstInteger() ?? 0)
        }
        forget()
        return rest
    }

    private func forget() {
        order.removeAll(keepingCapacity: true)
        count = 0
    }

    private func readProcesses(of execution: Int64) throws(DatabaseError) {
        forget()
        swap(&current, &previous)
        current.removeAll()
        var known = 0
        try ids.bind(execution, at: 0)
        defer { ids.reset() }
        // In the order of the ids, as that is the order of the table.
        while try ids.step() {
            if !ids.isInteger(0) { continue }
            let id = ids.integer(0)
            while known < previous.entries.count && previous.entries[known].id < id { known += 1 }
            if known < previous.entries.count && previous.entries[known].id == id {
                current.append(previous.entries[known], of: previous)
                continue
            }
            try process.bind(id, at: 0)
            // A process that is not in the database has no row, as in the query.
            if try process.step() {
                current.append(id, process)
                process.reset()
            }
        }
        for (index, entry) in current.entries.enumerated() {
            order.append(Place(pid: entry.pid, index: index))
        }
        order.sort { a, b in
            a.pid != b.pid ? a.pid < b.pid : name(a).lexicographicallyPrecedes(name(b))
        }
    }

    private func name(_ place: Place) -> ArraySlice<UInt8> {
        current.text[current.entries[place.index].name]
    }

    func isNull(_ column: Int) -> Bool {
        switch column {
        case 0: server.isNull
        case 1: date.isNull
        default: false
        }
    }

    func isInteger(_ column: Int) -> Bool {
        switch column {
        case 0: server.isInteger
        case 1: date.isInteger
        default: false
        }
    }

    func appendText(_ column: Int, to bytes: inout [UInt8]) {
        switch column {
        case 0: bytes += server.text
        case 1: bytes += date.text
        default: bytes += name(order[count - 1])
        }
    }
}
