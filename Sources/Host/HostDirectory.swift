import CHost

/// An open file or place in a tree, closed when the value ends.
struct Descriptor: ~Copyable {
    let number: Int32

    init(owning number: Int32) { self.number = number }

    deinit { census_close(number) }
}

/// An open file of a tree, or a place in it.
package struct HostFile: ~Copyable {
    let descriptor: Descriptor
    /// From the tree's root.
    let path: [UInt8]

    init(owning descriptor: consuming Descriptor, _ path: [UInt8]) {
        self.descriptor = descriptor
        self.path = path
    }

    func isRegular() throws(HostError) -> Bool {
        try checked(path, census_kind(descriptor.number)) == census_regular
    }

    /// Whether `name` in the directory that this is, or is the place of, is a regular file whose mode
    /// lets everybody read it.
    func isReadableByAll(_ name: [UInt8]) throws(HostError) -> Bool {
        let answer = unsafe census_is_readable_by_all(descriptor.number, name + [0])
        return try checked(join(path, name), answer) != 0
    }

    /// What has the name in the directory that this is, or is the place of.
    func kind(of name: [UInt8]) throws(HostError) -> Int32 {
        try checked(join(path, name), unsafe census_kind_of_name(descriptor.number, name + [0]))
    }

    /// Opens `name` in the directory that this is, or is the place of.
    func open(_ name: [UInt8], _ purpose: Int32) throws(HostError) -> HostFile {
        let path = join(path, name)
        let opened = unsafe census_open(descriptor.number, name + [0], purpose)
        return HostFile(owning: Descriptor(owning: try checked(path, opened)), path)
    }

    /// The text of the symbolic link `name` in the directory that this is, or is the place of.
    func link(_ name: [UInt8]) throws(HostError) -> [UInt8] {
        var result: Int64 = 0
        // As long as a path may be, PATH_MAX.
        let target = filled(upTo: 4096) { buffer, capacity in
            unsafe result = census_read_link(
                descriptor.number, name + [0], buffer, Int64(capacity))
            return Int32(truncatingIfNeeded: result)
        }
        _ = try checked(join(path, name), result)
        // A copy, which takes no more memory than it needs: thousands of them may be kept. (An array
        // of a slice of all of it would be the array itself.)
        return target.map { $0 }
    }

    /// The length of a regular file.
    func size() throws(HostError) -> Int64 { try checked(path, census_size(descriptor.number)) }

    /// The bytes from an offset of a regular file on: `count` of them, or fewer at its end.
    func bytes(at offset: Int64, count: Int) throws(HostError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
                unsafe census_read_at(
                    descriptor.number, buffer.baseAddress! + filled, Int64(count - filled),
                    offset + Int64(filled))
            }
            if try checked(path, read) == 0 { break }
            filled += Int(read)
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Reads the next bytes of the file into `buffer`, from its index `start` on.
    /// - Returns: how many came; 0 at the end of the file, or where there is no room.
    func read(into buffer: inout [UInt8], at start: Int) throws(HostError) -> Int {
        if start >= buffer.count { return 0 }
        let read = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            unsafe census_read(
                descriptor.number, buffer.baseAddress! + start, Int64(buffer.count - start))
        }
        return Int(try checked(path, read))
    }

    /// All of the file.
    /// - Throws: also where it is longer than `limit` bytes.
    func contents(limit: Int = 16 << 20) throws(HostError) -> [UInt8] {
        let bytes = try beginning(count: limit + 1)
        if bytes.count > limit { throw HostError(path, census_file_too_large()) }
        return bytes
    }

    /// All of a file that the kernel gives as a whole, if there is room for it, as proc_pid_stat(5): its
    /// end need not be read.
    func record() throws(HostError) -> [UInt8] {
        try beginning(count: 1 << 16, isRecord: true)
    }

    /// The first bytes of the file, `limit` at the most.
    @inline(never)
    func beginning(count limit: Int, isRecord: Bool = false) throws(HostError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(limit, 4096))
        var count = 0
        while count < limit {
            if count == bytes.count {
                bytes.append(contentsOf: repeatElement(0, count: min(count, limit - count)))
            }
            let read = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
                unsafe census_read(
                    descriptor.number, buffer.baseAddress! + count, Int64(buffer.count - count))
            }
            if try checked(path, read) == 0 { break }
            count += Int(read)
            if isRecord && count < bytes.count { break }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

