import Database
import Text

// What the formats for people have in common: table, vertical, Markdown, and pages.

/// The displayed text of a cell: control characters and invisible ones escaped.
func appendReadableCell(_ row: any Row, _ column: Int, to output: inout [UInt8]) {
    if row.isNull(column) {
        output += unknownSign.utf8
        return
    }
    var text: [UInt8] = []
    row.appendText(column, to: &text)
    appendVisible(distinctFromUnknown(text), to: &output)
}

/// The line after the rows: `12 rows in set`.
/// - Parameter width: of the terminal that it must fit; nil if any does.
func appendRowCount(_ rows: Int, omitted: Int, width: Int? = nil, to output: inout [UInt8]) {
    let all = rows + omitted
    if all == 0 {
        output += "Empty set\n".utf8
        return
    }
    var line = "\(all) \(all == 1 ? "row" : "rows") in set"
    if omitted > 0 {
        line += ", the first \(rows) shown and \(omitted) more (--limit all shows them)"
    }
    output += terminalLines(of: Array(line.utf8), width: width)
}

extension OutputScanner {
    /// Whether the next lines are those of `appendRowCount` where no row is shown: they are followed
    /// by the end, or by another report.
    func isBeforeCountAlone() -> Bool {
        let lines = lines(4)
        guard
            lines[0] == "Empty set"
                || lines[0].wholeMatch(of: #/\d+ rows? in set, the first 0 shown .*/#) != nil
        else { return false }
        return lines.count > 1 && lines[1].isEmpty
            && (lines.count == 2 || lines[2].hasPrefix("Test "))
    }
}
