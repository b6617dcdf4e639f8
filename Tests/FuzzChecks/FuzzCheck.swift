/// A property that holds for any bytes. `Tests/Fuzz` searches for bytes that violate it; the tests
/// run the inputs under `fixtures/fuzz`, with a folder for each check.
public enum FuzzCheck: String, Sendable, CaseIterable {
    /// The bytes as a file have the same snapshots when read at once and in small pieces, or none.
    case file
    /// The bytes as the lines of a snapshot, followed by a correct `end`: whatever is accepted is
    /// JSON and has the values that `JSONDecoder` reads.
    case lines
    /// The bytes as the one line of a snapshot besides the required records: likewise, and the
    /// reader of usual lines agrees with that of all others.
    case line
    /// The bytes as a file of a host, chosen by the first byte: `snap` makes a snapshot that the
    /// reader accepts.
    case host
    /// The bytes as a source of packages, chosen by the first byte: likewise, and no package is
    /// without a name.
    case packages
    /// The bytes as a source of accounts, privileges or keys, chosen by the first byte: likewise, and
    /// no item is without a name.
    case access
    /// The bytes as an age file, its armor, changes of one, keys, or what is encrypted, chosen by the
    /// first byte: read at once and in pieces the same is released; what was changed is refused; a text
    /// of bytes is the only one; encryption changes nothing.
    case age
    /// The bytes as a key or a signature of SSH, chosen by the first byte: what is accepted is written
    /// as it was.
    case ssh
    /// The bytes as a known_hosts: a key is good only if the list has it, and comments change nothing.
    case knownHosts = "known_hosts"
    /// The bytes as a custody log: of one that is accepted no line but the last can be missing, and it
    /// has grown from its beginnings only.
    case custody
    /// The bytes as a manifest: its paths, written anew, are read as the same.
    case manifest
    /// The bytes as a signature, or as changes of a signed file and its signature, chosen by the first
    /// byte: what was changed is not signed.
    case signature

    /// - Returns: what failed; nil if the property holds.
    public func failure(_ bytes: [UInt8]) -> String? {
        switch self {
        case .file: fileFailure(bytes)
        case .lines: linesFailure(bytes)
        case .line: lineFailure(bytes)
        case .host: hostFailure(bytes)
        case .packages: packagesFailure(bytes)
        case .access: accessFailure(bytes)
        case .age: ageFailure(bytes)
        case .ssh: sshFailure(bytes)
        case .knownHosts: knownHostsFailure(bytes)
        case .custody: custodyFailure(bytes)
        case .manifest: manifestFailure(bytes)
        case .signature: signatureFailure(bytes)
        }
    }
}
