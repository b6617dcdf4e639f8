import Foundation
import SystemPackage
import TestSupport
import Testing
import Text

@testable import Host

/// The packages that programs are files of.
@Suite struct ProgramsTests {
    /// The package of each path in a tree; nil if none was found.
    private func packages(
        of paths: [String], in tree: borrowing HostTree
    ) -> (packages: [String?], failures: [String]) {
        let programs = Programs()
        var indices: [Int] = []
        for path in paths { indices.append(programs.add(Array(path.utf8), tree)) }
        let log = SourceLog()
        _ = PackageList(tree, log, programs)
        return (indices.map { programs.package($0)?.repaired }, log.failed + tree.unreadable)
    }

    private func packages(_ paths: String..., in directory: TemporaryDirectory) throws -> [String?]
    {
        packages(of: paths, in: try directory.tree()).packages
    }

    // MARK: dpkg

    private static let names = [
        "adduser", "bind9", "openssh-server", "libc6", "postgresql-common", "libpq-dev", "zsh",
    ]

    private func writePackages(_ directory: TemporaryDirectory) throws {
        try directory.write(
            Self.names.map {
                """
                Package: \($0)
                Status: install ok installed
                Architecture: amd64
                Version: 1


                """
            }.joined(), to: "var/lib/dpkg/status")
    }

    private func write(_ directory: TemporaryDirectory, _ lists: [String: String]) throws {
        try writePackages(directory)
        for (name, text) in lists {
            try directory.write(text, to: "var/lib/dpkg/info/\(name).list")
        }
    }

    @Test(
        arguments: [
            // A name that is alike, one that is not, and one that is there for one architecture.
            ("/usr/sbin/sshd", ["openssh-server": "/.\n/usr\n/usr/sbin\n/usr/sbin/sshd\n"], true),
            ("/usr/sbin/named", ["zsh": "/.\n/usr/bin/zsh\n", "bind9": "/usr/sbin/named\n"], true),
            ("/lib/ld.so", ["libc6:amd64": "/.\n/lib/ld.so\n/lib/libc.so\n"], true),
            ("/bin/zsh", ["zsh": "/bin/zsh\n"], true), ("/sbin/zsh", ["zsh": "/sbin/zsh\n"], true),
            ("/opt/z/zsh", ["zsh": "/opt/z/zsh\n"], true),
            // Lines that are not the whole path.
            ("/usr/bin/zsh", ["zsh": "/usr/bin/zsh5\n/usr/bin/zs\nx/usr/bin/zsh\n"], false),
            ("/usr/bin/zsh", ["zsh": "/usr/bin/zsh"], false), ("/usr/bin/zsh", ["zsh": ""], false),
            // A link at the root of the tree is needed for it.
            ("/usr/bin/zsh", ["zsh": "/bin/zsh\n"], false),
            ("/bin/zsh", ["zsh": "/usr/bin/zsh\n"], false),
            // Elsewhere, no package has any.
            ("/usr/local/bin/zsh", ["zsh": "/usr/local/bin/zsh\n"], false),
            ("/home/zsh", ["zsh": "/home/zsh\n"], false), ("/", ["zsh": "/\n"], false),
            ("", ["zsh": "\n"], false), ("/usr/", ["zsh": "/usr/\n\n"], true),
            ("/usr/bin/zsh (deleted)", ["zsh": "/usr/bin/zsh (deleted)\n"], false),
            // Of a package that is not installed.
            ("/usr/sbin/in.telnetd", ["telnetd": "/usr/sbin/in.telnetd\n"], false),
        ] as [(String, [String: String], Bool)])
    func ofALine(_ path: String, _ lists: [String: String], isFound: Bool) throws {
        let directory = try TemporaryDirectory()
        try write(directory, lists)
        let name = lists.count == 1 ? lists.keys.first! : "bind9"
        let package = String(name.prefix { $0 != ":" })
        #expect(try packages(path, in: directory) == [isFound ? package : nil])
    }

    @Test func ofManyAtOnce() throws {
        let directory = try TemporaryDirectory()
        let paths = (0..<140).map { "/usr/bin/program-\($0)" }
        try write(
            directory,
            ["zsh": paths.joined(separator: "\n") + "\n", "libc6": paths[139] + "\n"])
        let found = packages(of: paths + [paths[0]], in: try directory.tree()).packages
        // More than that are not looked for.
        #expect(found.prefix(128).allSatisfy { $0 == "zsh" })
        #expect(found[128..<140].allSatisfy { $0 == nil } && found[140] == "zsh")
    }

