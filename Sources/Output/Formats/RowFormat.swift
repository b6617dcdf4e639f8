package import Database

/// A format of rows. Each has a file of its own; the list of all formats is that of the command
/// line, `Format.all`.
package struct RowFormat: Sendable {
    /// What `--format` calls it: `csv`.
    package let name: String
    /// What messages call it: `CSV`.
    package let title: String
    /// Without a dot.
    package let fileExtension: String
    /// How several reports stand in one file; nil where a file holds one table.
    package let sequence: ReportSequence?
    /// Starts a table with these columns.
    package let formatter: @Sendable (_ columns: [String]) -> any RowFormatter
    /// What ends a table, whatever is in it; empty where that is not known.
    let ending: String
    /// Whether a file may begin with a table of these columns; goes to the end of what it knows.
    let skip: @Sendable (_ columns: [String], inout OutputScanner) -> Bool
}

/// What stands around reports that are written one after the other.
package struct ReportSequence: Sendable {
    /// What stands before the first heading.
    package let beginning: String
    /// What stands before a report, with its index.
    package let heading: @Sendable (_ report: Report, _ index: Int) -> String
    /// What stands behind the last report.
    package let ending: String
}

/// Turns rows into the bytes of a format. Where `measuresFirst`, all rows go through `measure` before
/// `begin`; then come `begin`, each row through `add`, and `end`.
package protocol RowFormatter {
    /// Whether the formatter needs to see all rows before it can write the first.
    var measuresFirst: Bool { get }
    mutating func measure(_ row: any Row)
    mutating func begin(_ output: inout [UInt8])
    /// Adds a row.
    mutating func add(_ row: any Row, _ output: inout [UInt8])
    /// - Parameter omitted: how many more rows there are that were not added.
    mutating func end(rows: Int, omitted: Int, _ output: inout [UInt8])
    /// Whether what is written says how many rows were omitted.
    var countsOmitted: Bool { get }
    /// What of all that was added a spreadsheet would not show; nil where it shows all, or does not
    /// read the format.
    var excess: SpreadsheetExcess? { get }
}

extension RowFormatter {
    package var measuresFirst: Bool { false }
    package mutating func measure(_ row: any Row) {}
    package var countsOmitted: Bool { false }
    package var excess: SpreadsheetExcess? { nil }
}
