import Foundation

/// The server that tests make their databases on: that of `$CENSUS_TEST_SERVER`, an address such as
/// `mysql://root@127.0.0.1:3306` of an account that may do everything there (its password in
/// `$MYSQL_PWD`), or else a private one.
public struct TestServer: Sendable {
    /// `mysql://root@127.0.0.1:3306`.
    public let address: String
    private let user: String
    private let host: String
    private let port: Int

    public static func shared() throws -> TestServer { try sharedServer.get() }
    private static let sharedServer = Result { try TestServer() }

    private init() throws {
        if let offered = ProcessInfo.processInfo.environment["CENSUS_TEST_SERVER"] {
            guard let url = URL(string: offered), url.scheme == "mysql", let host = url.host(),
                let user = url.user()
            else {
                throw MariaDBError("CENSUS_TEST_SERVER is not of the form mysql://user@host:port")
            }
            self.init(user: user, host: host, port: url.port ?? 3306)
        } else {
            self.init(user: "root", host: "127.0.0.1", port: try MariaDBServer.shared().port)
        }
    }

    private init(user: String, host: String, port: Int) {
        (self.user, self.host, self.port) = (user, host, port)
        address = "mysql://\(user)@\(host):\(port)"
    }

    /// The same for another account.
    public func address(user: String) -> String { "mysql://\(user)@\(host):\(port)" }

    /// Runs a script with the client `mariadb`.
    /// - Returns: the rows, a line for each with tabs between the values, and no headings.
    public func sql(_ script: String, database: String? = nil) throws -> String {
        let result = try run(
            "mariadb",
            [
                "--no-defaults", "--skip-ssl", "-N", "-B", "--host=\(host)", "--port=\(port)",
                "--user=\(user)", "--default-character-set=utf8mb4",
            ] + (database.map { [$0] } ?? []), input: Array(script.utf8))
        guard result.status == 0 else { throw MariaDBError(result.error) }
        return result.output
    }
}

/// An empty database of a test's own on the server of the tests, dropped when the value ends.
public final class ServerDatabase {
    public let server: TestServer
    public let name: String
    /// As the command line takes it.
    public var address: String { "\(server.address)/\(name)" }

    /// - Parameter characterSet: that of tables which do not say theirs.
    public init(characterSet: String = "latin1") throws {
        server = try TestServer.shared()
        name = "census_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
        _ = try server.sql("CREATE DATABASE \(name) CHARACTER SET \(characterSet)")
    }

    deinit { _ = try! server.sql("DROP DATABASE \(name)") }

    public func sql(_ script: String) throws -> String { try server.sql(script, database: name) }
}

/// An account of a test's own with a password, dropped when the value ends.
public final class ServerAccount {
    public let name = "census_" + UUID().uuidString.prefix(8).lowercased()
    public let password = UUID().uuidString
    private let database: ServerDatabase

    /// - Parameter rights: what the account may do in the database and nowhere else, as `GRANT` has
    ///   it; empty for nothing.
    public init(_ rights: String, on database: ServerDatabase) throws {
        self.database = database
        // An account of any host comes behind the nameless one of `localhost`, where there is one.
        for host in Self.hosts {
            _ = try database.server.sql(
                "CREATE USER '\(name)'@'\(host)' IDENTIFIED BY '\(password)'")
        }
        try grant(rights)
    }

    deinit {
        for host in Self.hosts { _ = try! database.server.sql("DROP USER '\(name)'@'\(host)'") }
    }

    private static let hosts = ["%", "localhost"]

    /// Of the database, as the command line takes it.
    public var address: String { "\(database.server.address(user: name))/\(database.name)" }

    public func grant(_ rights: String) throws {
        if rights.isEmpty { return }
        for host in Self.hosts {
            _ = try database.server.sql(
                "GRANT \(rights) ON \(database.name).* TO '\(name)'@'\(host)'")
        }
    }

    public func revoke(_ rights: String) throws {
        for host in Self.hosts {
            _ = try database.server.sql(
                "REVOKE \(rights) ON \(database.name).* FROM '\(name)'@'\(host)'")
        }
    }
}
