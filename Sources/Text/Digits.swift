extension [UInt8] {
    /// Appends a number in decimal, in a third of the time that it takes to make a `String` of it.
    package mutating func append(digitsOf integer: Int64) {
        if integer < 0 { append(UInt8(ascii: "-")) }
        var first = count
        var rest = integer.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        // That of a slice takes ten times as long.
        var last = count - 1
        while first < last {
            swapAt(first, last)
            first += 1
            last -= 1
        }
    }
}
