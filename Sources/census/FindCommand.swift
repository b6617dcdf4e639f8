import ArgumentParser
import Database
import Files
import Output
import Query
import Text

struct FindCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find where in the fleet a process, package, user, port or account occurs.",
        discussion: """
            processes  by name
            packages   by name, with each version
            users      by name: who is logged in, and who owns processes
            ports      by number, address, or the process or package that listens
            accounts   by name

            The pattern must match the whole name: * matches any characters and ? matches one, as in \
            '*ssl*'; see glob(7). Case is ignored. The first search writes an index of names into \
            the database, and later ones update it. Searches take longer if it cannot be written.

            Exit codes: 0 found, 1 nothing found, 2 failure, 64 usage error.

            Examples:
              census find openssl --in packages
              census find '*teamviewer*' --latest
              census find 3389 --in ports --each-host --format csv
            """)

    @Argument(help: ArgumentHelp("The name, or a pattern such as 'nc*'.", valueName: "pattern"))
    var text: String

    @Option(
        name: .customLong("in"),
        help: ArgumentHelp(
            "Where to search: \(Find.Kind.allCases.map(\.rawValue).joined(separator: ", ")); "
                + "several are separated by commas. (default: everywhere)", valueName: "kinds"),
        completion: .list(Find.Kind.allCases.map(\.rawValue)))
    var kinds: String?

    @Flag(help: "A row for each host.")
    var eachHost = false

    @OptionGroup var database: DatabaseOption

    @OptionGroup var output: TableOutput

    @OptionGroup(title: "Selection of executions") var selection: SelectionOptions

    func validate() throws {
        if text.isEmpty { throw ValidationError("The pattern is empty.") }
        _ = try pattern()
        _ = try places()
    }

    private func pattern() throws -> NamePattern {
        do { return try NamePattern(text) } catch { throw ValidationError("\(error)") }
    }

    private func places() throws -> [Find.Kind] {
        guard let kinds else { return Find.Kind.allCases }
        let known = Find.Kind.allCases.map(\.rawValue)
        return try kinds.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let kind = Find.Kind(rawValue: String(word)) else {
                throw ValidationError(
                    "--in takes \(known.joined(separator: ", ")), and not '\(word)'."
                        + (suggestion(for: String(word), among: known).map { didYouMean($0) }
                            ?? ""))
            }
            return kind
        }
    }

    func run() throws {
        let (pattern, places) = (try pattern(), try places())
        let inUse = try database.filesInUse()
        try output.output.requirePlace(sparing: inUse)
        let connection = try database.openExisting(.read)
        if places.contains(where: { $0 == .processes || $0 == .users }),
            try connection.reading({ try NameIndex.isOutdated(in: connection) })
        {
            try updateIndex()
            try Interruption.check()
            Interruption.expect(outcome: "nothing was written")
            if !output.output.isFile { Interruption.end() }
        }
        let (found, gaps) = try connection.reading {
            let executions = try selection.selection(in: connection)
            let found = try Find(
                pattern, in: places, of: executions, isPart: selection.isPart, byHost: eachHost,
                database: connection)
            return (
                found, try places.compactMap { try $0.report?.gap(in: connection, of: executions) }
            )
        }
        let columns = eachHost ? Find.columnsByHost : Find.columns
        try output.write(RowTable(columns, found.rows), named: "find", sparing: inUse)
        for gap in gaps { Console.note(gap) }
        if found.rows.isEmpty {
            let names = places.map(\.rawValue).joined(separator: ", ")
            Console.note(
                "nothing\(selection.conditions) matches \(text) among "
                    + "\(counted(found.searched, "name")) of \(names)"
                    + (pattern.isLiteral && found.searched > 0
                        ? "; '*\(text)*' also matches parts of names" : ""))
            throw ExitCode(1)
        }
    }

    /// Brings the index of names up to date. The search is right without it, but takes longer.
    private func updateIndex() throws {
        Interruption.expect(
            stoppingStatements: true,
            outcome: """
                nothing was searched, and the index of names is not finished; the next search goes on \
                with it
                """)
        do {
            try NameIndex.update(in: try database.open(.write))
        } catch let error as DatabaseError
            where error.isOfWriting && !Interruption.hasHappened
        {
            Console.note(
                "the index of names is not up to date and cannot be written, which makes the search "
                    + "slow: \(error.message)")
        }
    }
}

extension Find.Kind {
    /// The report of the same list, which knows where the list is unknown.
    fileprivate var report: Report? {
        let name = self == .ports ? "listening" : rawValue
        return Report.all.first { $0.name == name }
    }
}

extension DatabaseError {
    /// Whether it may be that only writing is not possible.
    fileprivate var isOfWriting: Bool {
        switch code {
        case .busy, .cannotOpen, .conflict, .full, .readOnly: true
        default: false
        }
    }
}
