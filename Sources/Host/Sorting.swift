/// Sorts texts by their bytes.
/// - Returns: whether they were in another order.
@discardableResult
func sort(_ texts: inout [[UInt8]]) -> Bool {
    // Often they are in order.
    var index = 1
    while index < texts.count, compare(texts[index - 1], texts[index]) <= 0 { index += 1 }
    if index >= texts.count { return false }
    heapSort(
        texts.count, isBefore: { compare(texts[$0], texts[$1]) < 0 },
        swap: { texts.swapAt($0, $1) })
    return true
}

/// The order of two texts by their bytes: less than 0, 0 or more.
@inline(never)
func compare(_ a: [UInt8], _ b: [UInt8]) -> Int {
    for index in 0..<min(a.count, b.count) where a[index] != b[index] {
        return Int(a[index]) - Int(b[index])
    }
    return a.count - b.count
}

/// Sorts what has the indices from 0 to `count`, in place. Swift's own sort is compiled again for each
/// type of elements, in 6 KB each.
func heapSort(_ count: Int, isBefore: (Int, Int) -> Bool, swap: (Int, Int) -> Void) {
    // First a heap is made, from its last parent to its root, then the largest goes to the end.
    var (root, end) = (count / 2, count)
    while end > 1 {
        if root > 0 {
            root -= 1
        } else {
            end -= 1
            swap(0, end)
        }
        var parent = root
        while 2 * parent + 1 < end {
            var child = 2 * parent + 1
            if child + 1 < end && isBefore(child, child + 1) { child += 1 }
            if !isBefore(parent, child) { break }
            swap(parent, child)
            parent = child
        }
    }
}
