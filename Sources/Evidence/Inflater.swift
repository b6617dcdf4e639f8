import CDeflate
import CZlib

/// The libraries that write and read gzip: `zlib 1.2.13`, and the version of libdeflate that is
/// compiled for, because it does not tell its own.
package var gzipLibraries: [String] {
    [unsafe "zlib \(String(cString: zlibVersion()))", "libdeflate \(LIBDEFLATE_VERSION_STRING)"]
}

/// Gzip members being read, one after the other (RFC 1952).
@safe struct Inflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether a member has begun and not yet ended.
    private(set) var isInsideMember = false

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let result = unsafe census_inflateInit(stream)
        precondition(result == Z_OK, "zlib: \(result)")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Makes ready for another file.
    mutating func reset() { isInsideMember = false }

    /// Inflates bytes of `input` into the free part of `output`, until one of them is used up or
    /// a member ends.
    /// - Parameters:
    ///   - inputRange: the bytes of `input` that are still to be read; its start moves on.
    ///   - outputStart: where the free part of `output` begins; moves on.
    mutating func inflate(
        _ input: [UInt8], _ inputRange: inout Range<Int>, into output: inout [UInt8],
        at outputStart: inout Int
    ) throws(SnapshotError) {
        if !isInsideMember {
            unsafe inflateReset(stream)
            isInsideMember = true
        }
        precondition(0...output.count ~= outputStart)
        let result = unsafe input[inputRange].withUnsafeBufferPointer { input in
            // Not of a slice, which would be a copy.
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress! + outputStart
                unsafe stream.pointee.avail_out = UInt32(output.count - outputStart)
                return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
        let unread = unsafe Int(stream.pointee.avail_in)
        inputRange = (inputRange.upperBound - unread)..<inputRange.upperBound
        outputStart = unsafe output.count - Int(stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR: break  // the latter: wants more of one or the other
        case Z_STREAM_END: isInsideMember = false
        default:
            let message =
                unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "error \(result)"
            throw .corrupt("the gzip data are damaged (\(message))")
        }
    }
}

/// Gzip members that are there as a whole, inflated by libdeflate: in half the time that zlib takes,
/// and a fifth off that of reading a file. What it does not take is for the `Inflater`, which can
/// also say what is wrong. (It takes some codes that zlib refuses and no compressor writes.)
@safe struct MemberInflater: ~Copyable {
    private let decompressor: OpaquePointer

    init() {
        // Fails where there is no memory only.
        unsafe decompressor = libdeflate_alloc_decompressor()!
    }

    deinit { unsafe libdeflate_free_decompressor(decompressor) }

    /// Inflates the member that begins the range of `input` into the free part of `output`.
    /// - Returns: whether that was possible: the whole member is there and well-formed, and its text
    ///   finds room. Otherwise nothing has changed, but for the free part of `output`.
    func inflate(
        _ input: [UInt8], _ inputRange: inout Range<Int>, into output: inout [UInt8],
        at outputStart: inout Int
    ) -> Bool {
        // libdeflate passes over the digest of a header (FHCRC, bit 1 of the fourth byte).
        guard inputRange.count > 3, input[inputRange.lowerBound + 3] & 2 == 0 else { return false }
        var read = 0
        var written = 0
        precondition(0...output.count ~= outputStart)
        let result = unsafe input[inputRange].withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { output in
                unsafe libdeflate_gzip_decompress_ex(
                    decompressor, input.baseAddress, input.count,
                    output.baseAddress! + outputStart, output.count - outputStart, &read, &written)
            }
        }
        guard result == LIBDEFLATE_SUCCESS else { return false }
        inputRange = inputRange.lowerBound + read..<inputRange.upperBound
        outputStart += written
        return true
    }
}
