import ArgumentParser
import Files
import Output
import SystemPackage
import Text

/// The output formats of `report`: rows, a workbook, or an HTML page.
struct ReportFormat: FormatArgument {
    let format: Format
    var name: String { format.name }
    /// Nil for a workbook or a page of all of them.
    var rows: RowFormat? { format.rows }
    var isPage: Bool { format.isPage }

    static let table = ReportFormat(format: .rows(.table))
    static var all: [ReportFormat] {
        Format.all.filter { $0.isOfTables || $0.isPage }.map(ReportFormat.init(format:))
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print reports from a database.",
        discussion: """
            \(listing(Report.usual))

            Reports that are printed only by name:
            \(listing(Report.all.filter { !$0.isUsual }))

            -o names a file for one report, or for several reports as JSON (.json) or tables \
            (.txt); otherwise a directory with one file per report. An existing file is \
            overwritten only if census wrote the same kind of output to it before.

            Examples:
              census report 2 4
              census report 3 --format csv -o processes.csv
              census report --format csv -o reports/ --db audit-2026.sqlite
              census report --format json -o - | jq .test_2
              census report packages --latest --host web-01
              census report 2 4 --latest --host 'web-*' --since 2026-11-01
              census report --format xlsx -o audit.xlsx
              census report --format html -o audit.html --case 2026-17
              census report --format html -o audit.html --rules rules.yaml
            """)

    @Argument(
        help: ArgumentHelp(
            "The reports to print, by number or name. (default: 1 to \(Report.usual.count))",
            valueName: "report"), completion: .list(Report.all.map(\.word)))
    var words: [String] = []

    @OptionGroup var database: DatabaseOption

