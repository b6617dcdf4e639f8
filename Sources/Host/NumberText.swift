/// A number of at most 8 digits in hexadecimal.
@inline(never)
func hexadecimalNumber(_ digits: ArraySlice<UInt8>) -> UInt32? {
    var number: UInt32 = 0
    if digits.isEmpty || digits.count > 8 { return nil }
    for digit in digits {
        switch digit {
        case 0x30...0x39: number = number << 4 | UInt32(digit - 0x30)
        case 0x41...0x46: number = number << 4 | UInt32(digit - 0x37)
        case 0x61...0x66: number = number << 4 | UInt32(digit - 0x57)
        default: return nil
        }
    }
    return number
}

/// A number of at most 18 digits.
@inline(never)
package func decimalNumber(_ digits: ArraySlice<UInt8>) -> Int64? {
    var number: Int64 = 0
    if digits.isEmpty || digits.count > 18 { return nil }
    for digit in digits {
        if digit < 0x30 || digit > 0x39 { return nil }
        number = number * 10 + Int64(digit - 0x30)
    }
    return number
}
