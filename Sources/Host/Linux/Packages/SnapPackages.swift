import Records
import Text

extension PackageList {
    /// Reads the packages of snapd: the images `NAME_REVISION.snap`. The version is in the image, so
    /// that it is known where the current one is mounted.
    mutating func readSnaps(_ tree: borrowing HostTree) {
        let images = "var/lib/snapd/snaps"
        guard let names = names("snap", images, tree) else { return }
        let before = failureCount
        var snaps: [[UInt8]] = []
        for image in names where image.hasSuffix(".snap") {
            guard let end = image.lastIndex(of: UInt8(ascii: "_")), end > 0 else { continue }
            snaps.append(Array(image[..<end]))
        }
        sort(&snaps)
        var last: [UInt8] = []
        // One package for all revisions that are kept.
        for snap in snaps where snap != last {
            last = snap
            var package = PackageRecord(type: "snap", name: RawText(snap))
            for mounts in ["snap", "var/lib/snapd/snap"] where package.version == nil {
                let file = path(mounts, snap) + "/current/meta/snap.yaml"
                // It may be in quotation marks.
                if let text = contents("snap", file, tree), let value = text.value("version:") {
                    package.version = known(value.filter { $0 != 0x22 && $0 != 0x27 })
                }
            }
            do throws(SourceFailure) { try add(package) } catch { finish("snap", images, error) }
        }
        finish("snap", images, ifStill: before)
    }
}
