import Database
import Query
import SQLScripts
import Text

/// What the pictures show: of each server a few figures, of all of them how they were spread
/// over time. Memory grows with the servers, and by some bytes with each execution; not with what
/// ran in it.
struct PageData {
    /// How many of something there were at a moment.
    struct Sample {
        /// Unix seconds.
        var time: Int
        var count: Int
    }

    struct ServerSummary {
        let id: Int64
        /// NULL as nil, like the others.
        let hostname: String?
        let ip: String?
        let system: String
        let processor: String?
        /// The newest execution and the one with which it is compared.
        let newest: Execution?
        let previous: Execution?
        fileprivate(set) var executions = 0
        /// As the database has them: among the dates that are possible, or among all where none is.
        fileprivate(set) var firstSeen = ""
        fileprivate(set) var lastSeen = ""
        /// Unix seconds; nil where the pictures do not show when it was seen.
        fileprivate(set) var lastTime: Int?
        /// What ran in the newest execution, and how many were logged in; nil where that is not known.
        fileprivate(set) var newestProcesses: Int?
        fileprivate(set) var newestUsers: Int?
        /// Over time; of the first servers only.
        fileprivate(set) var processes: [Sample] = []
        fileprivate(set) var users: [Sample] = []

        /// What to call it in a picture.
        var label: String {
            for name in [hostname, ip] { if let name, !name.isEmpty { return name } }
            return "server \(id)"
        }
    }

    /// How much was seen in an execution.
    fileprivate struct Counts {
        let id: Int64
        let date: String
        let processes: Int?
        let users: Int?
        let isDatePossible: Bool
    }

    /// In the order of their ids.
    private(set) var servers: [ServerSummary] = []
    /// Nil where there are no executions.
    private(set) var axis: TimeAxis?
    private(set) var executions = 0
    private(set) var executionsWithoutSnapshot = 0
    /// Those that the pictures leave out, because their dates are impossible and others are not.
    private(set) var executionsWithoutDate = 0
    private(set) var processes = 0
    private(set) var logins = 0
    private(set) var firstSeen = ""
    private(set) var lastSeen = ""
    /// By span of time: the counts of all executions in it.
    private(set) var processCounts: [Int: [Int32]] = [:]
    private(set) var userCounts: [Int: [Int32]] = [:]
    /// By span of time: how many servers were seen in it.
    private(set) var seen: [Int: Int] = [:]

    /// - Parameter withSamples: of how many servers to keep what they were over time.
    /// - Throws: also where the database is damaged: an execution has no date, or no server.
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
        throw database.damaged("there is an execution whose date is “\(visible(date))”")
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
            // Both are in the order of the servers' ids.
            while index < servers.count && servers[index].id != statement.integer(0) {
                index += 1
                lastBucket = nil
            }
            guard index < servers.count else {
                throw database.damaged(
                    "execution \(statement.integer(1)) is of a server that is not there, or of one "
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
            // The pictures leave a date out that is impossible where others are not.
            let isOnAxis = execution.isDatePossible == areDatesPossible
            if !isOnAxis { executionsWithoutDate += 1 }
            guard let axis else { continue }  // there is one where there is a date
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
    /// - Parameter axis: where samples are to be kept, on which axis.
    fileprivate mutating func add(
        _ execution: PageData.Counts, at time: Int?, on axis: TimeAxis?
    ) {
        executions += 1
        // Impossible dates do not count where there are others.
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
    /// Keeps the last one of each of 300 parts of the axis: a picture shows no more.
    fileprivate mutating func add(_ sample: PageData.Sample, on axis: TimeAxis) {
        func part(_ time: Int) -> Int { Int(axis.position(time) * 300) }
        if let last, part(last.time) == part(sample.time) { removeLast() }
        append(sample)
    }
}
