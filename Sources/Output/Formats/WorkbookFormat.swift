package import Database
package import Files
package import Query

/// An output format whose files hold tables as the sheets of a workbook. Each has a file of its own;
/// all formats are listed in `Format.all` of the command line.
package struct WorkbookFormat: Sendable {
    /// Its name in `--format`: `xlsx`.
    package let name: String
    /// The extension of its files, without a dot.
    package let fileExtension: String
    /// Begins a workbook without sheets.
    package let make: @Sendable () throws -> any Workbook
    /// Whether a file is such a workbook that census has written and nobody has changed.
    package let recognizes: @Sendable (borrowing OpenFile) throws(FileError) -> Bool

    /// Describes a format.
    package init(
        name: String, fileExtension: String, make: @escaping @Sendable () throws -> any Workbook,
        recognizes: @escaping @Sendable (borrowing OpenFile) throws(FileError) -> Bool
    ) {
        self.name = name
        self.fileExtension = fileExtension
        self.make = make
        self.recognizes = recognizes
    }
}

/// A workbook that is written table by table. Memory does not grow with the number of rows.
package protocol Workbook: AnyObject {
    /// Begins the table that the following rows belong to.
    /// - Parameter name: of at most 25 characters, and of no other table of the workbook.
    func begin(_ name: String, _ columns: [String]) throws
    /// Adds a row to the table.
    func add(_ row: any Row) throws
    /// Ends the table.
    /// - Returns: the cells of which a spreadsheet does not keep all characters; nil if none.
    func end() throws -> SpreadsheetExcess?
    /// Ends the workbook.
    /// - Parameter output: receives its bytes in chunks.
    func finish(to output: ([UInt8]) throws -> Void) throws
}

extension OutputKind {
    /// A workbook, whatever its sheets.
    package static func workbook(_ format: WorkbookFormat) -> OutputKind {
        OutputKind(name: "\(format.name) workbook", recognizes: format.recognizes)
    }
}

extension Workbook {
    /// Adds a row to the table.
    /// - Throws: `Interrupted` after Ctrl-C, from the first table on.
    fileprivate func append(_ row: any Row) throws {
        try Interruption.check()
        try add(row)
    }
}

extension RowTable {
    /// Writes the table to a workbook.
    /// - Parameter limit: the maximum number of rows; nil for all.
    package func write(
        to workbook: any Workbook, named name: String, limit: Int?
    ) throws -> WrittenRows {
        let shown = rows.prefix(limit ?? rows.count)
        Interruption.expect()
        try workbook.begin(name, columns)
        for row in shown { try workbook.append(row) }
        return WrittenRows(omitted: rows.count - shown.count, excess: try workbook.end())
    }
}

extension Report {
    /// Writes the report to a workbook. Memory does not grow with the number of rows.
    ///
    /// The database is read in one state if the caller has begun a transaction.
    /// - Parameter limit: the maximum number of rows; nil for all.
    package func write(
        to workbook: any Workbook, limit: Int?, of selection: ExecutionSelection,
        from database: any Database
    ) throws -> WrittenRows {
        try rows(in: database, of: selection).write(to: workbook, named: name, limit: limit)
    }
}

extension RowCursor {
    /// Writes all rows to a workbook. Memory does not grow with the number of rows.
    /// - Parameter limit: the maximum number of rows; nil for all.
    package func write(
        to workbook: any Workbook, named name: String, limit: Int?
    ) throws -> WrittenRows {
        Interruption.expect()
        try workbook.begin(name, columnNames)
        var rows = 0
        while try step() {
            if limit.map({ rows < $0 }) ?? true { try workbook.append(self) }
            rows += 1
        }
        return WrittenRows(omitted: rows - min(rows, limit ?? rows), excess: try workbook.end())
    }
}
