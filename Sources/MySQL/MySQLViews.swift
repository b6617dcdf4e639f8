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
        if Int(existing ?? 0) >= statements.count { return }
        for statement in statements {
            do throws(DatabaseError) { try execute(statement) } catch {
                // Another program makes them too: the next load makes the rest.
                if error.code == .readOnly || error.code == .conflict { return }
                if error.number != Int32(ER_TABLE_EXISTS_ERROR) { throw error }
            }
        }
    }
}
