import Crypto
import Files
import SSH
package import SystemPackage
import Text

/// A list of files with their digests, in the form that sha256sum(1) checks. What it says beyond that
/// stands in comments.
package struct Manifest: Sendable {
    /// Why a file is no manifest.
    package struct InvalidManifest: Error, Hashable, Sendable {
        /// The line, from 1; nil if it is about the whole.
        package let line: Int?
        /// What is wrong, as a clause.
        package let reason: String
    }

    /// What a manifest says of a file that was read.
    package enum Verdict: String, Sendable {
        /// It has the file, with this digest.
        case listed
        /// It has the file with another digest.
        case changed
        /// It does not have the file.
        case extra
    }

    /// The verdict on a file that a manifest has, and that was not read as a snapshot.
    package enum Difference: Sendable {
        /// It is not there.
        case missing
        /// It is there with another digest, or is not a regular file.
        case changed
        /// It is there with this digest, but only a symbolic link of the directory leads to it: if it
        /// is a snapshot, nobody has read it.
        case linked
        /// It is there with this digest. By its path it lies outside of the directory, where nothing is
        /// read.
        case outside
    }

    /// A file that is listed.
    private struct Listed: Sendable {
        /// Its path as listed, without what leads nowhere: `./a//b` is `a/b`.
        let name: [UInt8]
        let digest: ContentDigest
        let place: FilePath
    }

    /// In byte order of the names.
    private var files: [Listed] = []
    /// The digests by the places of the files. Two names may lead to one place.
    private var digests: [FilePath: Set<ContentDigest>] = [:]
    /// The directory that is compared, which names are relative to.
    private let directory: FilePath
    /// What it says of itself, and who has signed it.
    package private(set) var origin: Origin

    /// Reads a manifest, or any list of sha256sum(1).
    /// - Parameter directory: the directory that is compared with it. As sha256sum(1) does in that
    ///   directory, names are resolved from there on: those from the root, those with `..` and symbolic
    ///   links lead where they lead.
    package init(_ file: [UInt8], of directory: FilePath) throws(InvalidManifest) {
        self.directory = directory
        if let content = ForeignContent(Array(file.prefix(64))), [.utf16, .utf32].contains(content)
        {
            throw InvalidManifest(line: nil, reason: "it \(content.sentence); save it as UTF-8")
        }
        let text = withoutByteOrderMark(file[...])
        origin = Origin(text, ContentDigest(of: file))
        var named: [[UInt8]: ContentDigest] = [:]
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            var line = line
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            let isEscaped = line.first == UInt8(ascii: "\\")
            if isEscaped { line = line.dropFirst() }
            let text = String(decoding: line.prefix(64), as: UTF8.self)
            guard let digest = ContentDigest(hexadecimal: text), line.count > 66,
                [" ", "*"].contains(String(decoding: [line[line.startIndex + 65]], as: UTF8.self)),
                line[line.startIndex + 64] == 0x20,
                let path = isEscaped
                    ? Self.unescaped(line.dropFirst(66)) : Array(line.dropFirst(66))
            else {
                throw InvalidManifest(
                    line: index + 1, reason: "it is not of the form SHA-256, two spaces, path")
            }
            if path.contains(0) {
                throw InvalidManifest(line: index + 1, reason: "the path contains a NUL")
            }
            let name = Self.plain(path)
            if let other = named[name], other != digest {
                throw InvalidManifest(line: index + 1, reason: "the file has two digests")
            }
            named[name] = digest
        }
        if named.isEmpty { throw InvalidManifest(line: nil, reason: "it lists no files") }
        files = named.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { name, digest in
            Listed(name: name, digest: digest, place: path(of: name).place)
        }
        for file in files { digests[file.place, default: []].insert(file.digest) }
    }

    /// A path without empty parts and `.`, but for one at its end: what ends with a slash or a dot is a
    /// directory.
    private static func plain(_ path: [UInt8]) -> [UInt8] {
        let (slash, dot) = (UInt8(ascii: "/"), UInt8(ascii: "."))
        let parts = path.split(separator: slash, omittingEmptySubsequences: false)
        var plain = parts.filter { !$0.isEmpty && $0 != [dot] }
        if parts.last!.isEmpty || parts.last! == [dot] { plain.append([dot]) }
        return (path.first == slash ? [slash] : []) + plain.joined(separator: [slash])
    }

    private func path(of name: [UInt8]) -> FilePath {
        name.first == UInt8(ascii: "/") ? FilePath(bytes: name) : directory.appending(name: name)
    }

    /// The verdict on a file that was read.
    package func verdict(of path: FilePath, _ sha256: String?) -> Verdict {
        guard let listed = digests[path.place] else { return .extra }
        guard let digest = sha256.flatMap(ContentDigest.init(hexadecimal:)) else { return .changed }
        return listed == [digest] ? .listed : .changed
    }

    /// The places of all files, in byte order.
    package var places: [FilePath] {
        digests.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// The bytes of a path relative to a directory, as a manifest has it.
    package static func relative(_ path: FilePath, to directory: FilePath) -> [UInt8] {
        let (bytes, base) = (path.bytes, directory.bytes)
        if base == Array(".".utf8) {
            return bytes.starts(with: "./".utf8) ? Array(bytes.dropFirst(2)) : bytes
        }
        let prefix = base.last == UInt8(ascii: "/") ? base : base + [UInt8(ascii: "/")]
        return bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : bytes
    }

    /// The files of the manifest that were not read as snapshots and are not as it has them, such as
    /// signatures, or about which more is to be said; in byte order of their names.
    /// - Parameter sources: the files that were read.
    package func differences(
        besides sources: [EvidenceSearch.Source]
    ) -> [(path: FilePath, difference: Difference)] {
        var read: Set<FilePath> = []
        for case .file(let path, _) in sources { read.insert(path.place) }
        let root = directory.place
        return files.compactMap { file in
            if read.contains(file.place) { return nil }
            let difference = Self.fault(of: file) ?? position(of: file, root)
            return difference.map { (path(of: file.name), $0) }
        }
    }

    /// In bytes: of a larger file the digest is not computed, and it is taken for changed.
    private static let largestOther = 1 << 30

    private static func fault(of file: Listed) -> Difference? {
        do throws(FileError) {
            guard let status = try OpenFile.status(at: file.place, followingLink: true) else {
                return .missing
            }
            if status.kind != .regular || status.size > largestOther { return .changed }
            // What the kernel makes up has no size, and may never end.
            let digest =
                status.size == 0
                ? ContentDigest(of: []) : try ContentDigest(of: OpenFile(reading: file.place))
            return digest == file.digest ? nil : .changed
        } catch {
            return .changed
        }
    }

    /// Where a file lies that is as listed.
    /// - Parameter root: the place of the directory.
    /// - Returns: nil if it is where its name says, in the directory.
    private func position(of file: Listed, _ root: FilePath) -> Difference? {
        if file.place.starts(with: root) {
            let inside = Self.relative(file.place, to: root)
            let isWhereItSays =
                file.name == inside
                || file.name.count > inside.count
                    && file.name.suffix(inside.count + 1)
                        .elementsEqual([UInt8(ascii: "/")] + inside)
            return isWhereItSays ? nil : .linked
        }
        let isFromRoot = file.name.first == UInt8(ascii: "/")
        let meant = (isFromRoot ? FilePath(bytes: file.name) : root.appending(name: file.name))
            .lexicallyNormalized()
        let isMeantInside =
            meant.starts(with: root)
            || directory.isAbsolute && meant.starts(with: directory.lexicallyNormalized())
        return isMeantInside ? .linked : .outside
    }

    // MARK: Writing

    /// The first line.
    package static let heading = "# census manifest 1, to be checked with sha256sum -c\n"

    /// The name of a file with the escapes of sha256sum(1), and whether it has some.
    package static func escaped(_ name: [UInt8]) -> (bytes: [UInt8], hasEscapes: Bool) {
        var bytes: [UInt8] = []
        for byte in name {
            switch byte {
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\r"): bytes += "\\r".utf8
            default: bytes.append(byte)
            }
        }
        return (bytes, bytes.count > name.count)
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var name: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "\\") {
                name.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\\"): name.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "n"): name.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "r"): name.append(UInt8(ascii: "\r"))
            default: return nil
            }
        }
        return name
    }

    // MARK: Its signature

    /// Remembers who has signed it.
    /// - Parameter signer: the key, and what is known of it.
    package mutating func setSigner(_ signer: String?) { origin.signer = signer }

    /// The namespace of the signatures of manifests.
    package static let namespace: StaticString = "census-manifest@census"

    /// Who has signed a manifest.
    /// - Parameters:
    ///   - signature: the file that `ssh-keygen -Y sign` wrote.
    ///   - knownHosts: nil if none was given. Where it has the key, under whatever name, that is the
    ///     principal.
    ///   - examiners: nil if none were given. The verdict is that on their keys then: `valid` or
    ///     `wrongKey`.
    /// - Throws: `InvalidManifest` if the signature does not belong to the manifest, or its key is revoked.
    package static func signer(
        of file: [UInt8], _ signature: [UInt8], _ knownHosts: KnownHosts? = nil,
        _ examiners: ExaminerKeys? = nil
    ) throws(InvalidManifest) -> FileSignature {
        let parsed: SSHSignature
        do throws(SSHError) { parsed = try SSHSignature(armored: signature) } catch {
            throw InvalidManifest(line: nil, reason: "its signature \(error.reason)")
        }
        var check = SignatureCheck(parsed)
        if let other = check.otherNamespace(than: namespace) {
            throw InvalidManifest(
                line: nil,
                reason:
                    "its signature is for \"\(other)\", and not for \"\(namespace)\": it was made "
                    + "for another purpose")
        }
        check.update(file[...])
        switch check.isGenuine(in: namespace) {
        case true: break
        case nil:
            throw InvalidManifest(
                line: nil,
                reason:
                    "it is signed by a key of type \(parsed.publicKey.algorithm), which census does "
                    + "not check; use ssh-keygen -Y verify")
        default:
            throw InvalidManifest(
                line: nil, reason: "its signature does not match: one of the two was altered")
        }
        let key = parsed.publicKey
        if knownHosts?.isRevoked(key) ?? false || examiners?.isRevoked(key) ?? false {
            throw InvalidManifest(
                line: nil, reason: "it is signed by a key that is revoked: \(key.fingerprint)")
        }
        if knownHosts == nil && examiners == nil { return FileSignature(.signed, key) }
        var result = FileSignature(examiners == nil ? .unknownHost : .wrongKey, key)
        if let names = examiners.map({ $0.name(of: key) }) ?? knownHosts?.names(of: key) {
            result.verdict = .valid
            result.principal = names
        }
        return result
    }
}

extension FilePath {
    /// The path without links: where what is to be there would be, if it is not.
    fileprivate var place: FilePath {
        if let resolved { return resolved }
        guard let name = lastComponent else { return self }
        let directory = removingLastComponent()
        return (directory.isEmpty ? "." : directory).resolved?.appending(name) ?? self
    }
}
