/// An integer modulo p = 2^255 - 19, the field of Curve25519 and edwards25519 (RFC 7748, 4.1).
///
/// swift-crypto does not offer the map between the two curves, which needs divisions in this field.
/// The time that these functions take depends on the values: they are for public keys only.
struct FieldElement: Equatable {
    /// Four digits of 64 bits, the lowest first. The number is below p.
    private var limbs: InlineArray<4, UInt64>

    /// p.
    private static let modulus: InlineArray<4, UInt64> = [
        0xFFFF_FFFF_FFFF_FFED, .max, .max, 0x7FFF_FFFF_FFFF_FFFF,
    ]
    static let zero = FieldElement(0)
    static let one = FieldElement(1)

    /// A small number.
    init(_ number: UInt64) { limbs = [number, 0, 0, 0] }

    private init(_ limbs: InlineArray<4, UInt64>) { self.limbs = limbs }

    /// - Parameter bytes: 32 bytes, the lowest first; the result is nil for a number of p or above.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        var limbs: InlineArray<4, UInt64> = [0, 0, 0, 0]
        for index in 0..<32 { limbs[index / 8] |= UInt64(bytes[index]) << UInt64(index % 8 * 8) }
        if Self.isAtLeastModulus(limbs) { return nil }
        self.limbs = limbs
    }

    /// 32 bytes, the lowest first.
    var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: limbs[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    static func == (left: FieldElement, right: FieldElement) -> Bool {
        (0..<4).allSatisfy { left.limbs[$0] == right.limbs[$0] }
    }

    static func + (left: FieldElement, right: FieldElement) -> FieldElement {
        var sum = left.limbs
        _ = add(right.limbs, times: 1, to: &sum)  // below 2p, which has 256 bits
        return reduced(sum)
    }

    static func - (left: FieldElement, right: FieldElement) -> FieldElement {
        var difference = modulus
        subtract(right.limbs, from: &difference)
        return left + reduced(difference)
    }

    static func * (left: FieldElement, right: FieldElement) -> FieldElement {
        var low: InlineArray<4, UInt64> = [0, 0, 0, 0]
        var high: InlineArray<4, UInt64> = [0, 0, 0, 0]
        for row in 0..<4 {
            var carry: UInt64 = 0
            for column in 0..<4 {
                let place = row + column
                let digit = place < 4 ? low[place] : high[place - 4]
                // At most (2^64 - 1)^2 + 2 (2^64 - 1), which is 2^128 - 1.
                let sum =
                    UInt128(left.limbs[row]) * UInt128(right.limbs[column]) + UInt128(digit)
                    + UInt128(carry)
                let lowHalf = UInt64(truncatingIfNeeded: sum)
                if place < 4 { low[place] = lowHalf } else { high[place - 4] = lowHalf }
                carry = UInt64(truncatingIfNeeded: sum >> 64)
            }
            high[row] = carry
        }
        // 2^256 is 38 modulo p.
        var carry = add(high, times: 38, to: &low)
        while carry > 0 { carry = add([carry, 0, 0, 0], times: 38, to: &low) }
        return reduced(low)
    }

    /// The inverse, by Fermat's little theorem: the power p - 2. That of zero is zero.
    var inverse: FieldElement {
        power([0xFFFF_FFFF_FFFF_FFEB, .max, .max, 0x7FFF_FFFF_FFFF_FFFF])
    }

    /// Whether it is the square of a number, by Euler's criterion: the power (p - 1) / 2 is 0 or 1.
    var isSquare: Bool {
        let symbol = power([0xFFFF_FFFF_FFFF_FFF6, .max, .max, 0x3FFF_FFFF_FFFF_FFFF])
        return symbol == .zero || symbol == .one
    }

    private func power(_ exponent: InlineArray<4, UInt64>) -> FieldElement {
        var result = FieldElement.one
        for bit in (0..<256).reversed() {
            result = result * result
            if exponent[bit / 64] >> UInt64(bit % 64) & 1 == 1 { result = result * self }
        }
        return result
    }

    /// The number modulo p.
    private static func reduced(_ limbs: InlineArray<4, UInt64>) -> FieldElement {
        var limbs = limbs
        while isAtLeastModulus(limbs) { subtract(modulus, from: &limbs) }  // at most twice
        return FieldElement(limbs)
    }

    private static func isAtLeastModulus(_ limbs: InlineArray<4, UInt64>) -> Bool {
        for index in (0..<4).reversed() where limbs[index] != modulus[index] {
            return limbs[index] > modulus[index]
        }
        return true
    }

    /// - Returns: the digit above the highest.
    private static func add(
        _ addend: InlineArray<4, UInt64>, times factor: UInt64, to sum: inout InlineArray<4, UInt64>
    ) -> UInt64 {
        var carry: UInt128 = 0
        for index in 0..<4 {
            carry += UInt128(addend[index]) * UInt128(factor) + UInt128(sum[index])
            sum[index] = UInt64(truncatingIfNeeded: carry)
            carry >>= 64
        }
        return UInt64(truncatingIfNeeded: carry)
    }

    /// - Parameter difference: at least `subtrahend`.
    private static func subtract(
        _ subtrahend: InlineArray<4, UInt64>, from difference: inout InlineArray<4, UInt64>
    ) {
        var borrow = false
        for index in 0..<4 {
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
