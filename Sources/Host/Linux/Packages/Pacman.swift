import Records
import Text

extension PackageList {
    /// Reads the database of pacman(8): a directory for each package, with a file `desc` of labels
    /// `%NAME%` and the values below them.
    mutating func readPacman(_ tree: borrowing HostTree) {
        let local = "var/lib/pacman/local"
        guard let names = names("pacman", local, tree) else { return }
        let before = failureCount
        // Beside them is ALPM_DB_VERSION, a file.
        for name in names {
            let file = path(local, name) + "/desc"
            guard let text = contents("pacman", file, tree) else { continue }
            guard let name = text.value("%NAME%\n"), !name.isEmpty,
                let version = text.value("%VERSION%\n")
            else {
                finish("pacman", file, .noName)
                continue
            }
            var package = PackageRecord(type: "pacman", name: RawText(name))
            package.version = known(version)
            package.arch = text.value("%ARCH%\n").flatMap { known($0) }
            package.source = text.value("%BASE%\n").flatMap { known($0) }
            if package.source == package.name { package.source = nil }
            package.publisher = text.value("%PACKAGER%\n").flatMap { known($0) }
            package.installTime = text.value("%INSTALLDATE%\n").flatMap {
                Int64(String(decoding: $0, as: UTF8.self))
            }
            do throws(SourceFailure) { try add(package) } catch { finish("pacman", file, error) }
        }
        finish("pacman", local, ifStill: before)
    }
}
