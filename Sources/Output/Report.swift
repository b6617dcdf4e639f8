package import Database
package import Query
import Records
import SQLScripts
import Text

/// A report: a query and its title, from a file in sql/reports.
///
/// The first line of the file is `-- Report packages: Its title.`, or `-- Test 1: Its title.` of one
/// of the five that `census ingest` prints. Lines of the head that may follow:
///
/// - `-- Of the newest execution of each server.` restricts the report to these.
/// - `-- On the page.` adds it to a page of no named reports, restricted likewise.
/// - `-- Of the list: accounts.` names the list that its rows come from.
/// - `-- By the column: Password_status.` names a column of the list without which an item may be missing.
/// - `-- Titled in Spanish: its last column.` says so to readers of the page.
package struct Report: Sendable {
    /// Its name on the command line: `1`, `packages`.
    package let word: String
    /// `User names per server and execution date`.
    package let title: String
    /// Whether it is one of the five that are printed unless others are asked for.
    package let isUsual: Bool
    /// The column titles of its query.
    package var columns: [String] { columnTitles(of: sql) }
    /// Whether its last column is titled in Spanish, and the others in English.
    let isLastColumnSpanish: Bool
    private var isOfNewest: Bool
    /// Whether it is on a page of no named reports, if the database has rows for it.
    private let isOnPage: Bool
    /// The list that its rows come from; nil if none, or one of the five.
    private let list: ListedKind?
    /// The column of the list by which its rows are chosen; nil if none.
    private let column: String?
    private let sql: String

    /// All reports: the five by number, then the others as listed in `Scripts.reports`.
    package static let all = Scripts.reports.map(Report.init(sql:))

    /// The five that are printed unless others are asked for.
    package static let usual = all.filter(\.isUsual)

    /// The reports of a page of no named reports: the five, and those on the page that the
    /// database has rows for.
    package static func onPage(in database: any Database) throws(DatabaseError) -> [Report] {
        var reports = usual
        for report in all where report.isOnPage {
            if let list = report.list, try !list.hasRows(in: database) { continue }
            reports.append(report.ofNewest)
        }
        return reports
    }

    /// What the report does not show: `accounts are unknown on 2 servers, and some on 1`. Nil if
    /// all is known.
    package func gap(
        in database: any Database, of selection: ExecutionSelection
    ) throws(DatabaseError) -> String? {
        guard let list else { return nil }
        var selection = selection
        if isOfNewest { selection.isLatestOnly = true }
        let unit = isOfNewest || selection.isLatestOnly ? "server" : "execution"
        var counts: [Int] = []
        for condition in ["IS NULL", "= 0"] {
            let query = try selection.prepare(
                "SELECT COUNT(*) FROM Executions WHERE \(list.knownColumn) \(condition)",
                in: database)
            counts.append(Int(try query.firstInteger() ?? 0))
        }
        let (all, some) = (counts[0], counts[1])
        var gaps: [String] = []
        if all > 0 {
            gaps.append(
                "\(list.name) are unknown on \(counted(all, unit))"
                    + (some == 0 ? "" : ", and some on \(some)"))
        } else if some > 0 {
            gaps.append("some \(list.name) are unknown on \(counted(some, unit))")
        }
        if let column {
            let count = try lacking(column, of: list, in: database, selection)
            if count > 0 {
                gaps.append("\(column) of some \(list.name) is unknown on \(counted(count, unit))")
            }
        }
        return gaps.isEmpty ? nil : gaps.joined(separator: "; ")
    }

    /// The number of executions that have an item of which a column is unknown.
    private func lacking(
        _ column: String, of list: ListedKind, in database: any Database,
        _ selection: ExecutionSelection
    ) throws(DatabaseError) -> Int {
        let query = try selection.prepare(
            """
            SELECT COUNT(*) FROM Executions
            WHERE EXISTS (SELECT 1 FROM \(list.linkTable) x
                          JOIN \(list.table) i ON i.\(list.idColumn) = x.\(list.idColumn)
                          WHERE x.\(list.linkColumn) = Executions.\(list.linkColumn)
                            AND i.\(column) IS NULL)
            """, in: database)
        return Int(try query.firstInteger() ?? 0)
    }

    /// The report restricted to the newest execution of each server.
    private var ofNewest: Report {
        var report = self
        report.isOfNewest = true
        return report
    }

    /// - Parameter sql: a query with the head of a report.
    private init(sql: String) {
        // By bytes, because each program reads all heads at its start.
        var head: [Substring] = []
        var rest = Substring(sql)
        while rest.utf8.starts(with: "--".utf8),
            let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n"))
        {
            head.append(rest[..<end])
            rest = rest[rest.utf8.index(after: end)...]
        }
        let first = head.first ?? ""
        let colon = first.utf8.firstIndex(of: UInt8(ascii: ":")) ?? first.endIndex
        let words = first[..<colon].utf8.split(separator: UInt8(ascii: " ")).map(Substring.init)
        let title = Substring(first[colon...].utf8.dropFirst(": ".utf8.count))
        guard words.count == 3, ["Test", "Report"].contains(words[1]),
            title.utf8.last == UInt8(ascii: ".")
        else { fatalError("a report begins without its name and title: \(sql)") }
        isUsual = words[1] == "Test"
        word = String(words[2])
        self.title = String(title.dropLast())
        isOfNewest = head.contains("-- Of the newest execution of each server.")
        isLastColumnSpanish = head.contains("-- Titled in Spanish: its last column.")
        isOnPage = head.contains("-- On the page.")
        func value(of key: String) -> String? {
            let start = "-- \(key): "
            return head.first { $0.utf8.starts(with: start.utf8) }.map {
                String(Substring($0.utf8.dropFirst(start.utf8.count).dropLast()))
            }
        }
        let name = value(of: "Of the list")
        list = name.flatMap { name in ListedKind.all.first { $0.name == name } }
        column = value(of: "By the column")
        self.sql = sql
    }

    /// `test_1`, `package_versions`: the name in files and in JSON.
    package var name: String { isUsual ? "test_\(word)" : word.replacing("-", with: "_") }

    /// Its heading: `Test 1: User names per server and execution date`.
    package var heading: String { isUsual ? "Test \(word): \(title)" : title }

    /// Its link in a page: `Test 1`.
    package var shortHeading: String { isUsual ? "Test \(word)" : word }

    /// The rows of its query.
    func rows(
        in database: any Database, of selection: ExecutionSelection
    ) throws(DatabaseError) -> any RowCursor {
        var selection = selection
        if isOfNewest { selection.isLatestOnly = true }
        if name == ProcessListing.report && database.isEmbedded,
            try ProcessListing.isPossible(in: database)
        {
            return try ProcessListing(columns, of: selection, in: database)
        }
        return try selection.prepare(sql, in: database)
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
    ) throws -> WrittenRows {
        try rows(in: database, of: selection).write(format, limit: limit, to: output)
    }
}

/// The column titles of a query, parsed from its text: each is written as `AS "Title"`, and nothing
/// else is.
func columnTitles(of sql: String) -> [String] {
    sql.split(separator: " AS \"", omittingEmptySubsequences: false).dropFirst()
        .map { String($0.prefix { $0 != "\"" }) }
}
