#if Rules
    import ArgumentParser
    import Database
    import Files
    import Rules
    import SystemPackage
    import Text

    extension Severity: ExpressibleByArgument {}

    struct CheckCommand: AnsweringCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check hosts against rules.",
            discussion: """
                The rules are in a file of YAML: processes that are forbidden or required, who may \
                own a process, who may be logged in, and which operating systems are allowed. \
                The newest execution of each host is checked. What a host does not know is neither \
                right nor wrong: it is in a row of its own, as "not checked". So is a rule whose \
                hosts match none.

                Exit codes: 0 nothing is wrong, 1 there are violations of the severity of --fail-on \
                or a worse one, 2 could not do it (also: without such violations, a rule is for no \
                host or could be checked on none), 64 wrong usage or wrong rules.

                Examples:
                  census check --rules rules.yaml
                  census check --rules rules.yaml --fail-on high --format junit > census.xml
                """)

        /// How to write what was found: not as a page.
        struct OutputFormat: FormatArgument {
            let format: Format
            var name: String { format.name }

            static let table = OutputFormat(format: .rows(.table))
            static var all: [OutputFormat] {
                Format.all.filter { !$0.isPage }.map(OutputFormat.init(format:))
            }
        }

        @Option(
            help: ArgumentHelp("The file with the rules; - for standard input.", valueName: "file"))
        var rules: String

        @OptionGroup var database: DatabaseOption

        @Option(help: "How to write what was found.")
        var format = OutputFormat.table

        @Option(help: "The least severity of a violation that makes the exit code 1.")
        var failOn = Severity.low

        @Flag(help: "Exit with 1 also where something could not be checked.")
        var failOnUnknown = false

        @Flag(help: "Check all executions of each host, not only the newest.")
        var all = false

        func validate() throws {
            if rules.isEmpty { throw ValidationError("--rules is empty.") }
        }

        func run() throws {
            do {
                let rules = try RulesFile(OpenFile(readingOrStandardInput: rules)).rules
                let lists = [(path: self.rules, use: "the file of --rules")]
                let (inspection, name) = try database.read(beside: lists) { database in
                    (
                        try Inspection(of: database, by: rules, all ? .all : .newest),
                        database.name
                    )
                }
                try write(inspection)
                if inspection.hosts.isEmpty {
                    throw Failure(message: "\(name) has no host in it: nothing was checked")
                }
                noteUnapplied(inspection)
                Console.note(summary(of: inspection))
                if inspection.isBroken(from: failOn) || failOnUnknown && inspection.hasUnchecked {
                    throw ExitCode(1)
                }
                // That nothing is wrong would not be so.
                if !inspection.unused.isEmpty || !inspection.blind.isEmpty { throw ExitCode(2) }
            } catch let error as RulesFile.Refusal {
                for fault in error.faults { Console.note(fault.description) }
                throw ExitCode(64)
            }
        }

        /// Names the rules that were checked on no host.
        private func noteUnapplied(_ inspection: Inspection) {
            for rule in inspection.unused.sorted() {
                Console.note("rule \(inspection.rules[rule].id): no host matches its hosts")
            }
            for (rule, hosts) in inspection.blind {
                let hosts = hosts == 1 ? "the one host" : "any of the \(hosts) hosts"
                Console.note(
                    "rule \(inspection.rules[rule].id): could not be checked in full on \(hosts) "
                        + "that it is for")
            }
        }

        private func write(_ inspection: Inspection) throws {
            switch format.format {
            case .rows(let format):
                try Console.write(inspection.table, format, named: "check")
            case .findings(let format):
                let context = InspectionContext(failingSeverity: failOn, version: Census.version)
                try Console.write(format.bytes(inspection, context))
            case .page: break  // No argument gives it.
            }
        }

        /// `200 hosts, 12 rules: 3 violations (1 critical, 2 low), 1 not checked`.
        private func summary(of inspection: Inspection) -> String {
            let violated = inspection.results.filter { $0.finding.verdict == .violated }
            let counts = Severity.allCases.reversed().compactMap { severity -> String? in
                let count = violated.count { inspection.rules[$0.rule].severity == severity }
                return count == 0 ? nil : "\(count) \(severity)"
            }
            var parts = [counted(violated.count, "violation")]
            if !counts.isEmpty { parts[0] += " (\(counts.joined(separator: ", ")))" }
            let unchecked =
                inspection.results.count - violated.count + inspection.unused.count
            if unchecked > 0 { parts.append("\(unchecked) not checked") }
            let what = counted(inspection.hosts.count, all ? "execution" : "host")
            return "\(what), \(counted(inspection.rules.count, "rule")): "
                + parts.joined(separator: ", ")
        }
    }
#endif
