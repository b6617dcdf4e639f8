/// A recipient stanza of a header: the file key, encrypted for one recipient.
struct AgeStanza: Sendable {
    /// The kind of recipient, such as `X25519`.
    let kind: [UInt8]
    /// What follows the kind.
    let arguments: [[UInt8]]
    /// The encrypted file key; of unknown kinds, any bytes.
    var body: [UInt8] = []

    /// Parses the first line, without its line feed.
    init(line: ArraySlice<UInt8>) throws(AgeError) {
        var parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let isWellFormed =
            parts.count > 1 && parts[0].elementsEqual("->".utf8)
            && parts.dropFirst().allSatisfy {
                !$0.isEmpty && $0.allSatisfy { (33...126).contains($0) }
            }
        if !isWellFormed { throw AgeError(.header, "a stanza of the age header is damaged") }
        parts.removeFirst()
        kind = Array(parts[0])
        arguments = parts.dropFirst().map { Array($0) }
    }

    /// A stanza to be written.
    init(_ kind: AgeKind, _ arguments: [[UInt8]], body: [UInt8]) {
        self.kind = Array(kind.rawValue.utf8)
        self.arguments = arguments
        self.body = body
    }

    /// Whether it is of a kind that census reads.
    func isOf(_ kind: AgeKind) -> Bool { self.kind.elementsEqual(kind.rawValue.utf8) }

    /// The text in the header. The body has less than 48 bytes, so that one line holds it.
    var text: [UInt8] {
        var text = Array("-> ".utf8) + kind
        for argument in arguments { text += [UInt8(ascii: " ")] + argument }
        text.append(UInt8(ascii: "\n"))
        text += UnpaddedBase64.encode(body)
        text.append(UInt8(ascii: "\n"))
        return text
    }

    /// The ephemeral share, the last argument, of a stanza of a kind that census reads.
    /// - Throws: if the stanza does not have the form of its kind. It is then not to be decrypted
    ///   ("partitioning oracle attacks" of the specification).
    func share(of kind: AgeKind) throws(AgeError) -> [UInt8] {
        guard arguments.count == kind.argumentCount,
            let share = UnpaddedBase64.decode(arguments[arguments.count - 1][...]),
            share.count == 32, body.count == 32
        else {
            throw AgeError(.header, "the stanza \(kind.rawValue) of the age header is damaged")
        }
        return share
    }
}

/// The kinds of recipients that census encrypts for and reads.
enum AgeKind: String, CaseIterable, Sendable {
    /// An age key, `age1…` (C2SP's specification).
    case x25519 = "X25519"
    /// An SSH key, as age's package agessh has it; the specification does not describe it.
    case ed25519 = "ssh-ed25519"

    /// How many arguments follow the kind in a stanza.
    var argumentCount: Int { self == .x25519 ? 1 : 2 }

    /// What the keys are derived with.
    var label: [UInt8] { Array("age-encryption.org/v1/\(rawValue)".utf8) }
}
