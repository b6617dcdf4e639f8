import Records

/// A snapshot being put together, line by line. It knows the order of the records.
struct SnapshotAssembly {
    private let limits: SnapshotLimits
    private var header: SnapshotHeader?
    private var host: HostRecord?
    private var osVersion: OSVersionRecord?
    private var cpuInfo: CPUInfoRecord?
    private var collection: CollectionRecord?
    private var processes = ProcessList()
    private var users: [String] = []
    private var userBytes = 0
    private var processReader = RecordReader.process
    private static let pid = RecordReader.process.index(of: "pid")
    private static let name = RecordReader.process.index(of: "name")
    private static let user = RecordReader.process.index(of: "user")
    private static let uid = RecordReader.process.index(of: "uid")
    /// Kept, since it is asked for at each line.
    private var missingRecord: String? = "host"

    init(limits: SnapshotLimits) { self.limits = limits }

    /// Whether a snapshot has begun.
    var hasBegun: Bool { header != nil }

    /// Takes the next line.
    /// - Returns: what `end` claims the digest to be, and with it the snapshot, if it was `end`.
    mutating func add(
        _ line: Range<Int>, of text: [UInt8]
    ) throws(SnapshotError) -> Snapshot? {
        if addUsualProcess(line, of: text) { return nil }
        let bytes = text.span
        let record = try recordType(line, bytes)
        guard hasBegun else {
            guard record.equals("snapshot", bytes) else {
                throw .corrupt("a snapshot begins with the record \"snapshot\"")
            }
            header = try beginning(line, bytes)
            return nil
        }
        if record.equals("process", bytes) {
            try addProcess(line, bytes)
        } else if record.equals("user", bytes) {
            try addUser(line, bytes)
        } else if record.equals("end", bytes) {
            return try end(self.record(.end, line, bytes))
        } else {
            try addOther(record.string(bytes), line, bytes)
        }
        return nil
    }

