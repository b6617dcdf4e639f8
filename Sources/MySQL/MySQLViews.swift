import CMariaDB
import Database
import SQLScripts

/// The views, which nothing of census needs. They are made where the account may.
extension MySQLDatabase {
    /// Makes the views that are missing. An account without the privilege CREATE VIEW leaves them to
    /// one that has it.
    func makeViews() throws(DatabaseError) {
        let statements = SQLScript(Scripts.mysqlViews).statements
        let existing = try prepare(
            """
            SELECT COUNT(*) FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'VIEW' AND TABLE_NAME LIKE 'v\\_%'
            """
        ).firstInteger()
        let isOutdated = try areOutdated()
        if Int(existing ?? 0) >= statements.count && !isOutdated { return }
        if isOutdated {
            do throws(DatabaseError) { try execute("DROP VIEW IF EXISTS v_evidence") } catch {
                if error.code == .readOnly || error.code == .conflict { return }
                throw error
            }
        }
        for statement in statements {
            do throws(DatabaseError) { try execute(statement) } catch {
                // Another program makes them too: the next load makes the rest.
                if error.code == .readOnly || error.code == .conflict { return }
                if error.number != Int32(ER_TABLE_EXISTS_ERROR) { throw error }
            }
        }
    }

    /// Whether there is a view of an older version, without the columns that came last.
    private func areOutdated() throws(DatabaseError) -> Bool {
        let columns = try prepare(
            """
            SELECT COUNT(*), SUM(COLUMN_NAME = 'manifest') FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'v_evidence'
            """)
        defer { columns.reset() }
        return try columns.step() && columns.integer(0) > 0 && columns.integer(1) == 0
    }
}
