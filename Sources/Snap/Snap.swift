import CHost
import Host
import Records
import Text

/// Takes a snapshot of a host and writes it to a file. `census snap` and the collectors do the same.
package enum Snap {
    /// The version of census.
    package static let version: StaticString = "0.1.0"

    /// Takes the snapshot and writes it.
    /// - Parameter options: those without a fault.
    /// - Returns: the path of the new file, nil for standard output; and the facts in one line.
    package static func take(
        _ options: SnapOptions
    ) throws(SnapError) -> (path: String?, summary: String) {
        let isStream = options.output == "-"
        if isStream && census_is_terminal(1) != 0 {
            throw .other("refusing to write binary data to a terminal: redirect it with | or >")
        }
        if let output = options.output, !isStream { try requireNothing(at: output, options) }
        let collector = try read(options)
        guard let now = Timestamp(unixSeconds: census_now()) else {
            throw .other("the system clock is wrong: set it first")
        }
        let header = SnapshotHeader(
            id: try randomUUID(), takenAt: now,
            utcOffsetSeconds: collector.isLive
                ? LiveSystem.utcOffsetSeconds(at: now.unixSeconds) : nil,
            generator: "census \(version)")
        let head = collector.head
        var encoder = SnapshotEncoder(
            header, head.host, head.osVersion, head.cpuInfo, head.collection)
        collector.yield(to: &encoder)
        let summary = summary(head, encoder.counts, options.choice ?? .all)
        let bytes = encoder.finish()
        if isStream {
            let error = unsafe census_write_stream(1, bytes, Int64(bytes.count))
            if error < 0 {
                throw .file(operation: "write", path: "standard output", code: -error)
            }
            return (nil, summary)
        }
        let path = try write(
            bytes, options, named: SnapshotName(header, hostname: head.host.hostname).text)
        return (path, summary)
    }

    private static func read(_ options: SnapOptions) throws(SnapError) -> HostCollector {
        do throws(CollectorError) {
            return try HostCollector.read(
                root: options.root, hostID: options.hostID,
                choice: options.choice ?? .all)
        } catch {
            switch error {
            case .root(let error):
                throw .file(operation: "open", path: options.root, code: error.code)
            case .unidentified(let reason): throw .other(reason)
            }
        }
    }

    /// A random UUID, version 4 of RFC 9562.
    private static func randomUUID() throws(SnapError) -> String {
        var bytes = try randomBytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let groups = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hexadecimal(bytes[$0]) }
        return groups.joined(separator: "-")
    }

    /// - Returns: the path of the file.
    private static func write(
        _ bytes: [UInt8], _ options: SnapOptions, named name: String
    ) throws(SnapError) -> String {
        let (directory, name, path) = place(options, named: name)
        if name.isEmpty || name == "." || name == ".." {
            throw .file(operation: "create", path: path, code: census_is_directory())
        }
        var file = try NewSnapshotFile(named: name, in: directory, path: path)
        try file.write(bytes)
        try file.publish()
        return path
    }

    /// Fails early, before the host is read.
    private static func requireNothing(
        at output: String, _ options: SnapOptions
    ) throws(SnapError) {
        let (directory, name, path) = place(options, named: "")
        let kind = try NewSnapshotFile.kind(of: name, in: directory, path: path)
        let remedy = "give the name of a file, or - for standard output"
        switch kind {
        case nil: return
        case census_regular:
            throw .file(operation: "create", path: path, code: census_file_exists())
        case census_directory:
            throw .other("cannot write \(path): it is a directory; give the name of a file")
        case census_symbolic_link:
            throw .other(
                """
                cannot write \(path): it is a symbolic link; give the file it points to, or - for \
                standard output
                """)
        case census_fifo: throw .other("cannot write \(path): it is a FIFO; \(remedy)")
        case census_socket: throw .other("cannot write \(path): it is a socket; \(remedy)")
        case census_block_device:
            throw .other("cannot write \(path): it is a block device; \(remedy)")
        default: throw .other("cannot write \(path): it is a character device; \(remedy)")
        }
    }

    /// The directory, the name in it, and the path for messages.
    private static func place(
        _ options: SnapOptions, named name: String
    ) -> (directory: String, name: String, path: String) {
        guard let output = options.output else {
            let directory = options.directory ?? "."
            return (directory, name, join(directory, name))
        }
        let bytes = Array(output.utf8)
        let end = bytes.lastIndex(where: isSeparator).map { $0 + 1 } ?? 0
        let directory = end == 0 ? "." : String(decoding: bytes[..<end], as: UTF8.self)
        return (directory, String(decoding: bytes[end...], as: UTF8.self), output)
    }

    /// The path of a name in a directory. On Windows it has the directory's own separator, and no
    /// `.` in front of the name.
    private static func join(_ directory: String, _ name: String) -> String {
        #if WINDOWS
            var bytes = Array(directory.utf8)
            if bytes.last == UInt8(ascii: "."), bytes.dropLast().last.map(isSeparator) ?? true {
                bytes.removeLast()
            }
            if bytes.last.map(isSeparator) == false {
                let separators = bytes.filter { isSeparator($0) && $0 != UInt8(ascii: ":") }
                bytes.append(separators.last ?? UInt8(ascii: "\\"))
            }
            return String(decoding: bytes, as: UTF8.self) + name
        #else
            let isComplete = directory.utf8.last.map(isSeparator) == true
            return directory + (isComplete ? "" : "/") + name
        #endif
    }

    /// Whether a byte separates the names of a path on this platform.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        #if WINDOWS
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ":")
        #else
            byte == UInt8(ascii: "/")
        #endif
    }
}

