import CHost

/// Compresses one gzip member (RFC 1952).
@safe struct Deflater: ~Copyable {
    private let deflater: UnsafeMutableRawPointer

    /// - Parameter level: from 1, fastest, to 9, smallest.
    init(level: Int32 = 6) {
        guard let deflater = unsafe census_deflate_begin(level) else { fatalError("no memory") }
        unsafe self.deflater = deflater
    }

    deinit { unsafe census_deflate_end(deflater) }

    /// Compresses the next bytes.
    /// - Parameter isLast: whether the member ends after them.
    /// - Returns: the bytes of the member produced since the last call.
    func deflate(_ input: [UInt8], isLast: Bool) -> [UInt8] {
        var output: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 15)
        unsafe input.withUnsafeBufferPointer { input in
            var rest = input.baseAddress
            var restCount = Int64(input.count)
            var written = 0
            repeat {
                written = unsafe room.withUnsafeMutableBufferPointer { room in
                    unsafe Int(
                        census_deflate(
                            deflater, &rest, &restCount, isLast ? 1 : 0, room.baseAddress,
                            Int64(room.count)))
                }
                output += room.prefix(written)
            } while written == room.count
        }
        return output
    }
}
