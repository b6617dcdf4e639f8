import Foundation
public import SystemPackage

/// A server of the tests that speaks TLS, on 127.0.0.1 and 127.0.0.2. Its certificate is for
/// `localhost` and 127.0.0.1, by an authority that nobody else knows.
///
/// Its account `anna` has the password `secret` and may do everything, and the same holds for
/// `bertha`, who has to come by TLS. There is a database `census`.
public final class TLSServer: Sendable {
    public let server: MariaDBServer
    /// The certificate of the authority.
    public let authority: FilePath
    /// That of an authority which has nothing to do with the server.
    public let otherAuthority: FilePath
    public let certificate: FilePath
    public let key: FilePath

    /// The one that all tests of this process share.
    public static func shared() throws -> TLSServer { try sharedServer.get() }
    private static let sharedServer = Result { try TLSServer() }

    /// - Parameter options: of the server, beside those for TLS.
    public init(options: [String] = []) throws {
        // It is left to the system where the test process ends before the value does.
        let files = try TemporaryDirectory()
        let result = try run(
            "bash",
            [
                "-ec",
                """
                key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2)
                for name in authority other; do
                    openssl req -x509 "${key[@]}" -keyout $name.key -out $name.pem \\
                        -subj "/CN=census test $name"
                done
                openssl req -x509 "${key[@]}" -keyout server.key -out server.pem \\
                    -subj '/CN=server' -CA authority.pem -CAkey authority.key \\
                    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \\
                    -addext 'basicConstraints=critical,CA:FALSE'
                chmod 644 *.key
                """,
            ], in: files.path)
        guard result.status == 0 else { throw MariaDBError(result.error) }
        authority = files.path.appending("authority.pem")
        otherAuthority = files.path.appending("other.pem")
        certificate = files.path.appending("server.pem")
        key = files.path.appending("server.key")
        server = try MariaDBServer(
            options: [
                "--bind-address=127.0.0.1,127.0.0.2", "--skip-name-resolve",
                // A test fills the table space, so that it must stay small.
                "--innodb-autoextend-increment=1",
                "--ssl-cert=\(certificate)", "--ssl-key=\(key)",
            ] + options)
        _ = try server.sql(
            """
            CREATE USER anna IDENTIFIED BY 'secret';
            GRANT ALL ON *.* TO anna;
            CREATE USER bertha IDENTIFIED BY 'secret' REQUIRE SSL;
            GRANT ALL ON *.* TO bertha;
            CREATE DATABASE census;
            """)
        // The server has read them; of the certificates, tests need copies that stay.
        kept = files
    }
    private nonisolated(unsafe) let kept: TemporaryDirectory

    /// `mysql://user@host:port/census`, with these parameters behind it.
    public func address(
        user: String = "anna", host: String = "127.0.0.1", _ parameters: String = ""
    ) -> String {
        "mysql://\(user)@\(host):\(server.port)/census"
            + (parameters.isEmpty ? "" : "?\(parameters)")
    }
}
