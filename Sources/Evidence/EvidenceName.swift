import Files
import Text

/// What the name of a file in a directory says about its content. The comparison ignores the case
/// of ASCII letters.
enum EvidenceName {
    /// The name of a snapshot, also as altered by desktops, browsers, mail programs and copying.
    case snapshot
    /// A temporary file of `census snap`: a snapshot that is being written or was interrupted.
    case leftover
    /// The name of an archive.
    case archive
    /// A name that a renamed snapshot, or a file beside a snapshot, may have.
    case possible
    /// A generic name, as given by mail programs, browsers and file system checks.
    case meaningless
    /// Any other name.
    case other

    init(_ bytes: [UInt8]) {
        var name = Self.withoutEscapes(bytes.map(lowercased))
        // What is encrypted counts as a snapshot, but for what lies beside one, such as a signature.
        let encrypted = Array(".age".utf8)
        if name.count > encrypted.count, name.suffix(encrypted.count) == encrypted[...] {
            name.removeLast(encrypted.count)
            self = Self.isBeside(name) ? .possible : .snapshot
            return
        }
        let ending = Self.ending(of: name)
        if Self.isBeside(name) {
            self = .possible
        } else if PartialName.isPartial(name) {
            self = .leftover
        } else if Self.has(".jsonl", orAs: "gz", in: name) || Self.hasMoment(name) {
            self = .snapshot
        } else if Self.archives.contains(ending) || Self.isTar(name) {
            self = .archive
        } else if Self.endingsLeft.contains(where: { Self.has(".\($0)", in: name) }) {
            self = .possible
        } else {
            self = Self.endingsOfAnything.contains(ending) ? .meaningless : .other
        }
    }

    private static func ending(of name: [UInt8]) -> String {
        let suffix = name.lastIndex(of: UInt8(ascii: ".")).map { name[($0 + 1)...] } ?? []
        return String(decoding: suffix, as: UTF8.self)
    }

    /// Whether the name is that of a companion file.
    private static func isBeside(_ name: [UInt8]) -> Bool {
        let ending = ending(of: name)
        return prefixesBeside.contains { name.starts(with: $0.utf8) }
            || endingsBeside.contains(ending)
            || ["md5", "sha", "blake", "crc"].contains(where: ending.hasPrefix)
    }

    /// Prefixes of companion files. `._x.jsonl.gz` holds macOS metadata of `x.jsonl.gz`; the others
    /// are written by Android and by editors.
    private static let prefixesBeside = ["._", ".trashed-", ".pending-", ".~lock.", "~$"]
    /// Extensions of companion files: checksums, signatures, time stamps, editors, downloads.
    private static let endingsBeside: Set = [
        "asc", "sig", "sign", "p7s", "minisig", "sfv", "par2", "ots", "tsr", "tsq", "b2", "b3",
        "identifier", "swp", "swo", "aria2", "torrent",
    ]
    private static let archives: Set = [
        "zip", "7z", "rar", "tar", "tgz", "taz", "tbz", "tbz2", "txz", "tlz", "tzst", "cab", "lzh",
        "lha", "cpio",
    ]
    /// `.JSO` and `.GZ` are the extensions of FAT's short names.
    private static let endingsLeft: Set = ["gz", "gzip", "json", "jso", "jsn", "ndjson"]

    /// Extensions of unknown content, and of files whose opening was to be prevented. A name
    /// without an extension is one of them.
    private static let endingsOfAnything: Set = [
        "", "txt", "bin", "dat", "tmp", "chk", "bak", "old", "file", "download", "octet-stream",
    ]

    /// Whether the name contains the extension as a whole word: `.jsonlint` does not contain
    /// `.json`.
    /// - Parameter suffix: letters that may follow.
    private static func has(_ ending: String, orAs suffix: String? = nil, in name: [UInt8]) -> Bool
    {
        let ending = Array(ending.utf8)
        return name.indices.contains { start in
            guard name[start] == ending[0], name[start...].starts(with: ending) else {
                return false
            }
            let rest = name[(start + ending.count)...]
            return rest.first.map { !isLetter($0) } ?? true
                || suffix.map { rest.starts(with: $0.utf8) } == true
        }
    }

