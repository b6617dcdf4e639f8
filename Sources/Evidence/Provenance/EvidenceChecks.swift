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
    /// What that manifest says of itself; nil if none was given.
    package var manifestOrigin: Manifest.Origin?

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
        custody = CustodyRecords(
            search.custodyLogs.map { CustodyLog($0.path, followingLink: $0.followingLink) })
    }

    /// Whether the hosts of a file are to be known, to say whether it is signed by them.
    func needsHosts(_ source: EvidenceSearch.Source) -> Bool {
        if knownHosts != nil { return true }
        guard !signatures.isEmpty, case .file(let path, _) = source else { return false }
        return signatures[path] != nil
    }

    /// Reads the signature beside a file.
    /// - Returns: nil if there is none.
    func signature(of source: EvidenceSearch.Source) throws(SnapshotError) -> SSHSignature? {
        guard case .file(let path, _) = source, let place = signatures[path] else { return nil }
        var bytes: [UInt8] = []
        let type: InodeType
        do throws(FileError) {
            type = try OpenFile.status(at: place, followingLink: false)?.type ?? .regular
            if type == .regular {
                let file = try OpenFile(reading: place, followingLink: false)
                bytes = try file.contents(limit: SSHSignature.largestFile * 2)
            }
        } catch {
            throw SnapshotError(
                .unreadable, "the signature \(place.text): \(error.errno.description)")
        }
        if type != .regular {
            throw SnapshotError(
                .unreadable, "the signature \(place.text) is \(type.rawValue), and is not read")
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
        _ check: SignatureCheck?, of hosts: [SignedHost]
    ) throws(SnapshotError) -> FileSignature {
        guard let check else {
            var verdict = FileSignature.none
            verdict.principal = knownHosts?.name(of: hosts)
            return verdict
        }
        let key = check.signature.publicKey
        if let other = check.otherNamespace(than: SSHSignature.snapshotNamespace) {
            throw .corrupt(
                "the signature beside the file is for \"\(other)\", and not for "
                    + "\"\(SSHSignature.snapshotNamespace)\": it was made for another purpose")
        }
        switch check.isGenuine(in: SSHSignature.snapshotNamespace) {
        case true: return knownHosts?.judge(key, of: hosts) ?? FileSignature(.signed, key)
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

    /// Why a file with such a signature is rejected; nil if it is not.
    func refusal(of signature: FileSignature) -> SnapshotError? {
        if !requiresSignature || signature.isGood { return nil }
        let signed = "the file is signed by \(signature.key ?? "")"
        let reason =
            switch signature.verdict {
            case .unsigned, .signed, .valid: "the file is not signed"
            case .wrongKey: "\(signed), and known_hosts has another key for the host"
            case .unknownHost where signature.isListedOtherwise:
                "\(signed), and known_hosts has no key of this type for the host"
            case .unknownHost: "\(signed), and known_hosts has no key for the host"
            case .revoked: "\(signed), which is revoked"
            }
        return SnapshotError(.untrusted, reason)
    }

    /// Fills in what the digest of a file says of it.
    func complete(_ reading: inout FileReading, of source: EvidenceSearch.Source) {
        guard case .file(let path, _) = source else { return }
        if !custody.isEmpty && !custody.isLog(path) {
            reading.provenance.custody = custody.text(of: reading.sha256, at: path)
            if reading.error == nil { reading.error = custodyFault(of: reading, at: path) }
        }
        guard let manifest, reading.error?.code != .unreadable else { return }
        let verdict = manifest.verdict(of: path, reading.sha256)
        reading.provenance.manifest = verdict
        reading.provenance.manifestOrigin = manifest.origin
        if reading.error != nil { return }
        switch verdict {
        case .changed:
            reading.error = SnapshotError(
                .untrusted, "the file was changed after the manifest was written")
        case .extra: reading.error = SnapshotError(.untrusted, "the file is not in the manifest")
        case .listed: break
        }
        if reading.error == nil, let signature = signatures[path],
            !isListed(signature, in: manifest)
        {
            reading.error = SnapshotError(
                .untrusted, "the signature beside the file is not as the manifest has it")
        }
    }

    /// What of a file is not as its custody log has it.
    private func custodyFault(of reading: FileReading, at path: FilePath) -> SnapshotError? {
        if let place = custody.contradiction(to: reading.sha256, at: path) {
            return SnapshotError(
                .untrusted,
                "\(place) has this file with another SHA-256: it was replaced or changed",
                cause: .otherDigest)
        }
        guard let mention = custody.mention(of: reading.sha256, at: path),
            let signer = mention.signer, let signature = reading.provenance.signature
        else { return nil }
        let has = "\(mention.place) has this file as signed by \(signer)"
        if signature.verdict == .unsigned {
            return SnapshotError(
                .untrusted, "\(has), and no signature is beside it: it was removed",
                cause: .otherSigner)
        }
        if signature.fingerprint.map({ $0 != signer }) ?? false {
            return SnapshotError(
                .untrusted, "\(has), and the signature beside it is by another key",
                cause: .otherSigner)
        }
        return nil
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
