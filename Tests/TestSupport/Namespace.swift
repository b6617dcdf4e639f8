import Glibc

/// Runs a command as root of mounts of its own.
public let ownMounts =
    getuid() == 0 ? "unshare --mount" : "unshare --user --map-root-user --mount"

/// Whether a test may do so.
public func mayMount() throws -> Bool {
    try run("bash", ["-c", "\(ownMounts) mount -t tmpfs none /mnt"]).status == 0
}
