import ArgumentParser
import Database
import Inventory

/// Which executions a report is about.
struct SelectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only executions from this moment on, in UTC: 2026-11-23 or \"2026-11-23 05:13\".",
            valueName: "when"))
    var since: Moment?

    @Option(
        help: ArgumentHelp(
            "Only executions up to this moment, or to the end of this day.", valueName: "when"))
    var until: Moment?

    @Option(
        help: ArgumentHelp(
            "Only hosts whose name, id or address is like this: web-* for example.",
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

    /// - Throws: where no host is like the pattern: a report of nothing would say that nothing runs.
    func selection(in database: any Database) throws -> ExecutionSelection {
        var selection = ExecutionSelection()
        selection.since = since?.start
        selection.until = until?.end
        selection.isLatestOnly = latest
        if let host {
            let glob = try glob(host)
            let hosts = try Host.all(in: database).filter { $0.isCalled(host) || $0.matches(glob) }
            if hosts.isEmpty { throw Failure(message: "no host is like \(host) (see report 2)") }
            selection.serverIDs = hosts.map(\.serverID)
        }
        return selection
    }
}

/// - Throws: in the words of wrong usage.
func glob(_ pattern: String) throws -> Glob {
    do { return try Glob(pattern) } catch {
        throw ValidationError("\(error)")
    }
}
