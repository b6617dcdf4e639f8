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
                    == "census: \(address): the database is empty; load files with `census ingest`\n"
            )
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
            // libmariadb 3.4 looks at the name wherever it is given an authority.
            let otherHost = server.address(host: "127.0.0.2", "ssl-mode=verify-ca&\(authority)")
            if try run(census, ["--version"]).output.contains("Connector/C 3.4") {
                try expectRefused(otherHost, "verify-ca")
            } else {
                try expectLetThrough(otherHost)
            }
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
            let plain = try MariaDBServer(options: [ServerPrograms.current.withoutTLS])
            let database = "census"
            _ = try plain.sql("CREATE DATABASE \(database)")
            let address = "mysql://root@127.0.0.1:\(plain.port)/\(database)"
            func report(_ parameters: String) throws -> RunResult {
                try run(
                    census, ["report", "--db", address + parameters],
                    environment: ["HOME": home.path.string])
            }
            for parameters in ["", "?ssl-mode=preferred", "?ssl-mode=disabled"] {
                #expect(try report(parameters).error.contains(": the database is empty; "))
            }
            let authority = "&ssl-ca=\(server.authority)"
            for (mode, more) in [
                ("required", ""), ("verify-ca", authority), ("verify-identity", ""),
                ("verify-identity", authority),
            ] {
                let result = try report("?ssl-mode=\(mode)\(more)")
                #expect(result.status == 1)
                #expect(
                    result.error.hasSuffix(
                        ": no TLS connection with ssl-mode \(mode): the server does not offer "
                            + "TLS, or an attacker removed the offer; nothing was sent\n"),
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
#endif
