import Database
import Text

extension RowFormat {
    /// Tables of GitHub Flavored Markdown, each below its heading.
    package static let markdown = RowFormat(
        name: "markdown", title: "Markdown", fileExtension: "md",
        sequence: ReportSequence(
            beginning: "",
            heading: { report, index in (index > 0 ? "\n" : "") + "## \(report.heading)\n\n" },
            ending: ""),
        makeFormatter: { columns, _ in MarkdownFormatter(columns) },
        skip: { columns, scanner in scanner.skipMarkdownHeader(columns) })
}

/// A table of GitHub Flavored Markdown (4.10, "Tables"). Columns whose first row has an integer are
/// aligned to the right.
struct MarkdownFormatter: RowFormatter {
    private let columns: [String]
    private var hasRows = false
    private var text: [UInt8] = []

    init(_ columns: [String]) { self.columns = columns }

    mutating func begin(_ output: inout [UInt8]) {}

    mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        if !hasRows { appendHeader(to: &output) { row.isInteger($0) } }
        hasRows = true
        output += "|".utf8
        for index in columns.indices {
            text.removeAll(keepingCapacity: true)
            appendReadableCell(row, index, to: &text)
            output += " ".utf8
            appendMarkdown(text, to: &output)
            output += " |".utf8
        }
        output += "\n".utf8
    }

    mutating func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {
        if !hasRows { appendHeader(to: &output) { _ in false } }
    }

    private func appendHeader(to output: inout [UInt8], isNumeric: (Int) -> Bool) {
        output += markdownTitles(columns)
        output += "|".utf8
        for index in columns.indices { output += (isNumeric(index) ? " ---: |" : " --- |").utf8 }
        output += "\n".utf8
    }
}

private func markdownTitles(_ columns: [String]) -> [UInt8] {
    var line = Array("|".utf8)
    for column in columns {
        line += " ".utf8
        appendMarkdown(Array(column.utf8), to: &line)
        line += " |".utf8
    }
    return line + "\n".utf8
}

/// Appends text that Markdown shows as it is: punctuation that has a meaning is escaped, and so are
/// spaces at the ends, which a cell would lose. Only an address of mail may still become a link.
private func appendMarkdown(_ text: [UInt8], to output: inout [UInt8]) {
    for (index, byte) in text.enumerated() {
        switch byte {
        case UInt8(ascii: " ") where index == 0 || index == text.count - 1:
            output += "&#32;".utf8
        case UInt8(ascii: "<"): output += "&lt;".utf8
        case UInt8(ascii: ">"): output += "&gt;".utf8
        case UInt8(ascii: "&"): output += "&amp;".utf8
        case _ where isMarkup(text, index):
            output.append(UInt8(ascii: "\\"))
            output.append(byte)
        default: output.append(byte)
        }
    }
}

/// Whether the byte has a meaning in Markdown where it stands: not `_` within a word, and `:` and `.`
/// only in `http://` and `www.`, which would become links.
private func isMarkup(_ text: [UInt8], _ index: Int) -> Bool {
    func isWord(_ index: Int) -> Bool {
        guard text.indices.contains(index) else { return false }
        return Character(Unicode.Scalar(text[index])).isWord
    }
    switch text[index] {
    case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "["),
        UInt8(ascii: "]"), UInt8(ascii: "|"), UInt8(ascii: "~"), UInt8(ascii: "$"):
        return true
    case UInt8(ascii: "_"): return !isWord(index - 1) || !isWord(index + 1)
    case UInt8(ascii: ":"): return text[(index + 1)...].first == UInt8(ascii: "/")
    case UInt8(ascii: "."): return text[..<index].suffix(3).elementsEqual("www".utf8)
    default: return false
    }
}

extension Character {
    fileprivate var isWord: Bool { isASCII && (isLetter || isNumber) }
}

extension OutputScanner {
    /// Skips the titles and the line below them.
    fileprivate mutating func skipMarkdownHeader(_ columns: [String]) -> Bool {
        skip(markdownTitles(columns)) && skip("|")
            && columns.allSatisfy { _ in skip(" ---: |") || skip(" --- |") } && skip("\n")
    }
}
