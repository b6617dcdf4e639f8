package import Database
package import Records

extension ListedKind {
    /// Whether every host has items of the kind, so that a collector that looked for them and found no
    /// source of them has missed them.
    var isOnEveryHost: Bool { [.packages, .accounts, .privileges, .listeners].contains(self) }

    /// Whether any execution has items of the kind.
    package func hasRows(in database: any Database) throws(DatabaseError) -> Bool {
        try database.prepare("SELECT 1 FROM \(linkTable) LIMIT 1").firstInteger() != nil
    }

    /// The number of items in an execution `e`, NULL if unknown, as a further column of a query.
    package var countColumn: String {
        """
        , CASE WHEN e.\(knownColumn) = 1
               THEN (SELECT \(setTable == nil ? "COUNT(*)" : "x.Item_count")
                     FROM \(setTable ?? linkTable) x
                     WHERE x.\(linkColumn) = e.\(linkColumn))
          END AS "\(title)"
        """
    }

    /// The lists that any execution has items of, and the users: of others a table of all servers
    /// has no column.
    package static func collected(in database: any Database) throws(DatabaseError) -> [ListedKind] {
        var kinds: [ListedKind] = []
        for kind in all {
            if kind == .users {
                kinds.append(kind)
            } else if try kind.hasRows(in: database) {
                kinds.append(kind)
            }
        }
        return kinds
    }
}
