import CHost
import Records
import Text

// passwd(5), group(5) and shadow(5), and JSON user records.

/// The directories in which each of these files may be. nss_altfiles: what belongs to the image of an
/// ostree system stands in /usr/lib. Ubuntu Core's users are in the third.
private let directories: [String] = ["etc/", "usr/lib/", "var/lib/extrausers/"]

extension AccessList {
    /// Reads all accounts, sorts them, and keeps the first of each name.
    /// - Returns: false if the host has no list of accounts, or none that could be read.
    @inline(never)
    mutating func readAccounts(_ tree: borrowing HostTree) -> Bool {
        var accounts: [AccountRecord] = []
        var isAny = false
        /// A passwd with no account, in which there may have been some.
        var empty: [UInt8] = []
        for directory in directories {
            let path = Array((directory + "passwd").utf8)
            guard let bytes = contents(Self.accountKinds, "passwd", path, tree) else { continue }
            isAny = true
            var lines = ColonLines(bytes)
            var failure: SourceFailure?
            while lines.advance() {
                guard lines.fields.count > 3, let uid = accountID(lines[2]),
                    let gid = accountID(lines[3])
                else {
                    failure = .badAccount
                    continue
                }
                if accounts.count >= AccessLimits.accounts {
                    failure = .tooMany
                    break
                }
                var account = AccountRecord(username: RawText(lines[0]))
                (account.uid, account.gid) = (uid, gid)
                let comment = lines[4].prefix { $0 != UInt8(ascii: ",") }
                account.description = known(Array(comment))
                account.home = known(lines[5])
                account.shell = known(lines[6])
                account.setPassword(lines[1])
                accounts.append(account)
            }
            if accounts.isEmpty && failure == nil {
                empty = path
            } else {
                finish(Self.accountKinds, "passwd", path, failure)
            }
        }
        for directory in ["etc", "run", "run/host", "usr/local/lib", "usr/lib"] {
            if readUserRecords(Array((directory + "/userdb").utf8), ".user", &accounts, tree) {
                isAny = true
            }
        }
        // systemd-homed's, which only root may read.
        if readUserRecords(ascii("var/lib/systemd/home"), ".identity", &accounts, tree) {
            isAny = true
        }
        // No host is without root: the file was lost in part, as after a loss of power.
        if !empty.isEmpty {
            finish(Self.accountKinds, "passwd", empty, accounts.isEmpty ? .nothing : nil)
        }
        sortAccounts(accounts)
        return isAny
    }

    @inline(never)
    private mutating func sortAccounts(_ accounts: [AccountRecord]) {
        var keys: [[UInt8]] = []
        for index in accounts.indices {
            keys.append(indexed(accounts[index].username.bytes, index))
        }
        sort(&keys)
        for key in keys {
            let account = accounts[Int(number(key, key.count - 3, 3))]
            if records.accounts.last?.username == account.username { continue }
            names.append(indexed(account.username.bytes, records.accounts.count))
            records.accounts.append(account)
        }
    }

    /// Reads the JSON user records of a directory, nss-systemd(8).
    /// - Returns: whether there is one.
    @inline(never)
    private mutating func readUserRecords(
        _ directory: [UInt8], _ suffix: StaticString, _ accounts: inout [AccountRecord],
        _ tree: borrowing HostTree
    ) -> Bool {
        var failure: SourceFailure?
        var isAny = false
        for name in entries(Self.accountKinds, "userdb", directory, tree) ?? [] {
            // `1000.user` is a link to that which has the name.
            let isName = name.dropLast(suffix.utf8CodeUnitCount).contains { !(0x30...0x39 ~= $0) }
            guard isName, name.hasSuffix(suffix) else { continue }
            let path = join(directory, name)
            guard
                let bytes = contents(
                    Self.accountKinds, "userdb", path, tree, limit: AccessLimits.fileBytes)
            else { continue }
            guard let userName = userName(inUserRecord: bytes) else {
                finish(Self.accountKinds, "userdb", path, .noName)
                continue
            }
            isAny = true
            if accounts.count >= AccessLimits.accounts {
                failure = .tooMany
                break
            }
            var account = AccountRecord(username: RawText(userName))
            account.uid = userIDs(inUserRecord: bytes).first
            account.gid = jsonNumber("gid", bytes) ?? account.uid
            account.description = jsonText("realName", bytes).flatMap { known($0) }
            account.home = jsonText("homeDirectory", bytes).flatMap { known($0) }
            account.shell = jsonText("shell", bytes).flatMap { known($0) }
            if choice.contains(.accounts) {
                // The hash is in a file of its own, which only root may read, or in the record.
                let secret =
                    contents(
                        .accounts, "shadow", appended(path, "-privileged"), tree,
                        limit: AccessLimits.fileBytes) ?? bytes
                account.readPassword(inUserRecord: bytes, secret)
            }
            accounts.append(account)
        }
        if isAny { finish(Self.accountKinds, "userdb", directory, failure) }
        return isAny
    }

