package import Database
import SQLScripts

/// Where a file comes from, as its receipt says, apart from its signature.
package struct FileOrigin: Sendable {
    /// The manifest that a file was compared with.
    package struct Manifest: Sendable {
        /// Whether it has the file: `listed`.
        package let verdict: String
        /// Its own SHA-256; nil if a database of an older version does not say which manifest it was.
        package let sha256: String?
        /// The case that it names.
        package let caseName: String?
        /// The examiner that it names.
        package let examiner: String?
        /// The key that signed it; nil if none did.
        package let signer: String?

        /// Reads the columns `Manifest` to `Manifest_Signer` of a receipt.
        /// - Returns: nil if the file was compared with none.
        fileprivate static func read(_ row: inout ColumnReader) -> Manifest? {
            let (verdict, sha256) = (row.textOrNil(), row.textOrNil())
            let (caseName, examiner) = (row.textOrNil(), row.textOrNil())
            let signer = row.textOrNil()
            return verdict.map { verdict in
                Manifest(
                    verdict: verdict, sha256: sha256, caseName: caseName, examiner: examiner,
                    signer: signer)
            }
        }
    }

    /// How the file was encrypted; nil if it was not.
    package let encryption: String?
    /// The line of the custody log about it, in words.
    package let custody: String?
    /// Nil if the file was compared with none.
    package private(set) var manifest: Manifest?
    /// The path of the census database that read the file before it was joined to this one.
    package let database: String?

    /// Reads the columns `Encryption` to `Manifest_Signer` of a receipt.
    /// - Parameter database: what its column `Joined_from` says.
    package init(_ row: inout ColumnReader, joinedFrom database: String?) {
        encryption = row.textOrNil()
        custody = row.textOrNil()
        manifest = .read(&row)
        self.database = database
    }

    /// The same with the last manifest that the file was compared with.
    func with(_ manifests: LastManifests, of sha256: String?) -> FileOrigin {
        var origin = self
        if let manifest = manifests.manifest(of: sha256) { origin.manifest = manifest }
        return origin
    }
}

/// The manifests that files were compared with.
struct LastManifests {
    /// The last of each file, by the digests of the files.
    private var manifests: [String: FileOrigin.Manifest] = [:]

    init(in database: any Database) throws(DatabaseError) {
        let statement = try database.prepare(Scripts.Query.manifests)
        while try statement.step() {
            var row = ColumnReader(statement)
            guard let sha256 = row.textOrNil() else { continue }
            manifests[sha256] = .read(&row)
        }
    }

    func manifest(of sha256: String?) -> FileOrigin.Manifest? { sha256.flatMap { manifests[$0] } }
}
