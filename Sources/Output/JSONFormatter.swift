package import Database
import Text

/// A JSON array with an object for each row, a line each. Texts are exact.
package struct JSONFormatter: RowFormatter {
    private let columns: [String]
    private var isFirst = true

    package init(_ columns: [String]) { self.columns = columns }

    package func begin(_ output: inout [UInt8]) { output += "[".utf8 }

    package mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        output += (isFirst ? "\n{" : ",\n{").utf8
        isFirst = false
        for (index, column) in columns.enumerated() {
            if index > 0 { output += ", ".utf8 }
            appendKey(column, to: &output)
            if row.isNull(index) {
                output += "null".utf8
            } else if row.isInteger(index) {
                row.appendText(index, to: &output)
            } else {
                var text: [UInt8] = []
                row.appendText(index, to: &text)
                appendJSON(text, to: &output)
            }
        }
        output += "}".utf8
    }

    package func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {
        output += (isFirst ? "]\n" : "\n]\n").utf8
    }
}

/// `"Server_ID": `.
func appendKey(_ column: String, to output: inout [UInt8]) {
    appendJSON(column.utf8, to: &output)
    output += ": ".utf8
}
