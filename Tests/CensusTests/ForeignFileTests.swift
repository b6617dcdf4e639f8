import Foundation
import TestSupport
import Testing

/// Snapshots damaged or replaced by USB sticks, mail, browsers and transfers: `verify` and `ingest`
/// reject each with the same message that names the cause, as a file and on standard input.
@Suite struct ForeignFileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private static let text = SnapshotText(
        processes: (0..<200).map { #"{"record":"process","pid":\#($0),"name":"p\#($0 * 7919)"}"# })
    private static let plain = text.bytes
    private static let zipped = try! gzip(plain)
    /// As far as somewhere in the middle of a line, or of the gzip data.
    private static let half = Array(plain.prefix(plain.count / 2))

    private static func made(_ command: String, of bytes: [UInt8] = plain) -> [UInt8] {
        try! run("bash", ["-c", command], input: bytes).outputBytes
    }

    private static func python(_ expression: String, of bytes: [UInt8] = plain) -> [UInt8] {
        let program = """
            import sys, io, tarfile, zipfile, base64, quopri
            data = sys.stdin.buffer.read()
            def zip():
                file = io.BytesIO()
                with zipfile.ZipFile(file, 'w') as archive: archive.writestr('a.jsonl', data)
                return file.getvalue()
            def tar():
                file = io.BytesIO()
                with tarfile.open(fileobj=file, mode='w') as archive:
                    info = tarfile.TarInfo('a.jsonl'); info.size = len(data)
                    archive.addfile(info, io.BytesIO(data))
                return file.getvalue()
            sys.stdout.buffer.write(\(expression))
            """
        return try! run("python3", ["-c", program], input: bytes).outputBytes
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let unwritten =
        "the data was not written, for example because a USB drive was removed too early"
    private static let unfinished =
        "it was not written completely, for example because a USB drive was removed too early"
    private static let asItIs = "copy the file unchanged"

    static let files: [(bytes: [UInt8], verdict: String, reason: String)] = [
        // Text of another kind.
        (text("\u{FEFF}") + plain, "corrupt", "this begins with a byte order mark; \(asItIs)"),
        (
            try! gzip(text("\u{FEFF}") + plain), "corrupt",
            "the gzip content begins with a byte order mark; \(asItIs)"
        ),
        (made("iconv -t UTF-16"), "corrupt", "this is UTF-16; \(asItIs)"),
        (made("iconv -t UTF-16LE"), "corrupt", "this is UTF-16; \(asItIs)"),
        (made("iconv -t UTF-16BE"), "corrupt", "this is UTF-16; \(asItIs)"),
        (made("iconv -t UTF-16 | gzip"), "corrupt", "the gzip content is UTF-16; \(asItIs)"),
        (made("iconv -t UTF-32"), "corrupt", "this is UTF-32; \(asItIs)"),
        (made("iconv -t UTF-32LE"), "corrupt", "this is UTF-32; \(asItIs)"),
        (made("iconv -t UTF-32BE"), "corrupt", "this is UTF-32; \(asItIs)"),
        (made("iconv -t CP500"), "corrupt", "this is EBCDIC; \(asItIs)"),
        (
            made("sed 's/$/\\r/'"), "corrupt",
            "line 205: the digest in \"end\" does not match the lines before it, "
                + "which end with CR LF: \(asItIs)"
        ),
        (made("tr '\\n' '\\r'"), "corrupt", "the lines end with CR; \(asItIs)"),
        (made("tr '\\n' '\\r' | gzip"), "corrupt", "the lines end with CR; \(asItIs)"),
        (made("jq ."), "corrupt", "the JSON is spread over several lines; \(asItIs)"),
        (
            made("jq -s -c ."), "corrupt",
            "this is a JSON array; a snapshot has an object on each line"
        ),
        (
            made("sed 's/\"/\\&quot;/g'"), "corrupt",
            "the quotation marks were changed; \(asItIs)"
        ),
        (
            text("root@web-01:~# census snap -o -\r\n") + plain, "corrupt",
            "this begins with other text, such as a prompt or a banner, before the snapshot; \(asItIs)"
        ),
        (
            text("Welcome to web-01\n\u{1B}[0m") + zipped, "corrupt",
            "this begins with other text, such as a prompt or a banner, before the snapshot; \(asItIs)"
        ),
        (
            plain + text("root@web-01:~# "), "corrupt",
            "line 206: other data follows the snapshot; copy the file again"
        ),
        // Wrapped.
        (try! gzip(zipped), "unsupported", gzipTwice),
        (made("gzip | gzip | gzip | gzip | gzip"), "unsupported", gzipTwice),
        (
            python("zip()"), "unsupported",
            "this is a zip archive; unpack it and give the folder"
        ),
        (python("tar()"), "unsupported", "this is a tar archive; unpack it and give the folder"),
        (
            try! gzip(python("tar()")), "unsupported",
            "the gzip content is a tar archive; unpack it and give the folder"
        ),
        (
            text("07070100000000"), "unsupported",
            "this is a cpio archive; unpack it and give the folder"
        ),
        (
            [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "unsupported",
            "this is a 7z archive; unpack it and give the folder"
        ),
        (
            text("Rar!\u{1A}\u{7}\u{1}"), "unsupported",
            "this is a RAR archive; unpack it and give the folder"
        ),
        (
            python("__import__('lzma').compress(data)"), "unsupported",
            "this was compressed with xz; decompress it first"
        ),
        (
            python("__import__('bz2').compress(data)"), "unsupported",
            "this was compressed with bzip2; decompress it first"
        ),
        (
            [0x28, 0xB5, 0x2F, 0xFD, 4, 0], "unsupported",
            "this was compressed with zstd; decompress it first"
        ),
        (made("base64", of: zipped), "unsupported", "this is base64; decode it first"),
        (made("base64 -w 0", of: zipped), "unsupported", "this is base64; decode it first"),
        (made("base64"), "unsupported", "this is base64; decode it first"),
        (made("xz | base64"), "unsupported", "this is base64; decode it first"),
        (made("bzip2 | base64"), "unsupported", "this is base64; decode it first"),
        (
            text("data:application/gzip;base64,") + made("base64", of: zipped), "unsupported",
            "this is base64; decode it first"
        ),
        (
            text("-----BEGIN CERTIFICATE-----\r\n") + made("base64", of: zipped), "unsupported",
            "this is base64; decode it first"
        ),
        (
            python("__import__('zlib').compress(data)"), "unsupported",
            "this was compressed with zlib; decompress it first"
        ),
        (
            python("__import__('zlib').compress(data, 9)"), "unsupported",
            "this was compressed with zlib; decompress it first"
        ),
        (text("LRZI\0\u{6}"), "unsupported", "this was compressed with lrzip; decompress it first"),
        (
            [0x60, 0xEA, 0x2C, 0], "unsupported",
            "this is an ARJ archive; unpack it and give the folder"
        ),
        (
            text("LUKS") + [0xBA, 0xBE, 0, 2], "unsupported",
            "this was encrypted with LUKS; decrypt it first"
        ),
        (
            python("quopri.encodestring(data)"), "unsupported",
            "this is quoted-printable; decode it first"
        ),
        (
            python("b'begin 644 x.gz\\n' + __import__('binascii').b2a_uu(data[:45])", of: zipped),
            "unsupported", "this is a file encoded as text; decode it first"
        ),
        (
            text("From: kim@example.org\r\nTo: desk\r\nMIME-Version: 1.0\r\n\r\n") + zipped,
            "unsupported", "this is a mail message; save its attachment"
        ),
        (
            text("-----BEGIN PGP MESSAGE-----\n"), "unsupported",
            "this was encrypted with OpenPGP; decrypt it first"
        ),
        (
            made("od -A x -t x1", of: zipped), "unsupported",
            "this is a hexadecimal dump; decode it first"
        ),
        // Gzip that something took for text.
        (
            python("data.replace(b'\\n', b'\\r\\n')", of: zipped), "corrupt",
            "the gzip data was copied as text; \(asItIs)"
        ),
        (
            python("data.decode('utf-8', 'replace').encode()", of: zipped), "corrupt",
            "this is gzip data that was converted as text; \(asItIs)"
        ),
        (
            python("data.decode('latin-1').encode()", of: zipped), "corrupt",
            "this is gzip data that was converted as text; \(asItIs)"
        ),
        (
            zipped.map { $0 & 0x7F }, "corrupt",
            "this is gzip data that was converted as text; \(asItIs)"
        ),
        // Something else.
        (
            text("\r\n<!DOCTYPE html>\n<html><title>Sign in</title>"), "corrupt",
            "this is an HTML page, such as a login or error page; fetch the snapshot again"
        ),
        (
            text("\u{FEFF}<HTML>"), "corrupt",
            "this is an HTML page, such as a login or error page; fetch the snapshot again"
        ),
        (text("<?xml version=\"1.0\"?><a/>"), "corrupt", "this is XML, not a snapshot"),
        (
            text("HTTP/1.1 200 OK\r\n\r\n") + zipped, "corrupt",
            "this is an HTTP response with its header; fetch the snapshot again"
        ),
        (text("%PDF-1.7\n"), "corrupt", "this is a PDF document, not a snapshot"),
        (
            [0x4C, 0, 0, 0, 1, 0x14, 2, 0, 0, 0, 0, 0], "corrupt",
            "this is a Windows shortcut; give the file that it points to"
        ),
        (
            text("[InternetShortcut]\r\nURL=x"), "corrupt",
            "this is an Internet shortcut; give the file itself"
        ),
        (
            [0, 5, 0x16, 7, 0, 2, 0, 0] + text("Mac OS X        "), "corrupt",
            "this is macOS metadata (AppleDouble); give the file beside it"
        ),
        (
            text("Dear colleague, the file is attached.\n"), "corrupt",
            "this is not a snapshot: it begins with \"Dear colleague, the file is attached.\""
        ),
        (
            [0x8B, 0xF4, 0x03, 0xA2, 0x91, 0xEF, 0xA3, 0x77, 0x12], "corrupt",
            "this is not a snapshot: it begins with the bytes 8B F4 03 A2 91 EF A3 77; "
                + "it may be encrypted or damaged"
        ),
        (text("\n\n"), "corrupt", "this is not a snapshot: it begins with white space"),
        (
            [UInt8](repeating: 0x20, count: 2 << 20), "corrupt",
            "this is not a snapshot: it begins with white space"
        ),
        (
            try! gzip(text("hello\n")), "corrupt",
            "the gzip content is not a snapshot: it begins with \"hello\""
        ),
        // What a medium has where nothing was written.
        ([], "truncated", "the file is empty"),
        (
            [UInt8](repeating: 0, count: 4096), "truncated",
            "the file contains only NUL bytes; \(unwritten)"
        ),
        ([0], "truncated", "the file contains only NUL bytes; \(unwritten)"),
        (
            [UInt8](repeating: 0xFF, count: 3 << 20), "truncated",
            "the file contains only FF bytes; \(unwritten)"
        ),
        (
            [UInt8](repeating: 0, count: 512) + plain.dropFirst(512), "corrupt",
            "this begins with NUL bytes; \(unwritten)"
        ),
        (
            half + [UInt8](repeating: 0, count: 4096), "truncated",
            "line 105: the file ends with 4096 NUL bytes; \(unfinished)"
        ),
        (
            half + [UInt8](repeating: 0, count: 2 << 20), "truncated",
            "line 105: the file ends with 2097152 NUL bytes; \(unfinished)"
        ),
        (
            half + [UInt8](repeating: 0, count: 512) + plain.dropFirst(half.count + 512),
            "corrupt", "line 105: 512 bytes of the line were never written; copy the file again"
        ),
        (
            python("__import__('gzip').compress(data, 0)[:2048] + bytes(512)"), "truncated",
            "line \(plain.prefix(2033).count { $0 == 0x0A }): "
                + "the file ends with 512 NUL bytes; \(unfinished)"
        ),
        (
            plain + [UInt8](repeating: 0, count: 77), "corrupt",
            "77 NUL bytes after the snapshot; copy the file again"
        ),
        (zipped + [0], "corrupt", "1 NUL byte after the gzip data; copy the file again"),
        (
            zipped + [UInt8](repeating: 0xFF, count: 512), "corrupt",
            "512 FF bytes after the gzip data; copy the file again"
        ),
        (
            zipped + text("hello"), "corrupt",
            "line 205: other data follows the gzip data; copy the file again"
        ),
        (
            plain + zipped, "corrupt",
            "line 206: other data follows the snapshot; copy the file again"
        ),
    ]

    private static let gzipTwice =
        "the gzip content is gzip again; decompress it with gunzip first"

    @Test(arguments: files.indices) func isRejectedByItsCause(_ index: Int) throws {
        let (bytes, verdict, reason) = Self.files[index]
        try directory.write(bytes, to: "f")
        let padding = String(repeating: " ", count: 12 - verdict.utf8.count)
        for name in ["f", "-"] {
            let verify = try run(census, ["verify", name], in: directory.path, input: bytes)
            #expect(verify.output == "\(verdict)\(padding)\(name): \(reason)\n")
            #expect((verify.status, verify.error) == (2, "1 file: 1 \(verdict)\n"))
            let ingest = try run(
                census, ["ingest", "--quiet", name], in: directory.path, input: bytes)
            #expect((ingest.status, ingest.error) == (2, "\(name): \(reason)\n"))
        }
    }

    /// However little of it comes at once.
    @Test func isKnownByteByByte() throws {
        let result = try run(
            "bash",
            [
                "-c",
                #"for c in '\377' '\376' '{' 'x' '"'; do printf "$c"; sleep 0.02; done | "$census" verify -"#,
            ],
            in: directory.path, environment: ["census": census])
        #expect(result.output == "corrupt     -: this is UTF-16; \(Self.asItIs)\n")
    }
}
