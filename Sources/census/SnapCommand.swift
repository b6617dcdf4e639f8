import ArgumentParser
import Files
import FoundationEssentials
import Host
import Output
import Records
import SystemPackage
import Text

struct SnapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snap",
        abstract: "Write the facts of this host to a snapshot file.",
        discussion: """
            Prints the path of the new file. Never overwrites an existing file. Works without \
            root, but then the data may be incomplete; the snapshot records the user id.

            Examples:
              census snap -d /media/usb
              census snap -o - | ssh desk 'cat > web-01.jsonl.gz'
              census snap --root /mnt/disk --host-id disk-0417
            """)

    @Option(
        name: .short,
        help: ArgumentHelp(
            "The directory to write the file to. (default: .)", valueName: "dir"),
        completion: .directory)
    var directory: String?

    @Option(
        name: .short,
        help: ArgumentHelp("The output file; - for standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp("The root of the host's file system.", valueName: "dir"),
        completion: .directory)
    var root = "/"

    @Option(
        name: .customLong("host-id"),
        help: ArgumentHelp(
            "Host identifier to use instead of the machine-id.", valueName: "id"))
    var hostID: String?

    func validate() throws {
        if directory != nil && output != nil {
            throw ValidationError("-d and -o cannot be used together.")
        }
        for (option, value) in [("-d", directory), ("-o", output), ("--root", root)]
        where value?.isEmpty == true {
            throw ValidationError("\(option) is empty.")
        }
        if directory == "-" {
            throw ValidationError("-d takes a directory; use -o - for standard output.")
        }
        if output?.hasSuffix("/") == true {
            throw ValidationError("-o takes a file; use -d for a directory.")
        }
        if let hostID, hostID.isEmpty || hostID.utf8.count > 255 {
            throw ValidationError("--host-id takes 1 to 255 bytes.")
        }
    }

    func run() throws {
        if output == "-" && Console.isOutputTerminal {
            throw Failure(
                message: "refusing to write binary data to a terminal: redirect it with | or >")
        }
        let tree = try openTree()
        guard let collector = HostCollector(tree, hostID: hostID) else {
            let asRoot =
                HostCollector.needsRootToIdentify(tree)
                ? "run as root to read the product UUID, or " : ""
            let failures =
                tree.unreadable.isEmpty
                ? "" : "; could not read \(tree.unreadable.prefix(3).joined(separator: "; "))"
            throw Failure(
                message: """
                    nothing under \(root) identifies the host (no machine-id, no product UUID, no \
                    hostname of its own\(failures)): \(asRoot)give --host-id
                    """)
        }
        guard let now = Timestamp.now() else {
            throw Failure(message: "the system clock is wrong: set it first")
        }
        let header = SnapshotHeader(
            id: UUID().uuidString.lowercased(), takenAt: now,
            utcOffsetSeconds: tree.isLive
                ? LiveSystem.utcOffsetSeconds(at: now.unixSeconds) : nil,
            generator: "census \(Census.version)")
        let head = collector.head
        var snapshot = CountingEncoder(
            SnapshotEncoder(header, head.host, head.osVersion, head.cpuInfo, head.collection))
        collector.yield(to: &snapshot)
        let summary = summary(head, snapshot.counts)
        let bytes = snapshot.finish()

        if output == "-" {
            try Console.output().write(bytes)
        } else {
            let path =
                output.map { FilePath($0) }
                ?? FilePath(directory ?? ".")
                .appending(SnapshotName(header, hostname: head.host.hostname).text)
            let files = OutputFiles(sparing: FilesInUse())
            try files.file(at: path, .unique).write(bytes)
            try files.publish()
            try Console.output().write(Array("\(path)\n".utf8))
        }
        Console.note(summary)
    }

    private func openTree() throws -> HostTree {
        do throws(HostError) { return try HostTree(root: root) } catch {
            throw FileError("open", FilePath(root), Errno(rawValue: error.code))
        }
    }
}

/// Encodes records and counts them.
private struct CountingEncoder: RecordSink, ~Copyable {
    private var encoder: SnapshotEncoder
    private(set) var counts = EndRecord()

    init(_ encoder: consuming SnapshotEncoder) { self.encoder = encoder }

    mutating func add<Line: Record>(_ record: Line) {
        encoder.add(record)
        Line.count(in: &counts)
    }

    consuming func finish() -> [UInt8] { encoder.finish() }
}

/// A summary of the facts in one line.
private func summary(_ facts: SnapshotHead, _ counts: EndRecord) -> String {
    let os = [facts.osVersion.name, facts.osVersion.version].compactMap(\.self)
    var parts = [
        os.joined(separator: " "), facts.cpuInfo.model ?? "processor unknown",
        facts.host.ip ?? "address unknown",
    ]
    if facts.collection.processesHidden == nil {
        parts.append("processes unknown")
    } else {
        parts.append(counted(counts.processes, "process"))
    }
    if let unreadable = facts.collection.processesUnreadable, unreadable > 0 {
        parts.append("\(unreadable) more unreadable")
    }
    if facts.collection.processesHidden == true { parts.append("other processes hidden") }
    if facts.collection.sessionSource == "none" {
        parts.append("users unknown")
    } else {
        parts.append("\(counted(counts.users, "login"))")
    }
    if let files = facts.collection.unreadable {
        parts.append("could not read \(files.prefix(3).joined(separator: "; "))")
        if files.count > 3 { parts.append("and \(files.count - 3) more") }
    }
    if facts.collection.euid != 0 { parts.append("not run as root") }
    return "\(facts.host.hostname ?? facts.host.hostID): \(parts.joined(separator: ", "))"
}
