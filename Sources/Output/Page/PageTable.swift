import Database
import Text

/// A table of a page. Its first rows are shown. The others are in the page as JSON for its script, as
/// far as there is room; and all rows are in a CSV file beside the page then.
///
/// The section is written while rows are added: memory does not grow with their number.
struct PageTable {
    /// The number of rows that are printed; page.css and page.js have it, too.
    static let printedRows = 25

    /// The name of the table in links and in the file name.
    let name: String
    let title: String
    let columns: [String]
    /// The maximum number of rows that are shown at first.
    let limit: Int
    /// What stands above the rows.
    var introduction = Markup()
    /// What stands in the place of no rows; nil for nothing.
    var nothing: String? = "No rows."
    /// Whether the last column is titled in Spanish.
    var isLastColumnSpanish = false
    private(set) var rows = 0
    private var markup = Markup()
    private var rest: PageRows
    private var csv: [UInt8] = []
    private var formatter: CSVFormatter
    /// The CSV file; nil if there is only the page.
    private let file: OutputFile?
    private let output: ([UInt8]) throws -> Void

    /// - Parameters:
    ///   - room: for the rows that are not shown.
    ///   - output: receives the section.
    init(
        _ name: String, _ title: String, _ columns: [String], limit: Int, file: OutputFile?,
        in room: PageRoom, to output: @escaping ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.title = title
        self.columns = columns
        self.limit = limit
        self.file = file
        self.output = output
        rest = PageRows(columns: columns.count, in: room)
        formatter = CSVFormatter(columns)
        formatter.begin(&csv)
    }

    /// - Parameter picture: a chart to show beside the value of a column.
    mutating func add(_ row: any Row, picture: (Int) -> Markup? = { _ in nil }) throws {
        if rows == 0 { begin(row) }
        if rows == limit {
            markup += """
                </tbody>
                </table>
                </div>
                <script type="application/json" id="rows_\(name)">[

                """
        }
        if rows < limit { show(row, picture) } else { markup.add(row, to: &rest) }
        rows += 1
        if markup.utf8.count > 1 << 16 { try flush() }
        guard let file else { return }
        formatter.add(row, &csv)
        // Written at the first row that is not shown, so that a file that must not be overwritten
        // fails early.
        if rows - 1 == limit || rows > limit && csv.count > 1 << 16 {
            try file.write(csv)
            csv.removeAll(keepingCapacity: true)
        }
    }

    /// Adds all rows. Those that go nowhere are only counted.
    mutating func add(allOf cursor: any RowCursor) throws {
        while try cursor.step() {
            try add(cursor)
            if file == nil && rest.isCut {
                rows += try cursor.countRest()
                return
            }
        }
    }

    private mutating func flush() throws {
        try output(markup.utf8)
        markup = Markup()
    }

    /// The summary for the caller; nil if the page shows all rows.
    var remainder: Page.Remainder? {
        if rows <= limit { return nil }
        return Page.Remainder(
            table: name, rows: rows, shown: limit, file: file?.path,
            excess: file == nil ? nil : formatter.excess)
    }

    private var heading: Markup {
        "<section id=\"\(name)\">\n<h2>\(title)</h2>\n" + introduction
    }

    /// - Parameter row: the first one.
    private mutating func begin(_ row: any Row) {
        markup += heading
        markup += """
            <div class="scroll" role="region" aria-label="\(title)" tabindex="0">
            <table class="\(columns.count > 12 ? "rows wide" : "rows")">
            <thead><tr>
            """
        for (index, column) in columns.enumerated() {
            markup +=
                row.isInteger(index) ? "<th scope=\"col\" class=\"number\"" : "<th scope=\"col\""
            if isLastColumnSpanish && index == columns.count - 1 { markup += " lang=\"es\"" }
            markup += ">\(breakable(column))</th>"
        }
        markup += "</tr></thead>\n<tbody>\n"
    }