/// An open directory of a tree: names are looked up in it whatever happens to its path meanwhile.
package struct HostDirectory: ~Copyable {
    private let file: HostFile
    /// From the tree's root.
    var path: [UInt8] { file.path }

    init(owning file: consuming HostFile) { self.file = file }

    /// Opens the file `name`, which must not be a symbolic link, for reading.
    func open(_ name: String) throws(HostError) -> HostFile { try open(Array(name.utf8)) }

    /// The same.
    func open(_ name: [UInt8]) throws(HostError) -> HostFile {
        try file.open(name, census_for_reading)
    }

    /// Opens the directory `name`, which must not be a symbolic link.
    func directory(_ name: String) throws(HostError) -> HostDirectory {
        try directory(Array(name.utf8))
    }

    /// The same.
    func directory(_ name: [UInt8]) throws(HostError) -> HostDirectory {
        HostDirectory(owning: try file.open(name, census_for_listing))
    }

    /// The text of the symbolic link `name`, as the kernel gives it.
    func link(_ name: String) throws(HostError) -> [UInt8] { try file.link(Array(name.utf8)) }

    /// The inode number of what has the name; nil if that cannot be known.
    func fileNumber(_ name: String) -> Int64? {
        let number = unsafe census_file_number(file.descriptor.number, Array(name.utf8) + [0])
        return number < 0 ? nil : number
    }

    /// The inode number of the socket that the link `name` of /proc/PID/fd leads to; 0 if to none.
    func socketNumber(_ name: [UInt8]) -> Int64 {
        unsafe census_link_number(file.descriptor.number, name + [0], Array("socket\0".utf8))
    }

    /// The number of the network namespace of a process, where the directory is /proc; 0 if this user
    /// may not see it (namespaces(7)).
    func networkNamespace(_ process: Int64) -> Int64 {
        let path = Array("\(process)/ns/net\0".utf8)
        return unsafe census_link_number(
            file.descriptor.number, path, Array("net\0".utf8))
    }

    /// When the file `name` was last changed, in Unix seconds; nil if that cannot be known, and for a
    /// path, which may lead out of the tree.
    func modified(_ name: [UInt8]) -> Int64? {
        if name.contains(UInt8(ascii: "/")) { return nil }
        let time = unsafe census_modified(file.descriptor.number, name + [0])
        return time < 0 ? nil : time
    }

    /// An entry of a directory, readdir(3).
    package struct Entry: Sendable {
        /// The kind of file, where the file system says it.
        package enum Kind: Sendable {
            case regular, directory, symbolicLink, fifo, socket, device, unknown
        }
        /// The name.
        package let bytes: [UInt8]
        /// What the entry is.
        package let kind: Kind
        /// The name; where it is not UTF-8, repaired.
        package var name: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// What is in the directory, but for `.` and `..`, in no particular order.
    func entries() throws(HostError) -> [Entry] {
        var error: Int32 = 0
        guard let list = unsafe census_list(file.descriptor.number, &error) else {
            throw HostError(path, -error)
        }
        defer { unsafe census_end_list(list) }
        var entries: [Entry] = []
        while true {
            var (length, kind) = (Int32(0), Int32(0))
            let name = filled(upTo: census_name_capacity) { buffer, _ in
                length = unsafe census_next_entry(list, buffer, &kind)
                return length
            }
            if try checked(path, length) == 0 { return entries }
            // A copy, which takes no more memory than it needs.
            entries.append(Entry(bytes: Array(name[...]), kind: Entry.Kind(kind)))
        }
    }
}

extension HostDirectory.Entry.Kind {
    fileprivate init(_ kind: Int32) {
        self =
            switch kind {
            case census_regular: .regular
            case census_directory: .directory
            case census_symbolic_link: .symbolicLink
            case census_fifo: .fifo
            case census_socket: .socket
            case census_device, census_block_device: .device
            default: .unknown
            }
    }
}

/// `etc` and `passwd` as `etc/passwd`.
func join(_ path: [UInt8], _ name: [UInt8]) -> [UInt8] {
    path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
}
