import Records
import Text

/// The programs that listen, whose packages are looked for while the packages of a host are read.
final class Programs {
    /// The most paths that are looked for.
    private static let limit = 128

    /// The paths under which packages may have the programs. Of one program there may be several, the
    /// real one first.
    private(set) var paths: [[UInt8]] = []
    /// By the index of a path, where the name begins behind its last slash.
    private(set) var names: [Int] = []
    /// By the index of a path, that of the program's real path.
    private var programs: [Int] = []
    /// By the index of a real path, the name of the package; empty as long as none is found.
    private var packages: [[UInt8]] = []
    /// Likewise, the only package that may have it, and the package whose file of the name it is not:
    /// diversions of dpkg.
    private var (only, not): ([[UInt8]], [[UInt8]]) = ([], [])
    /// By the index of a listener the index of its program's real path; -1 if it is not looked for.
    private var listeners: [Int] = []

    /// Looks for no program.
    init() {}

    /// Looks for the programs of listeners. A program of a container is skipped: packages of the
    /// host have other files of the same names.
    init(of listeners: [ListeningPortRecord], _ tree: borrowing HostTree) {
        for listener in listeners {
            var index = -1
            if let path = listener.path?.bytes, let process = listener.pid,
                Self.isOfPackage(path), tree.isProgram(path, of: process)
            {
                index = add(path, tree)
            }
            self.listeners.append(index)
        }
    }

    /// Whether packages may have files there.
    private static func isOfPackage(_ path: [UInt8]) -> Bool {
        if path.hasSuffix(" (deleted)") || path.contains(UInt8(ascii: "\n")) { return false }
        if has(path, 0, "/usr/") { return !has(path, 5, "local/") }
        return has(path, 0, "/opt/") || has(path, 0, "/bin/") || has(path, 0, "/sbin/")
            || has(path, 0, "/lib")
    }

    /// Looks for a program.
    /// - Returns: the index of its path; -1 if it is not looked for.
    func add(_ path: [UInt8], _ tree: borrowing HostTree) -> Int {
        for index in 0..<paths.count where paths[index] == path && programs[index] == index {
            return index
        }
        let index = paths.count
        if !Self.isOfPackage(path) || index >= Self.limit { return -1 }
        append(path, of: index)
        // Where `/sbin` is a link to `/usr/sbin`, packages may still have files in it.
        let rest = part(path, 4, path.count)
        if has(path, 0, "/usr/"), let end = part(rest, 1, rest.count).firstIndex(of: slash),
            tree.link(String(decoding: part(rest, 1, end + 1), as: UTF8.self)) != nil
        {
            append(rest, of: index)
        }
        // Fedora has made `/usr/sbin` a link to `/usr/bin`.
        if has(path, 0, "/usr/bin/"), tree.link("usr/sbin") != nil {
            append(ascii("/usr/sbin/") + part(path, 9, path.count), of: index)
        }
        return index
    }

    private func append(_ path: [UInt8], of program: Int) {
        var name = path.count
        while name > 0, path[name - 1] != slash { name -= 1 }
        names.append(name)
        paths.append(path)
        programs.append(program)
        packages.append([])
        only.append([])
        not.append([])
    }

    /// Whether any program is still looked for.
    var areSought: Bool {
        for index in 0..<paths.count where isSought(index) { return true }
        return false
    }

    /// Whether the program of a path is still looked for.
    func isSought(_ index: Int) -> Bool {
        let program = programs[index]
        return packages[program].isEmpty && !only[program].equals(":")
    }

    /// The package of a program; nil if none was found.
    func package(_ index: Int) -> RawText? { index < 0 ? nil : known(packages[index]) }

    /// Gives the listeners, in the order of `init`, the packages of their programs.
    func name(_ listeners: inout [ListeningPortRecord]) {
        for index in 0..<listeners.count {
            listeners[index].package = package(self.listeners[index])
        }
    }

    /// A package has a path.
    func found(_ index: Int, in package: RawText) {
        let program = programs[index]
        if !isSought(index) || not[program] == package.bytes { return }
        if only[program].isEmpty || only[program] == package.bytes {
            packages[program] = package.bytes
        }
    }

    /// A package has its own file at a path, and those of others are at another: dpkg-divert(1).
    /// - Parameter package: a colon if it is the administrator's, and no package's.
    func divert(_ path: [UInt8], to other: [UInt8], by package: [UInt8]) {
        for index in 0..<paths.count {
            if paths[index] == path {
                only[programs[index]] = package
            } else if paths[index] == other, paths.count < Self.limit {
                not[programs[index]] = package
                append(path, of: programs[index])
            }
        }
    }
}

private let slash = UInt8(ascii: "/")
