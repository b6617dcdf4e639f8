import ArgumentParser
import Database
import Files
import Output
import Query
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

/// Whether to overwrite what census has not written.
struct ForceOption: ParsableArguments {
    @Flag(help: "Overwrite files that census has not written; never the database, or what is read.")
    var force = false
}

/// Writes reports, all of one state of the database if the caller has begun a transaction.
struct ReportOutput {
    let database: any Database
    var selection = ExecutionSelection()
    let format: RowFormat
    let limit: Int?
    /// What to do where a spreadsheet would not show all rows.
    var remedy = "take a part with --host or --since, or --format json"

    /// To standard output. A reader that has seen enough is a quiet end.
    func print(_ reports: [Report]) throws {
        let output = try Console.output()
        do {
            try write(reports) { try output.write($0) }
        } catch let error as FileError where error.errno == .brokenPipe {}
    }

    /// One after the other, as they are on standard output.
    func write(_ reports: [Report], to output: ([UInt8]) throws -> Void) throws {
        func write(_ text: String) throws { try output(Array(text.utf8)) }
        let sequence = format.sequence
        if let sequence { try write(sequence.beginning) }
        for (index, report) in reports.enumerated() {
            if let sequence { try write(sequence.heading(report, index)) }
            try self.write(report, to: output)
        }
        if let sequence { try write(sequence.ending) }
    }

    /// To a file for each.
    func write(_ reports: [Report], to files: [OutputFile]) throws {
        for (report, file) in zip(reports, files) { try write(report) { try file.write($0) } }
    }

    private func write(_ report: Report, to output: ([UInt8]) throws -> Void) throws {
        let written = try report.write(
            format, limit: limit, of: selection, from: database, to: output)
        if written.omitted > 0 && !written.isOmissionTold {
            Console.note("\(report.name): \(counted(written.omitted, "more row")) (see --limit)")
        }
        Console.note(written.excess, in: report.name, remedy: remedy)
    }
}

extension OutputFiles {
    /// `test_1.csv` and so on in a directory, which is made where it is not there.
    func files(
        for reports: [Report], _ format: RowFormat, in directory: FilePath
    ) throws -> [OutputFile] {
        try makeDirectory(directory)
        return try reports.map {
            try file(
                named: "\($0.name).\(format.fileExtension)", in: directory,
                .rows(format, $0.columns, of: $0.name))
        }
    }
}
