package import Records
import Text

/// Reads the packages of a host and nothing else, as the fuzzer does thousands of times.
/// - Parameter path: a program whose package is looked for.
/// - Returns: the packages, and whether one of them has the program.
package func readPackages(
    _ tree: borrowing HostTree, lookingFor path: String
) -> ([PackageRecord], isFound: Bool) {
    let programs = Programs()
    let index = programs.add(Array(path.utf8), tree)
    let list = PackageList(tree, SourceLog(), programs)
    return (list.packages, programs.package(index) != nil)
}

/// The packages of a host, from all of the systems that it has.
///
/// A system has a file beside this one, and a line in `init`. The systems are read in the order of
/// the records: by type, which is the alphabet's.
struct PackageList: ~Copyable {
    /// By type, name, version and architecture.
    private(set) var packages: [PackageRecord] = []
    private let log: SourceLog
    /// Programs whose packages are looked for.
    let programs: Programs
    /// Where those of the present type begin.
    private(set) var start = 0

    init(_ tree: borrowing HostTree, _ log: SourceLog, _ programs: Programs) {
        self.log = log
        self.programs = programs
        readAPK(tree)
        finishType()
        readDpkg(tree)
        finishType()
        readFlatpak(tree)
        finishType()
        readPacman(tree)
        finishType()
        readPortage(tree)
        finishType()
        readRPM(tree)
        finishType()
        readSlackware(tree)
        finishType()
        readSnaps(tree)
        finishType()
        // As after a loss of power: a file that was not written is there, and empty.
        if packages.isEmpty { log.refuse("package ") }
    }

    /// Adds a package.
    @inline(never)
    mutating func add(_ package: PackageRecord) throws(SourceFailure) {
        if packages.count >= PackageLimits.packages { throw .tooMany }
        packages.append(package)
    }

    /// Removes a package of the present type.
    mutating func remove(_ name: RawText, _ arch: RawText?) {
        for index in (start..<packages.count).reversed()
        where packages[index].name == name && packages[index].arch == arch {
            packages.remove(at: index)
        }
    }

    /// Names a source that was read, or why it was not read to its end.
    @inline(never)
    func finish(_ source: String, _ path: String, _ failure: SourceFailure?) {
        log.add("package " + source, path, failure)
    }

    /// Names a source of many files as read, unless one of them has failed since. A directory without
    /// packages is none: it may be left of a system that is no longer there.
    @inline(never)
    func finish(_ source: String, _ path: String, ifStill failureCount: Int) {
        if log.failureCount == failureCount && packages.count > start { finish(source, path, nil) }
    }

    /// How many sources have failed.
    var failureCount: Int { log.failureCount }

    /// Opens a file that packages are read from.
    /// - Returns: nil if there is none; also if it cannot be opened, which is then named.
    @inline(never)
    func open(_ source: String, _ path: String, _ tree: borrowing HostTree) -> HostFile? {
        do throws(SourceFailure) { return try tree.openSource(Array(path.utf8)) } catch {
            finish(source, path, error)
            return nil
        }
    }

    /// The beginning of a file that has one package.
    /// - Returns: nil if there is none; also if it cannot be read, which is then named.
    @inline(never)
    func contents(_ source: String, _ path: String, _ tree: borrowing HostTree) -> [UInt8]? {
        guard let file = open(source, path, tree) else { return nil }
        do throws(HostError) {
            return try file.beginning(count: PackageLimits.fileBytes)
        } catch {
            finish(source, path, SourceFailure(error))
            return nil
        }
    }

    /// The names in a directory that packages are read from, sorted; but hidden ones.
    /// - Returns: nil if there is none; also if it cannot be listed, which is then named.
    @inline(never)
    func names(_ source: String, _ path: String, _ tree: borrowing HostTree) -> [[UInt8]]? {
        do throws(HostError) {
            var names: [[UInt8]] = []
            for entry in try tree.directory(path).entries()
            where entry.bytes.first != UInt8(ascii: ".") {
                names.append(entry.bytes)
            }
            sort(&names)
            return names
        } catch {
            if !error.isAbsence { finish(source, path, SourceFailure(error)) }
            return nil
        }
    }

    /// Sorts the packages of a type.
    private mutating func finishType() {
        // Texts that sort as the packages do, each with its index at its end.
        var keys: [[UInt8]] = []
        for index in start..<packages.count {
            var key: [UInt8] = []
            key.reserveCapacity(64)
            key += packages[index].name.bytes
            key.append(0)
            if let version = packages[index].version { key += version.bytes }
            key.append(0)
            if let arch = packages[index].arch { key += arch.bytes }
            key.append(0)
            for shift in [16, 8, 0] { key.append(UInt8(truncatingIfNeeded: index >> shift)) }
            keys.append(key)
        }
        if sort(&keys) {
            var sorted: [PackageRecord] = Array(packages[..<start])
            sorted.reserveCapacity(packages.count)
            for key in keys { sorted.append(packages[Int(number(key, key.count - 3, 3))]) }
            packages = sorted
        }
        start = packages.count
    }
}

/// `var/lib` and `dpkg` as `var/lib/dpkg`.
@inline(never)
func path(_ directory: String, _ name: [UInt8]) -> String {
    directory + "/" + String(decoding: name, as: UTF8.self)
}

/// Text that is not empty.
@inline(never)
func known(_ bytes: [UInt8]) -> RawText? { bytes.isEmpty ? nil : RawText(bytes) }

/// The value behind a label in a text, if it is not empty.
@inline(never)
func known(_ text: [UInt8]?, _ label: StaticString) -> RawText? {
    guard let value = text?.value(label) else { return nil }
    return known(value)
}
