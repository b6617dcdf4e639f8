import Records
import Text

extension SnapshotHeader {
    init(_ object: JSONObject) throws(SnapshotError) {
        let format = try object.requiredInteger("format")
        if format > Self.format {
            throw SnapshotError(
                .unsupported,
                "format \(format) needs a newer census; this one reads format \(Self.format)")
        }
        if format < 1 { throw .corrupt("there is no format \(format)") }
        let id = try object.requiredString("id")
        guard isLowercaseUUID(id) else {
            throw .corrupt("\"id\" is not a UUID in lower case")
        }
        guard let takenAt = Timestamp(try object.requiredString("taken_at")) else {
            throw .corrupt("\"taken_at\" is not a time such as 2026-11-23T05:13:11Z")
        }
        self.init(
            id: id, takenAt: takenAt,
            utcOffsetSeconds: try object.integer("utc_offset_seconds", in: -86_400...86_400),
            generator: try object.string("generator"))
    }
}

private func isLowercaseUUID(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    let digits = Set("0123456789abcdef")
    return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.joined().allSatisfy(digits.contains)
}

extension HostRecord {
    init(_ object: JSONObject) throws(SnapshotError) {
        self.init(hostID: try object.requiredString("host_id"))
        hostIDSource = try object.string("host_id_source")
        hostname = try object.stringOrUnknown("hostname")
        ip = try object.stringOrUnknown("ip")
        addresses = try object.strings("addresses")
        bootTime = try object.integer("boot_time")
        kernel = try object.string("kernel")
        arch = try object.string("arch")
        container = try object.string("container")
    }
}

extension OSVersionRecord {
    init(_ object: JSONObject) throws(SnapshotError) {
        self.init(name: try object.requiredString("name"))
        version = try object.stringOrUnknown("version")
        platform = try object.string("platform")
        platformLike = try object.string("platform_like")
        codename = try object.string("codename")
    }
}

extension CPUInfoRecord {
    init(_ object: JSONObject) throws(SnapshotError) {
        self.init()
        model = try object.stringOrUnknown("model")
        manufacturer = try object.string("manufacturer")
        sockets = try object.integer("sockets", in: 0 ... .max)
        numberOfCores = try object.integer("number_of_cores", in: 0 ... .max)
        logicalProcessors = try object.integer("logical_processors", in: 0 ... .max)
        maxClockSpeedMHz = try object.integer("max_clock_speed_mhz", in: 0 ... .max)
    }
}

extension CollectionRecord {
    init(_ object: JSONObject) throws(SnapshotError) {
        self.init()
        euid = try object.integer("euid", in: 0 ... .max)
        sessionSource = try object.string("session_source")
        processesHidden = try object.boolean("processes_hidden")
        processesUnreadable = try object.integer("processes_unreadable", in: 0 ... .max)
    }
}
