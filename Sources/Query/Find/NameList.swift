import Database

/// Reads the rows of names in the index of `census find`, and compares the names with a pattern.
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
    private let pattern: NamePattern

    init(_ kinds: Set<NameIndex.Kind>, _ pattern: NamePattern) {
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
        return pattern.matches(key.dropFirst())
    }

    /// Counts the names of a row, and compares them with the pattern.
    mutating func add(_ row: NameRow) {
        guard let kind = NameIndex.Kind(rawValue: row.kind), kinds.contains(kind) else { return }
        row.forEachLine { id, line in
            searched += 1
            if NameRow.isEscaped(line) {
                let name = NameRow.unescaped(line)
                if pattern.matches(name[...]) {
                    matches.append(Name(id: id, key: [row.kind] + name))
                }
            } else if pattern.matches(line) {
                matches.append(Name(id: id, key: [row.kind] + line))
            }
        }
    }
}
