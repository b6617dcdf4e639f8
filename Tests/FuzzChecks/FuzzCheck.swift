/// Something that holds for whatever bytes there are. `Tests/Fuzz` looks for bytes for which it does
/// not; those under `fixtures/fuzz`, with a folder for each check, are tried by the tests.
public enum FuzzCheck: String, Sendable, CaseIterable {
    /// The bytes as a file give the same snapshots at once and in small pieces, or none.
    case file
    /// The bytes as the lines of a snapshot, to which the right `end` is added: what is taken is
    /// JSON, and says what `JSONDecoder` says.
    case lines
    /// The bytes as the one line of a snapshot that is not its head: likewise, and the reader of
    /// usual lines and that of all others agree.
    case line
    /// The bytes as a file of a host, which one being told by the first of them: `snap` makes a
    /// snapshot of it that the reader takes.
    case host

    /// - Returns: what does not hold; nil if all does.
    public func failure(_ bytes: [UInt8]) -> String? {
        switch self {
        case .file: fileFailure(bytes)
        case .lines: linesFailure(bytes)
        case .line: lineFailure(bytes)
        case .host: hostFailure(bytes)
        }
    }
}
