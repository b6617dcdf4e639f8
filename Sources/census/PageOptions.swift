import ArgumentParser
import Output

/// What `--format html` takes beside.
struct PageOptions: ParsableArguments {
    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("With --format html: the case, for its title.", valueName: "text"))
    var name: String?

    @Option(
        help: ArgumentHelp("With --format html: who examines the evidence.", valueName: "text"))
    var examiner: String?

    @Option(help: ArgumentHelp("With --format html: anything more.", valueName: "text"))
    var note: String?

    /// How many rows of each table are in a page, where nothing else is said.
    static let rows = 500

    var caseInfo: CaseInfo { CaseInfo(name: name, examiner: examiner, note: note) }

    func validate(_ format: ReportFormat) throws {
        if format.isPage { return }
        for (option, value) in [("case", name), ("examiner", examiner), ("note", note)]
        where value != nil {
            throw ValidationError("--\(option) is of --format html only.")
        }
    }
}
