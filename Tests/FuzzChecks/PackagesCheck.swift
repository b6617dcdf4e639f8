import Evidence
import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Text

/// The sources of packages, each alone in a tree.
private enum Source: Int, CaseIterable {
    case dpkg, image, apk, pacman, flatpak, snap, sqlite, ndb, berkeley, header, log

    /// Where the bytes are in the tree.
    var path: String {
        switch self {
        case .dpkg: "var/lib/dpkg/status"
        case .image: "var/lib/dpkg/status.d/a"
        case .apk: "lib/apk/db/installed"
        case .pacman: "var/lib/pacman/local/a-1-1/desc"
        case .flatpak: "var/lib/flatpak/app/a/x86_64/stable/active/deploy"
        case .snap: "snap/a/current/meta/snap.yaml"
        case .sqlite: "var/lib/rpm/rpmdb.sqlite"
        case .ndb, .header: "var/lib/rpm/Packages.db"
        case .berkeley: "var/lib/rpm/Packages"
        case .log: "var/lib/rpm/rpmdb.sqlite-wal"
        }
    }

    /// Where the same bytes are as well: lists of files, and diversions.
    var otherPaths: [String] {
        switch self {
        case .dpkg: ["var/lib/dpkg/info/a.list", "var/lib/dpkg/diversions"]
        case .pacman: ["var/lib/pacman/local/a-1-1/files"]
        default: []
        }
    }

    /// What the file has: of `header` and `log` the bytes in a sound file around them.
    func contents(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .header: Self.ndb(bytes)
        case .log: Self.log(bytes)
        default: bytes
        }
    }

    /// A database with one header, rpm's lib/backend/ndb/rpmpkg.c.
    private static func ndb(_ header: [UInt8]) -> [UInt8] {
        func little(_ numbers: [Int]) -> [UInt8] {
            numbers.flatMap { number in
                (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            }
        }
        let blocks = (header.count + 28 + 15) / 16
        var file = Array("RpmP".utf8) + little([0, 1, 1, 2, 0, 0, 0])
        file += Array("Slot".utf8) + little([1, 256, blocks])
        file += [UInt8](repeating: 0, count: 4096 - file.count)
        file += Array("BlbS".utf8) + little([1, 0, header.count]) + header
        file += [UInt8](repeating: 0, count: 16 * blocks - 28 - header.count)
        return file + little([0, header.count]) + Array("BlbE".utf8)
    }

    /// A write-ahead log with one transaction, of the pages of a database.
    private static func log(_ pages: [UInt8]) -> [UInt8] {
        var sums: (UInt32, UInt32) = (0, 0)
        func big(_ numbers: UInt32...) -> [UInt8] {
            numbers.flatMap { number in
                (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
            }
        }
        func add(_ bytes: ArraySlice<UInt8>) {
            let words = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { place in
                bytes[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            for pair in stride(from: 0, to: words.count, by: 2) {
                sums.0 = sums.0 &+ words[pair] &+ sums.1
                sums.1 = sums.1 &+ words[pair + 1] &+ sums.0
            }
        }
        let (size, count) = (512, UInt32((pages.count + 511) / 512))
        var file = big(0x377F_0683, 3_007_000, UInt32(size), 0, 1, 2)
        add(file[...])
        file += big(sums.0, sums.1)
        let padded = pages + [UInt8](repeating: 0, count: Int(count) * size - pages.count)
        for page in 0..<count {
            let start = Int(page) * size
            let head = big(page + 1, page + 1 == count ? count : 0)
            add(head[...])
            add(padded[start..<start + size])
            file += head + big(1, 2, sums.0, sums.1) + padded[start..<start + size]
        }
        return file
    }
}

/// A tree with one source.
private final class PackageHost: @unchecked Sendable {
    // Unchecked: the user holds the lock below.
    static let shared = try! PackageHost()
    let lock = NSLock()
    private let directory: TemporaryDirectory

    private init() throws {
        directory = try TemporaryDirectory()
        // What the files of snapd and flatpak are beside.
        try directory.write([], to: "var/lib/snapd/snaps/a_1.snap")
        for name in ["var/lib/flatpak/app/a/x86_64/stable/active", "snap/a/current"] {
            let link = directory.path.appending(name)
            try FileManager.default.createDirectory(
                atPath: link.removingLastComponent().appending("1/meta").string,
                withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: link.string, withDestinationPath: "1")
        }
    }

    /// - Returns: the packages, and whether one of them has `/usr/bin/a`.
    func packages(_ source: Source, _ bytes: [UInt8]) throws -> ([PackageRecord], isFound: Bool) {
        for path in [source.path] + source.otherPaths {
            try directory.write(source.contents(bytes), to: path)
        }
        if source == .log { try directory.write([], to: Source.sqlite.path) }
        defer {
            for path in [source.path, Source.sqlite.path] + source.otherPaths {
                unlink(directory.path.appending(path).string)
            }
        }
        return readPackages(
            try HostTree(root: directory.path.string), lookingFor: "/usr/bin/a")
    }
}

func packagesFailure(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let source = Source(rawValue: Int(first) % Source.allCases.count)!
    let (packages, isFound) = PackageHost.shared.lock.withLock {
        try! PackageHost.shared.packages(source, Array(bytes.dropFirst()))
    }
    // No package takes less than 4 bytes of its source, whose rows and slots may not overlap.
    if packages.count > bytes.count / 4 + 2 { return "\(source): too many packages" }
    if isFound && packages.isEmpty { return "\(source): a program of no package" }
    if packages.contains(where: { $0.name.bytes.isEmpty }) {
        return "\(source): a package without a name"
    }
    var encoder = SnapshotEncoder(
        SnapshotHeader(id: SnapshotText.id, takenAt: Timestamp("2026-11-23T05:13:11Z")!),
        HostRecord(hostID: "a-host"), OSVersionRecord(name: "Linux"), CPUInfoRecord(), nil)
    for package in packages { encoder.add(package) }
    var file = SnapshotFile(Evidence.whole(encoder.finish()))
    do throws(SnapshotError) {
        if try file.next() != nil, try file.next() == nil { return nil }
        return "\(source): no snapshot"
    } catch {
        return "\(source): \(error)"
    }
}
