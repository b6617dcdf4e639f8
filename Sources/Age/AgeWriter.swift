/// Encrypts an age file as its content comes. The content is never kept but for a chunk of 64 KiB.
package struct AgeWriter {
    /// The number of bytes of content in each chunk but the last.
    package static let chunkBytes = 1 << 16
    /// What the key of the content is derived with.
    static let contentLabel = Array("payload".utf8)

    private let contentKey: AgePrimitives.Key
    /// What is written before the first chunk.
    private var beginning: [UInt8]
    /// The content of the chunk that is being collected.
    private var chunk: [UInt8] = []
    /// The number of chunks that have been encrypted.
    private var counter: UInt64 = 0

    /// Makes a file key, and encrypts it for each recipient.
    /// - Parameter recipients: one or more.
    package init(_ recipients: [AgeRecipient]) {
        precondition(!recipients.isEmpty)
        let fileKey = AgePrimitives.randomKey()
        let nonce = AgePrimitives.random(16)
        contentKey = AgePrimitives.derive(fileKey, salt: nonce, info: Self.contentLabel)
        beginning = AgeHeader.text(recipients.map { $0.stanza(of: fileKey) }, fileKey) + nonce
    }

    /// Encrypts more content.
    /// - Parameter output: the bytes of the file are appended, as far as they are complete.
    package mutating func write(_ content: ArraySlice<UInt8>, into output: inout [UInt8]) {
        output += beginning
        beginning = []
        var rest = content
        while !rest.isEmpty {
            // A full chunk is encrypted when more content comes: only then is it not the last one.
            if chunk.count == Self.chunkBytes { sealChunk(isLast: false, into: &output) }
            let count = min(Self.chunkBytes - chunk.count, rest.count)
            chunk += rest.prefix(count)
            rest = rest.dropFirst(count)
        }
    }

    /// Encrypts the last chunk, which is empty if there was no content.
    package mutating func finish(into output: inout [UInt8]) {
        write([], into: &output)
        sealChunk(isLast: true, into: &output)
    }

    /// The age file of a content.
    package static func file(of content: [UInt8], for recipients: [AgeRecipient]) -> [UInt8] {
        var writer = AgeWriter(recipients)
        var file: [UInt8] = []
        file.reserveCapacity(content.count + content.count / 4096 + 512 + 160 * recipients.count)
        writer.write(content[...], into: &file)
        writer.finish(into: &file)
        return file
    }

    private mutating func sealChunk(isLast: Bool, into output: inout [UInt8]) {
        var nonce = [UInt8](repeating: 0, count: 12)
        for index in 0..<8 {
            nonce[3 + index] = UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * index))
        }
        nonce[11] = isLast ? 1 : 0
        AgePrimitives.seal(chunk, nonce: nonce, with: contentKey, into: &output)
        counter += 1
        chunk.removeAll(keepingCapacity: true)
    }
}
