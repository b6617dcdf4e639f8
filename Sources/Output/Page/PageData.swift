import Database
import Query
import Records
import SQLScripts
import Text

/// The data of the charts: figures of each server, and their distribution over time. Memory is
/// proportional to the number of servers, plus some bytes per execution.
struct PageData {
    /// A count at a time.
    struct Sample {
        /// Unix seconds.
        var time: Int
        var count: Int
    }

    struct ServerSummary {
        let id: Int64
        /// Nil for NULL, like the others.
        let hostname: String?
        let ip: String?
        let system: String
        let processor: String?
        /// The newest execution and the one it is compared with.
        let newest: Execution?
        let previous: Execution?
        fileprivate(set) var executions = 0
        /// As in the database: among the possible dates, or among all dates if none is possible.
        fileprivate(set) var firstSeen = ""
        fileprivate(set) var lastSeen = ""
        /// Unix seconds; nil if the charts do not show the server.
        fileprivate(set) var lastTime: Int?
        /// The numbers of processes and items in the newest execution, for each of `lists`; nil if
        /// unknown.
        fileprivate(set) var newestCounts: [Int?]
        /// The counts over time, for each of `lists`; only of the first servers.
        fileprivate(set) var samples: [[Sample]]

        /// Its label in a chart.
        var label: String {
            for name in [hostname, ip] { if let name, !name.isEmpty { return name } }
            return "server \(id)"
        }
    }

    /// The counts of an execution.
    fileprivate struct Counts {
        let id: Int64
        let date: String
        let isDatePossible: Bool
        /// For each of `lists`; nil if unknown.
        let counts: [Int?]
    }

    /// The lists that any snapshot has, and the users.
    let kinds: [ListedKind]

    /// The titles of what is counted in an execution: processes, and the items of `kinds`.
    var lists: [String] { ["Processes"] + kinds.map(\.title) }

    /// Sorted by id.
    private(set) var servers: [ServerSummary] = []
    /// Nil if there are no executions.
    private(set) var axis: TimeAxis?
    private(set) var executions = 0
    private(set) var executionsWithoutSnapshot = 0
    /// Executions excluded from the charts because their dates are impossible.
    private(set) var executionsWithoutDate = 0
    /// The sum of all counts, for each of `lists`.
    private(set) var totals: [Int]
    private(set) var firstSeen = ""
    private(set) var lastSeen = ""
    /// For each of `lists`, by time span: the counts of all executions in it.
    private(set) var counts: [[Int: [Int32]]]
    /// By time span: the number of servers seen in it.
    private(set) var seen: [Int: Int] = [:]

    /// - Parameters:
    ///   - kinds: the lists whose items are counted.
    ///   - withSamples: the number of servers whose counts over time are kept.
    /// - Throws: also if the database is damaged: an execution without a date or a server.
    init(
        of selection: ExecutionSelection, _ kinds: [ListedKind], from database: any Database,
        withSamples: Int
    ) throws(DatabaseError) {
        self.kinds = kinds
        totals = Array(repeating: 0, count: kinds.count + 1)
        counts = Array(repeating: [:], count: kinds.count + 1)
        try readServers(
            selection.prepare(Scripts.Page.servers, in: database), selection.newest(in: database))
        let period = try selection.prepare(Scripts.Page.period, in: database)
        var areDatesPossible = true
        while try period.step() {
            if period.isNull(0) { continue }
            (firstSeen, lastSeen) = (period.text(0), period.text(1))
            areDatesPossible = period.integer(2) != 0
            axis = TimeAxis(
                from: try Self.time(firstSeen, database), to: try Self.time(lastSeen, database))
        }
        try readExecutions(
            selection.prepare(executions(of: kinds), in: database), areDatesPossible, withSamples,
            database)
    }

    /// The query of all executions with their counts.
    private func executions(of kinds: [ListedKind]) -> String {
        let counts = kinds.map(\.countColumn).joined()
        return Scripts.Page.executions.replacing("/* lists */", with: counts)
    }

