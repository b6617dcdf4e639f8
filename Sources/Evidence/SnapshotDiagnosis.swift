import Text

extension SnapshotFile {
    /// The error, with its line, or in its place what most likely happened to the file.
    mutating func diagnosis(of error: SnapshotError) -> SnapshotError {
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
func wrongBeginning(
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
