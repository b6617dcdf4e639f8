import Records
import Text

// The keys of SSH: which may be used to log in, and those of the host.

/// The private keys of the host that sshd_config(5) names, in its order, from the root.
/// - Parameter directory: that of the configuration: `etc/ssh`.
package func configuredHostKeys(_ directory: String, _ tree: borrowing HostTree) -> [String] {
    var list = AccessList(tree, SourceLog(), [])
    var names: [String] = []
    for key in list.configuration(Array(directory.utf8), tree).hostKeys {
        names.append(String(decoding: key, as: UTF8.self))
    }
    return names
}

extension AccessList {
    @inline(never)
    mutating func readSSH(_ tree: borrowing HostTree) {
        let configuration = configuration(ascii("etc/ssh"), tree)
        if choice.contains(.authorizedKeys) { readAuthorizedKeys(configuration.keyFiles, tree) }
        if choice.contains(.sshHostKeys) { readHostKeys(configuration.hostKeys, tree) }
    }

    /// What sshd_config(5) and the files that it includes say.
    @inline(never)
    fileprivate mutating func configuration(
        _ directory: [UInt8], _ tree: borrowing HostTree
    ) -> SSHConfiguration {
        var configuration = SSHConfiguration()
        let kinds: RecordChoice = [.authorizedKeys, .sshHostKeys]
        let usual = join(directory, ascii("sshd_config"))
        // SUSE's is in /usr/etc, unless an administrator has another.
        for path in [usual, ascii("usr/") + usual] {
            var pending = [path]
            var next = 0
            var isAny = false
            while next < pending.count {
                let path = pending[next]
                next += 1
                guard let text = contents(kinds, "sshd_config", path, tree) else { continue }
                isAny = true
                var failure = configuration.take(text)
                for pattern in configuration.includes {
                    let pattern = resolved(pattern, beside: appended(directory, "/"))
                    // A file that includes itself is read once.
                    for path in paths(pattern, kinds, "sshd_config", tree)
                    where !contains(pending, path) {
                        pending.append(path)
                    }
                }
                let isTooMuch = pending.count > AccessLimits.files
                if isTooMuch { failure = .tooMany }
                finish(kinds, "sshd_config", path, failure)
                if isTooMuch { break }
            }
            if isAny { break }
        }
        return configuration
    }

    // MARK: Keys of accounts

    /// Reads the keys of each account: from the usual files, which dropbear(8) reads too, and from
    /// those that sshd is told to read, of any of its conditions.
    @inline(never)
    private mutating func readAuthorizedKeys(_ patterns: [[UInt8]], _ tree: borrowing HostTree) {
        // A server that is gone would keep the reader waiting for ever, and automount(8) would mount it.
        let mounts = tree.isLive ? tree.contents("proc/self/mounts") : nil
        let remote = remoteMounts(mounts ?? [])
        for index in records.accounts.indices {
            let account = records.accounts[index]
            var paths: [[UInt8]] = []
            for pattern in patterns {
                guard let path = keyFile(pattern, of: account), !contains(paths, path) else {
                    continue
                }
                paths.append(path)
            }
            // OpenWrt's.
            if account.uid == 0 { paths.append(ascii("etc/dropbear/authorized_keys")) }
            for path in paths {
                if isBelow(path, remote) {
                    finish(.authorizedKeys, "openssh", path, .remote)
                    continue
                }
                let bytes = contents(
                    .authorizedKeys, "openssh", path, tree, limit: AccessLimits.fileBytes)
                if let bytes { readKeys(bytes, path, account.username) }
            }
        }
    }

    @inline(never)
    private mutating func readKeys(_ bytes: [UInt8], _ path: [UInt8], _ username: RawText) {
        var lines = Lines(bytes)
        var failure: SourceFailure?
        while lines.advance() {
            guard let key = SSHKey(line: lines.line) else {
                // What is no key is none to sshd, either; but a NUL was never written.
                if lines.line.contains(0) { failure = .badLine }
                continue
            }
            if records.authorizedKeys.count >= AccessLimits.accounts {
                failure = .tooMany
                break
            }
            var record = AuthorizedKeyRecord(
                fingerprint: key.fingerprint, username: username, algorithm: key.algorithm)
            record.options = known(key.options)
            record.comment = known(key.comment)
            record.path = absolute(path)
            records.authorizedKeys.append(record)
        }
        finish(.authorizedKeys, "openssh", path, failure)
    }

