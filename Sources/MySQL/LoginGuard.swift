import CMariaDB
import Glibc
import Synchronization

/// Decides which data of a login may be sent to a server over the connection.
///
/// A server's greeting is not authentic: an attacker in the middle can remove the offer of TLS,
/// name another authentication method, and ask for the password. libmariadb 3.3 and 3.4 continue
/// without TLS even with `MYSQL_OPT_SSL_ENFORCE`, and their plugin `caching_sha2_password` takes
/// that option for TLS itself and sends the password in clear text. Therefore every login begins
/// with a plugin of census (`MYSQL_DEFAULT_AUTH`). No other plugin is allowed
/// (`MARIADB_OPT_RESTRICTED_AUTH`) until it has examined the connection:
///
/// - In a mode that requires TLS, it ends the login before anything is sent if TLS is not offered.
/// - Methods that prove the password without revealing it are allowed. Those that can ask for the
///   password itself are guarded: it is sent only through TLS or a local socket.
/// - Methods that always reveal it are allowed only if TLS has verified the server.
///
/// MariaDB Connector/C, `plugins/auth/my_auth.c` and `caching_sha2_pw.c`; MySQL Internals,
/// "Connection Phase" and "Authentication Method".
enum LoginGuard {
    /// Must be called after option files have been read and before connecting.
    static func prepare(_ handle: UnsafeMutablePointer<MYSQL>, for mode: MySQLAddress.TLSMode) {
        registerFirstPlugins(handle)
        guardPlugin("caching_sha2_password", handle) {
            LoginGuard.authenticate($0!, $1!, by: "caching_sha2_password")
        }
        guardPlugin("sha256_password", handle) {
            LoginGuard.authenticate($0!, $1!, by: "sha256_password")
        }
        mysql_options(handle, MYSQL_DEFAULT_AUTH, firstPluginName(mode))
        mysql_options(handle, MARIADB_OPT_RESTRICTED_AUTH, firstPluginName(mode))
    }

    /// Whether the greeting, as received, offers TLS.
    static func offersTLS(_ handle: UnsafeMutablePointer<MYSQL>) -> Bool {
        handle.pointee.server_capabilities & UInt(CLIENT_SSL) != 0
    }

    private typealias Plugin = census_authentication_plugin
    private typealias Channel = UnsafeMutablePointer<MYSQL_PLUGIN_VIO>
    private typealias Authenticate =
        @convention(c) (Channel?, UnsafeMutablePointer<MYSQL>?) -> Int32

    // The first plugin; there is one for each mode.

    private static func firstPluginName(_ mode: MySQLAddress.TLSMode) -> String {
        "census-\(mode.rawValue)"
    }

    /// The mode of the connection that `prepare` prepared.
    private static func mode(of handle: UnsafeMutablePointer<MYSQL>) -> MySQLAddress.TLSMode? {
        var name: UnsafePointer<CChar>?
        mysql_get_option(handle, MYSQL_DEFAULT_AUTH, &name)
        guard let name = name.map({ String(cString: $0) }) else { return nil }
        return MySQLAddress.TLSMode.allCases.first { firstPluginName($0) == name }
    }

    private static func registerFirstPlugins(_ handle: UnsafeMutablePointer<MYSQL>) {
        for plugin in firstPlugins.pointers {
            mysql_client_register_plugin(
                handle,
                UnsafeMutableRawPointer(plugin).assumingMemoryBound(to: st_mysql_client_plugin.self)
            )
        }
    }

    /// They exist until the process ends, because libmariadb keeps their addresses.
    private struct FirstPlugins: @unchecked Sendable {  // not modified after initialisation
        let pointers = MySQLAddress.TLSMode.allCases.map { mode in
            let plugin = UnsafeMutablePointer<Plugin>.allocate(capacity: 1)
            plugin.initialize(to: Plugin())
            plugin.pointee.header.type = census_authentication_plugin_type
            plugin.pointee.header.interface_version = census_authentication_plugin_version
            plugin.pointee.header.name = UnsafePointer(strdup(firstPluginName(mode)))
            plugin.pointee.authenticate_user = { LoginGuard.begin($0!, $1!) }
            return plugin
        }
    }
    private static let firstPlugins = FirstPlugins()

    /// The function of the first plugin, called with the connection after the greeting. No server
    /// knows the plugin, so the response to the login names the method of the account.
    private static func begin(
        _ channel: Channel, _ handle: UnsafeMutablePointer<MYSQL>
    ) -> Int32 {
        guard let mode = mode(of: handle) else { return CR_ERROR }
        if mode.needsTLS && !offersTLS(handle) { return refuse(handle, CR_SSL_CONNECTION_ERROR) }
        // Without these flags libmariadb would use the protocol of versions before 4.1.
        let needed = UInt(CLIENT_PROTOCOL_41) | UInt(CLIENT_SECURE_CONNECTION)
        if handle.pointee.server_capabilities & needed != needed {
            return refuse(handle, CR_SERVER_HANDSHAKE_ERR)
        }
        // Sends the login, through TLS if it is offered and wanted.
        var packet: UnsafeMutablePointer<UInt8>?
        let length = channel.pointee.read_packet(channel, &packet)
        var methods = ["mysql_native_password", "client_ed25519", "parsec"]
        methods += originals.withLock { Array($0.keys) }
        if mode.verifies && mysql_get_ssl_cipher(handle) != nil {
            methods += ["mysql_clear_password", "dialog", "auth_gssapi_client"]
        }
        mysql_options(handle, MARIADB_OPT_RESTRICTED_AUTH, methods.joined(separator: ","))
        // A negative length is also returned for a request to switch the method.
        return length < 0 ? CR_ERROR : CR_OK_HANDSHAKE_COMPLETE
    }

