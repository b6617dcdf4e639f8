import Text

extension SnapshotFile {
    /// The error with its line, or instead of it the likely cause of the damage.
    mutating func diagnosis(of error: SnapshotError) -> SnapshotError {
        switch error.code {
        case .unreadable, .untrusted: return error
        case _ where decryptionError != nil: return diagnosis(ofDecryption: error)
        case .truncated where isEncrypted, .corrupt where isEncrypted,
            .tooLarge(.line) where isEncrypted:
            return wrongFirstLine() ?? textMode(error.code) ?? located(error)
        case .truncated, .corrupt, .tooLarge(.line):
            do throws(SnapshotError) {
                if let cause = wrongFirstLine() ?? textMode(error.code) { return cause }
                if let cause = try unwrittenPart(error) ?? somethingBehind(error) { return cause }
            } catch {
                return error  // from reading the rest, such as a concurrent change
            }
        case .unsupported, .tooLarge: break
        }
        return located(error)
    }

    /// The error of a file that cannot be decrypted, or its likely cause.
    private mutating func diagnosis(ofDecryption error: SnapshotError) -> SnapshotError {
        if error.code == .unsupported { return error }
        do throws(SnapshotError) {
            if try readToEnd(), filler.count > 4 {
                let name = ForeignContent.name(ofFiller: filler.byte)
                return SnapshotError(
                    .truncated,
                    "the file ends with \(bytes(filler.count, of: name)); "
                        + "it was not written completely, for example because a USB drive was removed too "
                        + "early")
            }
        } catch {
            return error
        }
        return located(error)
    }

    private func located(_ error: SnapshotError) -> SnapshotError {
        var error = error
        if input.isLeftover, error.code == .truncated {
            error.reason = "census snap did not finish this snapshot: \(error.reason)"
        }
        // An incomplete line has not been counted yet.
        if error.line == nil && line > 0 { error.line = line }
        return error
    }

    /// What the file has instead of a valid first line.
    private func wrongFirstLine() -> SnapshotError? {
        if hasHadSnapshot || assembly.hasBegun || line > 1 || textEnd == 0 { return nil }
        let text = buffers.text[..<min(textEnd, ForeignContent.beginning)]
        if let error = wrongBeginning(text, isInsideGzip: encoding == .gzip) { return error }
        let lineEnd = text.firstIndex(of: UInt8(ascii: "\n"))
        let firstLine = text[..<(lineEnd ?? text.endIndex)].filter { $0 != UInt8(ascii: "\r") }
        if lineEnd == nil, text.contains(UInt8(ascii: "\r")) {
            return .corrupt("the lines end with CR; copy the file unchanged")
        }
        if lineEnd != nil, firstLine.last == UInt8(ascii: "=") {
            return SnapshotError(.unsupported, "this is quoted-printable; decode it first")
        }
        if lineEnd != nil, firstLine.filter({ !ForeignContent.isSpace($0) }) == [UInt8(ascii: "{")]
        {
            return .corrupt("the JSON is spread over several lines; copy the file unchanged")
        }
        if ["{&quot;", "{\u{201C}", "{\u{201D}"].contains(where: { firstLine.starts(with: $0.utf8) }
        ) {
            return .corrupt("the quotation marks were changed; copy the file unchanged")
        }
        return nil
    }

    /// A transfer in text mode inserts a carriage return before every line feed of gzip data.
    private func textMode(_ code: SnapshotError.Code) -> SnapshotError? {
        guard buffers.inflater.isInsideMember else { return nil }
        let lineFeeds = (0..<unread.upperBound).filter {
            buffers.input[$0] == UInt8(ascii: "\n")
        }
        let isText = lineFeeds.allSatisfy {
            $0 > 0 && buffers.input[$0 - 1] == UInt8(ascii: "\r")
        }
        // One line feed in 256 follows a carriage return by chance.
        if !isText || lineFeeds.count < (code == .corrupt ? 1 : 3) { return nil }
        return .corrupt("the gzip data was copied as text; copy the file unchanged")
    }

    /// A part of the file that was allocated on the medium but never written.
    private mutating func unwrittenPart(
        _ error: SnapshotError
    ) throws(SnapshotError) -> SnapshotError? {
        let isBehindGzip = encoding == .gzip && !buffers.inflater.isInsideMember
        let start = size - unread.count
        let lineEnd = lineFeed(in: buffers.text, lineStart..<textEnd)
        let failedLine = buffers.text[lineStart..<lineEnd]
        let lineOffset = start - (textEnd - lineStart)  // in plain text
        guard try readToEnd() else { return nil }
        let name = ForeignContent.name(ofFiller: filler.byte)
        if size > 0 && filler.count == size {
            return SnapshotError(
                .truncated,
                "the file contains only \(name) bytes; "
                    + "the data was not written, for example because a USB drive was removed too "
                    + "early"
            )
        }
        let end = SnapshotError(
            .truncated, line: error.line,
            "the file ends with \(bytes(filler.count, of: name)); "
                + "it was not written completely, for example because a USB drive was removed too "
                + "early"
        )
        switch encoding {
        case .unknown: return nil
        case .gzip where isBehindGzip:
            let count = size - start
            if count == 0 || filler.count < count { return nil }
            return .corrupt("\(bytes(count, of: name)) after the gzip data; copy the file again")
        // The last four bytes of gzip data may be NUL, and a header has ten bytes.
        case .gzip: return filler.count > 4 && size - filler.count >= 10 ? located(end) : nil
        case .plain:
            guard let first = failedLine.firstIndex(where: { $0 == 0 || $0 == 0xFF }) else {
                return nil
            }
            if filler.count == 0 || lineOffset + first - lineStart != size - filler.count {
                let run = failedLine[first...].prefix { $0 == failedLine[first] }.count
                // Blocks of a medium are longer; some texts have short runs.
                if run < 16 { return nil }
                return located(
                    SnapshotError(
                        .corrupt, line: error.line,
                        "\(run) bytes of the line were never written; copy the file again"))
            }
            if !hasHadSnapshot || first > lineStart { return located(end) }
            return .corrupt(
                "\(bytes(filler.count, of: name)) after the snapshot; copy the file again")
        }
    }

    /// Other data after the last snapshot.
    private func somethingBehind(_ error: SnapshotError) -> SnapshotError? {
        guard hasHadSnapshot, !assembly.hasBegun, lineStart < textEnd else { return nil }
        let text = buffers.text[lineStart..<textEnd].drop(while: ForeignContent.isSpace)
        if text.first == nil || text.first == UInt8(ascii: "{") { return nil }
        return located(
            SnapshotError(
                .corrupt, line: error.line,
                "other data follows the snapshot; copy the file again"))
    }
}

/// What is wrong with a file, or with its decompressed text, that begins with these bytes; nil if
/// it may be a snapshot.
func wrongBeginning(
    _ beginning: ArraySlice<UInt8>, isInsideGzip: Bool
) -> SnapshotError? {
    if isInsideGzip && beginning.starts(with: gzipMagic) {
        return SnapshotError(
            .unsupported, "the gzip content is gzip again; decompress it with gunzip first")
    }
    if CustodyLog.isOne(beginning) {
        return SnapshotError(
            .unsupported,
            "this is a custody log, which is read as a file that is not compressed: give its path")
    }
    if let content = ForeignContent(beginning) { return content.error(isInsideGzip: isInsideGzip) }
    let what =
        isInsideGzip
        ? "the gzip content is not a snapshot: it begins" : "this is not a snapshot: it begins"
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

private func bytes(_ count: Int, of name: String) -> String {
    count == 1 ? "1 \(name) byte" : "\(count) \(name) bytes"
}
