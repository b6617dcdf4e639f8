import Crypto
import Glibc
package import Records
import Text

// Pointers are here for memchr(3) only, which finds the ends of lines ten times as fast as a loop.

/// A snapshot file being read: one snapshot after the other, each checked before it is given out.
///
/// Gzip or plain text, told apart by the first bytes. Memory is bounded by `SnapshotLimits`,
/// whatever the size of the file.
package struct SnapshotFile: ~Copyable {
    private var input: EvidenceInput
    private let limits: SnapshotLimits

    /// Has the file's bytes in `input`, a part at a time, and the text in `text`:
    /// `lineStart..<textEnd` is still to be read.
    private var buffers: SnapshotBuffers
    private var unread = 0..<0
    private var fileDigest = SHA256()
    /// Bytes of the file that have been read.
    package var size: Int { input.size }
    /// Bytes that the file has; nil for a stream.
    package var sizeOnDisk: Int? { input.sizeOnDisk }

    private enum Encoding { case unknown, plain, gzip }
    private var encoding = Encoding.unknown

    /// How much is read of a bad file beyond its fault.
    private static let digestedBytes = 256 << 20
    /// Whether more than that was left.
    private var isGivenUp = false

    /// What the file ends with, as far as it has been read: how many bytes that a medium has where
    /// nothing was written.
    private var filler = (byte: 0 as UInt8, count: 0)

    private var lineStart = 0
    private var textEnd = 0
    /// Up to here there is no line feed.
    private var searchedUpTo = 0
    private var line = 0

    private var assembly: SnapshotAssembly
    private var snapshotDigest = SHA256()
    private var snapshotSize = 0
    /// Up to here the snapshot's text is in `snapshotDigest`.
    private var digestedUpTo = 0
    private var hasHadSnapshot = false
    /// How many lines of the snapshot end with a carriage return before the line feed.
    private var carriageReturns = 0

    package init(
        _ input: consuming EvidenceInput, limits: SnapshotLimits = SnapshotLimits(),
        buffers: consuming SnapshotBuffers = SnapshotBuffers()
    ) {
        self.limits = limits
        self.input = input
        self.buffers = buffers
        self.buffers.inflater.reset()
        assembly = SnapshotAssembly(limits: limits)
    }

    /// The next snapshot of the file, or nil when there are no more.
    /// - Throws: what is wrong, with its line. The file is then of no further use, but for
    ///   `finishDigest`.
    package mutating func next() throws(SnapshotError) -> Snapshot? {
        do throws(SnapshotError) {
            while true {
                if let lineEnd = findLineEnd() {
                    line += 1
                    if let snapshot = try takeLine(endingAt: lineEnd) { return snapshot }
                } else if try !readMoreText() {
                    try checkNothingIsLeft()
                    return nil
                }
            }
        } catch {
            throw diagnosis(of: error)
        }
    }

    /// Reads what is left of the file, for the digest's sake: but not what has no end, such as a
    /// stream of zeros, or would take as long, such as a sparse file.
    /// - Returns: SHA-256 of all bytes of the file, in lower-case hexadecimal; nil where there is
    ///   more left of it than `digestedBytes`.
    package mutating func finishDigest() throws(SnapshotError) -> String? {
        try readToEnd() ? hexadecimal(fileDigest.finalize()) : nil
    }

    /// - Returns: false where it is given up before the end.
    private mutating func readToEnd() throws(SnapshotError) -> Bool {
        let last = size + Self.digestedBytes
        if let sizeOnDisk, sizeOnDisk > last { isGivenUp = true }
        repeat {
            unread = 0..<0
            if size > last { isGivenUp = true }
            if isGivenUp { return false }
        } while try readMoreInput()
        return true
    }

    /// Closes the file, and gives its buffers back for the next one.
    package consuming func close() -> SnapshotBuffers { buffers }

    private mutating func takeLine(endingAt lineEnd: Int) throws(SnapshotError) -> Snapshot? {
        let range = lineStart..<lineEnd
        if range.count > limits.lineBytes { throw lineTooLong }
        if range.last.map({ buffers.text[$0] }) == UInt8(ascii: "\r") { carriageReturns += 1 }
        snapshotSize += range.count + 1
        if snapshotSize > limits.snapshotBytes {
            throw SnapshotError(
                .tooLarge(.snapshot), "a snapshot of more than \(limits.snapshotBytes) bytes")
        }
        let snapshot = try assembly.add(range, of: buffers.text)
        if snapshot != nil {
            digestText(upTo: range.lowerBound)
            let digest = hexadecimal(snapshotDigest.finalize())
            if digest != snapshot?.sha256 {
                let reason = "the digest in \"end\" is not that of the lines before it"
                throw .corrupt(
                    carriageReturns == 0
                        ? reason : reason + ", which end with CR LF: copy the file as it is")
            }
            assembly = SnapshotAssembly(limits: limits)
            snapshotDigest = SHA256()
            snapshotSize = 0
            carriageReturns = 0
            digestedUpTo = lineEnd + 1
            hasHadSnapshot = true
        }
        lineStart = lineEnd + 1
        searchedUpTo = lineStart
        return snapshot
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
            throw SnapshotError(.truncated, line: line + 1, "the line is not whole")
        }
        if assembly.hasBegun {
            throw SnapshotError(.truncated, "the file stops before the record \"end\"")
        }
        if size == 0 { throw SnapshotError(.truncated, "the file is empty") }
        if !hasHadSnapshot { throw .corrupt("there is no snapshot in the file") }
    }

    /// Puts more text behind `textEnd`.
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
            throw .corrupt("something that is not gzip follows the gzip data")
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
            // A part of a line, which is short: there is more to be copied of few files.
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
        var count = try input.read(into: &buffers.input)
        // What a file is shows in its first bytes, of which a stream may give fewer at once.
        while encoding == .unknown, 1..<ForeignContent.beginning ~= count,
            size < sizeOnDisk ?? .max
        {
            let more = try input.read(into: &buffers.input, at: count)
            if more == 0 { break }
            count += more
        }
        unread = 0..<count
        fileDigest.update(data: buffers.input[unread])
        countFiller()
        return count > 0
    }

    private mutating func countFiller() {
        guard let last = unread.last.map({ buffers.input[$0] }) else { return }
        guard last == 0 || last == 0xFF else {
            filler = (0, 0)
            return
        }
        let start = unread.last { buffers.input[$0] != last }.map { $0 + 1 } ?? 0
        let goesOn = start == 0 && filler.byte == last
        filler = (last, unread.upperBound - start + (goesOn ? filler.count : 0))
    }
}

