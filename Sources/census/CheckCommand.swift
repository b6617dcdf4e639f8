#if Rules
    import ArgumentParser
    import Database
    import Files
    import Output
    import Query
    import Rules
    import SystemPackage
    import Text

    extension Severity: ExpressibleByArgument {}

    struct CheckCommand: AnsweringCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check hosts against rules.",
            discussion: """
                The rules file is YAML. A rule names forbidden or required processes, the allowed \
                owners of a process, forbidden, required or allowed users, packages, accounts, \
                privileges, keys, listeners or updates, the maximum age of a password, or the \
                allowed operating systems. The newest execution of each host is checked, or with \
                --all each of them. Where a host's facts are \
                unknown, the rule is reported as "not checked" for that host. A rule whose hosts \
                match no host is reported as "not checked" once.

                Exit codes: 0 no violations, 1 violations of the severity of --fail-on or higher, \
                2 failure (also: no such violations, but a rule applies to no host or could be \
                checked on none), 64 usage error or invalid rules.

                Examples:
                  census check --rules rules.yaml
                  census check --rules rules.yaml --fail-on high --format junit > census.xml
                """)

        /// The output formats of `check`: all but the HTML page.
        struct OutputFormat: FormatArgument {
            let format: Format
            var name: String { format.name }

            static let table = OutputFormat(format: .rows(.table))
            static var all: [OutputFormat] {
                Format.all.filter { !$0.isPage }.map(OutputFormat.init(format:))
            }
        }

        @Option(
            help: ArgumentHelp("The rules file; - for standard input.", valueName: "file"))
        var rules: String

        @OptionGroup var database: DatabaseOption

        @Option(help: "The output format.")
        var format = OutputFormat.table

        @Option(help: "The lowest severity of a violation that makes the exit code 1.")
        var failOn = Severity.low

        @Flag(help: "Exit with 1 also if something could not be checked.")
        var failOnUnknown = false

        @OptionGroup var output: OutputOption

        @OptionGroup var limit: LimitOption

        @OptionGroup(title: "Selection of executions") var selection: SelectionOptions

        @OptionGroup(title: "Layout") var layout: LayoutOptions

        func validate() throws {
            try layout.validate(writesCSV: format.name == RowFormat.csv.name)
            if limit.limit != nil && !format.format.isOfTables {
                throw ValidationError("--limit does not apply to --format \(format.name).")
            }
            if rules.isEmpty { throw ValidationError("--rules is empty.") }
        }

        func run() throws {
            if !output.isFile { try Console.requireNoTerminal(for: format.format) }
            let rules = try RulesOption.rules(at: rules)
            try output.requirePlace(sparing: database.filesInUse(reading: [], lists))
            let (inspection, name) = try database.read(beside: lists, selecting: executions(in:)) {
                database, executions in
                (try Inspection(of: database, by: rules, executions), database.name)
            }
            try write(inspection)
            if inspection.hosts.isEmpty {
                throw Failure(message: "\(name) contains no hosts: nothing was checked")
            }
            noteUnapplied(inspection)
            Console.note(inspection.summary(of: selection.extent == .all ? "execution" : "host"))
            if inspection.isBroken(from: failOn) || failOnUnknown && inspection.hasUnchecked {
                throw ExitCode(1)
            }
            // Exit code 0 would be wrong: some rules were not checked.
            if !inspection.unmatchedRules.isEmpty || !inspection.uncheckedRules.isEmpty {
                throw ExitCode(2)
            }
        }

        private func executions(in database: any Database) throws -> ExecutionSelection {
            try selection.selection(in: database, default: .latest)
        }

        private var lists: [(path: String, use: String)] {
            [(path: rules, use: "the file of --rules")]
        }

        /// Names the rules that were checked on no host.
        private func noteUnapplied(_ inspection: Inspection) {
            for rule in inspection.unmatchedRules.sorted() {
                Console.note("rule \(inspection.rules[rule].id): no host matches its hosts")
            }
            for (rule, hosts) in inspection.uncheckedRules {
                let hosts = hosts == 1 ? "the one host" : "any of the \(hosts) hosts"
                Console.note(
                    "rule \(inspection.rules[rule].id): could not be fully checked on \(hosts) "
                        + "it applies to")
            }
        }

        private func write(_ inspection: Inspection) throws {
            let inUse = try database.filesInUse(reading: [], lists)
            if case .findings(let format) = format.format {
                let context = InspectionContext(failingSeverity: failOn, version: Census.version)
                let bytes = format.bytes(inspection, context)
                if !output.isFile { layout.pager.start() }
                return try output.write(format.kind, sparing: inUse) { try $0(bytes) }
            }
            output.noteExtension(for: format)
            try output.write(
                inspection.table, format.format, layout, named: "check", limit: limit,
                sparing: inUse)
        }
    }

    extension Inspection {
        /// `200 hosts, 12 rules: 3 violations (1 critical, 2 low), 1 not checked`.
        /// - Parameter noun: what was checked: `host`, `execution`.
        func summary(of noun: String) -> String {
            let violated = results.filter { $0.finding.verdict == .violated }
            let counts = Severity.allCases.reversed().compactMap { severity -> String? in
                let count = violated.count { rules[$0.rule].severity == severity }
                return count == 0 ? nil : "\(count) \(severity)"
            }
            var parts = [counted(violated.count, "violation")]
            if !counts.isEmpty { parts[0] += " (\(counts.joined(separator: ", ")))" }
            let unchecked = results.count - violated.count + unmatchedRules.count
            if unchecked > 0 { parts.append("\(unchecked) not checked") }
            return "\(counted(hosts.count, noun)), \(counted(rules.count, "rule")): "
                + parts.joined(separator: ", ")
        }
    }
#endif
