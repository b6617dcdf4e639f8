import Foundation
import Records
import SystemPackage
import TestSupport
import Testing

@testable import Host

/// The sockets in the files of /proc/net, and the processes that have them open.
@Suite struct ListeningPortsTests {
    /// `tcp ipv4 0.0.0.0 22`, and the process's id, if that is known.
    private func texts(_ listeners: [ListeningPortRecord]) -> [String] {
        listeners.map { listener in
            "\(listener.protocol) \(listener.family) \(listener.address) \(listener.port)"
                + (listener.pid.map { " \($0)" } ?? "")
        }
    }

    @Test func ofATree() throws {
        let facts = try #require(try HostFacts(fixtureTree("debian-12-x86_64")))
        #expect(
            texts(facts.listeners) == [
                "tcp ipv4 0.0.0.0 22 655", "tcp ipv6 :: 22 655", "tcp ipv4 0.0.0.0 111",
                "tcp ipv6 2001:db8::10 443", "tcp ipv4 127.0.0.1 5432",
                "tcp ipv6 ::ffff:127.0.0.1 8080", "udp ipv4 172.17.0.1 53",
                "udp ipv6 fe80::fabc:12ff:fe34:5678 546 1", "raw ipv4 0.0.0.0 1",
                "raw ipv6 :: 58 1",
            ])
        #expect(facts.listeners[0].process == "sshd")
        #expect(facts.listeners[0].path == "/usr/sbin/sshd")
        #expect(facts.listeners[0].package == "openssh-server")
        #expect(facts.listeners.count { $0.package != nil } == 2)
        let sources = try #require(facts.collection.sources)
        #expect(
            sources.filter { $0.hasPrefix("listening_port") } == [
                "listening_port proc proc/net/tcp", "listening_port proc proc/net/tcp6",
                "listening_port proc proc/net/udp", "listening_port proc proc/net/udp6",
                "listening_port proc proc/net/raw", "listening_port proc proc/net/raw6",
            ])
    }

    /// Two containers may have the same port.
    @Test func ofEachNetworkNamespace() throws {
        let facts = try #require(try HostFacts(fixtureTree("ubuntu-25.10-logind")))
        #expect(texts(facts.listeners) == ["tcp ipv4 0.0.0.0 80 1", "tcp ipv4 0.0.0.0 80 2101"])
    }

    private static let title =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

    private static func line(
        _ address: String, _ state: String = "0A", inode: String = "77"
    ) -> String {
        "   0: \(address) 00000000:0000 \(state) 00000000:00000000 00:00000000 00000000     0        0 \(inode) 1\n"
    }

    private func read(_ files: [String: String]) throws -> (listeners: [String], log: [String]) {
        let test = try TemporaryDirectory()
        for (name, text) in files { try test.write(text, to: name) }
        let log = SourceLog()
        let listeners = listeningPorts(try test.tree(), [], log)
        return (texts(listeners), log.read + log.failed)
    }

    @Test(
        arguments: [
            (title, [], nil),
            (title + line("0100007F:1F90"), ["tcp ipv4 127.0.0.1 8080"], nil),
            // Those that listen come first; old kernels have requests for a connection between.
            (
                title + line("0100007F:1F90") + line("0100007F:1F90", "03")
                    + line("00000000:0016") + line("00000000:0019", "01") + "what else",
                ["tcp ipv4 0.0.0.0 22", "tcp ipv4 127.0.0.1 8080"], nil
            ),
            ("", [], "it is truncated"), ("  sl", [], "it is truncated"),
            (
                title + line("0100007F:1F90") + line("0100007F:0016").dropLast(),
                ["tcp ipv4 127.0.0.1 8080"], "it is truncated"
            ),
            (title + "\n", [], "its format is unknown"),
            (title + "0: 0100007F:1F90\n", [], "its format is unknown"),
            (title + line("0100007F:1F9"), [], "its format is unknown"),
            (title + line("0100007F1F90:"), [], "its format is unknown"),
            (title + line("0100007G:1F90"), [], "its format is unknown"),
            (
                title + line("00000000000000000000000001000000:1F90"), [],
                "its format is unknown"
            ),
            (title + line("0100007F:1F90", "LISTEN"), [], "its format is unknown"),
            (title + line("0100007F:1F90", inode: "-1"), [], "its format is unknown"),
            (
                title + line("0100007F:1F90", inode: "99999999999999999999"), [],
                "its format is unknown"
            ),
        ] as [(String, [String], String?)])
    func ofOneFile(text: String, listeners: [String], failure: String?) throws {
        let (found, log) = try read(["proc/net/tcp": text])
        #expect(found == listeners)
        #expect(
            log == ["listening_port proc proc/net/tcp" + (failure.map { ": \($0)" } ?? "")])
    }

    @Test func aTreeWithoutThemSaysNothing() throws {
        let (listeners, log) = try read(["proc/net/route": "", "etc/hostname": "a"])
        #expect(listeners == [] && log == [])
        let without = try read(["etc/hostname": "a"])
        #expect(without.listeners == [] && without.log == [])
    }

    /// A namespace that cannot be told from another is read again and its sockets are found once.
    @Test func copiesOfOneNamespace() throws {
        let test = try TemporaryDirectory()
        for pid in [7, 8] as [Int64] {
            try test.writeProcess(pid, "server")
            try test.write("", to: "proc/\(pid)/net/dev")
            try test.write(
                Self.title + Self.line("00000000:0016"), to: "proc/\(pid)/net/tcp")
        }
        try test.link("proc/8/fd/3", to: "socket:[77]")
        try test.link("proc/8/fd/4", to: "socket:[77")
        try test.link("proc/8/fd/5", to: "socket:[]")
        #expect(texts(try #require(try test.facts()).listeners) == ["tcp ipv4 0.0.0.0 22 8"])
    }

    @Test func aFileThatCannotBeOpened() throws {
        let test = try TemporaryDirectory()
        try test.writeSocket(to: "proc/net/tcp")
        try test.write(Self.title, to: "proc/net/udp")
        let log = SourceLog()
        #expect(listeningPorts(try test.tree(), [], log) == [])
        #expect(log.read == ["listening_port proc proc/net/udp"])
        #expect(log.failed.count <= 1)
    }

    // MARK: The running host

    /// Opens sockets, says which it cannot open, and waits for its input to end.
    private static let server = """
        import socket as s, sys
        opened = []
        def open(family, kind, address, protocol=0, device=None, v6only=None, to=None):
            try:
                one = s.socket(family, kind, protocol)
                if v6only is not None: one.setsockopt(s.IPPROTO_IPV6, s.IPV6_V6ONLY, v6only)
                if device: one.setsockopt(s.SOL_SOCKET, s.SO_BINDTODEVICE, device)
                one.bind(address)
                if kind == s.SOCK_STREAM: one.listen()
                if to: one.connect(to)
                opened.append(one)
            except OSError as error:
                print('no', family, kind, error)
        open(s.AF_INET, s.SOCK_STREAM, ('127.0.0.1', 0))
        open(s.AF_INET, s.SOCK_STREAM, ('0.0.0.0', 0))
        open(s.AF_INET, s.SOCK_STREAM, ('127.0.0.1', 0), device=b'lo\\0')
        open(s.AF_INET6, s.SOCK_STREAM, ('::', 0))
        open(s.AF_INET6, s.SOCK_STREAM, ('::1', 0), v6only=1)
        open(s.AF_INET6, s.SOCK_STREAM, ('::ffff:127.0.0.1', 0), v6only=0)
        open(s.AF_INET, s.SOCK_DGRAM, ('127.0.0.1', 0))
        open(s.AF_INET, s.SOCK_DGRAM, ('127.0.0.1', 0), to=('127.0.0.1', 9))
        open(s.AF_INET6, s.SOCK_DGRAM, ('::', 0))
        open(s.AF_INET, s.SOCK_RAW, ('127.0.0.1', 0), protocol=1)
        open(s.AF_INET6, s.SOCK_RAW, ('::1', 0), protocol=58)
        bound = s.socket(s.AF_INET, s.SOCK_STREAM); bound.bind(('127.0.0.1', 0))
        peer = s.create_connection(opened[0].getsockname())
        print('ready', flush=True)
        sys.stdin.read()
        """

    private static let hasSS =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/ss")
        && FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    /// A program with sockets, until it is stopped.
    private struct Server: ~Copyable {
        let process = Process()
        private let input = Pipe()

        init(_ command: [String]) throws {
            let output = Pipe()
            process.executableURL = URL(filePath: command[0])
            process.arguments = Array(command.dropFirst())
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            var text = ""
            while !text.contains("ready\n") {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                text += String(decoding: data, as: UTF8.self)
            }
            try #require(text.contains("ready\n"), "\(text)")
        }

        deinit {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }

    /// `tcp 127.0.0.1 22` of each socket of a process that ss(8) lists.
    private func listed(_ pid: Int64) throws -> Set<String> {
        let result = try run("/usr/bin/ss", ["-H", "-n", "-l", "-t", "-u", "-w", "-p"])
        try #require(result.status == 0)
        var sockets: Set<String> = []
        for line in result.output.split(separator: "\n") where line.contains("pid=\(pid),") {
            let words = line.split(separator: " ")
            let colon = try #require(words[4].lastIndex(of: ":"))
            var address = words[4][..<colon].filter { $0 != "[" && $0 != "]" }
            address = String(address.prefix { $0 != "%" })
            if address == "*" { address = "::" }
            var port = String(words[4][words[4].index(after: colon)...])
            port = ["icmp": "1", "ipv6-icmp": "58"][port] ?? port
            // ss has ICMP of IPv6 under this name.
            sockets.insert("\(words[0].replacing("icmp6", with: "raw")) \(address) \(port)")
        }
        return sockets
    }

    @Test(.enabled(if: hasSS, "iproute2 or python3 is not here")) func asSSListsThem() throws {
        let directory = try TemporaryDirectory()
        // A program that is deleted while it runs.
        let program = directory.path.appending("a-python").string
        try FileManager.default.copyItem(atPath: "/usr/bin/python3", toPath: program)
        let real = try run("readlink", ["-f", "/usr/bin/python3"]).output.dropLast()
        try FileManager.default.removeItem(atPath: program)
        try FileManager.default.copyItem(atPath: String(real), toPath: program)
        let server = try Server([program, "-S", "-c", Self.server])
        try FileManager.default.removeItem(atPath: program)
        let pid = Int64(server.process.processIdentifier)
        let facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
        let own = facts.listeners.filter { $0.pid == pid }
        #expect(
            Set(own.map { "\($0.protocol) \($0.address) \($0.port)" }) == (try listed(pid)))
        #expect(own.count >= 8)
        #expect(own.allSatisfy { $0.process == "a-python" })
        #expect(own.allSatisfy { $0.path?.text == program + " (deleted)" })
        #expect(facts.collection.failedSources?.contains { $0.contains("listening") } != true)
    }

    private static let canUnshare = geteuid() == 0 && hasSS

    @Test(.enabled(if: canUnshare, "only root has network namespaces"))
    func inAnotherNetworkNamespace() throws {
        let script = """
            import socket as s, sys
            one = s.socket(); one.bind(('0.0.0.0', 44321)); one.listen()
            print('ready', flush=True); sys.stdin.read()
            """
        let server = try Server(["/usr/bin/unshare", "-n", "/usr/bin/python3", "-S", "-c", script])
        let facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
        let found = facts.listeners.filter { $0.port == 44321 }
        #expect(
            texts(found) == ["tcp ipv4 0.0.0.0 44321 \(server.process.processIdentifier)"])
    }

    private static let listening = """
        import socket as s, sys
        one = s.socket(); one.bind(('127.0.0.1', 0)); one.listen()
        print('ready', flush=True); sys.stdin.read()
        """

    private static let hasDpkg =
        hasSS && FileManager.default.fileExists(atPath: "/var/lib/dpkg/info")

    /// As `dpkg -S` says it; unknown where packages are not looked for.
    @Test(.enabled(if: hasDpkg, "dpkg, iproute2 or python3 is not here"))
    func thePackageOfARunningProgram() throws {
        let server = try Server(["/usr/bin/python3", "-S", "-c", Self.listening])
        let pid = Int64(server.process.processIdentifier)
        let program = try run("readlink", ["-f", "/usr/bin/python3"]).output.dropLast()
        let owner = try run("dpkg-query", ["--search", String(program)]).output.prefix { $0 != ":" }
        for (choice, package) in [
            (RecordChoice.all, String(owner)), (.all.subtracting(.packages), nil),
            (.listeningPorts, nil), ([.listeningPorts, .packages], String(owner)),
        ] as [(RecordChoice, String?)] {
            let facts = HostFacts(try HostTree(root: "/"), hostID: "a-test", choice: choice)
            let own = try #require(facts?.listeners.first { $0.pid == pid })
            #expect(own.path?.text == String(program))
            #expect(own.package?.text == package)
        }
    }

    /// Another file is at the path of the program, as in a container.
    @Test(.enabled(if: canUnshare, "only root has namespaces of mounts"))
    func aProgramOfAnotherFileHasNoPackage() throws {
        let directory = try TemporaryDirectory()
        let copy = directory.path.appending("python").string
        let script =
            "p=$(readlink -f /usr/bin/python3) && cp $p \(copy) && mount --bind \(copy) $p && "
            + #"exec $p -S -c "$1""#
        let server = try Server([
            "/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh", Self.listening,
        ])
        let facts = try #require(try HostFacts(HostTree(root: "/"), hostID: "a-test"))
        let own = facts.listeners.first { $0.pid == Int64(server.process.processIdentifier) }
        #expect(own?.path?.text?.hasPrefix("/usr/bin/python3") == true)
        #expect(own != nil && own?.package == nil)
    }

    /// Who may not read the files of another's process finds the socket without its owner, in other
    /// namespaces too.
    @Test(
        .enabled(if: canUnshare, "only root can be another user"),
        .enabled("the readers are built without the program") {
            ProcessInfo.processInfo.environment["CENSUS_READERS_ONLY"] == nil
        })
    func withoutRightsTheOwnerIsUnknown() throws {
        let script = """
            import socket as s, sys
            one = s.socket(); one.bind(('0.0.0.0', 44322)); one.listen()
            print('ready', flush=True); sys.stdin.read()
            """
        let server = try Server(["/usr/bin/unshare", "-n", "/usr/bin/python3", "-S", "-c", script])
        _ = server.process
        let directory = try TemporaryDirectory()
        let program = directory.path.appending("census").string
        try FileManager.default.copyItem(atPath: census, toPath: program)
        chmod(directory.path.string, 0o755)
        let result = try run(
            "bash",
            [
                "-c",
                """
                setpriv --reuid=65534 --regid=65534 --clear-groups \(program) snap \
                    --only listening_port --host-id a -o - | zcat | grep 44322
                """,
            ])
        #expect(
            result.output
                == #"{"record":"listening_port","port":44322,"protocol":"tcp","family":"ipv4","address":"0.0.0.0"}"#
                + "\n")
    }
}
