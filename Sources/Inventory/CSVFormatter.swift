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
        let needsQuotes = text.contains { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
            default: false
            }
        }
        if needsQuotes { output.append(UInt8(ascii: "\"")) }
        if looksLikeFormula(text) { output.append(UInt8(ascii: "'")) }
        if needsQuotes {
            for byte in text {
                if byte == UInt8(ascii: "\"") { output.append(byte) }
                output.append(byte)
            }
            output.append(UInt8(ascii: "\""))
        } else {
            output += text
        }
    }

    private func looksLikeFormula(_ text: [UInt8]) -> Bool {
        switch text.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
            UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            true
        default: false
        }
    }
}
