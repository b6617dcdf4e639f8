import Database
import Text

/// A table whose first rows are in the page. If there are more, a CSV file beside the page has all
/// rows.
///
/// Memory is proportional to the number of rows shown, not to all rows.
struct PageTable {
    /// The name of the table in links and in the file name.
    let name: String
    let title: String
    let columns: [String]
    /// The maximum number of rows in the page.
    let limit: Int
    /// What the table lacks: `accounts are unknown on 2 servers`. Nil if nothing.
    var gap: String?
    private(set) var rows = 0
    /// The rows that are shown.
    private var shown = Markup()
    private var csv: [UInt8] = []
    private var formatter: CSVFormatter
    /// The CSV file; nil if there is only the page.
    private let file: OutputFile?
    /// By column: whether the first row has an integer.
    private var isNumeric: [Bool]

    init(_ name: String, _ title: String, _ columns: [String], limit: Int, file: OutputFile?) {
        self.name = name
        self.title = title
        self.columns = columns
        self.limit = limit
        self.file = file
        formatter = CSVFormatter(columns)
        isNumeric = columns.map { _ in false }
        formatter.begin(&csv)
    }

    /// - Parameter picture: a chart to show beside the value of a column.
    mutating func add(_ row: any Row, picture: (Int) -> Markup? = { _ in nil }) throws {
        if rows == 0 { isNumeric = columns.indices.map { row.isInteger($0) } }
        if rows < limit { show(row, picture) }
        rows += 1
        guard let file else { return }
        formatter.add(row, &csv)
        // Written at the first row that is not shown, so that a file that must not be overwritten
        // fails early.
        if rows == limit + 1 || rows > limit && csv.count > 1 << 16 {
            try file.write(csv)
            csv.removeAll(keepingCapacity: true)
        }
    }

    /// The summary for the caller; nil if the page has all rows.
    var remainder: Page.Remainder? {
        if rows <= limit { return nil }
        return Page.Remainder(
            table: name, rows: rows, shown: limit, file: file?.path,
            excess: file == nil ? nil : formatter.excess)
    }

    /// The location of the rows that are not shown: `491 more are only in audit_test_3.csv`.
    private var elsewhere: String {
        let more = "\(grouped(rows - limit)) more \(rows - limit == 1 ? "is" : "are")"
        return file.map { "\(more) only in \(fileName($0))" } ?? "\(more) not in this page"
    }

    private func fileName(_ file: OutputFile) -> String { file.path.lastComponent?.string ?? "" }

    private mutating func show(_ row: any Row, _ picture: (Int) -> Markup?) {
        var cells: Markup = "<tr>"
        for column in columns.indices {
            if row.isNull(column) {
                cells += "<td class=\"null\">NULL</td>"
                continue
            }
            var text: [UInt8] = []
            row.appendText(column, to: &text)
            let value: Markup = "\(String(decoding: text, as: UTF8.self))"
            if let picture = picture(column) {
                cells += "<td class=\"number\">\(picture) \(value)</td>"
            } else if row.isInteger(column) {
                cells += "<td class=\"number\">\(value)</td>"
            } else if value.utf8.count > 48 {
                cells += "<td class=\"long\">\(value)</td>"
            } else {
                cells += "<td>\(value)</td>"
            }
        }
        shown += cells + "</tr>\n"
    }

    /// The section of the page, after all rows were added.
    mutating func finish() throws -> Markup {
        if rows > limit { try file?.write(csv) }
        var markup: Markup = """
            <section id="\(name)">
            <h2>\(title)</h2>\n
            """
        if let gap {
            markup += "<p class=\"note\">\(gap.prefix(1).uppercased() + gap.dropFirst()).</p>\n"
        }
        if rows == 0 { return markup + "<p class=\"note\">No rows.</p>\n</section>\n" }
        markup += """
            <p class="search"><label for="search_\(name)">Search in these rows</label> \
            <input type="search" id="search_\(name)" autocomplete="off" spellcheck="false"> \
            <output for="search_\(name)"></output></p>

            """
        // The script's message after a search or sort of only some of the rows.
        if rows > limit {
            markup += "<p class=\"note cut\" data-elsewhere=\"\(elsewhere)\" role=\"status\"></p>\n"
        }
        markup += """
            <div class="scroll" role="region" aria-label="\(title)" tabindex="0">
            <table class="rows">
            <thead><tr>
            """
        for (index, column) in columns.enumerated() {
            markup += isNumeric[index] ? "<th scope=\"col\" class=\"number\"" : "<th scope=\"col\""
            markup += " aria-sort=\"none\"><button type=\"button\">\(column)</button></th>"
        }
        markup += "</tr></thead>\n<tbody>\n" + shown + "</tbody>\n</table>\n</div>\n"
        if rows > limit {
            markup += "<p class=\"note\">The first \(grouped(limit)) of \(grouped(rows, "row"))."
            if let file {
                let name = fileName(file)
                markup += " All of them: <a href=\"\(percentEncoded(name))\">\(name)</a>"
            }
            markup += "</p>\n"
        } else {
            markup += "<p class=\"note\">\(grouped(rows, "row")), all shown.</p>\n"
        }
        return markup + "</section>\n"
    }
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
