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
        let outdated = try outdatedViews()
        if Int(existing ?? 0) >= statements.count && outdated.isEmpty { return }
        for view in outdated {
            do throws(DatabaseError) { try execute("DROP VIEW IF EXISTS \(view)") } catch {
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

    /// The views of an older version, without the columns that came last.
    private func outdatedViews() throws(DatabaseError) -> [String] {
        try texts(
            """
            SELECT TABLE_NAME FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('v_evidence', 'v_executions')
            GROUP BY TABLE_NAME
            HAVING SUM(TABLE_NAME = 'v_evidence' AND COLUMN_NAME = 'manifest_signer') = 0
               AND SUM(TABLE_NAME = 'v_executions' AND COLUMN_NAME = 'unread_files') = 0
            """)
    }
}