/// The first two bytes of a gzip member (RFC 1952, 2.3).
let gzipMagic: [UInt8] = [0x1F, 0x8B]

/// Where the first line feed of the range is, or the range's end.
private func lineFeed(in text: [UInt8], _ range: Range<Int>) -> Int {
    precondition(range.upperBound <= text.count)
    return unsafe text.withUnsafeBytes { text in
        guard let start = text.baseAddress,
            let found = unsafe memchr(
                start + range.lowerBound, CInt(UInt8(ascii: "\n")), range.count)
        else { return range.upperBound }
        return unsafe UnsafeRawPointer(found) - start
    }
}

/// What reading a file needs of memory, to be used for one file after the other: to get so much anew
/// for each takes as long as to read a small one.
package struct SnapshotBuffers: ~Copyable {
    var input = [UInt8](repeating: 0, count: 1 << 18)
    fileprivate var text = [UInt8](repeating: 0, count: 1 << 20)
    fileprivate var inflater = Inflater()
    fileprivate let memberInflater = MemberInflater()

    package init() {}
}

// MARK: Why a file is bad

extension SnapshotFile {
    /// The error, with its line, or in its place what most likely happened to the file.
    private mutating func diagnosis(of error: SnapshotError) -> SnapshotError {
        switch error.code {
        case .unreadable: return error
        case .truncated, .corrupt, .tooLarge(.line):
            do throws(SnapshotError) {
                if let cause = wrongFirstLine() ?? textMode(error.code) { return cause }
                if let cause = try unwrittenPart(error) ?? somethingBehind(error) { return cause }
            } catch {
                return error  // of reading on, such as that somebody writes to the file
            }
        case .unsupported, .tooLarge: break
        }
        return located(error)
    }

    private func located(_ error: SnapshotError) -> SnapshotError {
        var error = error
        if input.isLeftover, error.code == .truncated {
            error.reason = "census snap did not finish this snapshot: \(error.reason)"
        }
        // A line that is not whole has not been counted yet.
        if error.line == nil && line > 0 { error.line = line }
        return error
    }

    /// What is in the place of the first line.
    private func wrongFirstLine() -> SnapshotError? {
        if hasHadSnapshot || assembly.hasBegun || line > 1 || textEnd == 0 { return nil }
        let text = buffers.text[..<min(textEnd, ForeignContent.beginning)]
        if let error = wrongBeginning(text, isInsideGzip: encoding == .gzip) { return error }
        let lineEnd = text.firstIndex(of: UInt8(ascii: "\n"))
        let firstLine = text[..<(lineEnd ?? text.endIndex)].filter { $0 != UInt8(ascii: "\r") }
        if lineEnd == nil, text.contains(UInt8(ascii: "\r")) {
            return .corrupt("the lines end with CR; copy the file as it is")
        }
        if lineEnd != nil, firstLine.last == UInt8(ascii: "=") {
            return SnapshotError(.unsupported, "this is quoted-printable; decode it first")
        }
        if lineEnd != nil, firstLine.filter({ !ForeignContent.isSpace($0) }) == [UInt8(ascii: "{")]
        {
            return .corrupt("this is JSON over several lines; copy the file as it is")
        }
        if ["{&quot;", "{\u{201C}", "{\u{201D}"].contains(where: { firstLine.starts(with: $0.utf8) }
        ) {
            return .corrupt("the quotes are no longer those of JSON; copy the file as it is")
        }
        return nil
    }

