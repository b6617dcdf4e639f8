package import Evidence
import Glibc
package import Records
import SystemPackage

/// What came of reading a snapshot file to its end or to its first fault.
package struct Reading {
    package var snapshots: [Facts] = []
    package var error: SnapshotError?
    /// What `finishDigest` gave behind that.
    package var digest: String?
    package var size: Int

    /// Reads the bytes as a file on disk.
    package init(
        _ bytes: [UInt8], limits: SnapshotLimits = SnapshotLimits(),
        in directory: TemporaryDirectory? = nil
    ) throws {
        let directory = try directory ?? TemporaryDirectory()
        let path = directory.path.appending("snapshot")
        // Not by `directory.write`, which waits for the disk.
        let descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        var file = try SnapshotFile(EvidenceInput.file(path), limits: limits)
        unlink(path.string)  // ext4 would flush a file that is written over
        do throws(SnapshotError) {
            while let snapshot = try file.next() { snapshots.append(Facts(snapshot)) }
        } catch {
            self.error = error
        }
        digest = try file.finishDigest()
        size = file.size
    }

    package init(_ text: String, limits: SnapshotLimits = SnapshotLimits()) throws {
        try self.init(Array(text.utf8), limits: limits)
    }
}

/// All that a snapshot says, in a form that compares.
package struct Facts: Equatable {
    package struct Process: Equatable {
        package var pid: UInt32
        package var name: [UInt8]
        package var owner: [UInt8]?

        package init(_ pid: UInt32, _ name: String, owner: String? = nil) {
            (self.pid, self.name) = (pid, Array(name.utf8))
            self.owner = owner.map { Array($0.utf8) }
        }
    }

    package var header: SnapshotHeader
    package var host: HostRecord
    package var osVersion: OSVersionRecord
    package var cpuInfo: CPUInfoRecord
    package var collection: CollectionRecord?
    package var processes: [Process]
    package var users: [String]
    /// The keys of the items of each of `ListedKind.all`.
    package var lists: [[[UInt8]]]
    package var sha256: String

    package init(_ snapshot: Snapshot) {
        header = snapshot.header
        host = snapshot.host
        osVersion = snapshot.osVersion
        cpuInfo = snapshot.cpuInfo
        collection = snapshot.collection
        processes = snapshot.processes.rows.map { row in
            var process = Process(row.pid, "")
            let text = snapshot.processes.text
            process.name = Array(text[row.name])
            process.owner =
                row.user.isEmpty ? row.uid.map { Array(String($0).utf8) } : Array(text[row.user])
            return process
        }
        users = snapshot.users
        lists = snapshot.lists.map { list in (0..<list.count).map { Array(list[$0]) } }
        sha256 = snapshot.sha256
    }
}

extension Snapshot {
    /// The names of the users logged in, one for each session.
    package var users: [String] {
        let list = lists[ListedKind.users.index]
        return (0..<list.count).map { String(decoding: list[$0], as: UTF8.self) }
    }
}

extension [UInt8] {
    package static func random(count: Int, using generator: inout SplitMix64) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
