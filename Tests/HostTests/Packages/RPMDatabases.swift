import Foundation
import SystemPackage
import TestSupport
import Testing

/// A package as the tests write it.
struct TestPackage {
    var name: String
    var version = "1.0"
    var release = "1"
    var epoch: UInt32?
    var arch: String? = "x86_64"
    var vendor: String? = "Test"
    var sourceRPM: String? = "name-1.0-1.src.rpm"
    var installTime: UInt32 = 1_700_000_000
    /// Bytes of other facts.
    var size = 0
    /// Paths.
    var files: [String] = []

    /// `bash 0:5.1-1 x86_64`.
    var line: String {
        "\(name) \(epoch.map { "\($0):" } ?? "")\(version)-\(release) \(arch ?? "-")"
    }

    /// Hundreds of packages with small and large headers.
    static func many(_ count: Int, large: Int = 40_000) -> [TestPackage] {
        (0..<count).map { index in
            TestPackage(
                name: "package-\(1000 + index)", version: "\(index).2",
                epoch: index % 3 == 0 ? UInt32(index) : nil,
                size: index % 10 == 0 ? large : index * 7 % 900)
        }
    }

    /// Its header as rpm keeps it in a database: numbers are big-endian.
    var header: [UInt8] {
        var entries: [(tag: UInt32, type: UInt32, offset: UInt32, count: UInt32)] = []
        var data: [UInt8] = []
        func add(_ tag: UInt32, _ text: String?) {
            guard let text else { return }
            entries.append((tag, 6, UInt32(data.count), 1))
            data += Array(text.utf8) + [0]
        }
        func add(_ tag: UInt32, _ number: UInt32?) {
            guard let number else { return }
            while data.count % 4 > 0 { data.append(0) }
            entries.append((tag, 4, UInt32(data.count), 1))
            data += bytes(of: number, isBigEndian: true)
        }
        func addFiles() {
            let parts = files.map { path in
                let end = path.index(after: path.lastIndex(of: "/")!)
                return (directory: path[..<end], name: path[end...])
            }
            let directories = Set(parts.map(\.directory)).sorted()
            while data.count % 4 > 0 { data.append(0) }
            entries.append((1116, 4, UInt32(data.count), UInt32(parts.count)))
            for part in parts {
                let index = directories.firstIndex(of: part.directory)!
                data += bytes(of: UInt32(index), isBigEndian: true)
            }
            let lists: [(UInt32, [Substring])] = [
                (1117, parts.map(\.name)), (1118, directories),
            ]
            for (tag, texts) in lists {
                entries.append((tag, 8, UInt32(data.count), UInt32(texts.count)))
                for text in texts { data += Array(text.utf8) + [0] }
            }
        }
        add(1000, name)
        add(1001, version)
        add(1002, release)
        add(1003, epoch)
        if size > 0 {
            // Names of files, RPMTAG_BASENAMES.
            entries.append((1117, 8, UInt32(data.count), 1))
            data += [UInt8](repeating: UInt8(ascii: "f"), count: size) + [0]
        }
        if !files.isEmpty { addFiles() }
        add(1008, installTime)
        add(1011, vendor)
        add(1022, arch)
        add(1044, sourceRPM)
        var header = bytes(of: UInt32(entries.count), isBigEndian: true)
        header += bytes(of: UInt32(data.count), isBigEndian: true)
        for entry in entries {
            for field in [entry.tag, entry.type, entry.offset, entry.count] {
                header += bytes(of: field, isBigEndian: true)
            }
        }
        return header + data
    }
}

func bytes(of number: UInt32, isBigEndian: Bool) -> [UInt8] {
    withUnsafeBytes(of: isBigEndian ? number.bigEndian : number.littleEndian) { Array($0) }
}

/// A host whose packages rpm installed from files that rpmbuild made.
final class RPMHost: @unchecked Sendable {
    // Unchecked: nobody changes it once it is made.
    static let shared = Result { try RPMHost() }
    let root: FilePath
    private let directory: TemporaryDirectory

