import ArgumentParser
import Database
import Query
import Text

/// The options that select executions.
struct SelectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only executions since this time, in UTC: 2026-11-23 or \"2026-11-23 05:13\".",
            valueName: "when"))
    var since: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "Only executions up to this time, or to the end of this day.", valueName: "when"))
    var until: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "Only hosts whose name, id or address matches this pattern, such as web-*.",
            valueName: "glob"))
    var host: String?

    @Flag(help: "Only the newest execution of each host.")
    var latest = false

    func validate() throws {
        if let since, let until, since.start > until.end {
            throw ValidationError("--since is later than --until.")
        }
        if let host { _ = try glob(host) }
    }

    /// Looks up the selection in the database. The caller has begun a transaction.
    /// - Throws: if no execution is selected: an empty report would read as if nothing ran.
    func selection(in database: any Database) throws -> ExecutionSelection {
        var selection = ExecutionSelection()
        selection.since = since?.start
        selection.until = until?.end
        selection.isLatestOnly = latest
        if let host {
            let glob = try glob(host)
            let hosts = try Server.all(in: database)
                .filter { $0.isCalled(host) || $0.matches(glob) }
            if hosts.isEmpty { throw Failure(message: "no host matches \(host) (see report 2)") }
            selection.serverIDs = hosts.map(\.serverID)
        }
        let isPart = since != nil || until != nil || host != nil || latest
        if isPart, try selection.isEmpty(in: database) {
            throw Failure(
                message: "no execution\(conditions) (see report 4)")
        }
        return selection
    }

    /// ` of a host matching web-* since 2026-11-23 00:00:00`.
    private var conditions: String {
        var conditions = ""
        if let host { conditions += " of a host matching \(host)" }
        switch (since?.start.sqlText, until?.end.sqlText) {
        case (let since?, let until?): conditions += " from \(since) to \(until)"
        case (let since?, nil): conditions += " since \(since)"
        case (nil, let until?): conditions += " up to \(until)"
        case (nil, nil): break
        }
        return conditions
    }
}

/// - Throws: `ValidationError` for an invalid pattern.
func glob(_ pattern: String) throws -> Glob {
    do { return try Glob(pattern) } catch {
        throw ValidationError("\(error)")
    }
}
