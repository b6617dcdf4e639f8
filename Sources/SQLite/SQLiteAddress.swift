package import Database
import Files
import SQLScripts
package import SystemPackage

/// The path of a database file.
package struct SQLiteAddress: DatabaseAddress {
    /// The path as given.
    package let path: FilePath

    /// Any text is a path.
    package static func parse(_ text: String) -> SQLiteAddress? {
        SQLiteAddress(path: FilePath(text))
    }

    /// Whether the file begins like a census database ("Database File Format", 1.3).
    package static func isCensus(_ path: FilePath) -> Bool {
        do throws(FileError) {
            if try OpenFile.kind(at: path) != .regular { return false }
            let header = try OpenFile(reading: path).beginning(count: 72)
            let id = Scripts.sqliteApplicationID
            return header.starts(with: "SQLite format 3\0".utf8)
                && header.suffix(4).elementsEqual((0..<4).map { UInt8(id >> (24 - 8 * $0) & 0xFF) })
        } catch {
            return false  // reported when the file is read
        }
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
