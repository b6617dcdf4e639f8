import Files
import SystemPackage

/// The names of signatures: `NAME.sig` of `NAME`; `NAME.sig.age`, which is encrypted, of `NAME.age`, or of
/// an encrypted `NAME` without that ending.
enum SignatureName {
    private static let plain = Array(".sig".utf8)
    private static let age = Array(".age".utf8)
    private static let encrypted = plain + age

    /// Whether a name is that of a signature.
    static func isOne(_ name: [UInt8]) -> Bool {
        hasEnding(name, plain) || hasEnding(name, encrypted)
    }

    static func isEncrypted(_ signature: FilePath) -> Bool { hasEnding(signature.bytes, encrypted) }

    /// The signatures that a file may have.
    static func paths(beside file: FilePath) -> [FilePath] {
        let bytes = file.bytes
        let names =
            hasEnding(bytes, age)
            ? [bytes.dropLast(age.count) + encrypted] : [bytes + encrypted, bytes + plain]
        return names.map { FilePath(bytes: Array($0)) }
    }

    /// The files that a signature may be of, the likelier first; empty for the path of no signature.
    static func files(of signature: FilePath) -> [FilePath] {
        let bytes = signature.bytes
        if hasEnding(bytes, encrypted) {
            let stem = Array(bytes.dropLast(encrypted.count))
            return [FilePath(bytes: stem + bytes.suffix(age.count)), FilePath(bytes: stem)]
        }
        guard hasEnding(bytes, plain) else { return [] }
        let stem = Array(bytes.dropLast(plain.count))
        return hasEnding(stem, age) ? [] : [FilePath(bytes: stem)]
    }

    /// Capitals do not count, as on a stick.
    private static func hasEnding(_ name: [UInt8], _ ending: [UInt8]) -> Bool {
        name.count > ending.count
            && name.suffix(ending.count).elementsEqual(ending) { byte, small in
                byte == small || byte | 0x20 == small && 0x41...0x5A ~= byte
            }
    }
}
