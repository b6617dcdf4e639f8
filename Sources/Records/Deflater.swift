import CZlib

/// A gzip member being written (RFC 1952).
@safe struct Deflater: ~Copyable {
    // zlib keeps the address of its stream: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1, fast, to 9, small.
    init(level: Int32 = 6) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let result = unsafe census_deflateInit(stream, level)
        precondition(result == Z_OK, "zlib: \(result)")  // out of memory, or another zlib's header
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses the next bytes.
    /// - Parameter isLast: whether the member ends here.
    /// - Returns: what there is of the member so far, behind what was returned before.
    func deflate(_ input: [UInt8], isLast: Bool) -> [UInt8] {
        var output: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 15)
        unsafe input.withUnsafeBufferPointer { input in
            // zlib only reads it; its declaration predates `const`.
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let written = unsafe room.withUnsafeMutableBufferPointer { room in
                    unsafe stream.pointee.next_out = room.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room.count)
                    unsafe CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return unsafe room.count - Int(stream.pointee.avail_out)
                }
                output += room.prefix(written)
            } while unsafe stream.pointee.avail_out == 0
        }
        return output
    }
}
