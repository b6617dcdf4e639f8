#if MySQL
    import SystemPackage
    import TestSupport
    import Testing

    /// What the modes of TLS let through, with real certificates.
    @Suite struct ServerTLSTests {
        let server: TLSServer
        let home: TemporaryDirectory

        init() throws {
            server = try TLSServer.shared()
            home = try TemporaryDirectory()
        }

        private func report(_ address: String) throws -> RunResult {
            try run(
                census, ["report", "--db", address],
                environment: ["HOME": home.path.string, "MYSQL_PWD": "secret"])
        }

        /// That the server was reached: it has an empty database.
        private func expectLetThrough(_ address: String) throws {
            let error = try report(address).error
            #expect(
                error
                    == "census: \(address): there is nothing in it yet; `census ingest` fills it\n")
        }

        private func expectRefused(_ address: String, _ mode: String) throws {
            let result = try report(address)
            #expect(result.status == 1)
            #expect(
                result.error.hasPrefix(
                    "census: \(address): no TLS connection with ssl-mode \(mode): "),
                "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1)
        }

        @Test func whatIsEncrypted() throws {
            // Bertha has to come by TLS.
            for parameters in ["", "ssl-mode=preferred", "ssl-mode=required"] {
                try expectLetThrough(server.address(user: "bertha", parameters))
            }
            try expectLetThrough(server.address("ssl-mode=disabled"))
            let inTheClear = try report(server.address(user: "bertha", "ssl-mode=disabled"))
            #expect(inTheClear.status == 1)
            #expect(inTheClear.error.contains(": the server refuses this user or password ("))
        }

        @Test func whoseCertificateItIs() throws {
            let authority = "ssl-ca=\(server.authority)"
            let other = "ssl-ca=\(server.otherAuthority)"
            // By IP address and by name.
            for host in ["127.0.0.1", "localhost"] {
                try expectLetThrough(server.address(host: host, authority))
                try expectLetThrough(
                    server.address(host: host, "ssl-mode=verify-identity&\(authority)"))
            }
            // The server is there too, but its certificate says nothing of it.
            try expectRefused(server.address(host: "127.0.0.2", authority), "verify-identity")
            try expectLetThrough(
                server.address(host: "127.0.0.2", "ssl-mode=verify-ca&\(authority)"))
            try expectLetThrough(server.address(host: "127.0.0.2", "ssl-mode=required"))

            try expectRefused(server.address(other), "verify-identity")
            try expectRefused(server.address("ssl-mode=verify-ca&\(other)"), "verify-ca")
            // The system does not trust it.
            try expectRefused(server.address("ssl-mode=verify-identity"), "verify-identity")
            try expectRefused(server.address("ssl-ca=/nonexistent.pem"), "verify-identity")
            try expectRefused(
                server.address("ssl-mode=verify-ca&ssl-ca=/nonexistent.pem"), "verify-ca")
        }

        @Test func aServerWithoutTLS() throws {
            let plain = try MariaDBServer.shared()
            let database = "census_without_tls"
            _ = try plain.sql("CREATE DATABASE IF NOT EXISTS \(database)")
            let address = "mysql://root@127.0.0.1:\(plain.port)/\(database)"
            func report(_ parameters: String) throws -> RunResult {
                try run(
                    census, ["report", "--db", address + parameters],
                    environment: ["HOME": home.path.string])
            }
            for parameters in ["", "?ssl-mode=preferred", "?ssl-mode=disabled"] {
                #expect(try report(parameters).error.contains(": there is nothing in it yet; "))
            }
            let authority = "&ssl-ca=\(server.authority)"
            for (mode, more) in [
                ("required", ""), ("verify-ca", authority), ("verify-identity", ""),
                ("verify-identity", authority),
            ] {
                let result = try report("?ssl-mode=\(mode)\(more)")
                #expect(result.status == 1)
                #expect(
                    result.error.contains(": no TLS connection with ssl-mode \(mode): "),
                    "\(result.error)")
            }
        }

        @Test(arguments: [
            "skip-ssl", "ssl=0", "disable-ssl-verify-server-cert", "ssl-verify-server-cert=0",
            "skip-ssl-verify-server-cert", "ssl-ca=/nonexistent.pem", "host=127.0.0.1", "port=1",
            "protocol=socket", "socket=/nonexistent", "ssl-enforce=0", "local-infile=1",
            "reconnect",
        ])
        func anOptionFileWeakensNothing(option: String) throws {
            try home.write("[client]\n\(option)\n".utf8, to: ".my.cnf")
            try expectRefused(
                server.address(host: "127.0.0.2", "ssl-ca=\(server.authority)"), "verify-identity")
            try expectRefused(server.address("ssl-ca=\(server.otherAuthority)"), "verify-identity")
            try expectLetThrough(server.address(user: "bertha", "ssl-ca=\(server.authority)"))
        }
    }

    /// A server that is after what is on its clients' machine.
    @Suite struct HostileServerTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        /// Speaks as much of the protocol as it takes (MariaDB, "Client/Server Protocol"): lets
        /// everybody in, asks for the file `secret` in the place of an answer, or for the password
        /// in the clear; and writes down all that it gets.
        private static let script = """
            import os, socket, struct, sys
            listener = socket.create_server(("127.0.0.1", 0))
            listener.settimeout(60)
            with open("port.new", "w") as file:
                file.write(str(listener.getsockname()[1]))
            os.rename("port.new", "port")
            client, _ = listener.accept()
            client.settimeout(10)
            log = open("log", "wb")

            def send(number, payload):
                client.sendall(struct.pack("<I", len(payload))[:3] + bytes([number]) + payload)

            def receive():
                try:
                    received = client.recv(1 << 16)
                except OSError:
                    received = b""
                log.write(received)
                log.flush()
                return received

            # PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH, LOCAL_FILES, CONNECT_WITH_DB; no SSL.
            capabilities = 0x0008A288 | 0x80
            send(0, b"\\x0a5.5.5-10.11.0-MariaDB\\0" + struct.pack("<I", 7) + b"abcdefgh\\0"
                + struct.pack("<H", capabilities & 0xFFFF) + b"\\x2d" + struct.pack("<H", 2)
                + struct.pack("<H", capabilities >> 16) + bytes([21]) + bytes(10)
                + b"ijklmnopqrst\\0" + b"mysql_native_password\\0")
            receive()
            ok = b"\\0\\0\\0\\2\\0\\0\\0"
            if sys.argv[1] == "password":
                send(2, b"\\xfemysql_clear_password\\0")
                receive()
                send(4, ok)
            else:
                send(2, ok)
            while command := receive():
                if command[4:5] == b"\\x03" and sys.argv[1] == "file":
                    send(1, b"\\xfb" + os.path.abspath("secret").encode())
                    receive()
                    send(3, ok)
                else:
                    send(1, ok)
            """

        /// What the server gets from a command that is given its port.
        private func received(asking what: String, _ command: (String) -> [String]) throws -> String
        {
            try directory.write("what is only on this machine".utf8, to: "secret")
            let server = try RunningCommand(
                "python3", ["-c", Self.script, what], in: directory.path)
            while server.isRunning, try !directory.names().contains("port") {}
            let port = String(decoding: try directory.read("port"), as: UTF8.self)
            let arguments = command(port)
            let client = try run(
                arguments[0], Array(arguments.dropFirst()), in: directory.path,
                environment: ["HOME": "/nonexistent", "MYSQL_PWD": "hushhush"])
            let status = try server.wait()
            #expect(status.error == "")
            if arguments[0] == census {
                #expect(client.status == 1)
                #expect(client.error.hasPrefix("census: mysql://anna@127.0.0.1:\(port)/c: "))
            }
            #expect(try run("rm", ["port"], in: directory.path).status == 0)
            return String(decoding: try directory.read("log"), as: UTF8.self)
        }

        @Test func getsNoFile() throws {
            let ours = try received(asking: "file") {
                [census, "ingest", "--db", "mysql://anna@127.0.0.1:\($0)/c", "secret"]
            }
            #expect(ours.contains("SET "))
            #expect(!ours.contains("what is only on this machine"))
            // The client that allows it is taken in.
            let theirs = try received(asking: "file") {
                [
                    "mariadb", "--no-defaults", "--local-infile=1", "--host=127.0.0.1",
                    "--port=\($0)", "--user=anna", "--execute=SELECT 1",
                ]
            }
            #expect(theirs.contains("what is only on this machine"))
        }

        @Test func getsNoPasswordInTheClear() throws {
            let ours = try received(asking: "password") {
                [census, "report", "--db", "mysql://anna@127.0.0.1:\($0)/c"]
            }
            #expect(ours.contains("anna"))
            #expect(!ours.contains("hushhush"))
        }
    }
#endif
