import Crypto
import Text

/// Turns records into the bytes of a snapshot file, gzipped.
///
/// The order of the calls is the order of the format: the host's records once, when the encoder is
/// made, then processes and users, then `finish`.
package struct SnapshotEncoder: ~Copyable {
    private let deflater = Deflater()
    private var digest = SHA256()
    private var text: [UInt8] = []
    private var compressed: [UInt8] = []
    private var processes = 0
    private var users = 0

    package init(
        _ header: SnapshotHeader, _ host: HostRecord, _ osVersion: OSVersionRecord,
        _ cpuInfo: CPUInfoRecord, _ collection: CollectionRecord?
    ) {
        add("snapshot") { line in
            line.add("format", SnapshotHeader.format)
            line.add("id", header.id)
            line.add("taken_at", header.takenAt.description)
            line.add("utc_offset_seconds", header.utcOffsetSeconds)
            line.add("generator", header.generator)
        }
        add("host") { line in
            line.add("host_id", host.hostID)
            line.add("host_id_source", host.hostIDSource)
            line.addRequired("hostname", host.hostname)
            line.addRequired("ip", host.ip)
            // More make a line that the reader refuses.
            line.add("addresses", host.addresses.map { Array($0.prefix(4096)) })
            line.add("boot_time", host.bootTime)
            line.add("kernel", host.kernel)
            line.add("arch", host.arch)
            line.add("container", host.container)
        }
        add("os_version") { line in
            line.add("name", osVersion.name)
            line.addRequired("version", osVersion.version)
            line.add("platform", osVersion.platform)
            line.add("platform_like", osVersion.platformLike)
            line.add("codename", osVersion.codename)
            line.add("release", osVersion.release)
            line.add("build", osVersion.build)
        }
        add("cpu_info") { line in
            line.addRequired("model", cpuInfo.model)
            line.add("manufacturer", cpuInfo.manufacturer)
            line.add("sockets", cpuInfo.sockets)
            line.add("number_of_cores", cpuInfo.numberOfCores)
            line.add("logical_processors", cpuInfo.logicalProcessors)
            line.add("max_clock_speed_mhz", cpuInfo.maxClockSpeedMHz)
        }
        guard let collection else { return }
        add("collection") { line in
            line.add("euid", collection.euid)
            line.add("session_source", collection.sessionSource)
            line.add("processes_hidden", collection.processesHidden)
            line.add("processes_unreadable", collection.processesUnreadable)
            line.add("unreadable", collection.unreadable)
        }
    }

    package mutating func add(_ process: ProcessRecord) {
        add("process") { line in
            line.add("pid", process.pid)
            line.add("name", process.name)
            line.add("parent", process.parent)
            line.add("uid", process.uid)
            line.add("user", process.user)
            line.add("start_time", process.startTime)
            line.add("path", text: process.path)
        }
        processes += 1
    }

    package mutating func add(_ user: UserRecord) {
        add("user") { line in
            line.add("user", user.user)
            line.add("tty", text: user.tty)
            line.add("host", text: user.host)
            line.add("time", user.time)
            line.add("pid", user.pid)
        }
        users += 1
    }

    /// Adds the `end` record.
    /// - Returns: the whole file.
    package consuming func finish() -> [UInt8] {
        compressText(isLast: false)
        let sha256 = hexadecimal(digest.finalize())
        let (processes, users) = (processes, users)
        add("end") { line in
            line.add("processes", processes)
            line.add("users", users)
            line.add("sha256", sha256)
        }
        compressText(isLast: true)
        return compressed
    }

    private mutating func add(_ record: String, _ fill: (inout JSONLine) -> Void) {
        var buffer: [UInt8] = []
        swap(&buffer, &text)  // so that it is not copied
        var line = JSONLine(appendingTo: buffer)
        line.add("record", record)
        fill(&line)
        text = line.finish()
        if text.count > 1 << 16 { compressText(isLast: false) }
    }

    private mutating func compressText(isLast: Bool) {
        digest.update(data: text)
        compressed += deflater.deflate(text, isLast: isLast)
        text.removeAll(keepingCapacity: true)
    }
}
