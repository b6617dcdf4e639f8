import Foundation
import SystemPackage

/// Where the programs of the tests' servers are: those of this machine, or of another release of
/// Debian in a directory of its own, as debootstrap(8) makes it, which `$CENSUS_TEST_ROOT` names.
///
/// Of such a root the dynamic linker is run (ld.so(8)), with the root's libraries. So they see the
/// files of this machine and need no rights.
public struct ServerPrograms: Sendable {
    public enum Product: Sendable { case mariadb, mysql }

    public let product: Product
    private let root: FilePath?

    public static let current = ServerPrograms()

    private init() {
        root = ProcessInfo.processInfo.environment["CENSUS_TEST_ROOT"].map { FilePath($0) }
        let isMySQL =
            root.map { root in
                !FileManager.default.fileExists(
                    atPath: root.appending("usr/sbin/mariadbd").string)
            } ?? false
        product = isMySQL ? .mysql : .mariadb
    }

    /// A program of the root and what it is to be given to find its own files.
    private func command(_ root: FilePath, _ program: String) -> [String] {
        let linkers = ["lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"]
            .map { root.appending($0).string }
        guard let linker = linkers.first(where: FileManager.default.fileExists) else {
            preconditionFailure("there is no dynamic linker in \(root)")
        }
        let architecture = linker.contains("x86-64") ? "x86_64" : "aarch64"
        return [
            linker, "--library-path",
            root.appending("usr/lib/\(architecture)-linux-gnu").string,
            root.appending("usr/sbin/\(program)").string,
        ]
    }

    /// The server and the options that it always has.
    var server: [String] {
        switch product {
        case .mariadb:
            guard let root else { return ["mariadbd", "--no-defaults"] }
            return command(root, "mariadbd") + [
                "--no-defaults", "--basedir=\(root.appending("usr"))",
                "--plugin-dir=\(root.appending("usr/lib/mysql/plugin"))",
            ]
        case .mysql:
            return command(root!, "mysqld") + [
                "--no-defaults", "--basedir=\(root!.appending("usr"))",
                "--plugin-dir=\(root!.appending("usr/lib/mysql/plugin"))",
                "--secure-file-priv=NULL", "--mysqlx=OFF",
            ]
        }
    }

    /// The option of a server that is to offer no TLS.
    public var withoutTLS: String { product == .mariadb ? "--skip-ssl" : "--tls-version=" }

    /// What makes a data directory.
    func installation(of data: FilePath) -> [String] {
        switch product {
        case .mariadb:
            // With --force the name of the host is not looked up, which takes long without DNS.
            [root.map { $0.appending("usr/bin/mariadb-install-db").string } ?? "mariadb-install-db"]
                + [
                    "--no-defaults", "--force", "--skip-test-db",
                    "--auth-root-authentication-method=normal", "--datadir=\(data)",
                ] + (root.map { ["--basedir=\($0.appending("usr"))"] } ?? [])
        case .mysql: server + ["--initialize-insecure", "--datadir=\(data)"]
        }
    }

    /// A script for `$MYSQLD_BOOTSTRAP`, which is what `mariadb-install-db` starts as server.
    var bootstrap: String? {
        guard let root, product == .mariadb else { return nil }
        let words = command(root, "mariadbd").map { "'\($0)'" }.joined(separator: " ")
        return "#!/bin/sh\nexec \(words) \"$@\"\n"
    }
}
