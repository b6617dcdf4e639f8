import Database
import Text

extension RowFormat {
    /// A line for each value, like `\G` of the `mysql` client.
    package static let vertical = RowFormat(
        name: "vertical", title: "vertical", fileExtension: "txt",
        sequence: RowFormat.table.sequence,
        makeFormatter: { VerticalFormatter($0, $1.terminalWidth, isShortening: false) },
        skip: { columns, scanner in
            scanner.isBeforeCountAlone() || scanner.skipVerticalRow(columns)
        })
}

/// Rows below each other, a line for each value behind its title.
struct VerticalFormatter: RowFormatter {
    /// Flush right, with `: ` behind each; or lines of their own, without a line feed.
    private let titles: [[UInt8]]
    private let terminalWidth: Int?
    /// The cells that a value may have behind its title; nil for any number.
    private let valueWidth: Int?
    /// Whether each value has a line of its own, as there is no room for a date behind the titles.
    private let isStacked: Bool
    private(set) var isShortened = false
    private var rows = 0

    /// - Parameters:
    ///   - terminalWidth: of the terminal that headings must fit; nil if any does.
    ///   - isShortening: whether values are shortened, but for numbers and dates, to fit it.
    init(_ columns: [String], _ terminalWidth: Int?, isShortening: Bool) {
        let width = columns.map { displayWidth(Array($0.utf8)) }.max() ?? 0
        let room = isShortening ? terminalWidth.map { $0 - width - 2 } : nil
        let isStacked = room.map { $0 < 19 } ?? false
        self.terminalWidth = terminalWidth
        self.isStacked = isStacked
        valueWidth = isStacked ? terminalWidth.map { max($0 - 2, 1) } : room
        titles = columns.map { column in
            let title = Array((column + ":").utf8)
            if isStacked { return shortened(title, toWidth: terminalWidth ?? .max) }
            return repeatElement(UInt8(ascii: " "), count: width + 1 - displayWidth(title)) + title
                + " ".utf8
        }
    }

    func begin(_ output: inout [UInt8]) {}

    mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        rows += 1
        output += verticalHeading(rows, width: terminalWidth).utf8
        for (index, title) in titles.enumerated() {
            var value: [UInt8] = []
            appendReadableCell(row, index, to: &value)
            output += title
            if isStacked {
                // A date may need the room of the margin.
                output += "\n".utf8
                output += repeatElement(
                    UInt8(ascii: " "),
                    count: min(2, max(0, (terminalWidth ?? .max) - displayWidth(value))))
            }
            if let valueWidth, displayWidth(value) > valueWidth, !isNumberOrDate(value) {
                isShortened = true
                value = shortened(value, toWidth: valueWidth)
            }
            output += value
            output += "\n".utf8
        }
    }

    var countsOmitted: Bool { true }

    func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {
        appendRowCount(rows, omitted: omitted, width: terminalWidth, to: &output)
    }
}

/// - Parameter width: of the terminal that it must fit; nil if any does.
private func verticalHeading(_ row: Int, width: Int? = nil) -> String {
    let text = " \(row). row "
    let room = width.map { ($0 - text.utf8.count) / 2 } ?? .max
    let stars = String(repeating: "*", count: max(1, min(27, room)))
    return "\(stars)\(text)\(stars)\n"
}

extension OutputScanner {
    /// Skips the first row.
    fileprivate mutating func skipVerticalRow(_ columns: [String]) -> Bool {
        guard skip(verticalHeading(1)) else { return false }
        return columns.allSatisfy { column in
            _ = skip { $0 == UInt8(ascii: " ") }
            guard skip(column), skip(": ") else { return false }
            _ = skip { $0 != UInt8(ascii: "\n") }
            return skip("\n")
        }
    }
}
