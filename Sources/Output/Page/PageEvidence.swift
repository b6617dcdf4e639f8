import Database
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
        func text(_ index: Int) -> String? { receipt.textOrNil(ownColumns + index) }
        var parts: [String] = []
        if let signature = text(1) {
            let key = text(2).map { " by \($0)" } ?? ""
            let principal = text(3).map { " as \($0)" } ?? ""
            parts.append("signature: \(signature)\(key)\(principal)")
        }
        if let encryption = text(4) { parts.append("encryption: \(encryption)") }
        if let custody = text(5) { parts.append("custody: \(custody)") }
        if let manifest = text(6) {
            let origin = [
                text(8).map { "case \($0)" }, text(9).map { "examiner \($0)" },
                text(10).map { "signed by \($0)" } ?? "not signed", text(7).map { "SHA-256 \($0)" },
            ].compactMap(\.self)
            // A database of an older version does not say which manifest it was.
            let isKnown = text(7) != nil
            parts.append(
                "manifest: \(manifest)\(isKnown ? " (\(origin.joined(separator: ", ")))" : "")")
        }
        if let database = text(0) { parts.append("joined from \(database)") }
        return own + [parts.isEmpty ? .null : .text(parts.joined(separator: "; "))]
    }
}
