import SystemPackage
import TestSupport
import Testing

/// The engines that a command's test runs on.
enum Engine: CaseIterable, CustomTestStringConvertible {
    case sqlite
    #if MySQL
        case server
    #endif

    var testDescription: String { "\(self)" }

    /// A name for a database that does not exist yet.
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

    /// A database with tables but without hosts, made from an invalid file.
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

    fileprivate init(name: String, owner: AnyObject?) {
        self.name = name
        self.owner = owner
    }

    /// A file.
    init(name: String) { self.init(name: name, owner: nil) }

    #if MySQL
        /// Nil for a file.
        var server: ServerDatabase? { owner as? ServerDatabase }
    #endif
}
