import Database

/// Reads and writes the rows of names in the index of `census find`.
struct NameList {
    /// A name that matches, by its `Name_ID`. The first byte of its key is its kind.
    struct Name {
        let id: Int64
        let key: [UInt8]
    }

    /// The names that match, so far.
    private(set) var matches: [Name] = []
    /// How many names of the kinds there are, so far.
    private(set) var searched = 0
    private let kinds: Set<NameIndex.Kind>
    private let pattern: NamePattern?
    /// The names of the last row, after the byte of their kind.
    private var text: [UInt8] = []

    private static let lineFeed = UInt8(ascii: "\n")
    private static let backslash = UInt8(ascii: "\\")

    /// - Parameter pattern: nil for none that matches.
    init(_ kinds: Set<NameIndex.Kind>, _ pattern: NamePattern?) {
        self.kinds = kinds
        self.pattern = pattern
    }

    /// Counts a name, and compares it with the pattern.
    /// - Parameter key: the name, after the byte of its kind.
    mutating func isMatch(_ key: ArraySlice<UInt8>) -> Bool {
        guard let kind = NameIndex.Kind(rawValue: key[key.startIndex]), kinds.contains(kind) else {
            return false
        }
        searched += 1
        return pattern?.matches(key.dropFirst()) ?? false
    }

    /// Compares the names of the current row of `Scripts.Query.findNames` with the pattern.
    mutating func add(rowOf row: any Statement) {
        let first = row.integer(0)
        let kind = UInt8(truncatingIfNeeded: row.integer(1))
        text.removeAll(keepingCapacity: true)
        text.append(kind)
        row.appendText(2, to: &text)
        guard let named = NameIndex.Kind(rawValue: kind), kinds.contains(named) else { return }
        var id = first
        var start = 1
        for end in 1..<text.count where text[end] == Self.lineFeed {
            let line = text[start..<end]
            searched += 1
            if let pattern {
                if line.contains(Self.backslash) {
                    let name = Self.unescaped(line)
                    if pattern.matches(name[...]) {
                        matches.append(Name(id: id, key: [kind] + name))
                    }
                } else if pattern.matches(line) {
                    matches.append(Name(id: id, key: [kind] + line))
                }
            }
            id &+= 1
            start = end + 1
        }
    }

    /// Adds all names of the last row, whatever their kind.
    /// - Throws: if one is there already.
    func appendAll(
        to names: inout NameRuns, in database: any Database
    ) throws(DatabaseError) {
        var start = 1
        for end in 1..<text.count where text[end] == Self.lineFeed {
            let number = names.count
            guard names.append([text[0]] + Self.unescaped(text[start..<end])) == number else {
                throw database.damaged("\(NameIndexTables.names) has a name twice")
            }
            start = end + 1
        }
    }

    private static func unescaped(_ line: ArraySlice<UInt8>) -> [UInt8] {
        if !line.contains(backslash) { return Array(line) }
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
    private static let rowBytes = 8_000

    /// The rows of the names from a number on.
    static func rows(
        of names: NameRuns, from first: Int
    ) -> [(first: Int, kind: NameIndex.Kind, text: [UInt8])] {
        var rows: [(first: Int, kind: NameIndex.Kind, text: [UInt8])] = []
        for number in first..<names.count {
            let key = names.key(number)
            let kind = NameIndex.Kind(rawValue: key[0])!
            if rows.isEmpty || rows[rows.count - 1].kind != kind
                || rows[rows.count - 1].text.count > rowBytes
            {
                rows.append((number, kind, []))
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
}
