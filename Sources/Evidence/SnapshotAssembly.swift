import Records

/// Assembles a snapshot from its lines, and checks the order and number of the records.
struct SnapshotAssembly {
    private let limits: SnapshotLimits
    private var header: SnapshotHeader?
    private var host: HostRecord?
    private var osVersion: OSVersionRecord?
    private var cpuInfo: CPUInfoRecord?
    private var collection: CollectionRecord?
    private var end: EndRecord?
    private var processes = ProcessList()
    private var lists = ListedKind.all.map { _ in ItemList() }
    /// The number of records so far, as `end` counts them.
    private var counts = EndRecord()
    private var processReader = RecordReader.process
    private var listedReaders = RecordReader.listed
    /// The name of each of `ListedKind.all`.
    private static let listedNames = ListedKind.all.map { Array($0.record.utf8) }
    private static let pid = RecordReader.process.index(of: "pid")
    private static let name = RecordReader.process.index(of: "name")
    private static let user = RecordReader.process.index(of: "user")
    private static let uid = RecordReader.process.index(of: "uid")
    // Cached, because they are needed for each line.
    private var missingRecord: String? = "host"
    /// The number of processes and items.
    private var rowCount = 0
    /// Bytes of memory for processes and items, about.
    private var byteCount = 0

    init(limits: SnapshotLimits) { self.limits = limits }

    /// Whether a snapshot has begun.
    var hasBegun: Bool { header != nil }

    /// Adds the next line.
    /// - Parameter known: lines of this and other snapshots, read with the same limits.
    /// - Returns: whether the line was `end`, so that the snapshot is complete. It is not returned
    ///   itself: it is large, and an optional one would be copied for each line.
    /// - Throws: `corrupt`, `unsupported` or `tooLarge`, without a line number.
    mutating func add(
        _ line: Range<Int>, of text: [UInt8], _ known: inout KnownLines
    ) throws(SnapshotError) -> Bool {
        if addUsualProcess(line, of: text) || addKnownItem(line, of: text, known) { return false }
        let bytes = text.span
        let record = try recordType(line, bytes)
        guard hasBegun else {
            guard record.equals("snapshot", bytes) else {
                throw .corrupt("a snapshot begins with the record \"snapshot\"")
            }
            header = try beginning(line, bytes)
            return false
        }
        if record.equals("process", bytes) {
            try addProcess(line, bytes)
        } else if let kind = ListedKind.all.first(where: {
            record.equals(Self.listedNames[$0.index], bytes)
        }) {
            try addItem(kind, line, bytes)
            known.keep(line, of: text, kind: kind.index, key: lists[kind.index].last)
        } else if record.equals("end", bytes) {
            let end: EndRecord = try self.record(.end, line, bytes)
            try check(end)
            self.end = end
            return true
        } else {
            try addOther(record.string(bytes), line, bytes)
        }
        return false
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
        // Checked first, because another format may have other fields.
        if case .integer(let format) = try value(of: "format", line, bytes) {
            if format > SnapshotHeader.newestFormat {
                throw SnapshotError(
                    .unsupported,
                    "format \(format) needs a newer census; this one reads format "
                        + "\(SnapshotHeader.newestFormat)")
            }
            if format < 1 { throw .corrupt("\"format\" is \(format), but formats begin with 1") }
        }
        return try record(.header, line, bytes)
    }

    /// The value of `record`, which is the first key unless the writer uses another key order.
    private func recordType(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) -> JSONCursor.Text {
        switch try value(of: "record", line, bytes) {
        case .string(let type): return type
        case nil: throw .corrupt("\"record\" is missing")
        default: throw .corrupt("\"record\" is not a string")
        }
    }

    /// The value of the first member with this name; nil if there is none.
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

    /// - Returns: whether the line had the usual form (`ProcessLine`) and was added.
    private mutating func addUsualProcess(_ line: Range<Int>, of text: [UInt8]) -> Bool {
        // The general path reports what is wrong.
        if missingRecord != nil || !hasRoom { return false }
        guard let process = ProcessLine(line, of: text.span, limits) else { return false }
        let before = processes.byteCount
        processes.append(process, of: text)
        countRow(processes.byteCount - before)
        return true
    }

    /// - Returns: whether the line was read before and was added.
    private mutating func addKnownItem(
        _ line: Range<Int>, of text: [UInt8], _ known: KnownLines
    ) -> Bool {
        if missingRecord != nil || !hasRoom { return false }
        guard let (kind, key) = known.find(line, of: text) else { return false }
        lists[kind].append(key)
        countItem(kind)
        return true
    }

    /// Counts the last item of the list of a kind.
    private mutating func countItem(_ kind: Int) {
        countRow(lists[kind].last.count + MemoryLayout<UInt32>.stride)
        ListedKind.all[kind].count(in: &counts)
    }

