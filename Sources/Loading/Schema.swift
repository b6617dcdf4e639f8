package import Database

/// The tables of a census.
package enum Schema {
    /// Creates the tables, or upgrades existing ones to the newest version. Makes the index that a load left out
    /// if it was killed before its end.
    /// - Throws: if the database belongs to another program or to a newer census.
    package static func install(in database: any Database) throws(DatabaseError) {
        try database.upgradeSchema(database.schemaScripts)
        try database.makeKeyIndex(of: .processes)
    }

    /// Checks the version of the schema before reading.
    /// - Throws: `empty`, `olderSchema`, `newerSchema` or `notCensus`.
    package static func require(in database: any Database) throws(DatabaseError) {
        try database.requireSchema(database.schemaScripts.count)
    }
}
