package import Database
import Files
import SQLScripts

// Each statement of a schema script takes effect by itself and can be run again. The version is
// recorded last.
extension MySQLDatabase {
    /// Runs the scripts statement by statement, and repeats them after a conflict. Then makes the views
    /// that are missing, if the account may.
    package func upgradeSchema(_ scripts: [String]) throws(DatabaseError) {
        let version = try schemaVersion()
        if version > scripts.count { throw newerSchema(version, known: scripts.count) }
        if version == scripts.count {
            // A group of several primaries has them from the upgrade: see `claimUpgrade`.
            if try !hasSeveralPrimaries() { try makeViews() }
            return
        }
        try requirePages()
        // From the first script on, because an older census took an unfinished schema for a
        // complete one.
        let statements = scripts.flatMap { SQLScript($0).statements }
        if try !hasSeveralPrimaries() {
            try run(statements, from: version, to: scripts.count)
            try makeViews()
        } else if try claimUpgrade(from: version, to: scripts.count) {
            defer { releaseUpgrade() }
            // Stopped, it could not be released.
            try Interruption.withoutStopping { () throws(DatabaseError) in
                try run(statements, from: version, to: scripts.count)
                try makeViews()
            }
        }
    }

    private func run(
        _ statements: [String], from version: Int, to newest: Int
    ) throws(DatabaseError) {
        // Another program may be upgrading too. What it has already done is skipped, but a
        // procedure may be missing or outdated for a moment.
        var backoff = RetryBackoff()
        var attempts = 0
        while attempts < 8 {
            do throws(DatabaseError) {
                for statement in statements { try execute(statement) }
                if try schemaVersion() >= newest { return }
                attempts += 1
                throw DatabaseError(
                    .conflict, database: address.text, "other programs are creating the schema")
            } catch {
                if version > 0 && error.code == .readOnly {
                    throw mayNotUpgrade(from: version, to: newest, error)
                }
                try backoff.wait(after: error)
            }
        }
        throw DatabaseError(
            .notCensus, database: address.text,
            "the database has tables with census's names but another collation: "
                + "use a separate database")
    }

    /// Whether the server is in a group of MySQL servers that all write. Such a group does not detect
    /// that two of its members change the same table at once; a member on which the statement of
    /// another one fails leaves the group (MySQL manual, "Group Replication Limitations").
    private func hasSeveralPrimaries() throws(DatabaseError) -> Bool {
        let setting = try prepare("SHOW VARIABLES LIKE 'group_replication_single_primary_mode'")
        defer { setting.reset() }
        return try setting.step() && setting.text(1) == "OFF"
    }

    /// Claims the right to change the schema, in a table with one row: of two members that change the
    /// same row, the group lets one commit. A member that sees a claim released has all that the
    /// program did before.
    /// - Returns: false if another program has upgraded the schema meanwhile.
    private func claimUpgrade(from version: Int, to newest: Int) throws(DatabaseError) -> Bool {
        var backoff = RetryBackoff()
        while true {
            do throws(DatabaseError) {
                for statement in Self.claim { try execute(statement) }
                let claim = try prepare(
                    "SELECT Holder = @census_holder, Claimed_by, Claimed_at FROM Census_upgrade")
                _ = try claim.step()
                let (isOurs, others) = (
                    claim.integer(0) == 1, "\(claim.text(1)) at \(claim.text(2))"
                )
                claim.reset()
                let isDone = try schemaVersion() >= newest
                if isOurs && !isDone { return true }
                if isOurs { releaseUpgrade() }
                if isDone { return false }
                throw DatabaseError(
                    .conflict, database: address.text,
                    "another program is changing the schema, begun by \(others): try again later; "
                        + "or, if it was interrupted, run UPDATE Census_upgrade SET Holder = NULL")
            } catch {
                if version > 0 && error.code == .readOnly {
                    throw mayNotUpgrade(from: version, to: newest, error)
                }
                try backoff.wait(after: error)
            }
        }
    }

    private func releaseUpgrade() {
        // If it fails, the next program that wants to change the schema says what to do.
        do throws(DatabaseError) {
            try execute("UPDATE Census_upgrade SET Holder = NULL WHERE Holder = @census_holder")
        } catch {}
    }

    /// Leaves the claim to its holder. The first table is the one that identifies a census
    /// database.
    private static let claim = [
        SQLScript(Scripts.mysqlSchema[0]).statements.first { $0.contains("EXISTS Census_schema") }!,
        """
        CREATE TABLE IF NOT EXISTS Census_upgrade (
            Upgrade_ID  INT UNSIGNED NOT NULL PRIMARY KEY,
            Holder      BIGINT UNSIGNED,
            Claimed_by  VARCHAR(380),
            Claimed_at  DATETIME
        ) ENGINE = InnoDB
        """,
        "INSERT IGNORE INTO Census_upgrade (Upgrade_ID) VALUES (1)",
        "SET @census_holder = UUID_SHORT()",
        """
        UPDATE Census_upgrade
        SET Holder = @census_holder, Claimed_by = USER(), Claimed_at = UTC_TIMESTAMP()
        WHERE Upgrade_ID = 1 AND Holder IS NULL
        """,
    ]

    private func mayNotUpgrade(
        from version: Int, to newest: Int, _ error: DatabaseError
    ) -> DatabaseError {
        DatabaseError(
            .readOnly, database: address.text,
            "the database has schema version \(version) and this account may not upgrade it to "
                + "\(newest): an "
                + "administrator can, as the article \"Servers\" of the documentation says "
                + "(\(error.message.prefix { $0 != ";" }))")
    }

    /// - Throws: `cannotOpen` if InnoDB's page size is too small for two names in a key, 3040 bytes
    ///   (MySQL manual, "InnoDB Limits").
    private func requirePages() throws(DatabaseError) {
        let size = try prepare("SELECT @@innodb_page_size").firstInteger() ?? 0
        if size >= 16_384 { return }
        throw DatabaseError(
            .cannotOpen, database: address.text,
            "the server's innodb_page_size is \(size), which is too small for census's keys: "
                + "use a server whose data directory was created with 16384, the default, or more")
    }

    /// Reads the table `Census_schema`.
    package func schemaVersion() throws(DatabaseError) -> Int {
        let marked = try prepare(
            """
            SELECT COUNT(*), COALESCE(SUM(LOWER(TABLE_NAME) = 'census_schema'), 0) > 0
            FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
            """)
        guard try marked.step() else { return 0 }
        let (tables, isCensus) = (marked.integer(0), marked.integer(1) != 0)
        marked.reset()
        if tables == 0 { return 0 }
        if !isCensus {
            throw DatabaseError(
                .notCensus, database: address.text,
                "this is not a census database: it has other tables, and no Census_schema that this account "
                    + "may read; if it is one, an administrator can grant the right: GRANT SELECT ON "
                    + "\(address.database).* TO …")
        }
        return Int(try prepare("SELECT MAX(Version) FROM Census_schema").firstInteger() ?? 0)
    }
}