    private mutating func countRow(_ bytes: Int) {
        rowCount += 1
        byteCount += bytes
    }

    private mutating func addProcess(
        _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) {
        try beginRow("process")
        // Not read as a record, because its strings would be allocated and discarded.
        try processReader.scan(line, bytes, limits, checksOtherKeys: false)
        guard let pid = processReader.integer(Self.pid) else {
            throw .missing("pid")
        }
        guard let name = processReader.text(Self.name) else {
            throw .missing("name")
        }
        let user = processReader.text(Self.user)
        let before = processes.byteCount
        processes.append(
            pid: UInt32(pid), name: name, user: user,
            uid: processReader.integer(Self.uid), in: bytes)
        countRow(processes.byteCount - before)
    }

    private mutating func addItem(
        _ kind: ListedKind, _ line: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SnapshotError) {
        try beginRow(kind.record)
        try listedReaders[kind.index].scan(line, bytes, limits)
        try lists[kind.index].append(listedReaders[kind.index], bytes, limits)
        countItem(kind.index)
    }

    private func beginRow(_ record: String) throws(SnapshotError) {
        if let missing = missingRecord {
            throw .corrupt("a record \"\(record)\" before the record \"\(missing)\"")
        }
        if rowCount >= limits.records {
            throw SnapshotError(
                .tooLarge(.records), "more than \(limits.records) records")
        }
        if byteCount > limits.keptBytes {
            throw SnapshotError(
                .tooLarge(.memory),
                "texts of more than \(limits.keptBytes) bytes in all records")
        }
    }

    private var hasRoom: Bool { rowCount < limits.records && byteCount <= limits.keptBytes }

    /// The first record missing of those required before any process or item.
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
            // A record of a newer collector. It must be well-formed all the same.
            var reader = RecordReader.later
            return try reader.scan(line, bytes, limits)
        }
        missingRecord = findMissingRecord()
        if isRepeated { throw .corrupt("a second record \"\(kind)\"") }
        if rowCount > 0 {
            throw .corrupt("the record \"\(kind)\" follows one of a process or an item")
        }
    }

    /// The snapshot whose `end` was added, with the digest that this claims.
    func snapshot() -> Snapshot {
        var snapshot = Snapshot(
            header: header!, host: host!, osVersion: osVersion!, cpuInfo: cpuInfo!,
            collection: collection)
        snapshot.processes = processes
        snapshot.lists = lists
        snapshot.sha256 = end!.sha256.lowercased()
        snapshot.countBytes()
        return snapshot
    }

    /// - Throws: `corrupt` if a record is missing, or the counts of `end` are not those of the
    ///   records.
    private func check(_ end: EndRecord) throws(SnapshotError) {
        if let missing = missingRecord { throw .corrupt("the record \"\(missing)\" is missing") }
        var counts = counts
        counts.processes = Int64(processes.rows.count)
        let found = Dictionary(uniqueKeysWithValues: RecordCounts.of(counts))
        for (key, claimed) in RecordCounts.of(end) where claimed != found[key, default: 0] {
            throw .corrupt(
                "\"end\" says \(claimed) \(key), there are \(found[key, default: 0])")
        }
    }
}

/// The integers of an `end` record, by their keys.
private struct RecordCounts: FieldVisitor {
    typealias Failure = Never
    private var counts: [(String, Int64)] = []

    static func of(_ end: EndRecord) -> [(String, Int64)] {
        var end = end
        var list = RecordCounts()
        end.visitFields(&list)
        return list.counts
    }

    mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
        if case .integer(let count) = value.fieldValue { counts.append(("\(field.key)", count)) }
    }
}

extension RecordReader {
    fileprivate static let header = RecordReader(SnapshotHeader.self)
    fileprivate static let host = RecordReader(HostRecord.self)
    fileprivate static let osVersion = RecordReader(OSVersionRecord.self)
    fileprivate static let cpuInfo = RecordReader(CPUInfoRecord.self)
    fileprivate static let collection = RecordReader(CollectionRecord.self)
    fileprivate static let process = RecordReader(ProcessRecord.self)
    /// A reader for each of `ListedKind.all`.
    fileprivate static let listed: [RecordReader] = {
        var list = ReaderList()
        ListedRecords.visit(&list)
        return list.readers
    }()
    fileprivate static let end = RecordReader(EndRecord.self)
    fileprivate static let later = RecordReader(LaterRecord.self)
}

/// A record of an unknown kind: it declares no keys.
private struct LaterRecord: Record {
    static let kind: StaticString = ""

    func visitFields<Visitor: FieldVisitor>(_ visitor: inout Visitor) {}
}

private struct ReaderList: ListedRecordVisitor {
    var readers: [RecordReader] = []

    mutating func visit<Kind: ListedRecord>(_ kind: Kind.Type) {
        readers.append(RecordReader(kind))
    }
}
