package import Database

extension RowFormat {
    /// Comma-separated values, one table per file.
    package static let csv = RowFormat(
        name: "csv", title: "CSV", fileExtension: "csv", sequence: nil,
        makeFormatter: { CSVFormatter($0, $1) },
        skip: { columns, scanner in scanner.skipHeader(columns) })
}

extension OutputScanner {
    fileprivate mutating func skipHeader(_ columns: [String]) -> Bool {
        _ = skip("\u{FEFF}")
        return RowLayout.Delimiter.allCases.contains { delimiter in
            var layout = RowLayout()
            layout.delimiter = delimiter
            var formatter = CSVFormatter(columns, layout)
            var header: [UInt8] = []
            formatter.begin(&header)
            return skip(header)
        }
    }
}

/// Comma-separated values (RFC 4180): CRLF line endings, a header, quotes where needed. NULL is an
/// empty field, and an empty text `""`. The layout may have another delimiter.
///
/// A text that a spreadsheet would interpret as a formula gets a leading `'`, as OWASP recommends
/// ("CSV Injection"): process names are chosen by the audited host's users. A text that is a
/// formula after one or more `'` gets another one, so that the escaping is reversible: a reader
/// removes one `'` from each field that is a formula after one or more `'`.
package struct CSVFormatter: RowFormatter {
    private let columns: [String]
    private let delimiter: UInt8
    private let hasByteOrderMark: Bool
    private var lines = 0
    private var longCells = 0
    private var longest = 0

    /// - Parameter columns: the titles of the header.
    package init(_ columns: [String], _ layout: RowLayout = RowLayout()) {
        self.columns = columns
        delimiter = layout.delimiter.byte
        hasByteOrderMark = layout.hasByteOrderMark
    }

    /// Writes the header.
    package mutating func begin(_ output: inout [UInt8]) {
        if hasByteOrderMark { output += "\u{FEFF}".utf8 }
        for (index, column) in columns.enumerated() {
            if index > 0 { output.append(delimiter) }
            let start = output.count
            output += column.utf8
            finishText(from: start, in: &output)
        }
        output += "\r\n".utf8
        lines += 1
    }

    /// Writes a row.
    package mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        for index in columns.indices {
            if index > 0 { output.append(delimiter) }
            let start = output.count
            // Of an enumeration of another module, == takes several times as long.
            if case .text = row.append(index, to: &output) { finishText(from: start, in: &output) }
        }
        output.append(UInt8(ascii: "\r"))
        output.append(UInt8(ascii: "\n"))
        lines += 1
    }

    /// Writes nothing: CSV has no footer.
    package func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {}

    /// The rows and cells beyond the limits of a spreadsheet; nil if all fit.
    package var excess: SpreadsheetExcess? {
        SpreadsheetExcess(rows: lines, longCells: longCells, longest: longest)
    }

    /// Escapes the text at the end of the output as a field.
    private mutating func finishText(from start: Int, in output: inout [UInt8]) {
        let isPlain = isPlain(output.span.extracting(start...))
        let isFormula =
            mayBeFormula(output.span.extracting(start...)) && isFormula(output[start...])
        if output.count - start >= SpreadsheetExcess.maxCharacters {
            measure(output[start...], isFormula ? 1 : 0)
        }
        if isPlain && !isFormula { return }
        let text = Array(output[start...])
        output.removeSubrange(start...)
        if !isPlain { output.append(UInt8(ascii: "\"")) }
        if isFormula { output.append(UInt8(ascii: "'")) }
        for byte in text {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        if !isPlain { output.append(UInt8(ascii: "\"")) }
    }

    /// Whether the text needs no quotes. An empty one does, to differ from NULL.
    private func isPlain(_ text: Span<UInt8>) -> Bool {
        if text.isEmpty { return false }
        for index in text.indices {
            let byte = text[index]
            // As that of most texts; one comparison takes less time than four.
            if byte > UInt8(ascii: "\"") && byte != delimiter { continue }
            switch byte {
            case UInt8(ascii: "\""), delimiter, UInt8(ascii: "\r"), UInt8(ascii: "\n"): return false
            default: continue
            }
        }
        return true
    }

    private mutating func measure(_ text: ArraySlice<UInt8>, _ more: Int) {
        let count = String(decoding: text, as: UTF8.self).utf16.count + more
        if count <= SpreadsheetExcess.maxCharacters { return }
        longCells += 1
        longest = max(longest, count)
    }

    /// Whether the first byte is not a letter or digit, as that of most texts is.
    private func mayBeFormula(_ text: Span<UInt8>) -> Bool {
        if text.isEmpty { return false }
        return switch text[0] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            false
        default: true
        }
    }

    /// Whether a spreadsheet would interpret the text, after any leading `'`, as a formula.
    private func isFormula(_ text: ArraySlice<UInt8>) -> Bool {
        let text = text.first == UInt8(ascii: "'") ? text.drop { $0 == UInt8(ascii: "'") } : text
        return switch text.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
            UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
            true
        case 0xEF: ["＝", "＋", "－", "＠"].contains { text.starts(with: $0.utf8) }  // full-width
        default: false
        }
    }
}
