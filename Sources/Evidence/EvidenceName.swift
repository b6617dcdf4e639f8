import Files

/// What the name of a file or folder that was found in a directory lets expect. ASCII capitals do
/// not count.
enum EvidenceName {
    /// A snapshot's, whatever desks, browsers, mail programs and copying have made of it.
    case snapshot
    /// That of a snapshot that `census snap` is writing, or left where it was ended half-way.
    case leftover
    /// An archive's.
    case archive
    /// One that a snapshot may have lost its own for, or may have beside it.
    case possible
    /// One that says nothing, as mail programs, browsers and file system checks give it.
    case meaningless
    /// Any other.
    case other

    init(_ bytes: [UInt8]) {
        let name = Self.withoutEscapes(bytes.map(lowercased))
        let suffix = name.lastIndex(of: UInt8(ascii: ".")).map { name[($0 + 1)...] } ?? []
        let ending = String(decoding: suffix, as: UTF8.self)
        let isBeside =
            Self.prefixesBeside.contains { name.starts(with: $0.utf8) }
            || Self.endingsBeside.contains(ending)
            || ["md5", "sha", "blake", "crc"].contains(where: ending.hasPrefix)
        if isBeside {
            self = .possible
        } else if NewFile.isTemporary(name) {
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

    /// `._x.jsonl.gz` is a Mac's metadata of `x.jsonl.gz`; the others are of Android's and of
    /// editors'.
    private static let prefixesBeside = ["._", ".trashed-", ".pending-", ".~lock.", "~$"]
    /// Of checksums, signatures, time stamps, editors and downloads.
    private static let endingsBeside: Set = [
        "asc", "sig", "sign", "p7s", "minisig", "sfv", "par2", "ots", "tsr", "tsq", "b2", "b3",
        "identifier", "swp", "swo", "aria2", "torrent",
    ]
    private static let archives: Set = [
        "zip", "7z", "rar", "tar", "tgz", "taz", "tbz", "tbz2", "txz", "tlz", "tzst", "cab", "lzh",
        "lha", "cpio",
    ]
    /// `.JSO` and `.GZ` are what FAT's short names keep.
    private static let endingsLeft: Set = ["gz", "gzip", "json", "jso", "jsn", "ndjson"]

    /// Of what a program does not know, or did not want to be opened; no ending at all is one too.
    private static let endingsOfAnything: Set = [
        "", "txt", "bin", "dat", "tmp", "chk", "bak", "old", "file", "download", "octet-stream",
    ]

    /// Whether an ending is in the name, of which no longer word is made: `.jsonlint` is another.
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

    /// A name of a URL, RFC 3986, or of mail, RFC 2047, in which dots were escaped.
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

    /// Whether `_20261123T175654Z` is in it, as in the names that `census snap` gives.
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
    /// - Parameter path: with `/`, or as some programs of Windows write it, `\`.
    static func mayBeSnapshot(inArchive path: [UInt8]) -> Bool {
        var parts = path.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        guard let name = parts.popLast() else { return false }
        if parts.contains(where: { EvidenceFolder(Array($0), containing: []) != nil }) {
            return false
        }
        // A Mac's metadata are beside each file, whatever it is.
        let isMetadata = name.starts(with: "._".utf8)
        switch EvidenceName(Array(isMetadata ? name.dropFirst(2) : name)) {
        case .snapshot, .leftover, .archive, .possible: return true
        case .meaningless, .other: return false
        }
    }
}

/// Folders in which no evidence is looked for.
enum EvidenceFolder: Sendable {
    /// What somebody has deleted.
    case trash
    /// What an operating system or a file server keeps for itself.
    case system
    /// Older states of files that are there.
    case versions

    /// - Parameter names: what is in the folder.
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
            // FreeDesktop's in a home, ~/.local/share/Trash, by what is in it.
            self = .trash
        } else {
            return nil
        }
    }

    /// Of FreeDesktop's specification and macOS; of Windows since Vista, on NTFS and on FAT before;
    /// of Samba, QNAP, Synology and Apple's file servers.
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
