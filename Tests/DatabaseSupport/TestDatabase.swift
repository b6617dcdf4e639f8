package import Database
import Evidence
package import Loading
package import Output
import SQLite
import SystemPackage
package import TestSupport
import Testing

#if MySQL
    import MySQL
#endif

/// The engines that a database test runs on.
package enum Engine: CaseIterable, CustomTestStringConvertible {
    case sqlite
    #if MySQL
        case server
    #endif

    package var testDescription: String { "\(self)" }
}

/// A database for one test, and operations on it.
package final class TestDatabase {
    package let directory: TemporaryDirectory
    package let database: any Database
    private let location: Location

    private enum Location {
        case file(FilePath)
        #if MySQL
            case server(ServerDatabase)
        #endif

        func open() throws -> any Database {
            switch self {
            case .file(let path): return try SQLiteDatabase(path: path, .create)
            #if MySQL
                case .server(let server):
                    return try MySQLDatabase(MySQLAddress(server.address), password: nil)
            #endif
            }
        }
    }

    package convenience init(_ engine: Engine = .sqlite) throws {
        let directory = try TemporaryDirectory()
        switch engine {
        case .sqlite: try self.init(directory, .file(directory.path.appending("test.sqlite")))
        #if MySQL
            case .server: try self.init(directory, .server(ServerDatabase()))
        #endif
        }
    }

    /// A database in a file of SQLite with an encoding: `UTF-16le`.
    package convenience init(encoding: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("test.sqlite")
        // The first table fixes it.
        let result = try TestSupport.run(
            "sqlite3",
            [
                "-bail", path.string,
                """
                PRAGMA encoding = '\(encoding)'; CREATE TABLE t (x); DROP TABLE t;
                PRAGMA application_id = 1128615507
                """,
            ])
        try #require(result.status == 0, "\(result.error)")
        try self.init(directory, .file(path))
    }

    private init(_ directory: TemporaryDirectory, _ location: Location) throws {
        self.directory = directory
        self.location = location
        database = try location.open()
        try Schema.install(in: database)
    }

    /// Whether it is a database on a server.
    package var isOnServer: Bool { !(database is SQLiteDatabase) }

    /// A new connection to the same database.
    package func reopened() throws -> TestDatabase { try TestDatabase(directory, location) }

    package struct Run {
        package var summary = Ingest.Summary()
        /// `name: what is wrong`.
        package var rejections: [String] = []
    }

    /// Writes the files and ingests them in the given order.
    @discardableResult
    package func ingest(_ files: (name: String, bytes: [UInt8])...) throws -> Run {
        try ingest(files.map { try directory.write($0.bytes, to: "evidence/\($0.name)").string })
    }

    package func ingest(_ paths: [String]) throws -> Run {
        final class Rejections { var lines: [String] = [] }
        let rejections = Rejections()
        var ingest = Ingest()
        ingest.onRejection = { path, error in
            rejections.lines.append("\(FilePath(path).lastComponent!.string): \(error)")
        }
        let summary = try ingest.run(EvidenceSearch(paths).sources, into: database)
        return Run(summary: summary, rejections: rejections.lines)
    }

    /// The rows of a query, with columns joined by `|` and NULL as `NULL`.
    package func rows(_ sql: String) throws -> [String] {
        let statement = try database.prepare(sql)
        var rows: [String] = []
        while try statement.step() {
            rows.append(
                statement.columnNames.indices
                    .map { statement.isNull($0) ? "NULL" : statement.text($0) }
                    .joined(separator: "|"))
        }
        return rows
    }

    package func count(_ table: String) throws -> Int {
        Int(try rows("SELECT COUNT(*) FROM \(table)")[0])!
    }

    package func report(_ number: Int, _ format: RowFormat, limit: Int? = nil) throws -> String {
        final class Output { var bytes: [UInt8] = [] }
        let output = Output()
        try Report.all[number - 1].write(format, limit: limit, from: database) {
            output.bytes += $0
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
