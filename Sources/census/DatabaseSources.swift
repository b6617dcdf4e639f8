import Database
import Evidence
import Files
import Loading
import SQLite
import SystemPackage
import Text

/// The census databases among the paths that `ingest` is given.
struct DatabaseSources {
    /// A database whose executions are added.
    struct Source {
        /// As the user named it.
        let name: String
        let address: any DatabaseAddress
    }

    /// In the order of the arguments.
    private(set) var databases: [Source] = []
    /// All other paths.
    private(set) var paths: [String] = []

    /// Looks at each path. In directories no databases are searched for.
    /// - Throws: for a malformed address of a server.
    init(_ paths: [String]) throws {
        for path in paths {
            if let address = try Self.address(path) {
                databases.append(Source(name: path, address: address))
            } else {
                self.paths.append(path)
            }
        }
    }

    private static func address(_ path: String) throws -> (any DatabaseAddress)? {
        do throws(InvalidAddress) {
            for engine in engines {
                guard let address = try engine.parse(path) else { continue }
                guard let file = address.databaseFile else { return address }
                return path != "-" && SQLiteAddress.isCensus(file) ? address : nil
            }
        } catch {
            throw Failure(message: "\(path): \(error.reason)")
        }
        return nil
    }

    /// The files, which no output may overwrite.
    var evidence: [EvidenceSearch.Source] {
        databases.compactMap { $0.address.databaseFile }.map { .file($0, followingLink: true) }
    }

    /// Adds what the databases have to another one. After Ctrl-C the rest is left out.
    /// - Parameter quiet: whether nothing but what was refused is reported.
    /// - Returns: whether all was accepted.
    func join(
        into target: any Database, at desk: Ingest.Desk, again: Bool, quiet: Bool
    ) throws -> Bool {
        var isAccepted = true
        for source in databases {
            if Interruption.hasHappened { return isAccepted }
            do {
                let summary = try Self.join(source, into: target, at: desk, again: again)
                for refusal in summary.refusals.prefix(Self.refusalsShown) {
                    Console.note("\(source.name): \(refusal)")
                }
                if summary.refusals.count > Self.refusalsShown {
                    Console.note(
                        "\(source.name): \(summary.refusals.count - Self.refusalsShown) more refused"
                    )
                }
                if !summary.refusals.isEmpty { isAccepted = false }
                if !quiet { Console.note("\(source.name): \(Self.text(of: summary))") }
            } catch let error as DatabaseError
                where error.database == source.name || error.code == .valueRefused
            {
                Console.note(
                    error.database == source.name ? "\(error)" : "\(source.name): \(error)")
                isAccepted = false
            } catch let error as SnapshotError {
                Console.note("\(source.name): \(error)")
                isAccepted = false
            }
        }
        return isAccepted
    }

    private static let refusalsShown = 10

    private static func join(
        _ source: Source, into target: any Database, at desk: Ingest.Desk, again: Bool
    ) throws -> DatabaseJoin.Summary {
        var origin = DatabaseJoin.Origin(path: source.name)
        // Before SQLite opens the file: closing it once more would end SQLite's locks (fcntl(2)).
        let status = try source.address.databaseFile.flatMap {
            try OpenFile.status(at: $0, followingLink: true)
        }
        if let file = source.address.databaseFile {
            // SQLite would write what they have into the file, which is evidence.
            for ending in ["-wal", "-journal"] {
                let log = FilePath(file.string + ending)
                if let status = try OpenFile.status(at: log, followingLink: true), status.size > 0 {
                    throw SnapshotError(
                        .unreadable,
                        "a program has not finished writing it, and has left \(log.text); copy both "
                            + "files, open the copy with census list, and ingest the copy")
                }
            }
            var input = try EvidenceInput.file(file)
            var buffers = SnapshotBuffers()
            origin.sha256 = try ContentDigest(&input, using: &buffers).hexadecimal
            origin.size = status?.size
            origin.absolutePath = desk.directory.map { file.absolute(in: $0).text }
        }
        let database = try source.address.open(.read, CallingProcess.askForPassword)
        do throws(DatabaseError) { try Schema.require(in: database) } catch {
            guard error.code == .olderSchema, source.address.databaseFile != nil else {
                throw error
            }
            throw SnapshotError(
                .unsupported,
                "it has the schema of an older census; upgrade a copy of it by running census ingest "
                    + "--db COPY on any file, and ingest the copy")
        }
        return try database.reading {
            var join = try DatabaseJoin(database, origin, into: target, at: desk, again: again)
            join.isInterrupted = { Interruption.hasHappened }
            if let file = source.address.databaseFile,
                try OpenFile.status(at: file, followingLink: true) != status
            {
                throw SnapshotError(.unreadable, "the file changed while it was read; try again")
            }
            return try join.run()
        }
    }

    /// `12 executions added with 3600 processes, 3 already here, 1 refused`.
    private static func text(of summary: DatabaseJoin.Summary) -> String {
        var parts = [
            "\(counted(summary.executions, "execution")) added with "
                + counted(summary.processes, "process")
        ]
        if summary.known > 0 { parts.append("\(summary.known) already here") }
        if !summary.refusals.isEmpty { parts.append("\(summary.refusals.count) refused") }
        if summary.left > 0 { parts.append("\(summary.left) left") }
        if summary.retractions > 0 {
            parts.append("\(counted(summary.retractions, "retraction")) not copied")
        }
        if summary.withoutSnapshot > 0 {
            parts.append("\(summary.withoutSnapshot) of stored procedures skipped")
        }
        return parts.joined(separator: ", ")
    }
}
