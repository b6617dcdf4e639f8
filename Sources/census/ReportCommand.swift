import ArgumentParser
import Inventory
import Linux
import SystemPackage

/// How reports are written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json, html

    /// Nil for a page of all of them.
    var rows: RowFormat? { RowFormat(rawValue: rawValue) }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print reports from a database.",
        discussion: """
            \(Report.all.map { "\($0.number)  \($0.title)" }.joined(separator: "\n"))

            Examples:
              census report 2 4
              census report 3 --format csv > processes.csv
              census report --format json -o reports --db audit-2026.sqlite
              census report 2 4 --latest --host 'web-*' --since 2026-11-01
              census report --format html -o audit.html --case 2026-17 --examiner "A. Turing"
            """)

    @Argument(
        help: ArgumentHelp("Which reports, 1 to 5. (default: all)", valueName: "number"),
        completion: .list(Report.all.map { "\($0.number)" }))
    var numbers: [Int] = []

    @OptionGroup var database: DatabaseOption

    @Option(
        help:
            "How to write the rows; html is a page with 500 of each report, unless --limit is given."
    )
    var format = ReportFormat.table

    @Option(
        name: .short,
        help: ArgumentHelp(
            "The directory to write a file for each report to; with --format html, the file.",
            valueName: "path"), completion: .file())
    var output: String?

    @OptionGroup var limit: LimitOption

    @OptionGroup(title: "Which executions") var selection: SelectionOptions

    @OptionGroup(title: "The head of a page") var details: PageOptions

    private var reports: [Report] {
        numbers.isEmpty ? Report.all : Report.all.filter { numbers.contains($0.number) }
    }

    func validate() throws {
        for number in numbers where !Report.all.contains(where: { $0.number == number }) {
            throw ValidationError("There is no report \(number); they are 1 to 5.")
        }
        if format == .csv && output == nil && reports.count > 1 {
            throw ValidationError(
                "CSV to standard output is one report: name it, or give -o DIR for a file each.")
        }
        try details.validate(format, output)
    }

    func run() throws {
        guard let format = format.rows else { return try writePage() }
        let database = try database.openForReading()
        let selection = try selection.selection(in: database)
        if let output {
            try Directory.make(FilePath(output))
            try ReportOutput(
                database: database, selection: selection, format: format, limit: limit.limit
            )
            .write(reports, to: FilePath(output))
        } else {
            try ReportOutput(
                database: database, selection: selection, format: format,
                limit: limit.forStandardOutput
            )
            .print(reports)
        }
    }

    private func writePage() throws {
        let database = try database.openForReading()
        let page = Page(
            reports, details.details, generator: "census \(Census.version)",
            limit: limit.limit ?? PageOptions.rows, of: try selection.selection(in: database))
        try ReportOutput.writePage(page, to: FilePath(output!), from: database)
    }
}
