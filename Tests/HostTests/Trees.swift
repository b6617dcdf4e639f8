import Foundation
import Host
import SystemPackage
import TestSupport

/// A tree under `fixtures/hosts`.
func fixtureTree(_ name: String) throws -> HostTree {
    try HostTree(root: fixtures.appending("hosts/\(name)").string)
}

func fixtureFile(_ name: String) throws -> [UInt8] {
    try contents(of: fixtures.appending("hosts/\(name)"))
}

extension TemporaryDirectory {
    func tree() throws -> HostTree { try HostTree(root: path.string) }

    func facts() throws -> HostFacts? { try HostFacts(tree(), hostID: "a-test") }

    func write(_ text: String, to name: String) throws { try write(text.utf8, to: name) }

    /// Makes the directories on the way to `name`.
    func prepare(_ name: String) throws -> FilePath {
        let file = path.appending(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        return file
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: prepare(name).string, withDestinationPath: target)
    }

    /// A file that cannot be opened at all, ENXIO: neither is it absent nor is it refused.
    func writeSocket(to name: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: path.appending("socket").string.utf8)
        }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
        guard rename(path.appending("socket").string, try prepare(name).string) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    func writeProcess(_ pid: Int64, _ name: String, parent: Int64 = 0, uid: Int64 = 0) throws {
        try write(statText(pid, Array(name.utf8), parent: parent), to: "proc/\(pid)/stat")
        try write("\(name)\0", to: "proc/\(pid)/cmdline")
        try write("Name:\t\(name)\nUid:\t\(uid)\t\(uid)\t0\t0\n", to: "proc/\(pid)/status")
    }
}

/// A /proc/PID/stat as proc_pid_stat(5) has it, 52 fields.
func statText(_ pid: Int64, _ name: [UInt8], parent: Int64 = 0, start: Int64 = 18) -> [UInt8] {
    let rest =
        ") S \(parent) 7 7 0 -1 4194560 9 0 0 0 5 6 0 0 20 0 1 0 \(start) 4096 1 "
        + "18446744073709551615 1 2 3 0 0 0 0 4096 0 0 0 0 17 0 0 0 0 0 0 1 2 3 4 5 6 7 0\n"
    return Array("\(pid) (".utf8) + name + Array(rest.utf8)
}

/// A record of utmp(5), in this machine's byte order where no other is asked for.
func utmpRecord(
    _ type: Int16, pid: Int32 = 0, line: String = "", user: String = "", host: String = "",
    seconds: Int64 = 0, microseconds: Int64 = 0, size: Int = 384, isBigEndian: Bool? = nil
) -> [UInt8] {
    var record = [UInt8](repeating: 0, count: size)
    func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
        for (index, byte) in bytes.enumerated() { record[offset + index] = byte }
    }
    func put(_ number: some FixedWidthInteger, at offset: Int) {
        let ordered =
            switch isBigEndian {
            case true?: number.bigEndian
            case false?: number.littleEndian
            case nil: number
            }
        withUnsafeBytes(of: ordered) { put($0, at: offset) }
    }
    put(type, at: 0)
    put(pid, at: 4)
    put(line.utf8.prefix(32), at: 8)
    put(user.utf8.prefix(32), at: 44)
    put(host.utf8.prefix(256), at: 76)
    if size == 384 {
        put(UInt32(seconds), at: 340)
        put(Int32(microseconds), at: 344)
    } else {
        put(Int64(seconds), at: 344)
        put(Int64(microseconds), at: 352)
    }
    return record
}

/// Runs `body` as a user whom file permissions bind, which they do not root.
///
/// setfsuid(2) is the thread's alone, so other tests do not notice; `body` must not suspend.
func boundByPermissions<Result>(_ body: () throws -> Result) rethrows -> Result {
    typealias SetFileSystemUser = @convention(c) (UInt32) -> Int32
    let setFileSystemUser = unsafeBitCast(
        dlsym(nil, "setfsuid"), to: SetFileSystemUser.self)
    let nobody: UInt32 = 65534
    let before = geteuid() == 0 ? setFileSystemUser(nobody) : nil
    defer { if let before { _ = setFileSystemUser(UInt32(before)) } }
    return try body()
}
