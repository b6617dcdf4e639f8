/// How an age file is encoded.
package enum AgeForm: Sendable {
    /// As bytes.
    case binary
    /// As text, in ASCII armor.
    case armored

    /// - Parameter beginning: the first bytes of a file; the result is nil if it is no age file of any
    ///   version.
    package init?(beginning: ArraySlice<UInt8>) {
        if beginning.starts(with: "age-encryption.org/".utf8) {
            self = .binary
        } else if AgeArmor.isBeginning(beginning) {
            self = .armored
        } else {
            return nil
        }
    }
}

/// Decrypts an age file from pieces of any length. It releases what has been authenticated, and
/// nothing else.
package struct AgeReader: Sendable {
    /// The number of bytes of content in each chunk but the last.
    package static let chunkBytes = AgeWriter.chunkBytes

    private enum Stage: Sendable {
        case header
        /// The nonce of the content.
        case nonce
        case content(AgePrimitives.Key)
        /// The last chunk has been read.
        case ended
        case failed(AgeError)
    }

    private let identities: AgeIdentities
    private var armor: AgeArmorReader?
    private var stage = Stage.header
    private var header = AgeHeaderReader()
    private var fileKey: AgePrimitives.Key?
    private var nonce: [UInt8] = []

    /// The chunk that is being collected, behind the 12 bytes of its nonce, as swift-crypto takes it.
    private var chunk: [UInt8] = []
    private var chunkCount = 0
    /// The number of chunks that have been decrypted.
    private var counter: UInt64 = 0

    private static let nonceCount = 12
    private static let tagCount = 16
    private static let fullCount = chunkBytes + tagCount

    /// The kinds of recipients in the header, in its order; nil before the header has been read.
    package private(set) var kinds: [[UInt8]]?

    /// Begins a file.
    package init(_ form: AgeForm, _ identities: AgeIdentities) {
        self.identities = identities
        armor = form == .armored ? AgeArmorReader() : nil
    }

    /// Reads on.
    /// - Parameter output: the content that has been authenticated is appended, in whole chunks.
    /// - Throws: what is wrong. Content before it has been appended; nothing more will be.
    package mutating func read(
        _ bytes: ArraySlice<UInt8>, into output: inout [UInt8]
    ) throws(AgeError) {
        do throws(AgeError) {
            guard armor != nil else { return try take(bytes, into: &output) }
            var binary: [UInt8] = []
            let armorError: AgeError?
            do throws(AgeError) {
                try armor!.read(bytes, into: &binary)
                armorError = nil
            } catch {
                armorError = error
            }
            try take(binary[...], into: &output)
            if let armorError { throw armorError }
        } catch {
            stage = .failed(error)
            throw error
        }
    }

    /// Ends the file.
    /// - Parameter output: the last chunk is appended.
    /// - Throws: if the file is not complete.
    package mutating func finish(into output: inout [UInt8]) throws(AgeError) {
        do throws(AgeError) {
            var binary: [UInt8] = []
            try armor?.finish(into: &binary)
            try take(binary[...], into: &output)
            try takeEnd(into: &output)
        } catch {
            stage = .failed(error)
            throw error
        }
    }

    private mutating func take(
        _ bytes: ArraySlice<UInt8>, into output: inout [UInt8]
    ) throws(AgeError) {
        var rest = bytes.indices
        while !rest.isEmpty {
            switch stage {
            case .header:
                guard let whole = try header.read(bytes, &rest) else { return }
                kinds = whole.stanzas.map(\.kind)
                fileKey = try identities.fileKey(in: whole)
                stage = .nonce
            case .nonce:
                let end = min(rest.lowerBound + 16 - nonce.count, rest.upperBound)
                nonce += bytes[rest.lowerBound..<end]
                rest = end..<rest.upperBound
                if nonce.count == 16 { beginContent() }
            case .content(let key):
                let end = min(rest.lowerBound + Self.fullCount - chunkCount, rest.upperBound)
                append(bytes[rest.lowerBound..<end])
                rest = end..<rest.upperBound
                if chunkCount == Self.fullCount { try openFullChunk(key, into: &output) }
            case .ended:
                throw AgeError(.payload, "other data follows the encrypted content")
            case .failed(let error): throw error
            }
        }
    }

    private mutating func beginContent() {
        guard let fileKey else { preconditionFailure("the header was read") }
        stage = .content(
            AgePrimitives.derive(fileKey, salt: nonce, info: AgeWriter.contentLabel))
        self.fileKey = nil
        chunk = [UInt8](repeating: 0, count: Self.nonceCount + Self.fullCount)
    }

    /// Copies bytes to the end of the chunk, in one go.
    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        let start = Self.nonceCount + chunkCount
        chunkCount += bytes.count
        precondition(Self.nonceCount + chunkCount <= chunk.count)
        unsafe chunk.withUnsafeMutableBytes { chunk in
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: chunk[start...]).copyMemory(
                    from: bytes)
            }
        }
    }

    /// Decrypts a chunk of full length. Whether it is the last one is part of its nonce, and not yet
    /// known.
    private mutating func openFullChunk(
        _ key: AgePrimitives.Key, into output: inout [UInt8]
    ) throws(AgeError) {
        if openChunk(key, isLast: false, into: &output) { return }
        if !openChunk(key, isLast: true, into: &output) { throw damagedChunk }
        stage = .ended
    }

    private mutating func takeEnd(into output: inout [UInt8]) throws(AgeError) {
        switch stage {
        case .header: throw header.endError
        case .nonce:
            throw AgeError(.truncatedHeader, "the file ends in the middle of the age header")
        case .content(let key):
            if chunkCount < Self.tagCount {
                throw AgeError(.truncated, "the file ends before the end of its encrypted content")
            }
            if chunkCount == Self.tagCount && counter > 0 {
                throw AgeError(.payload, "the last chunk of the encrypted content is empty")
            }
            if !openChunk(key, isLast: true, into: &output) { throw damagedChunk }
            stage = .ended
        case .ended: return
        case .failed(let error): throw error
        }
    }

    private var damagedChunk: AgeError {
        let number = counter + 1
        return AgeError(
            .payload,
            chunkCount == Self.fullCount
                ? "chunk \(number) of the encrypted content was changed; copy the file again"
                : "the end of the encrypted content, chunk \(number), was changed or cut off; "
                    + "copy the file again")
    }

    /// Decrypts the chunk.
    /// - Returns: whether it is authentic. If so, its content is appended, and the next chunk begins.
    private mutating func openChunk(
        _ key: AgePrimitives.Key, isLast: Bool, into output: inout [UInt8]
    ) -> Bool {
        // Eleven bytes of a counter, the highest first, of which eight suffice; and the flag.
        for index in 0..<8 {
            chunk[3 + index] = UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * index))
        }
        chunk[11] = isLast ? 1 : 0
        let box = chunk[..<(Self.nonceCount + chunkCount)]
        if !AgePrimitives.open(box, with: key, into: &output) { return false }
        counter += 1
        chunkCount = 0
        return true
    }
}

extension AgeIdentities {
    /// Decrypts a small file.
    /// - Parameters:
    ///   - bytes: the whole file, armored or not.
    ///   - limit: the most bytes that the content may have.
    /// - Returns: the content, all of which is authentic.
    package func decrypt(_ bytes: [UInt8], limit: Int) throws(AgeError) -> [UInt8] {
        guard let form = AgeForm(beginning: bytes[...]) else {
            throw AgeError(.header, "this is not an age file")
        }
        if bytes.count / 2 > limit + (1 << 19) {
            throw AgeError(.tooLong, "the file is longer than \(limit) bytes")
        }
        var reader = AgeReader(form, self)
        var content: [UInt8] = []
        try reader.read(bytes[...], into: &content)
        try reader.finish(into: &content)
        if content.count > limit {
            throw AgeError(.tooLong, "the content is longer than \(limit) bytes")
        }
        return content
    }
}
