/// An IPv4 address, the first byte in the high bits.
struct IPv4Address: Hashable, CustomStringConvertible {
    var bits: UInt32

    var isLoopback: Bool { bits >> 24 == 127 }
    var isLinkLocal: Bool { bits >> 16 == 169 << 8 | 254 }

    init(bits: UInt32) { self.bits = bits }

    /// - Parameter bytes: in network order.
    /// - Returns: nil if they are not four.
    init?(bytes: [UInt8]) {
        guard bytes.count == 4 else { return nil }
        bits = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads `192.0.2.10`.
    init?(_ text: some StringProtocol) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
            .map { UInt8($0) }
        guard numbers.count == 4 else { return nil }
        bits = 0
        for number in numbers {
            guard let number else { return nil }
            bits = bits << 8 | UInt32(number)
        }
    }

    var description: String {
        [24, 16, 8, 0].map { String(bits >> $0 & 255) }.joined(separator: ".")
    }
}
