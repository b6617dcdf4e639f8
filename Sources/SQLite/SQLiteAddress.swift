package import Database
package import SystemPackage

/// The path of a database file.
package struct SQLiteAddress: DatabaseAddress {
    /// The path as given.
    package let path: FilePath

    /// Any text is a path.
    package static func parse(_ text: String) -> SQLiteAddress? {
        SQLiteAddress(path: FilePath(text))
    }

    /// The path.
    package var databaseFile: FilePath? { path }
    /// None.
    package var otherFile: (path: FilePath, use: String)? { nil }

    /// Opens the file, or creates it for `.create`.
    package func open(
        _ access: DatabaseAccess, _ askForPassword: (_ prompt: String) -> String?
    ) throws(DatabaseError) -> any Database {
        try SQLiteDatabase(path: path, access)
    }
}
