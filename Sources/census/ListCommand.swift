import ArgumentParser
import Database
import Files
import Output
import Query

#if Rules
    import Rules
#endif

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List hosts, executions, evidence, reports or rules.",
        discussion: """
            hosts       each host: its names, ids, addresses, first and last visit
            executions  each visit: the numbers of processes, packages and so on
            evidence    each file that was read: SHA-256, size, verdict, execution
            reports     the reports that census report prints
            rules       the rules of a rules file

            If executions are selected, evidence lists only the files that they came from, once for \
            each time that a file was given to ingest.

            Exit codes: 0 success, 1 failure, 64 usage error.

            Examples:
              census list hosts
              census list hosts --host 'web-*' --format csv -o hosts.csv
              census list executions --host web-01 --since 2026-11-01
              census list evidence --db audit-2026.sqlite
              census list rules --rules rules.yaml
            """)

    /// What can be listed.
    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case hosts, executions, evidence, reports
        #if Rules
            case rules
        #endif
    }

    @Argument(help: "What to list.")
    var subject: Subject

    @OptionGroup var database: DatabaseOption

    #if Rules
        @OptionGroup var rules: RulesOption
    #endif

    @OptionGroup var output: TableOutput

    @OptionGroup(title: "Selection of executions") var selection: SelectionOptions

    func validate() throws {
        if selection.isPart, ![.hosts, .executions, .evidence].contains(subject) {
            throw ValidationError(
                "--host, --since, --until and --latest do not apply to list \(subject.rawValue).")
        }
        #if Rules
            if subject == .rules, rules.path == nil {
                throw ValidationError("list rules requires --rules FILE.")
            }
            if subject != .rules, rules.path != nil {
                throw ValidationError("--rules requires list rules.")
            }
        #endif
    }

    func run() throws {
        switch subject {
        case .hosts: try list(.hosts)
        case .executions: try list(.executions)
        case .evidence: try list(.evidence)
        case .reports: try write(Report.table, sparing: database.filesInUse())
        #if Rules
            case .rules:
                let inUse = try database.filesInUse(reading: [], rules.lists)
                try write(rules.read().table, sparing: inUse)
        #endif
        }
    }

    private func write(_ table: RowTable, sparing inUse: FilesInUse) throws {
        try output.write(table, named: subject.rawValue, sparing: inUse)
    }

    private func list(_ listing: Listing) throws {
        let inUse = try database.filesInUse()
        try output.output.requirePlace(sparing: inUse)
        try database.read(selecting: selection.selection(in:)) { database, executions in
            try output.write(
                listing.rows(of: executions, isPart: selection.isPart, in: database),
                named: subject.rawValue, sparing: inUse)
        }
    }
}