    /// Where `/sbin` is a link to `/usr/sbin`, a list may still have the old path.
    @Test func ofMergedDirectories() throws {
        let directory = try TemporaryDirectory()
        try write(directory, ["bind9": "/sbin/named\n/lib/x/y\n", "zsh": "/usr/bin/zsh\n"])
        try directory.link("sbin", to: "usr/sbin")
        try directory.link("lib", to: "usr/lib")
        try directory.link("bin", to: "usr/bin")
        #expect(
            try packages(
                "/usr/sbin/named", "/usr/lib/x/y", "/usr/bin/zsh", "/usr/lib", in: directory)
                == ["bind9", "bind9", "zsh", nil])
    }

    /// The same of `/usr/sbin` and `/usr/bin`, in the database of a package that was built before.
    @Test func ofProgramsInOneDirectory() throws {
        let directory = try TemporaryDirectory()
        let package = TestPackage(name: "nginx", files: ["/usr/sbin/nginx", "/usr/bin/njs"])
        try directory.write(ndb([package.header]), to: "usr/lib/sysimage/rpm/Packages.db")
        #expect(
            try packages("/usr/bin/nginx", "/usr/bin/njs", in: directory) == [nil, "nginx"])
        try directory.link("usr/sbin", to: "bin")
        #expect(
            try packages("/usr/bin/nginx", "/usr/bin/njs", "/usr/bin/x", in: directory)
                == ["nginx", "nginx", nil])
    }

    /// dpkg-divert(1): a package has its own file where another's was.
    @Test func ofDivertedFiles() throws {
        let directory = try TemporaryDirectory()
        try write(
            directory,
            [
                "libpq-dev": "/usr/bin/pg_config\n", "postgresql-common": "/usr/bin/pg_config\n",
                "zsh": "/usr/bin/zsh\n",
            ])
        try directory.write(
            """
            /usr/bin/pg_config
            /usr/bin/pg_config.libpq-dev
            postgresql-common
            /usr/bin/zsh
            /usr/bin/zsh.real
            :
            /usr/bin/cut
            """, to: "var/lib/dpkg/diversions")
        #expect(
            try packages(
                "/usr/bin/pg_config", "/usr/bin/pg_config.libpq-dev", "/usr/bin/zsh",
                "/usr/bin/zsh.real", in: directory)
                == ["postgresql-common", "libpq-dev", nil, "zsh"])
    }

    /// Longer than the buffer, which holds 65,536 bytes.
    @Test(arguments: [65_530, 65_535, 65_536, 65_537, 200_000]) func ofALongList(_ count: Int)
        throws
    {
        let directory = try TemporaryDirectory()
        let line = "/usr/share/a-file-of-32-characters\n"
        var text = String(repeating: line, count: count / line.count)
        text += "/" + String(repeating: "x", count: count % line.count) + "\n"
        try write(directory, ["zsh": text + "/usr/bin/zsh\n" + line])
        #expect(try packages("/usr/bin/zsh", in: directory) == ["zsh"])
    }

    @Test func ofHostileLists() throws {
        let directory = try TemporaryDirectory()
        try write(
            directory,
            [
                "adduser": String(repeating: "x", count: 100_000) + "\n/usr/bin/zsh\n",
                "libc6": "/usr/bin/zsh\0\n\u{1B}[2J\n", "zsh": "/usr/bin/zsh\n",
            ])
        let information = directory.path.appending("var/lib/dpkg/info")
        #expect(mkfifo(information.appending("bind9.list").string, 0o644) == 0)
        try directory.link("var/lib/dpkg/info/openssh-server.list", to: "/dev/zero")
        try directory.writeSocket(to: "var/lib/dpkg/info/libpq-dev.list")
        // A name that leads elsewhere.
        try directory.write(
            "Package: ../../../../a\nStatus: install ok installed\nVersion: 1\n\n"
                + String(decoding: directory.read("var/lib/dpkg/status"), as: UTF8.self),
            to: "var/lib/dpkg/status")
        try directory.write("/usr/bin/zsh\n/usr/bin/b\n", to: "a.list")
        #expect(try packages("/usr/bin/zsh", "/usr/bin/b", in: directory) == ["zsh", nil])
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/var/lib/dpkg/info")))
    func asDpkgSaysIt() throws {
        var paths: Set<String> = []
        for (folder, every) in [("/usr/bin", 20), ("/usr/sbin", 5), ("/usr/lib/systemd", 3)] {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            for index in stride(from: 0, to: names.count, by: every) {
                let path = try run("readlink", ["-f", "\(folder)/\(names[index])"]).output
                paths.insert(String(path.dropLast()))
            }
        }
        let tree = try HostTree(root: "/")
        var count = 0
        let sorted = paths.sorted()
        for start in stride(from: 0, to: sorted.count, by: 64) {
            let some = Array(sorted[start..<min(start + 64, sorted.count)])
            for (path, package) in zip(some, packages(of: some, in: tree).packages) {
                let line = try run("dpkg-query", ["--search", path]).output.split(separator: "\n")
                    .last { !$0.hasPrefix("diversion ") }
                let isElsewhere =
                    path.hasPrefix("/usr/local/")
                    || !path.hasPrefix("/usr/")
                        && !path.hasPrefix("/opt/")
                // A list may have the path as it was before directories were merged.
                let before = try run(
                    "dpkg-query", ["--search", String(path.dropFirst("/usr".count))]
                ).output.split(separator: "\n").last { !$0.hasPrefix("diversion ") }
                let names = (line ?? before)?.split(separator: ": ")[0].split(separator: ", ")
                    .map { String($0.prefix { $0 != ":" }) }
                if isElsewhere {
                    #expect(package == nil)
                } else if let names {
                    #expect(package.map(names.contains) == true, "\(path) of \(names)")
                    count += 1
                } else {
                    #expect(package == nil, "\(path)")
                }
            }
        }
        #expect(count > 50)
    }

    // MARK: The other systems

    @Test func ofAPK() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            """
            P:nginx
            V:1
            F:usr/sbin
            R:nginx-debug
            R:nginx
            F:usr/sbin/x
            R:named

            P:bind
            V:2
            F:usr
            R:sbin/named
            F:usr/sbin
            R:named
            R:nginx

            V:3
            F:bin
            R:busybox

            """, to: "lib/apk/db/installed")
        #expect(
            try packages("/usr/sbin/nginx", "/usr/sbin/named", "/bin/busybox", in: directory)
                == ["nginx", "bind", nil])
    }

    @Test func ofPacman() throws {
        let directory = try TemporaryDirectory()
        for (name, files) in [("bind", "usr/bin/named"), ("zsh", "usr/bin/zsh"), ("a", "opt/a/b")] {
            let folder = "var/lib/pacman/local/\(name)-1:2-3"
            try directory.write("%NAME%\n\(name)\n\n%VERSION%\n1:2-3\n", to: folder + "/desc")
            try directory.write("%FILES%\nusr/\nusr/bin/\n\(files)\n", to: folder + "/files")
        }
        #expect(
            try packages("/usr/bin/named", "/usr/bin/zsh", "/opt/a/b", "/usr/bin/x", in: directory)
                == ["bind", "zsh", "a", nil])
    }

    @Test func asRPMSaysIt() throws {
        let host = try RPMHost.shared.get()
        let paths = [
            "/opt/alpha/a-file-of-it-3", "/opt/alpha/a-file-of-it-4",
            "/opt/beta-utils/a-file-of-it-4000", "/opt/gamma/a-file-of-it-77", "/opt/gamma",
            "/opt/alpha/a-file-of-it-77",
        ]
        let directory = try TemporaryDirectory()
        try directory.write(ndb(host.headers()), to: "usr/lib/sysimage/rpm/Packages.db")
        let berkeley = try TemporaryDirectory()
        try writeBerkeley(host.headers(), to: berkeley.prepare("var/lib/rpm/Packages"))
        let expected = try paths.map { try RPMHost.owner(of: $0, in: host.root) }
        #expect(expected == ["alpha", nil, "beta-utils", "gamma", "gamma", nil])
        for root in [host.root, directory.path, berkeley.path] {
            let (found, failures) = packages(of: paths, in: try HostTree(root: root.string))
            #expect(found == expected && failures == [])
        }
    }

    /// The index of a directory, the number of names or of directories that lie.
    @Test(arguments: [1116, 1117, 1118] as [UInt32]) func ofADamagedHeader(_ tag: UInt32) throws {
        let package = TestPackage(name: "a", files: ["/usr/bin/a", "/usr/sbin/b"])
        let directory = try TemporaryDirectory()
        try directory.write(ndb([package.header]), to: "var/lib/rpm/Packages.db")
        #expect(
            try packages("/usr/sbin/b", "/usr/bin/a", "/usr/bin/b", in: directory) == [
                "a", "a", nil,
            ])
        var header = package.header
        let entry = stride(from: 8, to: header.count, by: 16).first { start in
            header[start..<start + 4].elementsEqual(bytes(of: tag, isBigEndian: true))
        }
        let place = try #require(entry)
        header.replaceSubrange(place + 12..<place + 16, with: [0, 1, 0, 0])
        if tag == 1116 { header.replaceSubrange(place + 8..<place + 12, with: [0, 0, 0, 0]) }
        try directory.write(ndb([header]), to: "var/lib/rpm/Packages.db")
        let (found, failures) = packages(
            of: ["/usr/sbin/b", "/usr/bin/c"], in: try directory.tree())
        #expect(found.allSatisfy { $0 == nil || $0 == "a" })
        #expect(failures.count == (tag == 1116 ? 0 : 1))
    }
}
