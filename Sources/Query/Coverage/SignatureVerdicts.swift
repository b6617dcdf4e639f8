import Database
import Evidence
import SQLScripts
import Text

/// What was said last of the signatures of files.
struct SignatureVerdicts {
    /// Whether the database has any file with a signature. If none has, signing is not in use.
    let areUsed: Bool
    /// Of files that were given again, as with a known_hosts that was not at hand before; by their
    /// digests.
    private var later: [String: FileSignature.Verdict] = [:]

    init(in database: any Database) throws(DatabaseError) {
        areUsed = try database.prepare(Scripts.Query.isSigned).firstInteger() != nil
        if !areUsed { return }
        let statement = try database.prepare(Scripts.Query.signatures)
        while try statement.step() {
            guard let digest = statement.textOrNil(0) else { continue }
            later[digest] = FileSignature.Verdict(rawValue: statement.text(1))
        }
    }

    /// The verdict on the file of an execution; nil if there is none, or no file.
    private func verdict(of one: Sighting) -> FileSignature.Verdict? {
        one.sha256.flatMap { later[$0] } ?? one.signature
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
        let key = one.signerKey ?? "an unknown key"
        let file = "the file of \(one.date) is signed by \(key), "
        return switch verdict(of: one) {
        case .unsigned where areUsed: (.unsigned, "the file of \(one.date) is not signed")
        case .wrongKey: (.unknownKey, file + "and known_hosts has another key for the host")
        case .unknownHost: (.unknownKey, file + "and known_hosts has no key for the host")
        case .revoked: (.unknownKey, file + "which known_hosts marks as revoked")
        case .signed, .valid:
            keys.isSignedByAnother(one)
                ? (.unknownKey, file + "which is not among the keys of the host in it") : nil
        case .unsigned, nil: nil
        }
    }
}
