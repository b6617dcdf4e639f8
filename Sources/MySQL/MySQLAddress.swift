package import Database
import FoundationEssentials
package import SystemPackage
import Text

/// The address of a server and how to connect: `mysql://[user@]host[:port]/database`, optionally
/// followed by `?socket=`, `ssl-mode=` and `ssl-ca=`.
///
/// It never contains a password: all users who can run ps(1) can read a command line.
package struct MySQLAddress: DatabaseAddress, Equatable {
    /// The use of TLS, named as in MySQL's own programs (MySQL manual, "Command Options for
    /// Encrypted Connections").
    package enum TLSMode: String, Sendable, CaseIterable {
        case disabled
        /// Encrypted if the server supports it.
        case preferred
        /// Encrypted; the server is not verified.
        case required
        /// Encrypted; the server's certificate is signed by the authority of `ssl-ca`.
        case verifyCA = "verify-ca"
        /// Encrypted; the certificate is signed by a trusted authority and names this host.
        case verifyIdentity = "verify-identity"

        var needsTLS: Bool {
            switch self {
            case .disabled, .preferred: false
            case .required, .verifyCA, .verifyIdentity: true
            }
        }

        /// Whether TLS authenticates the server.
        var verifies: Bool { self == .verifyCA || self == .verifyIdentity }
    }

    /// The address as given.
    package let text: String
    /// The user; nil for that of `~/.my.cnf`, or else the name of the user who runs the program.
    package let user: String?
    /// The name or address of the host, without brackets; `localhost` if omitted.
    package let host: String
    /// The port; nil for the default, 3306.
    package let port: UInt16?
    /// The path of a Unix domain socket; nil for the default.
    package let socket: String?
    /// The name of the database.
    package let database: String
    /// The use of TLS. Unless given it is `verify-identity` for another machine or with `ssl-ca`,
    /// and `preferred` otherwise.
    package let tlsMode: TLSMode
    /// The path of a PEM file with the certificates of authorities; nil for those of the system.
    package let certificateAuthority: String?

    private static let form = "mysql://[user@]host[:port]/database"

    /// Whether a text is an address and not a file name: it begins with `mysql:`, or with another
    /// scheme and `//`.
    package static func isMeant(by text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon].lowercased()
        return scheme == "mysql"
            || text[colon...].hasPrefix("://") && scheme.first?.isLetter == true
                && !scheme.contains("/")
    }

    /// Parses an address.
    package static func parse(_ text: String) throws(InvalidAddress) -> MySQLAddress? {
        isMeant(by: text) ? try MySQLAddress(text) : nil
    }

    /// None.
    package var databaseFile: FilePath? { nil }

    /// That of `ssl-ca`.
    package var otherFile: (path: FilePath, use: String)? {
        certificateAuthority.map { (FilePath($0), "the certificates of ssl-ca") }
    }

    /// Connects to the server. Asks for the password if the server requires one.
    package func open(
        _ access: DatabaseAccess, _ askForPassword: (_ prompt: String) -> String?
    ) throws(DatabaseError) -> any Database {
        do throws(DatabaseError) {
            return try MySQLDatabase(self, access, password: nil)
        } catch {
            guard error.code == .accessDenied,
                let password = askForPassword("Password for \(visible(text)): ")
            else { throw error }
            return try MySQLDatabase(self, access, password: password)
        }
    }

    /// Parses an address.
    /// - Throws: `InvalidAddress`.
    package init(_ text: String) throws(InvalidAddress) {
        self.text = text
        let malformed = InvalidAddress(reason: "the address does not have the form \(Self.form)")
        // Checked before any message that might repeat it. A password may contain any character,
        // including those that end the host.
        let afterScheme = text.drop { $0 != ":" }.dropFirst()
        let beforeQuery = afterScheme.prefix { $0 != "?" }
        if let end = beforeQuery.lastIndex(of: "@"), beforeQuery[..<end].contains(":") {
            throw Self.passwordInAddress
        }
        let authority = text.dropFirst("mysql://".count).prefix { !"/?#".contains($0) }
        guard text.hasPrefix("mysql://"), !text.contains("%00"),
            authority.count(where: { $0 == "@" }) <= 1,
            // A text with `%` must be fully escaped; one without need not be escaped.
            let url = URLComponents(
                string: text, encodingInvalidCharacters: !text.contains("%")), url.fragment == nil
        else { throw malformed }
        // A user name with a colon can be given in ~/.my.cnf.
        if url.user?.contains(":") == true { throw Self.passwordInAddress }

        let path = url.path.dropFirst()
        if path.isEmpty || path.contains("/") {
            throw InvalidAddress(reason: "the address names no database: the form is \(Self.form)")
        }
        database = String(path)
        user = url.user
        if url.user?.isEmpty == true { throw InvalidAddress(reason: "the user is empty") }
        let bracketed = url.host ?? ""
        let name = bracketed.hasPrefix("[") ? String(bracketed.dropFirst().dropLast()) : bracketed
        if name.contains(",") {
            throw InvalidAddress(reason: "the address names several hosts; give one")
        }
        // Some of these characters have a special meaning for libmariadb.
        if name == bracketed, name.contains(where: { ":/%".contains($0) || $0.isWhitespace }) {
            throw malformed
        }
        if let number = url.port {
            guard let number = UInt16(exactly: number), number > 0 else {
                throw InvalidAddress(reason: "\(number) is not a valid port")
            }
            port = number
        } else {
            // The port overflows an integer, or is empty.
            if let last = authority.split(separator: ":").last, last.allSatisfy(\.isNumber),
                authority.contains(":")
            {
                throw InvalidAddress(reason: "\(last) is not a valid port")
            }
            port = nil
        }

        var parameters: [String: String] = [:]
        for item in url.queryItems ?? [] {
            if item.name.contains("@") { throw malformed }
            if item.name.lowercased().hasPrefix("pass") { throw Self.passwordInAddress }
            guard ["socket", "ssl-mode", "ssl-ca"].contains(item.name) else {
                throw InvalidAddress(
                    reason:
                        "unknown parameter \(item.name): the parameters are socket, ssl-mode and "
                        + "ssl-ca"
                )
            }
            guard let value = item.value, !value.isEmpty else {
                throw InvalidAddress(reason: "\(item.name) is empty")
            }
            if parameters.updateValue(value, forKey: item.name) != nil {
                throw InvalidAddress(reason: "\(item.name) is given twice")
            }
        }
        socket = parameters["socket"]
        certificateAuthority = parameters["ssl-ca"]
        if socket != nil && port != nil {
            throw InvalidAddress(reason: "a port cannot be combined with a socket")
        }
        if socket != nil && !["", "localhost"].contains(name) {
            throw InvalidAddress(reason: "a socket requires the host localhost")
        }
        if name.isEmpty && port != nil { throw InvalidAddress(reason: "the host is missing") }
        host = name.isEmpty ? "localhost" : name
        if let mode = parameters["ssl-mode"] {
            guard let mode = TLSMode(rawValue: mode) else {
                let modes = TLSMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidAddress(reason: "ssl-mode must be one of \(modes)")
            }
            tlsMode = mode
        } else if certificateAuthority != nil || !Self.isLocal(host) {
            tlsMode = .verifyIdentity
        } else {
            tlsMode = .preferred
        }
        if tlsMode == .verifyCA && certificateAuthority == nil {
            throw InvalidAddress(reason: "ssl-mode=verify-ca requires ssl-ca, a PEM file")
        }
    }

    private static let passwordInAddress = InvalidAddress(
        reason: "the address must not contain a password, because others can read it; put it "
            + "under [client] in ~/.my.cnf or into $MYSQL_PWD, or wait for the prompt")

    /// Whether the server is on this machine.
    var isLocal: Bool { Self.isLocal(host) }

    private static func isLocal(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { UInt8($0) != nil }
    }
}
