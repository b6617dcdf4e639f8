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
    package var custody: CustodyRecords
    /// Nil if none was given.
    package var manifest: Manifest?
    /// What encrypted files are decrypted with.
    package var identities = AgeIdentities()
    /// The signatures beside files, by the paths of the files.
    private let signatures: [FilePath: FilePath]

    /// Checks nothing but the signatures and logs beside the files that were found.
    package init(_ search: EvidenceSearch = .nothing) {
        signatures = search.signatures
        custody = CustodyRecords(search.custodyLogs.map { CustodyLog($0) })
    }

    /// Whether there is a signature beside a file.
    func isSigned(_ source: EvidenceSearch.Source) -> Bool {
        guard !signatures.isEmpty, case .file(let path, _) = source else { return false }
        return signatures[path] != nil
    }

    /// Reads the signature beside a file.
    /// - Returns: nil if there is none.
    func signature(of source: EvidenceSearch.Source) throws(SnapshotError) -> SSHSignature? {
        guard case .file(let path, _) = source, let place = signatures[path] else { return nil }
        var bytes: [UInt8]
        do throws(FileError) {
            let file = try OpenFile(reading: place, followingLink: false)
            bytes = try file.contents(limit: SSHSignature.largestFile * 2)
        } catch {
            throw SnapshotError(
                .unreadable, "the signature \(place.text): \(error.errno.description)")
        }
        if SignatureName.isEncrypted(place) {
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
                if let knownHosts { verdict = knownHosts.judge(key, of: hosts) ?? verdict }
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
        if !CustodyLog.isName(path.lastComponent?.bytes ?? []) {
            reading.provenance.custody = custody.text(of: reading.sha256, at: path)
            if reading.error == nil, let place = custody.contradiction(to: reading.sha256, at: path)
            {
                reading.error = SnapshotError(
                    .untrusted,
                    "\(place) has this file with another SHA-256: it was replaced or changed")
            }
        }
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
        if reading.error == nil, let signature = signatures[path],
            !isListed(signature, in: manifest)
        {
            reading.error = SnapshotError(
                .untrusted, "the signature beside the file is not as the manifest has it")
        }
    }

    private func isListed(_ signature: FilePath, in manifest: Manifest) -> Bool {
        do throws(FileError) {
            let file = try OpenFile(reading: signature, followingLink: false)
            let bytes = try file.contents(limit: SSHSignature.largestFile * 2)
            return manifest.verdict(of: signature, ContentDigest(of: bytes).hexadecimal) == .listed
        } catch {
            return false
        }
    }
}

/// The names of signatures: `NAME.sig` of `NAME`; `NAME.sig.age`, which is encrypted, of `NAME.age`, or of
/// an encrypted `NAME` without that ending.
enum SignatureName {
    private static let plain = Array(".sig".utf8)
    private static let age = Array(".age".utf8)
    private static let encrypted = plain + age

    /// Whether a name is that of a signature.
    static func isOne(_ name: [UInt8]) -> Bool {
        hasEnding(name, plain) || hasEnding(name, encrypted)
    }

    static func isEncrypted(_ signature: FilePath) -> Bool { hasEnding(signature.bytes, encrypted) }

    /// The signatures that a file may have.
    static func paths(beside file: FilePath) -> [FilePath] {
        let bytes = file.bytes
        let names =
            hasEnding(bytes, age)
            ? [bytes.dropLast(age.count) + encrypted] : [bytes + encrypted, bytes + plain]
        return names.map { FilePath(bytes: Array($0)) }
    }

    /// The files that a signature may be of, the likelier first; empty for the path of no signature.
    static func files(of signature: FilePath) -> [FilePath] {
        let bytes = signature.bytes
        if hasEnding(bytes, encrypted) {
            let stem = Array(bytes.dropLast(encrypted.count))
            return [FilePath(bytes: stem + bytes.suffix(age.count)), FilePath(bytes: stem)]
        }
        guard hasEnding(bytes, plain) else { return [] }
        let stem = Array(bytes.dropLast(plain.count))
        return hasEnding(stem, age) ? [] : [FilePath(bytes: stem)]
    }

    /// Capitals do not count, as on a stick.
    private static func hasEnding(_ name: [UInt8], _ ending: [UInt8]) -> Bool {
        name.count > ending.count
            && name.suffix(ending.count).elementsEqual(ending) { byte, small in
                byte == small || byte | 0x20 == small && 0x41...0x5A ~= byte
            }
    }
}
