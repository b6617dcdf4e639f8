import CMariaDB
import Database
import Files
import Glibc

/// A connection to a server, closed when neither the database nor a statement uses it any more.
///
/// `check` converts all results of libmariadb into errors.
final class MySQLConnection {
    let handle: UnsafeMutablePointer<MYSQL>
    let address: MySQLAddress
    /// The purpose, which determines the privileges needed.
    let access: DatabaseAccess
    /// The maximum length of a statement in bytes. The server closes the connection after a longer
    /// one.
    var maxStatementBytes = Int.max
    /// -1 before there is a connection. libmariadb forgets it when the connection is lost.
    private var socket: CInt = -1

    /// - Parameter password: nil for that of `~/.my.cnf`, or else `$MYSQL_PWD`.
    init(
        _ address: MySQLAddress, _ access: DatabaseAccess, password: String?
    ) throws(DatabaseError) {
        self.address = address
        self.access = access
        guard let handle = mysql_init(nil) else {
            throw DatabaseError(.cannotOpen, database: address.text, "out of memory")
        }
        self.handle = handle
        readOptionFiles()
        setOption(MYSQL_OPT_CONNECT_TIMEOUT, 10 as UInt32)
        setProtocol()
        setTLS()
        LoginGuard.prepare(handle, for: address.tlsMode)
        // A server may request any file from its client. This client sends none.
        setOption(MYSQL_OPT_LOCAL_INFILE, 0 as UInt32)
        // A new connection would have lost the transaction and the session variables.
        setOption(MYSQL_OPT_RECONNECT, 0 as my_bool)
        let connected = mysql_real_connect(
            handle, address.host, address.user, password, nil, UInt32(address.port ?? 0),
            address.socket, 0)
        if connected == nil { throw errorOfConnecting() }
        noticeLostServer()
        socket = mysql_get_socket(handle)
        Interruption.add(socket: socket)
        try check(mysql_set_character_set(handle, "utf8mb4"))
        // Not selected while connecting: the error would not distinguish a refused login from a
        // refused database.
        try check(mysql_select_db(handle, address.database))
    }

    deinit {
        if socket >= 0 { Interruption.remove(socket: socket) }
        mysql_close(handle)
    }

    private func setOption(_ option: mysql_option, _ value: some BitwiseCopyable) {
        withUnsafePointer(to: value) { _ = mysql_options(handle, option, $0) }
    }

    /// Reads the group [client] of the option files, which may set the user, the password and more.
    ///
    /// libmariadb reads them when it connects, and they override all options set before. Therefore
    /// it first connects to an empty list of hosts, which fails at once.
    private func readOptionFiles() {
        mysql_options(handle, MYSQL_READ_DEFAULT_GROUP, "")
        mysql_real_connect(handle, ",", nil, nil, nil, 0, nil, UInt(CLIENT_REMEMBER_OPTIONS))
    }

    /// For `localhost` libmariadb uses a socket, whatever the port.
    private func setProtocol() {
        if address.socket != nil {
            setOption(MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_SOCKET.rawValue)
        } else if address.port != nil {
            setOption(MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP.rawValue)
        }
    }

    private func setTLS() {
        let mode = address.tlsMode
        // A fingerprint from an option file would replace the verification of authority and name.
        mysql_options(handle, MARIADB_OPT_TLS_PEER_FP, nil)
        mysql_options(handle, MARIADB_OPT_TLS_PEER_FP_LIST, nil)
        if mode == .disabled {
            // Each of them would enable TLS.
            for option in [
                MYSQL_OPT_SSL_KEY, MYSQL_OPT_SSL_CERT, MYSQL_OPT_SSL_CA, MYSQL_OPT_SSL_CAPATH,
                MYSQL_OPT_SSL_CIPHER,
            ] {
                mysql_options(handle, option, nil)
            }
        } else if let file = address.certificateAuthority {
            mysql_options(handle, MYSQL_OPT_SSL_CA, file)
        } else if mode == .verifyIdentity && address.isLocal {
            // libmariadb 3.4 accepts any certificate from 127.0.0.1 and ::1 unless an authority is
            // set.
            mysql_options(handle, MYSQL_OPT_SSL_CAPATH, "/etc/ssl/certs")
        }
        setOption(MYSQL_OPT_SSL_VERIFY_SERVER_CERT, my_bool(mode == .verifyIdentity ? 1 : 0))
        setOption(MYSQL_OPT_SSL_ENFORCE, my_bool(mode == .disabled ? 0 : 1))
    }

    /// Enables TCP keep-alive, so that an unreachable machine is detected within about a minute:
    /// tcp(7). (It does not limit the duration of a statement, which may have to wait for others.)
    private func noticeLostServer() {
        let socket = mysql_get_socket(handle)
        func set(_ level: Int32, _ option: Int32, _ value: Int32) {
            var value = value
            // Fails on a local socket, which needs no keep-alive.
            setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 20)
        set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
        set(Int32(IPPROTO_TCP), TCP_KEEPCNT, 4)
        set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 60_000)
    }

    /// Runs a statement that returns no rows.
    func execute(_ sql: String) throws(DatabaseError) {
        var sql = sql
        try checkLength(sql.utf8.count)
        let result = sql.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) {
                mysql_real_query(handle, $0.baseAddress, UInt($0.count))
            }
        }
        try check(result, sql: sql)
        // The results of a procedure or a SELECT must be read.
        while true {
            if let rows = mysql_use_result(handle) { mysql_free_result(rows) }
            let more = mysql_next_result(handle)
            if more < 0 { return }
            try check(more, sql: sql)
        }
    }

    /// Runs a statement given as UTF-8 that returns no rows.
    func execute(_ sql: [UInt8]) throws(DatabaseError) {
        try checkLength(sql.count)
        let result = sql.withUnsafeBytes {
            mysql_real_query(
                handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), UInt($0.count))
        }
        try check(result)
    }

    func checkLength(_ bytes: Int) throws(DatabaseError) {
        if bytes >= maxStatementBytes { throw error(UInt32(CR_NET_PACKET_TOO_LARGE), "") }
    }

    func check(_ result: some BinaryInteger, sql: String? = nil) throws(DatabaseError) {
        if result != 0 { throw error(sql: sql) }
    }

    /// Closes the connection at once, without reading pending results.
    func cancel() { mariadb_cancel(handle) }
}
