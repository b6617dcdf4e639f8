import Database
import Text

/// What is known of one host, in sections: as text, or as a part of a page.
package struct HostSheet: Sendable {
    /// A section: rows of texts in columns; nil is what is not known.
    package struct Section: Sendable {
        /// `Processes: 84`.
        package let title: String
        /// The titles of the columns, which the text does not have; empty if there are no rows.
        package let columns: [String]
        /// Each with one text per column; the last may be missing.
        package let rows: [[String?]]
        /// What stands between the last two columns in the text.
        let lastSeparator: String
        /// How to see all rows; nil if the rows are all that there is.
        package let command: String?

        /// A section.
        package init(
            _ title: String, _ columns: [String] = [], _ rows: [[String?]] = [],
            lastSeparator: String = "", all command: String? = nil
        ) {
            self.title = title
            self.columns = columns
            self.rows = rows
            self.lastSeparator = lastSeparator
            self.command = command
        }

        /// The texts of a row.
        fileprivate func shown(_ row: [String?]) -> [[UInt8]] {
            var texts = row.map(HostSheet.shown)
            if !lastSeparator.isEmpty, let last = texts.popLast() {
                texts[texts.count - 1] += lastSeparator.utf8 + last
            }
            return texts
        }
    }

    /// The host: `web-01 (192.0.2.10)`.
    let title: String
    private(set) var sections: [Section] = []

    /// A page without sections.
    package init(of host: String) { title = host }

    /// Adds a section.
    package mutating func add(_ section: Section) { sections.append(section) }

    /// The file of a page.
    package static let kind = OutputKind.text("page of a host", beginnings: [beginning])
    private static let beginning = "census show: "

    fileprivate static func shown(_ text: String?) -> [UInt8] {
        var bytes: [UInt8] = []
        appendReadableCell([Value(text)], 0, to: &bytes)
        return bytes
    }

    /// The text, with control characters escaped, and whether texts were shortened in it.
    /// - Parameters:
    ///   - limit: the maximum number of rows of each section.
    ///   - width: of the terminal that rows must fit, if they can without a number or a date being
    ///     shortened; nil if any width does.
    package func bytes(limit: Int, width: Int? = nil) -> (bytes: [UInt8], isShortened: Bool) {
        var isShortened = false
        var output = terminalLines(of: Self.beginning.utf8 + Self.shown(title), width: width)
        for section in sections {
            output += "\n".utf8
            output += terminalLines(of: Self.shown(section.title), width: width)
            let shown = section.rows.prefix(limit).map(section.shown)
            var columns: [TableColumn] = []
            for row in shown {
                for (column, text) in row.enumerated() {
                    if column == columns.count { columns.append(TableColumn(title: "")) }
                    columns[column].measure(shown: text)
                }
            }
            var isStacked = false
            if let width, !columns.fit(width, frame: Self.margin.count) {
                isStacked = true
                for row in shown where Self.append(row, width, to: &output) { isShortened = true }
            }
            for row in shown where !isStacked {
                for (column, whole) in row.enumerated() {
                    let text = shortened(whole, toWidth: columns[column].width)
                    if text != whole { isShortened = true }
                    output += Self.margin + text
                    if column < row.count - 1 {
                        output += repeatElement(
                            UInt8(ascii: " "), count: columns[column].width - displayWidth(text))
                    }
                }
                output.append(UInt8(ascii: "\n"))
            }
            let more = section.rows.count - shown.count
            if more > 0 {
                let command = section.command.map { "; \($0)" } ?? ""
                output += terminalLines(
                    of: Array("  … and \(more) more (see --limit\(command))".utf8), width: width,
                    indentation: 4)
            }
        }
        return (output, isShortened)
    }

    /// Appends a row that is too wide for a line, a line for each of its texts.
    /// - Returns: whether texts were shortened in it.
    private static func append(
        _ row: [[UInt8]], _ width: Int, to output: inout [UInt8]
    ) -> Bool {
        var isShortened = false
        for (column, whole) in row.enumerated() where !whole.isEmpty {
            let margin = column == 0 ? 2 : 4
            let isNumber = isNumberOrDate(whole)
            // A date may need the room of the margin.
            let room = isNumber ? displayWidth(whole) : max(width - margin, 1)
            let text = shortened(whole, toWidth: room)
            if text != whole { isShortened = true }
            output += repeatElement(
                UInt8(ascii: " "), count: min(margin, max(0, width - displayWidth(text))))
            output += text + "\n".utf8
        }
        return isShortened
    }

    /// What is before each text of a row.
    private static let margin = Array("  ".utf8)
}
