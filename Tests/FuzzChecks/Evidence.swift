import Evidence
import Files
import Glibc
import SystemPackage

/// Bytes as open files, without a disk.
enum Evidence {
    /// A file that is read in one piece, if it fits into the reader's buffer.
    static func whole(_ bytes: [UInt8]) -> EvidenceInput {
        let path = FilePath("/dev/shm/census-fuzz-\(UInt64.random(in: .min ... .max))")
        do {
            let descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate],
                permissions: .ownerReadWrite)
            defer { unlink(path.string) }
            try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
            return try EvidenceInput.file(path)
        } catch {
            fatalError("\(error)")
        }
    }

    /// A stream of up to 100 pieces: each read of a packet socket returns one write.
    static func inPieces(_ bytes: [UInt8]) -> EvidenceInput {
        var ends: [CInt] = [0, 0]
        check(socketpair(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue), 0, &ends))
        defer { for end in ends { close(end) } }
        var room: CInt = 212_992  // the limit for any user
        check(setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, 4))
        var start = 0
        while start < bytes.count {
            let count = min(bytes.count / 100 + 1, bytes.count - start)
            let sent = bytes.withUnsafeBytes {
                send(ends[1], $0.baseAddress! + start, count, CInt(MSG_DONTWAIT))
            }
            check(CInt(sent))
            start += count
        }
        do throws(FileError) {
            return EvidenceInput(
                stream: try OpenFile(standardStream: Int(ends[0]), name: "evidence"))
        } catch {
            fatalError("\(error)")
        }
    }

    private static func check(_ result: CInt) {
        if result < 0 { fatalError("\(Errno(rawValue: errno))") }
    }
}