/// Whether a source of packages is among these.
private func hasPackages(_ sources: [String]?) -> Bool {
    for source in sources ?? [] where source.utf8.starts(with: "package ".utf8) { return true }
    return false
}

/// The facts in one line.
private func summary(
    _ facts: SnapshotHead, _ counts: EndRecord, _ choice: RecordChoice
) -> String {
    var parts = [
        facts.osVersion.name + (facts.osVersion.version.map { " " + $0 } ?? ""),
        facts.cpuInfo.model ?? "processor unknown", facts.host.ip ?? "address unknown",
    ]
    if !choice.contains(.processes) {
        parts.append("processes omitted")
    } else if facts.collection.processesHidden == nil {
        parts.append("processes unknown")
    } else {
        parts.append(counted(counts.processes, "process"))
    }
    if let unreadable = facts.collection.processesUnreadable, unreadable > 0 {
        // Of Windows they are among the others.
        let more = facts.collection.elevated == nil ? " more" : ""
        parts.append("\(unreadable)\(more) unreadable")
    }
    if facts.collection.processesHidden == true { parts.append("other processes hidden") }
    if !choice.contains(.users) {
        parts.append("users omitted")
    } else if facts.collection.sessionSource == "none" {
        parts.append("users unknown")
    } else {
        parts.append(counted(counts.users, "login"))
    }
    if !choice.contains(.packages) {
        parts.append("packages omitted")
    } else if !hasPackages(facts.collection.sources) && !hasPackages(facts.collection.failedSources)
    {
        parts.append("packages unknown")
    } else {
        parts.append(counted(counts.packages ?? 0, "package"))
    }
    if let accounts = counts.accounts { parts.append(counted(accounts, "account")) }
    if let listeners = counts.listeningPorts { parts.append(counted(listeners, "listener")) }
    if let sources = facts.collection.failedSources {
        parts.append("could not read \(sources.prefix(3).joined(separator: "; "))")
        if sources.count > 3 { parts.append("and \(sources.count - 3) more") }
    }
    if let files = facts.collection.unreadable {
        parts.append("could not read \(files.prefix(3).joined(separator: "; "))")
        if files.count > 3 { parts.append("and \(files.count - 3) more") }
    }
    if let user = facts.collection.euid, user != 0 { parts.append("not run as root") }
    if facts.collection.elevated == false { parts.append("not run as administrator") }
    return "\(facts.host.hostname ?? facts.host.hostID): \(parts.joined(separator: ", "))"
}
