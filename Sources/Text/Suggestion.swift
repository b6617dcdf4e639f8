/// The word that was meant by a mistyped one: the one that takes the fewest mistakes to become it, at
/// most one in three characters, and four altogether. Capitals and dashes in front do not count.
/// - Parameter words: the ones there are; of several that are as near, the first is it.
/// - Returns: nil where none is near enough to say so.
package func suggestion(for mistyped: String, among words: [String]) -> String? {
    func letters(_ text: String) -> [Character] { Array(text.lowercased().drop { $0 == "-" }) }
    let typed = letters(mistyped)
    var nearest: (count: Int, word: String)?
    for word in words {
        let meant = letters(word)
        let most = min(4, max(typed.count, meant.count) / 3)
        if abs(typed.count - meant.count) > most { continue }
        let count = mistakes(typed, meant)
        if count <= most && count < nearest?.count ?? .max { nearest = (count, word) }
    }
    return nearest?.word
}

/// How many characters are missing, too many, wrong, or swapped with the next: the distance of
/// Damerau and Levenshtein, in which nothing is changed twice.
private func mistakes(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for row in a.indices {
        var present = [row + 1]
        for column in b.indices {
            var least = min(
                last[column + 1] + 1, present[column] + 1,
                last[column] + (a[row] == b[column] ? 0 : 1))
            if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
                least = min(least, beforeLast[column - 1] + 1)
            }
            present.append(least)
        }
        (beforeLast, last) = (last, present)
    }
    return last[b.count]
}
