import CDeflate
import CZlib

/// The libraries that write and read gzip: `zlib 1.2.13`, and the version of libdeflate that is
/// compiled for, because it does not tell its own.
package var gzipLibraries: [String] {
    ["zlib \(String(cString: zlibVersion()))", "libdeflate \(LIBDEFLATE_VERSION_STRING)"]
}

/// A gzip member being written (RFC 1952).
struct Deflater: ~Copyable {
    // zlib keeps the address of its stream: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1, fast, to 9, small.
    init(level: Int32 = 6) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = census_deflateInit(stream, level)
        precondition(result == Z_OK, "zlib: \(result)")  // out of memory, or another zlib's header
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses the next bytes.
    /// - Parameter isLast: whether the member ends here.
    /// - Returns: what there is of the member so far, behind what was returned before.
    func deflate(_ input: [UInt8], isLast: Bool) -> [UInt8] {
        var output: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 15)
        input.withUnsafeBufferPointer { input in
            // zlib only reads it; its declaration predates `const`.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let written = room.withUnsafeMutableBufferPointer { room in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(room.count)
                    CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return room.count - Int(stream.pointee.avail_out)
                }
                output += room.prefix(written)
            } while stream.pointee.avail_out == 0
        }
        return output
    }
}

/// Gzip members being read, one after the other (RFC 1952).
struct Inflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether a member has begun and not yet ended.
    private(set) var isInsideMember = false

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = census_inflateInit(stream)
        precondition(result == Z_OK, "zlib: \(result)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
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
            inflateReset(stream)
            isInsideMember = true
        }
        let result = input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress! + inputRange.lowerBound)
                stream.pointee.avail_in = UInt32(inputRange.count)
                stream.pointee.next_out = output.baseAddress! + outputStart
                stream.pointee.avail_out = UInt32(output.count - outputStart)
                return CZlib.inflate(stream, Z_NO_FLUSH)
            }
        }
        inputRange = (inputRange.upperBound - Int(stream.pointee.avail_in))..<inputRange.upperBound
        outputStart = output.count - Int(stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR: break  // the latter: wants more of one or the other
        case Z_STREAM_END: isInsideMember = false
        default:
            let message = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
            throw .corrupt("the gzip data are damaged (\(message))")
        }
    }
}

/// Gzip members that are there as a whole, inflated by libdeflate: in half the time that zlib takes,
/// and a fifth off that of reading a file. What it does not take is for the `Inflater`, which can
/// also say what is wrong. (It takes some codes that zlib refuses and no compressor writes.)
struct MemberInflater: ~Copyable {
    private let decompressor: OpaquePointer

    init() {
        // Fails where there is no memory only.
        decompressor = libdeflate_alloc_decompressor()!
    }

    deinit { libdeflate_free_decompressor(decompressor) }

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
        let result = input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                libdeflate_gzip_decompress_ex(
                    decompressor, input.baseAddress! + inputRange.lowerBound, inputRange.count,
                    output.baseAddress! + outputStart, output.count - outputStart, &read, &written)
            }
        }
        guard result == LIBDEFLATE_SUCCESS else { return false }
        inputRange = inputRange.lowerBound + read..<inputRange.upperBound
        outputStart += written
        return true
    }
}
