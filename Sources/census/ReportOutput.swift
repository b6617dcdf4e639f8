import ArgumentParser
import Database
import Files
import Output
import Query
import SystemPackage
import Text

/// The option that allows overwriting files not written by census.
struct ForceOption: ParsableArguments {
    @Flag(help: "Overwrite files not written by census; never the database or an input file.")
    var force = false
}

/// Writes reports, from one state of the database if the caller has begun a transaction.
struct ReportOutput {
    let database: any Database
    var selection = ExecutionSelection()
    var format: RowFormat
    let limit: Int?
    /// The advice in the message if a spreadsheet would not show all rows.
    var remedy = "select fewer rows with --host or --since, or use --format json"

    /// Writes to standard output. A broken pipe is not an error.
    func print(_ reports: [Report]) throws {
        let output = try Console.output()
        var fitted = self
        fitted.format = Console.fitted(format)
        do {
            try fitted.write(reports) { try output.write($0) }
        } catch let error as FileError where error.errno == .brokenPipe {}
    }

    /// Writes the reports one after the other.
    func write(_ reports: [Report], to output: ([UInt8]) throws -> Void) throws {
        func write(_ text: String) throws { try output(Array(text.utf8)) }
        let sequence = format.sequence
        if let sequence { try write(sequence.beginning) }
        for (index, report) in reports.enumerated() {
            if sequence != nil { try write(format.heading(report, index)) }
            try self.write(report, to: output)
        }
        if let sequence { try write(sequence.ending) }
    }

    /// Writes each report to a file.
    func write(_ reports: [Report], to files: [OutputFile]) throws {
        for (report, file) in zip(reports, files) { try write(report) { try file.write($0) } }
    }

    private func write(_ report: Report, to output: ([UInt8]) throws -> Void) throws {
        let written = try report.write(
            format, limit: limit, of: selection, from: database, to: output)
        try report.note(written, of: selection, from: database, remedy: remedy)
    }
}

extension Report {
    /// Says what the output of the report does not show, and what the database does not know.
    /// - Parameter remedy: what to do about rows and cells that a spreadsheet would not show.
    func note(
        _ written: WrittenRows, of selection: ExecutionSelection, from database: any Database,
        remedy: String
    ) throws {
        Console.note(written, in: name, remedy: remedy)
        if let gap = try gap(in: database, of: selection) { Console.note("\(name): \(gap)") }
    }
}

extension OutputFiles {
    /// The files `test_1.csv` and so on in a directory, which is created if absent.
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
