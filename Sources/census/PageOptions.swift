import ArgumentParser
import Output

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

    /// The number of rows of each table in a page, without `--limit`.
    static let rows = RowLimit.rows(500)

    var caseInfo: CaseInfo { CaseInfo(name: name, examiner: examiner, note: note) }

    func validate(_ format: ReportFormat) throws {
        if format.isPage { return }
        for (option, value) in [("case", name), ("examiner", examiner), ("note", note)]
        where value != nil {
            throw ValidationError("--\(option) requires --format html.")
        }
    }
}
