import CHost
import Text

/// A snapshot file, which appears whole or not at all and never replaces another file.
///
/// The bytes are written to a temporary file in the same directory, flushed to the medium, and
/// renamed. The directory is looked up once: whatever happens to its path meanwhile, the file appears
/// in it.
struct NewSnapshotFile: ~Copyable {
    private let path: String
    private let directory: Int32
    private let file: Int32
    private let name: [UInt8]
    private let temporaryName: [UInt8]
    private var hasAppeared = false

    /// Creates the temporary file.
    /// - Parameters:
    ///   - directory: of `census_output_directory`; it stays open at least as long as this.
    ///   - path: the path of the file in messages.
    init(named name: String, in directory: Int32, path: String) throws(SnapError) {
        var random: UInt32 = 0
        for byte in try randomBytes(4) { random = random << 8 | UInt32(byte) }
        let temporaryName = nulTerminated(PartialName.of(name, random: random))
        file = try checkedCall("create", path, unsafe census_create(directory, temporaryName))
        self.path = path
        self.directory = directory
        self.name = nulTerminated(name)
        self.temporaryName = temporaryName
    }

    deinit {
        if !hasAppeared { unsafe census_remove(directory, temporaryName, file) }
        census_close(file)
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(SnapError) { try writeAll(bytes, to: file, path: path) }

    /// Gives the file its name, once its bytes are on the medium.
    mutating func publish() throws(SnapError) {
        _ = try checkedCall("flush", path, census_flush(file))
        _ = try checkedCall("create", path, unsafe census_appear(directory, temporaryName, name))
        hasAppeared = true
        let flushed = census_flush_directory(directory, file)
        if flushed < 0 {
            withdraw()
            throw .file(operation: "flush", path: path, code: -flushed)
        }
    }

    /// Removes the file that has appeared.
    func withdraw() { unsafe census_remove(directory, name, file) }
}

/// The UTF-8 of a text, followed by a NUL.
func nulTerminated(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

/// Writes all bytes to an open file.
func writeAll(_ bytes: [UInt8], to file: Int32, path: String) throws(SnapError) {
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes.withUnsafeBufferPointer {
            unsafe census_write(file, $0.baseAddress! + written, Int64(bytes.count - written))
        }
        if count < 0 {
            throw .file(operation: "write", path: path, code: Int32(truncatingIfNeeded: -count))
        }
        written += Int(count)
    }
}

/// Random bytes of the system.
func randomBytes(_ count: Int) throws(SnapError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    _ = try checkedCall("read", "random bytes", unsafe census_random(&bytes, Int32(count)))
    return bytes
}

/// Runs a call of CHost, which gives an error's number, negated, where it fails.
func checkedCall(
    _ operation: String, _ path: String, _ result: Int32
) throws(SnapError) -> Int32 {
    if result < 0 { throw .file(operation: operation, path: path, code: -result) }
    return result
}
