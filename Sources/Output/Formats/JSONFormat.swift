import Database

extension RowFormat {
    /// JSON (RFC 8259). Several reports are members of an object, named after the reports.
    package static let json = RowFormat(
        name: "json", title: "JSON", fileExtension: "json",
        sequence: ReportSequence(
            beginning: "{",
            heading: { report, index in "\(index > 0 ? "," : "")\n\"\(report.name)\": " },
            ending: "}\n"),
        makeFormatter: { columns, _ in JSONFormatter(columns) }, ending: "]\n",
        skip: { columns, scanner in scanner.skipArray(columns) })
}

/// A JSON array with one object per row, one per line. Texts are unmodified.
struct JSONFormatter: RowFormatter {
    private let columns: [String]
    private var writer = JSONWriter(indentation: 0)
    private var text: [UInt8] = []

    init(_ columns: [String]) { self.columns = columns }

    mutating func begin(_ output: inout [UInt8]) {
        swap(&output, &writer.bytes)
        writer.begin(.array)
        swap(&output, &writer.bytes)
    }

    mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        swap(&output, &writer.bytes)
        writer.value(row, columns, &text)
        swap(&output, &writer.bytes)
    }

    mutating func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {
        swap(&output, &writer.bytes)
        writer.end()
        swap(&output, &writer.bytes)
        output += "\n".utf8
    }
}

extension JSONWriter {
    /// Writes a row as an object on one line.
    /// - Parameter text: memory for the texts, kept from row to row.
    mutating func value(_ row: any Row, _ columns: [String], _ text: inout [UInt8]) {
        begin(.object, onOneLine: true)
        for (index, column) in columns.enumerated() {
            key(column)
            if row.isNull(index) {
                null()
            } else if row.isInteger(index) {
                number { row.appendText(index, to: &$0) }
            } else {
                text.removeAll(keepingCapacity: true)
                row.appendText(index, to: &text)
                self.text(bytes: text)
            }
        }
        end()
    }
}

extension OutputScanner {
    /// Skips an array: all of an empty one, otherwise up to the end of its first object.
    fileprivate mutating func skipArray(_ columns: [String]) -> Bool {
        if skip("[]\n") { return isAtEnd || isBefore(",\n\"") || isBefore("}\n") }
        return skip("[\n") && skipObject(columns)
    }

    /// Skips the object of a row.
    mutating func skipObject(_ columns: [String]) -> Bool {
        guard skip("{") else { return false }
        for (index, column) in columns.enumerated() {
            var key = JSONWriter(indentation: 0)
            key.begin(.object, onOneLine: true)
            key.key(column)
            guard index == 0 || skip(", "), skip(key.bytes.dropFirst()), skipValue() else {
                return false
            }
        }
        return skip("}")
    }

    /// Skips a string, a number or `null`.
    private mutating func skipValue() -> Bool {
        if !skip("\"") {
            return skip(while: { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }) > 0
        }
        var isEscaped = false
        while let byte = next() {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                return true
            }
        }
        return false
    }
}
