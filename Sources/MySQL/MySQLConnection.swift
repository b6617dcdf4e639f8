import CMariaDB
import Database
import Glibc

/// A connection to a server, closed when neither the database nor a statement needs it any more.
///
/// All of libmariadb's results go through `check`, which turns them into errors.
final class MySQLConnection {
    let handle: UnsafeMutablePointer<MYSQL>
    private let address: MySQLAddress

    /// - Parameter password: nil for that of `~/.my.cnf` or else `$MYSQL_PWD`.
    init(_ address: MySQLAddress, password: String?) throws(DatabaseError) {
        self.address = address
        guard let handle = mysql_init(nil) else {
            throw DatabaseError(.cannotOpen, database: address.text, "out of memory")
        }
        self.handle = handle
        setOption(MYSQL_OPT_CONNECT_TIMEOUT, 10 as UInt32)
        readOptionFiles()
        setProtocol()
        setTLS()
        // A server may ask its client for any file. This one gives none.
        setOption(MYSQL_OPT_LOCAL_INFILE, 0 as UInt32)
        // A new connection would know nothing of the transaction and of the session's variables.
        setOption(MYSQL_OPT_RECONNECT, 0 as my_bool)
        let connected = mysql_real_connect(
            handle, address.host, address.user, password, nil, UInt32(address.port ?? 0),
            address.socket, 0)
        if connected == nil { throw errorOfConnecting() }
        noticeLostServer()
        try checkTLS()
        try check(mysql_set_character_set(handle, "utf8mb4"))
        // Not when connecting: the server could not say then which of the two it refuses.
        try check(mysql_select_db(handle, address.database))
    }

    deinit { mysql_close(handle) }

    private func setOption(_ option: mysql_option, _ value: some BitwiseCopyable) {
        withUnsafePointer(to: value) { _ = mysql_options(handle, option, $0) }
    }

    /// Reads the group [client] of the option files, which may name a user, a password and more.
    ///
    /// libmariadb reads them when it connects, and lets them overrule all that was set before. So
    /// it connects to an empty list of hosts first, which fails at once.
    private func readOptionFiles() {
        mysql_options(handle, MYSQL_READ_DEFAULT_GROUP, "")
        mysql_real_connect(handle, ",", nil, nil, nil, 0, nil, UInt(CLIENT_REMEMBER_OPTIONS))
    }

    /// With `localhost` libmariadb takes a socket, whatever the port.
    private func setProtocol() {
        if address.socket != nil {
            setOption(MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_SOCKET.rawValue)
        } else if address.port != nil {
            setOption(MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP.rawValue)
        }
    }

    private func setTLS() {
        let mode = address.tlsMode
        setOption(MYSQL_OPT_SSL_ENFORCE, my_bool(mode == .disabled ? 0 : 1))
        setOption(MYSQL_OPT_SSL_VERIFY_SERVER_CERT, my_bool(mode == .verifyIdentity ? 1 : 0))
        if mode != .disabled, let file = address.certificateAuthority {
            mysql_options(handle, MYSQL_OPT_SSL_CA, file)
        }
        if mode != .verifyIdentity && mode != .verifyCA {
            // The plugin that sends the password as it is has no place where anybody may pose as the
            // server. (Those of MySQL send it too, but through TLS or encrypted for the server.)
            mysql_options(
                handle, MARIADB_OPT_RESTRICTED_AUTH,
                "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password")
        }
    }

    /// libmariadb goes on in the clear where the server has no TLS, even with
    /// `MYSQL_OPT_SSL_ENFORCE`.
    private func checkTLS() throws(DatabaseError) {
        switch address.tlsMode {
        case .disabled, .preferred: return
        case .required, .verifyCA, .verifyIdentity: break
        }
        if mysql_get_ssl_cipher(handle) == nil {
            throw error(UInt32(CR_SSL_CONNECTION_ERROR), "the server does not speak TLS")
        }
    }

    /// A server that does not answer at all is none. (libmariadb says that it was lost.)
    private func errorOfConnecting() -> DatabaseError {
        let number = mysql_errno(handle)
        let isLost = [CR_SERVER_LOST, CR_SERVER_GONE_ERROR].contains(Int32(bitPattern: number))
        return error(
            isLost ? UInt32(CR_CONN_HOST_ERROR) : number, String(cString: mysql_error(handle)))
    }

