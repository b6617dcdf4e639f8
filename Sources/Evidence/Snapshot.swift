package import Records
import Text

/// A complete snapshot whose counts and digest have been verified.
package struct Snapshot: Sendable {
    /// The `snapshot` record.
    package var header: SnapshotHeader
    /// The `host` record.
    package var host: HostRecord
    /// The `os_version` record.
    package var osVersion: OSVersionRecord
    /// The `cpu_info` record.
    package var cpuInfo: CPUInfoRecord
    /// The `collection` record; nil if the collector wrote none.
    package var collection: CollectionRecord?
    /// The `process` records.
    package var processes = ProcessList()
    /// The items of each of `ListedKind.all`.
    package var lists = ListedKind.all.map { _ in ItemList() }
    /// SHA-256 of the snapshot's text before its `end` record, in lower-case hexadecimal.
    package var sha256 = ""

    /// Bytes of memory, about: what `countBytes` found.
    package private(set) var byteCount = 0

    /// Determines `byteCount`.
    mutating func countBytes() {
        var texts = TextSizes()
        var (header, host, os, cpu) = (header, host, osVersion, cpuInfo)
        header.visitFields(&texts)
        host.visitFields(&texts)
        os.visitFields(&texts)
        cpu.visitFields(&texts)
        if var collection { collection.visitFields(&texts) }
        byteCount =
            processes.byteCount + texts.byteCount + memory(of: sha256)
            + lists.reduce(0) { $0 + $1.byteCount }
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

    /// Whether `processes` is the complete list as far as the collector could see. It is not if
    /// /proc could not be read: the `collection` record then does not say whether processes were
    /// hidden.
    package var areProcessesKnown: Bool {
        guard processes.rows.isEmpty, let collection else { return true }
        return collection.processesHidden != nil
            && collection.omitted?.contains("\(ProcessRecord.kind)") != true
    }

    /// Whether the items of a kind are all that the host has; false if some are unknown, nil if the
    /// collector did not look for them.
    package func isKnown(_ kind: ListedKind) -> Bool? {
        kind.areAll(collection, isEmpty: lists[kind.index].isEmpty)
    }

    /// The files that could not be read, or not to their end; nil if the collector does not name its
    /// sources.
    package var unreadFiles: UnreadFiles? { UnreadFiles(collection) }

    /// The number of processes and items in lists.
    package var rowCount: Int { processes.rows.count + lists.reduce(0) { $0 + $1.count } }
}

/// The processes of a snapshot: the PID, name and owner of each, stored without an allocation per
/// process.
package struct ProcessList: Sendable {
    /// One process. Inlined in the loader, which reads each.
    @usableFromInline package struct Row: Sendable {
        /// The process id.
        @usableFromInline package let pid: UInt32
        @usableFromInline let nameStart: UInt32
        @usableFromInline let nameCount: UInt32
        @usableFromInline let userCount: UInt32
        /// -1 if unknown.
        @usableFromInline let uidOrNone: Int64

        fileprivate init(pid: UInt32, name: Range<Int>, user: Range<Int>, uid: Int64?) {
            self.pid = pid
            nameStart = UInt32(name.lowerBound)
            nameCount = UInt32(name.count)
            userCount = UInt32(user.count)
            uidOrNone = uid ?? -1
        }

        /// The range of the name in `text`.
        @inlinable package var name: Range<Int> {
            Int(nameStart)..<Int(nameStart) + Int(nameCount)
        }
        /// The range of the owner's name in `text`, after the name of the process; empty if
        /// unknown.
        @inlinable package var user: Range<Int> {
            name.upperBound..<name.upperBound + Int(userCount)
        }
        /// The user id of the owner; nil if unknown.
        @inlinable package var uid: Int64? { uidOrNone < 0 ? nil : uidOrNone }
    }

    /// The processes, in the order of the file.
    package private(set) var rows: [Row] = []
    /// The UTF-8 of all names, one after another.
    package private(set) var text: [UInt8] = []

    /// An empty list.
    package init() {}

    /// Bytes of memory, about.
    package var byteCount: Int { rows.count * MemoryLayout<Row>.stride + text.count }

    /// Adds a process whose names are ranges of `line`.
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

    /// Adds a process whose strings have not yet been decoded from the line.
    mutating func append(
        pid: UInt32, name: JSONCursor.Text, user: JSONCursor.Text?, uid: Int64?,
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

/// Approximate memory in bytes of a string in an array: up to 15 bytes of UTF-8 are stored inline,
/// a longer text is stored separately with a header.
func memory(of text: String) -> Int {
    let count = text.utf8.count
    return MemoryLayout<String>.stride + (count > 15 ? 32 + count : 0)
}
