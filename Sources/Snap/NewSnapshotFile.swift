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
    ///   - directory: the path of the directory.
    ///   - path: the path of the file in messages.
    init(named name: String, in directory: String, path: String) throws(SnapError) {
        let place = try result("create", path, unsafe census_output_directory(bytes(directory)))
        var random: UInt32 = 0
        for byte in try randomBytes(4) { random = random << 8 | UInt32(byte) }
        let temporaryName = bytes(PartialName.of(name, random: random))
        let file = unsafe census_create(place, temporaryName)
        if file < 0 {
            census_close(place)
            throw .file(operation: "create", path: path, code: -file)
        }
        self.path = path
        self.directory = place
        self.file = file
        self.name = bytes(name)
        self.temporaryName = temporaryName
    }

    deinit {
        if !hasAppeared { unsafe census_remove(directory, temporaryName, file) }
        census_close(file)
        census_close(directory)
    }

    /// The kind of what has a name in a directory; nil if nothing has.
    static func kind(
        of name: String, in directory: String, path: String
    ) throws(SnapError) -> Int32? {
        let place = try result("create", path, unsafe census_output_directory(bytes(directory)))
        defer { census_close(place) }
        let kind = unsafe census_kind_of_name(place, bytes(name))
        if kind >= 0 { return kind }
        if census_error_meaning(-kind) == census_no_such_name { return nil }
        throw .file(operation: "create", path: path, code: -kind)
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(SnapError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBufferPointer {
                unsafe census_write(
                    file, $0.baseAddress! + written, Int64(bytes.count - written))
            }
            if count < 0 {
                throw .file(
                    operation: "write", path: path, code: Int32(truncatingIfNeeded: -count))
            }
            written += Int(count)
        }
    }

    /// Gives the file its name, once its bytes are on the medium.
    mutating func publish() throws(SnapError) {
        _ = try result("flush", path, census_flush(file))
        _ = try result("create", path, unsafe census_appear(directory, temporaryName, name))
        hasAppeared = true
        let flushed = census_flush_directory(directory, file)
        if flushed < 0 {
            unsafe census_remove(directory, name, file)
            throw .file(operation: "flush", path: path, code: -flushed)
        }
    }
}

/// The UTF-8 of a text, followed by a NUL.
private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

/// Random bytes of the system.
func randomBytes(_ count: Int) throws(SnapError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = unsafe census_random(&bytes, Int32(count))
    if result < 0 { throw .file(operation: "read", path: "random bytes", code: -result) }
    return bytes
}

private func result(
    _ operation: String, _ path: String, _ result: Int32
) throws(SnapError) -> Int32 {
    if result < 0 { throw .file(operation: operation, path: path, code: -result) }
    return result
}
