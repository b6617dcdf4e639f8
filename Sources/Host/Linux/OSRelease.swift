import Records

extension OSVersionRecord {
    /// What the system says of itself: os-release(5), else the files that distributions and makers
    /// of appliances had before it or have in its place.
    /// - Parameter kernel: the kernel's release, the version where there is no file at all.
    init(_ tree: borrowing HostTree, _ release: Assignments?, kernel: String?) {
        let older = release?["NAME"] == nil ? ReleaseFile.read(tree) : nil
        self.init(release, older, kernel: kernel)
        if self.release == nil { self.release = Self.pointRelease(tree, self) }
    }

    /// os-release(5), with whatever it lacks from an older file.
    init(_ release: Assignments?, _ older: ReleaseFile?, kernel: String?) {
        // os-release(5): NAME defaults to "Linux".
        self.init(name: release?["NAME"] ?? older?.name ?? release?["PRETTY_NAME"] ?? "Linux")
        guard release?.isEmpty == false || older != nil else {
            version = kernel
            return
        }
        // A rolling release has no VERSION_ID.
        version =
            release?["VERSION_ID"] ?? older?.version ?? release?["VERSION"] ?? release?["BUILD_ID"]
            ?? release?["VERSION_CODENAME"]
        platform = release?["ID"] ?? older?.platform
        platformLike = release?["ID_LIKE"]
        codename = release?["VERSION_CODENAME"] ?? older?.codename
        build = release?["BUILD_ID"] ?? older?.build
        // `22.04.5 LTS (Jammy Jellyfish)`.
        let word = release?["VERSION"]?[...].parts { isBlank($0) || $0 == "," }.first
        self.release = [word.map { String($0) }, older?.release].compactMap { $0 }
            .first { Self.isPoint($0, of: version) }
        if build == version { build = nil }
    }

    /// os-release(5) as the tree has it. One with nothing in it, as after a loss of power, is noted.
    /// - Returns: nil if there is none, or nothing in it.
    static func assignments(_ tree: borrowing HostTree) -> Assignments? {
        for path in ["etc/os-release", "usr/lib/os-release"] {
            guard let bytes = tree.contents(path) else { continue }
            let assignments = Assignments(bytes)
            if !assignments.isEmpty { return assignments }
            tree.note(path, .unknownForm)
        }
        return nil
    }

    /// The point release where os-release(5) has only what it is one of: Debian has `12` and in
    /// debian_version `12.4`, CentOS has `7` and in centos-release `7.5.1804`.
    private static func pointRelease(
        _ tree: borrowing HostTree, _ system: OSVersionRecord
    ) -> String? {
        guard let version = system.version else { return nil }
        let files =
            system.platform == "debian" || system.platform == "raspbian"
            ? ["etc/debian_version"]
            : ["etc/centos-release", "etc/redhat-release", "etc/system-release"]
        for file in files {
            guard let bytes = tree.contents(file) else { continue }
            let release = ReleaseFile(line: bytes)?.version ?? ReleaseFile.firstLine(bytes)
            if let release, isPoint(release, of: version) { return release }
        }
        return nil
    }

    private static func isPoint(_ release: String, of version: String?) -> Bool {
        guard let version, release != version else { return false }
        return release.hasPrefix(version + ".")
    }
}
