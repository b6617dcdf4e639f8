package import Files
package import SystemPackage
import Text

/// An input file being read from start to end.
///
/// The digest of a file must describe the whole file at one moment. Reading therefore fails if
/// another program writes to the file at the same time. This also bounds the reading of a file that
/// grows as fast as it is read.
package struct EvidenceInput: ~Copyable {
    private let file: OpenFile
    /// The status of a regular file when it was opened; nil for a stream.
    private let status: OpenFile.Status?
    /// Number of bytes read so far.
    package private(set) var size = 0
    /// Whether the file has the name of a temporary file of `census snap`, which an interrupted run
    /// leaves behind.
    let isLeftover: Bool

    private init(_ file: consuming OpenFile, _ status: OpenFile.Status?) {
        isLeftover = PartialName.isPartial(file.path.bytes)
        self.file = file
        self.status = status
    }

    /// Reads a non-seekable stream, such as a pipe, to its end.
    package init(stream: consuming OpenFile) { self.init(stream, nil) }

    /// Reads standard input.
    /// - Throws: `unreadable` if it is closed or a directory.
    package static func standardInput() throws(SnapshotError) -> EvidenceInput {
        do throws(FileError) {
            return EvidenceInput(
                stream: try OpenFile(standardStream: 0, name: "standard input"))
        } catch {
            throw SnapshotError(unreadable: error)
        }
    }

    /// Opens a regular file.
    /// - Parameter followingLink: whether a symbolic link is followed; if not, it is an error.
    /// - Throws: `unreadable` if the file cannot be opened or is not a regular file.
    package static func file(
        _ path: FilePath, followingLink: Bool = true
    ) throws(SnapshotError) -> EvidenceInput {
        do throws(FileError) {
            let file = try OpenFile(reading: path, followingLink: followingLink)
            let status = try file.status()
            switch status.kind {
            case .regular: return EvidenceInput(file, status)
            case .directory: throw FileError("read", path, .isDirectory)
            case .other: break
            }
        } catch {
            throw SnapshotError(unreadable: error)
        }
        throw SnapshotError(.unreadable, "not a regular file; to read a pipe, give -")
    }

    /// The size of the file in bytes; nil for a stream.
    package var sizeOnDisk: Int? { status?.size }

    /// - Returns: the number of bytes read into `buffer` at `offset`; 0 at the end.
    mutating func read(
        into buffer: inout [UInt8], at offset: Int = 0
    ) throws(SnapshotError) -> Int {
        let count: Int
        let isUnchanged: Bool
        do throws(FileError) {
            count = try file.read(into: &buffer, at: offset)
            size += count
            isUnchanged = try isAsItWas(atEnd: count == 0)
        } catch {
            throw SnapshotError(unreadable: error)
        }
        if !isUnchanged {
            throw SnapshotError(.unreadable, "the file changed while it was read; try again")
        }
        return count
    }

    private func isAsItWas(atEnd isAtEnd: Bool) throws(FileError) -> Bool {
        guard let status else { return true }
        return isAtEnd ? try file.status() == status : size <= status.size
    }

    /// Seeks to the start, to read the file again.
    package mutating func rewind() throws(SnapshotError) {
        do throws(FileError) { try file.rewind() } catch { throw SnapshotError(unreadable: error) }
        size = 0
    }
}

extension SnapshotError {
    fileprivate init(unreadable error: FileError) {
        self.init(.unreadable, error.errno.description)
    }
}
