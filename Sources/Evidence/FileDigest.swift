import Crypto
import Text

/// The SHA-256 digest of a file's bytes (FIPS 180-4).
package struct FileDigest: Hashable, Sendable {
    private let words: InlineArray<4, UInt64>

    /// - Parameter hexadecimal: 64 digits in either case; the result is nil for anything else.
    package init?(hexadecimal: String) {
        guard hexadecimal.utf8.count == 64 else { return nil }
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

    private init(_ digest: SHA256Digest) {
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

    /// Compares all 256 bits.
    package static func == (first: FileDigest, second: FileDigest) -> Bool {
        (0..<4).allSatisfy { first.words[$0] == second.words[$0] }
    }

    /// Uses the first 64 bits, which are evenly distributed.
    package func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }

    /// 64 hexadecimal digits in lower case.
    package var hexadecimal: String {
        (0..<4).map { index in
            let digits = String(words[index], radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}
