import SystemPackage
import TestSupport
import Testing

/// What a command's test runs over.
enum Engine: CaseIterable, CustomTestStringConvertible {
    case sqlite
    #if MySQL
        case server
    #endif

    var testDescription: String { "\(self)" }

    /// A place for a database that is not there yet.
    func database() throws -> NamedDatabase {
        switch self {
        case .sqlite: return NamedDatabase(name: "test.sqlite", owner: nil)
        #if MySQL
            case .server:
                let server = try ServerDatabase()
                return NamedDatabase(name: server.address, owner: server)
        #endif
        }
    }

    /// A database with tables and without a host: a file was given that is none.
    func emptyDatabase(in directory: TemporaryDirectory) throws -> NamedDatabase {
        let database = try database()
        let result = try run(
            census, ["ingest", "--quiet", "--db", database.name, "-"], in: directory.path)
        #expect(result.status == 2)
        return database
    }
}

/// A database as the command line names it. On a server it is dropped when the value ends.
struct NamedDatabase {
    let name: String
    fileprivate let owner: AnyObject?
}