    private static func refuse(
        _ handle: UnsafeMutablePointer<MYSQL>, _ number: Int32
    ) -> Int32 {
        census_set_error(handle, UInt32(number))
        return CR_ERROR
    }

    // The guarded plugins of libmariadb.

    /// The original functions of the guarded plugins, by plugin name.
    private static let originals = Mutex<[String: Authenticate]>([:])

    /// Replaces the function of a plugin. A plugin that is absent is not allowed.
    private static func guardPlugin(
        _ name: String, _ handle: UnsafeMutablePointer<MYSQL>, _ guarded: @escaping Authenticate
    ) {
        let header = mysql_client_find_plugin(handle, name, census_authentication_plugin_type)
        guard let header else { return }
        let plugin = UnsafeMutableRawPointer(header).assumingMemoryBound(to: Plugin.self)
        originals.withLock {
            if $0[name] != nil { return }
            $0[name] = plugin.pointee.authenticate_user
            plugin.pointee.authenticate_user = guarded
        }
    }

    private static func authenticate(
        _ channel: Channel, _ handle: UnsafeMutablePointer<MYSQL>, by name: String
    ) -> Int32 {
        guard let original = originals.withLock({ $0[name] }) else { return CR_ERROR }
        var info = MYSQL_PLUGIN_VIO_INFO()
        channel.pointee.info(channel, &info)
        if info.protocol == MYSQL_VIO_SOCKET || mysql_get_ssl_cipher(handle) != nil {
            return original(channel, handle)
        }
        var guarded = census_guarded_vio()
        guarded.inner = channel
        guarded.mysql = handle
        guarded.may_encrypt_for_peer =
            mode(of: handle) == .disabled && isOnThisMachine(peerOf: info.socket)
        guarded.guarded.info = { vio, info in
            let inner = LoginGuard.guarded(vio!).pointee.inner!
            inner.pointee.info(inner, info)
        }
        guarded.guarded.read_packet = { vio, packet in
            let inner = LoginGuard.guarded(vio!).pointee.inner!
            return inner.pointee.read_packet(inner, packet)
        }
        guarded.guarded.write_packet = { vio, packet, count in
            LoginGuard.write(
                UnsafeBufferPointer(start: packet, count: Int(count)),
                to: LoginGuard.guarded(vio!))
        }
        let result = withUnsafeMutablePointer(to: &guarded) {
            original(
                UnsafeMutableRawPointer($0).assumingMemoryBound(to: MYSQL_PLUGIN_VIO.self), handle)
        }
        return guarded.has_refused ? refuse(handle, CR_PLUGIN_NOT_ALLOWED) : result
    }

    private static func guarded(_ channel: Channel) -> UnsafeMutablePointer<census_guarded_vio> {
        UnsafeMutableRawPointer(channel).assumingMemoryBound(to: census_guarded_vio.self)
    }

    private static func write(
        _ packet: UnsafeBufferPointer<UInt8>,
        to channel: UnsafeMutablePointer<census_guarded_vio>
    ) -> Int32 {
        guard mayBeRead(packet, on: channel.pointee) else {
            channel.pointee.has_refused = true
            return 1
        }
        channel.pointee.packets_written += 1
        let inner = channel.pointee.inner!
        return inner.pointee.write_packet(inner, packet.baseAddress, Int32(packet.count))
    }

    /// Whether a packet may be sent unencrypted, to a server that is not authenticated.
    private static func mayBeRead(
        _ packet: UnsafeBufferPointer<UInt8>, on channel: census_guarded_vio
    ) -> Bool {
        if packet.isEmpty { return true }
        let passwordText = channel.mysql.pointee.passwd!
        let password = UnsafeRawBufferPointer(start: passwordText, count: strlen(passwordText))
        if !password.isEmpty && packet.starts(with: password) { return false }
        let isHash = channel.packets_written == 0 && packet.count == 32
        return isHash || channel.may_encrypt_for_peer
    }

    private static func isOnThisMachine(peerOf socket: Int32) -> Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { address in
            let peer = UnsafeMutableRawPointer(address)
            guard getpeername(socket, peer.assumingMemoryBound(to: sockaddr.self), &length) == 0
            else { return false }
            switch Int32(address.pointee.ss_family) {
            case AF_INET:
                let ip = peer.assumingMemoryBound(to: sockaddr_in.self).pointee.sin_addr
                return UInt32(bigEndian: ip.s_addr) >> 24 == 127
            case AF_INET6:
                let ip = peer.assumingMemoryBound(to: sockaddr_in6.self).pointee.sin6_addr
                return withUnsafeBytes(of: ip) {
                    $0.dropLast().allSatisfy { $0 == 0 } && $0[15] == 1
                }
            default: return false
            }
        }
    }
}
