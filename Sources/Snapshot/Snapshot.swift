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
        func bytes(_ texts: [String?]) -> Int {
            texts.reduce(0) { $0 + MemoryLayout<String>.stride + ($1?.utf8.count ?? 0) }
        }
        return processes.byteCount + bytes(users) + bytes(host.addresses ?? [])
            + bytes([
                header.id, header.generator, sha256, host.hostID, host.hostIDSource, host.hostname,
                host.ip, host.kernel, host.arch, host.container, osVersion.name, osVersion.version,
                osVersion.platform, osVersion.platformLike, osVersion.codename, cpuInfo.model,
                cpuInfo.manufacturer, collection?.sessionSource,
            ])
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
        /// Where the name stands in `text`.
        let name: Range<UInt32>
        /// Where the owner's name stands in `text`; empty if it is not known.
        let user: Range<UInt32>
        /// The owner's user id, -1 if it is not known.
        let uid: Int
    }

    package private(set) var rows: [Row] = []
    private var text: [UInt8] = []

    package init() {}

    /// Bytes of memory, about.
    package var byteCount: Int { rows.count * MemoryLayout<Row>.stride + text.count }

    package func name(of row: Row) -> ArraySlice<UInt8> { slice(row.name) }

    /// The owner's name, or the user id in digits where the host had no name for it, as ps(1)
    /// shows it; nil where neither is known.
    package func owner(of row: Row) -> ArraySlice<UInt8>? {
        if !row.user.isEmpty { return slice(row.user) }
        return row.uid < 0 ? nil : ArraySlice(String(row.uid).utf8)
    }

    private func slice(_ range: Range<UInt32>) -> ArraySlice<UInt8> {
        text[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// Adds a process whose strings are still in the line they were read from.
    mutating func append(
        pid: UInt32, name: JSONCursor.Text, user: JSONCursor.Text?, uid: Int?,
        in bytes: Span<UInt8>
    ) {
        let name = copy(name, bytes)
        let user = user.map { copy($0, bytes) } ?? 0..<0
        rows.append(Row(pid: pid, name: name, user: user, uid: uid ?? -1))
    }

    private mutating func copy(_ string: JSONCursor.Text, _ bytes: Span<UInt8>) -> Range<UInt32> {
        let start = UInt32(text.count)
        string.append(bytes, to: &text)
        return start..<UInt32(text.count)
    }
}
