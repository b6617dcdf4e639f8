import CMariaDB
import Database

/// Converts error numbers of the server and of libmariadb into errors, in words for the user
/// (MySQL, "Server Error Message Reference"; MariaDB, "Error Codes"). Messages that contain values
/// are not passed on: values are the user's data.
extension MySQLConnection {
    /// The error of the last call.
    func error(sql: String? = nil) -> DatabaseError {
        error(mysql_errno(handle), String(cString: mysql_error(handle)), sql: sql)
    }

    func error(_ number: UInt32, _ message: String, sql: String? = nil) -> DatabaseError {
        let number = Int32(bitPattern: number)
        var error = error(of: number, message, sql)
        error.number = number
        return error
    }

    private func error(of number: Int32, _ message: String, _ sql: String?) -> DatabaseError {
        let known =
            conflict(number, message) ?? lostConnection(number, message)
            ?? refusedLogin(number, message) ?? missingRight(number, message)
            ?? readOnlyServer(number, message) ?? limit(number, message)
            ?? damage(number, message)
        if let (code, words) = known {
            return DatabaseError(code, database: address.text, words)
        }
        if let fault = Self.fault(ofValue: number) {
            return DatabaseError(
                .valueRefused, database: address.text, "\(fault) (error \(number))",
                column: Self.column(inMessage: message))
        }
        return DatabaseError(
            .other, database: address.text, "\(message) (error \(number))", sql: sql)
    }

    /// What is wrong with a refused value. The message itself may contain the value.
    private static func fault(ofValue number: Int32) -> String? {
        switch number {
        case ER_BAD_NULL_ERROR: "a value is missing"
        case ER_WARN_DATA_OUT_OF_RANGE, ER_DATA_OUT_OF_RANGE: "a number is out of range"
        case ER_DATA_TOO_LONG, WARN_DATA_TRUNCATED: "a text is too long for its column"
        case ER_TOO_BIG_ROWSIZE: "the texts of a row are too long in total"
        case ER_INVALID_CHARACTER_STRING: "a text has characters that the server does not support"
        case ER_TRUNCATED_WRONG_VALUE, ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, ER_WRONG_VALUE_FOR_TYPE:
            "a value is not of the column's type"
        case ER_SIGNAL_EXCEPTION,
            3819,  // ER_CHECK_CONSTRAINT_VIOLATED of MySQL
            4025:  // ER_CONSTRAINT_FAILED of MariaDB
            "a value breaks a rule of the database"
        default: nil
        }
    }

