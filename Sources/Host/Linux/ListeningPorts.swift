import Records
import Text

/// Reads the sockets that accept connections or datagrams, in every network namespace that a process
/// is in: those of TCP that listen, and those of UDP and raw ones that are not connected, as
/// `ss -ltuw` lists them.
///
/// /proc does not say which interface a socket is bound to, nor the scope of a link-local address.
/// - Parameter processes: by ascending id.
/// - Returns: by protocol, port, family, address, then process.
@inline(never)
func listeningPorts(
    _ tree: borrowing HostTree, _ processes: [ProcessRecord], _ log: SourceLog
) -> [ListeningPortRecord] {
    var sockets = SocketList(log, isLive: tree.isLive)
    // Of each namespace that was read the number, where this user may see it, and negative the inode
    // number of /proc/PID/net/dev, since each has an entry of its own. That takes ten times as long.
    var namespaces: [Int64] = []
    let proc = tree.isLive ? directory(tree, "proc") : nil
    for process in processes where !process.isKernelThread {
        let number = proc?.networkNamespace(process.pid) ?? 0
        if number > 0 && namespaces.contains(number) { continue }
        guard let directory = directory(tree, "proc/\(process.pid)/net"),
            let entry = directory.fileNumber("dev")
        else { continue }
        if !namespaces.contains(-entry) {
            if !sockets.read(directory) { continue }
            namespaces.append(-entry)
        }
        if number > 0 { namespaces.append(number) }
    }
    if namespaces.isEmpty {
        // A tree that has no more than the files of one namespace.
        for path in tree.isLive ? ["proc/net", "proc/1/net"] : ["proc/1/net", "proc/net"] {
            if let directory = directory(tree, path), sockets.read(directory) { break }
        }
    }
    sockets.finish()
    for (index, process) in processes.enumerated()
    where sockets.lackOwners && !process.isKernelThread {
        guard let files = directory(tree, "proc/\(process.pid)/fd") else { continue }
        do throws(HostError) {
            for file in try files.entries() {
                sockets.add(owner: index, of: files.socketNumber(file.bytes))
            }
        } catch { note(error, tree) }
    }
    return sockets.records(processes)
}

/// Opens a directory of /proc.
/// - Returns: nil if the process has ended, or may not be read by this user.
@inline(never)
private func directory(_ tree: borrowing HostTree, _ path: String) -> HostDirectory? {
    do throws(HostError) { return try tree.directory(path) } catch {
        note(error, tree)
        return nil
    }
}

/// Keeps an error in mind, unless the process has ended or may not be read by this user.
private func note(_ error: HostError, _ tree: borrowing HostTree) {
    if !error.isAbsence && !error.isRefusal { tree.note(error) }
}

extension ProcessRecord {
    /// Whether it is one of the kernel's own, which have no files open.
    fileprivate var isKernelThread: Bool { path == nil && (pid == 2 || parent == 2) }
}

/// Sockets, as files under /proc/net list them: one a line, with its address, its peer's, its state,
/// and as the tenth word its inode number (kernel document networking/proc_net_tcp).
private struct SocketList {
    /// The most sockets of a host.
    private static let limit = 1 << 16

    /// The names of the files; those of IPv4 are the protocols' names.
    private static let files = [
        "tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6",
    ]

    private let log: SourceLog
    /// Of each socket the inode number in 8 bytes, then what identifies it: protocol, port in 2
    /// bytes, family, address in 16.
    private var sockets: [[UInt8]] = []
    /// By the index in `sockets` the index of a process; -1 if unknown.
    private var owners: [Int] = []
    private var ownerCount = 0
    /// A bit for each file: whether it was read, and whether it failed somewhere.
    private var (read, failed) = (0, 0)

    /// Whether the files are the kernel's, and no copies, which may be of different times.
    private let isLive: Bool

    init(_ log: SourceLog, isLive: Bool) {
        self.log = log
        self.isLive = isLive
    }

    /// Reads the files in a directory.
    /// - Returns: whether there is any.
    mutating func read(_ directory: borrowing HostDirectory) -> Bool {
        var isAny = false
        for (index, name) in Self.files.enumerated() {
            let bit = 1 << index
            do throws(SourceFailure) {
                let file = try open(name, directory)
                let count = isLive && index < 2 ? socketCount(index, directory) : nil
                if count != 0 { try read(file, UInt8(index), count) }
                read |= bit
            } catch {
                if case .absent = error { continue }
                failed |= bit
                let path = String(decoding: directory.path, as: UTF8.self) + "/" + name
                log.add("listening_port proc", path, error)
            }
            isAny = true
        }
        return isAny
    }

    /// How many sockets of TCP the kernel counts; nil if unknown. For the end of a file of TCP it searches
    /// the table of all connections of all namespaces, which takes some milliseconds even where there are
    /// none.
    private func socketCount(_ index: Int, _ directory: borrowing HostDirectory) -> Int64? {
        do throws(SourceFailure) {
            var lines = LineReader(try open(index == 0 ? "sockstat" : "sockstat6", directory))
            while try lines.advance() {
                let count = lines.value(index == 0 ? "TCP: inuse" : "TCP6: inuse")
                if let count { return decimalNumber(count.prefix { 0x30...0x39 ~= $0 }) }
            }
        } catch {}  // The file itself tells.
        return nil
    }

    private func open(
        _ name: String, _ directory: borrowing HostDirectory
    ) throws(SourceFailure) -> HostFile {
        do throws(HostError) {
            let file = try directory.open(name)
            if try file.isRegular() { return file }
        } catch {
            throw error.isAbsence ? .absent : SourceFailure(error)
        }
        throw .notRegular
    }

