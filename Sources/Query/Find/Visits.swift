import Database
import SQLScripts

/// The hosts and dates of executions, to see where and when something occurred.
struct Visits {
    /// The first and the last date of some executions. Impossible dates count only if there are no
    /// others.
    struct Span {
        private(set) var first: String
        private(set) var last: String
        private var isPossible: Bool

        fileprivate init(_ visit: Visit) {
            first = visit.date
            last = visit.date
            isPossible = visit.isDatePossible
        }

        /// Extends it to another one.
        mutating func add(_ other: Span) {
            if isPossible != other.isPossible {
                if other.isPossible { self = other }
                return
            }
            if other.first < first { first = other.first }
            if other.last > last { last = other.last }
        }

        /// Both dates.
        var values: [Value] { [.text(first), .text(last)] }
    }

    fileprivate struct Visit {
        let execution: Int64
        let server: Int64
        let date: String
        let isDatePossible: Bool
    }

    /// Sorted by execution.
    private var visits: [Visit] = []

    /// The number of executions from which on those of all are read.
    private static let many: Int64 = 1000

    /// The executions of the occurrences that are selected.
    init(
        of occurrences: [Find.Occurrence], _ selection: ExecutionSelection, isPart: Bool,
        in database: any Database
    ) throws(DatabaseError) {
        if occurrences.isEmpty { return }
        var count: Int64 = 0
        for run in occurrences.lazy.flatMap(\.runs) {
            count += run.upperBound - run.lowerBound + 1
        }
        var sql = NewestFirst.rows
        if !isPart && count <= Self.many {
            let ids = Set(occurrences.flatMap { $0.runs.flatMap { Array($0) } }).map(String.init)
            sql += " WHERE Execution_ID IN (\(ids.joined(separator: ", ")))"
        }
        let statement = try selection.prepare(sql, in: database)
        while try statement.step() {
            visits.append(
                Visit(
                    execution: statement.integer(0), server: statement.integer(1),
                    date: statement.text(2), isDatePossible: statement.integer(3) != 0))
        }
        visits.sort { $0.execution < $1.execution }
    }

    /// The servers of executions, sorted by `Server_ID`, and when they were visited.
    func servers(of runs: [ClosedRange<Int64>]) -> [(server: Int64, span: Span)] {
        var spans: [Int64: Span] = [:]
        for run in runs {
            var place = position(of: run.lowerBound)
            while place < visits.count, visits[place].execution <= run.upperBound {
                let visit = visits[place]
                spans[visit.server]?.add(Span(visit))
                if spans[visit.server] == nil { spans[visit.server] = Span(visit) }
                place += 1
            }
        }
        return spans.sorted { $0.key < $1.key }.map { (server: $0.key, span: $0.value) }
    }

    /// The position of the first execution with this id or a greater one.
    private func position(of execution: Int64) -> Int {
        var (low, high) = (0, visits.count)
        while low < high {
            let middle = (low + high) / 2
            if visits[middle].execution < execution { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The names of hosts as they are called now, of which few are looked up one by one.
struct HostNames {
    private let database: any Database
    private let one: any Statement
    private var names: [Int64: [UInt8]] = [:]
    private var areAllKnown = false

    /// The number of hosts from which on all are read.
    private static let many = 200

    init(_ database: any Database) throws(DatabaseError) {
        self.database = database
        one = try database.prepare(Scripts.Query.hostName)
    }

    /// The name of a host, or else its address or id.
    mutating func name(of server: Int64) throws(DatabaseError) -> [UInt8] {
        if let name = names[server] { return name }
        if names.count >= Self.many && !areAllKnown {
            let all = try database.prepare(Scripts.Query.hosts)
            while try all.step() {
                // Its name, its address or its id.
                let column = [2, 3].first { !all.isNull($0) } ?? 1
                names[all.integer(0)] = all.bytes(column)
            }
            areAllKnown = true
            return names[server] ?? []
        }
        try one.bind([.integer(server)])
        let name = try one.step() ? one.bytes(0) : []
        one.reset()
        names[server] = name
        return name
    }
}
