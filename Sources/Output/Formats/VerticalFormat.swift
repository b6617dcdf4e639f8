import Database
import Text

extension RowFormat {
    /// A line for each value, like `\G` of the `mysql` client.
    package static let vertical = RowFormat(
        name: "vertical", title: "vertical", fileExtension: "txt",
        sequence: RowFormat.table.sequence,
        makeFormatter: { columns, _ in VerticalFormatter(columns) },
        skip: { columns, scanner in
            scanner.isBeforeCountAlone() || scanner.skipVerticalRow(columns)
        })
}

/// Rows below each other, a line for each value behind its title.
struct VerticalFormatter: RowFormatter {
    /// Flush right, with `: ` behind each.
    private let titles: [[UInt8]]
    private var rows = 0

    init(_ columns: [String]) {
        let width = columns.map { displayWidth(Array($0.utf8)) }.max() ?? 0
        titles = columns.map {
            let gap = width - displayWidth(Array($0.utf8))
            return Array((String(repeating: " ", count: gap) + $0 + ": ").utf8)
        }
    }

    func begin(_ output: inout [UInt8]) {}

    mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        rows += 1
        output += verticalHeading(rows).utf8
        for (index, title) in titles.enumerated() {
            output += title
            appendReadableCell(row, index, to: &output)
            output += "\n".utf8
        }
    }

    var countsOmitted: Bool { true }

    func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {
        appendRowCount(rows, omitted: omitted, to: &output)
    }
}

private func verticalHeading(_ row: Int) -> String {
    let stars = String(repeating: "*", count: 27)
    return "\(stars) \(row). row \(stars)\n"
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
