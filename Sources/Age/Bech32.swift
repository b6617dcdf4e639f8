/// The text form of keys: BIP 173, without its limit on the length.
package enum Bech32 {
    private static let digits = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let checksumCount = 6

    /// The text of bytes.
    /// - Parameter prefix: the human-readable part, in lower case.
    package static func encode(_ bytes: [UInt8], prefix: String) -> String {
        let prefix = Array(prefix.utf8)
        var values: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                values.append(UInt8(bits >> UInt32(bitCount) & 31))
            }
        }
        if bitCount > 0 { values.append(UInt8(bits << UInt32(5 - bitCount) & 31)) }
        let checksum = polymod(expanded(prefix) + values + [UInt8](repeating: 0, count: 6)) ^ 1
        for index in 0..<checksumCount {
            values.append(UInt8(checksum >> UInt32(5 * (5 - index)) & 31))
        }
        let text = prefix + [UInt8(ascii: "1")] + values.map { digits[Int($0)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// The human-readable part, as it is written, and the bytes; nil if the text is none, or not the
    /// only text of its bytes: all of it is in one case, the checksum holds, and the bits that fill the
    /// last digit are zero.
    package static func decode(_ text: [UInt8]) -> (prefix: [UInt8], bytes: [UInt8])? {
        let hasLower = text.contains { (0x61...0x7A).contains($0) }
        let hasUpper = text.contains { (0x41...0x5A).contains($0) }
        if hasLower && hasUpper { return nil }
        let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard let separator = lower.lastIndex(of: UInt8(ascii: "1")), separator > 0,
            lower.count - separator - 1 >= checksumCount,
            text.allSatisfy({ (33...126).contains($0) })
        else { return nil }
        var values: [UInt8] = []
        for byte in lower[(separator + 1)...] {
            guard let value = digits.firstIndex(of: byte) else { return nil }
            values.append(UInt8(value))
        }
        if polymod(expanded(Array(lower[..<separator])) + values) != 1 { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        for value in values.dropLast(checksumCount) {
            bits = (bits << 5 | UInt32(value)) & 0xFFFF
            bitCount += 5
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        if bitCount >= 5 || bits & (1 << UInt32(bitCount) - 1) != 0 { return nil }
        return (Array(text[..<separator]), bytes)
    }

    /// What the checksum takes of the human-readable part.
    private static func expanded(_ prefix: [UInt8]) -> [UInt8] {
        prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [
            0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3,
        ]
        var checksum: UInt32 = 1
        for value in values {
            let top = checksum >> 25
            checksum = (checksum & 0x1FF_FFFF) << 5 ^ UInt32(value)
            for (bit, term) in generator.enumerated() where top >> UInt32(bit) & 1 == 1 {
                checksum ^= term
            }
        }
        return checksum
    }
}
