import Foundation
import Synchronization
public import SystemPackage

/// A MariaDB server of a test's own, with default settings, on a socket and a port of 127.0.0.1; or
/// one of MySQL, see `ServerPrograms`.
///
/// Its account `root` has no password. It needs Debian's package `mariadb-client-core`, and runs as
/// `nobody` where the test runs as root: servers refuse to be root. Server and files go with the value, or with the test process, however that ends.
public final class MariaDBServer: Sendable {
    public let socket: FilePath
    /// Holds the data, the log and the socket.
    let directory: FilePath
    public var data: FilePath { directory.appending("data") }
    private let options: [String]
    private let programs = ServerPrograms.current
    private let currentPort = Mutex(0)
    private let process = Mutex<Process?>(nil)
    private let keeper: Keeper

    /// The server that all tests of this process share; it starts when it is first asked for.
    public static func shared() throws -> MariaDBServer { try sharedServer.get() }
    private static let sharedServer = Result { try MariaDBServer() }

    /// Makes a data directory and starts a server on it.
    /// - Parameters:
    ///   - options: of the server, for every start. The data directory is made without them.
    ///   - installOptions: for the making of the data directory.
    public convenience init(options: [String] = [], installOptions: [String] = []) throws {
        try self.init(options: options, installsTables: true, installOptions: installOptions)
    }

    /// - Parameters:
    ///   - installsTables: false where the server gets all its data from another one.
    ///   - firstOptions: of the server, for the first start only.
    ///   - scripts: what the server finds in its `PATH`, by their names.
    init(
        options: [String], installsTables: Bool, installOptions: [String] = [],
        firstOptions: [String] = [],
        scripts: [String: String] = [:]
    ) throws {
        // Here, so that it is told of at once where it is missing.
        try output(of: ["mariadb", "--version"])
        let name = try output(of: asServerUser(["mktemp", "-d", "-t", "census-mariadb-XXXXXX"]))
        directory = FilePath(name.trimmingCharacters(in: .newlines))
        keeper = try Keeper(of: directory)
        socket = directory.appending("socket")
        self.options = options
        var scripts = scripts
        scripts["bootstrap"] = programs.bootstrap
        for (name, text) in scripts {
            let file = directory.appending(name)
            try Data(text.utf8).write(to: URL(filePath: file.string))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: file.string)
        }
        if installsTables {
            try output(
                of: asServerUser(
                    programs.installation(of: data) + [temporaryFiles] + installOptions),
                in: directory,
                environment: programs.bootstrap == nil
                    ? [:] : ["MYSQLD_BOOTSTRAP": directory.appending("bootstrap").string])
        }
        try retryingPorts {
            let port = try freePort()
            currentPort.withLock { $0 = port }
            try start(firstOptions)
        }
    }

    deinit { kill() }

    /// A server that starts removes others' from a directory that they share.
    private var temporaryFiles: String { "--tmpdir=\(directory)" }

    public var port: Int { currentPort.withLock { $0 } }

    /// Nil where the server does not run.
    public var processID: Int32? {
        process.withLock { $0.flatMap { $0.isRunning ? $0.processIdentifier : nil } }
    }

    /// Starts the server after `stop` or `kill`, and waits until it answers.
    /// - Parameter options: of the server, for this start only.
    public func start(_ options: [String] = []) throws {
        precondition(processID == nil, "the server runs already")
        // The keeper has to know the server before there is one.
        let script = #"echo $$ >"$0/pid" && mkdir -p "$0/data" && exec "$@" >>"$0/log" 2>&1"#
        let command =
            asServerUser(["sh", "-c", script, directory.string]) + programs.server
            + [
                "--datadir=\(data)", "--socket=\(socket)",
                "--port=\(port)", "--bind-address=127.0.0.1",
                "--pid-file=\(directory.appending("server.pid"))", temporaryFiles,
            ] + self.options + options
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        // Debian has mariadbd in /usr/sbin, which is not in the PATH of users.
        let server = Process(
            running: command, in: directory, path: "\(directory):\(path):/usr/sbin")
        try server.run()
        process.withLock { $0 = server }

        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                _ = try sql("SELECT 1")
                return
            } catch let error as MariaDBError {
                guard server.isRunning else { throw failure("ended with \(server.status)") }
                guard ContinuousClock.now < deadline else {
                    throw failure("does not answer after a minute (\(error))")
                }
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
    }

    /// Ends the server as the system does it, with SIGTERM; after 20 seconds with SIGKILL.
    public func stop() {
        signal(SIGTERM)
        let deadline = ContinuousClock.now + .seconds(20)
        while processID != nil, ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.01)
        }
        kill()
    }

    /// Ends the server with SIGKILL, as a crash does, and waits until it is gone.
    public func kill() {
        signal(SIGKILL)
        while processID != nil { Thread.sleep(forTimeInterval: 0.005) }
        // The number may be another process's from now on.
        unlink(directory.appending("pid").string)
    }

    private func signal(_ number: Int32) {
        if let processID { _ = Foundation.kill(processID, number) }
    }

    /// What the server wrote last, with what happened to it.
    func failure(_ what: String) -> MariaDBError {
        // There is no log where the server was not even begun.
        let log = (try? contents(of: directory.appending("log"))) ?? []
        let lines = String(decoding: log, as: UTF8.self).split(separator: "\n").suffix(20)
        return MariaDBError(
            "\(programs.server[0]) \(options.joined(separator: " ")) \(what); the end of its log:\n"
                + lines.joined(separator: "\n"))
    }

    /// Runs a script with the client `mariadb`, over the socket.
    /// - Returns: the rows, a line for each with tabs between the values, and no headings.
    public func sql(
        _ script: String, database: String? = nil, user: String = "root", password: String = ""
    ) throws -> String {
        try output(
            of: [
                "mariadb", "--no-defaults", "-N", "-B", "--socket=\(socket)", "--user=\(user)",
            ] + (database.map { [$0] } ?? []), input: script, environment: ["MYSQL_PWD": password])
    }
}

