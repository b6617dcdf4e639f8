import ArgumentParser
import Database
import Evidence
import Files
import Loading
import Output
import SystemPackage
import Text

/// The database option, and the engine that its value selects.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The database: a file, or mysql://[user@]host[:port]/database. (default: $CENSUS_DB, "
                + "or census.sqlite)", valueName: "database"), completion: .file())
    var name: String?

    func validate() throws {
        if name?.isEmpty == true { throw ValidationError("--db is empty.") }
        if name == "-" { throw ValidationError("--db takes a database, not -.") }
        _ = try address()
    }

    private func address() throws -> any DatabaseAddress {
        let bytes = CallingProcess.environmentBytes("CENSUS_DB") ?? []
        guard name != nil || String(validating: bytes, as: UTF8.self) != nil else {
            throw ValidationError(
                "$CENSUS_DB is not UTF-8: \(exactText(bytes)); give it another name.")
        }
        let variable = String(decoding: bytes, as: UTF8.self)
        let name = name ?? (variable.isEmpty ? "census.sqlite" : variable)
        #if !MySQL
            if name.hasPrefix("mysql:") {
                throw ValidationError(
                    "mysql:// is not supported by this build of census: give --db a file name.")
            }
        #endif
        do throws(InvalidAddress) {
            for engine in engines {
                if let address = try engine.parse(name) { return address }
            }
        } catch {
            throw ValidationError("--db: \(error.reason).")
        }
        preconditionFailure("an engine takes any text")
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
        let address = try address()
        if let file = address.databaseFile { try inUse.add(database: file) }
        if let (path, use) = address.otherFile { try inUse.add(path, use) }
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
        let database = try openExisting(.read)
        return try database.reading { try body(database, select(database)) }
    }

    /// The same without a lookup of options.
    func read<Result>(
        beside lists: [(path: String, use: String)] = [], _ body: (any Database) throws -> Result
    ) throws -> Result {
        func nothing(_ database: any Database) {}
        return try read(beside: lists, selecting: nothing) { database, _ in try body(database) }
    }

    /// Opens the database.
    /// - Throws: also if it is not a census database of this version.
    func openExisting(_ access: DatabaseAccess) throws -> any Database {
        let database = try open(access)
        try Schema.require(in: database)
        return database
    }

    /// Opens the database, or creates it for `.create`.
    func open(_ access: DatabaseAccess) throws -> any Database {
        let address = try address()
        if let file = address.databaseFile { Activity.begin(access, file.text, file: file) }
        let database = try address.open(access, CallingProcess.askForPassword)
        // A user who is asked for a password sees no other line.
        if address.databaseFile == nil { Activity.begin(access, database.name, file: nil) }
        return database
    }
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