    @Option(
        help:
            "The output format; html is a page that shows 500 rows of each table at first, unless --limit is given."
    )
    var format = ReportFormat.table

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "The output file, a directory for one file per report, or - for standard output.",
            valueName: "path"), completion: .file())
    var output: String?

    @Option(
        name: [.customShort("d"), .customLong("output-dir")],
        help: ArgumentHelp(
            "The directory for one file per report.", valueName: "dir"), completion: .directory)
    var outputDirectory: String?

    @OptionGroup var force: ForceOption

    @OptionGroup var limit: LimitOption

    @OptionGroup(title: "Selection of executions") var selection: SelectionOptions

    @OptionGroup(title: "Layout") var layout: LayoutOptions

    @OptionGroup(title: "HTML page") var details: PageOptions

    /// The names of the reports with their titles in a second column, which ends at column 79: ArgumentParser
    /// breaks a line of 80 characters that another one follows. All is ASCII, and counted in bytes, because
    /// each program makes these lines at its start.
    private static func listing(_ reports: [Report]) -> String {
        let width = reports.map(\.word.utf8.count).max() ?? 0
        return reports.map { report in
            var line = report.word
            line += String(repeating: " ", count: width - line.utf8.count + 1)
            var lines = ""
            for word in report.title.utf8.split(separator: UInt8(ascii: " ")) {
                if line.utf8.count + 1 + word.count > 79 {
                    lines += line + "\n"
                    line = String(repeating: " ", count: width + 1)
                }
                line += " "
                line += Substring(word)
            }
            return lines + line
        }.joined(separator: "\n")
    }

    private var reports: [Report] {
        words.isEmpty
            ? Report.usual
            : Report.all.filter { words.contains($0.word) || words.contains($0.name) }
    }

    func validate() throws {
        let known = Report.all.map(\.word)
        // The other names are those that files and messages have.
        for word in words where !known.contains(word) && !Report.all.map(\.name).contains(word) {
            let others = known.dropFirst(Report.usual.count).joined(separator: ", ")
            throw ValidationError(
                "There is no report \(word); the reports are 1 to \(Report.usual.count), \(others)."
                    + (suggestion(for: word, among: known).map { didYouMean($0) } ?? ""))
        }
        _ = try destination()
        try details.validate(format)
        try layout.validate(writesCSV: format.name == RowFormat.csv.name)
    }

    private func destination() throws -> ReportDestination {
        if let outputDirectory {
            if output != nil {
                throw ValidationError("--output and --output-dir cannot be used together.")
            }
            return try ReportDestination(directory: outputDirectory, format)
        }
        return try ReportDestination(output, format, reports: reports.count)
    }

    func run() throws {
        let destination = try destination()
        let files = OutputFiles(
            sparing: try database.filesInUse(reading: [], details.lists), isForced: force.force)
        switch destination {
        case .standardOutput: break
        case .file(let path): try files.requirePlace(at: path)
        case .directory(let path): try files.makeDirectory(path)
        }
        switch format.format {
        case .rows(let format): try write(layout.applied(to: format), to: destination, files)
        case .workbook(let format): try writeWorkbook(format, to: destination, files)
        default: try writePage(to: destination, files)
        }
        try files.publish()
    }

    private func write(
        _ format: RowFormat, to destination: ReportDestination, _ files: OutputFiles
    ) throws {
        /// Runs `body` with a report writer, in one transaction.
        func output(limit: Int?, _ body: (ReportOutput) throws -> Void) throws {
            try database.read(selecting: selection.selection(in:)) { database, selection in
                try body(
                    ReportOutput(
                        database: database, selection: selection, format: format, limit: limit))
            }
        }
        switch destination {
        case .standardOutput:
            try output(limit: limit.forStandardOutput) { output in
                layout.pager.start()
                try output.print(reports)
            }
        case .file(let path):
            Format.noteExtension(of: path.text, format.name)
            let file = try files.file(at: path, .reports(format, reports))
            try output(limit: limit.forFile) { output in
                try output.write(reports) { try file.write($0) }
            }
        case .directory(let path):
            let files = try files.files(for: reports, format, in: path)
            try output(limit: limit.forFile) { try $0.write(reports, to: files) }
        }
    }

    /// Writes a workbook with a sheet for each report.
    private func writeWorkbook(
        _ format: WorkbookFormat, to destination: ReportDestination, _ files: OutputFiles
    ) throws {
        var file: OutputFile?
        switch destination {
        case .standardOutput: try Console.requireNoTerminal(for: .workbook(format))
        case .file(let path), .directory(let path):
            file = try files.file(at: path, .workbook(format))
        }
        let workbook = try format.make()
        try database.read(selecting: selection.selection(in:)) { database, selection in
            for report in reports {
                let written = try report.write(
                    to: workbook, limit: limit.forFile, of: selection, from: database)
                try report.note(written, of: selection, from: database, remedy: Console.jsonRemedy)
            }
        }
        if file == nil { Interruption.end() }
        try workbook.finish { bytes in
            if let file { try file.write(bytes) } else { try Console.write(bytes) }
        }
    }

    /// Writes the page, and reports which tables continue in a CSV file or are truncated.
    private func writePage(to destination: ReportDestination, _ files: OutputFiles) throws {
        let place: Page.Destination
        switch destination {
        case .standardOutput: place = .stream { try Console.output().write($0) }
        case .file(let path), .directory(let path): place = .file(path, files)
        }
        let checks = try details.checks()
        do {
            let remainders = try database.read(
                beside: details.lists, selecting: selection.selection(in:)
            ) { database, selection in
                let page = Page(
                    words.isEmpty ? try Report.onPage(in: database) : reports, details.caseInfo,
                    try checks.findings(in: database, selection),
                    generator: "census \(Census.version)",
                    limit: (limit.limit ?? PageOptions.rows).rows ?? 1 << 40, of: selection)
                return try page.write(to: place, from: database)
            }
            for remainder in remainders { note(remainder) }
        } catch let error as FileError where error.errno == .brokenPipe {}
    }

    private func note(_ table: Page.Remainder) {
        guard let file = table.file else {
            let more = counted(table.rows - table.shown, "more row")
            return Console.note(
                "\(table.table): \(more) than the page shows (see --limit, or -o FILE)")
        }
        Console.note(
            "\(file): all \(counted(table.rows, "row")); the page shows \(table.shown) at first")
        Console.note(
            table.excess, in: file.text,
            remedy: "select fewer rows with --host or --since, or use --format json")
    }
}