    /// A path from the root, of `AuthorizedKeysFile` of sshd_config(5), for an account.
    /// - Returns: nil if it needs a home that is unknown.
    @inline(never)
    private func keyFile(_ pattern: [UInt8], of account: AccountRecord) -> [UInt8]? {
        let percent = UInt8(ascii: "%")
        let slash = UInt8(ascii: "/")
        let home = account.home?.bytes
        var pattern = pattern
        var path: [UInt8] = []
        // `~` is the home of who runs sshd, root, and `~anna` is anna's.
        if pattern.first == UInt8(ascii: "~") {
            var end = 1
            while end < pattern.count, pattern[end] != slash { end += 1 }
            let name = end == 1 ? ascii("root") : part(pattern, 1, end)
            guard let index = self.account(name), let other = records.accounts[index].home else {
                return nil
            }
            path = other.bytes
            pattern = part(pattern, end, pattern.count)
        }
        var isToken = false
        for byte in pattern {
            if isToken {
                switch byte {
                case UInt8(ascii: "h"):
                    guard let home else { return nil }
                    path += home
                case UInt8(ascii: "u"): path += account.username.bytes
                case UInt8(ascii: "U"): path.append(digitsOf: account.uid ?? 0)
                default: append(byte, to: &path)
                }
                isToken = false
            } else if byte == percent {
                isToken = true
            } else {
                append(byte, to: &path)
            }
        }
        if path.first != slash {
            guard let home else { return nil }
            path = home + [slash] + path
        }
        // One name for one file: `//a` is `a`.
        var result: [UInt8] = []
        for byte in path where byte != slash || result.last ?? slash != slash {
            append(byte, to: &result)
        }
        return result
    }

    // MARK: Keys of the host

    /// Reads the public keys beside the host's private ones.
    @inline(never)
    private mutating func readHostKeys(_ configured: [[UInt8]], _ tree: borrowing HostTree) {
        let directory = ascii("etc/ssh")
        var paths: [[UInt8]] = []
        if let names = entries(.sshHostKeys, "openssh", directory, tree) {
            for name in names where has(name, 0, "ssh_host_") {
                let name = name.hasSuffix(".pub") ? part(name, 0, name.count - 4) : name
                if name.hasSuffix("_key") { paths.append(join(directory, name)) }
            }
            finish(.sshHostKeys, "openssh", directory, nil)
        }
        for path in configured { paths.append(path) }
        var seen: [[UInt8]] = []
        for path in paths where !contains(seen, path) {
            if seen.count >= AccessLimits.files { break }
            seen.append(path)
            let file = appended(path, ".pub")
            let bytes = contents(
                .sshHostKeys, "openssh", file, tree, limit: AccessLimits.fileBytes)
            if let bytes {
                var lines = Lines(bytes)
                var failure: SourceFailure? = .noKey
                while lines.advance() {
                    guard let key = SSHKey(line: lines.line) else { continue }
                    failure = nil
                    records.hostKeys.append(
                        SSHHostKeyRecord(algorithm: key.algorithm, fingerprint: key.fingerprint))
                    break
                }
                finish(.sshHostKeys, "openssh", file, failure)
            } else if tree.exists(String(decoding: path, as: UTF8.self)),
                !tree.exists(String(decoding: file, as: UTF8.self))
            {
                finish(.sshHostKeys, "openssh", path, .noPublicKey)
            }
        }
    }
}

/// Where file systems of the network are mounted, from the root, and where automount(8) would mount
/// one, in the mounts of proc_pid_mounts(5).
@inline(never)
func remoteMounts(_ mounts: [UInt8]) -> [[UInt8]] {
    let types = ascii(
        """
         9p afs autofs beegfs ceph cifs coda fuse.glusterfs fuse.sshfs glusterfs lustre nfs nfs4 \
        smb3 smbfs\u{20}
        """)
    var paths: [[UInt8]] = []
    var lines = Lines(mounts)
    while lines.advance() {
        // The type is the third word; blanks in a path are written in octal.
        let words = configurationWords(lines.line)
        if words.count > 2, isWord(words[2], of: types), !isWord(words[1], of: ascii(" / ")) {
            paths.append(resolved(words[1], beside: []))
        }
    }
    return paths
}

/// Whether a path is one of these directories, or in one of them.
@inline(never)
func isBelow(_ path: [UInt8], _ directories: [[UInt8]]) -> Bool {
    for directory in directories where path.starts(with: directory) {
        if path.count == directory.count || path[directory.count] == UInt8(ascii: "/") {
            return true
        }
    }
    return false
}
