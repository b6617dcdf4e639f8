#if MySQL
    import Foundation
    import SystemPackage
    import TestSupport
    import Testing

    /// What a server that is after its clients' password gets, and whoever is on the way to a server
    /// and takes out of its greeting that it speaks TLS.
    @Suite struct ServerPasswordTests {
        static let password = "hushhush-hush"

        /// What stands behind the address, and the mode that it is.
        enum Mode: String, CaseIterable {
            case none = ""
            case disabled = "ssl-mode=disabled"
            case preferred = "ssl-mode=preferred"
            case required = "ssl-mode=required"
            case verifyCA = "ssl-mode=verify-ca&ssl-ca=/authority.pem"
            case verifyIdentity = "ssl-mode=verify-identity"
            case authority = "ssl-ca=/authority.pem"

            /// On this machine.
            var name: String {
                switch self {
                case .none: "preferred"
                case .authority: "verify-identity"
                default: String(rawValue.dropFirst("ssl-mode=".count).prefix { $0 != "&" })
                }
            }
            var needsTLS: Bool { ![.none, .disabled, .preferred].contains(self) }
        }

        /// What it does, a list of moves of `hostile_server.py`.
        static let attacks = [
            ["--method", "caching_sha2_password", "switch:caching_sha2_password", "full", "ok"],
            ["switch:caching_sha2_password", "full", "full", "full", "ok"],
            ["switch:caching_sha2_password", "switch:mysql_clear_password", "ok"],
            ["switch:caching_sha2_password", "switch:caching_sha2_password", "full", "ok"],
            ["switch:mysql_native_password", "switch:caching_sha2_password", "full", "ok"],
            ["switch:sha256_password", "ok"], ["switch:sha256_password", "full", "ok"],
            ["switch:mysql_clear_password", "ok"], ["switch:dialog", "ok"], ["old", "ok"],
            ["switch:mysql_old_password", "ok"], ["switch:auth_gssapi_client", "ok"],
            ["switch:", "close"], ["switch:password", "close"], ["switch:dialog,x", "close"],
            ["switch:../dialog", "close"], ["full", "ok"], ["--method", "dialog", "ok"],
            ["--method", "mysql_clear_password", "ok"],
            // Without a word of plugins, of challenges, of the protocol of 4.1.
            ["--without", "19", "ok"], ["--without", "15", "ok"], ["--without", "9", "ok"],
            ["--method", "mysql_clear_password", "--without", "19", "--without", "15", "ok"],
        ]

        @Test(arguments: Mode.allCases, attacks)
        func aPeerWithoutTLSGetsNoPassword(mode: Mode, attack: [String]) throws {
            let result = try HostileServer(attack).report(mode.rawValue)
            expectNoPassword(in: result)
            #expect(result.client.status == 1)
            #expect(result.client.error.split(separator: "\n").count == 1)
            if mode.needsTLS {
                #expect(result.packets == [])
                let capabilities = attack.contains("--without")
                let words =
                    ": no TLS connection with ssl-mode \(mode.name): the server does not offer TLS,"
                #expect(
                    capabilities || result.client.error.contains(words), "\(result.client.error)")
            }
        }

        /// The public key that a peer shows, and the private one, are its own: what is encrypted with
        /// it, it can read. Only with `disabled`, and on this machine, is that done.
        @Test(
            arguments: Mode.allCases,
            [
                ["switch:caching_sha2_password", "full", "key", "close"],
                ["switch:sha256_password", "key", "close"],
            ])
        func thePeersOwnKey(mode: Mode, attack: [String]) throws {
            let result = try HostileServer(attack).report(mode.rawValue)
            expectNoPassword(in: result)
            #expect(result.client.status == 1)
            let encrypted = result.packets.filter { $0.count == 256 }.count
            #expect(encrypted == (mode == .disabled ? 1 : 0))
        }

        @Test func onAnotherMachineNothingIsEncryptedForThePeer() throws {
            let attack = ["switch:caching_sha2_password", "full", "key", "close"]
            // In a network of its own, in which it has an address as other machines have.
            try #require(try run("unshare", ["--net", "true"]).status == 0, "no right to make one")
            let result = try HostileServer(["--address", "192.0.2.1"] + attack, inOwnNetwork: true)
                .report("ssl-mode=disabled")
            expectNoPassword(in: result)
            #expect(result.packets.count == 2)
            #expect(result.client.error.contains(Self.revealing), "\(result.client.error)")
        }

        private static let revealing =
            ": the account's authentication method (such as MySQL's caching_sha2_password) sends "
            + "the password itself, which census does only through TLS or the local socket: "

        @Test func whatIsTheCaseIsSaid() throws {
            let full = ["switch:caching_sha2_password", "full", "ok"]
            #expect(
                try HostileServer(full).report("").client.error.hasSuffix(
                    Self.revealing
                        + "the server does not offer TLS; an administrator can enable it, or on the "
                        + "server's own machine use mysql:///c?socket=PATH or ssl-mode=disabled\n"
                ))
        }

        /// Somebody on the way to the tests' own server, with an account of its default kind.
        @Test(
            arguments: Mode.allCases,
            [["pass"], ["relay", "full", "close"], ["relay", "switch:dialog", "close"]])
        func whoeverStripsTLSGetsNoPassword(mode: Mode, attack: [String]) throws {
            let tls = try TLSServer.shared()
            let server = try HostileServer(["--behind", "\(tls.server.port)"] + attack)
            let result = try server.report(mode.rawValue, database: "census", password: "secret")
            expectNoPassword(in: result, "secret")
            if mode.needsTLS {
                #expect(result.packets == [])
                #expect(
                    result.client.error.contains(
                        ": no TLS connection with ssl-mode \(mode.name): the server does not offer TLS"
                    ))
            }
        }

        /// A method that reveals the password has its place where TLS shows whose server it is.
        @Test(arguments: ["mysql_clear_password", "dialog"])
        func theRightServerGetsIt(method: String) throws {
            let tls = try TLSServer.shared()
            func result(_ parameters: String) throws -> HostileServer.Outcome {
                try HostileServer(
                    [
                        "--certificate", "\(tls.certificate)", "--key", "\(tls.key)",
                        "switch:\(method)", "ok",
                    ]
                ).report(parameters)
            }
            let password = Array(Self.password.utf8) + [0]
            #expect(try result("ssl-ca=\(tls.authority)").packets.contains(password))
            #expect(
                try result("ssl-mode=verify-ca&ssl-ca=\(tls.authority)").packets.contains(password))
            for parameters in ["", "ssl-mode=required", "ssl-ca=\(tls.otherAuthority)"] {
                try expectNoPassword(in: result(parameters))
            }
        }

        @Test func noServerGetsAFile() throws {
            let directory = try TemporaryDirectory()
            let secret = try directory.write("what is only here".utf8, to: "secret")
            let server = try HostileServer(["ok", "file:\(secret)"])
            let ours = try server.report("")
            #expect(ours.packets.contains { String(decoding: $0, as: UTF8.self).contains("SET ") })
            #expect(!ours.packets.contains { $0.starts(with: "what is".utf8) })
            // The client that allows it is taken in.
            let theirs = try HostileServer(["ok", "file:\(secret)"]).run {
                [
                    "mariadb", "--no-defaults", "--local-infile=1", "--host=127.0.0.1",
                    "--port=\($0)", "--user=anna", "--execute=SELECT 1",
                ]
            }
            #expect(theirs.packets.contains { $0.starts(with: "what is".utf8) })
        }
    }

    /// Neither the password nor what it can be computed from without trying passwords.
    func expectNoPassword(
        in result: HostileServer.Outcome, _ password: String = ServerPasswordTests.password,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let clear = Array(password.utf8)
        let scramble = result.scramble
        let scrambled = clear.indices.map { clear[$0] ^ scramble[$0 % scramble.count] }
        let bytes = result.packets.flatMap { $0 }
        for secret in [clear, scrambled, clear.reversed()] {
            #expect(bytes.firstRange(of: secret) == nil, sourceLocation: sourceLocation)
        }
    }

    /// A run of `hostile_server.py`, which takes one client.
    struct HostileServer {
        private let directory: TemporaryDirectory
        private let options: [String]
        private let isInOwnNetwork: Bool

        struct Outcome {
            let client: RunResult
            /// What the client sent.
            let packets: [[UInt8]]
            /// The number of the server's that goes into a hash of the password.
            let scramble: [UInt8]
        }

        init(_ options: [String], inOwnNetwork: Bool = false) throws {
            self.options = options
            isInOwnNetwork = inOwnNetwork
            directory = try TemporaryDirectory()
            try directory.write(Self.publicKey.get(), to: "key.pem")
        }

        private static let publicKey = Result {
            try TestSupport.run("bash", ["-c", "openssl genrsa 2048 | openssl rsa -pubout"])
                .outputBytes
        }

        func report(
            _ parameters: String, database: String = "c",
            password: String = ServerPasswordTests.password
        ) throws -> Outcome {
            let host = isInOwnNetwork ? "192.0.2.1" : "127.0.0.1"
            return try run(password: password) { port in
                let address = "mysql://anna@\(host):\(port)/\(database)"
                return [
                    census, "report", "--db",
                    parameters.isEmpty ? address : "\(address)?\(parameters)",
                ]
            }
        }

        /// - Parameter command: what it is for a port.
        func run(
            password: String = ServerPasswordTests.password, _ command: (String) -> [String]
        ) throws -> Outcome {
            let script = FilePath(#filePath).removingLastComponent().appending("hostile_server.py")
            // One shell for both, so that they can be in one network.
            let result = try TestSupport.run(
                isInOwnNetwork ? "unshare" : "bash",
                (isInOwnNetwork ? ["--net", "bash"] : []) + [
                    "-c",
                    """
                    \(isInOwnNetwork ? "ip link set lo up; ip address add 192.0.2.1/32 dev lo" : "")
                    python3 "$@" >server.log 2>&1 </dev/null &
                    until [ -e port ]; do kill -0 $! || exit 99; sleep 0.02; done
                    \(command("$(cat port)").map(Self.quoted).joined(separator: " "))
                    status=$?
                    { kill $!; wait; } 2>/dev/null
                    cat server.log >&2
                    exit $status
                    """, "bash", script.string,
                ] + options, in: directory.path,
                environment: ["HOME": "/nonexistent", "MYSQL_PWD": password])
            let lines = String(decoding: try directory.read("packets"), as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            return Outcome(
                client: result, packets: lines.map { bytes(ofHexadecimal: $0) },
                scramble: try directory.read("scramble"))
        }

        /// Quoted for a shell, but for what it is to put in.
        private static func quoted(_ argument: String) -> String { "\"\(argument)\"" }

        private func bytes(ofHexadecimal text: Substring) -> [UInt8] {
            var bytes: [UInt8] = []
            var digits = text[...]
            while digits.count >= 2 {
                bytes.append(UInt8(digits.prefix(2), radix: 16)!)
                digits = digits.dropFirst(2)
            }
            return bytes
        }
    }
#endif
