import Snapshot

extension OSVersionRecord {
    /// The record for what os-release(5) says.
    /// - Parameters:
    ///   - release: nil where the host has no such file.
    ///   - kernel: the kernel's release, the version where there is no file at all.
    init(_ release: Assignments?, kernel: String?) {
        // os-release(5): NAME defaults to "Linux".
        self.init(name: release?["NAME"] ?? "Linux")
        guard let release else {
            version = kernel
            return
        }
        // A rolling release has no VERSION_ID.
        version =
            release["VERSION_ID"] ?? release["VERSION"] ?? release["BUILD_ID"]
            ?? release["VERSION_CODENAME"]
        platform = release["ID"]
        platformLike = release["ID_LIKE"]
        codename = release["VERSION_CODENAME"]
    }
}
