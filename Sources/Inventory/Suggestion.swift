/// The word that was meant by a mistyped one; nil where none is near enough to say so.
/// - Parameter words: the ones there are; of several that are as near, the first is it.
package func suggestion(for mistyped: String, among words: [String]) -> String? {
    let nearest = words.map { (word: $0, distance: editDistance($0, mistyped)) }
        .min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= max(1, nearest.word.count / 3) else { return nil }
    return nearest.word
}

/// How many characters have to be added, removed, replaced, or swapped with their neighbour: the
/// restricted Damerau–Levenshtein distance. Case does not count.
private func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.lowercased()), Array(b.lowercased()))
    if a.count > 100 || b.count > 100 { return .max }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for row in a.indices {
        var present = [row + 1]
        for column in b.indices {
            var distance = min(
                last[column + 1] + 1, present[column] + 1,
                last[column] + (a[row] == b[column] ? 0 : 1))
            if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            present.append(distance)
        }
        (beforeLast, last) = (last, present)
    }
    return last[b.count]
}
