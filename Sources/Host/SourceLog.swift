/// Which sources of a host's lists were read, and which of those that are there were not: so that a
/// list without items is distinguished from one that is unknown.
final class SourceLog {
    /// The most sources of either sort that are named: a directory with a file for each package may
    /// have thousands that cannot be read.
    private static let limit = 64
    /// `package dpkg var/lib/dpkg/status` for each source that was read to its end.
    private(set) var read: [String] = []
    /// The same, and why, for each that could not be read, or only in part.
    private(set) var failed: [String] = []
    /// How many failed, those that are not named included.
    private(set) var failureCount = 0

    /// Names a source.
    /// - Parameters:
    ///   - source: the kind of its records, and its format: `package dpkg`.
    ///   - path: from the tree's root.
    ///   - failure: why it was not read to its end; nil if it was.
    @inline(never)
    func add(_ source: String, _ path: String, _ failure: SourceFailure?) {
        var line = source + " " + path
        guard let failure else {
            if read.count < Self.limit { read.append(line) }
            return
        }
        line += ": " + failure.reason
        if failed.count < Self.limit { failed.append(line) }
        failureCount += 1
    }

    /// Names the sources of a kind that were read as failed: they had nothing in them, and no host is
    /// without such items.
    /// - Parameter kind: `package `.
    @inline(never)
    func refuse(_ kind: String) {
        let lines = read
        read = []
        for line in lines {
            if line.hasPrefix(kind) {
                failed.append(line + ": " + SourceFailure.nothing.reason)
                failureCount += 1
            } else {
                read.append(line)
            }
        }
    }
}

extension HostTree {
    /// Opens a source, which is a regular file.
    /// - Returns: nil if there is none. A link that leads nowhere is none on the running system. In
    ///   another tree it may lead to a file system that is not mounted there.
    @inline(never)
    func openSource(_ path: [UInt8]) throws(SourceFailure) -> HostFile? {
        do throws(HostError) {
            if let file = try openRegular(path) { return file }
        } catch {
            if !error.isAbsence { throw SourceFailure(error) }
            if isLive || link(String(decoding: path, as: UTF8.self)) == nil { return nil }
            throw .dangling
        }
        throw .notRegular
    }
}

/// Why a source could not be read, or not to its end.
///
/// It has no text, so that the readers stay small.
enum SourceFailure: Error {
    /// The number of errno(3).
    case system(Int32)
    case absent, dangling, remote, noPublicKey, notRegular, tooLarge, tooMany, cut, unknownForm,
        changed
    // Texts.
    case nothing, noField, noName, noVersion, badStatus, unknownState, badRule, badAccount, badLine,
        noKey
    // Databases.
    case damagedHeader, damagedPage, damagedRow, journal, otherLog, noTable, headerTooLarge

    init(_ error: HostError) { self = .system(error.code) }

    /// In words that follow the path.
    var reason: String {
        switch self {
        case .system(let code): HostError.reason(of: code)
        case .absent: "it is not there"
        case .dangling: "it is a link that leads nowhere"
        case .remote: "it is on a network file system"
        case .noPublicKey: "it has no public key beside it"
        case .notRegular: "it is not a regular file"
        case .tooLarge: "it is too large"
        case .tooMany: "it has too many items"
        case .cut: "it is truncated"
        case .unknownForm: "its format is unknown"
        case .changed: "it was changed while it was read"
        case .nothing: "it lists nothing"
        case .noField: "it has a line that is not a field"
        case .noName: "it has an item without a name"
        case .noVersion: "it has an item without a version"
        case .badStatus: "it has a status that is not three words"
        case .unknownState: "it has a state that is not known"
        case .badRule: "it has a rule that is not understood"
        case .badAccount: "it has a line that the C library cannot use"
        case .badLine: "it has a line that is not understood"
        case .noKey: "it has no key"
        case .damagedHeader: "it has a damaged header"
        case .damagedPage: "it has a damaged page"
        case .damagedRow: "it has a damaged row"
        case .journal: "it has the journal of an unfinished transaction"
        case .otherLog: "its -wal is that of another database"
        case .noTable: "it does not have the table"
        case .headerTooLarge: "it has a header that is too large"
        }
    }
}
