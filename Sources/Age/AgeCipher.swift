import Crypto

/// ChaCha20-Poly1305 (RFC 8439) as age uses it: without additional data.
enum AgeCipher {
    /// Decrypts.
    /// - Parameters:
    ///   - box: a nonce of 12 bytes, what is encrypted, and its tag of 16 bytes.
    ///   - content: what is decrypted is appended.
    /// - Returns: whether it is authentic. If not, nothing is appended.
    static func open(
        _ box: ArraySlice<UInt8>, with key: SymmetricKey, into content: inout [UInt8]
    ) -> Bool {
        do {
            let opened = try ChaChaPoly.open(ChaChaPoly.SealedBox(combined: box), using: key)
            unsafe opened.withUnsafeBytes { unsafe content.append(contentsOf: $0) }
            return true
        } catch {
            return false
        }
    }

    /// Encrypts.
    /// - Parameters:
    ///   - nonce: 12 bytes.
    ///   - output: what is encrypted and its tag are appended.
    static func seal(
        _ content: [UInt8], nonce: [UInt8], with key: SymmetricKey, into output: inout [UInt8]
    ) {
        do {
            let box = try ChaChaPoly.seal(
                content, using: key, nonce: try ChaChaPoly.Nonce(data: nonce))
            unsafe box.combined.withUnsafeBytes { unsafe output.append(contentsOf: $0[12...]) }
        } catch {
            preconditionFailure("ChaCha20-Poly1305: \(error)")
        }
    }
}
