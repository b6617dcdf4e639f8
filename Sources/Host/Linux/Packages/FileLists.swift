import CHost
import Records
import Text

extension PackageList {
    /// Looks for programs in the lists of files that the packages of the present type, of dpkg or
    /// pacman, have in a directory: first where a package's name begins as a word of a program's path does, as `openssh` and
    /// `/usr/bin/open`, then where its name or its source has such a beginning somewhere, and then
    /// everywhere, which takes about as long as to read the packages.
    @inline(never)
    func findPrograms(
        _ tree: borrowing HostTree, _ directory: borrowing HostDirectory, isPacman: Bool
    ) {
        var lists = FileLists(programs, isPacman: isPacman)
        var isRead = [UInt8](repeating: 0, count: packages.count)
        for rank in 0..<3 where programs.areSought {
            let beginnings = beginnings(programs)
            for index in start..<packages.count where isRead[index] == 0 {
                let package = packages[index]
                if self.rank(package, beginnings) > rank { continue }
                isRead[index] = 1
                do throws(HostError) {
                    try lists.read(package, directory)
                } catch { tree.note(error) }
                if !programs.areSought { return }
            }
        }
    }

    /// 0 if the package's name begins as a word does, 1 if its name or its source has such a
    /// beginning, 2 if neither has.
    private func rank(_ package: PackageRecord, _ beginnings: [UInt8]) -> Int {
        let rank = place(package.name.bytes, beginnings)
        if rank == 2, let source = package.source { return max(1, place(source.bytes, beginnings)) }
        return rank
    }
}

/// 0 if the text begins as a word does, 1 if such a beginning is somewhere in it, 2 if none is.
@inline(never)
private func place(_ text: [UInt8], _ beginnings: [UInt8]) -> Int {
    for start in 0..<max(0, text.count - 2) where beginnings[beginning(text, start)] == 1 {
        return start == 0 ? 0 : 1
    }
    return 2
}

/// By the numbers of three letters 1 if a word of a path begins with them. The paths are those that
/// are looked for.
private func beginnings(_ programs: Programs) -> [UInt8] {
    var beginnings = [UInt8](repeating: 0, count: 1 << 15)
    for index in 0..<programs.paths.count where programs.isSought(index) {
        let path = programs.paths[index]
        var start = 0
        for end in 0...path.count {
            let letter = byte(path, end) | 0x20
            if 0x30...0x39 ~= letter || 0x61...0x7A ~= letter { continue }
            // `libvirtd` is a word as `virtd` is.
            if has(path, start, "lib") { start += 3 }
            if end - start >= 3 { beginnings[beginning(path, start)] = 1 }
            start = end + 1
        }
    }
    return beginnings
}

/// The number of three letters, by the lowest five bits of each. Other letters may have the same.
private func beginning(_ text: [UInt8], _ start: Int) -> Int {
    Int(text[start] & 31) << 10 | Int(text[start + 1] & 31) << 5 | Int(text[start + 2] & 31)
}

/// What is looked for in lists of files, which are read one after the other into one buffer.
private struct FileLists {
    private let programs: Programs
    private let isPacman: Bool
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var bytesLeft = PackageLimits.textBytes

    init(_ programs: Programs, isPacman: Bool) {
        self.programs = programs
        self.isPacman = isPacman
    }

    /// Opens the list of a package, of which each line is a path: of dpkg `NAME.list`, or
    /// `NAME:ARCHITECTURE.list` where several may be installed, of pacman `NAME-VERSION/files`, where
    /// paths have no slash at their beginning.
    private func open(
        _ package: PackageRecord, _ directory: borrowing HostDirectory
    ) throws(HostError) -> HostFile {
        var name = package.name.bytes
        if isPacman {
            append("-", to: &name)
            name += package.version?.bytes ?? []
            return try directory.directory(plain(name)).open("files")
        }
        do throws(HostError) {
            return try directory.open(plain(appended(name, ".list")))
        } catch {
            append(":", to: &name)
            name += package.arch?.bytes ?? []
            return try directory.open(plain(appended(name, ".list")))
        }
    }

    /// A name, or nothing if it leads elsewhere.
    @inline(never)
    private func plain(_ name: [UInt8]) -> [UInt8] {
        name.contains(UInt8(ascii: "/")) ? [] : name
    }

    /// Looks for the programs in the list of a package. A line that is longer than the buffer ends it.
    mutating func read(
        _ package: PackageRecord, _ directory: borrowing HostDirectory
    ) throws(HostError) {
        let file = try open(package, directory)
        if try !file.isRegular() { return }
        var kept = 0
        while bytesLeft > 0 {
            let count = try file.read(into: &buffer, at: kept)
            bytesLeft -= Int64(count)
            let end = kept + count
            var lines = end
            while lines > 0, buffer[lines - 1] != UInt8(ascii: "\n") { lines -= 1 }
            for index in 0..<programs.paths.count where programs.isSought(index) {
                let line = part(programs.paths[index], isPacman ? 1 : 0, Int.max)
                if unsafe census_index(
                    buffer, Int64(lines), UInt8(ascii: "\n"), line, Int64(line.count)) >= 0
                {
                    programs.found(index, in: package.name)
                }
            }
            // A regular file gives less than there is room for at its end only.
            if end < buffer.count || lines == 0 { return }
            kept = end - lines
            for index in 0..<kept { buffer[index] = buffer[lines + index] }
        }
    }
}
