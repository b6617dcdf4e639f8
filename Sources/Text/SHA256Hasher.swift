import CHost

/// A SHA-256 digest being computed (FIPS 180-4, 6.2), without swift-crypto: a collector needs it. Not
/// called SHA256, which is swift-crypto's.
package struct SHA256Hasher {
    /// Bytes of a block.
    package static let blockSize = 64

    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// The block being filled.
    private var block = InlineArray<64, UInt8>(repeating: 0)
    /// Bytes of the message so far.
    private var count: UInt64 = 0

    /// A digest of an empty message.
    package init() {}

    /// Adds the next bytes of the message.
    package mutating func update(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            let rest = bytes.count - index
            if count % 64 != 0 || rest < 64 {
                append(bytes[index])
                index += 1
                continue
            }
            // Whole blocks at once.
            let whole = rest - rest % 64
            unsafe bytes.withUnsafeBufferPointer {
                unsafe compress($0.baseAddress! + index, whole)
            }
            index += whole
            count &+= UInt64(whole)
        }
    }

    /// Adds the next bytes of the message.
    package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    /// Adds the next bytes of the message.
    package mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

    /// Ends the message.
    /// - Returns: the digest, 32 bytes.
    package consuming func finish() -> [UInt8] {
        let bitCount = count &* 8
        append(0x80)
        while count % 64 != 56 { append(0) }
        for byte in 0..<8 { append(UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * byte))) }
        var digest: [UInt8] = []
        digest.reserveCapacity(32)
        for index in state.indices {
            for byte in 0..<4 {
                digest.append(UInt8(truncatingIfNeeded: state[index] >> UInt32(24 - 8 * byte)))
            }
        }
        return digest
    }

    private mutating func append(_ byte: UInt8) {
        block[Int(truncatingIfNeeded: count % 64)] = byte
        count &+= 1
        if count % 64 != 0 { return }
        let block = block
        unsafe block.span.withUnsafeBufferPointer {
            unsafe compress($0.baseAddress!, Self.blockSize)
        }
    }

    /// Adds whole blocks to the state.
    @inline(never)
    private mutating func compress(_ blocks: UnsafePointer<UInt8>, _ count: Int) {
        var words = state.mutableSpan
        unsafe words.withUnsafeMutableBufferPointer {
            unsafe census_sha256($0.baseAddress, blocks, Int64(count))
        }
    }
}

/// The authentication code of a message, HMAC-SHA-256 (RFC 2104): 32 bytes.
package func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
    var short = key
    if key.count > SHA256Hasher.blockSize {
        var digest = SHA256Hasher()
        digest.update(key)
        short = digest.finish()
    }
    var block = [UInt8](repeating: 0x36, count: SHA256Hasher.blockSize)
    for index in short.indices { block[index] ^= short[index] }
    var inner = SHA256Hasher()
    inner.update(block)
    inner.update(message)
    for index in block.indices { block[index] ^= 0x36 ^ 0x5c }
    var outer = SHA256Hasher()
    outer.update(block)
    forget(&block)
    outer.update(inner.finish())
    return outer.finish()
}

/// A key of 32 bytes that is derived from a secret, HKDF-SHA-256 (RFC 5869).
/// - Parameter info: what the key is for.
package func hkdfSHA256(_ secret: [UInt8], salt: [UInt8], info: [UInt8]) -> [UInt8] {
    var key = hmacSHA256(key: salt, message: secret)
    defer { forget(&key) }
    // The first block of the expansion is all of a key that is as long as the digest.
    return hmacSHA256(key: key, message: info + [1])
}
