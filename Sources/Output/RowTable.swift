package import Database

/// A table of rows in memory.
package struct RowTable: Sendable, Equatable {
    /// The titles of the columns.
    package let columns: [String]
    /// The rows, each with one value per column.
    package var rows: [[Value]] = []

    /// - Parameters:
    ///   - columns: their titles.
    ///   - rows: rows with one value per column.
    package init(_ columns: [String], _ rows: [[Value]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// The rows in a format.
    /// - Parameter limit: the maximum number of rows; nil for all.
    package func bytes(_ format: RowFormat, limit: Int? = nil) -> [UInt8] {
        formatted(format, limit: limit).bytes
    }

    /// The rows in a format, and what of them it does not show.
    package func formatted(
        _ format: RowFormat, limit: Int? = nil
    ) -> (bytes: [UInt8], written: WrittenRows) {
        let shown = rows.prefix(limit ?? rows.count)
        var formatter = format.formatter(columns)
        if formatter.measuresFirst { for row in shown { formatter.measure(row) } }
        var bytes: [UInt8] = []
        formatter.begin(&bytes)
        for row in shown { formatter.add(row, &bytes) }
        let omitted = rows.count - shown.count
        formatter.end(rows: shown.count, omitted: omitted, &bytes)
        return (bytes, WrittenRows(omitted: omitted, by: formatter))
    }
}