    /// A transfer that took gzip data for text has put a carriage return before every line feed.
    private func textMode(_ code: SnapshotError.Code) -> SnapshotError? {
        guard buffers.inflater.isInsideMember else { return nil }
        let lineFeeds = (0..<unread.upperBound).filter {
            buffers.input[$0] == UInt8(ascii: "\n")
        }
        let isText = lineFeeds.allSatisfy {
            $0 > 0 && buffers.input[$0 - 1] == UInt8(ascii: "\r")
        }
        // One in 256 has one by chance.
        if !isText || lineFeeds.count < (code == .corrupt ? 1 : 3) { return nil }
        return .corrupt("this is gzip that was copied as text; copy the file as it is")
    }

    /// A part of a file that the medium has, but nobody wrote.
    private mutating func unwrittenPart(
        _ error: SnapshotError
    ) throws(SnapshotError) -> SnapshotError? {
        let isBehindGzip = encoding == .gzip && !buffers.inflater.isInsideMember
        let start = size - unread.count
        let lineEnd = lineFeed(in: buffers.text, lineStart..<textEnd)
        let failedLine = buffers.text[lineStart..<lineEnd]
        let lineOffset = start - (textEnd - lineStart)  // of plain text
        guard try readToEnd() else { return nil }
        let name = ForeignContent.name(ofFiller: filler.byte)
        if size > 0 && filler.count == size {
            return SnapshotError(
                .truncated,
                "the file holds nothing but bytes of \(name); "
                    + "it was not written, as where a stick is pulled out too early")
        }
        let end = SnapshotError(
            .truncated, line: error.line,
            "the file ends with \(bytes(filler.count)) of \(name); "
                + "it was not written to its end, as where a stick is pulled out too early")
        switch encoding {
        case .unknown: return nil
        case .gzip where isBehindGzip:
            let count = size - start
            if count == 0 || filler.count < count { return nil }
            return .corrupt("\(bytes(count)) of \(name) behind the gzip data; copy the file again")
        // The four last bytes of gzip data may be NULs, and those of a header, which are ten.
        case .gzip: return filler.count > 4 && size - filler.count >= 10 ? located(end) : nil
        case .plain:
            guard let first = failedLine.firstIndex(where: { $0 == 0 || $0 == 0xFF }) else {
                return nil
            }
            if filler.count == 0 || lineOffset + first - lineStart != size - filler.count {
                let run = failedLine[first...].prefix { $0 == failedLine[first] }.count
                if run < 16 { return nil }  // of a medium's blocks; fewer are in some text
                return located(
                    SnapshotError(
                        .corrupt, line: error.line,
                        "\(run) bytes of the line were not written; copy the file again"))
            }
            if !hasHadSnapshot || first > lineStart { return located(end) }
            return .corrupt(
                "\(bytes(filler.count)) of \(name) behind the snapshot; copy the file again")
        }
    }

    /// Something else behind the last snapshot.
    private func somethingBehind(_ error: SnapshotError) -> SnapshotError? {
        guard hasHadSnapshot, !assembly.hasBegun, lineStart < textEnd else { return nil }
        let text = buffers.text[lineStart..<textEnd].drop(while: ForeignContent.isSpace)
        if text.first == nil || text.first == UInt8(ascii: "{") { return nil }
        return located(
            SnapshotError(
                .corrupt, line: error.line,
                "something that is not a snapshot follows the snapshot"))
    }
}

/// What is wrong with a file, or the text in its gzip data, that begins so; nil where it may be a
/// snapshot.
private func wrongBeginning(
    _ beginning: ArraySlice<UInt8>, isInsideGzip: Bool
) -> SnapshotError? {
    if isInsideGzip && beginning.starts(with: gzipMagic) {
        return SnapshotError(
            .unsupported, "within gzip this is gzip again; decompress it with gunzip first")
    }
    if let content = ForeignContent(beginning) { return content.error(isInsideGzip: isInsideGzip) }
    let what =
        isInsideGzip
        ? "the gzip data hold no snapshot; they begin" : "this is no snapshot; it begins"
    let text = beginning.drop(while: ForeignContent.isSpace)
    guard let first = text.first else { return .corrupt("\(what) with white space") }
    if first == UInt8(ascii: "{") { return nil }
    let line = text.prefix { 0x20..<0x7F ~= $0 }
    if line.count >= 4 || line.count == text.count {
        return .corrupt("\(what) with \"\(String(decoding: line.prefix(40), as: UTF8.self))\"")
    }
    if text.prefix(64).allSatisfy({ $0 >= 0x20 || ForeignContent.isSpace($0) }) {
        return .corrupt("\(what) with other text")
    }
    let bytes = text.prefix(8).map { hexadecimal(CollectionOfOne($0)).uppercased() }
    return .corrupt(
        "\(what) with the bytes \(bytes.joined(separator: " ")); it may be encrypted or damaged")
}

private func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
