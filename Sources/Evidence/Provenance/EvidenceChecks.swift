package import Age
import Files
import SSH
import SystemPackage
import Text

/// What shows that a file is of the host that it names, and unchanged since.
package struct Provenance: Hashable, Sendable {
    /// Nil if the file was not read to its end.
    package var signature: FileSignature?
    /// How the file is encrypted: `age`, and the kinds of its recipients. Nil if it is not.
    package var encryption: String?
    /// The line of a custody log, or that there is none. Nil without a log beside the file.
    package var custody: String?
    /// What a manifest says; nil if none was given.
    package var manifest: Manifest.Verdict?

    /// Nothing is known.
    package init() {}
}

/// What files are compared with while they are read.
package struct EvidenceChecks: Sendable {
    /// The keys of the hosts; nil if none were given.
    package var knownHosts: KnownHosts?
    /// Whether a file without a good signature is rejected.
    package var requiresSignature = false
    /// What the custody logs say.
    package let custody: CustodyRecords
    /// Nil if none was given.
    package var manifest: Manifest?
    /// What encrypted files are decrypted with.
    package var identities = AgeIdentities()
    /// The files that have a signature beside them.
    private let signed: Set<FilePath>

    /// Checks nothing but the signatures and logs beside the files that were found.
    package init(_ search: EvidenceSearch = .nothing) {
        signed = search.signed
        custody = CustodyRecords(search.custodyLogs)
    }

    /// Whether there is a signature beside a file.
    func isSigned(_ source: EvidenceSearch.Source) -> Bool {
        guard !signed.isEmpty, case .file(let path, _) = source else { return false }
        return signed.contains(path)
    }

    /// Reads the signature beside a file.
    /// - Returns: nil if there is none.
    func signature(of source: EvidenceSearch.Source) throws(SnapshotError) -> SSHSignature? {
        guard case .file(let path, _) = source, signed.contains(path) else { return nil }
        let place = SignatureName.path(beside: path)
        var bytes: [UInt8]
        do throws(FileError) {
            let file = try OpenFile(reading: place, followingLink: false)
            bytes = try file.contents(limit: SSHSignature.largestFile * 2)
        } catch {
            throw SnapshotError(
                .unreadable, "the signature \(place.text): \(error.errno.description)")
        }
        if SignatureName.isEncrypted(path) {
            do throws(AgeError) {
                bytes = try identities.decrypt(bytes, limit: SSHSignature.largestFile)
            } catch {
                throw .corrupt("the signature \(place.text) cannot be decrypted: \(error.reason)")
            }
        }
        do throws(SSHError) { return try SSHSignature(armored: bytes) } catch {
            throw .corrupt(
                "the signature \(place.text) \(error.reason): one of the two was altered")
        }
    }

    /// Completes what is known of a file that was read to its end without an error.
    /// - Parameters:
    ///   - check: the signature, after all bytes; nil if there is none.
    ///   - hosts: of the snapshots in the file.
    func judge(
        _ check: SignatureCheck?, of hosts: Set<SignedHost>
    ) throws(SnapshotError) -> FileSignature {
        var verdict = FileSignature.none
        if let check {
            let key = check.signature.publicKey
            switch check.isGenuine(in: SSHSignature.snapshotNamespace) {
            case true:
                verdict = FileSignature(.signed, key)
                if let knownHosts {
                    // The worst, should the file be of several hosts.
                    let all = hosts.map { knownHosts.judge(key, of: $0) }
                    verdict = all.first { !$0.isGood } ?? all.first ?? verdict
                }
            case nil:
                // Loaded with it, a file that was altered would seem to be signed.
                throw SnapshotError(
                    .unsupported,
                    "the signature beside the file is by a key of type \(key.algorithm), which census "
                        + "does not check: use ssh-keygen -Y verify, and load the file without it")
            default:
                throw .corrupt(
                    "the signature beside the file does not match it: one of the two was altered, or "
                        + "the signature is of another file")
            }
        }
        if requiresSignature && !verdict.isGood {
            throw SnapshotError(.untrusted, Self.reason(verdict))
        }
        return verdict
    }

    private static func reason(_ signature: FileSignature) -> String {
        let key = signature.key ?? ""
        return switch signature.verdict {
        case .unsigned, .signed, .valid: "the file is not signed"
        case .wrongKey: "the file is signed by \(key), and known_hosts has another key for the host"
        case .unknownHost:
            "the file is signed by \(key), and known_hosts has no key for the host"
        case .revoked: "the file is signed by \(key), which is revoked"
        }
    }

    /// Fills in what the digest of a file says of it.
    func complete(_ reading: inout FileReading, of source: EvidenceSearch.Source) {
        guard case .file(let path, _) = source else { return }
        reading.provenance.custody = custody.text(of: reading.sha256, at: path)
        guard let manifest, reading.error?.code != .unreadable else { return }
        let verdict = manifest.verdict(of: path, reading.sha256)
        reading.provenance.manifest = verdict
        if reading.error != nil { return }
        switch verdict {
        case .changed:
            reading.error = SnapshotError(
                .untrusted, "the file was changed after the manifest was written")
        case .extra: reading.error = SnapshotError(.untrusted, "the file is not in the manifest")
        case .listed, .missing: break
        }
    }
}

/// The name of the signature beside a file: `NAME.sig`, and `NAME.sig.age` beside `NAME.age`, as it is of
/// the file before it was encrypted.
enum SignatureName {
    private static let ending = Array(".sig".utf8)
    private static let encrypted = Array(".age".utf8)

    static func isEncrypted(_ path: FilePath) -> Bool { hasEnding(path.bytes, encrypted) }

    /// The path of the signature of a file.
    static func path(beside file: FilePath) -> FilePath {
        guard isEncrypted(file) else { return FilePath(bytes: file.bytes + ending) }
        return FilePath(bytes: file.bytes.dropLast(encrypted.count) + ending + encrypted)
    }

    /// The path or name of the file that a signature is of; nil if it is the name of no signature.
    static func file(of signature: [UInt8]) -> [UInt8]? {
        if hasEnding(signature, ending + encrypted) {
            return signature.dropLast(ending.count + encrypted.count) + encrypted
        }
        guard hasEnding(signature, ending) else { return nil }
        let file = Array(signature.dropLast(ending.count))
        return hasEnding(file, encrypted) ? nil : file
    }

    private static func hasEnding(_ name: [UInt8], _ ending: [UInt8]) -> Bool {
        name.count > ending.count && name.suffix(ending.count).elementsEqual(ending)
    }
}
