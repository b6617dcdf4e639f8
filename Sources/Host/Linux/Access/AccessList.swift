package import Records
import Text

/// Reads the accounts, privileges and keys of a host and nothing else, as the fuzzer does thousands
/// of times.
/// - Returns: the records, and the sources that could not be read to their end.
package func readAccess(
    _ tree: borrowing HostTree, choice: RecordChoice = .all
) -> (AccessRecords, failures: [String]) {
    let log = SourceLog()
    return (AccessList(tree, log, choice).records, log.failed)
}

/// Who may log in to a host, who is its administrator, and the keys of SSH.
package struct AccessRecords: Sendable {
    /// By name.
    package internal(set) var accounts: [AccountRecord] = []
    /// Those of sudo, of doas, of groups, then the accounts with the user id 0.
    package internal(set) var privileges: [PrivilegeRecord] = []
    /// By account, then in the order of the files.
    package internal(set) var authorizedKeys: [AuthorizedKeyRecord] = []
    /// In the order of the files' names.
    package internal(set) var hostKeys: [SSHHostKeyRecord] = []

    /// Gives all records to the sink, in the order of the format.
    @inline(never)
    func yield(to sink: inout some RecordSink & ~Copyable) {
        for account in accounts { sink.add(account) }
        for privilege in privileges { sink.add(privilege) }
        for key in authorizedKeys { sink.add(key) }
        for key in hostKeys { sink.add(key) }
    }
}

/// The bounds of the work and the memory that a host's files can cause.
enum AccessLimits {
    /// Accounts of a host, and keys of all of them.
    static let accounts = 100_000
    /// Memberships in groups.
    static let memberships = 1_000_000
    /// Rules that are kept.
    static let privileges = 10_000
    /// Bytes of all files together.
    static let bytes = 256 << 20
    /// Bytes of a file that belongs to one account.
    static let fileBytes = 1 << 20
    /// Bytes of a list of accounts or groups: 100,000 accounts have some 8 MB.
    static let listBytes = 16 << 20
    /// Files of sudo, and of sshd's configuration.
    static let files = 1024
}

/// The reader of all files that say who may do what.
///
/// The accounts are read for each of the kinds but the host's keys: the others need their homes, user
/// ids and groups.
struct AccessList: ~Copyable {
    var records = AccessRecords()
    let choice: RecordChoice
    private let log: SourceLog
    private var bytesLeft = AccessLimits.bytes
    /// The names of the accounts, each with a NUL and its index behind it, sorted.
    var names: [[UInt8]] = []

    init(_ tree: borrowing HostTree, _ log: SourceLog, _ choice: RecordChoice) {
        self.log = log
        self.choice = choice
        if !choice.isDisjoint(with: Self.accountKinds) {
            let hasAccounts = readAccounts(tree)
            if hasAccounts && choice.contains(.accounts) {
                readShadow(tree)
                readLastLogins(tree)
            }
            if choice.contains(.privileges) { readRules(tree) }
            // Groups are facts of accounts, and privileges.
            if hasAccounts || choice.contains(.privileges) { readGroups(tree) }
            if choice.contains(.privileges) { addAdministrators() }
            if records.privileges.count >= AccessLimits.privileges {
                finish(.privileges, "group", ascii("etc/group"), .tooMany)
            }
        }
        if !choice.isDisjoint(with: [.authorizedKeys, .sshHostKeys]) { readSSH(tree) }
        if !choice.contains(.accounts) { records.accounts = [] }
    }

    /// The kinds for which the accounts are read.
    static let accountKinds: RecordChoice = [.accounts, .privileges, .authorizedKeys]

    /// Names a source that was read, or why it was not read to its end, for each of these kinds that
    /// was chosen.
    @inline(never)
    func finish(
        _ kinds: RecordChoice, _ source: String, _ path: [UInt8], _ failure: SourceFailure?
    ) {
        let path = String(decoding: path, as: UTF8.self)
        let kinds = kinds.intersection(choice)
        if kinds.contains(.accounts) { log.add("account " + source, path, failure) }
        if kinds.contains(.privileges) { log.add("privilege " + source, path, failure) }
        if kinds.contains(.authorizedKeys) { log.add("authorized_key " + source, path, failure) }
        if kinds.contains(.sshHostKeys) { log.add("ssh_host_key " + source, path, failure) }
    }

    /// All of a file.
    /// - Returns: nil if there is none; also if it cannot be read, which is then named.
    @inline(never)
    mutating func contents(
        _ kinds: RecordChoice, _ source: String, _ path: [UInt8], _ tree: borrowing HostTree,
        limit: Int = AccessLimits.listBytes
    ) -> [UInt8]? {
        do throws(SourceFailure) {
            guard let file = try tree.openSource(path) else { return nil }
            let most = min(limit, bytesLeft)
            let bytes: [UInt8]
            do throws(HostError) { bytes = try file.beginning(count: most + 1) } catch {
                throw SourceFailure(error)
            }
            if bytes.count > most { throw .tooLarge }
            // An empty file takes work as well.
            bytesLeft -= max(bytes.count, 64)
            return bytes
        } catch {
            finish(kinds, source, path, error)
            return nil
        }
    }

    /// The names in a directory, sorted; but hidden ones, unless they are wanted.
    /// - Returns: nil if there is none; also if it cannot be listed, which is then named.
    @inline(never)
    func entries(
        _ kinds: RecordChoice, _ source: String, _ path: [UInt8], _ tree: borrowing HostTree,
        hidden: Bool = false
    ) -> [[UInt8]]? {
        do throws(HostError) {
            var names: [[UInt8]] = []
            for entry in try tree.directory(String(decoding: path, as: UTF8.self)).entries()
            where hidden || entry.bytes.first != UInt8(ascii: ".") {
                names.append(entry.bytes)
            }
            sort(&names)
            return names
        } catch {
            if !error.isAbsence { finish(kinds, source, path, SourceFailure(error)) }
            return nil
        }
    }

    /// The index of the account of this name; nil if there is none.
    @inline(never)
    func account(_ name: [UInt8]) -> Int? { find(name, in: names) }
}

/// A text with an index behind it, for `find`.
@inline(never)
func indexed(_ text: [UInt8], _ index: Int) -> [UInt8] {
    text + bigEndian(index & 0xFF_FFFF)
}

/// A number in 4 bytes.
@inline(never)
func bigEndian(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: number >> (24 - 8 * index))) }
    return bytes
}

/// The index that stands behind a text in one of the sorted keys, which `indexed` made; the least if
/// there are several.
@inline(never)
func find(_ text: [UInt8], in keys: [[UInt8]]) -> Int? {
    var (low, high) = (0, keys.count)
    while low < high {
        let middle = (low + high) / 2
        if compare(keys[middle], text) < 0 { low = middle + 1 } else { high = middle }
    }
    guard low < keys.count, keys[low].count == text.count + 4, keys[low].starts(with: text)
    else { return nil }
    return Int(number(keys[low], text.count + 1, 3))
}

/// The path of a file as records have it.
@inline(never)
func absolute(_ path: [UInt8]) -> RawText { RawText([UInt8(ascii: "/")] + path) }
