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
            header = try SnapshotHeader(JSONObject(line, in: bytes, limits))
            return nil
        }
        if record.equals("process", bytes) {
            try addProcess(line, bytes)
        } else if record.equals("user", bytes) {
            try addUser(line, bytes)
        } else if record.equals("end", bytes) {
            return try end(JSONObject(line, in: bytes, limits))
        } else {
            try addOther(record.string(bytes), JSONObject(line, in: bytes, limits))
        }
        return nil
    }

    /// The value of `record`, which is the first key unless the writer has another taste.
    private func recordType(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> JSONCursor.Text {
        var cursor = JSONCursor(line, limits)
        try cursor.beginObject(bytes)
        var isFirst = true
        while let key = try cursor.nextKey(bytes, isFirst: isFirst) {
            let value = try cursor.value(bytes)
            if key.equals("record", bytes) {
                guard case .string(let type) = value else {
                    throw .corrupt("\"record\" is not a string")
                }
                return type
            }
            isFirst = false
        }
        throw .corrupt("\"record\" is missing")
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
        var row = ProcessRow(limits)
        try row.read(line, bytes)
        guard let pid = row.pid else { throw .corrupt("\"pid\" is missing") }
        guard let name = row.name else { throw .corrupt("\"name\" is missing") }
        processes.append(pid: pid, name: name, user: row.user, uid: row.uid, in: bytes)
    }

    private mutating func addUser(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) {
        try beginRow()
        let object = try JSONObject(line, in: bytes, limits)
        let user = try object.requiredString("user")
        for key in ["user_base64", "tty", "tty_base64", "host", "host_base64"] {
            _ = try object.text(key)
        }
        _ = try object.integer("time")
        _ = try object.integer("pid")
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
        _ record: String, _ object: JSONObject
    ) throws(SnapshotError) {
        let isRepeated: Bool
        switch record {
        case "snapshot": throw .corrupt("a new snapshot begins before the last one's \"end\"")
        case "host":
            isRepeated = host != nil
            host = try HostRecord(object)
        case "os_version":
            isRepeated = osVersion != nil
            osVersion = try OSVersionRecord(object)
        case "cpu_info":
            isRepeated = cpuInfo != nil
            cpuInfo = try CPUInfoRecord(object)
        case "collection":
            isRepeated = collection != nil
            collection = try CollectionRecord(object)
        default: return  // a record of a collector that knows more
        }
        missingRecord = findMissingRecord()
        if isRepeated { throw .corrupt("a second record \"\(record)\"") }
        if !processes.rows.isEmpty || !users.isEmpty {
            throw .corrupt("the record \"\(record)\" stands behind processes or users")
        }
    }

    /// The snapshot, with the digest that its `end` claims.
    private func end(_ object: JSONObject) throws(SnapshotError) -> Snapshot {
        if let missing = missingRecord { throw .corrupt("the record \"\(missing)\" is missing") }
        try checkCount("processes", processes.rows.count, object)
        try checkCount("users", users.count, object)
        var snapshot = Snapshot(
            header: header!, host: host!, osVersion: osVersion!, cpuInfo: cpuInfo!,
            collection: collection)
        snapshot.processes = processes
        snapshot.users = users
        snapshot.sha256 = try object.requiredString("sha256").lowercased()
        return snapshot
    }

    private func checkCount(
        _ key: String, _ count: Int, _ object: JSONObject
    ) throws(SnapshotError) {
        let claimed = try object.requiredInteger(key)
        if claimed != count {
            throw .corrupt("\"end\" says \(claimed) \(key), there are \(count)")
        }
    }
}

/// The keys of a `process` record that the reader keeps. All known keys are checked for type.
private struct ProcessRow {
    var pid: UInt32?
    var name: JSONCursor.Text?
    var user: JSONCursor.Text?
    var uid: Int?
    private var seen: UInt16 = 0
    private let limits: SnapshotLimits

    init(_ limits: SnapshotLimits) { self.limits = limits }

    mutating func read(_ line: Range<Int>, _ bytes: Span<UInt8>) throws(SnapshotError) {
        var cursor = JSONCursor(line, limits)
        try cursor.beginObject(bytes)
        var isFirst = true
        while let key = try cursor.nextKey(bytes, isFirst: isFirst) {
            isFirst = false
            let value = try cursor.value(bytes)
            if key.equals("pid", bytes) {
                try once(0, "pid")
                guard let pid = try integer("pid", value) else { continue }
                self.pid = UInt32(exactly: pid)
                if self.pid == nil { throw .corrupt("\"pid\" is out of range") }
            } else if key.equals("name", bytes) {
                try once(1, "name")
                name = try self.name("name", value, bytes)
            } else if key.equals("user", bytes) {
                try once(2, "user")
                user = try self.name("user", value, bytes)
                // An empty name says no more than none.
                if let text = user, text.start == text.end { user = nil }
            } else if key.equals("uid", bytes) {
                try once(3, "uid")
                uid = try integer("uid", value)
                if let uid, uid < 0 { throw .corrupt("\"uid\" is out of range") }
            } else if key.equals("record", bytes) {
                try once(4, "record")
            } else if key.equals("parent", bytes) {
                try once(5, "parent")
                _ = try integer("parent", value)
            } else if key.equals("start_time", bytes) {
                try once(6, "start_time")
                _ = try integer("start_time", value)
            } else if key.equals("path", bytes) {
                try once(7, "path")
                _ = try text("path", value, bytes)
            } else if key.equals("name_base64", bytes) {
                try once(8, "name_base64")
                _ = try text("name_base64", value, bytes)
            } else if key.equals("user_base64", bytes) {
                try once(9, "user_base64")
                _ = try text("user_base64", value, bytes)
            } else if key.equals("path_base64", bytes) {
                try once(10, "path_base64")
                _ = try text("path_base64", value, bytes)
            }
        }
        try cursor.endLine(bytes)
    }

    private mutating func once(_ bit: UInt16, _ key: StaticString) throws(SnapshotError) {
        if seen & 1 << bit != 0 { throw .corrupt("\"\(key)\" stands there twice") }
        seen |= 1 << bit
    }

    private func integer(
        _ key: StaticString, _ value: JSONCursor.Value
    ) throws(SnapshotError) -> Int? {
        switch value {
        case .integer(let integer): return integer
        case .null: return nil
        default: throw .wrongType("\(key)", "an integer")
        }
    }

    private func name(
        _ key: StaticString, _ value: JSONCursor.Value, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> JSONCursor.Text? {
        let text = try text(key, value, bytes)
        try text?.checkName(key, bytes, limits)
        return text
    }

    private func text(
        _ key: StaticString, _ value: JSONCursor.Value, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> JSONCursor.Text? {
        switch value {
        case .string(let text):
            try text.check(key, bytes, limits)
            return text
        case .null: return nil
        default: throw .wrongType("\(key)", "a string")
        }
    }
}
