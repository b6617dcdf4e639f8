package import Database
package import Query
import SQLScripts

/// A report: a query and its title, both of a file of sql/reports.
package struct Report: Sendable {
    /// What the command line calls it: 1, 2, 3 and so on.
    package let number: Int
    /// `User names per server and execution date`.
    package let title: String
    /// The titles of its columns, as its query names them.
    package let columns: [String]
    private let sql: String

    /// In the order of their numbers.
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

    /// What stands above it where several are written one after the other.
    package var heading: String { "Test \(number): \(title)\n" }

    /// The query, ready to be run.
    func prepare(
        in database: any Database, of selection: ExecutionSelection
    ) throws(DatabaseError) -> any Statement {
        try selection.prepare(sql, in: database)
    }

    /// Writes the report, a part at a time: memory does not grow with the rows.
    ///
    /// What is written is of one state of the database if the caller has begun a transaction.
    /// - Parameters:
    ///   - limit: how many rows at the most, nil for all.
    ///   - output: takes the bytes as they come.
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
            omitted: omitted, isOmissionTold: formatter.countsOmitted, excess: formatter.excess)
    }

    /// What a report has beyond what was written, or can be shown of it.
    package struct Written: Sendable {
        /// Rows beyond the limit.
        package let omitted: Int
        /// Whether what was written says how many these are.
        package let isOmissionTold: Bool
        /// What of the rest a spreadsheet would not show.
        package let excess: SpreadsheetExcess?
    }

    /// Runs the query once, for a formatter that has to see all rows first.
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

/// The titles of a query's columns, without a database to ask: each stands in the query as
/// `AS "Title"`, and nothing else does.
func columnTitles(of sql: String) -> [String] {
    sql.split(separator: " AS \"", omittingEmptySubsequences: false).dropFirst()
        .map { String($0.prefix { $0 != "\"" }) }
}
