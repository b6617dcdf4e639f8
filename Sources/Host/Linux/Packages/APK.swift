import Records
import Text

extension PackageList {
    /// Reads the database of apk(8) of Alpine Linux: paragraphs of lines with a letter, a colon and a
    /// value, apk-installed(5).
    mutating func readAPK(_ tree: borrowing HostTree) {
        // apk 3 has it in the second place; then the first may be a link to it.
        for path in ["lib/apk/db/installed", "usr/lib/apk/db/installed"] {
            guard let file = open("apk", path, tree) else { continue }
            var lines = LineReader(file)
            finish("apk", path, readAPK(&lines))
            return
        }
    }

    /// - Returns: what is wrong with the file.
    private mutating func readAPK(_ lines: inout LineReader) -> SourceFailure? {
        var package = PackageRecord(type: "apk", name: "")
        var failure: SourceFailure?
        // A directory of the package's, if a program in it is looked for.
        var folder: [UInt8]?
        do throws(SourceFailure) {
            var isMore = true
            while isMore {
                isMore = try lines.advance()
                if !isMore && lines.isCut { throw .cut }
                if !isMore || lines.isEmpty {
                    if package.source == package.name { package.source = nil }
                    if !package.name.bytes.isEmpty { try add(package) }
                    package = PackageRecord(type: "apk", name: "")
                } else if lines.byte(1) != UInt8(ascii: ":") {
                    failure = .noField
                } else if let name = lines.value("P:") {
                    package.name = RawText(name)
                } else if let version = lines.value("V:") {
                    package.version = known(version)
                } else if let arch = lines.value("A:") {
                    package.arch = known(arch)
                } else if let origin = lines.value("o:") {
                    package.source = known(origin)
                } else if let maintainer = lines.value("m:") {
                    package.publisher = known(maintainer)
                } else if let folder, let file = lines.value("R:") {
                    let path = join(folder, file)
                    for index in 0..<programs.paths.count where programs.paths[index] == path {
                        programs.found(index, in: package.name)
                    }
                } else if programs.areSought, let path = lines.value("F:") {
                    let path = [UInt8(ascii: "/")] + path
                    folder = nil
                    for index in 0..<programs.paths.count
                    where part(programs.paths[index], 0, programs.names[index] - 1) == path {
                        folder = path
                    }
                }
            }
        } catch {
            failure = error
        }
        return failure
    }
}
