package import Database
package import Query
import SQLScripts

/// A report: a query and its title, from a file in sql/reports.
package struct Report: Sendable {
    /// Its number on the command line, counted from 1.
    package let number: Int
    /// `User names per server and execution date`.
    package let title: String
    /// The column titles of its query.
    package let columns: [String]
    private let sql: String

    /// All reports, sorted by number.
    package static let all = Scripts.reports.map(Report.init(sql:))
        .sorted { $0.number < $1.number }

    /// - Parameter sql: a query, with `-- Test 1: Its title.` in its first line.
    private init(sql: String) {
        guard let head = sql.prefixMatch(of: #/-- Test (\d+): ([^\n]+)\.\n/#),
            let number = Int(head.1)
        else { fatalError("a report begins without its number and title: \(sql)") }
        self.number = number
        title = String(head.2)
        columns = columnTitles(of: sql)
        self.sql = sql
    }

    /// `test_1`: the name in files and in JSON.
    package var name: String { "test_\(number)" }

    /// Its heading in an output of several reports.
    package var heading: String { "Test \(number): \(title)\n" }

    /// The prepared query.
    func prepare(
        in database: any Database, of selection: ExecutionSelection
    ) throws(DatabaseError) -> any Statement {
        try selection.prepare(sql, in: database)
    }

    /// Writes the report in chunks: memory does not grow with the number of rows.
    ///
    /// The database is read in one state if the caller has begun a transaction.
    /// - Parameters:
    ///   - limit: the maximum number of rows; nil for all.
    ///   - output: receives the bytes in chunks.
    @discardableResult
    package func write(
        _ format: RowFormat, limit: Int?, of selection: ExecutionSelection = ExecutionSelection(),
        from database: any Database,
        to output: ([UInt8]) throws -> Void
    ) throws -> Written {
        let statement = try prepare(in: database, of: selection)
        var formatter = format.formatter(statement.columnNames)
        if formatter.measuresFirst { try measure(statement, limit, &formatter) }
        var bytes: [UInt8] = []
        formatter.begin(&bytes)
        var rows = 0
        var omitted = 0
        while try statement.step() {
            if let limit, rows == limit {
                omitted += 1
                continue
            }
            rows += 1
            formatter.add(statement, &bytes)
            if bytes.count > 1 << 16 {
                try output(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        formatter.end(rows: rows, omitted: omitted, &bytes)
        try output(bytes)
        return Written(
            omitted: omitted, isOmissionReported: formatter.countsOmitted, excess: formatter.excess)
    }

    /// The rows of a report that were not written, or that a spreadsheet would not show.
    package struct Written: Sendable {
        /// The number of rows beyond the limit.
        package let omitted: Int
        /// Whether the output itself reports that number.
        package let isOmissionReported: Bool
        /// The rows and cells that a spreadsheet would not show; nil if none.
        package let excess: SpreadsheetExcess?
    }

    /// Runs the query once for a formatter that must measure all rows first.
    private func measure(
        _ statement: any Statement, _ limit: Int?, _ formatter: inout any RowFormatter
    ) throws(DatabaseError) {
        var rows = 0
        while try statement.step() {
            if let limit, rows == limit {
                statement.reset()
                break
            }
            rows += 1
            formatter.measure(statement)
        }
    }
}

/// The column titles of a query, parsed from its text: each is written as `AS "Title"`, and nothing
/// else is.
func columnTitles(of sql: String) -> [String] {
    sql.split(separator: " AS \"", omittingEmptySubsequences: false).dropFirst()
        .map { String($0.prefix { $0 != "\"" }) }
}
