import Loading
import SQLScripts
import SQLite
import SystemPackage
import TestSupport
import Testing

#if MySQL
    import MySQL
#endif

/// The cause of a rejection, which older versions had in words only.
@Suite struct RejectionCauseTests {
    private static let log = "'custody log 00112233aabbccdd with 3 lines'"
    /// The verdict, the reason and the custody of a receipt, and the cause that follows.
    private static let receipts = [
        (
            "rejected",
            "s/custody.jsonl:2 has this file with another SHA-256: it was replaced or "
                + "changed", "NULL", "custody_digest"
        ),
        (
            "rejected",
            "s/custody.jsonl:2 has this file as signed by SHA256:x, and no signature is "
                + "beside it: it was removed", "NULL", "custody_signature"
        ),
        (
            "rejected",
            "s/custody.jsonl:2 has this file as signed by SHA256:x, and the signature "
                + "beside it is by another key", "NULL", "custody_signature"
        ),
        ("rejected", "line 2: torn; 1.gz, 2.gz are not among these files", log, "missing_files"),
        ("rejected", "1.gz is not among these files", "NULL", "NULL"),
        ("rejected", "snapshot 1 is in the database with other content", "NULL", "other_content"),
        (
            "rejected", "snapshot 1 was retracted on 2026-01-01 (x); use --again to load it",
            "NULL",
            "retracted"
        ),
        (
            "rejected",
            "snapshot 1 was retracted on 2026-01-01 (x); use --again to load it; another "
                + "snapshot of the file was not loaded", "NULL", "NULL"
        ),
        // Of a path nothing follows.
        (
            "rejected",
            "the signature x has this file as signed by y/1.sig is none: one of the two "
                + "was altered", "NULL", "NULL"
        ),
        ("ingested", "snapshot 1 is in the database with other content", "NULL", "NULL"),
    ]

    private static func insertion(_ number: Int) -> String {
        let (verdict, reason, custody, _) = receipts[number]
        return "INSERT INTO Receipts (Path, Verdict, Received_at, Reason, Custody) "
            + "VALUES ('x', '\(verdict)', '2026-01-01 00:00:00', '\(reason)', \(custody))"
    }

    private static let causes = receipts.map(\.3)
    private static let question =
        "SELECT COALESCE(Cause, 'NULL') FROM Receipts ORDER BY Receipt_ID"

    @Test func olderReceiptsOfSQLite() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("x.sqlite")
        let database = try SQLiteDatabase(path: path, .create)
        try database.upgradeSchema(Array(Scripts.sqliteSchema.prefix(14)))
        for number in Self.receipts.indices { try database.execute(Self.insertion(number)) }
        try Schema.install(in: database)
        let found = try run("sqlite3", [path.string, Self.question])
        #expect(found.output.split(separator: "\n").map(String.init) == Self.causes)
    }

    #if MySQL
        @Test func olderReceiptsOfAServer() throws {
            let server = try ServerDatabase()
            for script in Scripts.mysqlSchema.prefix(11) { _ = try server.sql(script) }
            for number in Self.receipts.indices { _ = try server.sql(Self.insertion(number)) }
            // A person may run the script twice: what newer versions wrote stays as it is.
            _ = try server.sql(Scripts.mysqlSchema[11])
            _ = try server.sql(Self.insertion(0))
            _ = try server.sql(Scripts.mysqlSchema[11])
            try Schema.install(
                in: MySQLDatabase(MySQLAddress(server.address), password: nil))
            let found = try server.sql(Self.question).split(separator: "\n").map(String.init)
            #expect(found == Self.causes + ["NULL"])
        }

        /// The view of the version before had fewer columns.
        @Test func theViewOfAnOlderServerIsMadeAnew() throws {
            let server = try ServerDatabase()
            let database = try MySQLDatabase(MySQLAddress(server.address), password: nil)
            try Schema.install(in: database)
            _ = try server.sql(
                "DROP VIEW v_evidence; CREATE VIEW v_evidence AS SELECT Path AS file, Manifest AS "
                    + "manifest FROM Receipts")
            try Schema.install(in: database)
            #expect(try server.sql("SELECT COUNT(manifest_case) FROM v_evidence") == "0\n")
        }
    #endif
}
