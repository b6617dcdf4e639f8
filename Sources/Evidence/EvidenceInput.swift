package import Files
package import SystemPackage

/// A file of evidence while it is read, from its start to its end.
///
/// What is read must be the whole file as it was at one moment: its digest is to stand for it. So it
/// is an error where somebody writes to the file meanwhile; one that grows as fast as it is read
/// would have no end either.
package struct EvidenceInput: ~Copyable {
    private let file: OpenFile
    /// Of a regular file when it was opened; nil for a stream, which ends when it ends.
    private let status: OpenFile.Status?
    /// Bytes that have been read.
    package private(set) var size = 0
    /// Whether it has the name of what `census snap` leaves where it is ended half-way.
    let isLeftover: Bool

    private init(_ file: consuming OpenFile, _ status: OpenFile.Status?) {
        isLeftover = NewFile.isTemporary(file.path.bytes)
        self.file = file
        self.status = status
    }

    /// A pipe or the like, whose end is where it ends.
    package init(stream: consuming OpenFile) { self.init(stream, nil) }

    package static func standardInput() throws(SnapshotError) -> EvidenceInput {
        do throws(FileError) {
            return EvidenceInput(
                stream: try OpenFile(standardStream: 0, name: "standard input"))
        } catch {
            throw SnapshotError(unreadable: error)
        }
    }

    /// - Throws: also where it is no regular file.
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
        throw SnapshotError(.unreadable, "this is no regular file (for a pipe, give -)")
    }

    /// How many bytes the file has; nil for a stream.
    package var sizeOnDisk: Int? { status?.size }

    /// - Returns: how many bytes came, to be put behind `offset`; 0 at the end.
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
            throw SnapshotError(.unreadable, "somebody wrote to it while it was read")
        }
        return count
    }

    private func isAsItWas(atEnd isAtEnd: Bool) throws(FileError) -> Bool {
        guard let status else { return true }
        return isAtEnd ? try file.status() == status : size <= status.size
    }

    /// Goes back to the start.
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
