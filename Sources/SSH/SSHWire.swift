import Text

/// Reads the data types of the SSH protocol, RFC 4251, section 5, from bytes of unknown origin.
package struct SSHReader {
    private var bytes: [UInt8]
    private var index = 0

    /// Begins at the first byte.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether all bytes have been read.
    package var isAtEnd: Bool { index == bytes.count }

    /// The next bytes; nil if fewer are left.
    package mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= bytes.count - index else { return nil }
        defer { index += count }
        return Array(bytes[index..<index + count])
    }

    /// A `uint32`; nil if fewer bytes are left.
    package mutating func number() -> UInt32? {
        guard let four = take(4) else { return nil }
        var number: UInt32 = 0
        for byte in four { number = number << 8 | UInt32(byte) }
        return number
    }

    /// A `string`: its length as a `uint32`, and as many bytes. Nil if it is not whole.
    package mutating func string() -> [UInt8]? {
        guard let count = number() else { return nil }
        return take(Int(truncatingIfNeeded: Int64(count)))
    }

    /// An `mpint` from 0 on, as its `count` lowest bytes, the highest first. Nil if it is not whole, is
    /// below 0, needs more bytes, or is not as short as it can be.
    package mutating func natural(count: Int) -> [UInt8]? {
        guard var bytes = string() else { return nil }
        defer { forget(&bytes) }
        var start = 0
        if let first = bytes.first {
            if first >= 0x80 { return nil }
            if first == 0 {
                guard bytes.count > 1, bytes[1] >= 0x80 else { return nil }
                start = 1
            }
        }
        let zeros = count - (bytes.count - start)
        return zeros < 0 ? nil : [UInt8](repeating: 0, count: zeros) + bytes[start...]
    }

    /// Overwrites the bytes, which are a secret. Nothing else may have the same array.
    mutating func erase() {
        index = bytes.count
        forget(&bytes)
    }

    /// Whether the next `string` has this text. It is read in either case.
    package mutating func has(_ text: StaticString) -> Bool {
        guard let string = string() else { return false }
        return string == sshText(text)
    }
}

/// The bytes of a text in a program.
@inline(never)
package func sshText(_ text: StaticString) -> [UInt8] {
    text.withUTF8Buffer { unsafe Array($0) }
}

/// A `uint32` of RFC 4251, section 5.
package func sshNumber(_ number: UInt32) -> [UInt8] {
    [
        UInt8(number >> 24), UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF),
        UInt8(number & 0xFF),
    ]
}

/// A `string` of RFC 4251, section 5: its length, and the bytes.
package func sshString(_ bytes: [UInt8]) -> [UInt8] { sshNumber(UInt32(bytes.count)) + bytes }

/// An `mpint` of RFC 4251, section 5, of a number from 0 on, given as bytes, the highest first.
package func sshNatural(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array(bytes.drop { $0 == 0 })
    return sshString((digits.first ?? 0) >= 0x80 ? [0] + digits : digits)
}
