import Database
import Query
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
        /// The numbers of processes and users in the newest execution; nil if unknown.
        fileprivate(set) var newestProcesses: Int?
        fileprivate(set) var newestUsers: Int?
        /// The counts over time, only of the first servers.
        fileprivate(set) var processes: [Sample] = []
        fileprivate(set) var users: [Sample] = []

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
        let processes: Int?
        let users: Int?
        let isDatePossible: Bool
    }

    /// Sorted by id.
    private(set) var servers: [ServerSummary] = []
    /// Nil if there are no executions.
    private(set) var axis: TimeAxis?
    private(set) var executions = 0
    private(set) var executionsWithoutSnapshot = 0
    /// Executions excluded from the charts because their dates are impossible.
    private(set) var executionsWithoutDate = 0
    private(set) var processes = 0
    private(set) var logins = 0
    private(set) var firstSeen = ""
    private(set) var lastSeen = ""
    /// By time span: the counts of all executions in it.
    private(set) var processCounts: [Int: [Int32]] = [:]
    private(set) var userCounts: [Int: [Int32]] = [:]
    /// By time span: the number of servers seen in it.
    private(set) var seen: [Int: Int] = [:]

    /// - Parameter withSamples: the number of servers whose counts over time are kept.
    /// - Throws: also if the database is damaged: an execution without a date or a server.
    init(
        of selection: ExecutionSelection, from database: any Database, withSamples: Int
    ) throws(DatabaseError) {
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
            selection.prepare(Scripts.Page.executions, in: database), areDatesPossible, withSamples,
            database)
    }

    /// In Unix seconds.
    private static func time(
        _ date: String, _ database: any Database
    ) throws(DatabaseError) -> Int {
        if let time = Timestamp(sqlText: date) { return time.unixSeconds }
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
                    previous: newest?.predecessor))
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
            func count(_ column: Int) -> Int? {
                statement.isNull(column) ? nil : Int(statement.integer(column))
            }
            let execution = Counts(
                id: statement.integer(1), date: statement.text(2), processes: count(3),
                users: count(4), isDatePossible: statement.integer(6) != 0)
            executions += 1
            processes += execution.processes ?? 0
            logins += execution.users ?? 0
            if statement.integer(5) == 0 { executionsWithoutSnapshot += 1 }
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
            if let processes = execution.processes {
                processCounts[bucket, default: []].append(Int32(clamping: processes))
            }
            if let users = execution.users {
                userCounts[bucket, default: []].append(Int32(clamping: users))
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
            (newestProcesses, newestUsers) = (execution.processes, execution.users)
        }
        guard let time, let axis else { return }
        if let count = execution.processes {
            processes.add(PageData.Sample(time: time, count: count), on: axis)
        }
        if let count = execution.users {
            users.add(PageData.Sample(time: time, count: count), on: axis)
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
