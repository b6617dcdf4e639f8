/// Rows to be written to a table, in a form that needs no allocation for each of them.
package struct Rows: Sendable {
    package enum Cell: Sendable {
        case null
        case integer(Int64)
        /// Where the text stands; see `text(_:)`.
        case text(Range<Int>)
    }

    package let columnCount: Int
    /// Row after row.
    package private(set) var cells: [Cell] = []
    private var bytes: [UInt8] = []

    package init(columnCount: Int) { self.columnCount = columnCount }

    package var count: Int { cells.count / columnCount }
    package var isEmpty: Bool { cells.isEmpty }

    package mutating func append(_ integer: Int64) { cells.append(.integer(integer)) }

    package mutating func append(_ integer: Int64?) {
        cells.append(integer.map { .integer($0) } ?? .null)
    }

    /// - Parameter text: as UTF-8.
    package mutating func append(_ text: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes += text
        cells.append(.text(start..<bytes.count))
    }

    package mutating func append(_ text: String?) {
        if let text { append(ArraySlice(text.utf8)) } else { cells.append(.null) }
    }

    /// The UTF-8 of a cell.
    package func text(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range] }

    package mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}

/// A table in which each thing stands once, under an id that the database gives it.
package struct EntityTable: Sendable {
    package let name: String
    package let idColumn: String
    /// What the thing is told by, all columns together.
    package let keyColumns: [String]

    package init(name: String, idColumn: String, keyColumns: [String]) {
        self.name = name
        self.idColumn = idColumn
        self.keyColumns = keyColumns
    }
}
