/// The limits of the work and the memory that a file can cause. The output of `SnapshotEncoder` is
/// within the defaults.
package struct SnapshotLimits: Sendable {
    /// A limit, by the name of its option.
    package enum Limit: String, Sendable {
        case line, snapshot, records, memory, name, text, depth
    }

    /// The maximum length of a line in bytes.
    package var lineBytes = 1 << 20
    /// The maximum size of a snapshot's uncompressed text in bytes.
    package var snapshotBytes = 1 << 30
    /// The maximum number of processes, users and other items of a snapshot in total.
    package var records = 1_000_000
    /// The maximum memory for the processes, users and other items of a snapshot in bytes.
    package var keptBytes = 16 << 20
    /// The maximum length in Unicode scalars of a name, that is of any text stored in a database.
    /// Two names fit into a key of InnoDB (MySQL manual, "InnoDB Limits"). The encoder truncates
    /// longer names.
    package var nameScalars = 380
    /// The maximum length of any other text in bytes, such as a path. The encoder truncates longer
    /// text.
    package var textBytes = 16 << 10
    /// The maximum depth of arrays and objects in an unknown key.
    package var depth = 32
    /// The maximum number of elements of a list that the encoder writes: so many of the longest
    /// names fit into a line.
    let elements = 4096

    /// The defaults.
    package init() {}

    /// The value of a limit.
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
