/// Why an age file cannot be written or read.
package struct AgeError: Error, Hashable, Sendable {
    /// The kind of error. The kinds of a file that cannot be read are those of C2SP's test vectors.
    package enum Kind: Hashable, Sendable {
        /// The bytes are no age file, or the header is not as the specification has it.
        case header
        /// The file ends before the end of its header.
        case truncatedHeader
        /// The header is that of a later version of the format.
        case version
        /// The ASCII armor is not as the specification has it.
        case armor
        /// The file is not encrypted for any of the identities.
        case noMatch
        /// The file is encrypted only for what census has no keys of: a passphrase, a plugin.
        case unsupported
        /// The header was changed after it was made: its authentication code is wrong.
        case mac
        /// A chunk of the content fails authentication, or other data follows the last chunk.
        case payload
        /// The file ends before the end of its content.
        case truncated
        /// A recipient or an identity cannot be used.
        case key
        /// The content is longer than the caller allows.
        case tooLong
    }

    /// The kind of error.
    package let kind: Kind
    /// What is wrong, for a person. It never holds a part of a secret key.
    package let reason: String

    /// An error with a reason.
    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}
