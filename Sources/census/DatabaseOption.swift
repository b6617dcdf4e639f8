import ArgumentParser
import Database
import FoundationEssentials
import SQLite
import SystemPackage

/// Which database, and on which engine.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The database. (default: $CENSUS_DB, or census.sqlite)", valueName: "file"))
    var name: String?

    func validate() throws {
        if name?.isEmpty == true { throw ValidationError("--db is empty.") }
        if location.hasPrefix("mysql://") {
            throw ValidationError("mysql:// is not in this build: give --db the name of a file.")
        }
    }

    private var location: String {
        if let name { return name }
        let variable = ProcessInfo.processInfo.environment["CENSUS_DB"] ?? ""
        return variable.isEmpty ? "census.sqlite" : variable
    }

    func open(_ access: DatabaseAccess) throws(DatabaseError) -> any Database {
        try SQLiteDatabase(path: FilePath(location), access)
    }
}
