import Text

/// The ASCII armor of an age file: PEM as RFC 7468, 3, has it in its strict form, apart from white space
/// before and behind it, and CR LF in place of LF.
package enum AgeArmor {
    /// The first line, without its line end.
    package static let begin = Array("-----BEGIN AGE ENCRYPTED FILE-----".utf8)
    /// The last line.
    fileprivate static let end = Array("-----END AGE ENCRYPTED FILE-----".utf8)
    fileprivate static let columns = 64
    /// How much white space is taken before and behind.
    fileprivate static let maxSpace = 1024

    fileprivate static func isSpace(_ byte: UInt8) -> Bool { (9...13).contains(byte) || byte == 32 }

    /// Whether bytes are the beginning of an armored file, with white space in front or not.
    static func isBeginning(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.prefix(maxSpace + begin.count).drop(while: isSpace).starts(with: begin)
    }
}

/// Decodes armor from pieces of any length.
struct AgeArmorReader: Sendable {
    private enum Place { case before, inside, lastLine, behind }

    private var place = Place.before
    /// The line so far.
    private var line: [UInt8] = []
    /// The white space around the armor so far.
    private var spaceCount = 0

    /// Reads on.
    /// - Parameter output: the bytes that were encoded are appended. Those before an error are
    ///   appended, too.
    mutating func read(_ bytes: ArraySlice<UInt8>, into output: inout [UInt8]) throws(AgeError) {
        var rest = bytes
        while !rest.isEmpty {
            if place == .behind { return try skip(rest) }
            let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n"))
            line += rest[..<(lineEnd ?? rest.endIndex)]
            if line.count > AgeArmor.maxSpace {
                throw AgeError(.armor, "a line of the armor is too long")
            }
            guard let lineEnd else { return }
            rest = rest[(lineEnd + 1)...]
            try takeLine(into: &output)
        }
    }

    /// Ends the file.
    /// - Throws: if the armor is not complete.
    mutating func finish(into output: inout [UInt8]) throws(AgeError) {
        if !line.isEmpty { try takeLine(into: &output) }
        if place != .behind {
            throw AgeError(.armor, "the armor ends early: its last line is missing")
        }
    }

    private mutating func takeLine(into output: inout [UInt8]) throws(AgeError) {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        switch place {
        case .before:
            if line.allSatisfy(AgeArmor.isSpace) {
                spaceCount += line.count + 1
                if spaceCount > AgeArmor.maxSpace {
                    throw AgeError(.armor, "there is too much white space before the armor")
                }
            } else if line == AgeArmor.begin {
                place = .inside
            } else {
                throw AgeError(.armor, "other text stands before the armor")
            }
        case .inside, .lastLine:
            if line == AgeArmor.end {
                place = .behind
                spaceCount = 0
            } else if place == .lastLine {
                throw AgeError(.armor, "a short line is not the last one of the armor")
            } else if line.count <= AgeArmor.columns,
                let bytes = bytesOfBase64(line, from: 0, to: line.count)
            {
                output += bytes
                if line.count < AgeArmor.columns || line.last == UInt8(ascii: "=") {
                    place = .lastLine
                }
            } else {
                throw AgeError(.armor, "a line of the armor is damaged")
            }
        case .behind: break
        }
    }

    private mutating func skip(_ bytes: ArraySlice<UInt8>) throws(AgeError) {
        spaceCount += bytes.count
        if !bytes.allSatisfy(AgeArmor.isSpace) {
            throw AgeError(.armor, "other text follows the armor")
        }
        if spaceCount > AgeArmor.maxSpace {
            throw AgeError(.armor, "there is too much white space behind the armor")
        }
    }
}
