import ArgumentParser
import Database
import Inventory
import Linux
import SystemPackage

/// How many rows to show.
struct LimitOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many rows of each report to show. (default: 50 on a terminal, else all)",
            valueName: "rows"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit is below 0.") }
    }

    /// The limit for standard output; nil for all rows.
    var forStandardOutput: Int? { limit ?? (Console.isOutputTerminal ? 50 : nil) }
}

/// Writes reports, all of one state of the database.
struct ReportOutput {
    let database: any Database
    var selection = ExecutionSelection()
    let format: RowFormat
    let limit: Int?

    /// To standard output, one after the other. A reader that has seen enough is a quiet end.
    func print(_ reports: [Report]) throws {
        do {
            try printAll(reports)
        } catch let error as FileError where error.errno == .brokenPipe {}
    }

    private func printAll(_ reports: [Report]) throws {
        let output = try Console.output()
        func write(_ text: String) throws(FileError) { try output.write(Array(text.utf8)) }
        try database.reading {
            if format == .json { try write("{") }
            for (index, report) in reports.enumerated() {
                switch format {
                case .table:
                    try write("\(index > 0 ? "\n" : "")Test \(report.number): \(report.title)\n")
                case .json: try write("\(index > 0 ? "," : "")\n\"\(report.name)\": ")
                case .csv: break
                }
                let omitted = try report.write(
                    format, limit: limit, of: selection, from: database
                ) {
                    try output.write($0)
                }
                if omitted > 0 && format != .table {
                    Console.note("\(report.name): \(counted(omitted, "more row")) (see --limit)")
                }
            }
            if format == .json { try write("}\n") }
        }
    }

    /// To files in a directory, `test_1.csv` and so on, which take the place of older ones.
    func write(_ reports: [Report], to directory: FilePath) throws {
        try database.reading {
            for report in reports {
                let name = "\(report.name).\(format.fileExtension)"
                var file = try NewFile(at: directory.appending(name))
                var failure: FileError?
                try report.write(format, limit: limit, of: selection, from: database) { bytes in
                    do throws(FileError) { try file.write(bytes) } catch { failure = error }
                    if let failure { throw failure }
                }
                try file.publish(replacing: true)
            }
        }
    }

    /// As a page of HTML. Says which tables go on in a file beside it.
    static func writePage(_ page: Page, to path: FilePath, from database: any Database) throws {
        for table in try database.reading({ try page.write(to: path, from: database) }) {
            Console.note("\(table.file): \(counted(table.rows, "row")), more than the page shows")
        }
    }
}
