#if MySQL
    import Database
    import MySQL
    import Testing

    @Suite struct MySQLAddressTests {
        private struct Parts: Equatable, CustomStringConvertible {
            var description: String

            init(_ address: MySQLAddress) {
                func text(_ part: (some Any)?) -> String { part.map { "\($0)" } ?? "-" }
                description =
                    "\(text(address.user)) \(address.host) \(text(address.port)) "
                    + "\(text(address.socket)) \(address.database) \(address.tlsMode.rawValue) "
                    + text(address.certificateAuthority)
            }
        }

        /// User, host, port, socket, database, TLS mode, authority.
        @Test(arguments: [
            ("mysql://desk/census", "- desk - - census verify-identity -"),
            ("mysql://anna@desk/census", "anna desk - - census verify-identity -"),
            ("mysql://anna@desk:3307/census", "anna desk 3307 - census verify-identity -"),
            ("mysql://desk:1/c", "- desk 1 - c verify-identity -"),
            ("mysql://desk:65535/c", "- desk 65535 - c verify-identity -"),
            ("mysql://anna%40example.org@desk/c", "anna@example.org desk - - c verify-identity -"),
            ("mysql://%C3%A4nne@desk/c", "änne desk - - c verify-identity -"),
            ("mysql://änne@desk/ä`", "änne desk - - ä` verify-identity -"),
            ("mysql://desk/a%20b%3Fc%40d", "- desk - - a b?c@d verify-identity -"),
            ("mysql://[2001:db8::7]/c", "- 2001:db8::7 - - c verify-identity -"),
            ("mysql://a@[2001:db8::7]:3307/c", "a 2001:db8::7 3307 - c verify-identity -"),

            // Nobody can intercept the connection.
            ("mysql:///c", "- localhost - - c preferred -"),
            ("mysql://anna@/c", "anna localhost - - c preferred -"),
            ("mysql://localhost/c", "- localhost - - c preferred -"),
            ("mysql://localhost:3306/c", "- localhost 3306 - c preferred -"),
            ("mysql://127.0.0.1/c", "- 127.0.0.1 - - c preferred -"),
            ("mysql://127.200.3.4:1/c", "- 127.200.3.4 1 - c preferred -"),
            ("mysql://[::1]/c", "- ::1 - - c preferred -"),
            ("mysql://localhost/c?socket=/run/s", "- localhost - /run/s c preferred -"),
            ("mysql:///c?socket=/run/a%20b", "- localhost - /run/a b c preferred -"),
            // The connection can be intercepted.
            ("mysql://localhost.example.org/c", "- localhost.example.org - - c verify-identity -"),
            ("mysql://127.0.0.1.org/c", "- 127.0.0.1.org - - c verify-identity -"),
            ("mysql://127.1/c", "- 127.1 - - c verify-identity -"),
            ("mysql://127.0.0.256/c", "- 127.0.0.256 - - c verify-identity -"),
            ("mysql://0.0.0.0/c", "- 0.0.0.0 - - c verify-identity -"),
            ("mysql://[::ffff:192.0.2.1]/c", "- ::ffff:192.0.2.1 - - c verify-identity -"),

            ("mysql://desk/c?ssl-mode=disabled", "- desk - - c disabled -"),
            ("mysql://desk/c?ssl-mode=preferred", "- desk - - c preferred -"),
            ("mysql://desk/c?ssl-mode=required", "- desk - - c required -"),
            ("mysql://desk/c?ssl-mode=verify-ca&ssl-ca=a.pem", "- desk - - c verify-ca a.pem"),
            ("mysql://desk/c?ssl-mode=verify-identity", "- desk - - c verify-identity -"),
            ("mysql://desk/c?ssl-ca=/a%20b.pem", "- desk - - c verify-identity /a b.pem"),
            ("mysql://desk:1/c?ssl-ca=/home/a@b/x", "- desk 1 - c verify-identity /home/a@b/x"),
            // A given authority must be verified.
            ("mysql://localhost/c?ssl-ca=a.pem", "- localhost - - c verify-identity a.pem"),
        ])
        func parts(text: String, expected: String) throws {
            let address = try MySQLAddress(text)
            #expect("\(Parts(address))" == expected)
            #expect(address.text == text)
        }

        private func reason(_ text: String) -> String? {
            do throws(InvalidAddress) {
                _ = try MySQLAddress(text)
                return nil
            } catch {
                return error.reason
            }
        }

        private static let form =
            "the address does not have the form mysql://[user@]host[:port]/database"
        private static let noDatabase =
            "the address names no database: the form is mysql://[user@]host[:port]/database"

        @Test(arguments: [
            ("mysql:", form), ("mysql:/", form), ("mysql:desk/c", form), ("mysql:/desk/c", form),
            ("MySQL://desk/c", form), ("mariadb://desk/c", form), ("mysql://desk/c#d", form),
            ("mysql://", noDatabase), ("mysql://desk", noDatabase), ("mysql://desk/", noDatabase),
            ("mysql://desk?ssl-mode=required", noDatabase), ("mysql://desk/a/b", noDatabase),
            ("mysql://desk/a/", noDatabase), ("mysql://desk//a", noDatabase),
            ("mysql://desk/a%2Fb", noDatabase),
            ("mysql://desk:3306x/c", form), ("mysql://desk:-1/c", form), ("mysql://de sk/c", form),
            ("mysql://desk:0/c", "0 is not a valid port"),
            ("mysql://desk:65536/c", "65536 is not a valid port"),
            ("mysql://:3306/c", "the host is missing"),
            ("mysql://anna@:3306/c", "the host is missing"),
            ("mysql://@desk/c", "the user is empty"),
            ("mysql://desk,bench/c", "the address names several hosts; give one"),
            // libmariadb would look for a plugin, for a port, and truncate the text.
            ("mysql://replication%3A%2F%2Fdesk/c", form), ("mysql://desk%3A3307/c", form),
            ("mysql://desk%00/c", form), ("mysql://desk/c%00d", form),
            ("mysql://an%00na@desk/c", form),
            ("mysql://desk/ä%20b", form), ("mysql://desk/100%", form), ("mysql://a@b@desk/c", form),
            ("mysql://[::1/c", form), ("mysql://::1/c", form),

            ("mysql://desk/c?ssl-mode=on", modes), ("mysql://desk/c?ssl-mode=REQUIRED", modes),
            ("mysql://desk/c?ssl-mode=", "ssl-mode is empty"),
            ("mysql://desk/c?ssl-mode", "ssl-mode is empty"),
            ("mysql://desk/c?socket=", "socket is empty"),
            (
                "mysql://desk/c?sslmode=required",
                "unknown parameter sslmode: the parameters are socket, ssl-mode and ssl-ca"
            ),
            (
                "mysql://desk/c?ssl-mode=required&ssl-mode=disabled",
                "ssl-mode is given twice"
            ),
            (
                "mysql://desk/c?ssl-mode=verify-ca",
                "ssl-mode=verify-ca requires ssl-ca, a PEM file"
            ),
            ("mysql://localhost:3306/c?socket=/run/s", "a port cannot be combined with a socket"),
            // libmariadb would connect to the host and ignore the socket.
            ("mysql://desk/c?socket=/run/s", "a socket requires the host localhost"),
            (
                "mysql://127.0.0.1/c?socket=/run/s",
                "a socket requires the host localhost"
            ),
        ])
        func whatIsNoAddress(text: String, expected: String) {
            #expect(reason(text) == expected)
        }

        private static let modes =
            "ssl-mode must be one of disabled, preferred, required, verify-ca, verify-identity"

        @Test(arguments: [
            "mysql://desk:99999999999999999999/c", "mysql://desk:1e3/c", "mysql://desk:٣/c",
        ])
        func portsThatAreNone(text: String) {
            #expect(reason(text) != nil)
        }

        @Test(arguments: [
            "mysql://anna:hush@desk/c", "mysql://anna:hush@desk", "mysql://:hush@desk/c",
            "mysql://anna:@desk/c", "mysql://anna%3Ahush@desk/c", "mysql:anna:hush@desk/c",
            "MySQL://anna:hush@desk/c", "mariadb://anna:hush@desk/c", "mysql://anna:hush@",
            // Characters that would end the host.
            "mysql://anna:hu@sh@desk/c", "mysql://anna:hu/sh@desk/c", "mysql://anna:1/hush@desk/c",
            "mysql://anna:1/hush@desk", "mysql://anna:hu#sh@desk/c", "mysql://anna:1#hush@desk/c",
            "mysql://anna:hu%20sh@desk/c", "mysql://anna:hu sh@desk/c",
            "mysql://anna:[hush]@desk/c",
            "mysql://desk/c?password=hush", "mysql://desk/c?PASSWD=hush",
        ])
        func aPasswordIsRefusedWithAdvice(text: String) {
            #expect(
                reason(text)
                    == "the address must not contain a password, because others can read it; put it "
                    + "under [client] in ~/.my.cnf or into $MYSQL_PWD, or wait for the prompt")
        }

        @Test(arguments: [
            "mysql://anna:1?hush@desk/c", "mysql://anna:1/c?hush@desk/c", "mysql://anna:hush",
            "mysql://anna:hush/c", "mysql://desk/c?hush@desk=1", "mysql://anna:1/c?x=1&hush@desk",
        ])
        func whatMayBeAPasswordIsNotRepeated(text: String) throws {
            #expect(try #require(reason(text)).contains("hush") == false)
        }

        @Test(arguments: [
            ("mysql://desk/c", true), ("mysql:desk", true), ("MYSQL://desk", true),
            ("mariadb://desk/c", true), ("postgres://desk/c", true), ("mysql", false),
            ("census.sqlite", false), ("/srv/a://b", false), ("./mysql://b", false), ("a:b", false),
            ("://", false), ("", false),
        ])
        func aFilesNameIsNoAddress(text: String, isAddress: Bool) {
            #expect(MySQLAddress.isMeant(by: text) == isAddress)
        }
    }
#endif
