/// A SHA-256 digest being computed (FIPS 180-4, 6.2), in Swift alone: a collector that is built
/// without swift-crypto needs it. Not called SHA256, which is swift-crypto's.
package struct SHA256Hasher {
    /// Bytes of a block.
    package static let blockSize = 64

    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// The message schedule, FIPS 180-4, 6.2.2. The first 16 words are the block being filled.
    private var words = InlineArray<64, UInt32>(repeating: 0)
    /// Bytes of the message so far.
    private var count: UInt64 = 0

    /// A digest of an empty message.
    package init() {}

    /// Adds the next bytes of the message.
    package mutating func update(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count {
            if count % 4 != 0 || index + 4 > bytes.count {
                append(bytes[index])
                index += 1
                continue
            }
            // A word at once.
            var word: UInt32 = 0
            for byte in index..<index + 4 {
                unsafe word = word << 8 | UInt32(bytes[unchecked: byte])
            }
            unsafe words[unchecked: Int(truncatingIfNeeded: count % 64 / 4)] = word
            index += 4
            count &+= 4
            if count % 64 == 0 { compressBlock() }
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
        let word = Int(truncatingIfNeeded: count % 64 / 4)
        words[word] = words[word] << 8 | UInt32(byte)
        count &+= 1
        if count % 64 == 0 { compressBlock() }
    }

    private mutating func compressBlock() {
        // Unchecked: the indices are those of the loops.
        for t in 16..<64 {
            let (w15, w2) = unsafe (words[unchecked: t - 15], words[unchecked: t - 2])
            let s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >> 3
            let s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >> 10
            unsafe words[unchecked: t] =
                words[unchecked: t - 16] &+ s0 &+ words[unchecked: t - 7] &+ s1
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for t in 0..<64 {
            let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let word = unsafe roundConstants[unchecked: t] &+ words[unchecked: t]
            let t1 = h &+ sum1 &+ (e & f ^ ~e & g) &+ word
            let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let t2 = sum0 &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
        }
        let working: InlineArray<8, UInt32> = [a, b, c, d, e, f, g, h]
        for index in state.indices { state[index] &+= working[index] }
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

private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 &- count)
}

/// FIPS 180-4, 4.2.2.
private let roundConstants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
]
