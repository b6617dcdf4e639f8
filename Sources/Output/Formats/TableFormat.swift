import Database
import Text

extension RowFormat {
    /// Human-readable tables, each below its heading.
    package static let table = RowFormat(
        name: "table", title: "table", fileExtension: "txt",
        sequence: ReportSequence(
            beginning: "",
            heading: { report, index in (index > 0 ? "\n" : "") + report.heading + "\n" },
            ending: "", areHeadingsSentences: true),
        makeFormatter: { TableFormatter($0, terminalWidth: $1.terminalWidth) },
        skip: { columns, scanner in scanner.skipTable(columns) })
}

/// A column of a table, with the width of its widest cell.
struct TableColumn {
    let title: [UInt8]
    /// In terminal cells.
    private(set) var width: Int
    /// Of the widest cell that is never shortened.
    private var wholeWidth = 0
    private var hasIntegers = false
    private var hasTexts = false
    private var hasWords = false

    /// Whether all values except NULL are integers; such a column is right-aligned.
    var isNumeric: Bool { hasIntegers && !hasTexts }

    init(title: String) {
        self.title = Array(title.utf8)
        width = displayWidth(self.title)
    }

    /// Measures the cell of the current row.
    mutating func measure(_ row: any Row, _ column: Int) {
        var text: [UInt8] = []
        appendReadableCell(row, column, to: &text)
        if row.isInteger(column) {
            hasIntegers = true
            let cells = displayWidth(text)
            width = max(width, cells)
            wholeWidth = max(wholeWidth, cells)
        } else if row.isNull(column) {
            width = max(width, displayWidth(text))
        } else {
            measure(shown: text)
        }
    }

    /// Measures a text as it is shown.
    mutating func measure(shown text: [UInt8]) {
        let cells = displayWidth(text)
        width = max(width, cells)
        hasTexts = true
        if isNumberOrDate(text) { wholeWidth = max(wholeWidth, cells) } else { hasWords = true }
    }

    /// The width if no more than `cap` is taken. Numbers and dates are never shortened: what is left of
    /// one is another. Little remains to be read of other texts of less than 8 cells, or a title of less
    /// than 4.
    /// - Parameter whole: a column of at most so many cells keeps them.
    fileprivate func width(cappedAt cap: Int, whole: Int) -> Int {
        if width <= whole { return width }
        return min(width, max(cap, wholeWidth, hasWords ? 8 : 4))
    }

    fileprivate mutating func narrow(to width: Int) { self.width = width }
}

/// Whether a text is a number, a date, an IPv4 address or the like, of no more cells than a date has.
func isNumberOrDate(_ text: [UInt8]) -> Bool {
    text.count <= 19
        && text.allSatisfy {
            switch $0 {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: ":"), UInt8(ascii: " "):
                true
            default: false
            }
        }
}

extension [TableColumn] {
    /// Narrows the widest columns until a line fits; a text of no more cells than a date, which has 19,
    /// is shortened only if wider ones are as short as they may be.
    /// - Parameter frame: the cells that a line has for each column besides its text.
    /// - Returns: whether it does now.
    mutating func fit(_ cells: Int, frame: Int) -> Bool {
        func lineWidth(_ width: (TableColumn) -> Int) -> Int {
            reduce(0) { $0 + width($1) + frame }
        }
        if lineWidth(\.width) <= cells { return true }
        for whole in [19, 0] {
            for cap in stride(from: cells, to: 0, by: -1)
            where lineWidth({ $0.width(cappedAt: cap, whole: whole) }) <= cells {
                for index in indices {
                    self[index].narrow(to: self[index].width(cappedAt: cap, whole: whole))
                }
                return true
            }
        }
        return false
    }
}

/// A table like that of the `mysql` client. It fits a terminal: the widest texts are shortened, but no
/// numbers and dates; if there are too many columns for that, the rows are written vertically, and fit it, too.
struct TableFormatter: RowFormatter {
    private var columns: [TableColumn]
    private let terminalWidth: Int?
    private var rule: [UInt8] = []
    private var hasRows = false
    private var hasShortened = false
    /// Writes the rows in place of a table that does not fit; nil if it does.
    private var vertical: VerticalFormatter?

    init(_ titles: [String], terminalWidth: Int?) {
        columns = titles.map(TableColumn.init(title:))
        self.terminalWidth = terminalWidth
    }

    var measuresFirst: Bool { true }

    mutating func measure(_ row: any Row) {
        for index in columns.indices { columns[index].measure(row, index) }
    }

    mutating func begin(_ output: inout [UInt8]) {
        // Two spaces and a bar for each column, and a bar in front.
        if let terminalWidth, !columns.fit(terminalWidth - 1, frame: 3) {
            vertical = VerticalFormatter(
                columns.map { String(decoding: $0.title, as: UTF8.self) }, terminalWidth,
                isShortening: true)
        }
        rule = Array(
            ("+" + columns.map { String(repeating: "-", count: $0.width + 2) + "+" }.joined()
                + "\n").utf8)
    }

    mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        if vertical?.add(row, &output) != nil { return }
        if !hasRows {
            hasRows = true
            output += rule
            for column in columns { append(column.title, column, flushRight: false, &output) }
            output += "|\n".utf8
            output += rule
        }
        for (index, column) in columns.enumerated() {
            var text: [UInt8] = []
            appendReadableCell(row, index, to: &text)
            append(text, column, flushRight: column.isNumeric, &output)
        }
        output += "|\n".utf8
    }

    var countsOmitted: Bool { true }
    var isShortened: Bool { hasShortened || vertical?.isShortened == true }

    func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {
        if hasRows { output += rule }
        appendRowCount(rows, omitted: omitted, width: terminalWidth, to: &output)
    }

    private mutating func append(
        _ text: [UInt8], _ column: TableColumn, flushRight: Bool, _ output: inout [UInt8]
    ) {
        var text = text
        var cells = displayWidth(text)
        if cells > column.width {
            hasShortened = true
            text = shortened(text, toWidth: column.width)
            cells = displayWidth(text)
        }
        let padding = repeatElement(UInt8(ascii: " "), count: column.width - cells)
        output += "| ".utf8
        if flushRight { output += padding }
        output += text
        if !flushRight { output += padding }
        output += " ".utf8
    }
}

extension OutputScanner {
    /// Skips a table up to its first row, or the text of an empty one.
    fileprivate mutating func skipTable(_ columns: [String]) -> Bool {
        if isBeforeCountAlone() { return true }
        let lines = lines(4)
        guard lines.count > 3, lines[0].wholeMatch(of: #/(\+-+)+\+/#) != nil, lines[0] == lines[2]
        else { return false }
        let titles = lines[1].split(separator: "|").map { $0.drop { $0 == " " } }
        return titles.count == columns.count
            && zip(titles, columns).allSatisfy { title, column in
                title.hasPrefix(column) && title.dropFirst(column.count).allSatisfy { $0 == " " }
            }
    }
}
