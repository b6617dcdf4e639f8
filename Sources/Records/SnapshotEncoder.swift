import Text

/// Accepts records one at a time.
package protocol RecordSink: ~Copyable {
    /// Accepts the next record.
    mutating func add<Line: Record>(_ record: Line)
}

/// Encodes records as the bytes of a gzipped snapshot file.
///
/// The order of the calls is the order of the format: the host's records once, then all others, in
/// the order of `RecordChoice`, then `finish`.
package struct SnapshotEncoder: RecordSink, ~Copyable {
    private let deflater = Deflater()
    private var digest = SHA256Hasher()
    private var lines = JSONLines()
    private var compressed: [UInt8] = []
    /// The number of records so far.
    package private(set) var counts = EndRecord()

    /// Begins a snapshot with its header.
    package init(
        _ header: SnapshotHeader, _ host: HostRecord, _ osVersion: OSVersionRecord,
        _ cpuInfo: CPUInfoRecord, _ collection: CollectionRecord?
    ) {
        add(header)
        add(host)
        add(osVersion)
        add(cpuInfo)
        if let collection { add(collection) }
    }

    /// Adds a record after those before it, and counts it.
    package mutating func add<Line: Record>(_ record: Line) {
        lines.add(record)
        Line.count(in: &counts)
        if lines.text.count > 1 << 16 { compressText(isLast: false) }
    }

    /// Adds the `end` record.
    /// - Returns: the complete file.
    package consuming func finish() -> [UInt8] {
        compressText(isLast: false)
        counts.sha256 = hexadecimal(digest.finish())
        lines.add(counts)
        compressText(isLast: true)
        return compressed
    }

    private mutating func compressText(isLast: Bool) {
        digest.update(lines.text)
        compressed += deflater.deflate(lines.text, isLast: isLast)
        lines.removeAll()
    }
}
