package import Age
import Crypto
import Glibc
package import Records
import Text

// Pointers are used only for memchr(3), which finds line ends ten times as fast as a loop.

/// Reads a snapshot file: one snapshot after another, each verified before it is returned.
///
/// The file is gzip or plain text, distinguished by the first bytes, or either encrypted with age.
/// `SnapshotLimits` bounds the memory used, whatever the size of the file.
package struct SnapshotFile: ~Copyable {
    var input: EvidenceInput
    private let limits: SnapshotLimits
    private let identities: AgeIdentities

    /// `input` holds a part of the file's bytes, or of its decrypted content; `text` holds decompressed text, of which
    /// `lineStart..<textEnd` is still to be read.
    var buffers: SnapshotBuffers
    var unread = 0..<0
    private var fileDigest = SHA256()
    /// The signature of the file; nil if there is none.
    private(set) var signature: SignatureCheck?
    /// Number of bytes of the file read so far.
    package var size: Int { input.size }
    /// The size of the file in bytes; nil for a stream.
    package var sizeOnDisk: Int? { input.sizeOnDisk }

    /// Decrypts the file; nil if it is not encrypted.
    private var age: AgeReader?
    /// Whether the content has ended, or is not wanted any more: the rest of the file is for the digest.
    private var isContentDone = false
    /// Why the file cannot be decrypted; nil if it can, or is not encrypted.
    private(set) var decryptionError: AgeError?

    enum Encoding { case unknown, plain, gzip }
    var encoding = Encoding.unknown

    /// The number of bytes of a bad file that are read after the error.
    private static let digestedBytes = 256 << 20
    /// Whether more bytes than that were left.
    private var isGivenUp = false

    /// The run of NUL or FF bytes at the end of what has been read: the bytes of storage that was
    /// never written.
    var filler = (byte: 0 as UInt8, count: 0)

    var lineStart = 0
    var textEnd = 0
    /// There is no line feed before this index.
    private var searchedUpTo = 0
    var line = 0

    var assembly: SnapshotAssembly
    private var snapshotDigest = SHA256()
    private var snapshotSize = 0
    /// The snapshot's text before this index is in `snapshotDigest`.
    private var digestedUpTo = 0
    var hasHadSnapshot = false
    /// The number of lines of the snapshot that end with CR LF.
    private var carriageReturns = 0

    /// Begins to read a file.
    /// - Parameters:
    ///   - identities: what an encrypted file is decrypted with.
    ///   - buffers: the buffers of an earlier file, or new ones.
    package init(
        _ input: consuming EvidenceInput, limits: SnapshotLimits = SnapshotLimits(),
        identities: AgeIdentities = AgeIdentities(),
        buffers: consuming SnapshotBuffers = SnapshotBuffers()
    ) {
        self.init(input, limits, identities, buffers: buffers, nil)
    }

    /// The same of a file with a signature.
    init(
        _ input: consuming EvidenceInput, _ limits: SnapshotLimits, _ identities: AgeIdentities,
        buffers: consuming SnapshotBuffers, _ signature: SignatureCheck?
    ) {
        self.signature = signature
        self.limits = limits
        self.identities = identities
        self.input = input
        self.buffers = buffers
        self.buffers.inflater.reset()
        assembly = SnapshotAssembly(limits: limits)
    }

    /// The next snapshot of the file, or nil if there are no more.
    /// - Throws: what is wrong, with its line. After an error only `finishDigest` may be called.
    package mutating func next() throws(SnapshotError) -> Snapshot? {
        do throws(SnapshotError) {
            while true {
                if let lineEnd = findLineEnd() {
                    line += 1
                    if try addLine(endingAt: lineEnd) {
                        return try takeSnapshot(endingAt: lineEnd)
                    }
                    beginLine(at: lineEnd + 1)
                } else if try !readMoreText() {
                    try checkNothingIsLeft()
                    return nil
                }
            }
        } catch {
            throw diagnosis(of: error)
        }
    }

    /// Reads the rest of the file to complete the digest. It stops early in an endless stream, such
    /// as one of zeros, and in a huge sparse file.
    /// - Returns: SHA-256 of all bytes of the file in lower-case hexadecimal; nil if more than
    ///   `digestedBytes` were left.
    package mutating func finishDigest() throws(SnapshotError) -> String? {
        try readToEnd() ? hexadecimal(fileDigest.finalize()) : nil
    }

    /// - Returns: false if reading stopped before the end.
    mutating func readToEnd() throws(SnapshotError) -> Bool {
        isContentDone = true
        let last = size + Self.digestedBytes
        if let sizeOnDisk, sizeOnDisk > last { isGivenUp = true }
        repeat {
            unread = 0..<0
            if size > last { isGivenUp = true }
            if isGivenUp { return false }
        } while try readMoreInput()
        return true
    }

    /// Closes the file and returns its buffers for the next file.
    package consuming func close() -> SnapshotBuffers {
        if isEncrypted { swap(&buffers.input, &buffers.encrypted) }
        return buffers
    }

    /// Whether the file is encrypted.
    var isEncrypted: Bool { age != nil }

    /// For which kinds of recipients the file is encrypted, such as `X25519`; nil if it is not, or the
    /// header is damaged.
    package var recipientKinds: [String]? {
        age?.kinds?.map { String(decoding: $0, as: UTF8.self) }
    }

    /// - Returns: whether the line completes a snapshot.
    private mutating func addLine(endingAt lineEnd: Int) throws(SnapshotError) -> Bool {
        let range = lineStart..<lineEnd
        if range.count > limits.lineBytes { throw lineTooLong }
        if range.last.map({ buffers.text[$0] }) == UInt8(ascii: "\r") { carriageReturns += 1 }
        snapshotSize += range.count + 1
        if snapshotSize > limits.snapshotBytes {
            throw SnapshotError(
                .tooLarge(.snapshot), "a snapshot of more than \(limits.snapshotBytes) bytes")
        }
        return try assembly.add(range, of: buffers.text, &buffers.knownLines)
    }

    /// Verifies the snapshot whose last line was added.
    private mutating func takeSnapshot(endingAt lineEnd: Int) throws(SnapshotError) -> Snapshot {
        digestText(upTo: lineStart)
        let digest = hexadecimal(snapshotDigest.finalize())
        let snapshot = assembly.snapshot()
        if digest != snapshot.sha256 {
            let reason = "the digest in \"end\" does not match the lines before it"
            throw .corrupt(
                carriageReturns == 0
                    ? reason : reason + ", which end with CR LF: copy the file unchanged")
        }
        assembly = SnapshotAssembly(limits: limits)
        snapshotDigest = SHA256()
        snapshotSize = 0
        carriageReturns = 0
        digestedUpTo = lineEnd + 1
        hasHadSnapshot = true
        beginLine(at: lineEnd + 1)
        return snapshot
    }

    private mutating func beginLine(at start: Int) {
        lineStart = start
        searchedUpTo = start
    }

    private mutating func digestText(upTo end: Int) {
        snapshotDigest.update(data: buffers.text[digestedUpTo..<end])
        digestedUpTo = end
    }

    private mutating func findLineEnd() -> Int? {
        searchedUpTo = lineFeed(in: buffers.text, searchedUpTo..<textEnd)
        return searchedUpTo < textEnd ? searchedUpTo : nil
    }

    private func checkNothingIsLeft() throws(SnapshotError) {
        if buffers.inflater.isInsideMember {
            throw SnapshotError(.truncated, "the file ends in the middle of its gzip data")
        }
        if lineStart < textEnd {
            throw SnapshotError(.truncated, line: line + 1, "the line is incomplete")
        }
        if assembly.hasBegun {
            throw SnapshotError(.truncated, "the file ends before the record \"end\"")
        }
        if size == 0 { throw SnapshotError(.truncated, "the file is empty") }
        if !hasHadSnapshot { throw .corrupt("there is no snapshot in the file") }
    }

    /// Appends more text at `textEnd`.
    /// - Returns: false at the end of the file.
    private mutating func readMoreText() throws(SnapshotError) -> Bool {
        try makeRoomForText()
        let before = textEnd
        let start = size
        while textEnd == before {
            if unread.isEmpty, try !readMoreInput() { return false }
            if size - start > limits.snapshotBytes + buffers.input.count {
                throw SnapshotError(
                    .tooLarge(.snapshot),
                    "more than \(limits.snapshotBytes) bytes of gzip data without any text")
            }
            switch encoding {
            case .unknown: try recogniseEncoding()
            case .plain: copyText()
            case .gzip: try inflateText()
            }
        }
        return true
    }

    private mutating func recogniseEncoding() throws(SnapshotError) {
        let beginning = buffers.input[unread].prefix(ForeignContent.beginning)
        if beginning.starts(with: gzipMagic.prefix(beginning.count)) {
            encoding = .gzip
        } else {
            encoding = .plain
            if let error = wrongBeginning(beginning, isInsideGzip: false) { throw error }
        }
    }

    private mutating func copyText() {
        let count = min(unread.count, buffers.text.count - textEnd)
        let end = unread.lowerBound + count
        buffers.text.replaceSubrange(
            textEnd..<textEnd + count, with: buffers.input[unread.lowerBound..<end])
        textEnd += count
        unread = end..<unread.upperBound
    }

    private mutating func inflateText() throws(SnapshotError) {
        if !buffers.inflater.isInsideMember && buffers.input[unread.lowerBound] != gzipMagic[0] {
            throw .corrupt("other data follows the gzip data; copy the file again")
        }
        if !buffers.inflater.isInsideMember
            && buffers.memberInflater.inflate(
                buffers.input, &unread, into: &buffers.text, at: &textEnd)
        {
            return
        }
        try buffers.inflater.inflate(buffers.input, &unread, into: &buffers.text, at: &textEnd)
    }

    private mutating func makeRoomForText() throws(SnapshotError) {
        if lineStart > 0 {
            digestText(upTo: max(digestedUpTo, lineStart))
            let (start, count) = (lineStart, textEnd - lineStart)
            // The start of a line, which is short: few files need more than that copied.
            for index in 0..<count { buffers.text[index] = buffers.text[start + index] }
            textEnd -= lineStart
            searchedUpTo -= lineStart
            digestedUpTo -= lineStart
            lineStart = 0
        }
        if textEnd > limits.lineBytes {
            line += 1
            throw lineTooLong
        }
        if textEnd == buffers.text.count {
            buffers.text.append(contentsOf: repeatElement(0, count: buffers.text.count))
        }
    }

    private var lineTooLong: SnapshotError {
        SnapshotError(.tooLarge(.line), "a line of more than \(limits.lineBytes) bytes")
    }

    private mutating func readMoreInput() throws(SnapshotError) -> Bool {
        if isEncrypted {
            if !isContentDone { return try readMoreContent(try readEncrypted()) }
            unread = 0..<0
            return try readEncrypted() > 0
        }
        var count = try input.read(into: &buffers.input)
        // The first bytes identify the content; a stream may deliver fewer at once.
        while encoding == .unknown, 1..<ForeignContent.beginning ~= count,
            size < sizeOnDisk ?? .max
        {
            let more = try input.read(into: &buffers.input, at: count)
            if more == 0 { break }
            count += more
        }
        unread = 0..<count
        take(buffers.input[unread])
        if encoding == .unknown, !isContentDone,
            let form = AgeForm(beginning: buffers.input[unread].prefix(ForeignContent.beginning))
        {
            age = AgeReader(form, identities)
            swap(&buffers.input, &buffers.encrypted)
            return try readMoreContent(count)
        }
        signature?.update(buffers.input[unread])
        return count > 0
    }

    /// Reads the next bytes of an encrypted file.
    private mutating func readEncrypted() throws(SnapshotError) -> Int {
        let count = try input.read(into: &buffers.encrypted)
        take(buffers.encrypted[..<count])
        return count
    }

    /// Decrypts the bytes that were read, and as many more as there is room for.
    /// - Parameter count: the number of bytes that were read; 0 at the end of the file.
    /// - Returns: false at the end of the content.
    private mutating func readMoreContent(_ count: Int) throws(SnapshotError) -> Bool {
        var count = count
        buffers.input.removeAll(keepingCapacity: true)
        buffers.input.reserveCapacity(Self.contentBytes)
        unread = 0..<0
        while true {
            do throws(AgeError) {
                if count == 0 {
                    try age!.finish(into: &buffers.input)
                    isContentDone = true
                } else {
                    try age!.read(buffers.encrypted[..<count], into: &buffers.input)
                }
            } catch {
                decryptionError = error
                throw SnapshotError(error)
            }
            let more = buffers.encrypted.count + AgeReader.chunkBytes
            if isContentDone || buffers.input.count + more > Self.contentBytes { break }
            count = try readEncrypted()
        }
        unread = 0..<buffers.input.count
        signature?.update(buffers.input[unread])
        return !unread.isEmpty
    }

    /// The most content that is decrypted at once. A usual file fits, and gzip data that is there as a
    /// whole is inflated faster.
    private static let contentBytes = 5 << 17

    /// Counts bytes of the file in the digest.
    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        fileDigest.update(data: bytes)
        guard let last = bytes.last else { return }
        guard last == 0 || last == 0xFF else {
            filler = (0, 0)
            return
        }
        let start = bytes.lastIndex { $0 != last }.map { $0 + 1 } ?? 0
        let goesOn = start == 0 && filler.byte == last
        filler = (last, bytes.endIndex - start + (goesOn ? filler.count : 0))
    }
}

/// The first two bytes of a gzip member (RFC 1952, 2.3).
let gzipMagic: [UInt8] = [0x1F, 0x8B]

/// The index of the first line feed of the range, or the end of the range.
func lineFeed(in text: [UInt8], _ range: Range<Int>) -> Int {
    precondition(range.upperBound <= text.count)
    return unsafe text.withUnsafeBytes { text in
        guard let start = text.baseAddress,
            let found = unsafe memchr(
                start + range.lowerBound, CInt(UInt8(ascii: "\n")), range.count)
        else { return range.upperBound }
        return unsafe UnsafeRawPointer(found) - start
    }
}

/// The buffers for reading a file. They are reused for one file after another with the same limits:
/// allocating them takes as long as reading a small file.
package struct SnapshotBuffers: ~Copyable {
    var input = [UInt8](repeating: 0, count: 1 << 18)
    /// The bytes of an encrypted file. The two arrays are exchanged while one is read.
    fileprivate var encrypted: [UInt8] = []
    var text = [UInt8](repeating: 0, count: 1 << 20)
    var inflater = Inflater()
    var knownLines = KnownLines()
    fileprivate let memberInflater = MemberInflater()

    /// Allocates the buffers.
    package init() {}
}
