import ArgumentParser
import Database
import Files
import Loading
import Output
import Query
import Text

struct RetractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retract",
        abstract: "Take executions out of a database.",
        discussion: """
            An Execution_ID selects one execution; a name, id, address or Server_ID all executions \
            of a host; a path, name or SHA-256 those that came from a file. If a number is \
            ambiguous, execution:3, host:3 or file:3 selects one meaning.

            Prints the executions, then deletes them in one transaction, together with rows that \
            nothing else refers to. The receipt of the file stays, and records who retracted it, \
            when and why. The file is rejected from then on, except by census ingest --again.

            --vacuum also removes what deleted rows leave in the files of the database. On a server \
            the account needs the privileges SELECT, INSERT, UPDATE and DELETE.

            Exit codes: 0 success, 1 failure, 64 usage error.

            Examples:
              census retract 17 --reason "taken on the wrong host" --dry-run
              census retract web-01 --reason "not part of case 2026-17" --vacuum
              census retract evidence/web-01.jsonl.gz --reason "altered"
            """)

    @Argument(
        help: ArgumentHelp(
            "The executions: an Execution_ID, a host, or a file that was loaded.",
            valueName: "execution|host|file"))
    var targets: [String]

    @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason: String

    @Flag(help: "Only print what would be deleted.")
    var dryRun = false

    @Flag(help: "Rewrite the files of the database, so that nothing of what was deleted is left.")
    var vacuum = false

    @OptionGroup var database: DatabaseOption

    @Option(help: "The output format.")
    var format = RowFormat.table

    @OptionGroup var output: OutputOption

    @OptionGroup var limit: LimitOption

    func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason is empty.") }
        if dryRun && vacuum {
            throw ValidationError("--dry-run and --vacuum cannot be used together.")
        }
    }

    func run() throws {
        let inUse = try database.filesInUse()
        try output.requirePlace(sparing: inUse)
        func expectInterruption() {
            Interruption.expect(stoppingStatements: true, outcome: "nothing was deleted")
        }
        if !dryRun { expectInterruption() }
        let connection = try database.openExisting(dryRun ? .read : .write)
        let executions = try connection.reading { try announce(in: connection, sparing: inUse) }
        if dryRun { return Console.note("nothing was deleted (--dry-run)") }
        try Interruption.check()
        // The list may have been written to a file, which ends it.
        expectInterruption()
        guard let now = Timestamp.now() else {
            throw Failure(message: "the system clock is wrong: set it first")
        }
        let retraction = Retraction(for: reason, by: try .here(), at: now)
        Console.note(text(of: try retraction.run(executions, in: connection)))
        if vacuum {
            Interruption.expect(
                outcome: """
                    the executions are deleted, and the files of the database were not rewritten: \
                    \(connection.isEmbedded ? "sqlite3 FILE VACUUM" : "OPTIMIZE TABLE") does that
                    """)
            try Interruption.check()
            try connection.rewrite(Retraction.tables)
            Console.note("the files of the database were rewritten")
        }
        Interruption.end()
    }

    /// Prints the executions that go, and says which hosts go with them.
    private func announce(
        in database: any Database, sparing inUse: FilesInUse
    ) throws -> [Int64] {
        let search = try ExecutionSearch(in: database, from: CallingProcess.workingDirectory)
        var ids: Set<Int64> = []
        for target in targets { ids.formUnion(try search.executions(called: target)) }
        var selection = ExecutionSelection()
        selection.executionIDs = ids.sorted()
        output.noteExtension(for: format)
        try output.write(
            Listing.executions.rows(of: selection, isPart: true, in: database), .rows(format),
            nil, named: "executions", limit: limit, sparing: inUse)
        let hosts = try search.hosts(onlyIn: ids).map(\.description)
        var text = "\(counted(ids.count, "execution")) to delete"
        if !hosts.isEmpty {
            text += ", all there are of \(hosts.prefix(10).joined(separator: ", "))"
            if hosts.count > 10 { text += " and \(counted(hosts.count - 10, "more host"))" }
        }
        Console.note(text)
        return ids.sorted()
    }

    /// `2 executions deleted, 1 host, and what only they had: 117 rows of Processes, 1 of USERS`.
    private func text(of summary: Retraction.Summary) -> String {
        var text = "\(counted(summary.executions, "execution")) deleted"
        if summary.hosts > 0 { text += ", \(counted(summary.hosts, "host"))" }
        if summary.unused.isEmpty { return text }
        let unused = summary.unused.enumerated().map { index, unused in
            "\(index == 0 ? counted(unused.count, "row") : "\(unused.count)") of \(unused.table)"
        }
        return text + ", and what only they had: " + unused.joined(separator: ", ")
    }
}
