import ArgumentParser
import Database
import Output
import Query
import Text

#if Rules
    import Rules
#endif

/// The options of `--format html`.
struct PageOptions: ParsableArguments {
    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("With --format html: the case name or number.", valueName: "text"))
    var name: String?

    @Option(
        help: ArgumentHelp("With --format html: the examiner's name.", valueName: "text"))
    var examiner: String?

    @Option(help: ArgumentHelp("With --format html: a note.", valueName: "text"))
    var note: String?

    @OptionGroup var expected: ExpectedOption

    #if Rules
        @OptionGroup var rules: RulesOption
    #endif

    /// The number of rows of each table in a page, without `--limit`.
    static let rows = RowLimit.rows(500)

    var caseInfo: CaseInfo { CaseInfo(name: name, examiner: examiner, note: note) }

    /// What no output overwrites.
    var lists: [(path: String, use: String)] {
        #if Rules
            expected.lists + rules.lists
        #else
            expected.lists
        #endif
    }

    func validate(_ format: ReportFormat) throws {
        #if Rules
            let rulesPath = rules.path
        #else
            let rulesPath: String? = nil
        #endif
        if format.isPage {
            if expected.path == "-" && rulesPath == "-" {
                throw ValidationError("--expected and --rules cannot both be standard input.")
            }
            return
        }
        for (option, value) in [
            ("case", name), ("examiner", examiner), ("note", note), ("expected", expected.path),
            ("rules", rulesPath),
        ] where value != nil {
            throw ValidationError("--\(option) requires --format html.")
        }
    }

    /// Reads the files that the options name.
    func checks() throws -> PageChecks {
        #if Rules
            try PageChecks(expected: expected.read(), rules: rules)
        #else
            try PageChecks(expected: expected.read())
        #endif
    }
}

/// What a page says first: the findings of `coverage`, and of `check` if there are rules.
struct PageChecks {
    private let expected: ExpectedHosts?
    private let now: Timestamp
    #if Rules
        private let rules: [Rule]
        private let path: String?

        /// Reads the rules.
        init(expected: ExpectedHosts? = nil, rules: RulesOption) throws {
            self.expected = expected
            now = try Timestamp.present()
            self.rules = try rules.read()
            path = rules.path
        }
    #else
        init(expected: ExpectedHosts? = nil) throws {
            self.expected = expected
            now = try Timestamp.present()
        }
    #endif

    /// - Parameters:
    ///   - selection: the executions whose newest of each host the rules are for.
    ///   - host: the only host that the page is about; nil for a page about all.
    func findings(
        in database: any Database, _ selection: ExecutionSelection, about host: Server? = nil
    ) throws -> PageFindings {
        var findings = PageFindings()
        let coverage = try Coverage(in: database, expected: expected, oldest: nil, now: now)
        let own = coverage.anomalies.filter { $0.host?.serverID == host?.serverID }.count
        findings.add(
            coverage.anomalies.map(PageFinding.init),
            of: host == nil
                ? "coverage: \(coverage.summary)"
                : "coverage: \(counted(own, "finding")) about this host")
        #if Rules
            if let path {
                var selection = selection
                selection.isLatestOnly = true
                let inspection = try Inspection(of: database, by: rules, selection)
                findings.add(
                    inspection.pageFindings,
                    of: "rules of \(path): \(inspection.summary(of: "host"))")
            }
        #endif
        return findings
    }
}

extension Timestamp {
    /// The present.
    /// - Throws: if the system clock is wrong.
    static func present() throws -> Timestamp {
        guard let now = now() else {
            throw Failure(message: "the system clock is wrong: set it first")
        }
        return now
    }
}
