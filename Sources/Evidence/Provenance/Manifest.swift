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

    /// What a manifest says of a file.
    package enum Verdict: String, Sendable {
        /// It has the file, with this digest.
        case listed
        /// It has the file with another digest.
        case changed
        /// It does not have the file.
        case extra
        /// It has the file, which is not there.
        case missing
    }

    /// The digests by the paths of the files, relative to the directory that was listed.
    private var digests: [[UInt8]: ContentDigest] = [:]
    /// The directory that the paths are relative to.
    private let directory: FilePath

    /// Reads a manifest, or any list of sha256sum(1).
    /// - Parameter directory: the directory that is compared with it.
    package init(_ file: [UInt8], of directory: FilePath) throws(InvalidManifest) {
        self.directory = directory
        let lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
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
            let key = Self.withoutDot(path)
            if let other = digests[key], other != digest {
                throw InvalidManifest(line: index + 1, reason: "the file has two digests")
            }
            digests[key] = digest
        }
        if digests.isEmpty { throw InvalidManifest(line: nil, reason: "it lists no files") }
    }

    private static func withoutDot(_ path: [UInt8]) -> [UInt8] {
        path.starts(with: "./".utf8) ? Array(path.dropFirst(2)) : path
    }

    /// What is said of a file.
    package func verdict(of path: FilePath, _ sha256: String?) -> Verdict {
        guard let digest = digests[Self.relative(path, to: directory)] else { return .extra }
        return sha256.flatMap(ContentDigest.init(hexadecimal:)) == digest ? .listed : .changed
    }

    /// The bytes of a path relative to a directory, as a manifest has it.
    package static func relative(_ path: FilePath, to directory: FilePath) -> [UInt8] {
        let (bytes, base) = (path.bytes, directory.bytes)
        if base == Array(".".utf8) { return withoutDot(bytes) }
        let prefix = base.last == UInt8(ascii: "/") ? base : base + [UInt8(ascii: "/")]
        return bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : bytes
    }

    /// The files of the manifest that were not read as snapshots and are not as it has them, such as
    /// signatures; in byte order, with their paths and the directory.
    /// - Parameter sources: the files that were read.
    package func differences(
        besides sources: [EvidenceSearch.Source]
    ) -> [(path: FilePath, verdict: Verdict)] {
        var read: Set<[UInt8]> = []
        for case .file(let path, _) in sources {
            read.insert(Self.relative(path, to: directory))
        }
        return digests.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).compactMap { path in
            if read.contains(path) { return nil }
            let place = directory.appending(name: path)
            switch verdict(ofOther: place, digests[path]) {
            case .listed: return nil
            case let verdict: return (place, verdict)
            }
        }
    }

    /// In bytes: of a larger file the digest is not computed, and it is taken for changed.
    private static let largestOther = 1 << 30

    private func verdict(ofOther path: FilePath, _ digest: ContentDigest?) -> Verdict {
        do throws(FileError) {
            guard let status = try OpenFile.status(at: path, followingLink: false) else {
                return .missing
            }
            if status.kind != .regular || status.size > Self.largestOther { return .changed }
            return try ContentDigest(of: OpenFile(reading: path, followingLink: false)) == digest
                ? .listed : .changed
        } catch {
            return .changed
        }
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

    /// The namespace of the signatures of manifests.
    package static let namespace: StaticString = "census-manifest@census"

    /// Who has signed a manifest.
    /// - Parameters:
    ///   - signature: the file that `ssh-keygen -Y sign` wrote.
    ///   - knownHosts: nil if none was given. Where it has the key, under whatever name, that is the
    ///     principal.
    /// - Throws: `InvalidManifest` if the signature does not belong to the manifest, or its key is revoked.
    package static func signer(
        of file: [UInt8], _ signature: [UInt8], _ knownHosts: KnownHosts? = nil
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
        guard let knownHosts else { return FileSignature(.signed, key) }
        if knownHosts.isRevoked(key) {
            throw InvalidManifest(
                line: nil, reason: "it is signed by a key that is revoked: \(key.fingerprint)")
        }
        var result = FileSignature(.unknownHost, key)
        if let names = knownHosts.names(of: key) {
            result.verdict = .valid
            result.principal = names
        }
        return result
    }
}
