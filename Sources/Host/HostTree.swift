import CHost

/// A file system seen from its own root, which need not be this machine's: a mounted disk, a host
/// seen from a container, a tree in a test.
///
/// Symbolic links are resolved as chroot(2) would have them, so that an absolute link in the tree
/// (`/var/run` is one) leads to a file of the tree and never out of it. Paths are given from the
/// root, without a leading slash.
package struct HostTree: ~Copyable {
    private let root: HostFile

    /// Whether this is the running system's own root.
    package let isLive: Bool

    private let failures = Failures()

    /// - Throws: where there is no such directory, or it may not be opened; the error's path is
    ///   `path`.
    package init(root path: String) throws(HostError) {
        let path = Array(path.utf8)
        func open(_ path: [UInt8]) throws(HostError) -> Descriptor {
            Descriptor(owning: try checked(path, unsafe census_open_root(path + [0])))
        }
        let directory = try open(path)
        let live = try open([slash])
        isLive = try checked(path, census_is_same(directory.number, live.number)) != 0
        root = HostFile(owning: directory, [])
    }

    /// Opens the file at `path`.
    package func open(_ path: String) throws(HostError) -> HostFile {
        try open(path, census_for_reading)
    }

    /// Opens the regular file at `path`, and nothing else: to open a device may do something.
    /// - Returns: nil if something else is there.
    package func openRegular(_ path: [UInt8]) throws(HostError) -> HostFile? {
        var name: [UInt8] = []
        let place = try go(components(path), nil, &name)
        guard !name.isEmpty, try place.kind(of: name) == census_regular else { return nil }
        return try place.open(name, census_for_reading)
    }

    /// Opens a directory of the tree, links resolved inside of it.
    package func directory(_ path: String) throws(HostError) -> HostDirectory {
        HostDirectory(owning: try open(path, census_for_listing))
    }

    /// Files that are there and could not be read, each with the reason: `etc/passwd: Input/output
    /// error`. What this user may not read is not among them.
    package var unreadable: [String] { failures.lines }

    /// Keeps in mind that something in the tree could not be read, if that means more than that it
    /// is not there.
    func note(_ error: HostError) {
        if error.isAbsence || error.isRefusal && census_effective_user() != 0 { return }
        failures.add(error.description)
    }

    /// Keeps in mind that the file at `path` does not have what it should.
    func note(_ path: String, _ failure: SourceFailure) {
        failures.add(path + ": " + failure.reason)
    }

    /// What the regular file at `path` holds.
    /// - Returns: nil if that cannot be known: there is no such file, this user may not read it,
    ///   it is too large for what it should be, or the medium fails. `unreadable` names the last
    ///   two.
    package func contents(_ path: String) -> [UInt8]? {
        read(path) { (file) throws(HostError) in try file.contents() }
    }

    /// What the regular file at `path` holds, for whom it matters why it cannot be read.
    /// - Returns: nil if there is no such file.
    /// - Throws: also where it is longer than `limit` bytes. A path to a directory or a FIFO throws
    ///   nothing, and is none.
    package func contents(_ path: String, limit: Int) throws(HostError) -> [UInt8]? {
        do throws(HostError) {
            return try openRegular(Array(path.utf8))?.contents(limit: limit)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    /// The first bytes of the regular file at `path`, `count` at the most.
    /// - Returns: nil if that cannot be known.
    package func beginning(of path: String, count: Int) -> [UInt8]? {
        read(path) { (file) throws(HostError) in try file.beginning(count: count) }
    }

    private func read(
        _ path: String, _ body: (borrowing HostFile) throws(HostError) -> [UInt8]
    ) -> [UInt8]? {
        do throws(HostError) {
            let file = try open(path)
            guard try file.isRegular() else { return nil }
            return try body(file)
        } catch {
            note(error)
            return nil
        }
    }

    /// What is in the directory at `path`.
    /// - Returns: nil if that cannot be known.
    package func entries(_ path: String) -> [HostDirectory.Entry]? {
        do throws(HostError) {
            return try directory(path).entries()
        } catch {
            note(error)
            return nil
        }
    }

    /// The text of the symbolic link at `path`, which itself is not followed.
    /// - Returns: nil if there is no such link.
    package func link(_ path: String) -> [UInt8]? {
        do throws(HostError) {
            var parts = components(Array(path.utf8))
            guard let name = parts.popLast() else { return nil }
            return try open(parts, census_as_directory).link(Array(name))
        } catch {
            if !error.isNotALink { note(error) }
            return nil
        }
    }

    /// Whether every user may read the regular file at `path`, by its mode.
    package func isReadableByAll(_ path: String) -> Bool {
        do throws(HostError) {
            var name: [UInt8] = []
            let place = try place(of: path, &name)
            if name.isEmpty { return false }
            return try place.isReadableByAll(name)
        } catch {
            note(error)
            return false
        }
    }

    /// Whether the file at `path` is what a process runs, whose link says so: that of a process in a
    /// container has the path there. In a tree that is a copy nothing else is known.
    func isProgram(_ path: [UInt8], of process: Int64) -> Bool {
        let link = "proc/\(process)/exe"
        return unsafe census_is_program(
            root.descriptor.number, Array(link.utf8) + [0], Array(path.drop { $0 == slash }) + [0])
            != 0
    }

    /// Whether there is anything at `path`. It is not opened: a device may do something then.
    package func exists(_ path: String) -> Bool {
        do throws(HostError) {
            var name: [UInt8] = []
            let place = try place(of: path, &name)
            if !name.isEmpty { _ = try place.kind(of: name) }
            return true
        } catch {
            note(error)
            return false
        }
    }

    private func open(_ path: String, _ purpose: Int32) throws(HostError) -> HostFile {
        try open(components(Array(path.utf8)), purpose)
    }

    private func open(
        _ asked: [ArraySlice<UInt8>], _ purpose: Int32
    ) throws(HostError) -> HostFile {
        var name: [UInt8] = []
        return try go(asked, purpose, &name)
    }

    /// The directory of what is at `path`, and its name there, which is no symbolic link. Without a
    /// name it is the directory itself.
    private func place(of path: String, _ name: inout [UInt8]) throws(HostError) -> HostFile {
        try go(components(Array(path.utf8)), nil, &name)
    }

    /// Opens what was asked for, or without a purpose the directory in which it has the name `last`.
    private func go(
        _ asked: [ArraySlice<UInt8>], _ purpose: Int32?, _ last: inout [UInt8]
    ) throws(HostError) -> HostFile {
        if let purpose, let file = try openAtOnce(asked[...], purpose) { return file }
        if purpose == nil, let name = asked.last, !isStep(name),
            let place = try openAtOnce(asked.dropLast(), census_as_directory)
        {
            let walk = Walk(from: place)
            last = Array(name)
            if try walk.target(of: last) == nil { return walk.place }
            last = []
        }
        var pending = Array(asked.reversed())
        var walk = Walk(from: try duplicateOfRoot())
        var linksLeft = 40  // as path_resolution(7)
        while let name = pending.popLast() {
            if name.elementsEqual(".".utf8) { continue }
            if name.elementsEqual("..".utf8) {
                if walk.goUp() { walk = Walk(from: try duplicateOfRoot(), to: walk.names) }
                continue
            }
            let name = Array(name)
            try walk.enter()
            if let target = try walk.target(of: name) {
                linksLeft -= 1
                if linksLeft < 0 {
                    throw HostError(
                        Array(asked.joined(separator: [slash])), census_too_many_links())
                }
                if target.first == slash { walk = Walk(from: try duplicateOfRoot()) }
                pending += components(target).reversed()
            } else if pending.isEmpty {
                if let purpose { return try walk.place.open(name, purpose) }
                last = name
                return walk.place
            } else {
                walk.names.append(name)
            }
        }
        try walk.enter()
        return walk.place
    }

    /// Opens a path that has no symbolic links, in one call of openat2(2), which Linux has since 5.6.
    /// - Returns: nil if the way has to be gone step by step.
    /// - Throws: where there is nothing.
    private func openAtOnce(
        _ names: ArraySlice<ArraySlice<UInt8>>, _ purpose: Int32
    ) throws(HostError) -> HostFile? {
        var path: [UInt8] = []
        for name in names {
            if isStep(name) { return nil }
            if !path.isEmpty { path.append(slash) }
            path += name
        }
        if path.isEmpty { return nil }
        let number = unsafe census_open_at_once(root.descriptor.number, path + [0], purpose)
        if number >= 0 { return HostFile(owning: Descriptor(owning: number), path) }
        if census_error_meaning(-number) != census_no_such_name { return nil }
        throw HostError(path, -number)
    }

    private func duplicateOfRoot() throws(HostError) -> HostFile {
        let number = try checked([], census_duplicate(root.descriptor.number))
        return HostFile(owning: Descriptor(owning: number), [])
    }
}

/// A way through the directories of a tree, each opened in the one before.
private struct Walk: ~Copyable {
    /// The directory that the first `entered` names lead to.
    var place: HostFile
    private var entered = 0
    /// None of them is a symbolic link.
    var names: [[UInt8]]

    init(from root: consuming HostFile, to names: [[UInt8]] = []) {
        place = root
        self.names = names
    }

    /// Opens the directories that have not been entered yet.
    mutating func enter() throws(HostError) {
        while entered < names.count {
            place = try place.open(names[entered], census_as_directory)
            entered += 1
        }
    }

    /// Leaves the last directory; above the root there is none.
    /// - Returns: whether it had been entered, so that the way begins again.
    mutating func goUp() -> Bool {
        _ = names.popLast()
        return entered > names.count
    }

    /// - Returns: nil if what has the name is no symbolic link.
    func target(of name: [UInt8]) throws(HostError) -> [UInt8]? {
        do throws(HostError) { return try place.link(name) } catch {
            if error.isNotALink { return nil }
            throw error
        }
    }
}

/// A list that grows while the tree is only borrowed. A host with a dying disk has many of them.
private final class Failures {
    private static let limit = 64
    private var seen: [String] = []
    private var others = 0

    func add(_ line: String) {
        if seen.contains(line) { return }
        if seen.count < Self.limit { seen.append(line) } else { others += 1 }
    }

    var lines: [String] { others == 0 ? seen : seen + ["\(others) more"] }
}

private let slash = UInt8(ascii: "/")

/// Whether a name is `.` or `..`, or as short as they are and hidden.
@inline(never)
private func isStep(_ name: ArraySlice<UInt8>) -> Bool {
    name.count <= 2 && name.first == UInt8(ascii: ".")
}

/// The names that a path consists of.
private func components(_ path: [UInt8]) -> [ArraySlice<UInt8>] { path.split(separator: slash) }
