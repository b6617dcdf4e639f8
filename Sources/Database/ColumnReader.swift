/// Reads the columns of a row one after the other, in the order of the query.
package struct ColumnReader {
    private let row: any Statement
    private var column: Int

    /// Begins at a column, counted from 0.
    package init(_ row: any Statement, from column: Int = 0) {
        self.row = row
        self.column = column - 1
    }

    /// The next column, an integer; 0 for NULL.
    package mutating func integer() -> Int64 {
        column += 1
        return row.integer(column)
    }

    /// The next column, an integer; nil for NULL.
    package mutating func integerOrNil() -> Int64? {
        column += 1
        return row.isNull(column) ? nil : row.integer(column)
    }

    /// The next column as a text; empty for NULL.
    package mutating func text() -> String {
        column += 1
        return row.text(column)
    }

    /// The next column as a text; nil for NULL.
    package mutating func textOrNil() -> String? {
        column += 1
        return row.textOrNil(column)
    }
}
