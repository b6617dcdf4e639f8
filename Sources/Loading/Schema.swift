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

    /// Creates the tables, or upgrades existing ones to the newest version.
    /// - Throws: if the database belongs to another program or to a newer census.
    package static func install(in database: any Database) throws(DatabaseError) {
        try database.upgradeSchema(scripts(database.dialect))
    }

    /// Checks the version of the schema before reading.
    /// - Throws: `empty`, `olderSchema`, `newerSchema` or `notCensus`.
    package static func require(in database: any Database) throws(DatabaseError) {
        try database.requireSchema(scripts(database.dialect).count)
    }
}
