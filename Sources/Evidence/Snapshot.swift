package import Records

/// A snapshot as it was read: whole, its counts and digest checked.
package struct Snapshot: Sendable {
    package var header: SnapshotHeader
    package var host: HostRecord
    package var osVersion: OSVersionRecord
    package var cpuInfo: CPUInfoRecord
    package var collection: CollectionRecord?
    package var processes = ProcessList()
    /// Who was logged in, by name, one entry a session.
    package var users: [String] = []
    /// SHA-256, in lower-case hexadecimal, of the snapshot's text before its `end`.
    package var sha256 = ""

    /// Bytes of memory, about.
    package var byteCount: Int {
        var texts = TextSizes()
        var (header, host, os, cpu) = (header, host, osVersion, cpuInfo)
        header.visitFields(&texts)
        host.visitFields(&texts)
        os.visitFields(&texts)
        cpu.visitFields(&texts)
        if var collection { collection.visitFields(&texts) }
        return processes.byteCount + texts.byteCount + memory(of: sha256)
            + users.reduce(0) { $0 + memory(of: $1) }
    }

    private struct TextSizes: FieldVisitor {
        typealias Failure = Never
        var byteCount = 0

        mutating func visit<Value: FieldConvertible>(_ value: inout Value, _ field: Field) {
            switch value.fieldValue {
            case .text(let text): byteCount += memory(of: text)
            case .texts(let texts): for text in texts { byteCount += memory(of: text) }
            case .bytes(let text): byteCount += text.bytes.count
            case .unknown, .integer, .boolean: break
            }
        }
    }

    /// Whether `processes` is all that the collector could see. One that had no /proc to look into
    /// has a `collection` record that does not say whether some were hidden.
    package var areProcessesKnown: Bool {
        guard processes.rows.isEmpty, let collection else { return true }
        return collection.processesHidden != nil
    }

    /// Whether `users` is all there were. Where the host keeps no account of its sessions an empty
    /// list means that nothing is known.
    package var areUsersKnown: Bool { !users.isEmpty || collection?.sessionSource != "none" }
}

/// What the reader keeps of a snapshot's processes: of each its PID, name and owner, in a form
/// that needs no allocation for each of them.
package struct ProcessList: Sendable {
    package struct Row: Sendable {
        package let pid: UInt32
        private let nameStart: UInt32
        private let nameCount: UInt32
        private let userCount: UInt32
        /// -1 if it is not known.
        private let uidOrNone: Int

        fileprivate init(pid: UInt32, name: Range<Int>, user: Range<Int>, uid: Int?) {
            self.pid = pid
            nameStart = UInt32(name.lowerBound)
            nameCount = UInt32(name.count)
            userCount = UInt32(user.count)
            uidOrNone = uid ?? -1
        }

        /// Where the name stands in `text`.
        package var name: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
        /// Where the owner's name stands in `text`, behind that of the process; empty if it is not
        /// known.
        package var user: Range<Int> { name.upperBound..<name.upperBound + Int(userCount) }
        /// The owner's user id.
        package var uid: Int? { uidOrNone < 0 ? nil : uidOrNone }
    }

    package private(set) var rows: [Row] = []
    /// The UTF-8 of all names.
    package private(set) var text: [UInt8] = []

    package init() {}

    /// Bytes of memory, about.
    package var byteCount: Int { rows.count * MemoryLayout<Row>.stride + text.count }

    /// Adds a process whose names are in `line`.
    mutating func append(_ process: ProcessLine, of line: [UInt8]) {
        let nameStart = text.count
        text.append(contentsOf: line[process.name])
        let nameEnd = text.count
        text.append(contentsOf: line[process.user])
        rows.append(
            Row(
                pid: process.pid, name: nameStart..<nameEnd, user: nameEnd..<text.count,
                uid: process.uid))
    }

    /// Adds a process whose strings are still in the line they were read from.
    mutating func append(
        pid: UInt32, name: JSONCursor.Text, user: JSONCursor.Text?, uid: Int?,
        in bytes: Span<UInt8>
    ) {
        let nameStart = text.count
        name.append(bytes, to: &text)
        let nameEnd = text.count
        user?.append(bytes, to: &text)
        rows.append(
            Row(pid: pid, name: nameStart..<nameEnd, user: nameEnd..<text.count, uid: uid))
    }
}

/// Bytes of memory that an element of an array takes, about: up to 15 of text are in it, more are by
/// themselves, behind a header.
func memory(of text: String) -> Int {
    let count = text.utf8.count
    return MemoryLayout<String>.stride + (count > 15 ? 32 + count : 0)
}
