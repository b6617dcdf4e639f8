import Database
import Evidence
import SQLScripts
import Text

/// The newest verdicts on the signatures of files.
struct SignatureVerdicts {
    /// The verdict on the signature of a file.
    struct Said {
        /// Nil if nothing was.
        let verdict: FileSignature.Verdict?
        /// The key that signed: `ssh-ed25519 SHA256:…`.
        let key: String?
        /// The name under which known_hosts has that, or the host.
        let principal: String?

        /// Whether the key was compared with a known_hosts.
        fileprivate var isCompared: Bool {
            switch verdict {
            case .valid, .wrongKey, .unknownHost, .revoked: true
            case .signed, .unsigned, nil: false
            }
        }
    }

    /// Whether the database has any file with a signature, or of a host that known_hosts has a key of. If
    /// it has none, signing is not in use.
    let areUsed: Bool
    /// Of each file, by its digest. It may have been given again, as with a known_hosts that was not at hand
    /// before.
    private var latest: [String: Said] = [:]

    init(in database: any Database) throws(DatabaseError) {
        areUsed = try database.prepare(Scripts.Query.isSigned).firstInteger() != nil
        if !areUsed { return }
        let statement = try database.prepare(Scripts.Query.signatures)
        while try statement.step() {
            guard let digest = statement.textOrNil(0) else { continue }
            let said = Said(
                verdict: FileSignature.Verdict(rawValue: statement.text(1)),
                key: statement.textOrNil(2), principal: statement.textOrNil(3))
            latest[digest] = Self.last(latest[digest], said)
        }
    }

    /// What counts of two things that were said one after the other: the last that was compared with a
    /// known_hosts; of none, the last that was signed.
    private static func last(_ earlier: Said?, _ later: Said) -> Said {
        guard let earlier else { return later }
        let isReplaced =
            later.isCompared || !earlier.isCompared && (later.key != nil || earlier.key == nil)
        return isReplaced ? later : earlier
    }

    /// What counts of a file.
    /// - Parameters:
    ///   - sha256: its digest; nil if it is unknown.
    ///   - first: what was said when it was loaded.
    func said(of sha256: String?, first: Said) -> Said {
        sha256.flatMap { latest[$0] }.map { Self.last(first, $0) } ?? first
    }

    /// The findings about a host, at most one of each kind: the newest, and how many more there are.
    ///
    /// A file without a signature counts if it is the newest, or if the host had signed one before.
    /// - Parameters:
    ///   - seen: its executions, newest first.
    ///   - newest: the one that counts as the newest.
    func findings(
        about seen: [Sighting], newest: Sighting, _ keys: HostKeys
    ) -> [(kind: Coverage.Kind, detail: String)] {
        if !areUsed { return [] }
        let firstSigned = seen.last { $0.signerKey != nil }?.date
        var findings: [(kind: Coverage.Kind, detail: String)] = []
        var counts: [Coverage.Kind: Int] = [:]
        for one in seen {
            guard let (kind, detail) = finding(about: one, keys) else { continue }
            let isNewest = one.executionID == newest.executionID
            if kind == .unsigned && !isNewest && firstSigned.map({ one.date < $0 }) ?? true {
                continue
            }
            counts[kind, default: 0] += 1
            if counts[kind] == 1 { findings.append((kind, detail)) }
        }
        return findings.map { kind, detail in
            let more = counts[kind]! - 1
            return (kind, more == 0 ? detail : "\(detail); and \(counted(more, "older file"))")
        }
    }

    /// The finding about an execution; nil if there is none.
    private func finding(
        about one: Sighting, _ keys: HostKeys
    ) -> (kind: Coverage.Kind, detail: String)? {
        let said = said(
            of: one.sha256,
            first: Said(verdict: one.signature, key: one.signerKey, principal: nil))
        let key = said.key ?? "an unknown key"
        let file = "the file of \(one.date) is signed by \(key), "
        return switch said.verdict {
        case .unsigned where areUsed: (.unsigned, "the file of \(one.date) is not signed")
        case .wrongKey: (.unknownKey, file + "and known_hosts has another key for the host")
        case .unknownHost:
            (.unknownKey, file + "and known_hosts has no key of this type for the host")
        case .revoked: (.unknownKey, file + "which known_hosts marks as revoked")
        case .signed, .valid:
            keys.isSignedByAnother(one, said.key)
                ? (.unknownKey, file + "which is not among the keys of the host in it") : nil
        case .unsigned, nil: nil
        }
    }
}