    /// - Parameter count: the number of sockets, if it is known; the end of the file is not read then.
    private mutating func read(
        _ file: consuming HostFile, _ index: UInt8, _ count: Int64?
    ) throws(SourceFailure) {
        var lines = LineReader(file)
        var found: Int64 = 0
        // The first line has titles. A copy may have nothing, as the kernel gives these files no
        // length.
        var isTitle = true
        while try lines.advance() {
            if lines.isCut { throw .cut }
            let words = lines.words()
            if isTitle {
                isTitle = false
                continue
            }
            guard words.count > 9, let state = hexadecimalNumber(words[3]),
                let inode = decimalNumber(words[9])
            else { throw .unknownForm }
            // TCP_LISTEN and TCP_CLOSE of the kernel's net/tcp_states.h.
            if state != (index < 2 ? 10 : 7) {
                // Those that listen come first, and a server may have a hundred thousand others.
                // Old kernels have those between that are about to connect, TCP_SYN_RECV.
                if index < 2 && state != 3 { return }
                continue
            }
            var socket: [UInt8] = []
            append(UInt32(inode >> 32), 4, to: &socket)
            append(UInt32(truncatingIfNeeded: inode), 4, to: &socket)
            socket.append(index / 2)
            if sockets.count >= Self.limit { throw .tooMany }
            try add(words[1], index % 2, &socket)
            found += 1
            if found == count { return }
        }
        if isTitle { throw .cut }
    }

    /// Adds a socket with its address, `0100007F:1F90`: words in the host's byte order, which is
    /// little-endian on all that a collector runs on, and the port.
    private mutating func add(
        _ word: ArraySlice<UInt8>, _ family: UInt8, _ socket: inout [UInt8]
    ) throws(SourceFailure) {
        let end = word.startIndex + (family == 0 ? 8 : 32)
        guard word.endIndex == end + 5, let port = hexadecimalNumber(word[(end + 1)...]) else {
            throw .unknownForm
        }
        append(port, 2, to: &socket)
        socket.append(family)
        for start in stride(from: word.startIndex, to: end, by: 8) {
            guard let bits = hexadecimalNumber(word[start..<start + 8]) else { throw .unknownForm }
            append(bits.byteSwapped, 4, to: &socket)
        }
        while socket.count < 28 { socket.append(0) }
        sockets.append(socket)
    }

    /// Names the files that were read to their end in each namespace that has them, and prepares for
    /// `add`.
    @inline(never)
    mutating func finish() {
        for (index, name) in Self.files.enumerated() where (read & ~failed) >> index & 1 == 1 {
            log.add("listening_port proc", "proc/net/" + name, nil)
        }
        sort(&sockets)
        owners = [Int](repeating: -1, count: sockets.count)
        // The kernel's own have the number 0, and stand first.
        while ownerCount < sockets.count, inode(ownerCount) == 0 {
            ownerCount += 1
        }
    }

    // MARK: Owners

    /// Whether a socket has no process yet that it is open in.
    var lackOwners: Bool { ownerCount < sockets.count }

    private func inode(_ index: Int) -> Int64 {
        Int64(number(sockets[index], 0)) << 32 | Int64(number(sockets[index], 4))
    }

    /// Adds a process that has the socket open, the first for each. Others than those of the list are
    /// skipped.
    mutating func add(owner: Int, of wanted: Int64) {
        if wanted <= 0 { return }
        var (low, high) = (0, sockets.count)
        while low < high {
            let middle = (low + high) / 2
            if inode(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        if low < sockets.count, inode(low) == wanted, owners[low] < 0 {
            owners[low] = owner
            ownerCount += 1
        }
    }

    /// The records.
    @inline(never)
    func records(_ processes: [ProcessRecord]) -> [ListeningPortRecord] {
        var keys: [[UInt8]] = []
        for (index, owner) in owners.enumerated() {
            // Where nothing told one namespace from another, a socket was read twice.
            if index > 0, inode(index) > 0, sockets[index] == sockets[index - 1] { continue }
            var key = Array(sockets[index][8...])
            append(UInt32(truncatingIfNeeded: owner), 4, to: &key)
            keys.append(key)
        }
        sort(&keys)
        var records: [ListeningPortRecord] = []
        for key in keys {
            let isIPv6 = key[3] == 1
            var record = ListeningPortRecord(
                port: Int64(number(key, 1, 2)), protocol: Self.files[2 * Int(key[0])],
                family: isIPv6 ? "ipv6" : "ipv4",
                address: addressText(Array(key[4..<(isIPv6 ? 20 : 8)])))
            let owner = Int(truncatingIfNeeded: number(key, 20))
            if processes.indices.contains(owner) {
                let process = processes[owner]
                record.pid = process.pid
                record.process = process.name
                record.path = process.path
            }
            records.append(record)
        }
        return records
    }
}

/// An address of 4 or 16 bytes as text.
@inline(never)
private func addressText(_ bytes: [UInt8]) -> String {
    IPv4Address(bytes: bytes)?.description
        ?? IPv6Address(bytes: bytes, interface: "")?.description ?? ""
}

/// Appends the lowest bytes of a number, the highest of them first.
@inline(never)
private func append(_ number: UInt32, _ count: UInt32, to bytes: inout [UInt8]) {
    for index in (0..<count).reversed() {
        bytes.append(UInt8(truncatingIfNeeded: number >> (index * 8)))
    }
}
