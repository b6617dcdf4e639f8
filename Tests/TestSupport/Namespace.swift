import Glibc

/// Runs a command as root of mounts of its own.
public let ownMounts =
    getuid() == 0 ? "unshare --mount" : "unshare --user --map-root-user --mount"

/// Whether a test may do so.
public func mayMount() throws -> Bool {
    try run("bash", ["-c", "\(ownMounts) mount -t tmpfs none /mnt"]).status == 0
}

/// Runs a script of Bash, in which `$census` is census.
/// - Parameters:
///   - directory: where it is run, and written to as `script`.
///   - hasOwnHostKeys: whether it runs as root of mounts of its own, in which `/etc/ssh` is empty.
public func bash(
    _ script: String, in directory: TemporaryDirectory, hasOwnHostKeys: Bool = false
) throws -> RunResult {
    try directory.write(
        Array(((hasOwnHostKeys ? ownHostKeys : "") + script).utf8), to: "script")
    return try run(
        "bash", ["-c", (hasOwnHostKeys ? ownMounts + " " : "") + "bash script"],
        in: directory.path, environment: ["census": census])
}
