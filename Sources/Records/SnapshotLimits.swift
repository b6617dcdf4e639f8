/// What a reader lets a file make it do and hold in memory. What `SnapshotEncoder` writes of a host
/// keeps to the default.
package struct SnapshotLimits: Sendable {
    /// Which limit, by the name that its option has.
    package enum Limit: String, Sendable {
        case line, snapshot, records, memory, name, text, depth
    }

    /// Bytes of one line.
    package var lineBytes = 1 << 20
    /// Bytes of one snapshot's text, uncompressed.
    package var snapshotBytes = 1 << 30
    /// Processes and users of one snapshot together.
    package var records = 1_000_000
    /// Bytes of memory for what is kept of the processes and users of one snapshot.
    package var keptBytes = 16 << 20
    /// Unicode scalars of a name: of any text that a database keeps. Two of them fit into a key of
    /// MySQL's InnoDB, which is why there are not more. The encoder cuts what is longer.
    package var nameScalars = 380
    /// Bytes of any other text, such as a path. The encoder cuts what is longer.
    package var textBytes = 16 << 10
    /// How deep arrays and objects may nest in a key that nobody asked for.
    package var depth = 32
    /// Elements of a list that the encoder writes: of the longest names they fit into a line.
    let elements = 4096

    package init() {}

    package subscript(limit: Limit) -> Int {
        get {
            switch limit {
            case .line: lineBytes
            case .snapshot: snapshotBytes
            case .records: records
            case .memory: keptBytes
            case .name: nameScalars
            case .text: textBytes
            case .depth: depth
            }
        }
        set {
            switch limit {
            case .line: lineBytes = newValue
            case .snapshot: snapshotBytes = newValue
            case .records: records = newValue
            case .memory: keptBytes = newValue
            case .name: nameScalars = newValue
            case .text: textBytes = newValue
            case .depth: depth = newValue
            }
        }
    }
}
