package import Database

/// How rows are written.
package enum RowFormat: String, Sendable, CaseIterable {
    case table, csv, json

    package var fileExtension: String { self == .table ? "txt" : rawValue }
}

/// Turns rows into the bytes of a format.
package protocol RowFormatter {
    mutating func begin(_ output: inout [UInt8])
    /// Adds a row.
    mutating func add(_ row: any Row, _ output: inout [UInt8])
    /// - Parameter omitted: how many more rows there are that were not added.
    mutating func end(rows: Int, omitted: Int, _ output: inout [UInt8])
    /// What of all that was added a spreadsheet would not show; nil where it shows all, or does not
    /// read the format.
    var excess: SpreadsheetExcess? { get }
}

extension RowFormatter {
    package var excess: SpreadsheetExcess? { nil }
}
