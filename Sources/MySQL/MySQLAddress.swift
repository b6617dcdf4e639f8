import FoundationEssentials

/// Where a server is, and how to talk to it: `mysql://[user@]host[:port]/database`, with
/// `?socket=`, `ssl-mode=` and `ssl-ca=` behind it.
///
/// It never holds a password: what stands on a command line can be read by all who may run ps(1).
package struct MySQLAddress: Sendable, Equatable {
    /// What of TLS is asked for, by the names that MySQL's own programs have for it.
    package enum TLSMode: String, Sendable, CaseIterable {
        case disabled
        /// Encrypted where the server can do it.
        case preferred
        /// Encrypted, whoever the server may be.
        case required
        /// Encrypted, and the server's certificate is by the authority of `ssl-ca`.
        case verifyCA = "verify-ca"
        /// Encrypted, and the certificate is by a trusted authority and for this host.
        case verifyIdentity = "verify-identity"

        var needsTLS: Bool {
            switch self {
            case .disabled, .preferred: false
            case .required, .verifyCA, .verifyIdentity: true
            }
        }

        /// Whether TLS shows whose server it is.
        var verifies: Bool { self == .verifyCA || self == .verifyIdentity }
    }

    /// As the user gave it.
    package let text: String
    /// nil: what `~/.my.cnf` says, or else the name of who runs the program.
    package let user: String?
    package let host: String
    package let port: UInt16?
    package let socket: String?
    package let database: String
    package let tlsMode: TLSMode
    /// A file with certificates of authorities (PEM).
    package let certificateAuthority: String?

    /// Why a text is no address, in words for the user.
    package struct InvalidAddress: Error, Equatable {
        package let reason: String
    }

    private static let form = "mysql://[user@]host[:port]/database"

    /// Whether a text is meant to be an address and not a file's name: it begins with `mysql:`, or
    /// with another scheme and `//`.
    package static func isMeant(by text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon].lowercased()
        return scheme == "mysql"
            || text[colon...].hasPrefix("://") && scheme.first?.isLetter == true
                && !scheme.contains("/")
    }

    package init(_ text: String) throws(InvalidAddress) {
        self.text = text
        let malformed = InvalidAddress(reason: "the address is not of the form \(Self.form)")
        // Before anything that might repeat it in a message. A password may have any character in
        // it, those too that would end the host.
        let afterScheme = text.drop { $0 != ":" }.dropFirst()
        let beforeQuery = afterScheme.prefix { $0 != "?" }
        if let end = beforeQuery.lastIndex(of: "@"), beforeQuery[..<end].contains(":") {
            throw Self.passwordInAddress
        }
        let authority = text.dropFirst("mysql://".count).prefix { !"/?#".contains($0) }
        guard text.hasPrefix("mysql://"), !text.contains("%00"),
            authority.count(where: { $0 == "@" }) <= 1,
            // What needs no escapes may have none; where it has some, all must be escaped.
            let url = URLComponents(
                string: text, encodingInvalidCharacters: !text.contains("%")), url.fragment == nil
        else { throw malformed }
        // A user with a colon in the name can be named in ~/.my.cnf.
        if url.user?.contains(":") == true { throw Self.passwordInAddress }

        let path = url.path.dropFirst()
        if path.isEmpty || path.contains("/") {
            throw InvalidAddress(reason: "the address names no database: it is \(Self.form)")
        }
        database = String(path)
        user = url.user
        if url.user?.isEmpty == true { throw InvalidAddress(reason: "the user is empty") }
        let bracketed = url.host ?? ""
        let name = bracketed.hasPrefix("[") ? String(bracketed.dropFirst().dropLast()) : bracketed
        if name.contains(",") {
            throw InvalidAddress(reason: "the address names several hosts: give one of them")
        }
        // libmariadb has a meaning of its own for some of them.
        if name == bracketed, name.contains(where: { ":/%".contains($0) || $0.isWhitespace }) {
            throw malformed
        }
        if let number = url.port {
            guard let number = UInt16(exactly: number), number > 0 else {
                throw InvalidAddress(reason: "there is no port \(number)")
            }
            port = number
        } else {
            // One of more digits than an integer has, or of none.
            if let last = authority.split(separator: ":").last, last.allSatisfy(\.isNumber),
                authority.contains(":")
            {
                throw InvalidAddress(reason: "there is no port \(last)")
            }
            port = nil
        }

        var parameters: [String: String] = [:]
        for item in url.queryItems ?? [] {
            if item.name.contains("@") { throw malformed }
            if item.name.lowercased().hasPrefix("pass") { throw Self.passwordInAddress }
            guard ["socket", "ssl-mode", "ssl-ca"].contains(item.name) else {
                throw InvalidAddress(
                    reason: "\(item.name) is not known: there are socket, ssl-mode and ssl-ca")
            }
            guard let value = item.value, !value.isEmpty else {
                throw InvalidAddress(reason: "\(item.name) is empty")
            }
            if parameters.updateValue(value, forKey: item.name) != nil {
                throw InvalidAddress(reason: "\(item.name) stands there twice")
            }
        }
        socket = parameters["socket"]
        certificateAuthority = parameters["ssl-ca"]
        if socket != nil && port != nil {
            throw InvalidAddress(reason: "a socket has no port")
        }
        if socket != nil && !["", "localhost"].contains(name) {
            throw InvalidAddress(reason: "a socket is on localhost, and not on another host")
        }
        if name.isEmpty && port != nil { throw InvalidAddress(reason: "the host is missing") }
        host = name.isEmpty ? "localhost" : name
        if let mode = parameters["ssl-mode"] {
            guard let mode = TLSMode(rawValue: mode) else {
                let modes = TLSMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidAddress(reason: "ssl-mode is one of \(modes)")
            }
            tlsMode = mode
        } else if certificateAuthority != nil || !Self.isLocal(host) {
            tlsMode = .verifyIdentity
        } else {
            tlsMode = .preferred
        }
        if tlsMode == .verifyCA && certificateAuthority == nil {
            throw InvalidAddress(reason: "ssl-mode=verify-ca needs ssl-ca, the authority's file")
        }
    }

    private static let passwordInAddress = InvalidAddress(
        reason: "a password does not belong into the address, where others can read it: put it "
            + "under [client] in ~/.my.cnf or into $MYSQL_PWD, or wait to be asked")

    /// Whether what is sent to the server stays on this machine.
    var isLocal: Bool { Self.isLocal(host) }

    private static func isLocal(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { UInt8($0) != nil }
    }
}
