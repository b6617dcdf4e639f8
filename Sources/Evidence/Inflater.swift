import CDeflate
import CZlib

/// The libraries that write and read gzip, with their versions: `zlib 1.2.13`. libdeflate does not
/// report its version at run time, so the version of its header is given.
package var gzipLibraries: [String] {
    [unsafe "zlib \(String(cString: zlibVersion()))", "libdeflate \(LIBDEFLATE_VERSION_STRING)"]
}

/// Decompresses gzip members one after another (RFC 1952).
@safe struct Inflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether a member has begun but not ended.
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

    /// Prepares for another file.
    mutating func reset() { isInsideMember = false }

    /// Decompresses bytes of `input` into the free part of `output`, until either is used up or a
    /// member ends.
    /// - Parameters:
    ///   - inputRange: the bytes of `input` still to be read; its start is advanced.
    ///   - outputStart: the start of the free part of `output`; it is advanced.
    /// - Throws: `corrupt` if the data is damaged.
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
            // Not of a slice, which would copy.
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
        case Z_OK, Z_BUF_ERROR: break  // the latter: needs more input or more room
        case Z_STREAM_END: isInsideMember = false
        default:
            let message =
                unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "error \(result)"
            throw .corrupt("the gzip data is damaged (\(message)); copy the file again")
        }
    }
}

/// Decompresses complete gzip members with libdeflate, in half the time that zlib takes; reading a
/// file takes a fifth less time. Whatever it does not accept is left to `Inflater`, which also
/// reports what is wrong. (It accepts some codes that zlib refuses and no compressor writes.)
@safe struct MemberInflater: ~Copyable {
    private let decompressor: OpaquePointer

    init() {
        // Fails only if no memory is left.
        unsafe decompressor = libdeflate_alloc_decompressor()!
    }

    deinit { unsafe libdeflate_free_decompressor(decompressor) }

    /// Decompresses the member at the start of the range of `input` into the free part of `output`.
    /// - Returns: whether it succeeded: the member is complete and well-formed, and its text fits.
    ///   Otherwise only the free part of `output` has changed.
    func inflate(
        _ input: [UInt8], _ inputRange: inout Range<Int>, into output: inout [UInt8],
        at outputStart: inout Int
    ) -> Bool {
        // libdeflate ignores the checksum of a header (FHCRC, bit 1 of the fourth byte).
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
