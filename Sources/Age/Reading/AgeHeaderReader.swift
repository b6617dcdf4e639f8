import Crypto

extension AgeHeader {
    /// Whether the header is as it was made.
    func isAuthentic(with fileKey: AgePrimitives.Key) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: authenticated, using: Self.codeKey(fileKey))
    }
}

/// Reads a header line by line, from pieces of any length.
struct AgeHeaderReader: Sendable {
    /// What has been read of the header.
    private var text: [UInt8] = []
    private var lineStart = 0
    private var stanzas: [AgeStanza] = []
    /// Whether the body of the last stanza goes on.
    private var isInsideBody = false

    /// No writer makes a longer one; more stanzas would take long to decrypt.
    private static let maxCount = 1 << 18

    /// Reads on.
    /// - Parameter range: the bytes still to be read; its start is advanced up to the end of the
    ///   header.
    /// - Returns: the header; nil if more bytes are needed.
    mutating func read(
        _ bytes: ArraySlice<UInt8>, _ range: inout Range<Int>
    ) throws(AgeError) -> AgeHeader? {
        while !range.isEmpty {
            let rest = bytes[range]
            let lineEnd = rest.firstIndex(of: UInt8(ascii: "\n"))
            let end = lineEnd.map { $0 + 1 } ?? rest.endIndex
            if text.count + end - range.lowerBound > Self.maxCount {
                throw AgeError(.header, "the age header has more than \(Self.maxCount) bytes")
            }
            text += bytes[range.lowerBound..<end]
            range = end..<range.upperBound
            if lineEnd == nil { return nil }
            if let header = try takeLine() { return header }
        }
        return nil
    }

    /// Why the bytes that there are make no header.
    var endError: AgeError {
        if text.isEmpty { return AgeError(.header, "the age file is empty") }
        return AgeError(.truncatedHeader, "the file ends in the middle of the age header")
    }

    private mutating func takeLine() throws(AgeError) -> AgeHeader? {
        let line = text[lineStart..<text.count - 1]
        let start = lineStart
        lineStart = text.count
        if start == 0 {
            try requireVersion(line)
        } else if isInsideBody {
            guard line.count <= 64, let bytes = UnpaddedBase64.decode(line) else {
                throw AgeError(.header, "the body of a stanza of the age header is damaged")
            }
            stanzas[stanzas.count - 1].body += bytes
            isInsideBody = line.count == 64
        } else if line.starts(with: "---".utf8) {
            guard line.dropFirst(3).first == UInt8(ascii: " "), !stanzas.isEmpty,
                let code = UnpaddedBase64.decode(line.dropFirst(4)),
                code.count == 32
            else { throw AgeError(.header, "the last line of the age header is damaged") }
            return AgeHeader(
                stanzas: stanzas, authenticated: Array(text[..<(start + 3)]), code: code)
        } else {
            stanzas.append(try AgeStanza(line: line))
            isInsideBody = true
        }
        return nil
    }

    private func requireVersion(_ line: ArraySlice<UInt8>) throws(AgeError) {
        if line.elementsEqual(AgeHeader.version) { return }
        let name = "age-encryption.org/"
        let version = line.dropFirst(name.utf8.count)
        if line.starts(with: name.utf8), !version.isEmpty, version.count <= 20,
            version.allSatisfy({ (33...126).contains($0) })
        {
            throw AgeError(
                .version,
                "this is age format \(String(decoding: version, as: UTF8.self)), and census reads v1"
            )
        }
        if line.dropLast().elementsEqual(AgeHeader.version), line.last == UInt8(ascii: "\r") {
            throw AgeError(.header, "the age file was copied as text; copy the file unchanged")
        }
        throw AgeError(
            .header, "this is not an age file: its first line is not age-encryption.org/v1")
    }
}
