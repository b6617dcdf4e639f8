import CMariaDB
import Database

/// The privileges that an account lacks, and how to grant them.
extension MySQLConnection {
    /// The error of a statement that the account may not run; nil for another error.
    func missingRight(_ number: Int32, _ message: String) -> Words? {
        switch number {
        case ER_DBACCESS_DENIED_ERROR: (.readOnly, "\(message); \(grant)")
        case ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_PROCACCESS_DENIED_ERROR,
            ER_SPECIFIC_ACCESS_DENIED_ERROR:
            switch access {
            case .read, .write: (.readOnly, "\(message); \(grant)")
            case .create:
                (
                    .readOnly,
                    "\(message); the article \"Servers\" of the documentation lists the privileges "
                        + "that an account needs, and how an administrator creates the tables "
                        + "for one without them"
                )
            }
        default: nil
        }
    }

    /// The advice for an account without the privileges needed.
    private var grant: String {
        let rights =
            switch access {
            case .read: "SELECT"
            case .write: "SELECT, INSERT, UPDATE, DELETE"
            case .create: "SELECT, INSERT, UPDATE, CREATE, ALTER, REFERENCES, CREATE ROUTINE"
            }
        return "an administrator can grant it: GRANT \(rights) ON \(database).* TO …"
    }
}
