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
                    "mysql:// is not in this build of census: give --db the name of a file.")
            }
            return .file(FilePath(name))
        #endif
    }

    /// The files that are in use with the database: its own, and those that are read beside it.
    /// - Throws: where a standard stream leads to one of them: `>> census.sqlite`, for example.
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

    /// Opens the database, which has to be there and a census's, and runs `body` in a transaction:
    /// all that is read is of one state.
    /// - Parameters:
    ///   - lists: files that are read beside it.
    ///   - select: finds in the database what the options name, such as the hosts of `--host`. It is
    ///     in the same transaction.
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

    /// The same, where no option names anything in the database.
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
        /// Asks for the password where there is someone to ask, and the server wants one.
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
    /// What a user names: a file, or `-` for standard input.
    init(readingOrStandardInput path: String) throws(FileError) {
        if path == "-" {
            try self.init(standardStream: 0, name: "standard input")
        } else {
            try self.init(reading: FilePath(path))
        }
    }
}

extension Database {
    /// Runs `body`, all of whose statements see the same state.
    func reading<Result>(_ body: () throws -> Result) throws -> Result {
        try beginReading()
        defer { rollback() }  // nothing was written
        return try body()
    }
}

extension FilesInUse {
    /// - Throws: where standard output or standard error leads to one of them, which would then be
    ///   written to.
    func requireOtherStreams() throws {
        if let use = try use(ofStandardStream: 2) {
            CallingProcess.silenceStandardError()  // Even this cannot be said.
            throw Failure(message: "standard error is \(use): send it elsewhere")
        }
        if let use = try use(ofStandardStream: 1) {
            throw Failure(message: "standard output is \(use): send it elsewhere")
        }
    }
}