    private init() throws {
        directory = try TemporaryDirectory()
        root = directory.path.appending("root")
        try directory.write([], to: "root/var/lib/rpm/.keep")
        var files: [String] = []
        // Name, version and release, epoch, maker, number of files.
        let packages: [(String, String, String, String, String, Int)] = [
            ("alpha", "1.0", "1", "", "Vendor: Álpha Inc.", 3),
            ("beta-utils", "2.0~rc1", "3.el9", "Epoch: 2", "", 4000),
            ("gamma", "0", "0", "Epoch: 0", "Vendor: G", 150),
            ("libdelta++", "20240101git", "1", "", "BuildArch: noarch", 0),
        ]
        for (name, version, release, epoch, other, count) in packages {
            let spec = """
                Name: \(name)
                Version: \(version)
                Release: \(release)
                Summary: A test
                License: None
                \(epoch)
                \(other)
                %description
                A test.
                %package more
                Summary: More
                %description more
                More.
                %install
                mkdir -p %{buildroot}/opt/\(name)
                for n in $(seq 1 \(count)); do : >%{buildroot}/opt/\(name)/a-file-of-it-$n; done
                %files
                /opt/\(name)
                %files more

                """
            try directory.write(spec.utf8, to: "\(name).spec")
            try runTool(
                "rpmbuild",
                [
                    "-bb", "--define", "_topdir \(directory.path)/top", "--define",
                    "_rpmdir \(directory.path)/rpms", "--define", "_build_id_links none",
                    "--define", "__os_install_post %{nil}",
                    directory.path.appending("\(name).spec").string,
                ])
        }
        for arch in try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/rpms") {
            let folder = "\(directory.path)/rpms/\(arch)"
            files += try FileManager.default.contentsOfDirectory(atPath: folder)
                .map { "\(folder)/\($0)" }
        }
        try runTool("rpm", options(root) + ["--initdb"])
        try runTool(
            "rpm",
            options(root) + [
                "--ignorearch", "--ignoreos", "--nodeps", "--noscripts", "--justdb", "-i",
            ] + files)
    }

    /// The headers as they are in its database.
    func headers() throws -> [[UInt8]] {
        try runTool(
            "sqlite3",
            [
                // The rpm of another test may be closing the database.
                "-cmd", ".timeout 10000", root.appending("var/lib/rpm/rpmdb.sqlite").string,
                "SELECT hex(blob) FROM Packages ORDER BY hnum",
            ]
        ).split(separator: "\n").map { line in
            let digits = Array(line.utf8)
            return stride(from: 0, to: digits.count, by: 2).map {
                UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)!
            }
        }
    }

    /// The package of a file, as rpm says it; nil if none has it.
    static func owner(of path: String, in root: FilePath) throws -> String? {
        let result = try run(
            "rpm", options(root) + ["--query", "--queryformat", "%{NAME}", "--file", path])
        return result.status == 0 ? result.output : nil
    }

    /// All fields of the packages of a root, as rpm says them, sorted.
    static func query(_ root: FilePath, backend: String = "sqlite") throws -> [String] {
        let format =
            #"rpm\t%{NAME}\t%{EVR}\t%{ARCH}\t%{SOURCERPM}\t%{VENDOR}\t%{INSTALLTIME}\n"#
        return try runTool(
            "rpm", options(root, backend) + ["--query", "--all", "--queryformat", format]
        ).split(separator: "\n").map(String.init).sorted()
    }
}

private func options(_ root: FilePath, _ backend: String = "sqlite") -> [String] {
    ["--root", root.string, "--dbpath", "/var/lib/rpm", "--define", "_db_backend \(backend)"]
}

extension TemporaryDirectory {
    static let sqlite = "var/lib/rpm/rpmdb.sqlite"

    /// Runs SQL on rpm's database of the tree.
    @discardableResult
    func runSQL(_ script: String) throws -> String {
        let file = try prepare(Self.sqlite)
        return try runTool("sqlite3", ["-batch", "-bail", file.string], input: script)
    }

    /// Makes rpm's table.
    func createPackages(pageSize: Int = 4096) throws {
        try runSQL(
            """
            PRAGMA page_size = \(pageSize);
            CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS 'Packages' (
                hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);
            """)
    }
}

/// The statements that insert packages.
func insertion(_ packages: [TestPackage]) -> String {
    packages.map { "INSERT INTO Packages(blob) VALUES (x'\(hexadecimalText($0.header))');\n" }
        .joined()
}

func hexadecimalText(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: text, as: UTF8.self)
}

/// A database of rpm's form ndb, as its lib/backend/ndb/rpmpkg.c describes it.
/// - Parameter headers: nil for a slot that is free.
func ndb(_ headers: [[UInt8]?]) -> [UInt8] {
    let slotPages = (headers.count + 2 + 255) / 256
    func little(_ numbers: [Int]) -> [UInt8] {
        numbers.flatMap { bytes(of: UInt32($0), isBigEndian: false) }
    }
    func word(_ text: String) -> Int {
        text.utf8.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    var slots = little([word("RpmP"), 0, 7, slotPages, headers.count + 1, 0, 0, 0])
    var blobs: [UInt8] = []
    for (index, header) in headers.enumerated() {
        guard let header else {
            slots += little([word("Slot"), 0, 0, 0])
            continue
        }
        let start = blobs.count
        blobs += little([word("BlbS"), index + 1, 1_700_000_000, header.count]) + header
        while (blobs.count + 12) % 16 > 0 { blobs.append(0) }
        var (a, b) = (1, 0)  // Adler-32, RFC 1950
        for byte in blobs[start...] {
            (a, b) = ((a + Int(byte)) % 65521, (b + a + Int(byte)) % 65521)
        }
        blobs += little([b << 16 | a, header.count, word("BlbE")])
        let block = slotPages * 256 + start / 16
        slots += little([word("Slot"), index + 1, block, (blobs.count - start) / 16])
    }
    while slots.count < slotPages * 4096 { slots += little([word("Slot"), 0, 0, 0]) }
    return slots + blobs
}

/// Has Berkeley DB write a hash of headers.
/// - Parameter byteOrder: 1234, little-endian, or 4321.
func writeBerkeley(
    _ headers: [[UInt8]], to file: FilePath, pageSize: Int = 4096, byteOrder: Int = 1234
) throws {
    var dump = """
        VERSION=3
        format=bytevalue
        type=hash
        db_pagesize=\(pageSize)
        db_lorder=\(byteOrder)
        HEADER=END
         00000000
         \(hexadecimalText(bytes(of: UInt32(headers.count), isBigEndian: false)))

        """
    for (index, header) in headers.enumerated() {
        let key = bytes(of: UInt32(index + 1), isBigEndian: byteOrder == 4321)
        dump += " \(hexadecimalText(key))\n \(hexadecimalText(header))\n"
    }
    try runTool("db5.3_load", [file.string], input: dump + "DATA=END\n")
}
