/// The word that was meant by a mistyped one: the one that takes the fewest mistakes to become it, at
/// most one in three bytes, and four altogether. Capitals of ASCII and dashes in front do not count.
/// - Parameter words: the ones there are; of several that are as near, the first is it.
/// - Returns: nil where none is near enough to say so.
package func suggestion(for mistyped: String, among words: [String]) -> String? {
    let typed = letters(mistyped)
    var nearest: String?
    var least = 5
    for word in words {
        let meant = letters(word)
        let most = min(4, max(typed.count, meant.count) / 3)
        if abs(typed.count - meant.count) > most { continue }
        let count = mistakes(typed, meant)
        if count <= most && count < least { (least, nearest) = (count, word) }
    }
    return nearest
}

// What follows is in collectors too: loops over bytes are smaller there than generic functions.

private func letters(_ text: String) -> [UInt8] {
    var letters: [UInt8] = []
    for byte in text.utf8 where byte != UInt8(ascii: "-") || !letters.isEmpty {
        letters.append(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte)
    }
    return letters
}

/// How many bytes are missing, too many, wrong, or swapped with the next: the distance of Damerau and
/// Levenshtein, in which nothing is changed twice.
private func mistakes(_ a: [UInt8], _ b: [UInt8]) -> Int {
    // The rows of the table one after the other.
    let width = b.count + 1
    var table = [Int](repeating: 0, count: (a.count + 1) * width)
    for place in table.indices {
        let (row, column) = (place / width, place % width)
        if row == 0 || column == 0 {
            table[place] = row + column
            continue
        }
        let isSame = a[row - 1] == b[column - 1]
        var least = min(table[place - width], table[place - 1]) + 1
        least = min(least, table[place - width - 1] + (isSame ? 0 : 1))
        if row > 1, column > 1, a[row - 1] == b[column - 2], a[row - 2] == b[column - 1] {
            least = min(least, table[place - 2 * width - 2] + 1)
        }
        table[place] = least
    }
    return table[a.count * width + b.count]
}
