import ArgumentParser
import Database
import FoundationEssentials
import Inventory
import SQLite
import SystemPackage

#if MySQL
    import Linux
    import MySQL
#endif

/// Which database, and on which engine.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The database: a file, or mysql://[user@]host[:port]/database. (default: $CENSUS_DB, "
                + "or census.sqlite)", valueName: "database"), completion: .file())
    var name: String?

    private enum Location {
        case file(FilePath)
        #if MySQL
            case server(MySQLAddress)
        #endif
    }

    func validate() throws {
        if name?.isEmpty == true { throw ValidationError("--db is empty.") }
        _ = try location()
    }

    private func location() throws -> Location {
        let variable = ProcessInfo.processInfo.environment["CENSUS_DB"] ?? ""
        let name = name ?? (variable.isEmpty ? "census.sqlite" : variable)
        #if MySQL
            guard MySQLAddress.isMeant(by: name) else { return .file(FilePath(name)) }
            do throws(MySQLAddress.InvalidAddress) {
                return .server(try MySQLAddress(name))
            } catch {
                throw ValidationError("--db: \(error.reason).")
            }
        #else
            if name.hasPrefix("mysql:") {
                throw ValidationError(
                    "mysql:// is not in this build of census: give --db the name of a file.")
            }
            return .file(FilePath(name))
        #endif
    }

    /// The database, which has to be there and a census's.
    func openForReading() throws -> any Database {
        let database = try open(.read)
        try Schema.require(in: database)
        return database
    }

    func open(_ access: DatabaseAccess) throws -> any Database {
        switch try location() {
        case .file(let path): return try SQLiteDatabase(path: path, access)
        #if MySQL
            case .server(let address): return try open(address)
        #endif
        }
    }

    #if MySQL
        /// Asks for the password where there is someone to ask, and the server wants one.
        private func open(_ address: MySQLAddress) throws -> any Database {
            do throws(DatabaseError) {
                return try MySQLDatabase(address, password: nil)
            } catch {
                guard error.code == .accessDenied,
                    let password = CallingProcess.askForPassword(
                        "Password for \(visible(address.text)): ")
                else { throw error }
                return try MySQLDatabase(address, password: password)
            }
        }
    #endif
}

extension Database {
    /// Runs `body`, all of whose statements see the same state.
    func reading<Result>(_ body: () throws -> Result) throws -> Result {
        try beginReading()
        defer { rollback() }  // nothing was written
        return try body()
    }
}
