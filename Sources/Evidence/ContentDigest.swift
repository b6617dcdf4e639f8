import Crypto
import Files
import Text

/// The SHA-256 digest of a file, or of other bytes (FIPS 180-4).
package struct ContentDigest: Hashable, Comparable, Sendable {
    private let words: InlineArray<4, UInt64>

    /// - Parameter hexadecimal: 64 digits in either case; the result is nil for anything else.
    package init?(hexadecimal: String) {
        // `UInt64` would take a sign.
        guard hexadecimal.utf8.count == 64, hexadecimal.utf8.allSatisfy({ $0 >= 0x30 }) else {
            return nil
        }
        var words = InlineArray<4, UInt64>(repeating: 0)
        for index in 0..<4 {
            let digits = hexadecimal.utf8.dropFirst(index * 16).prefix(16)
            guard let word = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) else {
                return nil
            }
            words[index] = word
        }
        self.words = words
    }

    /// The digest of bytes.
    package init(of bytes: [UInt8]) { self.init(SHA256.hash(data: bytes)) }

    init(_ digest: SHA256Digest) {
        var words = InlineArray<4, UInt64>(repeating: 0)
        for (index, byte) in digest.enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.words = words
    }

    /// Reads the file to its end and computes the digest.
    package init(
        _ file: inout EvidenceInput, using buffers: inout SnapshotBuffers
    ) throws(SnapshotError) {
        var digest = SHA256()
        while true {
            let count = try file.read(into: &buffers.input)
            if count == 0 { break }
            digest.update(data: buffers.input[..<count])
        }
        self.init(digest.finalize())
    }

    /// Reads the file to its end and computes the digest.
    init(of file: borrowing OpenFile) throws(FileError) {
        var digest = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try file.read(into: &buffer, at: 0)
            if count == 0 { break }
            digest.update(data: buffer[..<count])
        }
        self.init(digest.finalize())
    }

    /// Compares all 256 bits.
    package static func == (first: ContentDigest, second: ContentDigest) -> Bool {
        (0..<4).allSatisfy { first.words[$0] == second.words[$0] }
    }

    /// The order of the hexadecimal digits.
    package static func < (first: ContentDigest, second: ContentDigest) -> Bool {
        for index in 0..<4 where first.words[index] != second.words[index] {
            return first.words[index] < second.words[index]
        }
        return false
    }

    /// Appends the hexadecimal digits in ASCII.
    package func appendHexadecimal(to bytes: inout [UInt8]) {
        for index in 0..<4 {
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: words[index] >> UInt64(shift) & 15)
                bytes.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
            }
        }
    }

    /// Uses the first 64 bits, which are evenly distributed.
    package func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
    }

    /// 64 hexadecimal digits in lower case.
    package var hexadecimal: String {
        var bytes: [UInt8] = []
        appendHexadecimal(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension ItemList {
    /// The digest of the items in their order.
    package var digest: ContentDigest {
        var digest = SHA256()
        unsafe withUnsafeParts { unsafe digest.update(bufferPointer: $0) }
        return ContentDigest(digest.finalize())
    }
}
