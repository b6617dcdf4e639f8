import ArgumentParser
import Database
import Query
import Text

/// The options that select executions.
struct SelectionOptions: ParsableArguments {
    @OptionGroup var host: HostOption

    @Option(
        help: ArgumentHelp(
            "Only executions since this time, in UTC: 2026-11-23 or \"2026-11-23 05:13\".",
            valueName: "when"))
    var since: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "Only executions up to this time, or to the end of this day.", valueName: "when"))
    var until: TimeSpan?

    /// How many of the selected executions of a host.
    enum Extent: String, EnumerableFlag {
        case latest, all

        static func help(for extent: Extent) -> ArgumentHelp? {
            switch extent {
            case .latest: "Only the newest of these executions of each host."
            case .all: "All of these executions of each host. (default, except in check)"
            }
        }
    }

    @Flag(exclusivity: .exclusive)
    var extent: Extent?

    func validate() throws {
        if let since, let until, since.start > until.end {
            throw ValidationError("--since is later than --until.")
        }
    }

    /// Looks up the selection in the database. The caller has begun a transaction.
    /// Without `--latest` all executions are selected.
    /// - Throws: if no execution is selected: an empty report would read as if nothing ran.
    func selection(in database: any Database) throws -> ExecutionSelection {
        try selection(in: database, default: .all)
    }

    /// The same, with another default.
    /// - Parameter default: what is selected without `--latest` and `--all`.
    func selection(
        in database: any Database, default: Extent
    ) throws -> ExecutionSelection {
        var selection = ExecutionSelection()
        selection.since = since?.start
        selection.until = until?.end
        selection.isLatestOnly = (extent ?? `default`) == .latest
        selection.serverIDs = try host.hosts(in: database)?.map(\.serverID)
        if isPart, try selection.isEmpty(in: database) {
            throw Failure(message: "no execution\(conditions) (see census list executions)")
        }
        return selection
    }

    /// Whether options select executions.
    var isPart: Bool {
        since != nil || until != nil || !host.patterns.isEmpty || extent == .latest
    }

    /// ` of a host matching web-* since 2026-11-23 00:00:00`.
    var conditions: String {
        switch (since?.start.sqlText, until?.end.sqlText) {
        case (let since?, let until?): host.condition + " from \(since) to \(until)"
        case (let since?, nil): host.condition + " since \(since)"
        case (nil, let until?): host.condition + " up to \(until)"
        case (nil, nil): host.condition
        }
    }
}
