import Text

/// Rows to be written to a table, stored without an allocation per row.
///
/// What is called for each cell is inlined in other modules, which needs `@usableFromInline` of the types.
@usableFromInline package struct Rows: Sendable {
    /// A value of a row.
    @usableFromInline package enum Cell: Sendable {
        case null
        case integer(Int64)
        /// The place of a text; see `text(_:)`.
        case text(Place)
    }

    /// The range of a text in `bytes`, in half the memory of a `Range`.
    @usableFromInline package struct Place: Sendable {
        @usableFromInline let start: UInt32
        @usableFromInline let count: UInt32

        @inlinable init(_ range: Range<Int>) {
            start = UInt32(range.lowerBound)
            count = UInt32(range.count)
        }

        /// The range in `bytes`.
        @inlinable package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    /// The number of columns of each row.
    @usableFromInline package let columnCount: Int
    /// The cells of all rows, row by row.
    @usableFromInline var cells: [Cell] = []
    /// The UTF-8 of all texts, one after another.
    @usableFromInline package internal(set) var bytes: [UInt8] = []
    /// Whether any cell is a text, even an empty one.
    @usableFromInline package internal(set) var hasText = false

    /// No rows.
    package init(columnCount: Int) { self.columnCount = columnCount }

    /// The number of complete rows.
    @inlinable package var count: Int { cells.count / columnCount }
    /// Whether there are no rows.
    package var isEmpty: Bool { cells.isEmpty }

    /// Appends a cell to the last row; nil is NULL. The other overloads do the same.
    @inlinable package mutating func append(_ integer: Int64?) {
        if let integer { cells.append(.integer(integer)) } else { cells.append(.null) }
    }

    /// Appends a cell; nil is NULL.
    package mutating func append(_ integer: Int?) { append(integer.map { Int64($0) }) }

    /// Appends a text.
    /// - Parameter text: UTF-8.
    @inlinable package mutating func append(_ text: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes += text
        appendText(from: start)
    }

    /// Appends a text.
    /// - Parameter body: appends its UTF-8 to the array that it is given.
    package mutating func append(text body: (inout [UInt8]) -> Void) {
        let start = bytes.count
        body(&bytes)
        appendText(from: start)
    }

    /// Appends a cell; nil is NULL.
    package mutating func append(_ text: String?) {
        if let text { append(ArraySlice(text.utf8)) } else { cells.append(.null) }
    }

    /// Appends a cell of 1 or 0; nil is NULL.
    package mutating func append(_ boolean: Bool?) {
        append(boolean.map { $0 ? 1 as Int64 : 0 })
    }

    /// Appends a whole row of `rows`.
    package mutating func append(row: Int, of rows: Rows) {
        for column in 0..<rows.columnCount {
            switch rows[row, column] {
            case .text(let place): append(rows.text(place))
            case let cell: cells.append(cell)
            }
        }
    }

    /// The first columns of all rows.
    package func prefix(columns count: Int) -> Rows { columns(0..<count) }

    /// Consecutive columns of all rows.
    package func columns(_ range: Range<Int>) -> Rows {
        if range == 0..<columnCount { return self }
        var part = Rows(columnCount: range.count)
        for row in 0..<count {
            for column in range {
                switch self[row, column] {
                case .text(let place): part.append(text(place))
                case let cell: part.cells.append(cell)
                }
            }
        }
        return part
    }

    /// Appends the columns of the current row of a statement.
    package mutating func append(rowOf statement: any Statement) {
        for column in 0..<columnCount { append(column, of: statement) }
    }

    /// Appends a column of the current row of a statement.
    package mutating func append(_ column: Int, of statement: any Statement) {
        if statement.isNull(column) {
            cells.append(.null)
        } else if statement.isInteger(column) {
            append(statement.integer(column))
        } else {
            append { statement.appendText(column, to: &$0) }
        }
    }

    @inlinable mutating func appendText(from start: Int) {
        cells.append(.text(Place(start..<bytes.count)))
        hasText = true
    }

    /// Appends a row of nulls.
    package mutating func appendNulls() {
        cells += repeatElement(.null, count: columnCount)
    }

    /// A cell. Rows and columns are counted from 0.
    @inlinable package subscript(row: Int, column: Int) -> Cell {
        cells[row * columnCount + column]
    }

    /// The UTF-8 of a cell.
    @inlinable package func text(_ place: Place) -> ArraySlice<UInt8> { bytes[place.range] }

    /// The integer in a cell; nil if the cell is not an integer.
    package func integer(_ row: Int, _ column: Int) -> Int64? {
        if case .integer(let integer) = self[row, column] { integer } else { nil }
    }

    /// The UTF-8 in a cell; nil if the cell is not a text.
    package func text(_ row: Int, _ column: Int) -> ArraySlice<UInt8>? {
        if case .text(let place) = self[row, column] { text(place) } else { nil }
    }

    /// The text in a cell; nil if the cell is not a text.
    package func string(_ row: Int, _ column: Int) -> String? {
        text(row, column).map { String(carrying: Array($0)) }
    }

    /// The cells of a row.
    @inlinable package subscript(row: Int) -> ArraySlice<Cell> {
        cells[row * columnCount..<(row + 1) * columnCount]
    }

    /// Splits the rows into ranges, one for each statement. Their sizes are powers of two, so that
    /// there are few different statements.
    /// - Parameters:
    ///   - maxRows: the maximum number of rows in a range, a power of two.
    ///   - maxTextBytes: the maximum number of bytes of text in a range, unless it is a single row.
    package func chunks(maxRows: Int, maxTextBytes: Int = .max) -> [Range<Int>] {
        var chunks: [Range<Int>] = []
        var start = 0
        while start < count {
            var size = maxRows
            while size > 1
                && (size > count - start
                    || maxTextBytes < .max && textByteCount(start..<start + size) > maxTextBytes)
            {
                size /= 2
            }
            chunks.append(start..<start + size)
            start += size
        }
        return chunks
    }

    private func textByteCount(_ rows: Range<Int>) -> Int {
        cells[rows.lowerBound * columnCount..<rows.upperBound * columnCount].reduce(0) {
            if case .text(let place) = $1 { $0 + place.range.count } else { $0 }
        }
    }

    /// Whether any cell is NULL.
    package var hasNull: Bool {
        cells.contains { if case .null = $0 { true } else { false } }
    }

    /// The rows with `keys`, of rows whose last columns are keys.
    /// - Returns: the other columns for each of `keys`, in their order; null if there is no such
    ///   row.
    package func lookUp(_ keys: Rows) -> Rows {
        var rowsByKey: [[KeyPart]: Int] = [:]
        let width = columnCount - keys.columnCount
        for row in 0..<count { rowsByKey[key(row, from: width)] = row }
        var result = Rows(columnCount: width)
        for key in 0..<keys.count {
            let row = rowsByKey.isEmpty ? nil : rowsByKey[keys.key(key, from: 0)]
            for column in 0..<width {
                switch row.map({ self[$0, column] }) ?? .null {
                case .text(let place): result.append(text(place))
                case let cell: result.cells.append(cell)
                }
            }
        }
        return result
    }

    private enum KeyPart: Hashable {
        case null
        case integer(Int64)
        case text(ArraySlice<UInt8>)
    }

    private func key(_ row: Int, from column: Int) -> [KeyPart] {
        (column..<columnCount).map { column in
            switch self[row, column] {
            case .null: .null
            case .integer(let integer): .integer(integer)
            case .text(let place): .text(text(place))
            }
        }
    }

    /// Removes all rows and keeps the memory.
    package mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        hasText = false
    }
}

/// A table whose rows have ids assigned by the database.
package struct EntityTable: Sendable {
    /// The name of the table.
    package let name: String
    /// The column of the id.
    package let idColumn: String
    /// The columns that together identify a row; empty if rows have no key.
    package let keyColumns: [String]
    /// The other columns, whose values follow from the key.
    package let valueColumns: [String]
    /// The name of the unique index of its keys on an engine where they are no constraint of the table; nil if
    /// they are one on all engines.
    package let keyIndex: String?

    /// Describes a table.
    package init(
        name: String, idColumn: String, keyColumns: [String], valueColumns: [String] = [],
        keyIndex: String? = nil
    ) {
        self.name = name
        self.idColumn = idColumn
        self.keyColumns = keyColumns
        self.valueColumns = valueColumns
        self.keyIndex = keyIndex
    }

    /// The columns of a row without its id: those of the key, then the others.
    package var columns: [String] { keyColumns + valueColumns }
}
