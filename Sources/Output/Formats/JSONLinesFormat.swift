import Database

extension RowFormat {
    /// JSON Lines: an object on each line, as those of `json`.
    ///
    /// The files end in `.ndjson`, because `ingest` takes what has `.jsonl` in its name for a snapshot.
    package static let jsonLines = RowFormat(
        name: "jsonl", title: "JSON Lines", fileExtension: "ndjson", sequence: nil,
        makeFormatter: { columns, _ in JSONLinesFormatter(columns) },
        // A file of no rows is empty.
        skip: { columns, scanner in
            scanner.isAtEnd || scanner.skipObject(columns) && scanner.skip("\n")
        })
}

/// An object for each row. Texts are unmodified.
struct JSONLinesFormatter: RowFormatter {
    private let columns: [String]
    private var text: [UInt8] = []

    init(_ columns: [String]) { self.columns = columns }

    func begin(_ output: inout [UInt8]) {}

    mutating func add(_ row: any Row, _ output: inout [UInt8]) {
        var writer = JSONWriter(indentation: 0)
        swap(&output, &writer.bytes)
        writer.value(row, columns, &text)
        swap(&output, &writer.bytes)
        output += "\n".utf8
    }

    func end(rows: Int, omitted: Int, _ output: inout [UInt8]) {}
}
