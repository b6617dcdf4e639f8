import Records
import Text

extension PackageList {
    /// Reads the database of rpm(8), in the form that it has: SQLite, ndb, or Berkeley DB of older
    /// releases. All keys of public signatures are packages of it, as `rpm -qa` has them.
    mutating func readRPM(_ tree: borrowing HostTree) {
        let first = packages.count
        let places = ["usr/lib/sysimage/rpm", "usr/share/rpm", "var/lib/rpm"]
        // What is a link leads to one of the others, as a rule.
        for isLink in [false, true] {
            var isFound = false
            for place in places where (tree.link(place) != nil) == isLink {
                // A directory with databases of several forms has packages in one.
                for form in [RPMForm.sqlite, .ndb, .berkeley] {
                    let path = place + "/" + form.file
                    guard let file = open("rpm", path, tree) else { continue }
                    isFound = true
                    var failure: SourceFailure?
                    do throws(SourceFailure) {
                        switch form {
                        case .sqlite: failure = try readSQLite(file, path, tree)
                        case .ndb: failure = try readNDB(file)
                        case .berkeley: failure = try readBerkeley(file)
                        }
                    } catch {
                        failure = error
                    }
                    finish("rpm", path, failure)
                    if packages.count > first { return }
                }
            }
            if isFound { return }
        }
    }

    /// Adds the package of a header.
    /// - Returns: what is wrong with it.
    mutating func addRPM(_ header: Blob) -> SourceFailure? {
        do throws(SourceFailure) {
            let header = try RPMHeader(header)
            let package = try header.package()
            try add(package)
            try header.find(programs, of: package.name)
            return nil
        } catch {
            return error
        }
    }
}

private enum RPMForm {
    case sqlite, ndb, berkeley

    var file: String {
        switch self {
        case .sqlite: "rpmdb.sqlite"
        case .ndb: "Packages.db"
        case .berkeley: "Packages"
        }
    }
}
