package import Database
import SQLScripts

/// The tables of a census.
package enum Schema {
    private static func scripts(_ dialect: Dialect) -> [String] {
        switch dialect {
        case .sqlite: Scripts.sqliteSchema
        case .mysql: Scripts.mysqlSchema
        }
    }

    /// Makes the tables, or brings those that are there to the newest version.
    package static func install(in database: any Database) throws(DatabaseError) {
        try database.upgradeSchema(scripts(database.dialect))
    }

    /// - Throws: where the reports would not find the tables they are made for.
    package static func require(in database: any Database) throws(DatabaseError) {
        try database.requireSchema(scripts(database.dialect).count)
    }
}
