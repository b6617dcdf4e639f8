import ArgumentParser
import Database
import Evidence
import Files
import Loading
import Output
import SQLite
import SystemPackage
import Text

#if MySQL
    import MySQL
#endif

/// The database option, and the engine that its value selects.
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
        let bytes = CallingProcess.environmentBytes("CENSUS_DB") ?? []
        guard name != nil || String(validating: bytes, as: UTF8.self) != nil else {
            throw ValidationError(
                "$CENSUS_DB is not UTF-8: \(exactText(bytes)); give it another name.")
        }
        let variable = String(decoding: bytes, as: UTF8.self)
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
                    "mysql:// is not supported by this build of census: give --db a file name.")
            }
            return .file(FilePath(name))
        #endif
    }

    /// The files in use: those of the database, and the other input files.
    /// - Throws: if a standard stream is redirected to one of them, such as `>> census.sqlite`.
    func filesInUse(
        reading sources: [EvidenceSearch.Source] = [], _ lists: [(path: String, use: String)] = []
    ) throws -> FilesInUse {
        let inUse = FilesInUse(reading: sources)
        for list in lists {
            if list.path == "-" {
                inUse.add(standardStream: 0, list.use)
            } else {
                try inUse.add(FilePath(list.path), list.use)
            }
        }
        switch try location() {
        case .file(let path): try inUse.add(database: path)
        #if MySQL
            case .server(let address):
                if let authority = address.certificateAuthority {
                    try inUse.add(FilePath(authority), "the certificates of ssl-ca")
                }
        #endif
        }
        try inUse.requireOtherStreams()
        return inUse
    }

    /// Opens the database, which must exist and be a census database, and runs `body` in a
    /// transaction: everything is read from one state.
    /// - Parameters:
    ///   - lists: other input files.
    ///   - select: looks up what the options name, such as the hosts of `--host`, in the same
    ///     transaction.
    func read<Selection, Result>(
        beside lists: [(path: String, use: String)] = [],
        selecting select: (any Database) throws -> Selection,
        _ body: (any Database, Selection) throws -> Result
    ) throws -> Result {
        _ = try filesInUse(reading: [], lists)
        let database = try open(.read)
        try Schema.require(in: database)
        return try database.reading { try body(database, select(database)) }
    }

    /// The same without a lookup of options.
    func read<Result>(
        beside lists: [(path: String, use: String)] = [], _ body: (any Database) throws -> Result
    ) throws -> Result {
        func nothing(_ database: any Database) {}
        return try read(beside: lists, selecting: nothing) { database, _ in try body(database) }
    }

    func open(_ access: DatabaseAccess) throws -> any Database {
        switch try location() {
        case .file(let path): return try SQLiteDatabase(path: path, access)
        #if MySQL
            case .server(let address): return try open(address, access)
        #endif
        }
    }

    #if MySQL
        /// Opens a database on a server; prompts for the password if there is a terminal and the
        /// server requires one.
        private func open(
            _ address: MySQLAddress, _ access: DatabaseAccess
        ) throws -> any Database {
            do throws(DatabaseError) {
                return try MySQLDatabase(address, access, password: nil)
            } catch {
                guard error.code == .accessDenied,
                    let password = CallingProcess.askForPassword(
                        "Password for \(visible(address.text)): ")
                else { throw error }
                return try MySQLDatabase(address, access, password: password)
            }
        }
    #endif
}

extension OpenFile {
    /// Opens the file at a path, or standard input for `-`.
    init(readingOrStandardInput path: String) throws(FileError) {
        if path == "-" {
            try self.init(standardStream: 0, name: "standard input")
        } else {
            try self.init(reading: FilePath(path))
        }
    }
}

extension Database {
    /// Runs `body` in a transaction: all its statements read the same state.
    func reading<Result>(_ body: () throws -> Result) throws -> Result {
        try beginReading()
        defer { rollback() }  // nothing was written
        return try body()
    }
}

extension FilesInUse {
    /// - Throws: if standard output or standard error is redirected to one of them, which would
    ///   overwrite it.
    func requireOtherStreams() throws {
        if let use = try use(ofStandardStream: 2) {
            CallingProcess.silenceStandardError()  // The message must not be written to it either.
            throw Failure(message: "standard error is \(use): redirect it elsewhere")
        }
        if let use = try use(ofStandardStream: 1) {
            throw Failure(message: "standard output is \(use): redirect it elsewhere")
        }
    }
}
