import Records
import Text

extension PackageList {
    /// Reads the names of the files that Slackware's pkgtools keep, `NAME-VERSION-ARCH-BUILD`.
    mutating func readSlackware(_ tree: borrowing HostTree) {
        // From 15.0 on the second is a link to the first.
        for directory in ["var/lib/pkgtools/packages", "var/log/packages"] {
            guard let names = names("slackware", directory, tree) else { continue }
            // It has been listed; for the times of its files, without which a package is whole.
            let files = try? tree.directory(directory)
            var failure: SourceFailure?
            let hyphen = UInt8(ascii: "-")
            for name in names {
                var parts = name.split(separator: hyphen, omittingEmptySubsequences: false)
                guard parts.count > 3, let build = parts.popLast(), let arch = parts.popLast(),
                    let version = parts.popLast(), parts.first?.isEmpty == false
                else {
                    failure = .noVersion
                    continue
                }
                // A package that is being upgraded: `NAME-…-BUILD-upgraded-DATE,TIME`.
                if build.contains(UInt8(ascii: ",")) { continue }
                let end = version.startIndex - 1
                var package = PackageRecord(type: "slackware", name: RawText(name[..<end]))
                package.version = RawText(version + [hyphen] + build)
                package.arch = RawText(arch)
                package.installTime = files?.modified(name)
                do throws(SourceFailure) { try add(package) } catch { failure = error }
            }
            if failure == nil {
                finish("slackware", directory, ifStill: failureCount)
            } else {
                finish("slackware", directory, failure)
            }
            return
        }
    }
}