    private func record<Line: Record>(
        _ reader: RecordReader, _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> Line {
        var reader = reader
        try reader.scan(line, bytes, limits)
        return try reader.record(bytes, limits)
    }

    private func beginning(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> SnapshotHeader {
        // First, as another format may have other fields.
        if case .integer(let format) = try value(of: "format", line, bytes) {
            if format > SnapshotHeader.newestFormat {
                throw SnapshotError(
                    .unsupported,
                    "format \(format) needs a newer census; this one reads format "
                        + "\(SnapshotHeader.newestFormat)")
            }
            if format < 1 { throw .corrupt("there is no format \(format)") }
        }
        return try record(.header, line, bytes)
    }

    /// The value of `record`, which is the first key unless the writer has another key order.
    private func recordType(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> JSONCursor.Text {
        switch try value(of: "record", line, bytes) {
        case .string(let type): return type
        case nil: throw .corrupt("\"record\" is missing")
        default: throw .corrupt("\"record\" is not a string")
        }
    }

    /// The value of the first member of this name; nil if there is none.
    private func value(
        of name: StaticString, _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> JSONCursor.Value? {
        var cursor = JSONCursor(line, limits)
        try cursor.beginObject(bytes)
        var isFirst = true
        while let key = try cursor.nextKey(bytes, isFirst: isFirst) {
            let value = try cursor.value(bytes)
            if key.equals(name, bytes) { return value }
            isFirst = false
        }
        return nil
    }

    /// - Returns: whether the line was one of those that most are.
    private mutating func addUsualProcess(_ line: Range<Int>, of text: [UInt8]) -> Bool {
        // What is wrong is for the others to tell.
        if missingRecord != nil || !hasRoom { return false }
        guard let process = ProcessLine(line, of: text.span, limits) else { return false }
        processes.append(process, of: text)
        return true
    }

    private mutating func addProcess(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) {
        try beginRow()
        // Not as a record, for which strings would be made that nobody keeps.
        try processReader.scan(line, bytes, limits, checksOtherKeys: false)
        guard let pid = processReader.integer(Self.pid) else {
            throw .missing("pid")
        }
        guard let name = processReader.text(Self.name) else {
            throw .missing("name")
        }
        let user = processReader.text(Self.user)
        processes.append(
            pid: UInt32(pid), name: name, user: user,
            uid: processReader.integer(Self.uid), in: bytes)
    }

    private mutating func addUser(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) {
        try beginRow()
        let record: UserRecord = try record(.user, line, bytes)
        let user = record.user.repaired
        users.append(user)
        userBytes += memory(of: user)
    }

    private func beginRow() throws(SnapshotError) {
        if let missing = missingRecord {
            throw .corrupt("a process or user before the record \"\(missing)\"")
        }
        if processes.rows.count + users.count >= limits.records {
            throw SnapshotError(
                .tooLarge(.records), "more than \(limits.records) processes and users")
        }
        if processes.byteCount + userBytes > limits.keptBytes {
            throw SnapshotError(
                .tooLarge(.memory),
                "names of processes and users of more than \(limits.keptBytes) bytes")
        }
    }

    private var hasRoom: Bool {
        processes.rows.count + users.count < limits.records
            && processes.byteCount + userBytes <= limits.keptBytes
    }

    /// The first of the records that have to come before any process or user and has not.
    private func findMissingRecord() -> String? {
        if host == nil { return "host" }
        if osVersion == nil { return "os_version" }
        return cpuInfo == nil ? "cpu_info" : nil
    }

    private mutating func addOther(
        _ kind: String, _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) {
        let isRepeated: Bool
        switch kind {
        case "snapshot": throw .corrupt("a new snapshot begins before the last one's \"end\"")
        case "host":
            isRepeated = host != nil
            host = try record(.host, line, bytes)
        case "os_version":
            isRepeated = osVersion != nil
            osVersion = try record(.osVersion, line, bytes)
        case "cpu_info":
            isRepeated = cpuInfo != nil
            cpuInfo = try record(.cpuInfo, line, bytes)
        case "collection":
            isRepeated = collection != nil
            collection = try record(.collection, line, bytes)
        default:
            // A record of a collector that knows more; well-formed all the same.
            var reader = RecordReader.later
            return try reader.scan(line, bytes, limits)
        }
        missingRecord = findMissingRecord()
        if isRepeated { throw .corrupt("a second record \"\(kind)\"") }
        if !processes.rows.isEmpty || !users.isEmpty {
            throw .corrupt("the record \"\(kind)\" stands behind processes or users")
        }
    }

    /// The snapshot, with the digest that its `end` claims.
    private func end(_ end: EndRecord) throws(SnapshotError) -> Snapshot {
        if let missing = missingRecord { throw .corrupt("the record \"\(missing)\" is missing") }
        try check("processes", end.processes, processes.rows.count)
        try check("users", end.users, users.count)
        var snapshot = Snapshot(
            header: header!, host: host!, osVersion: osVersion!, cpuInfo: cpuInfo!,
            collection: collection)
        snapshot.processes = processes
        snapshot.users = users
        snapshot.sha256 = end.sha256.lowercased()
        return snapshot
    }

    private func check(
        _ key: String, _ claimed: Int, _ count: Int
    ) throws(SnapshotError) {
        if claimed != count {
            throw .corrupt("\"end\" says \(claimed) \(key), there are \(count)")
        }
    }
}

extension RecordReader {
    fileprivate static let header = RecordReader(SnapshotHeader.self)
    fileprivate static let host = RecordReader(HostRecord.self)
    fileprivate static let osVersion = RecordReader(OSVersionRecord.self)
    fileprivate static let cpuInfo = RecordReader(CPUInfoRecord.self)
    fileprivate static let collection = RecordReader(CollectionRecord.self)
    fileprivate static let process = RecordReader(ProcessRecord.self)
    fileprivate static let user = RecordReader(UserRecord.self)
    fileprivate static let end = RecordReader(EndRecord.self)
    fileprivate static let later = RecordReader(LaterRecord.self)
}

/// A record of a kind that is not known: none of its keys is.
private struct LaterRecord: Record {
    static let kind: StaticString = ""

    func visitFields<Visitor: FieldVisitor>(_ visitor: inout Visitor) {}
}