    /// The name with the escaped dots of a URL (RFC 3986) or of mail (RFC 2047) decoded.
    private static func withoutEscapes(_ name: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = name[...]
        while let byte = rest.first {
            let isDot = ["%2e", "=2e"].contains { rest.starts(with: $0.utf8) }
            result.append(isDot ? UInt8(ascii: ".") : byte)
            rest = rest.dropFirst(isDot ? 3 : 1)
        }
        return result
    }

    /// Whether the name contains a time such as `_20261123T175654Z`, as the names given by `census
    /// snap` do.
    private static func hasMoment(_ name: [UInt8]) -> Bool {
        let form = Array("_00000000t000000z".utf8)
        return name.count >= form.count
            && (0...name.count - form.count).contains { start in
                name[start] == form[0]
                    && zip(name[start...], form).allSatisfy { byte, wanted in
                        wanted == UInt8(ascii: "0") ? isDigit(byte) : byte == wanted
                    }
                    && name[(start + form.count)...].first.map { !isLetter($0) && !isDigit($0) }
                        ?? true
            }
    }

    private static func isTar(_ name: [UInt8]) -> Bool {
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count > 2 && parts[parts.count - 2].elementsEqual("tar".utf8)
    }
}

extension EvidenceName {
    /// Whether a file in an archive may be a snapshot, or an archive itself.
    /// - Parameter path: separated by `/`, or by `\` as some Windows programs write it.
    static func mayBeSnapshot(inArchive path: [UInt8]) -> Bool {
        var parts = path.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        guard let name = parts.popLast() else { return false }
        if parts.contains(where: { EvidenceFolder(Array($0), containing: []) != nil }) {
            return false
        }
        // macOS adds a metadata file for every file, whatever its type.
        let isMetadata = name.starts(with: "._".utf8)
        switch EvidenceName(Array(isMetadata ? name.dropFirst(2) : name)) {
        case .snapshot, .leftover, .archive, .possible: return true
        case .meaningless, .other: return false
        }
    }
}

/// Folders that are not searched for evidence.
enum EvidenceFolder: Sendable {
    /// Deleted files.
    case trash
    /// Internal files of an operating system or a file server.
    case system
    /// Earlier versions of files.
    case versions

    /// - Parameter names: the names of the entries of the folder.
    init?(_ bytes: [UInt8], containing names: @autoclosure () -> [[UInt8]]) {
        let name = String(decoding: bytes.map(lowercased), as: UTF8.self)
        if Self.trashNames.contains(name) || name.hasPrefix(".trash-") {
            self = .trash
        } else if Self.systemNames.contains(name) {
            self = .system
        } else if Self.versionsNames.contains(name) || name.hasPrefix("@gmt-") {
            self = .versions
        } else if name == "trash",
            Set(names()).isSuperset(of: [Array("files".utf8), Array("info".utf8)])
        {
            // The trash folder of the FreeDesktop specification, ~/.local/share/Trash, identified
            // by its entries.
            self = .trash
        } else {
            return nil
        }
    }

    /// The FreeDesktop specification and macOS; Windows since Vista, and before it on NTFS and on
    /// FAT; Samba, QNAP, Synology and Apple's file servers.
    private static let trashNames: Set = [
        ".trash", ".trashes", "$recycle.bin", "recycler", "recycled", ".recycle", "@recycle",
        "#recycle", "network trash folder",
    ]
    private static let systemNames: Set = [
        ".spotlight-v100", ".fseventsd", ".temporaryitems", "temporary items",
        ".documentrevisions-v100", ".appledouble", ".appledb", ".appledesktop", "__macosx",
        "system volume information", "lost+found", "@eadir",
    ]
    private static let versionsNames: Set = [
        ".git", ".svn", ".hg", ".bzr", ".stversions", ".snapshot", ".snapshots", ".zfs",
        "~snapshot", "#snapshot", "@recently-snapshot",
    ]
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
