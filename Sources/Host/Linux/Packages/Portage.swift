import Records
import Text

extension PackageList {
    /// Reads the database of Gentoo's portage(5): a directory `CATEGORY/NAME-VERSION` for each
    /// package.
    mutating func readPortage(_ tree: borrowing HostTree) {
        let root = "var/db/pkg"
        guard let categories = names("portage", root, tree) else { return }
        let before = failureCount
        let hyphen = UInt8(ascii: "-")
        for category in categories {
            let directory = path(root, category)
            // What is being merged has the name `-MERGING-…`.
            for name in names("portage", directory, tree) ?? [] where name.first != hyphen {
                // The version begins behind the last hyphen before a digit; `-r1` is a revision.
                var place = name.count - 1
                while place > 0, name[place - 1] != hyphen || !(0x30...0x39 ~= name[place]) {
                    place -= 1
                }
                let entry = path(directory, name)
                if place < 2 {
                    finish("portage", entry, .noVersion)
                    continue
                }
                var package = PackageRecord(
                    type: "portage",
                    name: RawText(category + [UInt8(ascii: "/")] + name[..<(place - 1)]))
                package.version = RawText(name[place...])
                // An old package does not say its repository.
                package.publisher = known(
                    contents("portage", entry + "/repository", tree), "")
                do throws(SourceFailure) { try add(package) } catch {
                    finish("portage", entry, error)
                }
            }
        }
        finish("portage", root, ifStill: before)
    }
}
