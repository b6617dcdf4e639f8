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

    /// The text, with control characters escaped.
    /// - Parameter limit: the maximum number of rows of each section.
    package func bytes(limit: Int) -> [UInt8] {
        var output = Self.beginning.utf8 + Self.shown(title) + "\n".utf8
        for section in sections {
            output += "\n".utf8 + Self.shown(section.title) + "\n".utf8
            let shown = section.rows.prefix(limit).map(section.shown)
            let widths = shown.reduce(into: [Int]()) { widths, row in
                for (column, text) in row.enumerated() {
                    if column == widths.count { widths.append(0) }
                    widths[column] = max(widths[column], displayWidth(text))
                }
            }
            for row in shown {
                var line: [UInt8] = []
                for (column, text) in row.enumerated() {
                    line += "  ".utf8
                    line += text
                    if column < row.count - 1 {
                        line += repeatElement(
                            UInt8(ascii: " "), count: widths[column] - displayWidth(text))
                    }
                }
                output += line + [UInt8(ascii: "\n")]
            }
            let more = section.rows.count - shown.count
            if more > 0 {
                let command = section.command.map { "; \($0)" } ?? ""
                output += "  … and \(more) more (see --limit\(command))\n".utf8
            }
        }
        return output
    }
}
