package import Database

/// An output format of rows. Each has a file of its own; all formats are listed in `Format.all` of
/// the command line.
package struct RowFormat: Sendable {
    /// Its name in `--format`: `csv`.
    package let name: String
    /// Its name in messages: `CSV`.
    package let title: String
    /// The extension of its files, without a dot.
    package let fileExtension: String
    /// The text around several reports in one file; nil if a file holds one table.
    package let sequence: ReportSequence?
    /// Starts a table with these columns.
    let makeFormatter: @Sendable (_ columns: [String], RowLayout) -> any RowFormatter
    /// The text that ends every table; empty if there is none.
    var ending = ""
    /// Whether a file can begin with a table of these columns, in whatever layout. Skips what it
    /// recognises.
    let skip: @Sendable (_ columns: [String], inout OutputScanner) -> Bool
    /// The layout of the tables.
    package var layout = RowLayout()

    /// Starts a table with these columns.
    package func formatter(_ columns: [String]) -> any RowFormatter {
        makeFormatter(columns, layout)
    }
}

/// The text around several reports in one output.
package struct ReportSequence: Sendable {
    /// The text before the first heading.
    package let beginning: String
    /// The text before a report, given its index.
    package let heading: @Sendable (_ report: Report, _ index: Int) -> String
    /// The text after the last report.
    package let ending: String
    /// Whether the headings are sentences for a person, which fit a terminal.
    var areHeadingsSentences = false
}

extension RowFormat {
    /// The text before a report of several, given its index.
    package func heading(_ report: Report, _ index: Int) -> String {
        guard let sequence else { return "" }
        let text = sequence.heading(report, index)
        guard sequence.areHeadingsSentences, let width = layout.terminalWidth else { return text }
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return String(
            decoding: lines.dropLast().flatMap { terminalLines(of: Array($0), width: width) },
            as: UTF8.self)
    }
}

/// Formats rows. If `measuresFirst`, all rows are first passed to `measure`. Then `begin` is
/// called, `add` for each row, and `end`.
package protocol RowFormatter {
    /// Whether the formatter must measure all rows before it writes the first.
    var measuresFirst: Bool { get }
    /// Takes the widths of a row into account.
    mutating func measure(_ row: any Row)
    /// Appends what stands before the first row, such as column titles.
    mutating func begin(_ output: inout [UInt8])
    /// Appends a row.
    mutating func add(_ row: any Row, _ output: inout [UInt8])
    /// Appends what stands after the last row.
    /// - Parameters:
    ///   - rows: the number of rows that were added.
    ///   - omitted: the number of rows that were not added.
    mutating func end(rows: Int, omitted: Int, _ output: inout [UInt8])
    /// Whether the output reports the number of omitted rows.
    var countsOmitted: Bool { get }
    /// The rows and cells that a spreadsheet would not show; nil if it shows all, or cannot read
    /// the format.
    var excess: SpreadsheetExcess? { get }
    /// Whether texts were shortened to the width of the terminal.
    var isShortened: Bool { get }
}

/// What the output of rows does not show.
package struct WrittenRows: Sendable, Equatable {
    /// The number of rows beyond the limit.
    package let omitted: Int
    /// Whether the output itself reports that number.
    package let isOmissionReported: Bool
    /// The rows and cells that a spreadsheet would not show; nil if none.
    package let excess: SpreadsheetExcess?
    /// Whether texts were shortened to the width of the terminal.
    package let isShortened: Bool

    init(omitted: Int, excess: SpreadsheetExcess?) {
        self.omitted = omitted
        isOmissionReported = false
        self.excess = excess
        isShortened = false
    }

    /// - Parameter formatter: that has written all rows.
    init(omitted: Int, by formatter: any RowFormatter) {
        self.omitted = omitted
        isOmissionReported = formatter.countsOmitted
        excess = formatter.excess
        isShortened = formatter.isShortened
    }
}

extension RowFormatter {
    /// No measuring by default.
    package var measuresFirst: Bool { false }
    /// Ignores the row by default.
    package mutating func measure(_ row: any Row) {}
    /// The number of omitted rows is not reported by default.
    package var countsOmitted: Bool { false }
    /// No excess by default.
    package var excess: SpreadsheetExcess? { nil }
    /// Nothing is shortened by default.
    package var isShortened: Bool { false }
}
