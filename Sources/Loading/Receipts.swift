import Database
import Evidence
import Text

/// Writes the table `Receipts`: a row for each file that was read.
struct Receipts {
    private let database: any Database
    private let complete: any Statement
    private let desk: Ingest.Desk

    /// The receipt of a large file of which more parts follow: its id, whether any part had a new
    /// snapshot, and the number of snapshots so far.
    private var unfinished: (receipt: Int64, hasNews: Bool, snapshots: Int)?

    init(_ database: any Database, _ desk: Ingest.Desk) throws(DatabaseError) {
        self.database = database
        self.desk = desk
        complete = try database.prepare(
            """
            UPDATE Receipts
            SET Size_bytes = ?, SHA256 = ?, Verdict = ?, Snapshots = ?, Received_at = ?,
                Signature = ?, Signer_Key = ?, Signer_Principal = ?, Encryption = ?, Custody = ?,
                Manifest = ?, Manifest_SHA256 = ?, Manifest_Case = ?, Manifest_Examiner = ?,
                Manifest_Signer = ?
            WHERE Receipt_ID = ?
            """)
    }

    /// The files whose snapshots were all loaded from them and are all still in the database.
    /// Loading such a file again would change nothing.
    ///
    /// The query takes longer than reading a few files. It is skipped if the database has had more
    /// than fifty times as many files as are given now. Of very many files only the latest are
    /// returned.
    static func knownFiles(
        in database: any Database, given count: Int
    ) throws(DatabaseError) -> KnownFiles {
        let receipts = try database.prepare("SELECT MAX(Receipt_ID) FROM Receipts").firstInteger()
        var files = KnownFiles()
        if receipts ?? 0 > count * 50 { return files }
        let statement = try database.prepare(
            """
            SELECT r.SHA256, r.Size_bytes, r.Snapshots
            FROM Receipts r
            JOIN (SELECT Receipt_ID, COUNT(*) AS Brought FROM Executions GROUP BY Receipt_ID) e
                ON e.Receipt_ID = r.Receipt_ID AND e.Brought = r.Snapshots
            ORDER BY r.Receipt_ID DESC
            LIMIT 1000000
            """)
        while try statement.step() {
            guard let digest = ContentDigest(hexadecimal: statement.text(0)) else { continue }
            files.snapshots[digest] = Int(statement.integer(2))
            files.sizes.insert(Int(statement.integer(1)))
        }
        return files
    }

    /// The custody logs as they were loaded, in that order.
    static func custodyLogs(
        in database: any Database
    ) throws(DatabaseError) -> [CustodyLogState] {
        let statement = try database.prepare(
            """
            SELECT Custody, Size_bytes, SHA256, Absolute_path, Received_at FROM Receipts
            WHERE Custody LIKE 'custody log %' ORDER BY Receipt_ID
            """)
        var states: [CustodyLogState] = []
        while try statement.step() {
            let state = CustodyLogState(
                custody: statement.text(0), size: Int(statement.integer(1)),
                sha256: statement.textOrNil(2) ?? "", path: statement.textOrNil(3),
                date: statement.text(4))
            if let state { states.append(state) }
        }
        return states
    }

    /// Those of some digests that files have which were accepted.
    static func accepted(
        _ digests: Set<ContentDigest>, in database: any Database
    ) throws(DatabaseError) -> Set<ContentDigest> {
        if digests.isEmpty { return [] }
        let statement = try database.prepare(
            "SELECT SHA256 FROM Receipts WHERE Verdict <> 'rejected' AND SHA256 IS NOT NULL")
        var found: Set<ContentDigest> = []
        while try statement.step() {
            guard let digest = ContentDigest(hexadecimal: statement.text(0)) else { continue }
            if digests.contains(digest) { found.insert(digest) }
        }
        return found
    }

    /// Forgets an unfinished receipt: its transaction has been rolled back.
    mutating func forget() { unfinished = nil }

    private enum Verdict: String { case ingested, duplicate, rejected }

    /// Inserts the receipts of files, or updates that of a large file.
    /// - Returns: the id of the receipt of each file.
    mutating func ids(
        _ files: [EvidenceFile], _ outcomes: [Loader.Outcome]
    ) throws(DatabaseError) -> [Int64] {
        if let (id, hadNews, before) = unfinished {
            // A further part of a large file, whose receipt exists.
            let hasNews = hadNews || outcomes[0].loaded.loadedSnapshots > 0
            let snapshots = before + files[0].snapshots.count
            unfinished = (id, hasNews, snapshots)
            if let reading = files[0].reading {
                try complete.run(
                    [
                        Value(reading.size), Value(reading.sha256),
                        .text((hasNews ? Verdict.ingested : .duplicate).rawValue), Value(snapshots),
                        .text(files[0].receivedAt.sqlText),
                    ] + reading.provenance.columns.map { Value($0) } + [.integer(id)])
                unfinished = nil
            }
            return [id]
        }
        var rows = Rows(columnCount: Self.columns.count)
        for (file, outcome) in zip(files, outcomes) {
            let hasNews =
                outcome.loaded.loadedSnapshots > 0 || file.reading == nil || file.isCustodyLog
            let verdict: Verdict =
                outcome.error != nil ? .rejected : hasNews ? .ingested : .duplicate
            rows.append(file.path)
            rows.append(file.reading?.size)
            rows.append(file.reading?.sha256)
            rows.append(verdict.rawValue)
            rows.append(outcome.error?.description)
            rows.append(file.receivedAt.sqlText)
            let snapshots = file.reading?.knownSnapshots ?? file.snapshots.count
            rows.append(outcome.error == nil ? snapshots : nil)
            rows.append(file.absolutePath(in: desk.directory))
            rows.append(desk.user)
            rows.append(desk.machine)
            rows.append(desk.program)
            for column in (file.reading?.provenance ?? Provenance()).columns { rows.append(column) }
            rows.append(outcome.error?.cause?.rawValue)
        }
        let ids = try database.insert(rows, into: .receipts, columns: Self.columns)
        if files[0].reading == nil {
            unfinished = (
                ids[0], outcomes[0].loaded.loadedSnapshots > 0, files[0].snapshots.count
            )
        }
        return ids
    }

    private static let columns = [
        "Path", "Size_bytes", "SHA256", "Verdict", "Reason", "Received_at", "Snapshots",
        "Absolute_path", "Ingested_by", "Ingested_on", "Ingested_with",
        "Signature", "Signer_Key", "Signer_Principal", "Encryption", "Custody", "Manifest",
        "Manifest_SHA256", "Manifest_Case", "Manifest_Examiner", "Manifest_Signer", "Cause",
    ]
}

extension EvidenceFile {
    /// Every other file has snapshots, or an error.
    fileprivate var isCustodyLog: Bool {
        snapshots.isEmpty && reading?.error == nil && reading?.knownSnapshots == nil
    }
}

extension Provenance {
    /// The values of the columns `Signature` to `Manifest_Signer`.
    fileprivate var columns: [String?] {
        [
            signature?.verdict.rawValue, signature?.key, signature?.principal, encryption, custody,
            manifest?.rawValue, manifestOrigin?.sha256, manifestOrigin?.caseName,
            manifestOrigin?.examiner, manifestOrigin?.signer,
        ]
    }
}
