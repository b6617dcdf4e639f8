/// Rows to be written to a table, in a form that needs no allocation for each of them.
package struct Rows: Sendable {
    package enum Cell: Sendable {
        case null
        case integer(Int64)
        /// Where the text stands; see `text(_:)`.
        case text(Place)
    }

    /// Where a text stands in `bytes`, in half the memory that a `Range` takes.
    package struct Place: Sendable {
        private let start: UInt32
        private let count: UInt32

        fileprivate init(_ range: Range<Int>) {
            start = UInt32(range.lowerBound)
            count = UInt32(range.count)
        }

        package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    package let columnCount: Int
    /// Row after row.
    private var cells: [Cell] = []
    /// The UTF-8 of all texts.
    package private(set) var bytes: [UInt8] = []
    /// Whether any cell is a text, be it an empty one.
    package private(set) var hasText = false

    package init(columnCount: Int) { self.columnCount = columnCount }

    package var count: Int { cells.count / columnCount }
    package var isEmpty: Bool { cells.isEmpty }

    package mutating func append(_ integer: Int64?) {
        cells.append(integer.map { .integer($0) } ?? .null)
    }

    package mutating func append(_ integer: Int?) { append(integer.map { Int64($0) }) }

    /// - Parameter text: as UTF-8.
    package mutating func append(_ text: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes += text
        appendText(from: start)
    }

    package mutating func append(_ text: String?) {
        if let text { append(ArraySlice(text.utf8)) } else { cells.append(.null) }
    }

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

    /// Appends the columns of a statement's present row.
    package mutating func append(rowOf statement: any Statement) {
        for column in 0..<columnCount {
            if statement.isNull(column) {
                cells.append(.null)
            } else if statement.isInteger(column) {
                append(statement.integer(column))
            } else {
                let start = bytes.count
                statement.appendText(column, to: &bytes)
                appendText(from: start)
            }
        }
    }

    private mutating func appendText(from start: Int) {
        cells.append(.text(Place(start..<bytes.count)))
        hasText = true
    }

    /// Appends a row in which nothing is known.
    package mutating func appendNulls() {
        cells += repeatElement(.null, count: columnCount)
    }

    package subscript(row: Int, column: Int) -> Cell { cells[row * columnCount + column] }

    /// The UTF-8 of a cell.
    package func text(_ place: Place) -> ArraySlice<UInt8> { bytes[place.range] }

    /// The integer in a cell, nil if there is none.
    package func integer(_ row: Int, _ column: Int) -> Int64? {
        if case .integer(let integer) = self[row, column] { integer } else { nil }
    }

    /// The UTF-8 in a cell, nil if there is none.
    package func text(_ row: Int, _ column: Int) -> ArraySlice<UInt8>? {
        if case .text(let place) = self[row, column] { text(place) } else { nil }
    }

    /// The text in a cell, nil if there is none.
    package func string(_ row: Int, _ column: Int) -> String? {
        text(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The cells of a row.
    package subscript(row: Int) -> ArraySlice<Cell> {
        cells[row * columnCount..<(row + 1) * columnCount]
    }

    /// Ranges of rows for one statement each. Their sizes are powers of two, so that there are few
    /// different statements.
    /// - Parameters:
    ///   - maxRows: rows in a range at the most, a power of two.
    ///   - maxTextBytes: bytes of the texts in a range at the most, unless it is a single row.
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

    package var hasNull: Bool {
        cells.contains { if case .null = $0 { true } else { false } }
    }

    /// Of rows whose last columns are keys, those with `keys`.
    /// - Returns: for each of `keys`, in their order, the other columns; null where there is none.
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

    package mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        hasText = false
    }
}

/// A table whose rows have ids that the database gives them.
package struct EntityTable: Sendable {
    package let name: String
    package let idColumn: String
    /// What identifies a row, all columns together; none where no two rows are the same thing.
    package let keyColumns: [String]

    package init(name: String, idColumn: String, keyColumns: [String]) {
        self.name = name
        self.idColumn = idColumn
        self.keyColumns = keyColumns
    }
}
