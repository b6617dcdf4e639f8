import Database
import Text

extension RowFormat {
    /// Human-readable tables, each below its heading.
    package static let table = RowFormat(
        name: "table", title: "table", fileExtension: "txt",
        sequence: ReportSequence(
            beginning: "",
            heading: { report, index in (index > 0 ? "\n" : "") + report.heading + "\n" },
            ending: ""),
        formatter: { TableFormatter($0) }, ending: "",
        skip: { columns, scanner in scanner.skipTable(columns) })
}

/// A column of a table, with the width of its widest cell.
private struct TableColumn {
    let title: String
    /// In terminal cells.
    private(set) var width: Int
    private var hasIntegers = false
    private var hasTexts = false

    /// Whether all values except NULL are integers; such a column is right-aligned.
    var isNumeric: Bool { hasIntegers && !hasTexts }

    init(title: String) {
        self.title = title
        width = displayWidth(Array(title.utf8))
    }

    /// Measures the cell of the current row.
    mutating func measure(_ row: any Row, _ column: Int) {
        var text: [UInt8] = []
        appendCell(row, column, to: &text)
        width = max(width, displayWidth(text))
        if row.isInteger(column) {
            hasIntegers = true
        } else if !row.isNull(column) {
            hasTexts = true
        }
    }
}

/// A table like that of the `mysql` client.
struct TableFormatter: RowFormatter {
    private var columns: [TableColumn]
    private var rule: [UInt8] = []
    private var hasRows = false

    init(_ titles: [String]) { columns = titles.map(TableColumn.init(title:)) }

    var measuresFirst: Bool { true }

    mutating func measure(_ row: any Row) {
        for index in columns.indices { columns[index].measure(row, index) }
    }

    mutating func begin(_ output: inout [UInt8]) {
        rule = Array(
            ("+" + columns.map { String(repeating: "-", count: $0.width + 2) + "+" }.joined()
                + "\n").utf8)
    }

    mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        if !hasRows {
            hasRows = true
            output += rule
            for column in columns {
                append(Array(column.title.utf8), column, flushRight: false, &output)
            }
            output += "|\n".utf8
            output += rule
        }
        for (index, column) in columns.enumerated() {
            var text: [UInt8] = []
            appendCell(row, index, to: &text)
            append(text, column, flushRight: column.isNumeric, &output)
        }
        output += "|\n".utf8
    }

    var countsOmitted: Bool { true }

    func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {
        if rows + omitted == 0 {
            output += "Empty set\n".utf8
            return
        }
        if hasRows { output += rule }
        let all = rows + omitted
        output += "\(all) \(all == 1 ? "row" : "rows") in set".utf8
        if omitted > 0 {
            output += ", the first \(rows) shown and \(omitted) more (see --limit)".utf8
        }
        output += "\n".utf8
    }

    private func append(
        _ text: [UInt8], _ column: TableColumn, flushRight: Bool, _ output: inout [UInt8]
    ) {
        let padding = repeatElement(
            UInt8(ascii: " "), count: max(0, column.width - displayWidth(text)))
        output += "| ".utf8
        if flushRight { output += padding }
        output += text
        if !flushRight { output += padding }
        output += " ".utf8
    }
}

/// The displayed text of a cell: NULL by name, control characters escaped.
private func appendCell(_ row: any Row, _ column: Int, to output: inout [UInt8]) {
    if row.isNull(column) {
        output += "NULL".utf8
        return
    }
    var text: [UInt8] = []
    row.appendText(column, to: &text)
    appendVisible(text, to: &output)
}

extension OutputScanner {
    /// Skips a table up to its first row, or the text of an empty one.
    fileprivate mutating func skipTable(_ columns: [String]) -> Bool {
        let lines = lines(4)
        if lines[0] == "Empty set"
            || lines[0].wholeMatch(of: #/\d+ rows? in set, the first 0 shown .*/#) != nil
        {
            // The end, or another report.
            return lines.count > 1 && lines[1].isEmpty
                && (lines.count == 2 || lines[2].hasPrefix("Test "))
        }
        guard lines.count > 3, lines[0].wholeMatch(of: #/(\+-+)+\+/#) != nil, lines[0] == lines[2]
        else { return false }
        let titles = lines[1].split(separator: "|").map { $0.drop { $0 == " " } }
        return titles.count == columns.count
            && zip(titles, columns).allSatisfy { title, column in
                title.hasPrefix(column) && title.dropFirst(column.count).allSatisfy { $0 == " " }
            }
    }
}
