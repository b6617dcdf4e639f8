import Evidence
import Foundation
import Host
import Records
import SystemPackage
import TestSupport
import Text

/// A tree with all sources of accounts, privileges and keys.
private final class AccessHost: @unchecked Sendable {
    // Unchecked: the user holds the lock below.
    static let shared = try! AccessHost()
    let lock = NSLock()
    private let directory: TemporaryDirectory

    /// The files, each with something sound.
    static let files = [
        ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nanna:x:1:1:Anna,,,:/a:/bin/sh\n"),
        ("etc/shadow", "root:$6$a$b:20000:0:99999:7:::\nanna:!:0::::::\n"),
        ("etc/group", "root:x:0:\nwheel:x:10:anna,root\n"),
        ("etc/userdb/joe.user", #"{"userName":"joe","uid":7,"realName":"Joe"}"#),
        ("etc/sudoers", "User_Alias A = a, b\nA ALL=(ALL) NOPASSWD: C\nCmnd_Alias C = /x, !/y\n"),
        ("etc/sudoers.d/a", "@include b\n"),
        ("etc/doas.conf", "permit setenv { A=b } anna as root cmd ls\n"),
        ("etc/ssh/sshd_config", "AuthorizedKeysFile .ssh/k /etc/%u\nHostKey /etc/ssh/k\n"),
        ("a/.ssh/authorized_keys", "no-pty ssh-rsa AAAAB3NzaC1yc2E= me\n"),
        ("etc/ssh/ssh_host_a_key.pub", "ssh-rsa AAAAB3NzaC1yc2E=\n"),
        ("var/log/lastlog", ""), ("var/lib/lastlog/lastlog2.db", ""),
    ]

    private init() throws {
        directory = try TemporaryDirectory()
        for (path, text) in Self.files { try directory.write(Array(text.utf8), to: path) }
    }

    /// The records with one file replaced.
    func records(_ index: Int, _ bytes: [UInt8]) throws -> AccessRecords {
        let (path, text) = Self.files[index]
        try directory.write(bytes, to: path)
        defer { try! directory.write(Array(text.utf8), to: path) }
        return readAccess(try HostTree(root: directory.path.string)).0
    }
}

func accessFailure(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let index = Int(first) % AccessHost.files.count
    let path = AccessHost.files[index].0
    let records = AccessHost.shared.lock.withLock {
        try! AccessHost.shared.records(index, Array(bytes.dropFirst()))
    }
    // The least account, rule and key take some bytes of their source.
    let count =
        records.accounts.count + records.authorizedKeys.count + records.hostKeys.count
    if count > bytes.count + 8 || records.privileges.count > 10_000 {
        return "\(path): too many items"
    }
    if records.accounts.contains(where: { $0.username.bytes.isEmpty })
        || records.privileges.contains(where: { $0.subject.bytes.isEmpty || $0.rule.bytes.isEmpty })
        || records.authorizedKeys.contains(where: { !$0.fingerprint.hasPrefix("SHA256:") })
    {
        return "\(path): an item without a name"
    }
    var encoder = SnapshotEncoder(
        SnapshotHeader(id: SnapshotText.id, takenAt: Timestamp("2026-11-23T05:13:11Z")!),
        HostRecord(hostID: "a-host"), OSVersionRecord(name: "Linux"), CPUInfoRecord(), nil)
    for account in records.accounts { encoder.add(account) }
    for privilege in records.privileges { encoder.add(privilege) }
    for key in records.authorizedKeys { encoder.add(key) }
    for key in records.hostKeys { encoder.add(key) }
    var file = SnapshotFile(Evidence.whole(encoder.finish()))
    do throws(SnapshotError) {
        if try file.next() != nil, try file.next() == nil { return nil }
        return "\(path): no snapshot"
    } catch {
        return "\(path): \(error)"
    }
}