    /// Reads the passwords' states and ages, shadow(5).
    @inline(never)
    mutating func readShadow(_ tree: borrowing HostTree) {
        // Whether a password that should be in a shadow file and is not is missing.
        var isRead = false
        var isDamaged = false
        var found = [UInt8](repeating: 0, count: records.accounts.count)
        for directory in directories {
            let path = Array((directory + "shadow").utf8)
            guard let bytes = contents(.accounts, "shadow", path, tree) else { continue }
            isRead = true
            var lines = ColonLines(bytes)
            var failure: SourceFailure?
            while lines.advance() {
                guard let ages = ShadowAges(lines) else {
                    failure = .badAccount
                    isDamaged = true
                    continue
                }
                guard let index = account(lines[0]), found[index] == 0 else { continue }
                found[index] = 1
                // That of passwd(5) is the one that counts, where there is one.
                if records.accounts[index].passwordStatus == nil {
                    records.accounts[index].setPassword(lines[1], isShadow: true)
                }
                records.accounts[index].setAge(ages)
            }
            finish(.accounts, "shadow", path, failure)
        }
        for index in records.accounts.indices {
            // pam_unix(8) accepts no password then.
            if isRead && !isDamaged && found[index] == 0 && records.accounts[index].isShadowed {
                records.accounts[index].passwordStatus = "none"
            }
            records.accounts[index].setEnabled()
        }
    }

    /// Reads the groups: those of each account, and those that make an administrator.
    @inline(never)
    mutating func readGroups(_ tree: borrowing HostTree) {
        let kinds: RecordChoice = [.accounts, .privileges]
        var isRead = false
        /// The ids of groups, each with the index of its name behind it.
        var ids: [[UInt8]] = []
        var groups: [[UInt8]] = []
        /// The index of an account and a group.
        var memberships: [[UInt8]] = []
        for directory in directories {
            let path = Array((directory + "group").utf8)
            guard let bytes = contents(kinds, "group", path, tree) else { continue }
            isRead = true
            var lines = ColonLines(bytes)
            var failure: SourceFailure?
            while lines.advance() {
                guard let gid = accountID(lines[2]) else {
                    failure = failure ?? .badAccount
                    continue
                }
                let name = lines[0]
                if groups.count >= AccessLimits.memberships {
                    failure = .tooMany
                    break
                }
                ids.append(indexed(bigEndian(Int(truncatingIfNeeded: gid)), groups.count))
                groups.append(name)
                for member in lines[3].split(separator: UInt8(ascii: ",")) {
                    if memberships.count >= AccessLimits.memberships {
                        failure = .tooMany
                        break
                    }
                    let member = Array(member.drop(while: isSpace))
                    let index = account(member)
                    if let index { memberships.append(bigEndian(index) + name) }
                    addAdministrator(member, index, name)
                }
            }
            finish(kinds, "group", path, failure)
        }
        if !isRead { return }
        sort(&ids)
        for index in records.accounts.indices {
            guard let gid = records.accounts[index].gid else { continue }
            var name: [UInt8] = []
            if let group = find(bigEndian(Int(truncatingIfNeeded: gid)), in: ids) {
                name = groups[group]
            } else {
                name.append(digitsOf: gid)
            }
            memberships.append(bigEndian(index) + name)
            addAdministrator(records.accounts[index].username.bytes, index, name)
        }
        sort(&memberships)
        for index in memberships.indices
        where index == 0 || memberships[index] != memberships[index - 1] {
            let account = Int(number(memberships[index], 0))
            let name = String(decoding: memberships[index].dropFirst(4), as: UTF8.self)
            records.accounts[account].groups = (records.accounts[account].groups ?? []) + [name]
        }
    }

    /// Adds the privilege of a group's member, unless it is the privilege of root himself.
    @inline(never)
    private mutating func addAdministrator(_ member: [UInt8], _ account: Int?, _ group: [UInt8]) {
        guard choice.contains(.privileges), isRoots(group) else { return }
        if let account, records.accounts[account].uid == 0 { return }
        add(PrivilegeRecord(subject: RawText(member), source: "group", rule: RawText(group)))
    }

    /// Adds the accounts that are root by another name.
    @inline(never)
    mutating func addAdministrators() {
        for account in records.accounts where account.uid == 0 && account.username != "root" {
            add(PrivilegeRecord(subject: account.username, source: "/etc/passwd", rule: "uid 0"))
        }
    }

    /// Adds a privilege, unless there is the same, or there are too many.
    /// - Returns: false if there are too many.
    @discardableResult
    @inline(never)
    mutating func add(_ privilege: PrivilegeRecord) -> Bool {
        if records.privileges.count >= AccessLimits.privileges { return false }
        records.privileges.append(privilege)
        return true
    }
}

/// The groups whose members are root if they like, each between blanks:
///
/// - `root`, `wheel`: su(1) with pam_wheel(8); `wheel`, `sudo` and `admin` are those that polkit(8)
///   takes for administrators as distributions have it, and sudo by its usual sudoers.
/// - `disk`: the raw devices, https://wiki.debian.org/SystemGroups.
/// - `docker`, `lxd`, `incus-admin`, `libvirt`: each runs a machine or a container that has the host's
///   disks, https://docs.docker.com/engine/install/linux-postinstall/ ("root-level privileges"),
///   https://documentation.ubuntu.com/lxd/ ("full control over LXD"),
///   https://libvirt.org/auth.html (a read-write connection is as root).
private let rootGroups: StaticString = " root wheel sudo admin disk docker lxd incus-admin libvirt "

private func isRoots(_ group: [UInt8]) -> Bool { isWord(group, of: ascii(rootGroups)) }

/// Whether a word is one of a text's, each of which is between blanks.
@inline(never)
func isWord(_ word: [UInt8], of words: [UInt8]) -> Bool {
    for start in 0..<words.count where words[start] == 0x20 {
        if byte(words, start + 1 + word.count) == 0x20, !word.contains(0x20),
            part(words, start + 1, start + 1 + word.count) == word
        {
            return true
        }
    }
    return false
}
