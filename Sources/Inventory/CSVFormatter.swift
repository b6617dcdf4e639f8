package import Database

/// Comma-separated values (RFC 4180): CRLF at each line's end, a header, quotes where needed. NULL
/// is an empty field.
///
/// A text that a spreadsheet would take for a formula gets a leading `'`, as OWASP advises ("CSV
/// Injection"): names of processes are chosen by whoever runs them.
package struct CSVFormatter: RowFormatter {
    private let columns: [String]

    package init(_ columns: [String]) { self.columns = columns }

    package func begin(_ output: inout [UInt8]) {
        for (index, column) in columns.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let start = output.count
            output += column.utf8
            finishText(from: start, in: &output)
        }
        output += "\r\n".utf8
    }

    package func add(_ row: any Row, _ output: inout [UInt8]) {
        for index in columns.indices {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let start = output.count
            row.appendText(index, to: &output)
            if !row.isInteger(index) { finishText(from: start, in: &output) }
        }
        output += "\r\n".utf8
    }

    package func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {}

    /// Makes a field of the text at the output's end.
    private func finishText(from start: Int, in output: inout [UInt8]) {
        let isPlain = output[start...].allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                false
            default: true
            }
        }
        if isPlain && !looksLikeFormula(output[start...]) { return }
        let text = Array(output[start...])
        output.removeSubrange(start...)
        if !isPlain { output.append(UInt8(ascii: "\"")) }
        if looksLikeFormula(text[...]) { output.append(UInt8(ascii: "'")) }
        for byte in text {
            if byte == UInt8(ascii: "\"") { output.append(byte) }
            output.append(byte)
        }
        if !isPlain { output.append(UInt8(ascii: "\"")) }
    }

    private func looksLikeFormula(_ text: ArraySlice<UInt8>) -> Bool {
        switch text.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"),
            UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
            true
        case 0xEF: ["＝", "＋", "－", "＠"].contains { text.starts(with: $0.utf8) }  // full-width
        default: false
        }
    }
}
