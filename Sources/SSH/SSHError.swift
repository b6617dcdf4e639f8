/// What is wrong with a key or a signature of SSH.
package enum SSHError: Error, Hashable, Sendable {
    /// A private key that is encrypted.
    case passphrase
    /// A private key in PEM: PKCS #1, SEC 1, PKCS #8, or OpenSSL's format of DSA keys.
    case oldFormat
    /// A private key of RSA.
    case rsa
    /// A private key of another algorithm, by its name.
    case otherAlgorithm(String)
    /// No private key.
    case notAPrivateKey
    /// A private key that is not whole, or whose parts do not agree.
    case damagedPrivateKey
    /// No public key, or one that is not whole.
    case notAPublicKey
    /// No signature in armor.
    case notASignature
    /// A signature of another version of the format.
    case otherVersion(UInt32)
    /// A signature that is not whole, or has more than belongs to it.
    case damagedSignature
    /// A signature by a key of another algorithm than the signature.
    case algorithmsDiffer

    /// What the file is, in words that follow its name.
    package var reason: String {
        switch self {
        case .passphrase: "is protected by a passphrase"
        case .oldFormat: "is in the old PEM format"
        case .rsa: "is an RSA key"
        case .otherAlgorithm(let name): "is a key of type \(name)"
        case .notAPrivateKey: "is not a private key"
        case .damagedPrivateKey: "is a damaged private key"
        case .notAPublicKey: "is not a public key"
        case .notASignature: "is not an SSH signature"
        case .otherVersion(let number): "is an SSH signature of version \(number)"
        case .damagedSignature: "is a damaged SSH signature"
        case .algorithmsDiffer: "is an SSH signature by a key of another type"
        }
    }
}
