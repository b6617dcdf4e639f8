import Database
import Query
import SQLScripts

/// The rows of `sql/reports/test_3_process_names.sql`, which defines them, in a fraction of the time.
///
/// SQLite answers the query by a search in Processes for each row, and a sort of records. Consecutive
/// executions have most of their processes in common: here only the others are searched for and sorted.
/// Memory is that of some executions.
///
/// It knows PIDs as integers and names as texts in UTF-8, as census writes them. SQLite keeps others, too:
/// it sorts the processes of an execution that has such ones. Links need no check: the ids of processes are
/// integers (INTEGER PRIMARY KEY), so that a link by another value has no row.
final class ProcessListing: RowCursor {
    /// The name of the report.
    static let report = "test_3"

    let columnNames: [String]
    private let executions: any Statement
    private let ids: any Statement
    private let process: any Statement
    /// The names of the processes of an execution, sorted by SQLite.
    private let names: any Statement
    private let database: any Database

    /// The columns of the current execution.
    private var server = Cell()
    private var date = Cell()
    private var processes = ProcessOrder()
    /// The number of its processes that were read, with the current one.
    private var count = 0
    /// Whether the rows of the current execution are those of `names` instead.
    private var isSortedBySQLite = false
    private var block = Rows(columnCount: 1)

    private static let idsAtOnce = 512

    private struct Cell {
        private var text: [UInt8] = []
        private(set) var kind = CellKind.null

        mutating func read(_ column: Int, of row: any Row) {
            text.removeAll(keepingCapacity: true)
            kind = row.append(column, to: &text)
        }

        func append(to bytes: inout [UInt8]) -> CellKind {
            bytes += text
            return kind
        }
    }

    /// Whether the database is in UTF-8. In UTF-16, names are sorted by its code units.
    static func isPossible(in database: any Database) throws(DatabaseError) -> Bool {
        try database.texts("PRAGMA encoding") == ["UTF-8"]
    }

    /// - Parameter database: one for which it `isPossible`.
    init(
        _ columns: [String], of selection: ExecutionSelection, in database: any Database
    ) throws(DatabaseError) {
        columnNames = columns
        executions = try selection.prepare(Scripts.Query.listedExecutions, in: database)
        ids = try database.prepare(Scripts.Query.processIDs)
        process = try database.prepare(Scripts.Query.process)
        names = try database.prepare(Scripts.Query.listedNames)
        self.database = database
    }

    func step() throws(DatabaseError) -> Bool {
        while try !stepInExecution() {
            guard try executions.step() else {
                forget()
                return false
            }
            server.read(1, of: executions)
            date.read(2, of: executions)
            do throws(DatabaseError) {
                try readProcesses(of: executions.integer(0))
            } catch {
                forget()
                throw error
            }
        }
        return true
    }

    private func stepInExecution() throws(DatabaseError) -> Bool {
        if isSortedBySQLite {
            isSortedBySQLite = try names.step()
            return isSortedBySQLite
        }
        if count == processes.count { return false }
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
        var rest = isSortedBySQLite ? try names.countRest() : processes.count - count
        while try executions.step() {
            let execution = Value.integer(executions.integer(0))
            try rows.bind(hasGaps ? [execution] : [execution, .integer(first), .integer(last)])
            rest += Int(try rows.firstInteger() ?? 0)
        }
        forget()
        return rest
    }

    private func forget() {
        processes = ProcessOrder()
        count = 0
        if isSortedBySQLite { names.reset() }
        isSortedBySQLite = false
    }

    private func readProcesses(of execution: Int64) throws(DatabaseError) {
        count = 0
        // As a variable of its own: for one of a class, each access is checked for others.
        var processes = ProcessOrder()
        swap(&processes, &self.processes)
        processes.beginExecution()
        try ids.bind(execution, at: 0)
        defer { ids.reset() }
        var isLast = false
        while !isLast {
            block.removeAll()
            isLast = try !ids.read(Self.idsAtOnce, into: &block)
            // In the order of the ids, as that is the order of the table.
            for row in 0..<block.count {
                guard let id = block.integer(row, 0), !processes.keep(id) else { continue }
                try process.bind(id, at: 0)
                // A process that is not in the database has no row, as in the query.
                guard try process.step() else { continue }
                defer { process.reset() }
                guard case (.integer, .text) = (process.storage(0), process.storage(1)) else {
                    forget()
                    isSortedBySQLite = true
                    return try names.bind(execution, at: 0)
                }
                processes.append(id, pid: process.integer(0)) { process.appendText(1, to: &$0) }
            }
        }
        processes.endExecution()
        self.processes = processes
    }

    func isNull(_ column: Int) -> Bool {
        switch column {
        case 0: server.kind == .null
        case 1: date.kind == .null
        default: isSortedBySQLite && names.isNull(0)
        }
    }

    func isInteger(_ column: Int) -> Bool {
        switch column {
        case 0: server.kind == .integer
        case 1: date.kind == .integer
        default: isSortedBySQLite && names.isInteger(0)
        }
    }

    func appendText(_ column: Int, to bytes: inout [UInt8]) { _ = append(column, to: &bytes) }

    func append(_ column: Int, to bytes: inout [UInt8]) -> CellKind {
        switch column {
        case 0: return server.append(to: &bytes)
        case 1: return date.append(to: &bytes)
        case _ where isSortedBySQLite: return names.append(0, to: &bytes)
        default:
            bytes += processes.name(count - 1)
            return .text
        }
    }
}