/// A command or a server that failed, and what it said about it.
public struct MariaDBError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

/// A shell that waits for the end of the test process, or of this value, then kills the server
/// whose process id is in the file `pid` of the directory, and removes the directory.
///
/// It waits for the end of a pipe, of which only the test process holds the other end.
private final class Keeper: Sendable {
    private let pipe: FileDescriptor
    private let process: Process

    init(of directory: FilePath) throws {
        let script = """
            read -r line
            [ ! -e "$0/pid" ] || kill -KILL "$(cat "$0/pid")"
            for attempt in 1 2 3 4 5 6 7 8 9; do rm -rf "$0" && break; sleep 0.2; done
            """
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        pipe = FileDescriptor(rawValue: ends[1])
        process = Process(running: asServerUser(["sh", "-c", script, directory.string]))
        process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        try process.run()
    }

    deinit {
        try! pipe.close()
        process.waitUntilExit()
    }
}

extension Process {
    /// A command that reads nothing and whose output is not wanted.
    fileprivate convenience init(
        running command: [String], in directory: FilePath = "/", path: String? = nil
    ) {
        self.init()
        executableURL = URL(filePath: "/usr/bin/env")
        arguments = command
        currentDirectoryURL = URL(filePath: directory.string)
        if let path {
            environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
        }
        standardInput = FileHandle.nullDevice
        standardOutput = FileHandle.nullDevice
        standardError = FileHandle.nullDevice
    }

    fileprivate var status: String {
        (terminationReason == .exit ? "exit code " : "signal ") + "\(terminationStatus)"
    }
}

/// The command as it is to be run by the user of the server: `nobody` in the place of root.
private func asServerUser(_ command: [String]) -> [String] {
    geteuid() == 0
        ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + command : command
}

/// The output of a command that has to succeed.
@discardableResult
private func output(
    of command: [String], in directory: FilePath? = "/", input: String = "",
    environment: [String: String] = [:]
) throws -> String {
    let result = try run(
        command[0], Array(command.dropFirst()), in: directory, input: Array(input.utf8),
        environment: environment)
    guard result.status == 0 else {
        throw MariaDBError(
            "\(command.joined(separator: " ")) ended with \(result.status):\n"
                + (result.error + result.output).suffix(4000))
    }
    return result.output
}

/// Does it again, twice at most, where another program took a port between `freePort` and its use.
func retryingPorts<Value>(_ body: () throws -> Value) throws -> Value {
    for _ in 1...2 {
        do { return try body() } catch let error as MariaDBError {
            guard error.description.contains("Address already in use") else { throw error }
        }
    }
    return try body()
}

/// A port of 127.0.0.1 that nobody listens on at the moment.
func freePort() throws -> Int {
    let descriptor = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else { throw Errno(rawValue: errno) }
    return Int(UInt16(bigEndian: address.sin_port))
}