    /// The column named at the end of a message, after any value: `… for column 'PID' at row 1`,
    /// `Column 'Address' cannot be null`, or in backquotes after the table.
    private static func column(inMessage message: String) -> String? {
        message.matches(of: /olumn (?:`[^`]*`\.`[^`]*`\.)?[`']([A-Za-z_]+)[`']/).last.map {
            String($0.output.1)
        }
    }

    typealias Words = (code: DatabaseError.Code, words: String)

    /// Errors after which the transaction is rolled back and can be repeated.
    private func conflict(_ number: Int32, _ message: String) -> Words? {
        switch number {
        case ER_DUP_ENTRY, ER_DUP_FIELDNAME, ER_DUP_KEYNAME:
            (
                .conflict,
                "other programs keep inserting the same rows; repeat the command later"
            )
        // A full disk is reported with the same number.
        case ER_ERROR_DURING_COMMIT where message.contains("error 28 "):
            limit(ER_DISK_FULL, message)
        case ER_LOCK_DEADLOCK, ER_LOCK_WAIT_TIMEOUT, ER_CHECKREAD, ER_ERROR_DURING_COMMIT,
            MYSQL_ER_TRANSACTION_ROLLBACK_DURING_COMMIT, ER_TABLE_DEF_CHANGED, ER_NEED_REPREPARE,
            // A row was deleted that another program refers to, or the other way round.
            ER_ROW_IS_REFERENCED_2, ER_NO_REFERENCED_ROW_2:
            (
                .conflict,
                "other programs keep writing the same rows (\(message)); "
                    + "repeat the command later"
            )
        default: nil
        }
    }

    private func lostConnection(_ number: Int32, _ message: String) -> Words? {
        switch number {
        case CR_SERVER_GONE_ERROR, CR_SERVER_LOST, CR_ERR_NET_READ, CR_ERR_NET_WRITE,
            // On an open connection, TLS reports its end in this way.
            CR_SSL_CONNECTION_ERROR,
            ER_SERVER_SHUTDOWN, ER_CONNECTION_KILLED, MARIADB_ER_CONNECTION_KILLED,
            MYSQL_ER_SESSION_WAS_KILLED, MYSQL_ER_CLIENT_INTERACTION_TIMEOUT:
            (
                .connectionLost,
                "the connection to the server was lost (\(message)); what was loaded before stays "
                    + "loaded: repeat the command"
            )
        // A server that shuts down reports this too, and then closes the connection.
        case ER_QUERY_INTERRUPTED where mysql_ping(handle) != 0:
            lostConnection(CR_SERVER_LOST, message)
        case ER_QUERY_INTERRUPTED:
            (
                .connectionLost,
                "the statement was interrupted on the server (\(message)); what was loaded before "
                    + "stays loaded: repeat the command"
            )
        // From a node of a Galera cluster.
        case ER_UNKNOWN_COM_ERROR:
            (
                .busy,
                "the server does not execute statements, like a node without its cluster "
                    + "(\(message)); repeat the command on another node, or later"
            )
        default: nil
        }
    }

    private func refusedLogin(_ number: Int32, _ message: String) -> Words? {
        switch number {
        case ER_ACCESS_DENIED_ERROR, ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
            // The server does not give the reason.
            let reason =
                usesTLS
                ? "or requires a client certificate (REQUIRE X509), which is set by ssl-cert and "
                    + "ssl-key under [client]"
                : address.tlsMode == .disabled
                    ? "or requires TLS (REQUIRE SSL), which ssl-mode=disabled excludes"
                    : "or requires TLS (REQUIRE SSL), which this connection does not use"
            return (
                .accessDenied,
                "the server refuses this user or password (\(message)), \(reason)"
                    + "; the password comes from [client] in ~/.my.cnf, from $MYSQL_PWD, or is "
                    + "asked for on a terminal"
            )
        case MYSQL_ER_ACCOUNT_HAS_BEEN_LOCKED, ER_ACCOUNT_HAS_BEEN_LOCKED:
            return (
                .cannotOpen,
                "the account is locked; an administrator can unlock it: ALTER USER … ACCOUNT UNLOCK"
            )
        case MYSQL_ER_BLOCKED_BY_PASSWORD_LOCK, ER_USER_IS_BLOCKED:
            return (
                .cannotOpen,
                "the account is blocked after too many wrong passwords (\(message)); "
                    + "an administrator can unblock it: ALTER USER … ACCOUNT UNLOCK, or FLUSH "
                    + "PRIVILEGES on MariaDB"
            )
        case ER_MUST_CHANGE_PASSWORD, ER_MUST_CHANGE_PASSWORD_LOGIN:
            return (
                .cannotOpen,
                "the account's password has expired; set a new one with a server's own client: "
                    + "ALTER USER USER() IDENTIFIED BY …"
            )
        case MYSQL_ER_SERVER_OFFLINE_MODE:
            return (
                .busy,
                "the server is in offline mode and accepts only administrators; one can end it: SET "
                    + "GLOBAL offline_mode = OFF"
            )
        case MYSQL_ER_SECURE_TRANSPORT_REQUIRED:
            return (
                .cannotOpen,
                "the server accepts only connections with TLS (require_secure_transport)"
                    + (address.tlsMode == .disabled
                        ? ", which ssl-mode=disabled excludes: omit it"
                        : ", but does not offer TLS; an administrator can install a certificate")
            )
        case ER_HOST_IS_BLOCKED:
            return (
                .cannotOpen,
                "the server has blocked this machine after too many broken connections; an "
                    + "administrator can unblock it: FLUSH HOSTS, or TRUNCATE "
                    + "performance_schema.host_cache"
            )
        case ER_HOST_NOT_PRIVILEGED:
            return (
                .cannotOpen,
                "the server has no account that may connect from this machine (\(message)); an "
                    + "administrator can create one: CREATE USER name@'host' …"
            )
        case ER_BAD_DB_ERROR:
            return (
                .cannotOpen,
                "the server has no database of this name; to create it: CREATE DATABASE \(database)"
            )
        case CR_PLUGIN_NOT_ALLOWED, CR_AUTH_PLUGIN_ERR: return (.cannotOpen, revealingMethod)
        case CR_AUTH_PLUGIN_CANNOT_LOAD, ER_NOT_SUPPORTED_AUTH_MODE, ER_PLUGIN_IS_NOT_LOADED:
            return (
                .cannotOpen,
                "the account's authentication method is not supported by both sides (\(message)); "
                    + "an administrator can change it: ALTER USER … IDENTIFIED …"
            )
        default: return nil
        }
    }

    /// Whether the login used TLS, or would have.
    private var usesTLS: Bool { address.tlsMode != .disabled && LoginGuard.offersTLS(handle) }

    private var revealingMethod: String {
        if usesTLS {
            return "the account's authentication method sends the password in clear text, which "
                + "census does only if the server's certificate is verified: with "
                + "ssl-mode=verify-identity or verify-ca"
        }
        return "the account's authentication method (such as MySQL's caching_sha2_password) sends "
            + "the password itself, which census does only through TLS or the local socket: "
            + (LoginGuard.offersTLS(handle)
                ? "omit ssl-mode=disabled, because the server offers TLS"
                : "the server does not offer TLS; an administrator can enable it, or on the server's "
                    + "own machine use mysql:///\(address.database)?socket=PATH"
                    + (address.isLocal && address.tlsMode == .preferred
                        ? " or ssl-mode=disabled" : ""))
    }

    private func full(_ message: String) -> Words {
        let words = "the server has no room left (\(message)): its disk is full, or it limits "
        return (.full, words + "the size of tables")
    }

    private func readOnlyServer(_ number: Int32, _ message: String) -> Words? {
        switch number {
        case ER_OPTION_PREVENTS_STATEMENT, ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION:
            (
                .readOnly,
                "the server is read-only (\(message)); if it is a replica, or has left its "
                    + "replication group, give --db the address of a writable server"
            )
        case MYSQL_ER_RUN_HOOK_ERROR:
            (
                .busy,
                "the server has left its replication group, or cannot reach the other members; repeat "
                    + "the command when it is back, or give --db the address of another member"
            )
        case ER_READ_ONLY_MODE, ER_INNODB_READ_ONLY, MYSQL_ER_INNODB_FORCED_RECOVERY,
            ER_OPEN_AS_READONLY,
            ER_CANT_LOCK where message.contains("read only"):
            (
                .readOnly,
                "the server's InnoDB is read-only (\(message)); an administrator can start it "
                    + "without innodb_read_only and innodb_force_recovery"
            )
        case MYSQL_ER_SCHEMA_READ_ONLY:
            (
                .readOnly,
                "the database is read-only; an administrator can change that: ALTER DATABASE "
                    + "\(database) READ ONLY = 0"
            )
        case ER_BINLOG_STMT_MODE_AND_ROW_ENGINE:
            (
                .readOnly,
                "the server's binlog_format is STATEMENT, which does not support READ "
                    + "COMMITTED; an administrator can set it to ROW or MIXED"
            )
        default: nil
        }
    }

    private func limit(_ number: Int32, _ message: String) -> Words? {
        switch number {
        case ER_USER_LIMIT_REACHED where !message.contains("max_user_connections"):
            (
                .busy,
                "the account has reached its hourly limit (\(message)); repeat the command later, or "
                    + "an administrator can raise the limit: ALTER USER … WITH …"
            )
        case ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED:
            (
                .busy,
                "the account has as many connections as it may have (\(message)); end its other "
                    + "connections and repeat the command, or an administrator can raise the limit: "
                    + "ALTER USER … WITH MAX_USER_CONNECTIONS …"
            )
        case ER_CON_COUNT_ERROR:
            (.busy, "the server has too many connections (\(message)); try again")
        case ER_NET_PACKET_TOO_LARGE, CR_NET_PACKET_TOO_LARGE:
            (
                .other,
                "a statement is too long for the server; an administrator can raise its "
                    + "max_allowed_packet, 1 MB is enough"
            )
        case ER_DISK_FULL: (.full, "the server's disk is full")
        case ER_GET_ERRNO where message.contains("error 28 "): (.full, "the server's disk is full")
        case ER_RECORD_FILE_FULL: full(message)
        // HA_ERR_RECORD_FILE_FULL, of a table that cannot be created.
        case ER_CANT_CREATE_TABLE where message.contains("errno: 135"): full("errno 135")
        case ER_LOCK_TABLE_FULL:
            (
                .busy,
                "the server has no room for locks; an administrator can raise its "
                    + "innodb_buffer_pool_size"
            )
        case ER_OUTOFMEMORY, ER_OUT_OF_SORTMEMORY, ER_OUT_OF_RESOURCES, ER_TOO_MANY_CONCURRENT_TRXS:
            (.busy, "the server is out of memory (\(message)); try again later")
        default: nil
        }
    }

    private func damage(_ number: Int32, _ message: String) -> Words? {
        switch number {
        case ER_NO_SUCH_TABLE, ER_BAD_FIELD_ERROR, ER_SP_DOES_NOT_EXIST:
            (.damaged, "the tables are not those of census (\(message))")
        case ER_NOT_FORM_FILE, ER_NOT_KEYFILE, ER_OLD_KEYFILE, ER_CRASHED_ON_USAGE,
            ER_CRASHED_ON_REPAIR, ER_INDEX_CORRUPT, ER_TABLESPACE_MISSING, ER_TABLESPACE_DISCARDED,
            ER_NO_SUCH_TABLE_IN_ENGINE, ER_GET_ERRNO:
            (
                .damaged,
                "the server reports damaged or missing files (\(message)); its error log has the "
                    + "details, and an administrator can restore the database"
            )
        default: nil
        }
    }

    /// The quoted name of the database.
    var database: String { "`" + address.database.replacing("`", with: "``") + "`" }

    /// Why connecting failed.
    func errorOfConnecting() -> DatabaseError {
        let number = mysql_errno(handle)
        var error = errorOfConnecting(number)
        error.number = Int32(bitPattern: number)
        return error
    }

    private func errorOfConnecting(_ number: UInt32) -> DatabaseError {
        let message = String(cString: mysql_error(handle))
        func failed(_ code: DatabaseError.Code, _ words: String) -> DatabaseError {
            DatabaseError(code, database: address.text, words)
        }
        switch Int32(bitPattern: number) {
        case CR_SERVER_LOST, CR_SERVER_GONE_ERROR:
            if message.contains("initial communication packet") {
                return failed(
                    .cannotOpen,
                    "no greeting of a MySQL or MariaDB server was received; check the address and port, "
                        + "and the state of the server")
            }
            return lostInLogin(message)
        case CR_CONNECTION_ERROR, CR_CONN_HOST_ERROR, CR_IPSOCK_ERROR, CR_SOCKET_CREATE_ERROR:
            return failed(
                .cannotOpen,
                "cannot connect (\(message)); check that the server runs and the address is right"
            )
        case CR_UNKNOWN_HOST: return failed(.cannotOpen, "unknown host (\(message))")
        case CR_SSL_CONNECTION_ERROR:
            if !LoginGuard.offersTLS(handle) {
                return failed(
                    .cannotOpen,
                    "no TLS connection with ssl-mode \(address.tlsMode.rawValue): the server does "
                        + "not offer TLS, or an attacker removed the offer; nothing was sent"
                )
            }
            if ["unexpected eof", "reset by peer", "Broken pipe"].contains(where: message.contains)
            {
                return lostInLogin(message)
            }
            return failed(
                .cannotOpen,
                "no TLS connection with ssl-mode \(address.tlsMode.rawValue): \(message)")
        case CR_PLUGIN_NOT_ALLOWED
        where handle.pointee.server_capabilities & CLIENT_PLUGIN_AUTH == 0,
            CR_VERSION_ERROR, CR_SERVER_HANDSHAKE_ERR, CR_MALFORMED_PACKET, CR_UNKNOWN_ERROR,
            CR_NET_PACKET_TOO_LARGE, CR_SECURE_AUTH, ER_HANDSHAKE_ERROR:
            return failed(
                .cannotOpen,
                "not a MySQL or MariaDB server, or a very old one; check the address and port")
        default: return error(number, message)
        }
    }

    private func lostInLogin(_ message: String) -> DatabaseError {
        DatabaseError(
            .connectionLost, database: address.text,
            "the connection was lost during the login (\(message)); repeat the command")
    }
}