    private mutating func show(_ row: any Row, _ picture: (Int) -> Markup?) {
        markup += "<tr>"
        for column in columns.indices {
            if row.isNull(column) {
                markup += "<td class=\"null\">\(unknownSign)</td>"
                continue
            }
            var text: [UInt8] = []
            row.appendText(column, to: &text)
            let value: Markup = "\(utf8: distinctFromUnknown(text))"
            if let picture = picture(column) {
                markup += "<td class=\"number\">\(picture) \(value)</td>"
            } else if row.isInteger(column) {
                markup += "<td class=\"number\">\(value)</td>"
            } else {
                markup += Self.cellStart(value.utf8.count) + value + "</td>"
            }
        }
        markup += "</tr>\n"
    }

    /// The start of a cell with a text of so many bytes. Paper has room for those of a date, and a
    /// window for those of a digest; longer ones are wrapped at any place.
    private static func cellStart(_ count: Int) -> Markup {
        switch count {
        case ...20: "<td>"
        case ...64: "<td class=\"text\">"
        default: "<td class=\"text long\">"
        }
    }

    /// Ends the section, after all rows were added.
    mutating func finish() throws {
        if rows == 0 {
            markup += heading
            if let nothing { markup += "<p class=\"note\">\(nothing)</p>\n" }
        } else {
            if rows > limit { try file?.write(csv) }
            markup +=
                rows > limit ? "\n]</script>\n" : "</tbody>\n</table>\n</div>\n"
            markup += note
        }
        markup += "</section>\n"
        try flush()
    }

    /// How many rows are shown, searched and printed, and where the others are.
    private var note: Markup {
        let all = grouped(rows, "row")
        var note: Markup = "<p class=\"note\""
        let fileName = file?.path.lastComponent?.string ?? ""
        if rest.isCut {
            let more = rows - limit - rest.count
            let place = file == nil ? "not in this page" : "only in \(fileName)"
            note += " data-elsewhere=\"\(grouped(more)) more \(more == 1 ? "is" : "are") \(place)\""
        }
        let isCutOnPaper = rows > Self.printedRows
        note += isCutOnPaper ? "><span class=\"shown cut-on-paper\">" : "><span class=\"shown\">"
        note += rows > limit ? "The first \(grouped(limit)) of \(all)." : "\(all), all shown."
        note += "</span>"
        if isCutOnPaper {
            note += """
                <span class="printed">Printed: the first \
                \(grouped(min(limit, Self.printedRows))) of \(all).</span>
                """
        }
        guard rows > limit else { return note + "</p>\n" }
        note +=
            rest.isCut
            ? "<span class=\"searched\"> Search and sorting cover the first \(grouped(limit + rest.count)).</span>"
            : "<span class=\"searched\"> Search and sorting cover all of them.</span>"
        if file != nil {
            note += " All of them: <a href=\"\(percentEncoded(fileName))\">\(fileName)</a>"
        }
        return note + "</p>\n"
    }
}

extension Markup {
    /// Appends a row as JSON.
    fileprivate mutating func add(_ row: any Row, to rows: inout PageRows) {
        var json: [UInt8] = []
        rows.add(row, to: &json)
        self += Markup(trusted: json)
    }
}

/// A small table that is neither sorted nor searched.
func plainTable(_ title: String, _ columns: [String], _ rows: [[String]]) -> Markup {
    var markup: Markup = """
        <div class="scroll" role="region" aria-label="\(title)" tabindex="0">
        <table class="plain">
        <thead><tr>
        """
    for column in columns { markup += "<th scope=\"col\">\(breakable(column))</th>" }
    markup += "</tr></thead>\n<tbody>\n"
    for row in rows {
        markup += "<tr>"
        for value in row { markup += "<td>\(value)</td>" }
        markup += "</tr>\n"
    }
    return markup + "</tbody>\n</table>\n</div>\n"
}

/// The title of a column, which may be broken behind each `_`.
private func breakable(_ title: String) -> Markup {
    var markup = Markup()
    for (index, part) in title.split(separator: "_", omittingEmptySubsequences: false).enumerated()
    {
        markup += index == 0 ? "\(String(part))" : "_<wbr>\(String(part))"
    }
    return markup
}

/// A file name as a relative URL.
private func percentEncoded(_ name: String) -> String {
    var encoded = "./"
    for byte in name.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            encoded += "%" + hexadecimal(byte, digits: 2)
        }
    }
    return encoded
}
