/// An integer modulo p = 2^255 - 19, the field of Curve25519 and edwards25519 (RFC 7748, 4.1).
///
/// swift-crypto does not offer the map between the two curves, which needs divisions in this field.
/// The time that these functions take depends on the values: they are for public keys only.
struct FieldElement: Equatable {
    /// Eight digits of 32 bits, which every processor multiplies, the lowest first. The number is below
    /// p.
    private var digits: InlineArray<8, UInt32>

    /// p.
    private static let modulus: InlineArray<8, UInt32> = [
        0xFFFF_FFED, .max, .max, .max, .max, .max, .max, 0x7FFF_FFFF,
    ]
    static var zero: FieldElement { FieldElement(0) }
    static var one: FieldElement { FieldElement(1) }

    /// A small number.
    init(_ number: UInt32) { digits = [number, 0, 0, 0, 0, 0, 0, 0] }

    private init(_ digits: InlineArray<8, UInt32>) { self.digits = digits }

    /// - Parameter bytes: 32 bytes, the lowest first; the result is nil for a number of p or above.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        var digits = InlineArray<8, UInt32>(repeating: 0)
        for index in 0..<32 { digits[index / 4] |= UInt32(bytes[index]) << UInt32(index % 4 * 8) }
        if Self.isAtLeastModulus(digits) { return nil }
        self.digits = digits
    }

    /// 32 bytes, the lowest first.
    var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: digits[$0 / 4] >> UInt32($0 % 4 * 8)) }
    }

    static func == (left: FieldElement, right: FieldElement) -> Bool {
        (0..<8).allSatisfy { left.digits[$0] == right.digits[$0] }
    }

    static func + (left: FieldElement, right: FieldElement) -> FieldElement {
        var sum = left.digits
        _ = add(right.digits, times: 1, to: &sum)  // below 2p, which has 256 bits
        return reduced(sum)
    }

    static func - (left: FieldElement, right: FieldElement) -> FieldElement {
        var difference = modulus
        subtract(right.digits, from: &difference)
        return left + reduced(difference)
    }

    static func * (left: FieldElement, right: FieldElement) -> FieldElement {
        var low = InlineArray<8, UInt32>(repeating: 0)
        var high = InlineArray<8, UInt32>(repeating: 0)
        for row in 0..<8 {
            var carry: UInt64 = 0
            for column in 0..<8 {
                let place = row + column
                // At most (2^32 - 1)^2 + 2 (2^32 - 1), which is 2^64 - 1.
                let sum =
                    UInt64(left.digits[row]) * UInt64(right.digits[column])
                    + UInt64(place < 8 ? low[place] : high[place - 8]) + carry
                let digit = UInt32(truncatingIfNeeded: sum)
                if place < 8 { low[place] = digit } else { high[place - 8] = digit }
                carry = sum >> 32
            }
            high[row] = UInt32(truncatingIfNeeded: carry)
        }
        // 2^256 is 38 modulo p.
        var carry = add(high, times: 38, to: &low)
        while carry > 0 { carry = add(FieldElement(carry).digits, times: 38, to: &low) }
        return reduced(low)
    }

    /// The inverse, by Fermat's little theorem: the power p - 2. That of zero is zero.
    var inverse: FieldElement {
        power([0xFFFF_FFEB, .max, .max, .max, .max, .max, .max, 0x7FFF_FFFF])
    }

    /// Whether it is the square of a number, by Euler's criterion: the power (p - 1) / 2 is 0 or 1.
    var isSquare: Bool {
        let symbol = power([0xFFFF_FFF6, .max, .max, .max, .max, .max, .max, 0x3FFF_FFFF])
        return symbol == .zero || symbol == .one
    }

    private func power(_ exponent: InlineArray<8, UInt32>) -> FieldElement {
        var result = FieldElement.one
        for bit in (0..<256).reversed() {
            result = result * result
            if exponent[bit / 32] >> UInt32(bit % 32) & 1 == 1 { result = result * self }
        }
        return result
    }

    /// The number modulo p.
    private static func reduced(_ digits: InlineArray<8, UInt32>) -> FieldElement {
        var digits = digits
        while isAtLeastModulus(digits) { subtract(modulus, from: &digits) }  // at most twice
        return FieldElement(digits)
    }

    private static func isAtLeastModulus(_ digits: InlineArray<8, UInt32>) -> Bool {
        for index in (0..<8).reversed() where digits[index] != modulus[index] {
            return digits[index] > modulus[index]
        }
        return true
    }

    /// - Returns: the digit above the highest.
    private static func add(
        _ addend: InlineArray<8, UInt32>, times factor: UInt32, to sum: inout InlineArray<8, UInt32>
    ) -> UInt32 {
        var carry: UInt64 = 0
        for index in 0..<8 {
            carry += UInt64(addend[index]) * UInt64(factor) + UInt64(sum[index])
            sum[index] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
        }
        return UInt32(truncatingIfNeeded: carry)
    }

    /// - Parameter difference: at least `subtrahend`.
    private static func subtract(
        _ subtrahend: InlineArray<8, UInt32>, from difference: inout InlineArray<8, UInt32>
    ) {
        var borrow = false
        for index in 0..<8 {
            let (first, wraps) = difference[index].subtractingReportingOverflow(subtrahend[index])
            let (second, wrapsAgain) = first.subtractingReportingOverflow(borrow ? 1 : 0)
            difference[index] = second
            borrow = wraps || wrapsAgain
        }
    }
}

extension FieldElement {
    /// The key of X25519 that corresponds to a public key of Ed25519: the u of its point on the
    /// Montgomery curve, (1 + y) / (1 - y) (RFC 7748, 4.1).
    /// - Parameter key: 32 bytes (RFC 8032, 5.1.2).
    /// - Returns: nil if the bytes are no point of edwards25519, or not its only encoding.
    static func montgomery(ofEd25519 key: [UInt8]) -> [UInt8]? {
        guard key.count == 32 else { return nil }
        var bytes = key
        bytes[31] &= 0x7F
        guard let y = FieldElement(bytes) else { return nil }
        // x^2 = (y^2 - 1) / (d y^2 + 1), where d is -121665 / 121666.
        let d = zero - FieldElement(121665) * FieldElement(121666).inverse
        let square = y * y
        let xSquare = (square - one) * (d * square + one).inverse
        let isNegative = key[31] & 0x80 != 0
        if !xSquare.isSquare || (xSquare == zero && isNegative) { return nil }
        return ((one + y) * (one - y).inverse).bytes
    }
}
