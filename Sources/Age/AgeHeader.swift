/// The header of an age file.
struct AgeHeader: Sendable {
    /// The stanzas, one or more.
    let stanzas: [AgeStanza]
    /// What is authenticated: the bytes up to the `---` of the last line.
    let authenticated: [UInt8]
    /// The authentication code of 32 bytes.
    let code: [UInt8]

    /// The first line, without its line feed.
    static let version = Array("age-encryption.org/v1".utf8)

    /// The text of a header.
    /// - Parameter stanzas: with the file key in each.
    static func text(_ stanzas: [AgeStanza], _ fileKey: AgePrimitives.Key) -> [UInt8] {
        var text = version + [UInt8(ascii: "\n")]
        for stanza in stanzas { text += stanza.text }
        text += Array("---".utf8)
        let code = AgePrimitives.code(of: text, with: codeKey(fileKey))
        return text + [UInt8(ascii: " ")] + UnpaddedBase64.encode(code) + [UInt8(ascii: "\n")]
    }

    /// The key of the authentication code.
    static func codeKey(_ fileKey: AgePrimitives.Key) -> AgePrimitives.Key {
        AgePrimitives.derive(fileKey, salt: [], info: Array("header".utf8))
    }
}
