import Database

/// A row of names in the index of `census find`. Each name ends in a line feed; `\n` and `\\` in a name
/// mean a line feed and a backslash.
struct NameRow {
    /// The `Name_ID` of the first name; the others are numbered on.
    private(set) var first: Int64 = 0
    /// The value of a `NameIndex.Kind`, or any other in a damaged database.
    private(set) var kind: UInt8 = 0
    /// The names, as they are written.
    private(set) var text: [UInt8] = []

    private static let lineFeed = UInt8(ascii: "\n")
    private static let backslash = UInt8(ascii: "\\")

    /// No names.
    init() {}

    private init(first: Int64, kind: UInt8) {
        self.first = first
        self.kind = kind
    }

    /// Takes the current row of `Scripts.Query.findNames`.
    mutating func read(_ row: any Statement) {
        first = row.integer(0)
        kind = UInt8(truncatingIfNeeded: row.integer(1))
        text.removeAll(keepingCapacity: true)
        row.appendText(2, to: &text)
    }

    /// - Parameter body: is given each `Name_ID`, and the name as it is written.
    func forEachLine<Failure: Error>(
        _ body: (Int64, ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var (id, start) = (first, 0)
        for end in text.indices where text[end] == Self.lineFeed {
            try body(id, text[start..<end])
            id &+= 1
            start = end + 1
        }
    }

    /// Whether a name differs from what is written.
    static func isEscaped(_ line: ArraySlice<UInt8>) -> Bool { line.contains(backslash) }

    /// The name that is written so.
    static func unescaped(_ line: ArraySlice<UInt8>) -> [UInt8] {
        if !isEscaped(line) { return Array(line) }
        var name: [UInt8] = []
        var isEscaped = false
        for byte in line {
            if isEscaped {
                name.append(byte == UInt8(ascii: "n") ? lineFeed : byte)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else {
                name.append(byte)
            }
        }
        return name
    }

    // MARK: Writing

    /// The number of bytes of a row, unless it is a single name: every server accepts a statement of
    /// some kilobytes.
    private static let maxBytes = 8_000

    /// The rows of the names from a number on.
    static func rows(of names: NameRuns, from first: Int) -> [NameRow] {
        var rows: [NameRow] = []
        for number in first..<names.count {
            let key = names.key(number)
            if rows.isEmpty || rows[rows.count - 1].kind != key[0]
                || rows[rows.count - 1].text.count > maxBytes
            {
                rows.append(NameRow(first: names.ids[number], kind: key[0]))
            }
            for byte in key.dropFirst() {
                switch byte {
                case lineFeed: rows[rows.count - 1].text += [backslash, UInt8(ascii: "n")]
                case backslash: rows[rows.count - 1].text += [backslash, backslash]
                default: rows[rows.count - 1].text.append(byte)
                }
            }
            rows[rows.count - 1].text.append(lineFeed)
        }
        return rows
    }

    /// What is left without some names: a row for each part, as all names keep their numbers.
    func without(_ ids: Set<Int64>) -> [NameRow] {
        var rows: [NameRow] = []
        var next: Int64?
        forEachLine { id, line in
            if ids.contains(id) { return }
            if next != id { rows.append(NameRow(first: id, kind: kind)) }
            rows[rows.count - 1].text += line
            rows[rows.count - 1].text.append(Self.lineFeed)
            next = id &+ 1
        }
        return rows
    }

    /// Inserts rows into the index.
    static func insert(_ rows: [NameRow], into database: any Database) throws(DatabaseError) {
        var values = Rows(columnCount: 3)
        for row in rows {
            values.append(row.first)
            values.append(Int64(row.kind))
            values.append(row.text[...])
        }
        try database.insert(
            values, into: NameIndexTables.names, columns: ["First_Name_ID", "Kind", "Names"])
    }
}
