import Text

/// Content other than a snapshot, or a snapshot that was encoded or altered, recognised by its
/// first bytes.
///
/// The magic numbers are those of the specifications of the formats and of file(1).
package struct ForeignContent: Sendable, Equatable {
    /// How the content relates to a snapshot. The message depends on it.
    package enum Nature: Sendable {
        /// A container that may hold snapshots.
        case archive
        /// An encoding, such as compression, that may contain an unaltered snapshot.
        case wrapping
        /// A snapshot altered by a program, such as one that converted its line ends.
        case alteration
        /// The bytes of storage that was never written: NUL or FF.
        case filler
        /// macOS metadata of another file (AppleDouble).
        case appleDouble
        /// Anything else.
        case other
    }

    /// How the content relates to a snapshot.
    package let nature: Nature
    /// What this is, as a predicate: `is a zip archive`.
    package let sentence: String
    private let remedy: String?

    private init(_ nature: Nature, _ sentence: String, _ remedy: String? = nil) {
        self.nature = nature
        self.sentence = sentence
        self.remedy =
            switch nature {
            case .archive: remedy ?? "unpack it and give the folder"
            case .alteration: remedy ?? "copy the file unchanged"
            default: remedy
            }
    }

    /// The number of bytes of a file that are examined.
    package static let beginning = 4096

    /// - Parameter bytes: the first bytes of the file, or of its decompressed text.
    /// - Returns: nil if the bytes are not recognised, or are those of a snapshot.
    package init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.beginning))
        if let found = Self.binary(bytes) ?? Self.encoded(bytes) ?? Self.text(bytes) {
            self = found
        } else {
            return nil
        }
    }

    /// The error of reading a file with this content.
    func error(isInsideGzip: Bool) -> SnapshotError {
        let code: SnapshotError.Code =
            switch nature {
            case .archive, .wrapping: .unsupported
            default: .corrupt
            }
        let end = remedy.map { "; \($0)" } ?? ", not a snapshot"
        return SnapshotError(
            code, (isInsideGzip ? "the gzip content " : "this ") + sentence + end)
    }

    // MARK: Magic numbers

    private struct Magic {
        let offset: Int
        let bytes: [UInt8]
        let content: ForeignContent

        init(_ bytes: [UInt8], at offset: Int = 0, _ content: ForeignContent) {
            self.offset = offset
            self.bytes = bytes
            self.content = content
        }

        init(_ text: String, at offset: Int = 0, _ content: ForeignContent) {
            self.init(Array(text.utf8), at: offset, content)
        }
    }

    /// PKWARE APPNOTE.TXT, 4.3.
    package static let zip = ForeignContent(.archive, "is a zip archive")
    private static let tar = ForeignContent(.archive, "is a tar archive")
    private static let cpio = ForeignContent(.archive, "is a cpio archive")
    private static let rar = ForeignContent(.archive, "is a RAR archive")
    /// A text in UTF-16, with or without a byte order mark.
    package static let utf16 = ForeignContent(.alteration, "is UTF-16")
    /// A text in UTF-32, with or without a byte order mark.
    package static let utf32 = ForeignContent(.alteration, "is UTF-32")
    private static let throughText = ForeignContent(
        .alteration, "is gzip data that was converted as text")

    private static func compressed(_ with: String) -> ForeignContent {
        ForeignContent(.wrapping, "was compressed with \(with)", "decompress it first")
    }

    private static func encrypted(_ with: String) -> ForeignContent {
        ForeignContent(.wrapping, "was encrypted with \(with)", "decrypt it first")
    }

    private static func other(_ what: String, _ remedy: String? = nil) -> ForeignContent {
        ForeignContent(.other, "is \(what)", remedy)
    }

    private static let magics = [
        Magic([0x50, 0x4B, 3, 4], zip), Magic([0x50, 0x4B, 5, 6], zip),
        Magic([0x50, 0x4B, 7, 8], zip),
        Magic([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], ForeignContent(.archive, "is a 7z archive")),
        Magic("Rar!\u{1A}\u{7}", rar), Magic("ustar", at: 257, tar),
        Magic("070701", cpio), Magic("070702", cpio), Magic("070707", cpio),
        Magic("MSCF\0\0\0\0", ForeignContent(.archive, "is a cabinet archive")),
        Magic("!<arch>\n", ForeignContent(.archive, "is an ar archive")),
        Magic([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], compressed("xz")),
        Magic([0x28, 0xB5, 0x2F, 0xFD], compressed("zstd")),
        Magic([4, 0x22, 0x4D, 0x18], compressed("lz4")), Magic("LZIP", compressed("lzip")),
        Magic([0x1F, 0x9D], compressed("compress")), Magic([0x1F, 0x1E], compressed("pack")),
        Magic([0x5D, 0, 0], compressed("LZMA")), Magic([2, 0x21, 0x4C, 0x18], compressed("lz4")),
        Magic([0x89, 0x4C, 0x5A, 0x4F, 0], compressed("lzop")), Magic("LRZI", compressed("lrzip")),
        Magic([0xFF, 6, 0, 0, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59], compressed("snappy")),
        // RFC 1950 with a window of 32 KiB, at each level.
        Magic([0x78, 0x01], compressed("zlib")), Magic([0x78, 0x9C], compressed("zlib")),
        Magic([0x78, 0xDA], compressed("zlib")),
        Magic([0x60, 0xEA], ForeignContent(.archive, "is an ARJ archive")),
        Magic("xar!", ForeignContent(.archive, "is a xar archive")),
        Magic("MSWIM\0\0\0", ForeignContent(.archive, "is a Windows image (WIM)")),
        Magic("LUKS\u{BA}\u{BE}".unicodeScalars.map { UInt8($0.value) }, encrypted("LUKS")),
        // 1F 8B is not valid UTF-8: a conversion replaced it with U+FFFD or a Latin-1 letter, or
        // cleared its highest bit.
        Magic([0x1F, 0xEF, 0xBF, 0xBD], throughText), Magic([0x1F, 0xC2, 0x8B], throughText),
        Magic([0x1F, 0xE2, 0x80, 0xB9], throughText), Magic([0x1F, 0x3F, 8], throughText),
        Magic([0x1F, 0x0B, 8], throughText),
        Magic([0xC0, 0x7F], ForeignContent(.alteration, "is EBCDIC")),
        Magic("Salted__", encrypted("OpenSSL")), Magic("age-encryption.org/", encrypted("age")),
        Magic("-----BEGIN PGP MESSAGE", encrypted("OpenPGP")),
        Magic("-----BEGIN AGE ENCRYPTED", encrypted("age")),
        Magic(
            "-----BEGIN SSH SIGNATURE", other("a signature of SSH", "give the file that it is of")),
        Magic("untrusted comment:", other("a signature of minisign")),
        Magic("# census manifest ", other("a manifest of census", "give it to --manifest")),
        Magic(
            [0, 5, 0x16, 7],
            ForeignContent(
                .appleDouble, "is macOS metadata (AppleDouble)", "give the file beside it")),
        Magic([0, 5, 0x16, 0], other("an AppleSingle file")),
        Magic(
            [0x4C, 0, 0, 0, 1, 0x14, 2, 0],
            other("a Windows shortcut", "give the file that it points to")),
        Magic("[InternetShortcut]", other("an Internet shortcut", "give the file itself")),
        Magic("[Desktop Entry]", other("a desktop entry", "give the file that it points to")),
        Magic("book\0\0\0\0mark", other("a macOS alias", "give the file that it points to")),
        Magic("IntxLNK", other("an Interix link", "give the file that it points to")),
        Magic("!<symlink>", other("a Cygwin link", "give the file that it points to")),
        Magic(
            "version https://git-lfs", other("a Git LFS pointer", "fetch the file with git lfs")),
        Magic("SQLite format 3\0", other("an SQLite database, and not a file of census")),
        Magic(
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
            other("an older Microsoft Office document, such as .xls")),
        Magic("%PDF-", other("a PDF document")), Magic("{\\rtf", other("an RTF document")),
        Magic("%!PS", other("a PostScript document")),
        Magic([0x89, 0x50, 0x4E, 0x47], other("a picture (PNG)")),
        Magic([0xFF, 0xD8, 0xFF], other("a picture (JPEG)")),
        Magic("GIF8", other("a picture (GIF)")),
        Magic([0x7F, 0x45, 0x4C, 0x46], other("a program")),
        Magic([0x4D, 0x5A, 0x90, 0], other("a Windows program")), Magic("#!", other("a script")),
    ]

    private static func binary(_ bytes: [UInt8]) -> ForeignContent? {
        for magic in magics where bytes.dropFirst(magic.offset).starts(with: magic.bytes) {
            return magic.content
        }
        // BZh1 to BZh9, followed by the magic number of a block (pi) or of the end of the stream.
        if bytes.starts(with: Array("BZh".utf8)), bytes.count > 4, [0x31, 0x17].contains(bytes[4]) {
            return compressed("bzip2")
        }
        // LHA has no magic number apart from the method, which follows the first two bytes of the
        // header.
        if bytes.dropFirst(2).starts(with: Array("-lh".utf8)), bytes.count > 6,
            bytes[6] == UInt8(ascii: "-")
        {
            return ForeignContent(.archive, "is an LHA archive")
        }
        for byte in [0, 0xFF] as [UInt8] {
            if !bytes.isEmpty, bytes.prefix(16).allSatisfy({ $0 == byte }) {
                return ForeignContent(
                    .filler, "begins with \(Self.name(ofFiller: byte)) bytes",
                    "the data was not written, for example because a USB drive was removed too "
                        + "early"
                )
            }
        }
        return nil
    }

    static func name(ofFiller byte: UInt8) -> String { byte == 0 ? "NUL" : "FF" }

    // MARK: Text in another encoding

    private static func encoded(_ bytes: [UInt8]) -> ForeignContent? {
        guard bytes.count > 1 else { return nil }
        // Plain text has few NULs. If half of the first bytes are NUL, the code units have two or
        // four bytes.
        let first = bytes.prefix(4)
        if [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]].contains(Array(first)) { return utf32 }
        if [[0xFF, 0xFE], [0xFE, 0xFF]].contains(Array(first.prefix(2))) { return utf16 }
        switch first.map({ $0 == 0 }) {
        case [false, true, true, true], [true, true, true, false]: return utf32
        case [false, true, false, true], [true, false, true, false], [false, true], [true, false]:
            return utf16
        default: break
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return ForeignContent(bytes.dropFirst(3))
                ?? ForeignContent(.alteration, "begins with a byte order mark")
        }
        return nil
    }

    // MARK: Text

    private static func text(_ bytes: [UInt8]) -> ForeignContent? {
        let text = bytes.drop(while: isSpace)
        guard let first = text.first else { return nil }
        if first == UInt8(ascii: "<") {
            let lower = String(decoding: text, as: UTF8.self).lowercased()
            return ["<html", "<!doctype html", "<head", "<body", "<script", "<meta"]
                .contains { lower.contains($0) }
                ? other("an HTML page, such as a login or error page", "fetch the snapshot again")
                : other("XML")
        }
        let line = String(decoding: text.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            return other("an HTTP response with its header", "fetch the snapshot again")
        }
        if isEncodedFile(line) {
            return ForeignContent(.wrapping, "is a file encoded as text", "decode it first")
        }
        if isBase64(line) { return ForeignContent(.wrapping, "is base64", "decode it first") }
        if isDump(line) {
            return ForeignContent(.wrapping, "is a hexadecimal dump", "decode it first")
        }
        if isMail(text) {
            return ForeignContent(.wrapping, "is a mail message", "save its attachment")
        }
        if let second = text.dropFirst().first(where: { !isSpace($0) }),
            first == UInt8(ascii: "["), "{[\"".utf8.contains(second)
        {
            return other("a JSON array", "a snapshot has an object on each line")
        }
        return first == UInt8(ascii: "{") ? nil : somethingBefore(text)
    }

    /// uuencode(5) or yEnc.
    private static func isEncodedFile(_ line: String) -> Bool {
        let words = line.split(separator: " ", maxSplits: 2)
        if words.first == "=ybegin" { return true }
        return words.count == 3 && ["begin", "begin-base64"].contains(words[0])
            && (3...4).contains(words[1].utf8.count) && UInt16(words[1], radix: 8) != nil
    }

    /// Base64 of gzip, a JSON object, zip, zstd, xz, bzip2, 7z or a byte order mark, which three
    /// bytes determine; or a data URL (RFC 2397), or PEM text (RFC 7468) of any content.
    private static func isBase64(_ line: String) -> Bool {
        if line.hasPrefix("data:") && line.contains(";base64,") { return true }
        if line.hasPrefix("-----BEGIN ") && line.hasSuffix("-----") { return !line.contains("PGP") }
        return ["H4sI", "eyJ", "UEsDB", "KLUv/", "/Td6WFo", "QlpoO", "N3q8ryc", "77u/ey"]
            .contains(where: line.hasPrefix)
    }

    /// A dump of gzip data by xxd(1), hexdump(1) or od(1), with or without offsets, in byte order
    /// or in swapped pairs.
    private static func isDump(_ line: String) -> Bool {
        var digits = line.lowercased()[...]
        if let end = digits.firstIndex(where: { $0 == ":" || $0 == " " }),
            !digits[..<end].isEmpty, digits[..<end].allSatisfy({ $0 == "0" })
        {
            digits = digits[end...]
        }
        let dump = digits.filter { $0 != " " && $0 != ":" }
        return dump.hasPrefix("1f8b08") || dump.hasPrefix("8b1f0008") || dump.hasPrefix("8b1f0808")
    }

    /// The header of a mail message (RFC 5322), or the first line of one in a mailbox.
    private static func isMail(_ text: ArraySlice<UInt8>) -> Bool {
        if text.starts(with: "From ".utf8) { return true }
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.first.map(isSpace) == true { continue }  // a continuation of the field
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return false }
            let field = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            if mailFields.contains(field) { return true }
            if field.contains(where: { !$0.isASCII || $0 == " " }) { return false }
        }
        return false
    }

    private static let mailFields: Set = [
        "content-disposition", "content-transfer-encoding", "content-type", "delivered-to",
        "message-id", "mime-version", "received", "return-path", "x-mozilla-status",
    ]

    /// A snapshot preceded by the output of a terminal or a login.
    private static func somethingBefore(_ text: ArraySlice<UInt8>) -> ForeignContent? {
        for start in [Array(#"{"record":"snapshot""#.utf8), [0x1F, 0x8B, 8]] {
            guard let index = text.indices.first(where: { text[$0...].starts(with: start) })
            else { continue }
            // Only text, including escape sequences, counts: other bytes may be anything.
            if text[..<index].allSatisfy({ $0 >= 0x20 || isSpace($0) || [7, 8, 27].contains($0) }) {
                return ForeignContent(
                    .alteration,
                    "begins with other text, such as a prompt or a banner, before the snapshot")
            }
        }
        return nil
    }

    /// Whether JSON takes the byte for white space (RFC 8259, 2).
    package static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
