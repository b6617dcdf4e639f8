import Evidence
import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Text

/// The files of a host that its processes, administrator or processor can influence.
private let files = [
    "etc/hostname", "etc/machine-id", "etc/os-release", "etc/passwd", "proc/cpuinfo", "proc/stat",
    "proc/7/stat", "proc/7/status", "proc/7/cmdline", "proc/net/route", "proc/net/fib_trie",
    "proc/net/if_inet6", "proc/net/ipv6_route", "run/utmp", "run/systemd/sessions/1",
    "sys/class/dmi/id/product_uuid", "proc/sys/kernel/hostname", "run/systemd/container",
    // Of inputs whose first byte is at least 128; the others keep their meaning.
    "proc/net/tcp", "proc/net/tcp6", "proc/net/udp", "proc/net/raw", "proc/meminfo",
    "sys/class/dmi/id/sys_vendor", "sys/class/dmi/id/product_serial",
    "sys/class/net/eno1/address", "proc/device-tree/compatible", "proc/sysinfo",
]

/// The file that an input's first byte stands for.
private func index(_ first: UInt8) -> Int {
    let earlier = 18
    return first < 128 ? Int(first) % earlier : earlier + Int(first) % (files.count - earlier)
}

/// A tree with one process and all of `files`.
private final class Host: @unchecked Sendable {
    // Unchecked: the user holds the lock below.
    static let shared = try! Host()
    let lock = NSLock()
    let directory: TemporaryDirectory
    private let originals: [[UInt8]]

    init() throws {
        directory = try TemporaryDirectory()
        let fixture = fixtures.appending("hosts/debian-12-x86_64")
        originals = files.map { name in
            let source = fixture.appending(name.replacing("proc/7/", with: "proc/1/"))
            return (try? contents(of: source)) ?? []
        }
        for (name, bytes) in zip(files, originals) { try directory.write(bytes, to: name) }
        try directory.write([], to: "sys/class/net/eno1/device/vendor")
        let links = directory.path.appending("proc/7/fd")
        try FileManager.default.createDirectory(
            atPath: links.string, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: links.appending("3").string, withDestinationPath: "socket:[18123]")
    }

    /// The host with one file replaced.
    func facts(_ index: Int, _ bytes: [UInt8]) throws -> HostFacts? {
        try directory.write(bytes, to: files[index])
        defer { try! directory.write(originals[index], to: files[index]) }
        return try HostFacts(HostTree(root: directory.path.string), hostID: "a-host")
    }
}

func hostFailure(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let index = index(first)
    let facts = Host.shared.lock.withLock {
        try! Host.shared.facts(index, Array(bytes.dropFirst()))
    }
    guard let facts else { return "\(files[index]): no host" }
    var encoder = SnapshotEncoder(
        SnapshotHeader(id: SnapshotText.id, takenAt: Timestamp("2026-11-23T05:13:11Z")!),
        facts.host, facts.osVersion, facts.cpuInfo, facts.collection)
    for process in facts.processes { encoder.add(process) }
    for user in facts.users { encoder.add(user) }
    for listener in facts.listeners { encoder.add(listener) }
    var file = SnapshotFile(Evidence.whole(encoder.finish()))
    do throws(SnapshotError) {
        let snapshot = try file.next()
        if snapshot?.processes.rows.count == facts.processes.count, try file.next() == nil {
            return nil
        }
        return "\(files[index]): processes are missing"
    } catch {
        return "\(files[index]): \(error)"
    }
}
