import Records
import Text

extension PackageList {
    /// Reads the system's installation of flatpak(1): `KIND/NAME/ARCH/BRANCH/active`, a link to what
    /// is deployed. Beside the architectures is `current`, a link to a branch of one.
    mutating func readFlatpak(_ tree: borrowing HostTree) {
        for kind in ["var/lib/flatpak/app", "var/lib/flatpak/runtime"] {
            guard let names = names("flatpak", kind, tree) else { continue }
            let before = failureCount
            for name in names {
                let arches = path(kind, name)
                for arch in self.names("flatpak", arches, tree) ?? []
                where !arch.equals("current") {
                    let branches = path(arches, arch)
                    for branch in self.names("flatpak", branches, tree) ?? [] {
                        let directory = path(branches, branch)
                        guard tree.link(directory + "/active") != nil else { continue }
                        addFlatpak(name, arch, branch, directory + "/active/deploy", tree)
                    }
                }
            }
            finish("flatpak", kind, ifStill: before)
        }
    }

    private mutating func addFlatpak(
        _ name: [UInt8], _ arch: [UInt8], _ branch: [UInt8], _ file: String,
        _ tree: borrowing HostTree
    ) {
        var package = PackageRecord(type: "flatpak", name: RawText(name))
        package.arch = RawText(arch)
        // The branch stands for a version where there is no other.
        package.version = RawText(branch)
        if let deploy = contents("flatpak", file, tree) {
            // A GVariant: the remote, the commit, …, and a dictionary of other facts, in which a
            // text is a key, fill, a value, and behind a NUL its type.
            package.publisher = known(Array(deploy.prefix { $0 != 0 }))
            let parts = deploy.split(separator: 0)
            for index in 0..<max(0, parts.count - 2)
            where parts[index].elementsEqual("appdata-version".utf8)
                && parts[index + 2].first == UInt8(ascii: "s")
            {
                package.version = RawText(parts[index + 1])
            }
        }
        do throws(SourceFailure) { try add(package) } catch { finish("flatpak", file, error) }
    }
}
