import Database
import Query
import SQLScripts

/// The table of the files that were given to `census ingest`.
enum PageEvidence {
    /// The first columns are those of the query; the others of it are one, so that they fit on paper.
    static let columns =
        Array(columnTitles(of: Scripts.Page.evidence).prefix(ownColumns)) + ["Origin"]
    private static let ownColumns = 11

    /// The row of a receipt.
    static func row(of receipt: any Statement) -> [Value] {
        let own: [Value] = (0..<ownColumns).map { column in
            if receipt.isNull(column) { return .null }
            return receipt.isInteger(column)
                ? .integer(receipt.integer(column)) : .text(receipt.text(column))
        }
        var rest = ColumnReader(receipt, from: ownColumns)
        let database = rest.textOrNil()
        let (signature, key, principal) = (rest.textOrNil(), rest.textOrNil(), rest.textOrNil())
        let origin = FileOrigin(&rest, joinedFrom: database)
        let parts =
            (signature.map { ["signature: \(signatureText($0, by: key, as: principal))"] } ?? [])
            + origin.parts
        return own + [parts.isEmpty ? .null : .text(parts.joined(separator: "; "))]
    }
}

/// `valid by ssh-ed25519 SHA256:… as web-01`.
func signatureText(_ verdict: String, by key: String?, as principal: String?) -> String {
    verdict + (key.map { " by \($0)" } ?? "") + (principal.map { " as \($0)" } ?? "")
}

extension FileOrigin {
    /// What is known, each in words: `encryption: X25519`.
    var parts: [String] {
        [
            encryption.map { "encryption: \($0)" }, custody.map { "custody: \($0)" },
            manifest.map { "manifest: \($0.text)" }, database.map { "joined from \($0)" },
        ].compactMap(\.self)
    }
}

extension FileOrigin.Manifest {
    /// `listed (case 2026-17, examiner Ana, not signed, SHA-256 …)`.
    fileprivate var text: String {
        guard let sha256 else { return verdict }
        let origin = [
            caseName.map { "case \($0)" }, examiner.map { "examiner \($0)" },
            signer.map { "signed by \($0)" } ?? "not signed", "SHA-256 \(sha256)",
        ].compactMap(\.self)
        return "\(verdict) (\(origin.joined(separator: ", ")))"
    }
}