    /// Sees to it that a machine that is off, or cut off, is noticed within a minute or so: tcp(7).
    /// (How long a statement takes is another matter: it may have to wait for others.)
    private func noticeLostServer() {
        let socket = mysql_get_socket(handle)
        func set(_ level: Int32, _ option: Int32, _ value: Int32) {
            var value = value
            // Fails on a local socket, whose server cannot be cut off.
            setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 20)
        set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
        set(Int32(IPPROTO_TCP), TCP_KEEPCNT, 4)
        set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 60_000)
    }

    /// Runs a statement that gives no rows.
    func execute(_ sql: String) throws(DatabaseError) {
        var sql = sql
        let result = sql.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) {
                mysql_real_query(handle, $0.baseAddress, UInt($0.count))
            }
        }
        try check(result, sql: sql)
        // A procedure or a SELECT would leave rows behind.
        while true {
            if let rows = mysql_use_result(handle) { mysql_free_result(rows) }
            let more = mysql_next_result(handle)
            if more < 0 { return }
            try check(more, sql: sql)
        }
    }

    /// The same for text as bytes.
    func execute(_ sql: [UInt8]) throws(DatabaseError) {
        let result = sql.withUnsafeBytes {
            mysql_real_query(
                handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), UInt($0.count))
        }
        try check(result)
    }

    func check(_ result: some BinaryInteger, sql: String? = nil) throws(DatabaseError) {
        if result != 0 { throw error(sql: sql) }
    }

    /// The last call's error.
    func error(sql: String? = nil) -> DatabaseError {
        error(mysql_errno(handle), String(cString: mysql_error(handle)), sql: sql)
    }

    /// The one place that turns an error number of the server or of libmariadb into an error.
    /// Messages that hold values are not passed on: those are the user's data.
    func error(_ number: UInt32, _ message: String, sql: String? = nil) -> DatabaseError {
        func failed(_ code: DatabaseError.Code, _ words: String) -> DatabaseError {
            DatabaseError(code, database: address.text, words)
        }
        switch Int32(bitPattern: number) {
        case ER_LOCK_DEADLOCK, ER_LOCK_WAIT_TIMEOUT, ER_CHECKREAD:
            return failed(
                .conflict,
                "other programs keep writing the same rows (\(message)); "
                    + "give the same command again later")
        case ER_DUP_ENTRY:
            return failed(
                .conflict,
                "other programs keep adding the same rows; give the same command again later")
        case ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
            return failed(
                .accessDenied,
                "the server refuses this user or password (\(message)); the password comes from "
                    + "[client] in ~/.my.cnf, from $MYSQL_PWD, or is asked for on a terminal")
        case ER_BAD_DB_ERROR:
            return failed(
                .cannotOpen,
                "the server has no database of this name; to make it: "
                    + "CREATE DATABASE \(address.quotedDatabase)")
        case ER_DBACCESS_DENIED_ERROR:
            return failed(
                .readOnly,
                "\(message); an administrator can give it: GRANT SELECT, INSERT, UPDATE, CREATE, "
                    + "REFERENCES, CREATE ROUTINE ON \(address.quotedDatabase).* TO …")
        case ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR, ER_PROCACCESS_DENIED_ERROR,
            ER_SPECIFIC_ACCESS_DENIED_ERROR:
            return failed(
                .readOnly,
                "\(message); the README says which rights an account needs, and how an "
                    + "administrator makes the tables for one that may not")
        case ER_OPTION_PREVENTS_STATEMENT, ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION,
            1836:  // ER_READ_ONLY_MODE
            return failed(.readOnly, "the server takes no changes (\(message))")
        case CR_CONNECTION_ERROR, CR_CONN_HOST_ERROR, CR_IPSOCK_ERROR, CR_SOCKET_CREATE_ERROR:
            return failed(
                .cannotOpen,
                "no server answers there: does it run, and is this its address? (\(message))")
        case CR_UNKNOWN_HOST: return failed(.cannotOpen, "there is no such host (\(message))")
        case CR_SSL_CONNECTION_ERROR:
            return failed(
                .cannotOpen,
                "no TLS connection with ssl-mode \(address.tlsMode.rawValue): \(message)")
        case CR_SERVER_GONE_ERROR, CR_SERVER_LOST, ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED,
            1927:  // ER_CONNECTION_KILLED of MariaDB
            return failed(
                .connectionLost,
                "the server has gone away (\(message)); what was loaded before stays loaded: "
                    + "give the same command again")
        case ER_UNKNOWN_COM_ERROR:
            return failed(
                .busy,
                "the server takes no statements, as a node that its cluster has lost: \(message)")
        case ER_CON_COUNT_ERROR, ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED:
            return failed(.busy, "the server has too many connections (\(message)); try again")
        case ER_BINLOG_STMT_MODE_AND_ROW_ENGINE:
            return failed(
                .readOnly,
                "the server's binlog_format is STATEMENT, which transactions at READ COMMITTED "
                    + "cannot have; an administrator can set it to ROW or MIXED")
        case ER_NET_PACKET_TOO_LARGE, CR_NET_PACKET_TOO_LARGE:
            return failed(
                .other,
                "the server takes no statement of a megabyte; an administrator can raise its "
                    + "max_allowed_packet")
        case ER_RECORD_FILE_FULL, ER_DISK_FULL: return failed(.full, "the server's disk is full")
        case ER_NO_SUCH_TABLE, ER_BAD_FIELD_ERROR, ER_SP_DOES_NOT_EXIST:
            return failed(.damaged, "its tables are not those of a census (\(message))")
        case ER_TRUNCATED_WRONG_VALUE, ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ER_DATA_TOO_LONG,
            ER_WARN_DATA_OUT_OF_RANGE:
            return DatabaseError(
                .other, database: address.text, "a value does not fit its column (error \(number))",
                sql: sql)
        default:
            return DatabaseError(
                .other, database: address.text, "\(message) (error \(number))", sql: sql)
        }
    }

    /// Ends the connection at once, whatever is on its way.
    func cancel() { mariadb_cancel(handle) }
}

extension MySQLAddress {
    /// The database's name as SQL has it.
    fileprivate var quotedDatabase: String {
        "`" + database.replacing("`", with: "``") + "`"
    }
}