    /// In Unix seconds.
    private static func time(
        _ date: String, _ database: any Database
    ) throws(DatabaseError) -> Int {
        if let time = Timestamp(sqlText: date) { return Int(time.unixSeconds) }
        throw database.damaged("an execution has the date “\(visible(date))”")
    }

    private mutating func readServers(
        _ statement: any Statement,
        _ newest: [Int64: (execution: Execution, predecessor: Execution?)]
    ) throws(DatabaseError) {
        while try statement.step() {
            let version = statement.textOrNil(4).map { " \($0)" } ?? ""
            let newest = newest[statement.integer(0)]
            servers.append(
                ServerSummary(
                    id: statement.integer(0), hostname: statement.textOrNil(1),
                    ip: statement.textOrNil(2), system: statement.text(3) + version,
                    processor: statement.textOrNil(5), newest: newest?.execution,
                    previous: newest?.predecessor,
                    newestCounts: Array(repeating: nil, count: kinds.count + 1),
                    samples: Array(repeating: [], count: kinds.count + 1)))
        }
    }

    private mutating func readExecutions(
        _ statement: any Statement, _ areDatesPossible: Bool, _ withSamples: Int,
        _ database: any Database
    ) throws(DatabaseError) {
        var index = 0
        var lastBucket: Int?
        while try statement.step() {
            // Both are sorted by the servers' ids.
            while index < servers.count && servers[index].id != statement.integer(0) {
                index += 1
                lastBucket = nil
            }
            guard index < servers.count else {
                throw database.damaged(
                    "execution \(statement.integer(1)) refers to a missing server, or to one "
                        + "without operating system")
            }
            let execution = Counts(
                id: statement.integer(1), date: statement.text(2),
                isDatePossible: statement.integer(4) != 0,
                counts: totals.indices.map { list in
                    statement.isNull(list + 5) ? nil : Int(statement.integer(list + 5))
                })
            executions += 1
            for (list, count) in execution.counts.enumerated() { totals[list] += count ?? 0 }
            if statement.integer(3) == 0 { executionsWithoutSnapshot += 1 }
            let time = try Self.time(execution.date, database)
            // Impossible dates are excluded if there are possible ones.
            let isOnAxis = execution.isDatePossible == areDatesPossible
            if !isOnAxis { executionsWithoutDate += 1 }
            guard let axis else { continue }  // an axis exists if there is a date
            servers[index].add(
                execution, at: isOnAxis ? time : nil, on: index < withSamples ? axis : nil)
            if !isOnAxis { continue }
            let bucket = axis.bucket(of: time)
            if bucket != lastBucket { seen[bucket, default: 0] += 1 }
            lastBucket = bucket
            for (list, count) in execution.counts.enumerated() {
                guard let count else { continue }
                counts[list][bucket, default: []].append(Int32(clamping: count))
            }
        }
    }
}

extension PageData.ServerSummary {
    /// - Parameter axis: the axis of the samples; nil if none are kept.
    fileprivate mutating func add(
        _ execution: PageData.Counts, at time: Int?, on axis: TimeAxis?
    ) {
        executions += 1
        // Impossible dates are ignored if there are possible ones.
        if execution.isDatePossible == newest?.isDatePossible {
            if firstSeen.isEmpty { firstSeen = execution.date }
            lastSeen = execution.date
        }
        if execution.id == newest?.id {
            lastTime = time
            newestCounts = execution.counts
        }
        guard let time, let axis else { return }
        for (list, count) in execution.counts.enumerated() {
            guard let count else { continue }
            samples[list].add(PageData.Sample(time: time, count: count), on: axis)
        }
    }
}

extension [PageData.Sample] {
    /// Keeps the last sample in each of 300 parts of the axis, the resolution of a chart.
    fileprivate mutating func add(_ sample: PageData.Sample, on axis: TimeAxis) {
        func part(_ time: Int) -> Int { Int(axis.position(time) * 300) }
        if let last, part(last.time) == part(sample.time) { removeLast() }
        append(sample)
    }
}
