import Database
import Text

/// A column of a table, as wide as its widest cell.
struct TableColumn {
    let title: String
    /// In terminal cells.
    private(set) var width: Int
    private var hasIntegers = false
    private var hasTexts = false

    /// Whether the values are integers, NULL aside; such a column is set flush right.
    var isNumeric: Bool { hasIntegers && !hasTexts }

    init(title: String) {
        self.title = title
        width = displayWidth(Array(title.utf8))
    }

    /// Takes a cell of the present row into account.
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
    private let columns: [TableColumn]
    private let rule: [UInt8]
    private var hasRows = false

    init(_ titles: [String], _ columns: [TableColumn]) {
        self.columns = columns
        rule = Array(
            ("+" + columns.map { String(repeating: "-", count: $0.width + 2) + "+" }.joined()
                + "\n").utf8)
    }

    func begin(_ output: inout [UInt8]) {}

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

/// A cell as it is shown: NULL by name, and nothing in it that would move the cursor.
private func appendCell(_ row: any Row, _ column: Int, to output: inout [UInt8]) {
    if row.isNull(column) {
        output += "NULL".utf8
        return
    }
    var text: [UInt8] = []
    row.appendText(column, to: &text)
    appendVisible(text, to: &output)
}
