import ArgumentParser
import Database
import Output
import Query
import Records
import Text

/// A command whose exit code is its result, as in diff(1): 0 no findings, 1 findings, 2 or more
/// failure.
protocol AnsweringCommand: ParsableCommand {}

struct DiffCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what changed between two executions of a host.",
        discussion: """
            Without --host, prints one line per host with the number of changes between its last \
            two executions, most changes first. With --host and a name, id, address or Server_ID, \
            prints one line per change of that host; with a pattern or several --host, one line \
            per host. A process of which only the PID changed is "restarted".

            WHEN is a date or a time in UTC and selects the newest execution up to it; ID is an \
            Execution_ID. Facts that are unknown in one of the executions are not compared.

            Exit codes: 0 no changes, 1 changes, 2 failure (also: no host has two executions to \
            compare, or with --host nothing changed but processes or lists could not be \
            compared), 64 usage error.

            Examples:
              census diff
              census diff --host web-01
              census diff --host web-01 --from 2026-10-31 --to 2026-11-30 --format csv
              census diff --host web-01 --against web-02
              census diff --host 'web-*' --host 'db-*'
            """)

    @OptionGroup var host: HostOption

    @Option(
        help: ArgumentHelp(
            "The older execution. (default: the one before the newer)", valueName: "when|id"))
    var from: ExecutionChoice?

    @Option(
        help: ArgumentHelp("The newer execution. (default: the newest)", valueName: "when|id"))
    var to: ExecutionChoice?

    @Option(
        help: ArgumentHelp(
            "Compare the newest execution of --host with that of this host.", valueName: "host"))
    var against: String?

    @OptionGroup var database: DatabaseOption

    @OptionGroup var output: TableOutput

    func validate() throws {
        if try oneHost() != nil { return }
        if against != nil {
            throw ValidationError("--against requires --host with one host, not a pattern.")
        }
        for case .id? in [from, to] {
            throw ValidationError("An Execution_ID requires --host with one host, not a pattern.")
        }
    }

    /// What the one host is called; nil if there is none, or a line for each of several is asked for.
    private func oneHost() throws -> String? {
        guard host.patterns.count == 1 else { return nil }
        return try HostOption.pattern(host.patterns[0]).isLiteral ? host.patterns[0] : nil
    }

    func run() throws {
        try output.output.requirePlace(sparing: database.filesInUse())
        try database.read { database in
            let query = try ExecutionQuery(database)
            if host.patterns.isEmpty {
                return try compareFleet(Server.all(in: database), query, in: database)
            }
            let search = try HostSearch(in: database)
            guard let name = try oneHost() else {
                return try compareFleet(host.hosts(of: search) ?? [], query, in: database)
            }
            try compare(
                search.host(called: name), with: against.map { try search.host(called: $0) },
                query)
        }
    }

    /// Compares two executions of a host, or the newest of two hosts.
    private func compare(_ host: Server, with other: Server?, _ query: ExecutionQuery) throws {
        let new = try choose(to, of: other ?? host, query)
        let old =
            try other == nil ? older(of: host, than: new, query) : choose(from, of: host, query)
        // Two dates can select the same execution if the host was not examined between them.
        if old.id == new.id {
            throw Failure(
                message:
                    "both select execution \(new.id) of \(host.description), dated \(new.date): "
                    + "nothing was compared")
        }
        let comparison = try query.comparison(
            from: old.id, to: new.id, isSameHost: other == nil)
        try write(Change.columns, comparison.changes.map(\.row))
        let count = counted(comparison.changes.count, "difference")
        Console.note(
            "\(host.description) \(old.date) > \((other ?? host).description) \(new.date): \(count)"
        )
        for what in comparison.unknown {
            Console.note("\(what) are not compared: they are unknown in one of the executions")
        }
        if !comparison.changes.isEmpty { throw ExitCode(1) }
        // Exit code 0 would be wrong: some facts were not compared.
        if !comparison.unknown.isEmpty { throw ExitCode(2) }
    }

    private func choose(
        _ choice: ExecutionChoice?, of host: Server, _ query: ExecutionQuery
    ) throws -> Execution {
        switch choice {
        case .id(let id)?:
            guard let execution = try query.execution(id: id) else {
                throw Failure(message: "there is no execution \(id) (see census list executions)")
            }
            if execution.serverID == host.serverID { return execution }
            throw Failure(message: "execution \(id) is not an execution of \(host.description)")
        case .upTo(let moment)?:
            if let found = try query.newest(1, of: host.serverID, until: moment.end).first {
                return found
            }
            throw Failure(
                message: "\(host.description) has no execution up to \(moment.end.sqlText)")
        case nil:
            if let found = try query.newest(1, of: host.serverID, until: nil).first {
                return found
            }
            throw Failure(message: "\(host.description) has no execution")
        }
    }

    private func older(
        of host: Server, than new: Execution, _ query: ExecutionQuery
    ) throws -> Execution {
        if let from { return try choose(from, of: host, query) }
        let all = try query.newest(.max, of: host.serverID, until: nil)
        if let older = all.predecessor(of: new) { return older }
        throw Failure(
            message: "\(host.description) has no execution before that of \(new.date)")
    }

    private func compareFleet(_ hosts: [Server], _ query: ExecutionQuery, in database: any Database)
        throws
    {
        var lines: [(host: Server, old: Execution, new: Execution, counts: ChangeCounts)] = []
        var lone = 0
        var incomplete = 0
        /// Hosts whose executions could be compared.
        var compared = 0
        for host in hosts {
            let newest = try query.newest(2, of: host.serverID, until: newestAllowed)
            guard let new = newest.first else { continue }
            let old = try from == nil ? newest.predecessor(of: new) : oldest(of: host, query)
            guard let old, old.id != new.id else {
                lone += 1
                continue
            }
            let counts = ChangeCounts(try query.comparison(from: old.id, to: new.id))
            if counts.areIncomplete { incomplete += 1 }
            if counts.areConclusive { compared += 1 }
            if !counts.areEqual { lines.append((host, old, new, counts)) }
        }
        let impossible = try query.impossibleDates()
        if impossible > 0 {
            Console.note(
                "\(counted(impossible, "execution")) dated after the file was loaded; such executions "
                    + "are compared only with each other (see census coverage)")
        }
        if compared == 0 { throw Failure(message: nothingToCompare(hosts.count, lone, incomplete)) }
        lines.sort { $0.counts.outweighs($1.counts) }
        let kinds = try ListedKind.collected(in: database)
        try write(
            ["Server_ID", "Hostname", "IP", "From", "To"] + ChangeCounts.columns(kinds),
            lines.map { line in
                [
                    .integer(line.host.serverID), Value(line.host.name), Value(line.host.ip),
                    .text(line.old.date), .text(line.new.date),
                ] + line.counts.row(kinds)
            })
        Console.note(
            "\(counted(lines.count, "host")) of \(hosts.count) changed"
                + (lone > 0 ? ", \(lone) with nothing to compare with" : "")
                + (incomplete > 0 ? ", \(incomplete) with incomplete data" : ""))
        if !lines.isEmpty { throw ExitCode(1) }
    }

    /// The message if no host could be compared.
    private func nothingToCompare(_ hosts: Int, _ lone: Int, _ incomplete: Int) -> String {
        if hosts == 0 { return "the database contains no hosts: nothing was compared" }
        var reasons: [String] = []
        if lone > 0 { reasons.append("\(lone) with nothing to compare with") }
        if incomplete > 0 { reasons.append("\(incomplete) with incomplete data") }
        let why = reasons.isEmpty ? "without an execution" : reasons.joined(separator: ", ")
        return "no host could be compared: \(counted(hosts, "host")), \(why)"
    }

    private var newestAllowed: Timestamp? {
        if case .upTo(let moment)? = to { moment.end } else { nil }
    }

    private func oldest(of host: Server, _ query: ExecutionQuery) throws -> Execution? {
        guard case .upTo(let moment)? = from else { return nil }
        return try query.newest(1, of: host.serverID, until: moment.end).first
    }

    private func write(_ columns: [String], _ rows: [[Value]]) throws {
        try output.write(
            RowTable(columns, rows), named: "diff", sparing: database.filesInUse())
    }
}
