package import Database

extension RowCursor {
    /// Writes all rows in chunks: memory does not grow with the number of rows.
    /// - Parameters:
    ///   - limit: the maximum number of rows; nil for all.
    ///   - output: receives the bytes in chunks.
    package func write(
        _ format: RowFormat, limit: Int?, to output: ([UInt8]) throws -> Void
    ) throws -> WrittenRows {
        var formatter = format.formatter(columnNames)
        if formatter.measuresFirst { try measure(limit, &formatter) }
        var bytes: [UInt8] = []
        formatter.begin(&bytes)
        var rows = 0
        var omitted = 0
        while try step() {
            if let limit, rows == limit {
                omitted += 1
                continue
            }
            rows += 1
            formatter.add(self, &bytes)
            if bytes.count > 1 << 16 {
                try output(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        formatter.end(rows: rows, omitted: omitted, &bytes)
        try output(bytes)
        return WrittenRows(omitted: omitted, by: formatter)
    }

    /// Runs the query once for a formatter that must measure all rows first.
    private func measure(
        _ limit: Int?, _ formatter: inout any RowFormatter
    ) throws(DatabaseError) {
        var rows = 0
        while try step() {
            if let limit, rows == limit {
                reset()
                break
            }
            rows += 1
            formatter.measure(self)
        }
    }
}
