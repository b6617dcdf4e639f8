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
            guard let name = known(text, "%NAME%\n"), let version = known(text, "%VERSION%\n")
            else {
                finish("pacman", file, .noName)
                continue
            }
            var package = PackageRecord(type: "pacman", name: name)
            package.version = version
            package.arch = known(text, "%ARCH%\n")
            package.source = known(text, "%BASE%\n")
            if package.source == package.name { package.source = nil }
            package.publisher = known(text, "%PACKAGER%\n")
            if let time = text.value("%INSTALLDATE%\n") {
                package.installTime = Int64(String(decoding: time, as: UTF8.self))
            }
            do throws(SourceFailure) { try add(package) } catch { finish("pacman", file, error) }
        }
        finish("pacman", local, ifStill: before)
        if !programs.areSought { return }
        do throws(HostError) {
            findPrograms(tree, try tree.directory(local), isPacman: true)
        } catch { tree.note(error) }
    }
}
