import Database

/// Comma-separated values (RFC 4180): CRLF at each line's end, a header, quotes where needed. NULL
/// is an empty field.
///
/// A text that a spreadsheet would take for a formula gets a leading `'`, as OWASP advises ("CSV
/// Injection"): names of processes are chosen by whoever runs them.
struct CSVFormatter: RowFormatter {
    private let columns: [String]

    init(_ columns: [String]) { self.columns = columns }

    func begin(_ output: inout [UInt8]) {
        for (index, column) in columns.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            appendText(Array(column.utf8), to: &output)
        }
        output += "\r\n".utf8
    }

    func add(_ row: any Statement, _ output: inout [UInt8]) {
        for index in columns.indices {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if row.isInteger(index) {
                row.appendText(index, to: &output)
            } else {
                var text: [UInt8] = []
                row.appendText(index, to: &text)
                appendText(text, to: &output)
            }
        }
        output += "\r\n".utf8
    }

    func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {}

    private func appendText(_ text: [UInt8], to output: inout [UInt8]) {
        let looksLikeFormula = text.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let needsQuotes = text.contains { "\",\r\n".utf8.contains($0) }
        if needsQuotes { output.append(UInt8(ascii: "\"")) }
        if looksLikeFormula { output.append(UInt8(ascii: "'")) }
        for byte in text {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        if needsQuotes { output.append(UInt8(ascii: "\"")) }
    }
}
